"""Where provision falls short, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.methods.gap import (
    find_need_weighted_standard,
    find_percentiles,
    find_standard,
    measure_rank_gap,
    measure_ratio,
    measure_shortfall,
)

ACCESS = np.array([0.0, 0.02, 0.05])
PEOPLE = np.array([1000.0, 500.0, 500.0])
NEED = np.array([0.4, 0.2, 0.1])


def test_standards_and_shortfall_by_hand() -> None:
    # 10 and 25 places for 2,000 people.
    standard = find_standard(ACCESS, PEOPLE)
    assert standard == pytest.approx(35 / 2000)
    assert measure_shortfall(ACCESS, PEOPLE, standard) == pytest.approx([17.5, 0, 0])
    in_need = find_need_weighted_standard(ACCESS, PEOPLE, NEED)
    assert in_need == pytest.approx((0.2 * 10 + 0.1 * 25) / (400 + 100 + 50))


def test_percentiles_are_of_people_and_alike_share_the_middle() -> None:
    values = np.array([5.0, 1.0, 5.0, 9.0])
    people = np.array([100.0, 200.0, 300.0, 400.0])
    assert find_percentiles(values, people) == pytest.approx([0.4, 0.1, 0.4, 0.8])
    assert find_percentiles(values, np.zeros(4)).tolist() == [0.5] * 4


def test_rank_gap_is_highest_where_most_need_meets_least_reach() -> None:
    gap = measure_rank_gap(NEED, ACCESS, PEOPLE)
    # Most need: 0.75, least access: 0.25; and so on down.
    assert gap == pytest.approx([0.75 - 0.25, 0.375 - 0.625, 0.125 - 0.875])


def test_an_area_without_a_figure_has_no_gap_and_moves_nobody() -> None:
    gap = measure_rank_gap(
        np.append(NEED, np.nan), np.append(ACCESS, 0.5), np.append(PEOPLE, 9000.0)
    )
    assert gap[:3] == pytest.approx(measure_rank_gap(NEED, ACCESS, PEOPLE))
    assert np.isnan(gap[3])


def test_all_alike_is_no_gap() -> None:
    assert measure_rank_gap(np.ones(3), np.zeros(3), PEOPLE).tolist() == [0, 0, 0]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_rank_gaps_lie_between_minus_one_and_one_and_cancel_out(seed: int) -> None:
    chance = np.random.default_rng(seed)
    need, access = chance.integers(0, 9, 40).astype(float), chance.integers(0, 9, 40).astype(float)
    people = chance.integers(0, 2000, 40).astype(float)
    gap = measure_rank_gap(need, access, people)
    assert (np.abs(gap) <= 1).all()
    assert float((gap * people).sum()) == pytest.approx(0, abs=1e-6)


def test_ratio_to_provision_in_proportion_to_need() -> None:
    found = measure_ratio(NEED, ACCESS, PEOPLE)
    # 35 places over 400 + 100 + 50 of need.
    assert found.target == pytest.approx(35 / 550 * NEED)
    assert found.ratio == pytest.approx(ACCESS / found.target)
    assert float((found.target * PEOPLE).sum()) == pytest.approx(35)


def test_where_there_is_no_need_there_is_no_ratio() -> None:
    found = measure_ratio(np.array([0.0, 0.2, np.nan]), ACCESS, PEOPLE)
    assert np.isnan(found.ratio).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("need", "said"), [([-0.1, 0.2, 0.3], "goes below 0"), ([0.0, 0.0, 0.0], "no need at all")]
)
def test_need_that_makes_no_proportion_is_refused(need: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measure_ratio(np.array(need), ACCESS, PEOPLE)
