"""Mending, thinning and joining polygons."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

AREA_KEPT = 1e-6
"""A repaired part below this share of the whole is a sliver left by the repair, and dropped."""

SLIVER_M2 = 1.0
"""A hole this small in outlines put together is where their edges were drawn apart."""

SNAP_M = 0.001
"""Edges closer than this are one when outlines that do not quite meet are put together."""


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


def union_coverage(boundaries: NDArray[np.object_]) -> shapely.MultiPolygon:
    """Return the outline around polygons that meet, without the slivers between them.

    Args:
        boundaries: Valid polygons in a projected system in metres, at least one.

    Returns:
        A valid multipolygon. Holes under `SLIVER_M2` or under `AREA_KEPT` of the whole are filled;
        larger ones are lakes, or other people's areas, and stay.
    """
    if shapely.coverage_is_valid(boundaries):
        whole = shapely.coverage_union_all(boundaries)
    else:
        whole = shapely.union_all(boundaries, grid_size=SNAP_M)
    sliver = max(SLIVER_M2, AREA_KEPT * whole.area)
    filled = [_fill(part, sliver) for part in _polygons(whole)]
    outline = shapely.MultiPolygon(filled)
    if not outline.is_valid:
        # Filling a hole can bring an island in it, or parts that met at its edge, together.
        outline = shapely.MultiPolygon(_polygons(shapely.union_all(filled)))
    return outline


def keep_valid(moved: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """Return a multipolygon that was valid before it was moved to another system, valid again.

    Straight lines between corners do not move along with them, so that a hair-thin neck may
    cross itself afterwards; that is no fault of the publisher's, and not told as one.
    """
    return moved if moved.is_valid else repair_boundary(moved).boundary


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


def _fill(part: shapely.Polygon, sliver_m2: float) -> shapely.Polygon:
    """Return `part` without its holes up to a size."""
    holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= sliver_m2]
    return shapely.Polygon(part.exterior, holes)
