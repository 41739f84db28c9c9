"""The Indices of Deprivation of the region against what the ministry publishes for authorities.

The weights of 2019 are published (File 6), so that the averages of 2019 must be the published ones
to rounding. Those of 2025 are not at hand: the service weights by the census, says so, and differs;
nothing is tuned until it agrees.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import openpyxl
import psycopg
import pytest

from app.core.database import Database, DatabaseAddress
from app.packs.finding import Shelves
from app.packs.manifest import PackProblem, list_manifest_files
from app.packs.service import load_pack
from tests.conftest import ignore_progress
from tests.packs import test_cheshire_merseyside as whole
from tests.packs.test_cheshire_merseyside import (
    AUTHORITIES,
    PACK,
    find_parents,
    read_csv,
    read_values,
    refuse,
)

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("cheshire-merseyside")]

region_template, region, own_region = whole.region_template, whole.region, whole.own_region
api = whole.api

NEIGHBOURHOODS = {2019: 32_844, 2025: 33_755}
WEIGHTS = {
    "income": 0.225,
    "employment": 0.225,
    "education": 0.135,
    "health": 0.135,
    "crime": 0.093,
    "barriers": 0.093,
    "environment": 0.093,
}


def read_file_10(realdata: Path, sheet: str) -> dict[str, dict[str, Any]]:
    """Return a sheet of the authority summaries of 2019 by code; headers without end blanks."""
    (path,) = realdata.glob("deprivation/imd2019_File_10*.xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    rows = book[sheet].iter_rows(values_only=True)
    header = [str(cell).strip() for cell in next(rows)]
    found = {str(row[0]): dict(zip(header, row, strict=True)) for row in rows if row[0]}
    book.close()
    assert len(found) == 317
    return found


def read_file_1(realdata: Path) -> dict[str, tuple[Any, Any]]:
    """Return rank and decile of the index of 2019 by code of neighbourhood."""
    (path,) = realdata.glob("deprivation/imd2019_File_1_-_*.xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    rows = book[book.sheetnames[-1]].iter_rows(values_only=True)
    found = {str(row[0]): (row[4], row[5]) for row in rows}
    book.close()
    return found


def read_summaries_2025(realdata: Path) -> dict[str, dict[str, str]]:
    """Return the authority summaries of 2025 by code."""
    rows = read_csv(realdata / "deprivation/imd2025_england_la_summaries.csv")
    assert len(rows) == 296
    return {row["ltla24_code"]: row for row in rows}


def average(
    values: dict[str, float], weights: dict[str, float], parents: dict[str, str]
) -> dict[str, float]:
    """Return the weighted mean of each larger area, plainly added up."""
    above: dict[str, float] = defaultdict(float)
    below: dict[str, float] = defaultdict(float)
    for code, value in values.items():
        above[parents[code]] += weights[code] * value
        below[parents[code]] += weights[code]
    return {code: above[code] / below[code] for code in above}


def compare(ours: dict[str, float], theirs: dict[str, Any]) -> list[float]:
    """Return how far each of the nine authorities is from what is published."""
    assert set(ours) == set(AUTHORITIES)
    return [abs(ours[code] - float(theirs[code])) for code in AUTHORITIES]


def combine(ranks: Iterable[tuple[str, float]], count: int) -> float:
    """Return the index from the ranks of its domains, as the ministry's technical report has it."""
    total = 0.0
    for domain, rank in ranks:
        share = (count - rank + 1) / count
        total += WEIGHTS[domain] * -23 * math.log(1 - share * (1 - math.exp(-100 / 23)))
    return total


@pytest.mark.parametrize(
    ("code", "sheet", "scale", "allowed"),
    [
        ("imd_2019_score", "IMD", 1, 0.001),
        # Published per neighbourhood in whole thousandths, at hand in tenths of a per cent: both
        # ends are rounded to 0.0005.
        ("imd_income_2019_share", "Income", 100, 0.001),
        ("imd_employment_2019_share", "Employment", 100, 0.001),
    ],
)
async def test_averages_of_2019_are_the_published_ones(
    api: httpx.AsyncClient, realdata: Path, code: str, sheet: str, scale: int, allowed: float
) -> None:
    published = read_file_10(realdata, sheet)
    theirs = {area: row[f"{sheet} - Average score"] for area, row in published.items()}
    served = await read_values(api, code, "authority")
    differences = compare({area: value / scale for area, value in served.items()}, theirs)
    assert max(differences) <= allowed
    assert all(round(served[area] / scale, 3) == theirs[area] for area in AUTHORITIES)


@pytest.mark.parametrize(
    ("domain", "sheet", "weights", "allowed"),
    [
        ("", "IMD", "imd_2019_people", 0.14),
        ("income_", "Income", "imd_2019_people", 0.14),
        ("health_", "Health", "imd_2019_people", 0.14),
        # Of people of working age, as employment is counted; the ministry's weights have decimals.
        ("employment_", "Employment", "imd_2019_working_age", 0.5),
    ],
)
async def test_average_ranks_of_2019_follow_from_the_ranks_and_people_served(
    api: httpx.AsyncClient, realdata: Path, domain: str, sheet: str, weights: str, allowed: float
) -> None:
    ranks = await read_values(api, f"imd_{domain}2019_rank", "lsoa")
    people = await read_values(api, weights, "lsoa")
    parents = await find_parents(api, "lsoa", 2011)
    turned = {area: NEIGHBOURHOODS[2019] + 1 - rank for area, rank in ranks.items()}
    published = read_file_10(realdata, sheet)
    (title,) = [each for each in published["E06000006"] if each.endswith(" - Average rank")]
    theirs = {area: row[title] for area, row in published.items()}
    assert max(compare(average(turned, people, parents), theirs)) <= allowed


async def test_ranks_of_authorities_keep_the_published_order_and_the_worst_tenth_its_share(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    published = read_file_10(realdata, "IMD")
    served = await read_values(api, "imd_2019_rank", "authority")
    assert sorted(served.values()) == list(range(1, 10))
    by_ours = sorted(AUTHORITIES, key=lambda area: served[area])
    among_317 = [published[area]["IMD - Rank of average score"] for area in by_ours]
    assert among_317 == sorted(among_317)
    assert among_317 == [2, 3, 23, 26, 42, 58, 148, 161, 216]
    deciles = await read_values(api, "imd_2019_decile", "lsoa")
    parents = await find_parents(api, "lsoa", 2011)
    worst = {area: float(decile == 1) for area, decile in deciles.items()}
    shares = average(worst, dict.fromkeys(worst, 1.0), parents)
    title = "IMD - Proportion of LSOAs in most deprived 10% nationally"
    theirs = {area: row[title] for area, row in published.items()}
    assert max(compare(shares, theirs)) <= 0.00005 + 1e-9


async def test_averages_of_2025_differ_by_the_weights_at_hand_and_no_more(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    theirs = {area: row["imd_average_score"] for area, row in read_summaries_2025(realdata).items()}
    served = await read_values(api, "imd_2025_score", "authority")
    differences = compare(served, theirs)
    # As measured; smaller would mean other weights, and those have to be named.
    assert median(differences) == pytest.approx(0.0272, abs=0.0005)
    assert max(differences) == pytest.approx(0.2023, abs=0.0005)
    assert differences[0] == max(differences)  # Halton
    by_ours = sorted(AUTHORITIES, key=lambda area: -served[area])
    assert by_ours == sorted(AUTHORITIES, key=lambda area: -float(theirs[area]))
    parents = await find_parents(api, "lsoa", 2021)
    areas = await whole.walk(api, "areas", type="lsoa", boundary_year=2021)
    people = {area["code"]: float(area["people"]) for area in areas}
    scores = await read_values(api, "imd_2025_score", "lsoa")
    assert served == pytest.approx(average(scores, people, parents), abs=1e-9)


def test_averages_of_2025_with_census_weights_over_the_whole_of_england(realdata: Path) -> None:
    people: dict[str, float] = defaultdict(float)
    for row in read_csv(realdata / "population/census2021_population_broad_age_lsoa21.csv.gz"):
        people[row["lsoa21_code"]] += float(row["usual_residents"])
    rows = read_csv(realdata / "lookups/lookup_lsoa21_ward24_ltla24.csv.gz")
    parents = {row["lsoa21_code"]: row["ltla24_code"] for row in rows}
    rows = read_csv(realdata / "deprivation/imd2025_england_lsoa21.csv.gz")
    scores = {row["lsoa21_code"]: float(row["IMD_score"]) for row in rows}
    published = read_summaries_2025(realdata)
    worked_out = average(scores, people, parents)
    assert set(worked_out) == set(published)
    differences = sorted(
        abs(value - float(published[area]["imd_average_score"]))
        for area, value in worked_out.items()
    )
    assert median(differences) == pytest.approx(0.0293, abs=0.0005)
    assert max(differences) == pytest.approx(0.3445, abs=0.0005)  # the City of London
    assert differences[int(0.9 * len(differences))] == pytest.approx(0.095, abs=0.002)


@pytest.mark.parametrize(
    ("domain", "column", "allowed"),
    [
        ("income", "income", 0.002),
        ("employment", "employment", 0.002),
        ("education", "education_skills_and_training", 0.21),
        ("health", "health_deprivation_and_disability", 0.009),
        ("crime", "crime", 0.009),
        ("barriers", "barriers_to_housing_and_services", 0.05),
        ("environment", "living_environment", 0.07),
    ],
)
async def test_domains_of_2025_are_as_near_as_the_weights_allow(
    api: httpx.AsyncClient, realdata: Path, domain: str, column: str, allowed: float
) -> None:
    theirs = {
        area: row[f"{column}_average_score"] for area, row in read_summaries_2025(realdata).items()
    }
    served = await read_values(api, f"imd_{domain}_2025_score", "authority")
    if domain in {"income", "employment"}:  # served in per cent, published as shares
        served = {area: value / 100 for area, value in served.items()}
    assert max(compare(served, theirs)) <= allowed


@pytest.mark.parametrize(("year", "allowed"), [(2025, 0.0008), (2019, 0.0013)])
async def test_the_index_can_be_rebuilt_from_the_served_ranks_of_its_domains(
    api: httpx.AsyncClient, year: int, allowed: float
) -> None:
    scores = await read_values(api, f"imd_{year}_score", "lsoa")
    ranks = {
        domain: await read_values(api, f"imd_{domain}_{year}_rank", "lsoa") for domain in WEIGHTS
    }
    for area, score in scores.items():
        of_area = [(domain, held[area]) for domain, held in ranks.items()]
        assert combine(of_area, NEIGHBOURHOODS[year]) == pytest.approx(score, abs=allowed), area


async def test_scores_and_ranks_served_are_those_of_the_files(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    rows = read_csv(realdata / "deprivation/imd2025_england_lsoa21.csv.gz")
    by_code = {row["lsoa21_code"]: row for row in rows}
    for code, column in (
        ("imd_2025_score", "IMD_score"),
        ("imd_2025_rank", "IMD_rank"),
        ("imd_2025_decile", "IMD_decile"),
        ("imd_barriers_2025_score", "Housing_and_Services_score"),
        ("imd_environment_2025_rank", "Environment_rank"),
    ):
        served = await read_values(api, code, "lsoa")
        assert served == {area: float(by_code[area][column]) for area in served}
    file_1 = read_file_1(realdata)
    ranks = await read_values(api, "imd_2019_rank", "lsoa")
    deciles = await read_values(api, "imd_2019_decile", "lsoa")
    assert {area: (ranks[area], deciles[area]) for area in ranks} == {
        area: file_1[area] for area in ranks
    }


@pytest.mark.parametrize(
    ("code", "area_type", "year"),
    [
        ("imd_2019_score", "lsoa", 2021),
        ("imd_2025_score", "lsoa", 2011),
        ("imd_2019_score", "msoa", 2021),
        ("imd_2025_score", "msoa", 2011),
    ],
)
async def test_the_index_of_one_year_is_refused_for_outlines_of_the_other(
    api: httpx.AsyncClient, code: str, area_type: str, year: int
) -> None:
    for path in (f"indicators/{code}/rows", f"indicators/{code}/values"):
        said = await refuse(api, path, area_type=area_type, boundary_year=year)
        assert str(year) in said
        assert "Index of Multiple Deprivation" in said
    said = await refuse(api, f"indicators/{code}/rows", area_type="lsoa", boundary_year=2016)
    assert "Held: 2011, 2021" in said


def write_misdated(packs: Path, year: int, wrong_year: int) -> Path:
    """Write the pack cut down to both sets of neighbourhoods and one index, misdated.

    Returns:
        The folder of the pack, beside the folders that it includes from.
    """
    for path in list_manifest_files(PACK):
        head, *blocks = path.read_text().split("\n[")
        kept = [misdate(block, year, wrong_year) for block in blocks if is_wanted(block, year)]
        folder = packs / path.parent.name
        folder.mkdir(exist_ok=True)
        (folder / path.name).write_text("\n[".join([head, *kept]))
    return packs / PACK.name


def is_wanted(block: str, year: int) -> bool:
    """Whether a block of the manifest is needed by the index of that boundary year."""
    title = block.split("]", maxsplit=1)[0]
    if title == "[boundaries":
        is_derived = "\nmargin" in block or "\ndissolve" in block
        return 'area_type = "lsoa"' in block and not is_derived
    if title == "[indicators":
        wanted = {
            2011: ("imd_2019_{kind}", "imd_2019_score", "imd_2019_{code}"),
            2021: ("{code}_2025_rank", "{code}_2025_score"),
        }
        return any(f'code = "{code}"' in block for code in wanted[year])
    first = title.lstrip("[").split(".")[0]
    return first in {"sources", "study_area", "country", "area_types", "populations"}


def misdate(block: str, year: int, wrong_year: int) -> str:
    """Return the block with another boundary year, if it is the one of the ranks."""
    is_ranks = any(f'code = "{code}"' in block for code in ("imd_2019_{kind}", "{code}_2025_rank"))
    changed = block.replace(f"boundary_year = {year}", f"boundary_year = {wrong_year}")
    return changed if is_ranks else block


@pytest.mark.parametrize(
    ("year", "wrong_year"), [(2011, 2021), (2021, 2011)], ids=["IMD 2019", "IMD 2025"]
)
async def test_a_manifest_that_misdates_an_index_is_refused_and_changes_nothing(
    own_region: DatabaseAddress, realdata: Path, tmp_path: Path, year: int, wrong_year: int
) -> None:
    folder = write_misdated(tmp_path, year, wrong_year)
    before = count_everything(own_region)
    database = Database(own_region, pool_size=0)
    with pytest.raises(PackProblem) as caught:
        await load_pack(database, folder, ignore_progress, Shelves(mirror=realdata))
    await database.close()
    said = str(caught.value)
    assert f"its codes fit the areas of {year}" in said
    assert f"better than lsoa {wrong_year}" in said
    assert "Correct `boundary_year` in pack.toml." in said
    assert count_everything(own_region) == before


def count_everything(address: DatabaseAddress) -> list[tuple[Any, ...]]:
    """Return how many of what the database holds, and a sum over all values."""
    with psycopg.connect(address.for_libpq) as connection:
        return connection.execute(
            "SELECT (SELECT count(*) FROM areas), (SELECT sum(people) FROM areas),"
            " (SELECT count(*) FROM area_lookups), (SELECT count(*) FROM indicators),"
            " (SELECT count(*) FROM indicator_series),"
            " (SELECT count(*) FROM indicator_values),"
            " (SELECT sum(hashfloat8(value)::bigint) FROM indicator_values),"
            " (SELECT max(checksum) FROM packs)"
        ).fetchall()
