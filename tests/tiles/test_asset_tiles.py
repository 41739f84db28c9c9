"""Tiles of assets, read by GDAL and compared with the database."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import httpx
import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.database import Database
from app.geo.tile_grid import Tile, cover
from app.tiles import queries
from tests.planting import add_asset, at, edit_asset, find_district
from tests.tiles.decoding import Layers, find_tile, get_tile

pytestmark = pytest.mark.reads

ADDRESS = "/tiles/assets/{z}/{x}/{y}.mvt"
AROUND = (1.10, 53.80, 1.30, 53.92)
"""West, south, east and north of everything in the demonstration place and its margin."""


async def read_tiles(client: httpx.AsyncClient, zoom: int, query: str = "") -> Layers:
    """Return what all tiles of a zoom hold, by layer, with the tile that each feature is of."""
    found: dict[str, list[gpd.GeoDataFrame]] = {}
    for across in cover(zoom, AROUND):
        for x in range(across.west, across.east + 1):
            for y in range(across.north, across.south + 1):
                for name, frame in (
                    await get_tile(client, ADDRESS, Tile(zoom, x, y), query)
                ).items():
                    found.setdefault(name, []).append(frame.assign(x=x, y=y))
    return {name: pd.concat(frames) for name, frames in found.items()}


async def read_points(database: Database, category: str | None = None) -> gpd.GeoDataFrame:
    """Return public points as they are worked out from the sites themselves, in Web Mercator."""
    query = """
        SELECT ('x' || right(replace(a.public_id::text, '-', ''), 13))::bit(52)::bigint AS number,
               (SELECT category_id FROM asset_categories AS c WHERE c.asset_id = a.id
                ORDER BY position LIMIT 1) AS category,
               ST_AsBinary(ST_Transform(s.public_location, 3857)) AS point
        FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id
        WHERE s.public_level = 'public' AND s.role = 'delivery' AND s.public_location IS NOT NULL
            AND (s.valid_from IS NULL OR s.valid_from <= local_today())
            AND (s.valid_to IS NULL OR s.valid_to >= local_today())
            AND (:category = '' OR a.id IN (
                SELECT c.asset_id FROM asset_categories AS c
                JOIN category_closure AS up ON up.narrower_id = c.category_id
                JOIN categories AS k ON k.id = up.broader_id WHERE k.code = :category))
        ORDER BY 1
    """
    async with database.sessions() as session:
        rows = (await session.execute(text(query), {"category": category or ""})).all()
    columns = {"number": [row.number for row in rows], "category": [row.category for row in rows]}
    points = shapely.from_wkb([row.point for row in rows])
    return gpd.GeoDataFrame(columns, geometry=points, crs=3857)


@pytest.mark.parametrize("category", [None, "library", "health"])
@pytest.mark.parametrize("zoom", [12, 14])
async def test_every_public_point_is_in_one_tile_with_its_number_and_category(
    client: httpx.AsyncClient, demo_database: Database, zoom: int, category: str | None
) -> None:
    expected = await read_points(demo_database, category)
    assert len(expected) > (5 if category else 300)
    query = f"?category={category}" if category else ""
    found = (await read_tiles(client, zoom, query))["assets"].sort_values("mvt_id")
    assert list(found["mvt_id"]) == list(expected["number"])
    assert list(found["category"]) == list(expected["category"])
    step_m = 40_075_017 / 2**zoom / 4096
    ours = sorted(zip(found["mvt_id"], found.geometry.x, found.geometry.y, strict=True))
    places = expected.geometry
    theirs = sorted(zip(expected["number"], places.x, places.y, strict=True))
    for (_, x, y), (_, right_x, right_y) in zip(ours, theirs, strict=True):
        assert abs(x - right_x) <= step_m
        assert abs(y - right_y) <= step_m


@pytest.mark.parametrize("category", [None, "library", "health"])
@pytest.mark.parametrize("zoom", [0, 6, 9, 11])
async def test_clusters_count_every_public_point_once(
    client: httpx.AsyncClient, demo_database: Database, zoom: int, category: str | None
) -> None:
    expected = await read_points(demo_database, category)
    query = f"?category={category}" if category else ""
    found = (await read_tiles(client, zoom, query))["clusters"]
    assert found["count"].sum() == len(expected)
    cell_m = 40_075_017 / 2**zoom / 4
    cells = expected.assign(
        cell_x=((expected.geometry.x + 20037508.34) // cell_m).astype(int),
        cell_y=((20037508.34 - expected.geometry.y) // cell_m).astype(int),
    )
    counts = cells.groupby(["cell_x", "cell_y"]).size()
    assert sorted(found["count"]) == sorted(counts)
    singles = found[found["count"] == 1]
    alone = cells.set_index(["cell_x", "cell_y"]).loc[counts[counts == 1].index]
    assert len(singles) == len(alone)
    if len(singles):
        assert sorted(singles["mvt_id"]) == sorted(alone["number"])
        assert sorted(singles["category"]) == sorted(alone["category"])


@pytest.mark.parametrize("category", [None, "health"])
@pytest.mark.parametrize("zoom", [12, 13, 14])
async def test_where_points_are_too_many_for_a_picture_they_are_counted_by_cell(
    client: httpx.AsyncClient,
    demo_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    zoom: int,
    category: str | None,
) -> None:
    expected = await read_points(demo_database, category)
    side_m = 40_075_017 / 2**zoom
    places = expected.assign(
        x=((expected.geometry.x + 20037508.34) // side_m).astype(int),
        y=((20037508.34 - expected.geometry.y) // side_m).astype(int),
    )
    monkeypatch.setattr(queries, "MOST_POINTS", 3)
    found = await read_tiles(client, zoom, f"?category={category}" if category else "")
    points, counted = found["assets"], found["clusters"]
    per_tile = places.groupby(["x", "y"]).size()
    assert dict(counted.groupby(["x", "y"])["count"].sum()) == dict(per_tile[per_tile > 3])
    assert dict(points.groupby(["x", "y"]).size()) == dict(per_tile[per_tile <= 3])
    for tile, cells in counted.groupby(["x", "y"]):
        here = places.set_index(["x", "y"]).loc[[tile]].geometry
        taken = {
            (x // (side_m / 4), y // (side_m / 4)) for x, y in zip(here.x, here.y, strict=True)
        }
        assert abs(len(cells) - len(taken)) <= 1, "one on an edge may be on its other side"
    singles = counted[counted["count"] == 1].set_index("mvt_id")["category"]
    known = dict(zip(expected["number"], expected["category"], strict=True))
    assert len(singles)
    assert all(known[number] == kind for number, kind in singles.items())


async def test_a_category_counts_with_all_that_is_narrower_and_several_are_joined(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    libraries = len(await read_points(demo_database, "library"))
    health = len(await read_points(demo_database, "health"))
    for zoom, layer in ((9, "clusters"), (13, "assets")):
        found = await read_tiles(client, zoom, "?category=library&category=health")
        frame = found[layer]
        both = frame["count"].sum() if layer == "clusters" else len(frame)
        assert both == libraries + health


@pytest.mark.parametrize(
    "asked", ["cost=free", "q=hall", "step_free=yes", "open_at=2026-12-01T11:00", "kind=place"]
)
async def test_a_filtered_map_shows_what_the_list_shows(
    client: httpx.AsyncClient, asked: str
) -> None:
    listed: set[str] = set()
    points = 0
    address: str | None = f"/api/v1/assets?{asked}&bbox=1.1,53.8,1.3,53.92&limit=100&sort=name"
    while address:
        page = (await client.get(address)).json()
        listed |= {each["id"] for each in page["features"] if each["geometry"]}
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    tiles = await read_tiles(client, 13, f"?{asked}")
    numbers = {int(each.replace("-", "")[-13:], 16) for each in listed}
    assert set(tiles["assets"]["mvt_id"]) == numbers
    points = len(tiles["assets"])
    assert (await read_tiles(client, 8, f"?{asked}"))["clusters"]["count"].sum() == points
    got = await client.get(f"/tiles/assets/9/257/166.mvt?{asked}")
    assert got.headers["cache-control"] == "private, no-cache"


async def test_a_number_of_a_tile_leads_to_its_card(client: httpx.AsyncClient) -> None:
    found = (await read_tiles(client, 14))["assets"]
    numbers = list(found["mvt_id"][:3])
    asked = "&".join(f"map_number={number}" for number in numbers)
    page = (await client.get(f"/api/v1/assets?{asked}")).json()
    assert {int(each["id"].replace("-", "")[-13:], 16) for each in page["features"]} == set(numbers)
    assert page["number_matched"] == 3
    categories = (await client.get("/api/v1/categories")).json()
    numbered = {each["number"]: each["code"] for each in categories}
    for each in page["features"]:
        row = found[found["mvt_id"] == int(each["id"].replace("-", "")[-13:], 16)].iloc[0]
        assert numbered[row["category"]] == each["properties"]["categories"][0]


def _at(point: tuple[float, float], **said: Any) -> dict[str, Any]:  # noqa: ANN401 - fields
    site = {"mode": "address", "address": "1 Secret Street", "location": at(point)}
    return {"kind": "activity", "name": "Thing", "categories": ["library"],
            "sites": [{**site, **said}]}  # fmt: skip


def _count(layers: Layers, name: str) -> int:
    if name not in layers:
        return 0
    return int(layers[name]["count"].sum()) if "count" in layers[name] else len(layers[name])


@pytest.mark.writes
async def test_what_is_private_is_on_no_tile_and_what_is_area_only_has_no_pin(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    secret = district["points"][0]
    before = {zoom: await _tile(client, zoom, secret) for zoom in (4, 11, 12, 14)}
    await add_asset(demo_database, _at(secret, visibility="hidden"))
    for zoom, layers in before.items():
        assert _same(await _tile(client, zoom, secret), layers), f"hidden told at zoom {zoom}"
    await add_asset(demo_database, _at(secret, visibility="area only"))
    middle = district["centroid"]
    for zoom, layers in before.items():
        now = await _tile(client, zoom, secret)
        assert _count(now, "assets") == _count(layers, "assets")
        assert _count(now, "clusters") == _count(layers, "clusters")
    told = (await _tile(client, 14, middle))["by_area"]
    mine = told[told["name"] == district["name"]]
    assert list(mine["count"]) == [1]
    point = gpd.GeoSeries(mine.geometry, crs=3857).to_crs(4326)
    assert (point.x.iloc[0], point.y.iloc[0]) == pytest.approx(middle, abs=1e-5)


async def _tile(client: httpx.AsyncClient, zoom: int, point: tuple[float, float]) -> Layers:
    return await get_tile(client, ADDRESS, find_tile(zoom, *point))


def _same(one: Mapping[str, gpd.GeoDataFrame], other: Mapping[str, gpd.GeoDataFrame]) -> bool:
    return one.keys() == other.keys() and all(one[name].equals(other[name]) for name in one)


@pytest.mark.writes
@pytest.mark.parametrize("zoom", [3, 11, 12])
async def test_sites_come_and_go_by_the_day(
    client: httpx.AsyncClient, demo_database: Database, zoom: int
) -> None:
    point = (await find_district(demo_database))["points"][0]
    layer = "assets" if zoom >= 12 else "clusters"
    before = _count(await _tile(client, zoom, point), layer)
    today = date.today()  # noqa: DTZ011 - the place's own day is ours but for a few hours
    for first, last, adds in (
        (today - timedelta(9), today + timedelta(9), 1),
        (today + timedelta(5), None, 0),
        (None, today - timedelta(5), 0),
    ):
        days = {
            "valid_from": str(first) if first else None,
            "valid_to": str(last) if last else None,
        }
        await add_asset(demo_database, _at(point, **days))
        before += adds
        assert _count(await _tile(client, zoom, point), layer) == before


@pytest.mark.writes
async def test_cells_stay_right_whatever_happens(demo_database: Database) -> None:
    points = (await find_district(demo_database))["points"]
    kept = await add_asset(demo_database, _at(points[0]))
    await edit_asset(demo_database, kept.public_id, _at(points[1]))
    await edit_asset(demo_database, kept.public_id, {"categories": ["warm-space", "library"]})
    await edit_asset(demo_database, kept.public_id, {"visibility": "area only"})
    await edit_asset(demo_database, kept.public_id, {"visibility": "public"})
    gone = await add_asset(demo_database, _at(points[2]))
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM asset_sites WHERE asset_id = :id"), {"id": gone.id})
    query = """
        SELECT zoom, cell_column(ST_X(location)) >> (14 - zoom),
               cell_row(ST_Y(location)) >> (14 - zoom), category_id, count(*),
               sum(round(ST_X(location) * 1e7)), sum(round(ST_Y(location) * 1e7)), sum(asset_id)
        FROM site_points CROSS JOIN generate_series(0, 13) AS zoom
        WHERE NOT is_area AND valid_from IS NULL AND valid_to IS NULL GROUP BY 1, 2, 3, 4
    """
    stored = "SELECT zoom, x, y, category_id, points, sum_lon, sum_lat, sum_asset FROM asset_cells"
    with pytest.raises(DBAPIError, match="site_points are removed and added anew"):
        async with demo_database.sessions.begin() as session:
            await session.execute(text("UPDATE site_points SET is_area = true"))
    async with demo_database.sessions() as session:
        expected = {tuple(map(int, row)) for row in await session.execute(text(query))}
        assert {tuple(row) for row in await session.execute(text(stored))} == expected


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/tiles/assets/15/0/0.mvt", 404, "up to zoom 14"),
        ("/tiles/assets/2/4/0.mvt", 404, "from 0 to 3"),
        ("/tiles/assets/2/1/1.mvt?category=libary", 400, "do you mean 'library'"),
        ("/tiles/assets/2/1/1.mvt?colour=red", 422, "colour"),
        ("/tiles/assets/2/1/1.mvt?cost=cheap", 422, "cost"),
        ("/tiles/assets/2/1/1.mvt?near=1,2", 422, "near"),
        ("/tiles/assets/2/1/1.mvt?q=%00", 422, "q"),
    ],
)
async def test_bad_addresses_are_answered_in_a_sentence(
    client: httpx.AsyncClient, path: str, status: int, says: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


async def test_a_tile_of_assets_is_asked_about_again_each_time(client: httpx.AsyncClient) -> None:
    answer = await client.get("/tiles/assets/9/257/165.mvt")
    assert answer.headers["cache-control"] == "public, no-cache"
    held = await client.get(
        "/tiles/assets/9/257/165.mvt", headers={"if-none-match": answer.headers["etag"]}
    )
    assert held.status_code == 304
    assert (await client.post("/tiles/assets/9/257/165.mvt")).status_code == 405
