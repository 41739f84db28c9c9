"""What lies in the margin round the place is used by analyses, and in no list, count or tile."""

import re
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import text

from app.analysis import ground_queries
from app.assets.counting import ANY_CATEGORY, count_by_area
from app.assets.showing import count_categories, list_languages, read_showing_stamp
from app.core.database import Database, DatabaseAddress
from app.core.schema import migrate
from tests.assets.small_place import Site, add_asset, add_organisation, name_asset
from tests.tiles.decoding import find_tile, get_tile

HERE = (1.191221, 53.875186)
ROUND = (1.50, 53.875)
"""In the margin that these tests lay out, 20 km east of the demonstration place."""
SEA = (1.56, 53.875)
"""In no area at all."""
NEAR_MARGIN = f"near={ROUND[0]},{ROUND[1]}&radius_m=8000"
HTML = {"accept": "text/html"}

MARGIN = """
WITH made AS (
    INSERT INTO areas (boundary_set_id, gid, code, name, in_study_area, people, area_ha, boundary,
                       outline, centroid, centroid_method, name_point)
    SELECT publishing_set(), (SELECT max(gid) + 1 FROM areas), 'M01', 'Out there', false, 2000, 1,
           box, box, ST_Centroid(box), 'middle', ST_Centroid(box)
    FROM (SELECT ST_Multi(ST_MakeEnvelope(1.48, 53.85, 1.54, 53.9, 4326)) AS box) AS b
    RETURNING id, boundary)
INSERT INTO area_parts (area_id, part) SELECT id, ST_GeometryN(boundary, 1) FROM made
"""


async def lay_out_margin(database: Database) -> None:
    """Add an area of the margin."""
    async with database.sessions.begin() as session:
        await session.execute(text(MARGIN))


@pytest.fixture(scope="session")
def origin(bare_template: str) -> str:
    """All these tests begin without the assets of the demonstration place."""
    return bare_template


@pytest.fixture
async def place(demo_database: Database) -> Database:
    """The demonstration place with a margin, and without its own assets."""
    await lay_out_margin(demo_database)
    return demo_database


async def list_names(client: httpx.AsyncClient, query: str) -> list[str]:
    """Return the names that a search finds, and see that it counts as many."""
    response = await client.get(f"/api/v1/assets?{query}")
    assert response.status_code == 200, response.text
    page: Any = response.json()
    found = [feature["properties"]["name"] for feature in page["features"]]
    assert page["number_matched"] == len(found)
    return found


@pytest.mark.parametrize(
    "query",
    [
        NEAR_MARGIN, f"{NEAR_MARGIN}&category=library", f"{NEAR_MARGIN}&q=reading",
        f"{NEAR_MARGIN}&sort=name", f"{NEAR_MARGIN}&language=cy", "bbox=1.4,53.8,1.6,53.95",
        "", "q=reading", "q=readng", "category=library", "language=cy", "sort=name",
    ],
)  # fmt: skip
async def test_no_search_finds_it(client: httpx.AsyncClient, place: Database, query: str) -> None:
    await add_asset(place, "Reading room out there", [Site(at=ROUND)], languages=["cy"])
    assert await list_names(client, query) == []


async def test_it_is_counted_nowhere(client: httpx.AsyncClient, place: Database) -> None:
    await add_organisation(place, "Readers")
    await add_asset(place, "Reading room", [Site(at=HERE)], organisation="Readers")
    await add_asset(
        place, "Outer reading room", [Site(at=ROUND)], organisation="Readers", languages=["cy"]
    )
    counted = await count_by_area(place.public, "msoa", 2021, [ANY_CATEGORY, "library"])
    assert [counted[code].total for code in (ANY_CATEGORY, "library")] == [1, 1]
    assert sum((await count_categories(place.public)).values()) == 1
    assert await list_languages(place.public) == []
    organisation = (await client.get(f"/api/v1/organisations/{name_asset('Readers')}")).json()
    assert [each["name"] for each in organisation["assets"]] == ["Reading room"]
    assert organisation["number_of_assets"] == 1


async def test_no_tile_and_no_sitemap_has_it(client: httpx.AsyncClient, place: Database) -> None:
    await add_asset(place, "Reading room", [Site(at=HERE)])
    await add_asset(place, "Outer reading room", [Site(at=ROUND)])
    for zoom, layer in ((8, "clusters"), (13, "assets")):
        inside, round_it = [
            await get_tile(client, "/tiles/assets/{z}/{x}/{y}.mvt", find_tile(zoom, *point))
            for point in (HERE, ROUND)
        ]
        assert len(inside[layer]) == 1
        assert layer not in round_it
    listed = (await client.get("/sitemaps/assets-1.xml")).text
    assert str(name_asset("Reading room")) in listed
    assert str(name_asset("Outer reading room")) not in listed


async def test_one_with_a_site_inside_is_listed_there_alone(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Reading room", [Site(at=ROUND), Site(at=HERE)])
    assert await list_names(client, NEAR_MARGIN) == []
    for query in (f"near={HERE[0]},{HERE[1]}", "q=reading", "category=library"):
        page = (await client.get(f"/api/v1/assets?{query}")).json()
        assert page["number_matched"] == 1
        assert page["features"][0]["geometry"]["coordinates"] == pytest.approx(HERE)
        assert page["features"][0]["properties"]["sites"] == 1


async def test_a_hidden_site_inside_lists_nothing(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Reading room", [Site(at=ROUND), Site(at=HERE, visibility="hidden")])
    assert await list_names(client, "q=reading") == []


@pytest.mark.parametrize("site", [Site(at=SEA), Site(mode="online")])
async def test_what_is_in_no_area_or_nowhere_is_listed(
    client: httpx.AsyncClient, place: Database, site: Site
) -> None:
    await add_asset(place, "Reading room", [site])
    assert await list_names(client, "q=reading") == ["Reading room"]


async def test_its_own_page_says_so_and_is_not_for_search_engines(
    client: httpx.AsyncClient, place: Database
) -> None:
    sentence, noindex = "outside the place that this service lists", 'name="robots"'
    for name, point, is_listed in (("Inner", HERE, True), ("Outer", ROUND, False)):
        await add_asset(place, name, [Site(at=point)])
        path = f"/assets/{name_asset(name)}"
        page = (await client.get(path, headers=HTML, follow_redirects=True)).text
        assert re.search(rf"<h1[^>]*>{name}</h1>", page)
        assert (sentence in page) is not is_listed
        assert (noindex in page) is not is_listed
        assert (await client.get(f"/api/v1{path}")).json()["is_listed"] is is_listed


async def test_analyses_have_it(place: Database) -> None:
    await add_asset(place, "Reading room", [Site(at=ROUND)])
    async with place.public.look() as reader:
        category = await reader.fetchrow(ground_queries.CATEGORY, "library")
        assert category is not None
        sites = await reader.fetch(ground_queries.SITES, category["id"], 1)
    assert [site["name"] for site in sites] == ["Reading room"]


async def test_moved_into_the_place_it_is_listed(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Reading room", [Site(at=ROUND)])
    stamp = await read_showing_stamp(place.public)
    async with place.sessions.begin() as session:
        query = text("UPDATE asset_sites SET location = ST_SetSRID(ST_MakePoint(:x, :y), 4326)")
        await session.execute(query, {"x": HERE[0], "y": HERE[1]})
    assert await list_names(client, "q=reading") == ["Reading room"]
    assert await read_showing_stamp(place.public) != stamp


async def test_an_area_that_joins_the_place_brings_its_assets(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_asset(place, "Reading room", [Site(at=ROUND)])
    stamp = await read_showing_stamp(place.public)
    async with place.sessions.begin() as session:
        await session.execute(text("UPDATE areas SET in_study_area = true WHERE code = 'M01'"))
        await session.execute(text("UPDATE area_parts SET part = part"))
    assert await list_names(client, NEAR_MARGIN) == ["Reading room"]
    assert await read_showing_stamp(place.public) != stamp


async def test_an_upgrade_takes_out_what_it_would_not_have_listed(
    place: Database, demo_address: DatabaseAddress
) -> None:
    await add_asset(place, "Inner", [Site(at=HERE)])
    await add_asset(place, "Outer", [Site(at=ROUND)])
    await add_asset(place, "Both", [Site(at=HERE), Site(at=ROUND)])
    await add_asset(place, "Pier", [Site(at=SEA)])
    queries = (
        "SELECT category_id, site_id FROM site_points",
        "SELECT zoom, x, y, category_id, points, sum_lon, sum_lat FROM asset_cells",
        "SELECT asset_id, name FROM asset_words",
        "SELECT id, public_in_margin FROM asset_sites",
        "SELECT id, public_listed FROM assets",
        "SELECT id, public_hash, public_changed_at FROM assets WHERE name IN ('Inner', 'Pier')",
    )

    def read(*asked: str) -> list[set[tuple[object, ...]]]:
        with psycopg.connect(demo_address.for_libpq) as connection:
            return [set(connection.execute(query)) for query in asked]

    at_head = read(*queries)
    migrate(demo_address, "2026_11_30_0022")
    points, *_ = read(*queries[:3])
    assert len(points) > len(at_head[0])
    migrate(demo_address, "head")
    assert read(*queries) == at_head
