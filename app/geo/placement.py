"""Whether coordinates lie where the place's own system is used, and what is wrong if not."""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

SPARE_DEGREES = 1.0
"""Outlines may run a little over the edge of where their system is meant for."""

MISTAKES = (
    (1, 1, True, "the two axes look swapped; write the easting or longitude first"),
    (-1, 1, False, "the longitude looks to have the wrong sign; west of Greenwich it is negative"),
    (
        1,
        -1,
        False,
        "the latitude looks to have the wrong sign; south of the equator it is negative",
    ),
    (-1, -1, False, "longitude and latitude both look to have the wrong sign"),
)
"""Factors for x and y, whether they change places, and what to say where that puts things right."""


def say_misplaced(shapes: NDArray[np.object_], crs: CRS) -> str | None:
    """Return what is wrong with where most of `shapes` lie; None where nothing is.

    Args:
        shapes: Points or polygons of one file in longitude and latitude, longitude first. A few
            strays among many are not this function's matter; ask about each by itself for those.
        crs: The pack's projected system, whose area of use says where its place can be.

    Returns:
        One plain sentence with where they lie, where they should, and a remedy. A wrong sign is
        not noticed where the mirrored place is in the system's area as well.
    """
    use = crs.area_of_use
    sides = shapely.bounds(shapes)
    sides = sides[np.isfinite(sides).all(axis=1)]
    if use is None or not len(sides):
        return None
    middles = (sides[:, :2] + sides[:, 2:]) / 2
    outside = middles[~_is_inside(middles, use.bounds)]
    if len(outside) * 2 <= len(middles):
        return None
    west, south, east, north = use.bounds
    lon, lat = np.median(outside, axis=0)
    name = ":".join(crs.to_authority() or (crs.name,))
    return (
        f"The coordinates lie at longitude {lon:.1f}, latitude {lat:.1f}, outside the area of "
        f"{name} (longitude {west:.1f} to {east:.1f}, latitude {south:.1f} to {north:.1f}): "
        f"{_find_mistake(outside, use.bounds)}."
    )


def _find_mistake(outside: NDArray[np.float64], bounds: tuple[float, ...]) -> str:
    for x_factor, y_factor, is_swapped, words in MISTAKES:
        moved = outside * (x_factor, y_factor)
        if is_swapped:
            moved = moved[:, ::-1]
        if _is_inside(moved, bounds).mean() > 1 / 2:
            return words
    return "the file looks to be in another system than it says; state `crs`"


def _is_inside(points: NDArray[np.float64], bounds: tuple[float, ...]) -> NDArray[np.bool_]:
    """Whether each point lies in a box in degrees, which may span the date line."""
    west, south, east, north = bounds
    lon, lat = points[:, 0], points[:, 1]
    after_west, before_east = lon >= west - SPARE_DEGREES, lon <= east + SPARE_DEGREES
    across = after_west & before_east if west <= east else after_west | before_east
    inside: NDArray[np.bool_] = (
        across & (lat >= south - SPARE_DEGREES) & (lat <= north + SPARE_DEGREES)
    )
    return inside
