"""How areas are drawn on a map: from which zoom on, and with how many corners at each."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from app.geo.geometry import simplify_coverage
from app.geo.tile_grid import pixel_m

DRAWN_TO_ZOOM = 14
"""Tiles of closer zooms would hold the same corners, so none are made; browsers enlarge these."""

SMALLEST_PX = 1.5
"""Areas whose middle one is narrower than this are a blur, and larger ones are drawn for them."""

NAMED_PX = 64
"""Width of the middle area of a kind from which on there is room for names."""

THINNED_PX = 0.5
"""How much is thinned away at each zoom: the thinnings of all closer zooms add up to a pixel."""

WORTH_KEEPING = 0.85
"""Shapes are kept for another zoom where they have fewer corners than this part of the last."""


class Drawing(NamedTuple):
    """The shapes of a whole set for some zooms.

    Attributes:
        to_zoom: They are drawn at this zoom, and at farther ones that have none of their own.
        shapes: Multipolygons in Web Mercator, in the order of the boundaries.
    """

    to_zoom: int
    shapes: NDArray[np.object_]


class Zooms(NamedTuple):
    """From which zoom on areas of a set are drawn, and named."""

    first: int
    named: int


def choose_zooms(boundaries: NDArray[np.object_]) -> Zooms:
    """Return the zooms for a set of areas by the size of the middle one.

    Args:
        boundaries: Polygons in Web Mercator, at least one.
    """
    width_m = float(np.median(np.sqrt(shapely.area(boundaries))))
    return Zooms(*(_zoom_at(px, width_m) for px in (SMALLEST_PX, NAMED_PX)))


def draw(boundaries: NDArray[np.object_], first_zoom: int) -> Iterator[Drawing]:
    """Yield the shapes of a set, thinned together so that no gap opens between neighbours.

    Args:
        boundaries: Multipolygons in Web Mercator, as one coverage.
        first_zoom: The farthest zoom at which they are drawn.

    Yields:
        The closest zoom first; where thinning further would save little, nothing.
    """
    shapes = simplify_coverage(boundaries, THINNED_PX * pixel_m(DRAWN_TO_ZOOM))
    yield Drawing(DRAWN_TO_ZOOM, shapes)
    corners = _count_corners(shapes)
    for zoom in range(DRAWN_TO_ZOOM - 1, first_zoom - 1, -1):
        shapes = simplify_coverage(shapes, THINNED_PX * pixel_m(zoom))
        fewer = _count_corners(shapes)
        if fewer < WORTH_KEEPING * corners:
            corners = fewer
            yield Drawing(zoom, shapes)


def _zoom_at(px: float, width_m: float) -> int:
    """Return the farthest zoom at which something is at least `px` wide."""
    zoom = math.ceil(math.log2(px * pixel_m(0) / width_m))
    return max(0, min(DRAWN_TO_ZOOM, zoom))


def _count_corners(shapes: NDArray[np.object_]) -> int:
    return int(shapely.get_num_coordinates(shapes).sum())
