"""Tiles of areas, read by GDAL and compared with the database."""

from typing import Any

import geopandas as gpd
import httpx
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from app.core.database import Database
from app.geo.tile_grid import Tile, cover, pixel_m
from tests.tiles.decoding import decode, find_layer, get_tile

pytestmark = pytest.mark.reads

LAYER = "lsoa-2021"


async def read_areas(database: Database, layer: str) -> gpd.GeoDataFrame:
    """Return gid, name and boundary in Web Mercator of what a layer shows, as they were loaded."""
    kind, year = layer.rsplit("-", 1)
    query = """
        SELECT a.gid, a.name, ST_AsBinary(ST_Transform(a.boundary, 3857)) AS shape
        FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id
        WHERE b.area_type = :kind AND b.boundary_year = :year AND a.in_study_area ORDER BY a.gid
    """
    async with database.sessions() as session:
        given = {"kind": kind, "year": int(year)}
        rows = (await session.execute(text(query), given)).all()
    shapes = shapely.from_wkb([row.shape for row in rows])
    named = {"gid": [row.gid for row in rows], "name": [row.name for row in rows]}
    return gpd.GeoDataFrame(named, geometry=shapes, crs=3857)


async def read_tiles(
    client: httpx.AsyncClient, described: dict[str, Any], zoom: int
) -> dict[str, gpd.GeoDataFrame]:
    """Return what all tiles of a zoom hold, by layer, with the tile that each feature is of."""
    found: dict[str, list[gpd.GeoDataFrame]] = {}
    for across in cover(zoom, tuple(described["bbox"])):
        for x in range(across.west, across.east + 1):
            for y in range(across.north, across.south + 1):
                tile = Tile(zoom, x, y)
                for name, frame in (await get_tile(client, str(described["tiles"]), tile)).items():
                    found.setdefault(name, []).append(frame.assign(x=x, y=y))
    return {name: pd.concat(frames) for name, frames in found.items()}


@pytest.mark.parametrize("zoom", [9, 11, 12, 14])
async def test_every_area_is_there_once_with_its_gid_and_its_place(
    client: httpx.AsyncClient, demo_database: Database, zoom: int
) -> None:
    described = await find_layer(client, LAYER)
    areas = await read_areas(demo_database, LAYER)
    frame = (await read_tiles(client, described, zoom))[LAYER]
    assert set(frame.columns) == {"mvt_id", "geometry", "x", "y"}, "tiles carry more than gids"
    assert sorted(set(frame["mvt_id"])) == list(areas["gid"])
    assert len(areas) == described["count"]
    # Put together over the tiles, each is what was loaded, but for about a pixel at its edge.
    pieces = frame.dissolve("mvt_id").sort_index()
    spare = 2 * pixel_m(zoom)
    for loaded, drawn in zip(areas.geometry, pieces.geometry, strict=True):
        assert drawn.intersects(loaded)
        assert drawn.within(loaded.buffer(spare))
        assert loaded.buffer(-spare).difference(drawn.buffer(0.01)).is_empty


@pytest.mark.parametrize("zoom", [9, 11, 13])
async def test_neighbours_leave_no_gap_and_do_not_overlap(
    client: httpx.AsyncClient, demo_database: Database, zoom: int
) -> None:
    described = await find_layer(client, LAYER)
    areas = await read_areas(demo_database, LAYER)
    frame = (await read_tiles(client, described, zoom))[LAYER]
    ground = shapely.union_all(areas.geometry.to_numpy())
    pixel = pixel_m(zoom)
    for (x, y), tile in frame.groupby(["x", "y"]):
        shapes = gpd.GeoSeries(shapely.make_valid(tile.geometry.to_numpy()), crs=3857)
        box = shapely.box(*shapely.total_bounds(shapes.to_numpy()))
        drawn = shapely.union_all(shapes.to_numpy())
        holes = shapely.difference(shapely.intersection(ground, box), drawn)
        assert shapely.buffer(holes, -pixel).is_empty, f"a gap in {zoom}/{x}/{y}"
        over = shapes.area.sum() - drawn.area
        assert over <= pixel * drawn.length + shapes.length.sum() * pixel / 2
        pairs = gpd.overlay(
            gpd.GeoDataFrame({"mvt_id": list(tile["mvt_id"])}, geometry=shapes),
            gpd.GeoDataFrame({"mvt_id": list(tile["mvt_id"])}, geometry=shapes),
            keep_geom_type=True,
        )
        overlaps = pairs[pairs["mvt_id_1"] < pairs["mvt_id_2"]].geometry
        assert shapely.is_empty(shapely.buffer(overlaps.to_numpy(), -pixel)).all()


async def test_from_afar_larger_areas_stand_for_them(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    described = await find_layer(client, LAYER)
    shown = described["shown"]
    assert [each["layer"] for each in shown] == ["authority-2025", "msoa-2021", LAYER]
    assert (shown[0]["from_zoom"], shown[-1]["to_zoom"]) == (0, 14)
    for each in shown:
        areas = await read_areas(demo_database, each["layer"])
        for zoom in (each["from_zoom"], each["to_zoom"]):
            found = await read_tiles(client, described, zoom)
            if zoom >= 6:  # farther away a town is smaller than a step of a tile
                assert set(found) - {"labels"} == {each["layer"]}
                assert set(found[each["layer"]]["mvt_id"]) == set(areas["gid"])


async def test_names_stand_inside_their_areas_where_there_is_room(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    described = await find_layer(client, LAYER)
    assert "labels" not in await read_tiles(client, described, 9)
    for zoom, layer in ((13, "msoa-2021"), (14, LAYER)):
        labels = (await read_tiles(client, described, zoom))["labels"]
        assert set(labels["layer"]) == {layer}
        areas = (await read_areas(demo_database, layer)).set_index("gid")
        assert sorted(labels["mvt_id"]) == list(areas.index), "a name is missing or there twice"
        for _, label in labels.iterrows():
            area = areas.loc[label["mvt_id"]]
            assert label["name"] == area["name"]
            assert area.geometry.buffer(pixel_m(zoom)).contains(label.geometry)


async def test_a_tile_never_changes_and_says_so(client: httpx.AsyncClient) -> None:
    described = await find_layer(client, LAYER)
    zoom, (west, south, *_) = 12, described["bbox"]
    across = cover(zoom, (west, south, west, south))[0]
    path = str(described["tiles"]).format(z=zoom, x=across.west, y=across.north)
    answer = await client.get(path)
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "accept-encoding" in answer.headers["vary"].lower()
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    assert int(plain.headers["content-length"]) == len(plain.content)
    etag = answer.headers["etag"]
    held = await client.get(path, headers={"if-none-match": etag})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", etag)
    head = await client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == etag


async def test_far_away_nothing_is_sent_and_nothing_is_asked_of_the_database(
    client: httpx.AsyncClient,
) -> None:
    described = await find_layer(client, LAYER)
    answer = await client.get(str(described["tiles"]).format(z=12, x=0, y=0))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"].endswith("immutable")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/tiles/lsoa-2021/{v}/15/0/0.mvt", 404, "up to zoom 14"),
        ("/tiles/lsoa-2021/{v}/3/8/0.mvt", 404, "from 0 to 7"),
        ("/tiles/lsoa-2021/{v}/3/1/8.mvt", 404, "from 0 to 7"),
        ("/tiles/lsoa-1871/{v}/3/1/1.mvt", 404, "There are: lsoa-2021, "),
        ("/tiles/%3Cscript%3E/{v}/3/1/1.mvt", 404, "There are: lsoa-2021, "),
        ("/tiles/lsoa-2021/yesterday/3/1/1.mvt", 404, "version"),
        ("/tiles/lsoa-2021/{v}/3/1/x.mvt", 422, "y: Input should be a valid integer"),
        ("/tiles/lsoa-2021/{v}/-1/1/1.mvt", 422, "z: Input should be greater than or equal to 0"),
        ("/tiles/lsoa-2021/{v}/3/1/99999999999999999999.mvt", 422, "y: Input should be less than"),
        ("/tiles/lsoa-2021/{v}/3/1.mvt", 404, "nothing at this address"),
        ("/tiles/lsoa-2021/{v}/3/1/1.png", 404, "nothing at this address"),
    ],
)
async def test_addresses_that_name_no_tile(
    client: httpx.AsyncClient, path: str, status: int, says: str
) -> None:
    described = await find_layer(client, LAYER)
    answer = await client.get(path.replace("{v}", str(described["version"])))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert "immutable" not in answer.headers.get("cache-control", "")


async def test_another_version_is_told_the_current_one(client: httpx.AsyncClient) -> None:
    described = await find_layer(client, LAYER)
    answer = await client.get(f"/tiles/{LAYER}/0123456789ab1/9/257/166.mvt")
    assert answer.status_code == 404
    assert answer.json()["current_version"] == described["version"]


@pytest.mark.writes
async def test_a_load_makes_new_addresses_and_the_old_ones_never_show_other_areas(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    before = await find_layer(client, LAYER)
    tile = Tile(9, *_middle(before, 9))
    first = await get_tile(client, str(before["tiles"]), tile)
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM area_shapes WHERE gid = 1"))
        await session.execute(
            text(
                "UPDATE versions SET version = version + 1, raised_at = now() WHERE topic = 'areas'"
            )
        )
    # This process has heard nothing of it: what it kept is still right, and nothing else is sent.
    kept = await client.get(str(before["tiles"]).format(z=9, x=tile.x, y=tile.y))
    assert decode(kept.content, tile)[LAYER].equals(first[LAYER])
    other = await client.get(str(before["tiles"]).format(z=10, x=2 * tile.x, y=2 * tile.y))
    assert other.status_code == 404
    after = await find_layer(client, LAYER)
    assert other.json()["current_version"] == after["version"] != before["version"]
    fresh = await get_tile(client, str(after["tiles"]), tile)
    assert set(first[LAYER]["mvt_id"]) - set(fresh[LAYER]["mvt_id"]) == {1}


def _middle(described: dict[str, Any], zoom: int) -> tuple[int, int]:
    west, south, east, north = described["bbox"]
    across = cover(zoom, ((west + east) / 2, (south + north) / 2) * 2)[0]
    return across.west, across.north
