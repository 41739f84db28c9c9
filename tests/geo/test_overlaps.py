"""Which polygons lie over each other."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.geo.overlaps import find_overlaps, measure_overlaps


def stack(
    *boxes: tuple[float, float, float, float],
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return rectangles (west, south, east, north)."""
    return np.array([shapely.box(*each) for each in boxes], dtype=object)


def test_only_pairs_that_share_ground_are_measured() -> None:
    found = measure_overlaps(
        stack((0, 0, 10, 10), (10, 0, 20, 10)), stack((5, 0, 12, 10), (20, 0, 30, 10))
    )
    assert found.first.tolist() == [0, 1]
    assert found.second.tolist() == [0, 0]
    assert found.area.tolist() == [50, 20]


def test_neighbours_and_slivers_are_no_overlap_and_doubles_are() -> None:
    boundaries = stack(
        (0, 0, 100, 100),
        (100, 0, 200, 100),
        (199.5, 0, 300, 100),  # half a metre of a hundred over its neighbour
        (100, 0, 200, 100),  # the second, once more
        (0, 0, 100, 30),  # a third of the first, from another year
    )
    assert find_overlaps(boundaries) == [(0, 4, 1.0), (1, 3, 1.0)]


def test_one_area_alone_overlaps_nothing() -> None:
    assert find_overlaps(stack((0, 0, 1, 1))) == []


@given(st.integers(0, 100))
def test_the_share_is_of_the_smaller(shift: int) -> None:
    found = find_overlaps(stack((0, 0, 100, 100), (shift, 0, shift + 200, 100)))
    share = (100 - shift) / 100
    assert [part for _, _, part in found] == ([pytest.approx(share)] if share > 0.01 else [])
