"""Provision by hand, by other people's code, and by what must hold whatever the numbers."""

from collections.abc import Callable

import numpy as np
import pytest
from access import weights as theirs
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from app.analysis.methods.kernels import Binary, Gaussian, Kernel, Step
from app.analysis.methods.pairs import find_pairs, serve_areas, weigh_pairs
from app.analysis.methods.provision import (
    measure_container,
    measure_gravity,
    measure_modified_two_step,
    measure_three_step,
    measure_two_step,
)
from tests.analysis.methods.oracle import ask

# Three areas on a line at 0, 1,000 and 5,000 m with 100, 300 and 50 people; sites at 0, 800 and
# 9,000 m with 10, 20 and 30 places. Within 1,000 m the first area reaches both near sites, the
# second only the middle one (200 m) and the first (1,000 m: the edge belongs to it).
AREAS = np.array([[0.0, 0.0], [1000.0, 0.0], [5000.0, 0.0]])
SITES = np.array([[0.0, 0.0], [800.0, 0.0], [9000.0, 0.0]])
PEOPLE = np.array([100.0, 300.0, 50.0])
SUPPLY = np.array([10.0, 20.0, 30.0])
NEAR = find_pairs(AREAS, SITES, 1000)


def test_two_step_by_hand() -> None:
    found = measure_two_step(weigh_pairs(NEAR, Binary(1000)), PEOPLE, SUPPLY)
    assert found.demand.tolist() == [400, 400, 0]
    assert found.ratio.tolist() == [10 / 400, 20 / 400, 0]
    # Area three has nobody's site within reach: 0, and still there. Site three serves nobody.
    assert found.access == pytest.approx([30 / 400, 30 / 400, 0])
    assert found.is_unreached.tolist() == [False, False, True]


def test_enhanced_two_step_by_hand() -> None:
    kernel = Step([500, 1000], [1.0, 0.5])
    found = measure_two_step(weigh_pairs(NEAR, kernel), PEOPLE, SUPPLY)
    # Site one: 100 at 0 m, 300 at 1,000 m; site two: 100 at 800 m, 300 at 200 m.
    assert found.demand.tolist() == [100 + 150, 50 + 300, 0]
    ratio = [10 / 250, 20 / 350]
    assert found.access == pytest.approx(
        [ratio[0] + 0.5 * ratio[1], 0.5 * ratio[0] + ratio[1], 0.0], abs=1e-15
    )


def test_three_step_by_hand() -> None:
    kernel = Step([500, 1000], [1.0, 0.5])
    found = measure_three_step(weigh_pairs(NEAR, kernel), PEOPLE, SUPPLY)
    # Each of the two areas gives 2/3 of itself to its near site (weight 1) and 1/3 to the other.
    demand = [100 * 2 / 3 + 300 * 0.5 / 3, 100 * 0.5 / 3 + 300 * 2 / 3]
    ratio = [10 / demand[0], 20 / demand[1]]
    assert found.access == pytest.approx(
        [2 / 3 * ratio[0] + 0.5 / 3 * ratio[1], 0.5 / 3 * ratio[0] + 2 / 3 * ratio[1], 0.0]
    )


def test_modified_two_step_by_hand() -> None:
    kernel = Step([500, 1000], [1.0, 0.5])
    found = measure_modified_two_step(weigh_pairs(NEAR, kernel), PEOPLE, SUPPLY)
    assert found.access == pytest.approx(
        [10 / 250 + 0.25 * 20 / 350, 0.25 * 10 / 250 + 20 / 350, 0.0]
    )


def test_gravity_by_hand() -> None:
    weights = weigh_pairs(NEAR, Step([500, 1000], [1.0, 0.5]))
    assert measure_gravity(weights, SUPPLY).tolist() == [20, 25, 0]


def test_container_knows_no_share_where_nobody_lives() -> None:
    per_head = measure_container(np.array([3.0, 0.0, 2.0]), np.array([1500.0, 10.0, 0.0]))
    assert per_head[:2].tolist() == [2.0, 0.0]
    assert np.isnan(per_head[2])


def test_who_is_served_wherever_they_are_needs_no_distance() -> None:
    served = csr_array(np.array([[0, 0, 0], [0, 0, 0.5], [0, 0, 1.0]]))
    weights = serve_areas(weigh_pairs(NEAR, Binary(1000)), served)
    found = measure_two_step(weights, PEOPLE, SUPPLY)
    assert found.demand.tolist() == [400, 400, 0.5 * 300 + 50]
    assert found.access.tolist() == pytest.approx([30 / 400, 30 / 400 + 0.5 * 30 / 200, 30 / 200])


def test_without_any_site_there_is_no_provision_and_no_error() -> None:
    pairs = find_pairs(AREAS, np.zeros((0, 2)), 1000)
    found = measure_two_step(weigh_pairs(pairs, Binary(1000)), PEOPLE, np.zeros(0))
    assert found.access.tolist() == [0, 0, 0]


def test_where_nobody_lives_provision_is_still_shown() -> None:
    nobody = np.array([0.0, 300.0, 50.0])
    found = measure_two_step(weigh_pairs(NEAR, Binary(1000)), nobody, SUPPLY)
    assert found.access[0] == 30 / 300


def make_case(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return areas, sites, people and supply of an invented region, gaps and crowds included."""
    chance = np.random.default_rng(seed)
    areas = chance.uniform(0, 20_000, (300, 2))
    sites = chance.normal(10_000, 4_000, (120, 2))
    people = chance.integers(0, 3000, 300).astype(float)
    return areas, sites, people, chance.uniform(0, 40, 120)


CASES = [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", CASES)
@pytest.mark.parametrize("kernel", ["binary", "step", "gaussian"])
@pytest.mark.parametrize("three_step", [False, True])
def test_access_by_pysal_gives_the_same(seed: int, kernel: str, three_step: bool) -> None:  # noqa: FBT001 - a case
    areas, sites, people, supply = make_case(seed)
    reach = 2000.0
    pairs = find_pairs(areas, sites, reach)
    kernels: dict[str, tuple[Kernel, Callable[[float], float]]] = {
        "binary": (Binary(reach), lambda _: 1.0),
        "step": (Step([500, 1200, reach], [1.0, 0.68, 0.22]), theirs.step_fn(
            {500: 1.0, 1200: 0.68, reach: 0.22})),
        "gaussian": (Gaussian(reach, reach / 2), theirs.gaussian(reach / 2)),
    }  # fmt: skip
    ours, weigh = kernels[kernel]
    weights = weigh_pairs(pairs, ours)
    measure = measure_three_step if three_step else measure_two_step
    found = measure(weights, people, supply).access
    expected = ask(pairs, people, supply, weigh, three_step=three_step)
    assert np.abs(found - expected).max() < 1e-9
    assert (expected == 0).any(), "the case has nobody out of reach"


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    reach=st.floats(100, 8000),
    method=st.sampled_from([measure_two_step, measure_three_step]),
)
def test_what_is_given_out_is_what_there_is(seed: int, reach: float, method: object) -> None:
    areas, sites, people, supply = make_case(seed)
    weights = weigh_pairs(find_pairs(areas, sites, reach), Gaussian(reach, reach / 2))
    assert callable(method)
    found = method(weights, people, supply)
    reached = supply[~found.is_unreached].sum()
    assert (found.access * people).sum() == pytest.approx(reached, rel=1e-9, abs=1e-9)
    modified = measure_modified_two_step(weights, people, supply)
    assert (modified.access * people).sum() <= reached * (1 + 1e-9)
