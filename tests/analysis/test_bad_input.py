"""Odd places and odd questions: a plain answer each, none wrong in silence."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import text

from app.analysis.answering import Stated, write_answer
from app.analysis.ground import AreaGround
from app.analysis.methods.kernels import Floats
from app.analysis.methods.travel import Walking
from app.analysis.question import Question, choose_kernel
from app.analysis.schemas import AnalysisRead, Settled
from app.analysis.working import weigh, work_out
from app.core.database import Database
from tests.analysis.test_analyses import NEED, PATH, ask, find_empty_category, refuse
from tests.analysis.test_what_if import METHODS
from tests.analysis.test_working import AREAS, SUPPLY

SETTLED = Settled(
    category="library", category_name="Libraries", method="e2sfca", area_type="block",
    areas="blocks", boundary_year=2026, from_age=None, to_age=None, people="people", need=None,
    need_period=None, need_made=None, catchment_straight_m=600, catchment_walked_m=780,
    catchment_minutes=10,
    detour=1.3, speed_km_h=4.8, kernel="gaussian", supply="one each", supply_unit="sites",
    standard=None, within_area=False, changes=[], distances="straight",
)  # fmt: skip
STATED = Stated(SETTLED, {}, "0" * 64, "0" * 64, 1)


def answer_all(areas: AreaGround, need: Sequence[float] | None) -> list[AnalysisRead]:
    """Return the answers of all methods; none has a number that is no number."""
    answers = []
    for method in METHODS:
        question = Question(method, choose_kernel("gaussian", 600), 600, Walking(),
                            stated_supply=False)  # fmt: skip
        wanted: Floats | None = None if need is None else np.array(need)
        worked = work_out(areas, SUPPLY, weigh(areas, SUPPLY, question), question, wanted, seed=1)
        answers.append(write_answer(STATED, areas, SUPPLY, question, worked, wanted))
        assert_finite(answers[-1].model_dump())
    return answers


def assert_finite(said: Any) -> None:  # noqa: ANN401 - anything
    """Fail where an answer holds a number that JSON has not."""
    for each in said.values() if isinstance(said, dict) else said:
        if isinstance(each, dict | list):
            assert_finite(each)
        assert not isinstance(each, float) or math.isfinite(each)


def test_where_nobody_lives_nobody_is_reached_and_nothing_is_divided() -> None:
    for answer in answer_all(replace(AREAS, people=np.zeros(4)), [1, 2, 3]):
        assert answer.finding == (
            "Nobody is known to live here, so nobody is reached by the 2 libraries."
        )
        assert answer.people == answer.covered == answer.shortfall == 0
        assert answer.covered_share.value is None
        assert answer.equity is not None
        assert answer.equity.sii.value is None


def test_one_area_has_nothing_to_be_compared_with() -> None:
    one = replace(
        AREAS, codes=["A"], names=["A"], study_count=1, places=AREAS.places[:1],
        people=AREAS.people[:1], size_m2=AREAS.size_m2[:1], edge_m=AREAS.edge_m[:1],
    )  # fmt: skip
    for method in METHODS:
        question = Question(method, choose_kernel("gaussian", 600), 600, Walking(),
                            stated_supply=False)  # fmt: skip
        supply = replace(SUPPLY, owner=np.array([0, -1]))
        worked = work_out(one, supply, weigh(one, supply, question), question, np.array([1.0]),
                          seed=1)  # fmt: skip
        answer = write_answer(STATED, one, supply, question, worked, np.array([1.0]))
        assert answer.areas.rank_gap == [0]
        assert answer.equity is not None
        assert answer.equity.sii.value is None


def test_all_alike_is_no_gap_and_no_inequality() -> None:
    alike = replace(AREAS, places=np.zeros((4, 2)), people=np.full(4, 100.0))
    for answer in answer_all(alike, [2, 2, 2]):
        if answer.unit != SETTLED.people and "same area" not in answer.unit:
            assert answer.areas.rank_gap == [0, 0, 0]
            assert answer.equity is not None
            assert answer.equity.concentration.value in {0, None}


def test_sites_that_nobody_can_reach_are_no_provision_and_are_named() -> None:
    far = replace(AREAS, places=AREAS.places + 50_000)
    for answer in answer_all(far, [1, 2, 3]):
        assert answer.covered == 0
        if "same area" in answer.unit:
            continue
        assert all(answer.areas.is_uncovered)
        assert [site.name for site in answer.unreached_sites] == ["P", "Q"]


def test_need_that_is_not_known_is_in_no_rank_and_counted() -> None:
    for answer in answer_all(AREAS, [1, np.nan, 2]):
        assert answer.areas.rank_gap[1] is None
        assert answer.areas.need[1] is None
        assert any(note.startswith("1 of 3 blocks have no figure") for note in answer.notes)
    for answer in answer_all(AREAS, [np.nan] * 3):
        assert answer.areas.rank_gap == [None] * 3
        assert answer.equity is not None
        assert answer.equity.sii.value is None


def test_need_below_nought_is_ranked_and_no_ratio_is_made_of_it() -> None:
    for answer in answer_all(AREAS, [-1, 0, 2]):
        assert None not in answer.areas.rank_gap
        assert answer.areas.ratio == [None] * 3
        if answer.shortfall_unit == "sites":
            assert "This one goes below 0" in answer.ratio_refused


async def test_no_sites_at_all_is_an_answer_of_every_method(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    empty = await find_empty_category(demo_database)
    for method in METHODS:
        answer = await ask(client, category=empty, everyone=True, need=NEED, method=method)
        assert answer["covered"] == answer["sites"] == 0
        assert answer["finding"].startswith("No ")
        if method != "container":
            assert all(answer["areas"]["is_uncovered"])


@pytest.mark.reads
@pytest.mark.parametrize("metres", [0, 500_000, -1])
async def test_a_catchment_of_nothing_or_of_a_country_is_refused_by_name(
    client: httpx.AsyncClient, metres: int
) -> None:
    response = await client.post(PATH, json={"category": "library", "catchment_m": metres})
    assert response.status_code == 422
    (problem,) = response.json()["errors"]
    assert "catchment_m" in str(problem)
    limit = "greater than 0" if metres <= 0 else "less than or equal to 100000"
    assert limit in str(problem)


async def test_a_coarser_indicator_is_not_spread_over_smaller_areas(
    client: httpx.AsyncClient,
) -> None:
    said = await refuse(client, 404, everyone=True, need={"indicator": "smoking"})
    assert "lsoa" in said
    assert "msoa" in said
    answer = await ask(client, everyone=True, need={"indicator": "smoking"}, area_type="msoa")
    assert answer["asked"]["area_type"] == "msoa"


async def test_years_of_areas_are_never_mixed(client: httpx.AsyncClient) -> None:
    said = await refuse(client, 404, everyone=True, need={"indicator": "income_score_2019"})
    assert "2011" in said
    assert "2021" in said
    asked = {"need": {"indicator": "income_score_2019"}, "boundary_year": 2011, "everyone": True}
    assert (await ask(client, **asked))["asked"]["boundary_year"] == 2011


async def test_an_indicator_that_is_neither_good_nor_bad_is_no_need(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    async with demo_database.sessions.begin() as session:
        await session.execute(
            text("UPDATE indicators SET polarity = 'neither' WHERE code = 'no_car'")
        )
    said = await refuse(client, 400, everyone=True, need={"indicator": "no_car"})
    assert "neither good nor bad" in said


async def test_ten_analysts_at_once_are_each_told_what_one_alone_is(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    asked = [
        {"category": "library", "everyone": True, "need": NEED, "catchment_m": 500 + 100 * (n % 3)}
        for n in range(10)
    ]
    together = await asyncio.gather(*(client.post(PATH, json=each) for each in asked))
    assert {answer.status_code for answer in together} == {200}
    assert len({answer.content for answer in together}) == 3
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM kept_analyses"))
    for each, answer in zip(asked, together, strict=True):
        assert (await client.post(PATH, json=each)).content == answer.content
