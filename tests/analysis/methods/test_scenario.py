"""What if comes out as working everything out anew would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.methods.kernels import Gaussian
from app.analysis.methods.pairs import find_pairs, weigh_pairs
from app.analysis.methods.provision import (
    measure_gravity,
    measure_modified_two_step,
    measure_three_step,
    measure_two_step,
)
from app.analysis.methods.scenario import (
    Baseline,
    Change,
    Method,
    Site,
    make_baseline,
    try_changes,
)

KERNEL = Gaussian(2000, 1000)
MEASURES = {
    "two step": lambda *given: measure_two_step(*given).access,
    "modified two step": lambda *given: measure_modified_two_step(*given).access,
    "three step": lambda *given: measure_three_step(*given).access,
    "gravity": lambda weights, _, supply: measure_gravity(weights, supply),
}


def make_case(seed: int, method: Method) -> tuple[Baseline, np.ndarray]:
    """Return an invented region, and where its sites are."""
    chance = np.random.default_rng(seed)
    areas, sites = chance.uniform(0, 12_000, (150, 2)), chance.uniform(0, 12_000, (40, 2))
    people, supply = chance.integers(0, 2000, 150).astype(float), chance.uniform(1, 30, 40)
    weights = weigh_pairs(find_pairs(areas, sites, 2000), KERNEL)
    return make_baseline(method, areas, people, KERNEL, weights, supply), sites


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), method=st.sampled_from(list(MEASURES)))
def test_changes_together_are_what_all_anew_gives(seed: int, method: Method) -> None:
    baseline, sites = make_case(seed, method)
    moved, added = (float(sites[3, 0]) + 700, float(sites[3, 1])), (6000.0, 6000.0)
    changes = [
        Change(3, Site(moved, 12.0)),
        Change(7, None),
        Change(9, Site(None, 99.0)),
        Change(None, Site(added, 20.0)),
    ]
    after = np.delete(sites, 7, axis=0)
    supply = np.delete(baseline.supply, 7)
    after[3], supply[3] = moved, 12.0
    supply[8] = 99.0
    after, supply = np.vstack([after, added]), np.append(supply, 20.0)
    weights = weigh_pairs(find_pairs(baseline.areas, after, 2000), KERNEL)
    expected = MEASURES[method](weights, baseline.people, supply)
    assert try_changes(baseline, changes) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_nothing_changed_changes_nothing() -> None:
    baseline, _ = make_case(1, "two step")
    assert try_changes(baseline, []).tolist() == baseline.provision.access.tolist()


def test_closing_the_only_site_within_reach_leaves_nothing() -> None:
    areas, people = np.array([[0.0, 0.0]]), np.array([100.0])
    weights = weigh_pairs(find_pairs(areas, np.array([[500.0, 0.0]]), 2000), KERNEL)
    baseline = make_baseline("two step", areas, people, KERNEL, weights, np.array([7.0]))
    assert baseline.provision.access == pytest.approx([0.07])
    assert try_changes(baseline, [Change(0, None)]).tolist() == [0.0]


def test_a_site_where_nobody_lives_helps_nobody() -> None:
    baseline, _ = make_case(2, "two step")
    far = try_changes(baseline, [Change(None, Site((9e6, 9e6), 50.0))])
    assert far.tolist() == baseline.provision.access.tolist()


def test_what_a_closed_site_leaves_is_nothing_to_the_last_bit() -> None:
    baseline, _ = make_case(3, "two step")
    emptied = try_changes(baseline, [Change(site, None) for site in range(40)])
    assert not emptied.any()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([Change(None, Site(None, 1.0))], "needs a place"),
        ([Change(1, None), Change(1, Site((0.0, 0.0), 1.0))], "once at a time"),
        ([Change(40, None)], "no such site"),
        ([Change(None, Site((float("nan"), 0.0), 1.0))], "finite"),
        ([Change(None, Site((0.0, 0.0), -1.0))], "negative"),
        ([Change(None, Site((0.0, 0.0), float("nan")))], "negative"),
    ],
)
def test_changes_that_make_no_sense_are_told(changes: list[Change], said: str) -> None:
    baseline, _ = make_case(1, "two step")
    with pytest.raises(ValueError, match=said):
        try_changes(baseline, changes)
