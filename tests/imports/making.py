"""Rows and ground to test with: a square kilometre on a metric grid, its middle at 0, 0."""

import numpy as np
import shapely
from pyproj import CRS

from app.geo.crs import reproject, wgs84
from app.imports.placing import Ground
from app.imports.rows import Draft, Place

GRID = CRS.from_epsg(32630)
EAST, NORTH = 500_000.0, 5_540_000.0


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of metres east and north of the middle."""
    points = np.array([shapely.Point(EAST + x, NORTH + y)], dtype=object)
    (moved,) = reproject(points, GRID, wgs84())
    return float(moved.x), float(moved.y)


def make_square(half_m: float) -> shapely.Polygon:
    """Return a square around the middle, in degrees."""
    corners = [(-half_m, -half_m), (half_m, -half_m), (half_m, half_m), (-half_m, half_m)]
    return shapely.Polygon([to_degrees(*corner) for corner in corners])


POSTCODES = {
    "AB11AA": (0, 0),
    "AB11AB": (100, 0),
    "AB11AC": (400, 400),
    "AB29ZZ": (700, 0),  # of the margin
    "ZZ11AA": (90_000, 0),  # elsewhere
}
"""Postcodes by their metres from the middle."""


def make_ground(ending: int = 3) -> Ground:
    """Return a place of 1 km by 1 km with a margin of 500 m."""
    inner, outer = make_square(500), make_square(1000)
    return Ground(
        np.array([inner, outer - inner], dtype=object),
        np.array([True, False]),
        GRID,
        list(POSTCODES),
        np.array([to_degrees(*point) for point in POSTCODES.values()]),
        ending,
    )


def make_draft(
    name: str = "",
    at: tuple[float, float] | None = None,
    *,
    number: int = 2,
    table: int = 0,
    of_postcode: bool = False,
    fields: dict[str, str] | None = None,
    **more: str,
) -> Draft:
    """Return a row with a name, metres from the middle, and fields."""
    named = {"name": name} if name else {}
    given = {"source": f"list {table}", "source_id": f"{table}-{number}", **named, **more}
    given |= fields or {}
    draft = Draft(number, table, given)
    if at is not None:
        draft.place = Place(*to_degrees(*at), is_of_postcode=of_postcode)
    return draft
