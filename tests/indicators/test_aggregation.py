"""Larger areas worked out from smaller ones: by hand, and what must hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.areas.frames import Belonging
from app.indicators import aggregation
from app.indicators.aggregation import Parts

Floats = NDArray[np.float64]
NONE = np.nan
LARGER = 3


def make_parts(to_index: list[int], weight: list[float] | None = None) -> Parts:
    """Return smaller areas, one a part, each in the larger one named."""
    count = len(to_index)
    return Parts(
        np.arange(count), np.array(to_index), np.array(weight or [1.0] * count), max(to_index) + 1
    )


def test_a_mean_is_weighted_by_denominator_and_share() -> None:
    # The second area is shared: a quarter of its 80 people in the first larger one.
    parts = Parts(np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([1, 0.25, 0.75]), 2)
    made = aggregation.average(parts, np.array([10.0, 20.0]), np.array([100.0, 80.0]))
    assert made.value == pytest.approx([(100 * 10 + 20 * 20) / 120, 20])
    assert made.denominator == pytest.approx([120, 60])


def test_a_mean_needs_most_of_its_denominator() -> None:
    parts = make_parts([0, 0, 1, 1])
    values = np.array([10.0, NONE, 30.0, NONE])
    made = aggregation.average(parts, values, np.array([80.0, 20.0, 79.0, 21.0]))
    assert made.covered == pytest.approx([0.8, 0.79])
    assert made.value[0] == 10
    assert np.isnan(made.value[1])
    assert np.isnan(made.denominator[1])


def test_an_area_that_hides_its_denominator_too_still_counts_as_missing() -> None:
    parts = make_parts([0, 0])
    made = aggregation.divide_sums(parts, np.array([5, NONE]), np.array([50, NONE]), 100)
    assert made.covered == pytest.approx([0.5])
    assert np.isnan(made.value[0])


def test_areas_without_anybody_do_not_count() -> None:
    parts = make_parts([0, 0, 1])
    made = aggregation.average(parts, np.array([10.0, 99.0, 5.0]), np.array([50.0, 0.0, 0.0]))
    assert made.value[0] == 10
    assert np.isnan(made.value[1])


def test_a_sum_with_a_part_missing_is_none() -> None:
    made = aggregation.add_up(make_parts([0, 0, 1, 1]), np.array([1.0, 2.0, 3.0, NONE]))
    assert made.value[0] == 3
    assert np.isnan(made.value[1])
    assert made.covered == pytest.approx([1, 0.5])


def test_the_margin_is_neither_part_nor_result() -> None:
    belonging = Belonging(np.array([0, 1, 2, 2]), np.array([0, 1, 0, 2]), np.array([1, 1, 0.5, 0]))
    parts = aggregation.select_parts(belonging, 2, 1)
    assert (parts.from_index.tolist(), parts.to_index.tolist()) == ([0], [0])
    assert aggregation.add_up(parts, np.array([5.0, 6.0, 7.0])).value.tolist() == [5]


def test_nothing_beneath_is_nothing() -> None:
    empty = np.array([], dtype=np.int64)
    parts = aggregation.select_parts(Belonging(empty, empty, np.array([])), 0, 2)
    made = aggregation.average(parts, np.array([]), np.array([]))
    assert np.isnan(made.value).all()
    assert np.isnan(made.covered).all()
    assert np.isnan(aggregation.add_up(parts, np.array([])).value).all()


def test_equal_values_share_the_rank_nearest_to_one() -> None:
    values = np.array([5.0, 9.0, NONE, 9.0, 1.0])
    highest = aggregation.rank(values, from_highest=True)
    lowest = aggregation.rank(values, from_highest=False)
    np.testing.assert_array_equal(highest, [3, 1, NONE, 1, 4])
    np.testing.assert_array_equal(lowest, [2, 3, NONE, 3, 1])


def test_tenths_of_twenty_hold_two_each_and_of_nine_there_are_none() -> None:
    ranks = np.arange(1.0, 21.0)
    assert np.bincount(aggregation.decile(ranks).astype(int)).tolist() == [0] + [2] * 10
    assert aggregation.decile(ranks)[0] == 1
    assert np.isnan(aggregation.decile(np.arange(1.0, 10.0))).all()


def test_numerators_that_are_of_something_else_are_noticed() -> None:
    above, below = np.array([1.0, 2.0, NONE]), np.array([10.0, 10.0, 10.0])
    assert aggregation.is_ratio(np.array([10.1, 20.0, 5.0]), above, below, 100)
    assert not aggregation.is_ratio(np.array([10.0, 20.0, 5.0]), above, below, 1)


amounts = st.floats(0.01, 1e6)


@st.composite
def whole_places(draw: st.DrawFn) -> tuple[Parts, Floats, Floats]:
    """Return parts whose weights add up to 1 for each smaller area, its values and people."""
    count = draw(st.integers(1, 12))
    # A share is a number of people over another: never as small as a float can be.
    thousandths = draw(st.lists(st.integers(0, 1000), min_size=count, max_size=count))
    shares = np.array(thousandths) / 1000
    first = draw(st.lists(st.integers(0, LARGER - 1), min_size=count, max_size=count))
    index = np.arange(count)
    to = np.array(first)
    parts = aggregation.select_parts(
        Belonging(
            np.concatenate([index, index]),
            np.concatenate([to, (to + 1) % LARGER]),
            np.concatenate([shares, 1 - shares]),
        ),
        count,
        LARGER,
    )
    values = draw(st.lists(amounts, min_size=count, max_size=count))
    people = draw(st.lists(amounts, min_size=count, max_size=count))
    return parts, np.array(values), np.array(people)


@given(whole_places())
def test_sums_conserve_the_whole(place: tuple[Parts, Floats, Floats]) -> None:
    parts, values, _ = place
    assert np.nansum(aggregation.add_up(parts, values).value) == pytest.approx(values.sum())


@given(whole_places())
def test_means_times_denominators_conserve_the_whole(place: tuple[Parts, Floats, Floats]) -> None:
    parts, values, people = place
    made = aggregation.average(parts, values, people)
    assert np.nansum(made.value * made.denominator) == pytest.approx((values * people).sum())


@given(whole_places())
def test_a_mean_lies_between_its_parts(place: tuple[Parts, Floats, Floats]) -> None:
    parts, values, people = place
    means = aggregation.average(parts, values, people).value
    for larger in range(parts.to_count):
        inside = values[parts.from_index[parts.to_index == larger]]
        if len(inside):
            assert inside.min() * (1 - 1e-9) <= means[larger] <= inside.max() * (1 + 1e-9)


@given(whole_places(), st.floats(0.001, 1000))
def test_scaling_all_denominators_changes_nothing(
    place: tuple[Parts, Floats, Floats], factor: float
) -> None:
    parts, values, people = place
    plain = aggregation.average(parts, values, people).value
    scaled = aggregation.average(parts, values, people * factor).value
    np.testing.assert_allclose(scaled, plain, rtol=1e-9)


@given(whole_places())
def test_a_ratio_of_sums_is_the_mean_weighted_by_its_denominators(
    place: tuple[Parts, Floats, Floats],
) -> None:
    parts, values, people = place
    ratio = aggregation.divide_sums(parts, values * people / 100, people, 100)
    np.testing.assert_allclose(
        ratio.value, aggregation.average(parts, values, people).value, rtol=1e-9
    )


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_a_rank_is_one_more_than_how_many_are_better(values: list[float]) -> None:
    ranks = aggregation.rank(np.array(values), from_highest=True)
    assert ranks.tolist() == [1 + sum(other > each for other in values) for each in values]
