"""Coordinate reference systems; the only place where their numbers are spelt."""

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

WGS84 = 4326
"""Longitude and latitude in degrees: how every geometry is stored and served."""

WEB_MERCATOR = 3857
"""The square that map tiles are cut from; the shapes that they are drawn from are kept in it."""

WEB_MERCATOR_LAT = 85.0511287798066
"""Degrees of latitude, north and south, where that square ends."""


class UnknownCrsError(ValueError):
    """A coordinate reference system that cannot be used; the message is a plain sentence."""


@lru_cache(maxsize=64)
def parse_crs(text: str) -> CRS:
    """Return the coordinate reference system that `text` names (`EPSG:27700`, `OGC:CRS84`).

    Raises:
        UnknownCrsError: `text` names none.
    """
    try:
        return CRS.from_user_input(text)
    except CRSError:
        raise UnknownCrsError(
            f"{text!r} is not a coordinate system we know. Write it like EPSG:27700."
        ) from None


def parse_projected_crs(text: str) -> CRS:
    """Return the projected system in metres that `text` names; distances are measured in it.

    Raises:
        UnknownCrsError: `text` names none, or one in degrees or feet.
    """
    crs = parse_crs(text)
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise UnknownCrsError(
            f"{text!r} does not measure in metres on a plane. Name the national grid, "
            "or a UTM zone, such as EPSG:27700 or EPSG:32630."
        )
    return crs


@lru_cache(maxsize=64)
def _transformer(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def reproject(geometries: NDArray[np.object_], source: CRS, target: CRS) -> NDArray[np.object_]:
    """Return `geometries` moved from `source` to `target`; x is always east or longitude.

    Raises:
        UnknownCrsError: A coordinate has no place in `target`, which nearly always means that
            the file is in another system than it says.
    """
    if source == target:
        return geometries
    transformer = _transformer(source, target)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    moved = shapely.transform(geometries, move)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise UnknownCrsError(
            f"Some coordinates have no place in {target.name}. Check that the file "
            f"really is in {source.name}."
        )
    return moved


def move_points(lon_lat: NDArray[np.float64], target: CRS) -> NDArray[np.float64]:
    """Return points in degrees (WGS 84) moved to `target`: rows of x and y.

    Raises:
        UnknownCrsError: One of them has no place there.
    """
    moved = np.column_stack(
        _transformer(wgs84(), target).transform(lon_lat[:, 0], lon_lat[:, 1])
    ).astype(np.float64)
    if not np.isfinite(moved).all():
        raise UnknownCrsError(f"Some points have no place in {target.name}.")
    return moved


def fit_web_mercator(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return geometries in degrees without what lies beyond the square of Web Mercator."""
    _, south, _, north = shapely.total_bounds(geometries)
    if max(-south, north) <= WEB_MERCATOR_LAT:
        return geometries
    square = shapely.box(-180, -WEB_MERCATOR_LAT, 180, WEB_MERCATOR_LAT)
    cut: NDArray[np.object_] = shapely.intersection(geometries, square)
    return cut


def web_mercator() -> CRS:
    """Return the system of map tiles."""
    return CRS.from_epsg(WEB_MERCATOR)


def wgs84() -> CRS:
    """Return longitude and latitude on WGS 84."""
    return CRS.from_epsg(WGS84)
