"""Whether provision follows need: by hand, by scipy, and by what must hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import linregress

from app.analysis.methods.equity import (
    Groups,
    group_by_need,
    measure_concentration,
    measure_share,
    measure_slope,
)


def make_groups(people: list[float], value: list[float], error: list[float]) -> Groups:
    """Return groups, most need first."""
    areas = np.full(len(people), 5, dtype=np.intp)
    return Groups(np.array(people), np.array(value), np.array(error), areas)


def test_groups_hold_the_people_of_their_areas_most_need_first() -> None:
    need = np.array([9.0, 7.0, 5.0, 3.0, np.nan])
    value = np.array([1.0, 3.0, 4.0, 8.0, 99.0])
    people = np.array([100.0, 300.0, 200.0, 200.0, 500.0])
    found = group_by_need(need, value, people, count=2)
    assert found.people.tolist() == [400, 400]
    assert found.value.tolist() == [2.5, 6.0]
    assert found.areas.tolist() == [2, 2]
    # Two areas, 1.5 and 0.5 away from their mean.
    assert found.standard_error[0] == pytest.approx(np.sqrt(2 * (22_500 + 22_500)) / 400)


def test_a_group_of_nobody_has_no_value() -> None:
    found = group_by_need(np.array([1.0, 2.0]), np.array([5.0, 6.0]), np.array([10.0, 0.0]), 2)
    assert found.people.sum() == 10
    assert np.isnan(found.value).sum() == 1


def test_slope_by_hand_for_groups_of_the_same_size() -> None:
    # Ridits from least need: 0.125, 0.375, 0.625, 0.875; a straight line of slope 8.
    groups = make_groups([50] * 4, [8.0, 6.0, 4.0, 2.0], [0.0] * 4)
    found = measure_slope(groups, seed=1, draws=100)
    assert found.sii == pytest.approx((8, 8, 8))
    # 1 at the end of least need and 9 at that of most.
    assert found.rii.value == pytest.approx(9)


def test_slope_is_that_of_scipy_where_groups_are_alike_in_size() -> None:
    value = np.random.default_rng(4).uniform(5, 20, 10)
    found = measure_slope(make_groups([70] * 10, list(value), [0.5] * 10), seed=1, draws=20)
    expected = linregress(np.arange(0.05, 1, 0.1), value[::-1])
    assert found.sii.value == pytest.approx(expected.slope, abs=1e-9)
    most, least = expected.intercept + expected.slope, expected.intercept
    assert found.rii.value == pytest.approx(most / least, abs=1e-9)


def test_the_interval_is_that_of_the_errors_and_the_same_every_time() -> None:
    groups = make_groups([70] * 10, [10.0] * 10, [1.0] * 10)
    found = measure_slope(groups, seed=9)
    # The slope of ten independent values of variance 1: 1 / sum of squares around the middle.
    spread = 1.96 / np.sqrt(((np.arange(0.05, 1, 0.1) - 0.5) ** 2).sum())
    assert found.sii.low == pytest.approx(-spread, rel=0.02)
    assert found.sii.high == pytest.approx(spread, rel=0.02)
    assert measure_slope(groups, seed=9) == found


def test_one_group_has_no_slope() -> None:
    found = measure_slope(make_groups([70], [1.0], [0.1]), seed=1)
    assert np.isnan(found.sii.value)
    assert np.isnan(found.rii.value)


def test_no_relative_index_where_the_line_meets_nothing() -> None:
    found = measure_slope(make_groups([50] * 2, [4.0, 0.0], [0.0] * 2), seed=1, draws=10)
    assert found.sii.value == pytest.approx(8)
    assert np.isnan(found.rii.value), "the line goes below 0 at the end of least need"


def test_concentration_by_hand() -> None:
    # All of it with the half that has least need: C = 1/2, as far as two groups go.
    found = measure_concentration(np.array([2.0, 1.0]), np.array([0.0, 4.0]), np.array([10.0, 10]))
    assert found.value == pytest.approx(0.5)
    # All alike: none. All with most need: the other way round.
    even = measure_concentration(np.array([2.0, 1.0]), np.array([3.0, 3.0]), np.array([10.0, 90]))
    assert even.value == pytest.approx(0, abs=1e-12)
    most = measure_concentration(np.array([2.0, 1.0]), np.array([4.0, 0.0]), np.array([10.0, 10]))
    assert most.value == pytest.approx(-0.5)


def test_erreygers_index_of_a_bounded_value() -> None:
    need, share = np.array([2.0, 1.0]), np.array([0.2, 0.6])
    plain = measure_concentration(need, share, np.array([10.0, 10.0]))
    bounded = measure_concentration(need, share, np.array([10.0, 10.0]), limits=(0, 1))
    assert bounded.value == pytest.approx(4 * 0.4 * plain.value)
    # Between two halves it is the difference of their shares.
    assert bounded.value == pytest.approx(0.4)


def test_nobody_and_nothing_have_no_concentration() -> None:
    assert np.isnan(measure_concentration(np.ones(2), np.zeros(2), np.ones(2)).value)
    assert np.isnan(measure_concentration(np.ones(2), np.ones(2), np.zeros(2)).value)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_concentration_is_twice_the_covariance_with_rank(seed: int) -> None:
    chance = np.random.default_rng(seed)
    need, value = chance.permutation(30).astype(float), chance.uniform(0, 5, 30)
    found = measure_concentration(need, value, np.ones(30))
    rank = (np.argsort(np.argsort(-need)) + 0.5) / 30
    assert found.value == pytest.approx(
        2 * np.cov(value, rank, bias=True)[0, 1] / value.mean(), abs=1e-12
    )
    assert found.low <= found.value <= found.high
    # An area cut in two alike halves changes nothing but how sure one is.
    twice = measure_concentration(np.tile(need, 2), np.tile(value, 2), np.full(60, 0.5))
    assert twice.value == pytest.approx(found.value, abs=1e-12)


def test_wilson_interval_as_published() -> None:
    # Newcombe (1998), table I, method 3: 81 of 263 and 0 of 20.
    found = measure_share(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    nothing = measure_share(0, 20)
    assert (round(nothing.low, 4), round(nothing.high, 4)) == (0.0, 0.1611)
    assert np.isnan(measure_share(0, 0).value)
