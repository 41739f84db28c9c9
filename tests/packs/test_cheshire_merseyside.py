"""The whole of Cheshire and Merseyside, loaded from published files: areas, people, codes.

What the service serves is held against the same files read here by other means. The region is
loaded once a run; the other files of this name share it.
"""

import asyncio
import csv
import fcntl
import gzip
import io
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from app.core.database import Database, DatabaseAddress
from app.core.settings import Settings
from app.packs.finding import Shelves
from app.packs.service import load_pack
from tests.conftest import (
    EMPTY,
    PROJECT,
    clone,
    drop,
    ignore_progress,
    open_client,
    open_shuffled,
)

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("cheshire-merseyside")]

PACK = PROJECT / "data/packs/cheshire-merseyside"
TEMPLATE = "template_cheshire_merseyside"
SHARED = "shared_cheshire_merseyside"
LARGEST_PAGE = 1000

AUTHORITIES = {
    "E06000006": ("Halton", 80),
    "E06000007": ("Warrington", 132),
    "E06000049": ("Cheshire East", 244),
    "E06000050": ("Cheshire West and Chester", 222),
    "E08000011": ("Knowsley", 100),
    "E08000012": ("Liverpool", 302),
    "E08000013": ("St. Helens", 121),
    "E08000014": ("Sefton", 191),
    "E08000015": ("Wirral", 209),
}
"""The nine, each with its neighbourhoods of 2021."""

ICB = "E54000008"
SETS = {
    ("lsoa", 2011): 1562,
    ("lsoa", 2021): 1601,
    ("msoa", 2011): 323,
    ("msoa", 2021): 325,
    ("ward", 2025): 278,
    ("authority", 2024): 9,
    ("icb", 2024): 1,
}


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a plain or compressed CSV file, read without the service's reader."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def load_region(address: DatabaseAddress, realdata: Path) -> None:
    """Load the pack as `hereabouts pack load` does with this mirror."""
    database = Database(address, pool_size=0)
    try:
        await load_pack(database, PACK, ignore_progress, Shelves(mirror=realdata))
    finally:
        await database.close()


@pytest.fixture(scope="session")
def region_template(
    server: DatabaseAddress, realdata: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a database with the region; loaded once a run, whoever asks first."""
    lock = tmp_path_factory.getbasetemp().parent / f"{TEMPLATE}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with psycopg.connect(server.with_name("postgres").for_libpq) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            made = connection.execute(query, [SHARED]).fetchone()
        if not made:
            unfinished = clone(server, EMPTY, f"{TEMPLATE}_{uuid.uuid4().hex}")
            asyncio.run(load_region(unfinished, realdata))
            clone(server, unfinished.name, TEMPLATE)
            clone(server, unfinished.name, SHARED)
            drop(server, unfinished.name)
    return TEMPLATE


@pytest.fixture(scope="session")
def region(server: DatabaseAddress, region_template: str) -> DatabaseAddress:
    """The database with the region that all these tests read; none may write to it."""
    assert region_template
    return server.with_name(SHARED)


@pytest.fixture
def own_region(server: DatabaseAddress, region_template: str) -> Iterator[DatabaseAddress]:
    """A database of this test's own with the region loaded."""
    name = f"test_{uuid.uuid4().hex}"
    yield clone(server, region_template, name)
    drop(server, name)


@pytest.fixture
async def api(region: DatabaseAddress, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application with the region loaded."""
    database = open_shuffled(region)
    async with open_client(database, settings) as opened:
        yield opened
    await database.close()


@pytest.fixture
def table(region: DatabaseAddress) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection that reads the tables beneath the service."""
    with psycopg.connect(region.for_libpq) as connection:
        connection.execute("SET default_transaction_read_only = on")
        connection.commit()
        yield connection


async def get(api: httpx.AsyncClient, path: str, **asked: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the service's answer to a question it must be able to answer."""
    answer = await api.get(f"/api/v1/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refuse(api: httpx.AsyncClient, path: str, **asked: Any) -> str:  # noqa: ANN401 - any
    """Return the sentence by which the service says that there is no such thing."""
    answer = await api.get(f"/api/v1/{path}", params=asked)
    assert answer.status_code == 404, answer.text
    return str(answer.json()["detail"])


async def walk(api: httpx.AsyncClient, path: str, **asked: Any) -> list[Any]:  # noqa: ANN401 - any
    """Return the items of all pages of a list, which must be as many as the list says."""
    items: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = await get(api, path, **asked, **cursor, limit=LARGEST_PAGE)
        items += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(items) == page["total"]
    return items


async def read_rows(
    api: httpx.AsyncClient,
    code: str,
    area_type: str,
    **asked: Any,  # noqa: ANN401 - parameters of the API
) -> dict[str, dict[str, Any]]:
    """Return the rows of an indicator by area code."""
    rows = await walk(api, f"indicators/{code}/rows", area_type=area_type, **asked)
    by_code = {row["code"]: row for row in rows}
    assert len(by_code) == len(rows)
    return by_code


async def read_values(
    api: httpx.AsyncClient,
    code: str,
    area_type: str,
    **asked: Any,  # noqa: ANN401 - parameters of the API
) -> dict[str, float]:
    """Return the values of an indicator by area code; there must be one for each area."""
    rows = await read_rows(api, code, area_type, **asked)
    return {area: row["value"] for area, row in rows.items()}


async def find_parents(
    api: httpx.AsyncClient, area_type: str, year: int, parent: str = "authority"
) -> dict[str, str]:
    """Return by code of an area the code of the larger area that it is said to belong to."""
    areas = await walk(api, "areas", type=area_type, boundary_year=year)
    return {area["code"]: area["parents"][parent]["code"] for area in areas}


@pytest.mark.parametrize(("area_type", "year"), SETS)
async def test_every_outline_of_the_files_is_served_once_and_nothing_else(
    api: httpx.AsyncClient, realdata: Path, area_type: str, year: int
) -> None:
    areas = await walk(api, "areas", type=area_type, boundary_year=year)
    codes = [area["code"] for area in areas]
    assert len(codes) == SETS[area_type, year]
    assert [area["gid"] for area in areas] == list(range(1, len(codes) + 1))
    if area_type == "authority":
        assert {area["code"]: area["name"] for area in areas} == {
            code: name for code, (name, _) in AUTHORITIES.items()
        }
    elif area_type == "icb":
        assert codes == [ICB]
    else:
        path = realdata / f"boundaries/{area_type}{year}_cheshire_merseyside.geojson.gz"
        column = {"lsoa": "LSOA", "msoa": "MSOA", "ward": "WD"}[area_type] + f"{year % 100}CD"
        with gzip.open(path, "rt") as file:
            text = file.read()
        assert all(f'"{code}"' in text for code in codes)
        assert text.count(f'"{column}"') == len(codes)


async def test_neighbourhoods_belong_to_the_authorities_that_the_official_lookups_name(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    ours = await find_parents(api, "lsoa", 2021)
    rows = read_csv(realdata / "lookups/lookup_lsoa21_ward24_ltla24.csv.gz")
    official = {row["lsoa21_code"]: row["ltla24_code"] for row in rows}
    assert ours == {code: official[code] for code in ours}
    assert Counter(ours.values()) == {code: count for code, (_, count) in AUTHORITIES.items()}
    old = await find_parents(api, "lsoa", 2011)
    rows = read_csv(realdata / "lookups/lookup_lsoa11_sicbl22_icb22_ltla22.csv.gz")
    official = {row["lsoa11_code"]: row["ltla22_code"] for row in rows}
    assert old == {code: official[code] for code in old}
    assert set(old) == {code for code, authority in official.items() if authority in AUTHORITIES}


async def test_people_are_the_files_people_at_every_level(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    census: Counter[str] = Counter()
    for row in read_csv(realdata / "population/census2021_population_broad_age_lsoa21.csv.gz"):
        census[row["lsoa21_code"]] += int(row["usual_residents"])
    rows = read_csv(realdata / "population/mid2020_population_single_year_lsoa11.csv.gz")
    mid_2020 = {row["lsoa11_code"]: int(row["total_population"]) for row in rows}
    people = {
        key: {
            area["code"]: area["people"]
            for area in await walk(api, "areas", type=key[0], boundary_year=key[1])
        }
        for key in SETS
    }
    assert people["lsoa", 2021] == {code: census[code] for code in people["lsoa", 2021]}
    assert people["lsoa", 2011] == {code: mid_2020[code] for code in people["lsoa", 2011]}
    for key, held in people.items():
        assert sum(held.values()) == (2_503_902 if key[1] == 2011 else 2_518_728), key
    for area_type, year, parent in (
        ("lsoa", 2021, "authority"),
        ("lsoa", 2021, "ward"),
        ("lsoa", 2021, "msoa"),
        ("lsoa", 2021, "icb"),
        ("lsoa", 2011, "msoa"),
    ):
        sums: Counter[str] = Counter()
        for code, larger in (await find_parents(api, area_type, year, parent)).items():
            sums[larger] += people[area_type, year][code]
        newest = {"authority": 2024, "ward": 2025, "icb": 2024}.get(parent, year)
        assert sums == people[parent, newest]


async def test_ages_add_up_to_the_people(table: psycopg.Connection[tuple[Any, ...]]) -> None:
    query = """
        SELECT count(*) FROM areas JOIN LATERAL (
            SELECT sum(people) AS total FROM area_populations WHERE area_id = areas.id
        ) AS bands ON true WHERE total IS DISTINCT FROM people"""
    assert table.execute(query).fetchone() == (0,)


async def test_every_neighbourhood_has_every_index_of_its_own_year_and_no_other(
    api: httpx.AsyncClient,
) -> None:
    counted: Counter[int] = Counter()
    for indicator in await walk(api, "indicators"):
        levels = [level for level in indicator["levels"] if level["area_type"] == "lsoa"]
        if indicator["topic"] != "Deprivation" and "imd" not in indicator["code"]:
            continue
        (level,) = levels
        year = 2011 if "2019" in indicator["code"] else 2021
        assert level["boundary_year"] == year, indicator["code"]
        held = (level["value_count"], level["missing_count"], level["suppressed_count"])
        assert held == (SETS["lsoa", year], 0, 0), indicator["code"]
        counted[year] += 1
    assert counted == {2011: 30, 2021: 42}


async def test_no_value_belongs_to_an_area_that_is_not_there(
    table: psycopg.Connection[tuple[Any, ...]],
) -> None:
    strays = """
        SELECT count(*) FROM indicator_values AS v
        JOIN indicator_series AS s ON s.id = v.series_id
        LEFT JOIN areas AS a ON a.boundary_set_id = s.boundary_set_id AND a.gid = v.gid
        WHERE a.id IS NULL"""
    assert table.execute(strays).fetchone() == (0,)
    counts = """
        SELECT count(*) FROM indicator_series AS s WHERE s.value_count <> (
            SELECT count(*) FROM indicator_values AS v
            JOIN areas AS a ON a.boundary_set_id = s.boundary_set_id AND a.gid = v.gid
            WHERE v.series_id = s.id AND a.in_study_area AND v.value IS NOT NULL)"""
    assert table.execute(counts).fetchone() == (0,)
