"""Mending and thinning polygons."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

AREA_KEPT = 1e-6
"""A repaired part below this share of the whole is a sliver left by the repair, and dropped."""


class Repaired(NamedTuple):
    """A polygon fit for use, and what was wrong with it as published (None: nothing)."""

    boundary: shapely.MultiPolygon
    repair: str | None


def repair_boundary(geometry: BaseGeometry | None) -> Repaired:
    """Return `geometry` as a valid multipolygon without a third dimension.

    Raises:
        ValueError: It holds no area: nothing, a point, or a line. The message is the sentence.
    """
    if geometry is None or geometry.is_empty:
        raise ValueError("has no boundary")
    flat = shapely.force_2d(geometry)
    reason = None
    if not flat.is_valid:
        reason = shapely.is_valid_reason(flat)
        flat = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(flat))
        if isinstance(part, shapely.Polygon)
    ]
    whole = sum(part.area for part in parts)
    kept = [part for part in parts if part.area > whole * AREA_KEPT]
    if not kept:
        raise ValueError(f"is a {geometry.geom_type.lower()}, not an area")
    boundary = shapely.MultiPolygon(kept)
    if not boundary.is_valid:
        # A repair may leave pieces side by side, which one multipolygon must not hold.
        reason = reason or shapely.is_valid_reason(boundary)
        boundary = shapely.MultiPolygon(_polygons(shapely.union_all(kept)))
    return Repaired(boundary, reason)


def simplify_coverage(boundaries: NDArray[np.object_], tolerance_m: float) -> NDArray[np.object_]:
    """Thin polygons that meet, without opening gaps between them.

    Args:
        boundaries: Polygons in a projected system in metres, as one coverage.
        tolerance_m: About the width of the smallest detail kept.

    Returns:
        Multipolygons in the same order. Where a polygon would vanish, it is kept as it was.
    """
    thinned = shapely.coverage_simplify(boundaries, tolerance_m)
    lost = shapely.is_empty(thinned) | ~shapely.is_valid(thinned)
    thinned[lost] = boundaries[lost]
    multi: NDArray[np.object_] = np.array(
        [shapely.MultiPolygon(_polygons(item)) for item in thinned], dtype=object
    )
    return multi


def _polygons(geometry: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon)]
