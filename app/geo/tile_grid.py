"""The grid of map tiles: WebMercatorQuad (OGC 17-083r4), tiles of 256 pixels."""

import math
from typing import NamedTuple

from app.geo.crs import WEB_MERCATOR_LAT

WORLD_M = 40_075_016.685578488
"""Width of the world in Web Mercator, in its metres: 2 pi times 6,378,137."""

TILE_PX = 256
LAST_ZOOM = 24


class Tile(NamedTuple):
    """One tile: zoom 0 is the world; x counts from the west, y from the north."""

    zoom: int
    x: int
    y: int

    @property
    def is_on_the_grid(self) -> bool:
        """Whether there is such a tile."""
        side = 1 << self.zoom if 0 <= self.zoom <= LAST_ZOOM else 0
        return 0 <= self.x < side and 0 <= self.y < side


class Range(NamedTuple):
    """Columns and rows of tiles of one zoom, ends included."""

    west: int
    north: int
    east: int
    south: int

    def has(self, tile: Tile) -> bool:
        """Whether a tile of that zoom is among them."""
        return self.west <= tile.x <= self.east and self.north <= tile.y <= self.south


def pixel_m(zoom: int) -> float:
    """Return the width of a pixel in metres of Web Mercator (longer than those on the ground)."""
    return WORLD_M / TILE_PX / (1 << zoom)


def cover(zoom: int, box: tuple[float, float, float, float], margin_px: float = 0) -> list[Range]:
    """Return the tiles that touch a box.

    Args:
        zoom: Of the tiles.
        box: West, south, east and north in degrees; west east of east crosses longitude 180.
        margin_px: How far beyond its edges a tile shows what lies there, in its pixels.

    Returns:
        One range, or two where the box crosses longitude 180.
    """
    west, south, east, north = box
    spare = margin_px / TILE_PX
    rows = _row(zoom, north) - spare, _row(zoom, south) + spare
    sides = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    last = (1 << zoom) - 1
    return [
        Range(
            west=_clamp(_column(zoom, left) - spare, last),
            north=_clamp(rows[0], last),
            east=_clamp(_column(zoom, right) + spare, last),
            south=_clamp(rows[1], last),
        )
        for left, right in sides
    ]


def _column(zoom: int, lon: float) -> float:
    return (lon + 180) / 360 * (1 << zoom)


def _row(zoom: int, lat: float) -> float:
    angle = math.radians(max(-WEB_MERCATOR_LAT, min(WEB_MERCATOR_LAT, lat)))
    return (1 - math.asinh(math.tan(angle)) / math.pi) / 2 * (1 << zoom)


def _clamp(place: float, last: int) -> int:
    return max(0, min(last, math.floor(place)))
