"""What the API of areas and postcodes answers, on the demonstration place."""

import csv
import gzip
import io
from pathlib import Path

import httpx
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape
from sqlalchemy import text

from app.areas import queries
from app.areas.queries import AreaSelection, select_areas_at, select_postcodes
from app.areas.service import find_areas_at, find_boundary_set, normalise_postcode
from app.core.database import Database

pytestmark = pytest.mark.reads

DEMO = Path(__file__).parents[2] / "data/packs/demo"


def read_demo(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of the demonstration pack."""
    raw = (DEMO / name).read_bytes()
    text_ = gzip.decompress(raw).decode() if name.endswith(".gz") else raw.decode()
    return list(csv.DictReader(io.StringIO(text_)))


async def get(client: httpx.AsyncClient, path: str) -> list[dict[str, object]]:
    """Return the list of areas at `path`."""
    response = await client.get(f"/api/v1{path}")
    assert response.status_code == 200, response.text
    body = response.json()
    return list(body["items"] if isinstance(body, dict) else body)


async def test_kinds_are_listed_smallest_first_with_their_years(client: httpx.AsyncClient) -> None:
    kinds = (await client.get("/api/v1/area-types")).json()
    assert [kind["code"] for kind in kinds] == ["lsoa", "msoa", "ward", "authority"]
    assert kinds[0]["boundary_years"] == [2011, 2021]
    assert [kind["code"] for kind in kinds if kind["is_publishing"]] == ["msoa"]


async def test_pages_join_up_to_the_whole_list_in_order(client: httpx.AsyncClient) -> None:
    whole = await get(client, "/areas?type=lsoa&limit=1000")
    collected: list[dict[str, object]] = []
    cursor = ""
    while True:
        response = await client.get(f"/api/v1/areas?type=lsoa&limit=50{cursor}")
        page = response.json()
        assert page["total"] == len(whole)
        collected += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert collected == whole
    assert [area["gid"] for area in whole] == list(range(1, len(whole) + 1))


async def test_people_of_larger_areas_are_the_sum_of_the_smaller(client: httpx.AsyncClient) -> None:
    published = [row for row in read_demo("populations.csv.gz") if row["boundary_year"] == "2021"]
    total = sum(int(row["people"]) for row in published)
    for kind in ("lsoa", "msoa", "ward", "authority"):
        areas = await get(client, f"/areas?type={kind}&limit=1000")
        assert sum(int(str(area["people"])) for area in areas) == total


async def test_areas_are_found_by_part_of_a_name_and_start_of_a_code(
    client: httpx.AsyncClient,
) -> None:
    districts = await get(client, "/areas?type=msoa&limit=1000")
    name, code = str(districts[3]["name"]), str(districts[3]["code"])
    assert districts[3] in await get(client, f"/areas?type=msoa&q={name[1:6].upper()}")
    assert await get(client, f"/areas?type=msoa&q={code}") == [districts[3]]
    assert await get(client, "/areas?type=msoa&q=%25") == []


async def test_children_are_those_that_name_the_area_as_parent(client: httpx.AsyncClient) -> None:
    everything = await get(client, "/areas?type=lsoa&limit=1000")
    district = (await get(client, "/areas?type=msoa"))[0]
    children = await get(client, f"/areas/msoa/{district['code']}/children")
    expected = [area for area in everything if area["parents"]["msoa"]["code"] == district["code"]]  # type: ignore[index]
    assert children == expected
    assert len(children) > 1
    same = await get(client, f"/areas?type=lsoa&within=msoa:{district['code']}&limit=1000")
    assert same == children


async def test_a_split_area_says_what_it_became_with_weights_that_add_up(
    client: httpx.AsyncClient,
) -> None:
    rows = read_demo("lookup_lsoa_2011_lsoa_2021.csv")
    split = next(row["from_code"] for row in rows if row["change"] == "S")
    area = (await client.get(f"/api/v1/areas/lsoa/{split}?boundary_year=2011")).json()
    assert len(area["became"]) > 1
    assert sum(change["weight"] for change in area["became"]) == pytest.approx(1, abs=1e-5)
    assert {change["change_code"] for change in area["became"]} == {"S"}
    later = area["became"][0]["area"]
    heir = (await client.get(f"/api/v1/areas/lsoa/{later['code']}")).json()
    assert split in {change["area"]["code"] for change in heir["came_from"]}


async def test_the_same_code_in_two_years_is_two_areas(client: httpx.AsyncClient) -> None:
    rows = read_demo("lookup_lsoa_2011_lsoa_2021.csv")
    unchanged = next(row["from_code"] for row in rows if row["change"] == "U")
    old = (await client.get(f"/api/v1/areas/lsoa/{unchanged}?boundary_year=2011")).json()
    new = (await client.get(f"/api/v1/areas/lsoa/{unchanged}")).json()
    assert (old["boundary_year"], new["boundary_year"]) == (2011, 2021)
    assert old["people"] != new["people"]


async def test_an_unknown_year_kind_or_code_is_told_what_there_is(
    client: httpx.AsyncClient,
) -> None:
    year = await client.get("/api/v1/areas?type=lsoa&boundary_year=1991")
    assert (year.status_code, "Held: 2011, 2021" in year.json()["detail"]) == (404, True)
    kind = await client.get("/api/v1/areas?type=parish")
    assert (kind.status_code, "lsoa, msoa, ward, authority" in kind.json()["detail"]) == (404, True)
    code = await client.get("/api/v1/areas/lsoa/NOPE")
    assert (code.status_code, "?boundary_year=" in code.json()["detail"]) == (404, True)
    assert code.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("type=lsoa&cursor=%C3%A9", 400, "cursor is not one of ours"),
        ("type=lsoa&within=msoa", 400, "kind:code"),
        ("type=lsoa&limit=0", 422, "limit"),
        ("type=lsoa&limt=5", 422, "limt"),
        ("", 422, "type"),
        ("type=lsoa&boundary_year=two", 422, "boundary_year"),
    ],
)
async def test_a_list_asked_for_wrongly_names_what_is_wrong(
    client: httpx.AsyncClient, query: str, status: int, said: str
) -> None:
    response = await client.get(f"/api/v1/areas?{query}")
    assert response.status_code == status
    assert said in response.json()["detail"]


async def test_within_goes_by_the_lookup_of_the_year_that_was_asked_for(
    client: httpx.AsyncClient,
) -> None:
    earlier = await get(client, "/areas?type=msoa&boundary_year=2011&limit=1000")
    code = str(earlier[0]["code"])
    of_2011 = await get(client, f"/areas?type=lsoa&boundary_year=2011&within=msoa:{code}")
    assert of_2011
    assert {area["boundary_year"] for area in of_2011} == {2011}
    refused = await client.get(f"/api/v1/areas?type=ward&within=msoa:{code}")
    assert refused.status_code == 400
    assert "No lookup says which ward of 2025 belong to msoa" in refused.json()["detail"]
    unknown = await client.get("/api/v1/areas?type=lsoa&within=msoa:NOPE")
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/areas?type=msoa&boundary_year=99999",
        "/areas/at?lon=1&lat=1&boundary_year=-99999",
        "/jobs/99999999999999999999",
        "/jobs/0",
        "/areas?type=%00",
        "/areas?type=msoa&q=%00",
        "/areas?type=msoa&within=msoa:%00",
        "/areas/msoa/%00",
        "/postcodes/%00",
        f"/areas?type=msoa&q={'x' * 300}",
    ],
)
async def test_values_that_no_column_holds_are_refused_and_are_no_fault(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(f"/api/v1{path}")
    assert response.status_code == 422, response.text
    assert response.json()["errors"]


async def test_a_cursor_that_hides_a_nul_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/areas?type=msoa&cursor=AA")).status_code == 400


@pytest.mark.writes
async def test_another_database_at_the_same_version_has_other_etags(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    """A browser that saw another place under this address must not keep drawing it."""
    before = (await client.get("/api/v1/areas/outlines?type=msoa")).headers["etag"]
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE versions SET raised_at = raised_at + interval '1 s'"))
    after = (await client.get("/api/v1/areas/outlines?type=msoa")).headers["etag"]
    assert before != after


async def test_a_repaired_outline_says_what_was_wrong(client: httpx.AsyncClient) -> None:
    repaired = []
    for area in await get(client, "/areas?type=lsoa&boundary_year=2011&limit=1000"):
        read = await client.get(f"/api/v1/areas/lsoa/{area['code']}?boundary_year=2011")
        if read.json()["repair"]:
            repaired.append(read.json())
    assert len(repaired) == 1
    assert "Self-intersection" in repaired[0]["repair"]
    url = f"/api/v1/areas/lsoa/{repaired[0]['code']}/boundary?boundary_year=2011"
    assert shape((await client.get(url)).json()["geometry"]).is_valid


async def test_outlines_tile_the_place_and_are_asked_for_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/api/v1/areas/outlines?type=lsoa")
    assert first.headers["content-type"] == "application/geo+json"
    collection = first.json()
    outlines = [shape(feature["geometry"]) for feature in collection["features"]]
    overlap = sum(outline.area for outline in outlines) - shapely.union_all(outlines).area
    assert overlap < 1e-4 * shapely.union_all(outlines).area
    assert collection["bbox"] == pytest.approx(list(shapely.total_bounds(outlines)), abs=1e-5)
    assert [feature["id"] for feature in collection["features"]] == list(
        range(1, len(outlines) + 1)
    )
    again = await client.get(
        "/api/v1/areas/outlines?type=lsoa", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get(
        "/api/v1/areas/outlines?type=msoa", headers={"If-None-Match": first.headers["etag"]}
    )
    assert other.status_code == 200


async def test_every_postcode_of_the_file_is_found_in_its_own_area(
    client: httpx.AsyncClient,
) -> None:
    rows = read_demo("postcodes.csv.gz")
    elsewhere = []
    for row in rows[::50]:
        read = await client.get(f"/api/v1/postcodes/{row['postcode']}")
        assert read.status_code == 200, row
        smallest = read.json()["areas"][0]
        if (smallest["type"], smallest["code"]) != ("lsoa", row["area_code"]):
            elsewhere.append(row)
    assert elsewhere == []


async def test_a_postcode_is_known_in_any_spacing_and_case(client: httpx.AsyncClient) -> None:
    known = read_demo("postcodes.csv.gz")[40]["postcode"]
    plain = (await client.get(f"/api/v1/postcodes/{known}")).json()
    for variant in (known.lower(), known.replace(" ", ""), f" {known.replace(' ', '  ')}."):
        assert (await client.get(f"/api/v1/postcodes/{variant}")).json() == plain


async def test_the_beginning_of_a_postcode_lists_those_that_go_on(
    client: httpx.AsyncClient,
) -> None:
    rows = sorted(normalise_postcode(row["postcode"]) for row in read_demo("postcodes.csv.gz"))
    prefix = rows[100][:4]
    found = await get(client, f"/postcodes?q={prefix[:3].lower()}%20{prefix[3]}&limit=50")
    expected = [row for row in rows if row.startswith(prefix)][:50]
    assert [normalise_postcode(str(row["postcode"])) for row in found] == expected
    nothing = await client.get("/api/v1/postcodes?q=%20-%20")
    assert (nothing.status_code, "first letter" in nothing.json()["detail"]) == (400, True)


async def test_wildcards_in_a_postcode_mean_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/postcodes?q=%25_")
    assert response.status_code == 400


async def test_the_water_is_drawn_beneath_and_is_not_land(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/backdrops")
    assert response.headers["content-type"] == "application/geo+json"
    water = [shape(feature["geometry"]) for feature in response.json()["features"]]
    assert {each["properties"]["kind"] for each in response.json()["features"]} == {"water"}
    outlines = (await client.get("/api/v1/areas/outlines?type=authority")).json()["features"]
    land = shapely.union_all([shape(feature["geometry"]) for feature in outlines])
    sea = shapely.union_all(water)
    assert sea.intersection(land).area < 0.01 * land.area
    again = {"If-None-Match": response.headers["etag"]}
    assert (await client.get("/api/v1/backdrops", headers=again)).status_code == 304


async def test_a_point_at_sea_is_in_no_area(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/areas/at?lon=-30&lat=50")).json() == []


async def test_point_in_area_agrees_with_the_outline_itself(demo_database: Database) -> None:
    """Random points: PostGIS on the pieces against shapely on the whole boundary."""
    query = text(
        "SELECT a.code, ST_AsBinary(a.boundary) FROM areas AS a JOIN boundary_sets AS b "
        "ON b.id = a.boundary_set_id WHERE b.area_type = 'lsoa' AND b.boundary_year = 2021"
    )
    async with demo_database.sessions() as session:
        rows = (await session.execute(query)).all()
        boundaries = {code: shapely.from_wkb(bytes(wkb)) for code, wkb in rows}
        west, south, east, north = shapely.total_bounds(list(boundaries.values()))
        for step in range(60):
            lon = west + (east - west) * ((step * 0.6180339887) % 1)
            lat = south + (north - south) * (step / 60)
            point = shapely.Point(lon, lat)
            expected = [code for code, each in boundaries.items() if each.intersects(point)]
            found = await find_areas_at(session, lon, lat)
            assert [area.code for area in found if area.type == "lsoa"] == expected[:1]


async def test_point_in_area_and_postcodes_use_their_indexes(demo_database: Database) -> None:
    async with demo_database.sessions() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        for query, index in (
            (select_areas_at(by_year=False).params(lon=1.19, lat=53.87), "ix_area_parts_part"),
            (select_postcodes("HF1", 10), "pk_postcodes"),
        ):
            plain = query.compile(
                demo_database.engine.sync_engine, compile_kwargs={"literal_binds": True}
            )
            plan = (await session.execute(text(f"EXPLAIN {plain}".replace(":", r"\:")))).all()
            assert index in str(plan)


@pytest.mark.writes
async def test_margin_areas_are_never_listed(demo_database: Database) -> None:
    async with demo_database.sessions() as session:
        found = await find_boundary_set(session, "lsoa", None)
        await session.execute(
            text("UPDATE areas SET in_study_area = false WHERE gid = 1 AND boundary_set_id = :id"),
            {"id": found.id},
        )
        listed = await queries.fetch_areas(session, found, AreaSelection())
        assert 1 not in {row.gid for row in listed}
        hidden = await queries.fetch_area(session, found, "X01000001")
        assert hidden is None


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=30))
def test_normalising_a_postcode_twice_changes_nothing(spelt: str) -> None:
    once = normalise_postcode(spelt)
    assert normalise_postcode(once) == once
    assert not any(character.isspace() for character in once)


async def test_names_stand_in_the_order_of_gids_with_a_point_inside(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/api/v1/areas/names?type=msoa")).json()
    listed = (await client.get("/api/v1/areas?type=msoa&limit=100")).json()["items"]
    by_gid = sorted(listed, key=lambda area: area["gid"])
    assert page["first_gid"] == 1
    assert page["codes"] == [area["code"] for area in by_gid]
    assert page["names"] == [area["name"] for area in by_gid]
    for code, lon, lat in zip(page["codes"], page["lon"], page["lat"], strict=True):
        found = (await client.get(f"/api/v1/areas/at?lon={lon}&lat={lat}")).json()
        assert code in {area["code"] for area in found}
    part = (await client.get("/api/v1/areas/names?type=msoa&from_gid=3&limit=2")).json()
    assert part["codes"] == page["codes"][2:4]
    beyond = (await client.get("/api/v1/areas/names?type=msoa&from_gid=999")).json()
    assert beyond["codes"] == beyond["lon"] == []
    assert (await client.get("/api/v1/areas/names?type=nowhere")).status_code == 404
    assert (await client.get("/api/v1/areas/names?type=msoa&from_gid=0")).status_code == 422
