"""Small faults put in on purpose, so that whoever loads the pack must cope with them."""

import numpy as np
from shapely import Polygon

from data.packs.demo.make.geography import Shape, longest_outer_piece
from data.packs.demo.make.noise import Floats


def tie_bow(shape: Shape, rest: list[Shape]) -> Polygon:
    """The area with a bow-tie of a few metres in its outer edge, where nobody borders it.

    Args:
        shape: An area on the edge of the study area.
        rest: All areas of its level.

    Returns:
        An invalid polygon that `make_valid` turns back into nearly the same one.
    """
    index, polygon = longest_outer_piece(shape, rest)
    ring: Floats = np.array(polygon.exterior.coords)
    start, end = ring[index], ring[index + 1]
    along = (end - start) / np.hypot(*(end - start))
    side = np.array([-along[1], along[0]])
    middle = (start + end) / 2
    bow = [
        middle - 3 * along + 2 * side,
        middle + 3 * along - 2 * side,
        middle + 3 * along + 2 * side,
        middle - 3 * along - 2 * side,
    ]
    return Polygon(np.vstack([ring[: index + 1], *bow, ring[index + 1 :]]))
