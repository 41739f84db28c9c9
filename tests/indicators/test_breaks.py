"""Where values are divided: every value in one class, the classes in order, need the right way."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.indicators import breaks
from app.indicators.breaks import Division, Floats

POLARITIES = ("high is bad", "high is good", "neither")
NUMBERS = st.one_of(
    st.floats(-1e300, 1e300), st.integers(-3, 3).map(float), st.floats(0, 1).map(lambda x: x / 7)
)
VALUES = arrays(np.float64, st.integers(0, 60), elements=NUMBERS)
WAYS: dict[str, Any] = {
    "quantile": breaks.divide_equally_many,
    "equal": breaks.divide_equally_wide,
    "thirds": breaks.divide_in_thirds,
}


def count_classes(values: Floats, division: Division) -> list[int]:
    """Return how many values are in each class."""
    classes = breaks.find_classes(values, division)
    return [int((classes == each).sum()) for each in range(len(division.needs))]


@given(VALUES, st.sampled_from(POLARITIES), st.sampled_from(sorted(WAYS)))
def test_every_value_is_in_exactly_one_class(values: Floats, polarity: str, way: str) -> None:
    division = WAYS[way](values, polarity)
    edges = [-np.inf, *division.edges, np.inf]
    pairs = list(pairwise(edges))
    assert all(sum(low <= value < high for low, high in pairs) == 1 for value in values)
    assert count_classes(values, division) == [
        int(((values >= low) & (values < high)).sum()) for low, high in pairs
    ]


@given(VALUES, st.sampled_from(POLARITIES), st.sampled_from(sorted(WAYS)))
def test_edges_increase_and_classes_are_few(values: Floats, polarity: str, way: str) -> None:
    division = WAYS[way](values, polarity)
    assert np.isfinite(division.edges).all()
    assert (np.diff(division.edges) > 0).all()
    assert len(division.needs) == len(division.edges) + 1 <= 5
    assert len(division.needs) <= max(1, len(np.unique(values)))


@given(VALUES, st.sampled_from(POLARITIES), st.sampled_from(sorted(WAYS)))
def test_more_need_is_always_in_the_same_direction(values: Floats, polarity: str, way: str) -> None:
    division = WAYS[way](values, polarity)
    in_order = breaks.find_needs(np.sort(values), division)
    steps = np.diff(in_order)
    assert (steps <= 0).all() if polarity == "high is good" else (steps >= 0).all()
    most = 3 if way == "thirds" else 5
    assert set(division.needs.tolist()) <= set(range(1, most + 1))
    assert len(set(division.needs.tolist())) == len(division.needs)


@given(VALUES, st.sampled_from(POLARITIES))
def test_no_class_of_equally_many_is_empty(values: Floats, polarity: str) -> None:
    division = breaks.divide_equally_many(values, polarity)
    if len(values):
        assert 0 not in count_classes(values, division)


def test_classes_hold_a_fifth_each_where_nothing_repeats() -> None:
    values = np.arange(100.0)
    division = breaks.divide_equally_many(values, "high is bad")
    assert division.edges.tolist() == [20, 40, 60, 80]
    assert count_classes(values, division) == [20] * 5


def test_equal_steps_are_equal() -> None:
    division = breaks.divide_equally_wide(np.array([0, 1, 2, 3, 4, 100.0]), "high is bad")
    assert division.edges.tolist() == [20, 40, 60, 80]


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("values", [[], [7.0], [7.0, 7.0, 7.0]])
def test_all_alike_is_one_class_in_the_middle(way: str, values: list[float]) -> None:
    division = WAYS[way](np.array(values), "high is bad")
    assert division.edges.tolist() == []
    assert division.needs.tolist() == [2 if way == "thirds" else 3]


@pytest.mark.parametrize("way", ["quantile", "equal"])
def test_two_values_are_the_two_ends(way: str) -> None:
    division = WAYS[way](np.array([1.0, 2.0, 2.0]), "high is good")
    assert (len(division.edges), division.needs.tolist()) == (1, [5, 1])


def test_areas_without_a_value_are_in_no_class() -> None:
    values = np.array([1.0, np.nan, 3.0])
    division = breaks.divide_equally_many(values[[0, 2]], "high is bad")
    assert breaks.find_classes(values, division).tolist() == [0, -1, 1]
    assert breaks.find_needs(values, division).tolist() == [1, 0, 5]


SCORES = np.array([90, 80, 70, 60, 50, 40, 30, 20, 10, 5.0])
TENTHS = np.arange(1, 11.0)


def test_published_tenths_divide_a_score_in_pairs() -> None:
    division = breaks.divide_as_published(SCORES, TENTHS)
    assert division is not None
    assert division.edges.tolist() == [20, 40, 60, 80]
    assert division.needs.tolist() == [1, 2, 3, 4, 5]
    assert breaks.find_needs(SCORES, division).tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]


def test_published_tenths_divide_ranks_the_other_way_round() -> None:
    ranks = np.arange(1, 11.0)
    division = breaks.divide_as_published(ranks, TENTHS)
    assert division is not None
    assert (division.edges.tolist(), division.needs.tolist()) == ([3, 5, 7, 9], [5, 4, 3, 2, 1])


def test_published_classes_that_do_not_occur_here_leave_the_others_their_need() -> None:
    division = breaks.divide_as_published(SCORES[[0, 1, 8, 9]], TENTHS[[0, 1, 8, 9]])
    assert division is not None
    assert (division.edges.tolist(), division.needs.tolist()) == ([80], [1, 5])
    joined = breaks.join_in_thirds(division)
    assert (joined.edges.tolist(), joined.needs.tolist()) == ([80], [1, 3])


def test_areas_of_one_rounded_value_keep_the_tenths_they_were_published_with() -> None:
    values, tenths = np.repeat(SCORES, 4), np.repeat(TENTHS, 4)
    values[8] = values[7]  # of the third tenth, and rounded to a score of the second
    division = breaks.divide_as_published(values, tenths)
    assert division is not None
    assert division.edges.tolist() == [20, 40, 60, 80]
    assert division.exceptions == {8: 4}
    assert breaks.find_needs(values, division)[8] == 4
    assert breaks.find_needs(values, breaks.join_in_thirds(division))[8] == 2


def test_tenths_of_something_else_divide_nothing() -> None:
    shuffled = np.random.default_rng(5).permutation(100.0 + np.arange(100))
    assert breaks.divide_as_published(shuffled, np.repeat(TENTHS, 10)) is None
    assert breaks.divide_as_published(np.full(10, np.nan), TENTHS) is None
    assert breaks.divide_as_published(SCORES, np.full(10, np.nan)) is None


def test_published_thirds_are_two_tenths_the_next_two_and_the_rest() -> None:
    division = breaks.divide_as_published(SCORES, TENTHS)
    assert division is not None
    joined = breaks.join_in_thirds(division)
    assert (joined.edges.tolist(), joined.needs.tolist()) == ([60, 80], [1, 2, 3])
