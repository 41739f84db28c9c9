"""How far the nearest sites are, and who is near enough."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.methods.reach import find_nearest, measure_coverage
from app.analysis.methods.travel import Walking

AREAS = np.array([[0.0, 0.0], [1000.0, 0.0]])
PEOPLE = np.array([400.0, 600.0])


def test_nearest_by_hand() -> None:
    found = find_nearest(AREAS, np.array([[0.0, 300.0], [1000.0, 400.0]]), k=3)
    assert found.distance_m[0] == pytest.approx([300, np.hypot(1000, 400), np.inf])
    assert found.sites.tolist() == [[0, 1, 2], [1, 0, 2]]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), sites=st.integers(1, 30), k=st.integers(1, 5))
def test_nearest_is_what_sorting_all_distances_gives(seed: int, sites: int, k: int) -> None:
    chance = np.random.default_rng(seed)
    areas, places = chance.uniform(0, 9000, (12, 2)), chance.uniform(0, 9000, (sites, 2))
    every = np.sort(np.hypot(*(areas[:, None, :] - places[None, :, :]).transpose(2, 0, 1)), axis=1)
    found = find_nearest(areas, places, k).distance_m
    assert found[:, : min(k, sites)] == pytest.approx(every[:, :k])
    assert np.isinf(found[:, sites:]).all()


def test_the_standard_itself_is_near_enough() -> None:
    found = measure_coverage(np.array([800.0, 800.1]), PEOPLE, 800)
    assert found.covered.tolist() == [400, 0]
    assert found.share == 0.4


def test_without_a_site_nobody_is_covered() -> None:
    nearest = find_nearest(AREAS, np.zeros((0, 2)), k=1).distance_m[:, 0]
    assert measure_coverage(nearest, PEOPLE, 1e9).share == 0


def test_where_nobody_lives_there_is_no_share() -> None:
    found = measure_coverage(np.array([1.0, 1.0]), np.zeros(2), 800)
    assert np.isnan(found.share)
    assert found.people == 0


def test_who_is_served_at_home_is_covered() -> None:
    found = measure_coverage(np.array([9e9, 9e9]), PEOPLE, 800, served=np.array([0.25, 1.0]))
    assert found.covered.tolist() == [100, 600]


def test_straight_metres_become_walked_metres_and_minutes_rounded_up() -> None:
    walking = Walking()
    assert walking.to_walked_m(1000) == 1300
    # 4.8 km an hour are 80 m a minute: 1,300 m take 16.25 minutes.
    assert walking.count_minutes(1000) == 17
    assert walking.count_minutes(walking.reach_in_m(20)) == 20
    assert walking.reach_in_m(20) == pytest.approx(1600 / 1.3)


@pytest.mark.parametrize("k", [0, -1])
def test_nearest_asks_for_at_least_one(k: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        find_nearest(AREAS, AREAS, k)
