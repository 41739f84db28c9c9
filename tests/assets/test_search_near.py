"""Near me: order and distance, areas in place of points, pages, what is not found."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from sqlalchemy import text

from app.core.database import Database
from tests.assets.small_place import Site, add_asset, add_organisation, name_asset, remove_assets

HERE = (1.191221, 53.875186)  # the first postcode of the demonstration place, HF1 1AA
EARTH = Geod(ellps="WGS84")


def move(east_m: float, north_m: float) -> tuple[float, float]:
    """Return the point so far away from `HERE`, first north, then east."""
    lon, lat, _ = EARTH.fwd(*HERE, 0, north_m)
    lon, lat, _ = EARTH.fwd(lon, lat, 90, east_m)
    return (float(lon), float(lat))


def measure(point: tuple[float, float]) -> float:
    """Return the metres from `HERE` along the ellipsoid."""
    return float(EARTH.inv(*HERE, *point)[2])


@pytest.fixture
async def place(demo_database: Database) -> Database:
    """The demonstration place without its own assets."""
    await remove_assets(demo_database)
    return demo_database


async def ask(client: httpx.AsyncClient, query: str) -> Any:  # noqa: ANN401 - JSON
    """Return a page of a search."""
    response = await client.get(f"/api/v1/assets?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def names(page: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return the names on a page, in order."""
    return [feature["properties"]["name"] for feature in page["features"]]


NEAR = f"near={HERE[0]},{HERE[1]}"


async def test_the_nearest_come_first_with_true_distances(
    client: httpx.AsyncClient, place: Database
) -> None:
    # On a sphere the one in the north would seem farther than the one in the east: 1,000.8 m
    # against 1,000.5 m, though it is nearer.
    points = {
        "North": move(0, 1000), "East": move(1000.5, 0), "South": move(0, -300),
        "Far": move(1500, 900), "West": move(-650, 0),
    }  # fmt: skip
    for name, at in points.items():
        await add_asset(place, name, [Site(at=at)])
    page = await ask(client, NEAR)
    expected = sorted((name for name in points if name != "Far"), key=lambda n: measure(points[n]))
    assert names(page) == expected == ["South", "West", "North", "East"]
    for feature in page["features"]:
        name, said = feature["properties"]["name"], feature["properties"]["distance_m"]
        assert said == round(measure(points[name]), 1)
        assert feature["geometry"]["coordinates"] == pytest.approx(points[name], abs=1e-6)
        assert feature["id"] == str(name_asset(name))
    assert (page["number_matched"], page["number_returned"]) == (4, 4)
    assert page["type"] == "FeatureCollection"


async def test_a_postcode_stands_for_its_point_however_it_is_spaced(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Reading room", [Site(at=move(0, 100))])
    for written in ("HF1 1AA", "hf11aa", " Hf1-1aA "):
        page = await ask(client, f"postcode={written}&radius_m=150")
        assert page["features"][0]["properties"]["distance_m"] == 100.0
    assert names(await ask(client, "postcode=HF1+1AA&radius_m=99")) == []


async def test_an_asset_of_many_sites_stands_once_at_its_nearest(
    client: httpx.AsyncClient, place: Database
) -> None:
    sites = [Site(at=move(0, 900)), Site(at=move(0, 200)), Site(at=move(0, 5000))]
    await add_asset(place, "Walks", sites)
    await add_asset(place, "Between", [Site(at=move(0, 500))])
    page = await ask(client, f"{NEAR}&limit=1")
    assert names(page) == ["Walks"]
    assert page["features"][0]["properties"]["sites"] == 2
    assert page["number_matched"] == 2
    rest = (await client.get(page["links"][1]["href"])).json()
    assert names(rest) == ["Between"]
    assert [link["rel"] for link in rest["links"]] == ["self"]


async def test_what_is_told_by_area_comes_last_without_place(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Open", [Site(at=move(0, 1400))])
    await add_asset(place, "Zebra club", [Site(at=move(0, 10), visibility="area only")])
    await add_asset(
        place, "Alpha club", [Site(at=move(20, 30), visibility="area only", address="9 Secret Row")]
    )
    async with place.sessions() as session:
        query = text("SELECT ST_X(location), ST_Y(location) FROM site_points WHERE is_area LIMIT 1")
        lon, lat = (await session.execute(query)).one()
    to_area = measure((lon, lat))
    page = await ask(client, f"{NEAR}&radius_m={max(to_area, 1400) + 1}")
    assert names(page) == ["Open", "Alpha club", "Zebra club"]
    for feature in page["features"][1:]:
        said = feature["properties"]
        assert feature["geometry"] is None
        assert (said["distance_m"], said["address"], said["postcode"]) == (None, None, None)
        assert said["visibility"] == "area only"
        assert said["area"]["type"] == "msoa"
    assert "Secret" not in str(page)
    # They are found where the point of the area is found, and not where they are.
    assert names(await ask(client, f"{NEAR}&radius_m={to_area - 1}&category=library")) == (
        ["Open"] if to_area > 1401 else []
    )
    beside = await ask(client, f"near={lon},{lat}&radius_m=1")
    assert names(beside) == ["Alpha club", "Zebra club"]
    box = f"{lon - 1e-5},{lat - 1e-5},{lon + 1e-5},{lat + 1e-5}"
    assert names(await ask(client, f"bbox={box}")) == ["Alpha club", "Zebra club"]


async def test_an_asset_with_a_point_and_an_area_is_listed_by_its_point_only(
    client: httpx.AsyncClient, place: Database
) -> None:
    both = [Site(at=move(0, 50)), Site(at=move(0, 60), visibility="area only")]
    await add_asset(place, "Both", both)
    page = await ask(client, f"{NEAR}&radius_m=5000")
    assert [feature["properties"]["distance_m"] for feature in page["features"]] == [50.0]
    assert page["number_matched"] == 1


async def test_hidden_and_unpublished_ones_are_nowhere(
    client: httpx.AsyncClient, place: Database
) -> None:
    before = (await client.get(f"/api/v1/assets?{NEAR}")).content
    await add_asset(place, "Refuge", [Site(at=move(0, 5))], visibility="hidden")
    await add_asset(place, "Refuge of a site", [Site(at=move(0, 5), visibility="hidden")])
    await add_asset(place, "Draft", [Site(at=move(0, 5))], status="waiting")
    await add_asset(place, "Gone", [Site(at=move(0, 5))], status="taken down")
    await add_organisation(place, "Shy group", visibility="hidden")
    await add_asset(place, "Of a shy group", [Site(at=move(0, 5))], organisation="Shy group")
    assert (await client.get(f"/api/v1/assets?{NEAR}")).content == before


async def test_sites_come_and_go_by_the_day(client: httpx.AsyncClient, place: Database) -> None:
    today = date.today()  # noqa: DTZ011 - the place is within an hour of the machine's clock
    far = timedelta(days=2)
    await add_asset(place, "Over", [Site(at=move(0, 10), valid_to=today - far)])
    await add_asset(place, "To come", [Site(at=move(0, 10), valid_from=today + far)])
    now = Site(at=move(0, 10), valid_from=today - far, valid_to=today + far)
    await add_asset(place, "Now", [now])
    assert names(await ask(client, NEAR)) == ["Now"]
    assert names(await ask(client, "sort=name")) == ["Now"]
    assert (await ask(client, NEAR))["number_matched"] == 1


async def test_many_at_one_address_are_all_found_on_pages(
    client: httpx.AsyncClient, place: Database
) -> None:
    hub = move(0, 40)
    await _add_many(place, 150, hub)
    await add_asset(place, "Nearest", [Site(at=move(0, 39))])
    page = await ask(client, f"{NEAR}&limit=20")
    assert names(page)[0] == "Nearest"
    found = await _read_all(client, f"{NEAR}&limit=20")
    assert len(found) == len(set(found)) == 151 == page["number_matched"]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(limit=st.integers(1, 25))
async def test_pages_of_any_size_hold_every_asset_once(
    client: httpx.AsyncClient, place: Database, limit: int
) -> None:
    if not names(await ask(client, NEAR)):
        for number in range(12):
            at = move(30 * (number % 5), 40 * (number % 3))
            again = Site(at=move(-50 * (number % 4), 10))
            await add_asset(place, f"Club {number:02}", [Site(at=at), again])
            shy = Site(at=at, visibility="area only")
            await add_asset(place, f"Shy {number:02}", [shy])
    whole = names(await ask(client, f"{NEAR}&radius_m=9000&limit=100"))
    assert len(whole) == 24
    assert await _read_all(client, f"{NEAR}&radius_m=9000&limit={limit}") == whole


@pytest.mark.reads
async def test_what_is_wrong_is_told_in_a_sentence(client: httpx.AsyncClient) -> None:
    asked = {
        "postcode=HF1": (400, "This is the beginning of a postcode. Write all of it, such as HF1"),
        "postcode=HF1+1ZZ": (400, "the nearest to it that we know is HF1 1"),
        "postcode=Q": (400, "We do not know this postcode"),
        "near=53.87": (422, "write it as longitude,latitude in degrees"),
        "near=191,53": (422, "a longitude lies between -180 and 180"),
        f"{NEAR}&postcode=HF1+1AA": (422, "give `near` or `postcode`, not both"),
        "radius_m=5": (422, "`radius_m` needs a point"),
        f"{NEAR}&radius_m=50001": (422, "less than or equal to 50000"),
        "bbox=1,2,3": (422, "write it as west,south,east,north"),
        "bbox=1,54,2,53": (422, "its south lies north of its north"),
        "category=libary": (400, "There is no category 'libary' (do you mean 'library'?)"),
        "area=msoa": (422, "write it as kind:code"),
        "area=parish:X1": (400, "There is no kind of area called 'parish'. Known: lsoa, msoa"),
        "area=msoa:X1": (400, "There is no msoa 'X1'. Boundary years held: 2011, 2021."),
        "sort=distance": (422, "`sort=distance` needs a point"),
        "sort=relevance": (422, "`sort=relevance` needs words"),
        "colour=red": (422, "colour"),
        "cursor=QQ": (400, "cursor"),
        "open_at=teatime": (422, "open_at"),
    }
    for query, (status, sentence) in asked.items():
        response = await client.get(f"/api/v1/assets?{query}")
        assert response.status_code == status, (query, response.text)
        assert sentence in response.json()["detail"], (query, response.json()["detail"])


async def test_a_cursor_goes_with_its_own_search_only(
    client: httpx.AsyncClient, place: Database
) -> None:
    for name in ("One", "Two", "Three"):
        await add_asset(place, name, [Site(at=move(0, 10))])
    following = (await ask(client, f"{NEAR}&limit=1"))["links"][1]["href"]
    assert (await client.get(following)).status_code == 200
    assert (await client.get(following.replace("limit=1", "limit=2"))).status_code == 200
    other = await client.get(f"{following}&category=library")
    assert other.status_code == 400
    assert "belongs to another search" in other.json()["detail"]


async def test_links_stand_in_the_header_too(client: httpx.AsyncClient, place: Database) -> None:
    for name in ("One", "Two"):
        await add_asset(place, name, [Site(at=move(0, 10))])
    response = await client.get(f"/api/v1/assets?{NEAR}&limit=1")
    assert response.headers["content-type"] == "application/geo+json"
    following = response.json()["links"][1]["href"]
    assert f'<{following}>; rel="next"; type="application/geo+json"' in response.headers["link"]


async def test_an_answer_holds_until_something_public_changes(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "One", [Site(at=move(0, 10))])
    first = await client.get(f"/api/v1/assets?{NEAR}")
    held = {"If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "public, no-cache"
    assert (await client.get(f"/api/v1/assets?{NEAR}", headers=held)).status_code == 304
    await add_asset(place, "Hidden", [Site(at=move(0, 10))], visibility="hidden")
    assert (await client.get(f"/api/v1/assets?{NEAR}", headers=held)).status_code == 304
    assert (await client.get(f"/api/v1/assets?{NEAR}&limit=5", headers=held)).status_code == 200
    await add_asset(place, "Two", [Site(at=move(0, 20))])
    changed = await client.get(f"/api/v1/assets?{NEAR}", headers=held)
    assert (changed.status_code, len(changed.json()["features"])) == (200, 2)


async def _read_all(client: httpx.AsyncClient, query: str) -> list[str]:
    found: list[str] = []
    page = await ask(client, query)
    while True:
        found += names(page)
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            return found
        page = (await client.get(following[0])).json()


async def _add_many(database: Database, count: int, at: tuple[float, float]) -> None:
    """Add libraries at one point."""
    await add_asset(database, "First", [Site(at=at)])
    copy = """
        WITH one AS (SELECT * FROM assets WHERE name = 'First'), made AS (
            INSERT INTO assets (public_id, kind, name, translations, description, eligibility,
                cost, cost_words, languages, how_to_join, term_time_only, step_free,
                accessible_toilet, hearing_loop, parking, alert, visibility, findable, status,
                revision)
            SELECT md5(n::text)::uuid, kind, 'Copy ' || n, translations, description, eligibility,
                cost, cost_words, languages, how_to_join, term_time_only, step_free,
                accessible_toilet, hearing_loop, parking, alert, visibility, findable, status,
                revision
            FROM one, generate_series(2, :count) AS n RETURNING id)
        INSERT INTO asset_sites (public_id, asset_id, position, role, mode, address, postcode,
            location, hours_words, time_zone, capacity_unit, visibility)
        SELECT md5('site' || m.id)::uuid, m.id, 1, role, mode, address, postcode, location,
            hours_words, time_zone, capacity_unit, s.visibility
        FROM made AS m, asset_sites AS s JOIN one ON one.id = s.asset_id
    """
    async with database.sessions.begin() as session:
        await session.execute(text(copy), {"count": count})
