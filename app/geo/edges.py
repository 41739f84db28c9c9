"""How far points are from where what is known of the land stops."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from app.geo.geometry import union_coverage

CRACK_M = 300.0
"""Gaps up to twice as wide are no land of their own: outlines of two files seldom quite meet."""


def measure_to_edge(
    outlines: NDArray[np.object_],
    points: NDArray[np.float64],
    sea: Sequence[shapely.Polygon] = (),
) -> NDArray[np.float64]:
    """Return how far each point is from the nearest land that lies in none of the outlines.

    What lies outside of the outlines and of the sea is taken for land that nothing is known of.

    Args:
        outlines: Polygons of what is known, in a projected system in metres; at least one.
        points: x and y of each, in the same system.
        sea: Polygons of where nobody lives, in the same system; they may lie over the outlines.

    Returns:
        Straight metres, to the metre; 0 for a point that lies in neither.
    """
    known = shapely.union_all([union_coverage(outlines), *sea])
    known = known.buffer(CRACK_M, join_style="mitre").buffer(-CRACK_M, join_style="mitre")
    starts, ends = [], []
    for ring in shapely.get_rings(shapely.get_parts(known)):
        corners = shapely.get_coordinates(ring)
        starts.append(corners[:-1])
        ends.append(corners[1:])
    sides = np.stack([np.vstack(starts), np.vstack(ends)], axis=1)
    pieces = np.asarray(shapely.linestrings(sides), dtype=object)
    placed = shapely.points(points)
    _, distance = shapely.STRtree(pieces).query_nearest(
        placed, return_distance=True, all_matches=False
    )
    shapely.prepare(known)
    inside = shapely.contains(known, placed)
    away: NDArray[np.float64] = np.where(inside, np.round(distance), 0.0)
    return away
