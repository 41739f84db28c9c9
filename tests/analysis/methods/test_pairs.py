"""Who is within reach of what, tried against every pair measured one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.methods import pairs as methods
from app.analysis.methods.kernels import Binary, Exponential, GaussianToZero, Power, Step
from app.analysis.methods.pairs import Pairs, find_pairs, lengthen_own, weigh_pairs


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10_000), reach=st.floats(0, 1500), sites=st.integers(0, 40))
def test_pairs_are_those_of_measuring_everything(seed: int, reach: float, sites: int) -> None:
    chance = np.random.default_rng(seed)
    # Whole metres, so that places coincide and edges are met exactly.
    areas = chance.integers(0, 30, (25, 2)).astype(float) * 50
    places = chance.integers(0, 30, (sites, 2)).astype(float) * 50
    pairs = find_pairs(areas, places, reach)
    found = {
        (int(area), int(site)): distance
        for area, site, distance in zip(
            pairs.list_areas(), pairs.sites, pairs.distance_m, strict=True
        )
    }
    expected = {
        (i, j): float(np.hypot(*(areas[i] - places[j])))
        for i in range(25)
        for j in range(sites)
        if np.hypot(*(areas[i] - places[j])) <= reach
    }
    assert found == pytest.approx(expected)
    assert pairs.area_count == 25
    assert pairs.site_count == sites


@pytest.mark.parametrize("candidates", [1, 100, 3000])
def test_looking_part_by_part_finds_the_same(
    candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.default_rng(3)
    areas, places = chance.uniform(0, 3000, (120, 2)), chance.uniform(0, 3000, (200, 2))
    whole = find_pairs(areas, places, 700)
    assert len(whole.sites) > 1000
    monkeypatch.setattr(methods, "CANDIDATES", candidates)
    parts = find_pairs(areas, places, 700)
    assert parts.starts.tolist() == whole.starts.tolist()
    assert parts.sites.tolist() == whole.sites.tolist()
    assert parts.distance_m.tolist() == whole.distance_m.tolist()


def test_the_edge_belongs_to_the_reach() -> None:
    pairs = find_pairs(np.array([[0.0, 0.0]]), np.array([[300.0, 400.0], [300.0, 400.1]]), 500)
    assert pairs.sites.tolist() == [0]
    assert find_pairs(np.array([[1.0, 1.0]]), np.array([[1.0, 1.0]]), 0).sites.tolist() == [0]


@pytest.mark.parametrize("reach", [-1.0])
def test_a_reach_is_not_negative(reach: float) -> None:
    with pytest.raises(ValueError, match="negative"):
        find_pairs(np.zeros((1, 2)), np.zeros((1, 2)), reach)


def test_a_place_without_coordinates_is_told() -> None:
    with pytest.raises(ValueError, match="finite"):
        find_pairs(np.array([[np.nan, 0.0]]), np.zeros((1, 2)), 10)


def test_weights_of_each_kernel_by_hand() -> None:
    distance = np.array([0.0, 500.0, 1000.0])
    assert Binary(1000).weigh(distance).tolist() == [1, 1, 1]
    assert Step([500, 1000], [1, 0.4]).weigh(distance).tolist() == [1, 1, 0.4]
    dai = GaussianToZero(1000).weigh(distance)
    assert dai == pytest.approx([1, (np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5)), 0])
    assert Exponential(1000, 0.002).weigh(distance) == pytest.approx([1, np.exp(-1), np.exp(-2)])
    assert Power(1000, 2, 100).weigh(distance) == pytest.approx([1, 0.04, 0.01])


def test_rings_rise_and_have_a_weight_each() -> None:
    with pytest.raises(ValueError, match="rise"):
        Step([1000, 500], [1, 0.5])
    with pytest.raises(ValueError, match="weight for each"):
        Step([500], [1, 0.5])


def test_a_narrower_catchment_cuts_pairs_that_were_found_wider() -> None:
    areas, sites = np.array([[0.0, 0.0], [700.0, 0.0]]), np.array([[0.0, 0.0], [900.0, 0.0]])
    weights = weigh_pairs(find_pairs(areas, sites, 2000), Binary(700))
    assert weights.toarray().tolist() == [[1, 0], [1, 1]]


def test_an_areas_own_and_nearest_sites_are_not_beside_everybody_in_it() -> None:
    pairs = Pairs(np.array([0, 3, 3, 4]), np.array([0, 1, 2, 2]), np.array([900.0, 50, 2, 1]), 3)
    size = np.array([np.pi * 300**2, 1.0, np.pi * 30**2])
    own = np.array([True, False, False, False])
    # 2/3 of a radius of 300 m: the own site is farther anyway, the nearest one is lengthened.
    found = lengthen_own(pairs, own, size)
    assert found.distance_m == pytest.approx([900, 50, 200, 20])
