"""Everything that an answer is worked out from, read of one state of the data."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.analysis import ground
from app.analysis.answering import Stated
from app.analysis.change_schemas import AddSite, ChangeAsked, MoveSite
from app.analysis.changing import ChangeError, Step, settle_changes
from app.analysis.ground import AreaGround, Edge, Spot, SupplyGround, Survey, Tokens
from app.analysis.hashing import choose_seed, hash_arrays, hash_lines, hash_supply, hash_words
from app.analysis.memory import Memory, Weighed, measure_areas, measure_edge, measure_weighed
from app.analysis.methods.kernels import Floats
from app.analysis.methods.travel import Walking
from app.analysis.needs import NeedGround, read_need
from app.analysis.question import METHOD_VERSION, Question
from app.analysis.schemas import AnalysisAsked, Settled
from app.analysis.settling import (
    Ages,
    SupplyUnit,
    say_people,
    settle_ages,
    settle_catchment,
    settle_question,
    settle_supply,
)
from app.analysis.working import weigh
from app.core.public_reads import PublicReads, Reader, Record


@dataclass(frozen=True)
class Prepared:
    """A question and everything that it is answered from.

    Attributes:
        stated: What the answer says of its question and its data.
        areas: With their people.
        weighed: Sites and their weights.
        question: What is asked of the arrays.
        need: Of each area of the place; None: not asked for.
        steps: Changes to be tried.
    """

    stated: Stated
    areas: AreaGround
    weighed: Weighed
    question: Question
    need: Floats | None
    steps: Sequence[Step]


Report = Callable[[str], Awaitable[None]]
"""Is told which step begins; what it raises ends the work."""


async def keep_quiet(_step: str) -> None:
    """Tell nobody."""


async def survey(reads: PublicReads, memory: Memory, asked: AnalysisAsked) -> Survey:
    """Return how much a question takes, without weighing anything.

    What was counted is kept until anything has changed.

    Raises:
        NotFoundError: There is no such category, or kind or year of areas.
        UnavailableError: The database is away.
    """
    async with reads.look() as reader:
        category = await ground.find_category(reader, asked.category)
        found = await ground.find_boundary_set(reader, asked.area_type, asked.boundary_year)
        state = await ground.read_state(reader)

        async def count() -> Survey:
            return await ground.look_over(reader, category["id"], found["id"], state)

        return await memory.find(("survey", category["id"], found["id"], state), count, len)


async def prepare(
    reads: PublicReads,
    sessions: async_sessionmaker[AsyncSession],
    memory: Memory,
    asked: AnalysisAsked,
    report: Report = keep_quiet,
) -> Prepared:
    """Return everything that a question is answered from, read of one state of the data.

    Raises:
        NotFoundError: There is no such category, kind or year of areas, or indicator for them.
        BadRequestError: The parts of the question make no sense together.
        UnavailableError: The database is away, or the place says not where it measures distances.
    """
    walking = Walking(asked.detour, asked.speed_km_h)
    async with reads.look() as reader:
        tokens = await ground.read_tokens(reader)
        category = await ground.find_category(reader, asked.category)
        found = await ground.find_boundary_set(reader, asked.area_type, asked.boundary_year)
        ages = settle_ages(asked, category)
        await report("Reading areas and people")
        areas = await _find_areas(reader, memory, tokens, found, ages)
        draft = settle_question(asked, category, SupplyUnit(is_stated=False, name=""), walking)
        key = (
            "weighed", tokens.areas, tokens.assets, found["id"], category["id"], draft.kernel,
            draft.within_area,
        )  # fmt: skip

        async def make() -> Weighed:
            await report("Reading sites")
            supply = await ground.read_supply(
                reader, category["id"], found, len(areas.codes), tokens.projected_crs
            )
            await report("Weighing how far people go")
            return Weighed(supply, await asyncio.to_thread(weigh, areas, supply, draft))

        weighed = await memory.find(key, make, measure_weighed)
        spots = await _find_spots(reader, found, asked.changes, tokens.projected_crs)
    need = await read_need(sessions, asked.need, areas) if asked.need else None
    unit = settle_supply(asked, category, weighed.supply)
    question = settle_question(asked, category, unit, walking)
    steps = settle_changes(asked.changes, weighed.supply, unit, spots)
    settled = _say_settled(asked, category, areas, ages, need, unit)
    values = None if need is None else need.values

    async def name() -> dict[str, str]:
        return _hash_ground(areas, weighed.supply)

    state = (*key, tokens.sea, tokens.projected_crs, ages)
    ground_data = await memory.find(("hashes", *state), name, len)
    data = {**ground_data, "need": "" if values is None else hash_arrays(values)}
    return Prepared(_state(settled, data), areas, weighed, question, values, steps)


def _state(settled: Settled, data: dict[str, str]) -> Stated:
    # What there is now has the same intervals whatever is tried beside it.
    unchanged = settled.model_copy(update={"changes": []})
    named, before = (
        [METHOD_VERSION, each.model_dump_json(), *data.values()] for each in (settled, unchanged)
    )
    return Stated(settled, data, hash_lines(*named), hash_lines(*before), choose_seed(*before))


def _hash_ground(areas: AreaGround, supply: SupplyGround) -> dict[str, str]:
    return {
        "areas": hash_arrays(areas.places, areas.people, areas.size_m2, areas.edge_m),
        "sites": hash_supply(supply),
        "need": "",
        "names": hash_words(
            *areas.codes, *areas.names, *map(str, supply.ids), *map(str, supply.assets),
            *supply.names, *map(str, supply.left_out.values()),
        ),
    }  # fmt: skip


async def _find_spots(
    reader: Reader, found: Record, changes: Sequence[ChangeAsked], projected_crs: str
) -> list[Spot | None]:
    """Return where each change puts its site; None for one that puts it nowhere else.

    Raises:
        ChangeError: A point lies in no area.
    """
    placing = [
        (number, change)
        for number, change in enumerate(changes)
        if isinstance(change, AddSite | MoveSite)
    ]
    spots: list[Spot | None] = [None] * len(changes)
    if not placing:
        return spots
    points = [(change.lon, change.lat) for _, change in placing]
    located = await ground.find_spots(reader, found, points, projected_crs)
    for (number, change), spot in zip(placing, located, strict=True):
        if spot is None:
            turned = await ground.find_spots(
                reader, found, [(change.lat, change.lon)], projected_crs
            )
            raise ChangeError(_say_nowhere(number, change, found, turned[0]))
        spots[number] = spot
    return spots


def _say_nowhere(
    number: int, change: AddSite | MoveSite, found: Record, turned: Spot | None
) -> str:
    said = f"Change {number + 1}: the point lon {change.lon:g}, lat {change.lat:g}"
    if turned is not None:
        return (
            f"{said} lies outside, and with the two swapped it lies in {turned.area_name}. "
            "Longitude comes first: swap them."
        )
    return (
        f"{said} lies in none of the {found['plural']} here: it is outside of the place and its "
        "margin, or in water. Choose a point on land inside."
    )


async def _find_areas(
    reader: Reader, memory: Memory, tokens: Tokens, found: Record, ages: Ages
) -> AreaGround:
    state = (tokens.areas, tokens.sea, tokens.projected_crs, found["id"])

    async def measure() -> Edge:
        return await ground.read_edge(reader, found, tokens.projected_crs)

    async def make() -> AreaGround:
        edge = await memory.find(("edge", *state), measure, measure_edge)
        return await ground.read_areas(reader, found, ages, tokens.projected_crs, edge)

    return await memory.find(("areas", *state, ages), make, measure_areas)


def _say_settled(
    asked: AnalysisAsked, category: Record, areas: AreaGround, ages: Ages,
    need: NeedGround | None, unit: SupplyUnit,
) -> Settled:  # fmt: skip
    walking = Walking(asked.detour, asked.speed_km_h)
    straight_m = settle_catchment(asked, category, walking)
    return Settled(
        category=category["code"],
        category_name=category["name"],
        method=asked.method,
        area_type=areas.area_type,
        areas=areas.plural,
        boundary_year=areas.boundary_year,
        from_age=ages[0],
        to_age=ages[1],
        people=say_people(ages),
        need=need.name if need else None,
        need_period=need.period if need else None,
        need_made=need.made if need else None,
        catchment_straight_m=straight_m,
        catchment_walked_m=walking.to_walked_m(straight_m),
        catchment_minutes=walking.count_minutes(straight_m),
        detour=walking.detour,
        speed_km_h=walking.speed_km_h,
        kernel="binary" if asked.method == "2sfca" else asked.kernel,
        supply="stated" if unit.is_stated else "one each",
        supply_unit=unit.name,
        standard=asked.standard,
        within_area=asked.within_area,
        changes=asked.changes,
        distances="straight lines in metres, from the centre of each area's people",
    )
