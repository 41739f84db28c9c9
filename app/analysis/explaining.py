"""Why an area is short: its nearest sites, distance against crowding, what one more would do."""

import asyncio
from typing import NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.analysis import ground
from app.analysis.ground import AreaGround
from app.analysis.memory import Memory, Weighed
from app.analysis.methods.gap import find_standard
from app.analysis.methods.kernels import Floats
from app.analysis.methods.provision import measure_modified_two_step, measure_two_step
from app.analysis.methods.reach import find_nearest
from app.analysis.preparing import prepare
from app.analysis.question import Question
from app.analysis.schemas import AnalysisAsked
from app.analysis.working import count_supply
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads

NEAREST = 3
PER = 1000


class NearSite(NamedTuple):
    """A site near an area.

    Attributes:
        site: Its public id.
        asset: Of what is had there.
        name: What that is called.
        distance_m: Straight metres from where the area's people are.
        people: People within the catchment of it, those of the margin included.
        is_area: Whether only its area is told: it stands at that area's own point.
        is_confirmed: Whether it is known to be there still.
    """

    site: UUID
    asset: UUID
    name: str
    distance_m: float
    people: float
    is_area: bool
    is_confirmed: bool


class Split(NamedTuple):
    """What an area has to what it should have; for each 1,000 people.

    Attributes:
        access: What it has.
        standard: What it should have.
        few_near: How much of the difference comes of little being near.
        crowding: How much of it comes of what is near being shared by more people than usual;
            below 0 where it is shared by fewer. Both add up to the difference.
        with_one_more: What it would have with one more site at its own centre; None where that
            is not worked out for the method.
    """

    access: float
    standard: float
    few_near: float
    crowding: float
    with_one_more: float | None


class AreaExplained(NamedTuple):
    """Why an area is as it is.

    Attributes:
        code: Of the area.
        sites: The nearest, nearest first.
        catchment_m: Straight metres that people go.
        one_more_people: People without a site near enough whom one at this area's centre would be
            near enough for; those of the place only.
        one_more_areas: How many areas they live in.
        split: For methods that share supply out; None for the others.
    """

    code: str
    sites: tuple[NearSite, ...]
    catchment_m: float
    one_more_people: float
    one_more_areas: int
    split: Split | None


async def explain_area(
    reads: PublicReads,
    sessions: async_sessionmaker[AsyncSession],
    memory: Memory,
    asked: AnalysisAsked,
    code: str,
) -> AreaExplained:
    """Return why an area of the place is as it is, for a question.

    Raises:
        NotFoundError: There is no such category, kind or year of areas, or area.
        BadRequestError: The parts of the question make no sense together.
        UnavailableError: The database is away, or the place says not where it measures distances.
    """
    prepared = await prepare(reads, sessions, memory, asked.model_copy(update={"need": None}))
    areas = prepared.areas
    if code not in areas.codes[: areas.study_count]:
        raise NotFoundError(f"None of the {areas.plural} of this place has the code {code!r}.")
    place = list(areas.codes).index(code)
    return await asyncio.to_thread(explain, areas, prepared.weighed, prepared.question, place)


def explain(areas: AreaGround, weighed: Weighed, question: Question, place: int) -> AreaExplained:
    """Return why the area at a place of the arrays is as it is: pure arithmetic."""
    supply = weighed.supply
    here = areas.places[place : place + 1]
    nearest = find_nearest(here, supply.places, NEAREST)
    sites = tuple(
        NearSite(
            site=supply.ids[number],
            asset=supply.assets[number],
            name=supply.names[number],
            distance_m=metres,
            people=float(areas.people[_measure(areas, supply.places[number])
                                      <= question.catchment_m].sum()),
            is_area=bool(supply.is_area[number]),
            is_confirmed=bool(supply.is_confirmed[number]),
        )
        for metres, number in zip(
            nearest.distance_m[0].tolist(), nearest.sites[0].tolist(), strict=True
        )
        if np.isfinite(metres) and metres < ground.FAR_AWAY_M / 2
    )  # fmt: skip
    inside = np.arange(len(areas.codes)) < areas.study_count
    uncovered = find_nearest(areas.places, supply.places, 1).distance_m[:, 0] > question.catchment_m
    if supply.served is not None:
        uncovered &= supply.served.max(axis=1).toarray().ravel() <= 0
    helped = inside & uncovered & (_measure(areas, here[0]) <= question.catchment_m)
    return AreaExplained(
        code=areas.codes[place],
        sites=sites,
        catchment_m=question.catchment_m,
        one_more_people=float(areas.people[helped].sum()),
        one_more_areas=int((helped & (areas.people > 0)).sum()),
        split=_split(areas, weighed, question, place) if question.is_shared else None,
    )


def _measure(areas: AreaGround, point: Floats) -> Floats:
    metres: Floats = np.hypot(areas.places[:, 0] - point[0], areas.places[:, 1] - point[1])
    return metres


def _split(areas: AreaGround, weighed: Weighed, question: Question, place: int) -> Split | None:
    """Return the shares of distance and crowding; exact, for the two-step methods.

    What is near counts at the ratio that all sites would have if people were spread over them
    evenly; what is missing to the standard even so is distance, the rest is crowding.
    """
    if question.method == "3sfca":
        return None
    amount = count_supply(weighed.supply, question)
    is_modified = question.method == "m2sfca"
    measure = measure_modified_two_step if is_modified else measure_two_step
    provision = measure(weighed.weights, areas.people, amount)
    inside = slice(0, areas.study_count)
    standard = question.standard
    if standard is None:
        standard = find_standard(provision.access[inside], areas.people[inside])
    everybody = float(provision.demand.sum())
    usual = float(amount.sum()) / everybody if everybody > 0 else 0.0
    row = weighed.weights[[place], :]
    pull = row.data**2 if is_modified else row.data
    # Each site at the usual ratio for its size: what there is near, were it shared as elsewhere.
    sizes = amount[row.indices] / max(float(amount.mean()), 1e-300) if len(amount) else pull
    evenly = float((pull * sizes).sum()) * usual
    access = float(provision.access[place])
    return Split(
        access=PER * access,
        standard=PER * standard,
        few_near=PER * (standard - evenly),
        crowding=PER * (evenly - access),
        with_one_more=PER * (access + _add_one(areas, question, place, amount)),
    )


def _add_one(areas: AreaGround, question: Question, place: int, amount: Floats) -> float:
    """Return what one more site of the usual size at an area's centre would bring it a person."""
    distance = _measure(areas, areas.places[place])
    near = distance <= question.catchment_m
    demand = float((question.kernel.weigh(distance[near]) * areas.people[near]).sum())
    size = float(amount.mean()) if len(amount) else 1.0
    own = float(question.kernel.weigh(np.zeros(1))[0])
    pull = own**2 if question.method == "m2sfca" else own
    return size * pull / demand if demand > 0 else 0.0
