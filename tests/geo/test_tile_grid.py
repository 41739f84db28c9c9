"""The grid of tiles: worked by hand, and against PostGIS."""

import math

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.database import DatabaseAddress
from app.geo.tile_grid import Range, Tile, cover, pixel_m

LON = st.floats(-180, 180, allow_nan=False)
LAT = st.floats(-90, 90, allow_nan=False)


def test_worked_by_hand() -> None:
    # Zoom 1 has four tiles; Liverpool is in the north-western one, Sydney in the south-eastern.
    assert cover(1, (-3.0, 53.4, -3.0, 53.4)) == [Range(0, 0, 0, 0)]
    assert cover(1, (151.2, -33.9, 151.2, -33.9)) == [Range(1, 1, 1, 1)]
    # 156,543 m a pixel at zoom 0, halved at each zoom.
    assert pixel_m(0) == pytest.approx(156543.03)
    assert pixel_m(12) == pytest.approx(38.2185)


def test_a_box_over_the_antimeridian_has_two_ends() -> None:
    assert cover(3, (170, -10, -170, 10)) == [Range(7, 3, 7, 4), Range(0, 3, 0, 4)]


def test_poles_are_at_the_edge_of_the_square() -> None:
    assert cover(4, (0, 86, 0, 90))[0].north == 0
    assert cover(4, (0, -90, 0, -86))[0].south == 15


@pytest.mark.parametrize(
    ("tile", "is_there"),
    [
        (Tile(0, 0, 0), True),
        (Tile(0, 1, 0), False),
        (Tile(5, 31, 31), True),
        (Tile(5, 32, 0), False),
        (Tile(25, 0, 0), False),
        (Tile(-1, 0, 0), False),
    ],
)
def test_tiles_off_the_grid(tile: Tile, is_there: bool) -> None:  # noqa: FBT001 - a case
    assert tile.is_on_the_grid == is_there


@given(st.integers(0, 20), LON, LAT, LON, LAT, st.floats(0, 64))
def test_a_wider_margin_never_covers_less(
    zoom: int, west: float, south: float, east: float, north: float, margin: float
) -> None:
    box = (west, min(south, north), east, max(south, north))
    for narrow, wide in zip(cover(zoom, box), cover(zoom, box, margin), strict=True):
        assert wide.west <= narrow.west <= narrow.east <= wide.east
        assert wide.north <= narrow.north <= narrow.south <= wide.south


def test_tiles_are_those_of_postgis(server: DatabaseAddress) -> None:
    query = """
        SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)
        FROM (SELECT ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326) AS b) AS t
    """
    with psycopg.connect(server.with_name("template_empty").for_libpq) as connection:
        for tile in (Tile(3, 1, 2), Tile(9, 250, 165), Tile(14, 8053, 5290)):
            west, south, east, north = connection.execute(query, tile).fetchone() or (0,) * 4
            middle = ((west + east) / 2, (south + north) / 2)
            ranges = cover(tile.zoom, (*middle, *middle))
            assert ranges == [Range(tile.x, tile.y, tile.x, tile.y)]
            inside = (west + 1e-9, south + 1e-9, east - 1e-9, north - 1e-9)
            assert cover(tile.zoom, inside) == ranges
            assert math.isclose(east - west, 360 / 2**tile.zoom)
