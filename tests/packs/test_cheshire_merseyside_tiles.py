"""Tiles of the real place, decoded by GDAL and compared with its database."""

from collections.abc import AsyncIterator

import geopandas as gpd
import httpx
import pandas as pd
import psycopg
import pytest
import shapely

from app.core.database import Database, DatabaseAddress
from app.core.settings import Settings
from app.geo.tile_grid import Tile, cover
from tests.conftest import open_client
from tests.packs import test_cheshire_merseyside as whole
from tests.tiles.decoding import Layers, find_layer, find_tile, get_tile

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("cheshire-merseyside")]

region_template, region = whole.region_template, whole.region

ASSETS = "/tiles/assets/{z}/{x}/{y}.mvt"
AROUND = (-3.4, 52.8, -1.8, 53.8)
"""West, south, east and north of the region and its margin."""


@pytest.fixture
async def client(region: DatabaseAddress, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service with the region."""
    database = Database(region, pool_size=2)
    async with open_client(database, settings) as opened:
        yield opened
    await database.close()


async def read(client: httpx.AsyncClient, address: str, zoom: int, query: str = "") -> Layers:
    """Return what all tiles of a zoom around the region hold, by layer."""
    found: dict[str, list[gpd.GeoDataFrame]] = {}
    for across in cover(zoom, AROUND):
        for x in range(across.west, across.east + 1):
            for y in range(across.north, across.south + 1):
                tile = await get_tile(client, address, Tile(zoom, x, y), query)
                for name, frame in tile.items():
                    found.setdefault(name, []).append(frame)
    return {name: gpd.GeoDataFrame(pd.concat(frames)) for name, frames in found.items()}


@pytest.mark.parametrize(
    ("layer", "zoom", "shown", "count"),
    [
        ("lsoa-2021", 10, "lsoa-2021", 1601),
        ("lsoa-2021", 8, "lsoa-2021", 1601),
        ("lsoa-2021", 7, "msoa-2021", 325),
        ("lsoa-2021", 5, "authority-2024", 9),
        ("lsoa-2011", 9, "lsoa-2011", 1562),
        ("msoa-2021", 9, "msoa-2021", 325),
        ("authority-2024", 8, "authority-2024", 9),
    ],
)
async def test_every_area_of_the_region_is_drawn_at_every_size(
    client: httpx.AsyncClient, layer: str, zoom: int, shown: str, count: int
) -> None:
    described = await find_layer(client, layer)
    drawn = (await read(client, str(described["tiles"]), zoom))[shown]
    assert sorted(set(drawn["mvt_id"])) == list(range(1, count + 1))


async def test_the_neighbourhood_under_a_point_is_the_one_the_register_of_areas_says(
    client: httpx.AsyncClient,
) -> None:
    described = await find_layer(client, "lsoa-2021")
    names = (await client.get("/api/v1/areas/names?type=lsoa")).json()
    for lon, lat in ((-2.9779, 53.4075), (-2.5943, 53.3890), (-2.1256, 53.2606)):
        asked = f"/api/v1/areas/at?lon={lon}&lat={lat}&boundary_year=2021"
        found = (await client.get(asked)).json()
        code = next(each["code"] for each in found if each["type"] == "lsoa")
        tile = find_tile(14, lon, lat)
        drawn = (await get_tile(client, str(described["tiles"]), tile))["lsoa-2021"].to_crs(4326)
        here = drawn[drawn.contains(shapely.Point(lon, lat))]
        assert [names["codes"][gid - 1] for gid in here["mvt_id"]] == [code]


async def test_every_public_place_of_the_region_is_counted_and_pinned_once(
    client: httpx.AsyncClient, region: DatabaseAddress
) -> None:
    query = """
        SELECT count(*),
               sum(('x' || right(replace(a.public_id::text, '-', ''), 13))::bit(52)::bigint)
        FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id
        WHERE s.public_level = 'public' AND s.role = 'delivery' AND s.public_location IS NOT NULL
            AND EXISTS (SELECT FROM areas AS r
                WHERE r.in_study_area AND ST_Intersects(r.boundary, s.public_location))
    """
    with psycopg.connect(region.for_libpq) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    count, numbers = int(row[0]), int(row[1])
    assert count > 2700
    for zoom in (0, 8, 11):
        clusters = (await read(client, ASSETS, zoom))["clusters"]
        assert clusters["count"].sum() == count
    points = (await read(client, ASSETS, 12))["assets"]
    assert (len(points), sum(int(each) for each in points["mvt_id"])) == (count, numbers)
