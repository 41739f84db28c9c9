"""Where the data stop: told from coasts, and not led astray by cracks between files."""

import numpy as np
import pytest
from shapely import Polygon, box

from app.geo.edges import measure_to_edge

# Ten by ten kilometres in two files that leave a crack of 100 m between them.
WEST, EAST = box(0, 0, 4_950, 10_000), box(5_050, 0, 10_000, 10_000)
POINTS = np.array([[1000.0, 5000], [5000, 5000], [9000, 5000], [5000, 9500]])


def measure(*sea: Polygon) -> list[float]:
    """Return how far the points are from land that nothing is known of."""
    found: list[float] = measure_to_edge(np.array([WEST, EAST], dtype=object), POINTS, sea).tolist()
    return found


def test_without_a_sea_every_side_is_where_the_data_stop() -> None:
    assert measure() == [1000, 5000, 1000, 500]


def test_where_land_ends_in_sea_nothing_is_missing() -> None:
    # The sea to the north and east, drawn roughly and over the land.
    sea = Polygon([(-20_000, 9_000), (9_500, 9_200), (9_400, -20_000), (30_000, -20_000),
                   (30_000, 40_000), (-20_000, 40_000)])  # fmt: skip
    # From the last point to the corner where the western edge meets the sea, at y 9,136.
    assert measure(sea) == [1000, 5000, 5000, round(np.hypot(5000, 9500 - 9135.6))]


def test_land_across_an_estuary_is_as_far_as_it_is() -> None:
    assert measure(box(9_000, -20_000, 12_000, 30_000))[2] == pytest.approx(3000, abs=5)


def test_a_hole_that_nothing_is_known_of_is_land() -> None:
    holed = WEST.difference(box(1_000, 6_000, 3_000, 8_000))
    found = measure_to_edge(np.array([holed, EAST], dtype=object), POINTS)
    assert found[0] == 1000
    assert found[1] == pytest.approx(np.hypot(2000, 1000), abs=1)


def test_a_point_outside_is_there_already() -> None:
    outside = np.array([[-500.0, 5000]])
    assert measure_to_edge(np.array([WEST], dtype=object), outside).tolist() == [0]
