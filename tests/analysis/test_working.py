"""From arrays to an answer, on a place small enough to work out by hand."""

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from scipy.sparse import csr_array

from app.analysis.ground import FAR_AWAY_M, AreaGround, SupplyGround
from app.analysis.hashing import hash_supply
from app.analysis.methods.travel import Walking
from app.analysis.question import Method, Question, choose_kernel
from app.analysis.working import Worked, weigh, work_out

# Three areas in a row and one in the margin; a site in the first, one between second and margin.
AREAS = AreaGround(
    area_type="block", boundary_year=2026, plural="blocks",
    codes=("A", "B", "C", "M"), names=("A", "B", "C", "M"), study_count=3,
    places=np.array([[0.0, 0], [1000, 0], [5000, 0], [2000, 0]]),
    people=np.array([100.0, 300, 50, 600]), unknown_people=0,
    size_m2=np.full(4, np.pi * 150**2), edge_m=np.full(4, 9e9), is_coast_known=True,
)  # fmt: skip
SUPPLY = SupplyGround(
    ids=[UUID(int=n) for n in (1, 2)], assets=[UUID(int=n) for n in (3, 4)], names=["P", "Q"],
    places=np.array([[0.0, 0], [1500, 0]]), capacity=np.array([10.0, 18]),
    capacity_units=["seats", "seats"], owner=np.array([0, -1]),
    is_area=np.zeros(2, dtype=bool), is_confirmed=np.array([True, False]), served=None,
    left_out={},
)  # fmt: skip
NEED = np.array([1.0, 3.0, 2.0])


def answer(method: Method, supply: SupplyGround = SUPPLY, **changed: object) -> Worked:
    """Return the answer for a catchment of 600 m and binary weights."""
    question = Question(method, choose_kernel("binary", 600), 600, Walking(), stated_supply=True)
    question = replace(question, **changed)  # type: ignore[arg-type]
    weights = weigh(AREAS, supply, question)
    return work_out(AREAS, supply, weights, question, NEED, seed=1)


def test_the_people_of_the_margin_share_what_is_near_them() -> None:
    worked = answer("2sfca")
    # Site Q: 18 seats for the 300 of B and the 600 of the margin.
    assert worked.reach.access.tolist() == pytest.approx([0.1, 0.02, 0, 0.02])
    assert worked.gaps.standard == pytest.approx((10 + 6) / 450)
    assert worked.gaps.shortfall == pytest.approx([0, 300 * (16 / 450 - 0.02), 50 * 16 / 450])
    # Only the place itself is ranked and covered.
    assert len(worked.gaps.rank_gap) == 3
    assert worked.covered_share.value == pytest.approx(400 / 450)
    assert worked.thin == [0], "the first site is reached by a hundred people"


def test_most_need_with_least_reach_has_the_largest_gap() -> None:
    # Of 450 people, most need last: 1/9, 2/3, 5/18; least access first: 8/9, 4/9, 1/18.
    gap = answer("2sfca").gaps.rank_gap
    assert gap == pytest.approx([1 / 9 - 8 / 9, 2 / 3 - 4 / 9, 5 / 18 - 1 / 18])


def test_an_own_standard_is_taken_even_where_it_is_nothing() -> None:
    assert answer("2sfca", standard=0.0).gaps.shortfall.tolist() == [0, 0, 0]
    assert answer("2sfca", standard=0.1).gaps.shortfall == pytest.approx([0, 24, 5])


def test_nearest_counts_people_beyond_the_catchment() -> None:
    worked = answer("nearest")
    assert worked.reach.distance_m.tolist() == [0, 500, 3500, 500]
    assert worked.gaps.shortfall.tolist() == [0, 0, 50]
    assert np.isnan(worked.gaps.standard)


def test_people_are_not_beside_the_site_in_the_middle_of_their_area() -> None:
    worked = answer("nearest", within_area=True)
    assert worked.reach.distance_m.tolist() == pytest.approx([100, 500, 3500, 500])


def test_the_container_knows_what_lies_inside_and_nothing_else() -> None:
    assert answer("container").reach.access.tolist() == pytest.approx([100, 0, 0, 0])


def test_who_is_served_at_home_is_reached_and_has_no_distance() -> None:
    served = csr_array(np.array([[0, 0], [0, 0], [0, 1.0], [0, 0]]))
    places = np.array([[0.0, 0], [FAR_AWAY_M, FAR_AWAY_M]])
    supply = replace(SUPPLY, places=places, served=served)
    worked = answer("2sfca", supply)
    assert worked.reach.access.tolist() == pytest.approx([0.1, 0, 18 / 50, 0])
    assert worked.reach.covered.tolist() == [100, 0, 50, 0]
    assert worked.reach.distance_m[2] == 5000


def test_the_hash_is_of_what_sites_are_in_whichever_order() -> None:
    turned = replace(
        SUPPLY, ids=SUPPLY.ids[::-1], places=SUPPLY.places[::-1], capacity=SUPPLY.capacity[::-1],
        owner=SUPPLY.owner[::-1], is_confirmed=SUPPLY.is_confirmed[::-1],
    )  # fmt: skip
    assert hash_supply(turned) == hash_supply(SUPPLY)
    assert hash_supply(replace(SUPPLY, capacity=np.array([10.0, 19]))) != hash_supply(SUPPLY)
