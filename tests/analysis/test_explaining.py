"""Why an area is short, on a place small enough to work out by hand."""

from dataclasses import replace

import pytest

from app.analysis.explaining import AreaExplained, explain
from app.analysis.memory import Weighed
from app.analysis.methods.travel import Walking
from app.analysis.question import Method, Question, choose_kernel
from app.analysis.working import weigh
from tests.analysis.test_working import AREAS, SUPPLY


def ask(method: Method, place: int, **changed: object) -> AreaExplained:
    """Return why the area at a place is as it is, for a catchment of 600 m, each site one."""
    question = Question(method, choose_kernel("binary", 600), 600, Walking(), stated_supply=False)
    question = replace(question, **changed)  # type: ignore[arg-type]
    return explain(AREAS, Weighed(SUPPLY, weigh(AREAS, SUPPLY, question)), question, place)


def test_the_nearest_come_with_their_distance_and_who_is_near_enough_to_each() -> None:
    found = ask("coverage", 1)
    assert [(site.name, site.distance_m, site.people) for site in found.sites] == [
        ("Q", 500, 900), ("P", 1000, 100),
    ]  # fmt: skip
    assert [site.is_confirmed for site in found.sites] == [False, True]
    assert found.split is None


def test_one_more_helps_only_who_has_none_and_lives_in_the_place() -> None:
    far = ask("coverage", 2)
    assert (far.one_more_people, far.one_more_areas) == (50, 1)
    near = ask("coverage", 1)
    assert (near.one_more_people, near.one_more_areas) == (0, 0)
    # With a longer way everybody of B is reached, but M belongs to the margin.
    wide = ask("coverage", 1, catchment_m=499.0)
    assert (wide.one_more_people, wide.one_more_areas) == (300, 1)


def test_distance_and_crowding_add_up_to_what_is_missing() -> None:
    # P is shared by 100, Q by 900: a site is shared by 500 on average.
    split = ask("2sfca", 1).split
    assert split is not None
    standard = (1 + 300 / 900) / 450
    assert split.access == pytest.approx(1000 / 900)
    assert split.standard == pytest.approx(1000 * standard)
    assert split.few_near == pytest.approx(1000 * (standard - 1 / 500))
    assert split.crowding == pytest.approx(1000 * (1 / 500 - 1 / 900))
    assert split.few_near + split.crowding == pytest.approx(split.standard - split.access)
    far = ask("2sfca", 2).split
    assert far is not None
    assert (far.access, far.crowding) == (0, 0)
    assert far.few_near == pytest.approx(far.standard)


def test_one_more_is_shared_by_those_who_would_reach_it() -> None:
    split = ask("2sfca", 2).split
    assert split is not None
    assert split.with_one_more == pytest.approx(1000 / 50)
    assert ask("3sfca", 2).split is None
