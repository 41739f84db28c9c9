"""Which polygons of two collections lie over each other, and by how much."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

OVERLAP_TOLD = 0.01
"""Neighbours drawn apart overlap by less than this share of the smaller; more is a mistake."""


class Overlaps(NamedTuple):
    """Pairs of polygons that share ground.

    Attributes:
        first: Positions in the first collection, in ascending order.
        second: Positions in the second one, ascending for each of the first.
        area: The ground each pair shares, in square units of the coordinates.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    area: NDArray[np.float64]


def measure_overlaps(first: NDArray[np.object_], second: NDArray[np.object_]) -> Overlaps:
    """Return every pair of a polygon of `first` and one of `second` that share ground.

    Args:
        first: Valid polygons.
        second: Valid polygons in the same projected system.
    """
    pairs = shapely.STRtree(second).query(first, predicate="intersects")
    return _measure(first, second, pairs)


def find_overlaps(boundaries: NDArray[np.object_]) -> list[tuple[int, int, float]]:
    """Return the pairs of one set that lie over each other: outlines doubled, or of mixed years.

    Args:
        boundaries: Valid polygons of one boundary set, in a projected system.

    Returns:
        Both positions, the lower first, and the share of the smaller one that they have in common
        where that is more than `OVERLAP_TOLD`; in order of position.
    """
    pairs = shapely.STRtree(boundaries).query(boundaries, predicate="intersects")
    pairs = pairs[:, pairs[0] < pairs[1]]
    sizes = shapely.area(boundaries)
    smaller = np.minimum(sizes[pairs[0]], sizes[pairs[1]])
    boxes = shapely.bounds(boundaries)
    pairs = pairs[:, _common_box(boxes[pairs[0]], boxes[pairs[1]]) > OVERLAP_TOLD * smaller]
    found = _measure(boundaries, boundaries, pairs)
    share = found.area / np.minimum(sizes[found.first], sizes[found.second])
    return [
        (int(one), int(other), float(part))
        for one, other, part in zip(found.first, found.second, share, strict=True)
        if part > OVERLAP_TOLD
    ]


def _measure(
    first: NDArray[np.object_], second: NDArray[np.object_], pairs: NDArray[np.int64]
) -> Overlaps:
    area = shapely.area(shapely.intersection(first[pairs[0]], second[pairs[1]]))
    order = np.lexsort((pairs[1], pairs[0]))
    order = order[area[order] > 0]
    return Overlaps(pairs[0][order], pairs[1][order], area[order])


def _common_box(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the size of what two boxes have in common: no two shapes in them share more."""
    low, high = np.maximum(one[:, :2], other[:, :2]), np.minimum(one[:, 2:], other[:, 2:])
    common: NDArray[np.float64] = np.prod(np.clip(high - low, 0, None), axis=1)
    return common
