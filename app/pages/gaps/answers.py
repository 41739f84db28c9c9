"""What `/gaps` says: the answer of the analysis, put into a sentence, classes, rows and reasons."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from app.analysis import running
from app.analysis.bands import list_bands
from app.analysis.changing import ChangeError
from app.analysis.classes import (
    Both,
    Reach,
    class_both,
    class_reach,
    count_beyond,
    find_standard,
    is_by_supply,
)
from app.analysis.explaining import AreaExplained, explain_area
from app.analysis.keeping import Answer, Desk
from app.analysis.kept_schemas import AnalysisRunRead
from app.analysis.schemas import AnalysisRead
from app.areas import naming
from app.areas import service as areas
from app.areas.naming import AreaNames
from app.areas.schemas import AreaRef
from app.core.errors import BadRequestError
from app.core.versions import read_token
from app.indicators import service as indicators
from app.indicators.layers import Layer, read_layer
from app.indicators.schemas import AreaIndicator, IndicatorFilters, SeriesFilters
from app.pages.gaps.asked import (
    Choices,
    GapAddress,
    Problem,
    Question,
    choose_groups,
    read_question,
)
from app.pages.gaps.linking import Linked, find_linked
from app.pages.gaps.presets import PRESETS, Preset
from app.pages.gaps.tables import Row, Shown, Table, cut_page, find_row, list_rows
from app.pages.gaps.trying import After, Offers, Trial, describe_trial, find_after, list_offers
from app.pages.layer_maps import StillMap, draw_areas
from app.pages.layers import LayerMemory
from app.taxonomy import service as taxonomy

MOST_INDICATORS = 1000
MOST_DRIVERS = 7

BYTES_READ = 5
"""About how many an answer takes for each byte of its JSON."""


@dataclass(frozen=True)
class Readers:
    """What the page reads with."""

    session: AsyncSession
    desk: Desk
    kept: LayerMemory


@dataclass(frozen=True)
class Finding:
    """The numbers of the sentence.

    Attributes:
        people: Of those who are counted, all of the place.
        beyond: Of them, how many are not reached.
        areas: Areas that fall short and where some of them live.
        worst_areas: Areas that fall short and have most need.
        worst_people: People who are not reached in them.
        beyond_if_closed: People who are not reached if every listing that is not confirmed has
            closed; None where supply is told.
        standard: Supply for each 1,000 people that is measured against; None where distance is.
    """

    people: float
    beyond: float
    areas: int
    worst_areas: int
    worst_people: float
    beyond_if_closed: float | None
    standard: float | None


@dataclass(frozen=True)
class Why:
    """Why an area is as it is.

    Attributes:
        row: Its row.
        parents: What it belongs to, smallest first.
        explained: Nearest sites and so on.
        drivers: Published tenths of what need is made of, most need first.
        offers: What may be tried from here.
        is_chosen: Whether it was asked for; else it is the first of those that fall short.
    """

    row: Row
    parents: Sequence[AreaRef]
    explained: AreaExplained
    drivers: Sequence[AreaIndicator]
    offers: Offers
    is_chosen: bool


@dataclass(frozen=True)
class Result:
    """Everything that is shown for one question."""

    question: Question
    answer: AnalysisRead
    need: Layer | None
    reach: Reach
    both: Both | None
    finding: Finding
    rows: Sequence[Row]
    table: Table
    why: Why | None
    is_area_unknown: bool
    after: After | None
    trial: Trial
    linked: Linked | None

    @property
    def mapped(self) -> "Result | After":
        """Return what the map shows: what would come of the changes, or what there is."""
        return self.after if self.after is not None and not self.question.is_now else self


@dataclass(frozen=True)
class GapsPage:
    """The page: its form, and the result, what is wrong with the question, or how far it is.

    Attributes:
        run: Where a large question is worked out; None for one that is answered at once.
    """

    address: GapAddress
    choices: Choices
    presets: Sequence[Preset]
    problems: Sequence[Problem]
    result: Result | None
    run: AnalysisRunRead | None = None


async def list_groups(readers: Readers, page: GapsPage) -> list[str]:
    """Return the groups of people to offer: those that can be counted in the areas shown."""
    if page.result:
        question = page.result.question
        key = (question.area_type.code, question.boundary_year)
    elif page.choices.area_types:
        kind = page.choices.find_area_type(page.address.area_type) or page.choices.area_types[0]
        key = (kind.code, kind.boundary_years[-1])
    else:
        return choose_groups([])
    state = await read_token(readers.session, areas.TOPIC)
    bands = await readers.kept.recall(
        ("bands", key), state, lambda: list_bands(readers.desk.reads, *key)
    )
    return choose_groups(bands)


async def describe_gaps(readers: Readers, address: GapAddress) -> GapsPage:
    """Return what the page says for an address; without a category it is only the form."""
    choices = await list_choices(readers)
    presets = [each for each in PRESETS if choices.find_category(each.asked["category"])]
    if not any(value for _, value in address):
        return GapsPage(address, choices, presets, (), None)
    question, problems = read_question(address, choices)
    if question is None:
        return GapsPage(address, choices, presets, problems, None)
    try:
        asked, made = await _ask(readers, question)
    except BadRequestError as error:
        # Ages that cut through the bands that people are known in: only the data can tell.
        problem = Problem("people", "refused", error.detail)
        return GapsPage(address, choices, presets, [problem], None)
    if isinstance(made, AnalysisRunRead):
        return GapsPage(address, choices, presets, (), None, made)
    result = await _describe(readers, address, asked, made)
    return GapsPage(address, choices, presets, (), result)


async def _ask(readers: Readers, question: Question) -> tuple[Question, Answer | AnalysisRunRead]:
    """Return the answer, and what was asked: less than `question` where that cannot be.

    Everybody is counted where the category's own ages cut through the bands; a change that cannot
    be tried is left out with all others.

    Raises:
        BadRequestError: Ages that were asked for cut through the bands.
    """
    try:
        return question, await running.ask(readers.desk, question.asked)
    except ChangeError as error:
        without = question.asked.model_copy(update={"changes": []})
        return await _ask(readers, replace(question, asked=without, refused=error.detail))
    except BadRequestError:
        asked = question.asked
        if asked.everyone or (asked.from_age, asked.to_age) != (None, None):
            raise
        everybody = asked.model_copy(update={"everyone": True})
        return await _ask(readers, replace(question, asked=everybody, is_widened=True))


async def draw_still(readers: Readers, page: GapsPage, result: Result) -> StillMap | None:
    """Return the outlines of the areas of a result; None where they are too many."""
    key = (result.question.area_type.code, result.question.boundary_year)
    state = await read_token(readers.session, areas.TOPIC)
    return await readers.kept.recall(
        ("map", key), state, lambda: draw_areas(readers.session, page.choices.area_types, *key)
    )


async def list_choices(readers: Readers) -> Choices:
    """Return what there is to choose from, made anew only when it has changed."""
    session = readers.session

    async def make() -> Choices:
        page = await indicators.list_indicators(session, IndicatorFilters(limit=MOST_INDICATORS))
        kinds = [kind for kind in await areas.list_area_types(session) if kind.boundary_years]
        return Choices(page.items, kinds, await taxonomy.list_categories(session))

    state = await read_token(session, areas.TOPIC, indicators.TOPIC, taxonomy.TOPIC)
    return await readers.kept.recall("gap choices", state, make)


async def list_names(readers: Readers, area_type: str, boundary_year: int) -> AreaNames:
    """Return the names of the areas of a kind and year."""
    session = readers.session
    state = await read_token(session, areas.TOPIC)
    return await readers.kept.recall(
        ("names", (area_type, boundary_year)),
        state,
        lambda: naming.list_names(session, area_type, boundary_year),
    )


async def _describe(
    readers: Readers, address: GapAddress, question: Question, made: Answer
) -> Result:
    key = (question.area_type.code, question.boundary_year)
    answer = await _read(readers.desk, made)
    names = await list_names(readers, *key)
    need, both = None, None
    reach = class_reach(answer)
    if question.need is not None:
        wanted = SeriesFilters(area_type=key[0], boundary_year=key[1])
        need = await read_layer(readers.session, question.need.code, wanted)
        both = class_both(answer, reach, need)
    after = find_after(answer, need)
    shown = Shown(answer, names, reach, both, need, after)
    rows = list_rows(shown, question.sort, question.words)
    chosen = find_row(shown, question.area) if question.area else None
    first = next((row for row in rows if row.is_short and row.people), None)
    row = chosen or (None if question.area else first)
    why = None
    is_small = len(answer.areas.codes) * answer.sites <= readers.desk.limits.pairs_at_once
    if row and answer.sites and is_small:
        why = await _explain(readers, address, question, answer, row)
    return Result(
        question=question,
        answer=answer,
        need=need,
        reach=reach,
        both=both,
        finding=_find(answer, reach, both),
        rows=rows,
        table=cut_page(rows, question.page),
        why=why,
        is_area_unknown=bool(question.area) and chosen is None,
        after=after,
        trial=await describe_trial(readers.session, readers.desk.reads, address, question),
        linked=await find_linked(readers.desk, question, answer),
    )


async def _read(desk: Desk, made: Answer) -> AnalysisRead:
    async def make() -> AnalysisRead:
        return await asyncio.to_thread(AnalysisRead.model_validate_json, made.body)

    return await desk.memory.find(("read", made.id), make, lambda _: BYTES_READ * len(made.body))


def _find(answer: AnalysisRead, reach: Reach, both: Both | None) -> Finding:
    beyond = count_beyond(answer, reach)
    by_supply = is_by_supply(answer)
    worst = reach.is_short & (both.needs == 3) if both else np.zeros(len(beyond), bool)  # noqa: PLR2004 - the third with most need
    closed = answer.people - answer.covered_if_unconfirmed_closed
    return Finding(
        people=answer.people,
        beyond=float(beyond.sum()),
        areas=int((reach.is_short & (beyond > 0)).sum()),
        worst_areas=int(worst.sum()),
        worst_people=float(beyond[worst].sum()),
        beyond_if_closed=None if by_supply else closed,
        standard=find_standard(answer) if by_supply else None,
    )


async def _explain(
    readers: Readers, address: GapAddress, question: Question, answer: AnalysisRead, row: Row
) -> Why:
    area_type, year = question.area_type.code, question.boundary_year
    desk = readers.desk
    plain = question.asked.model_copy(update={"changes": []})
    explained = await explain_area(desk.reads, desk.sessions, desk.memory, plain, row.code)
    parents = await naming.name_parents(readers.session, area_type, year, [row.gid])
    drivers: list[AreaIndicator] = []
    if question.need is not None:
        held = await indicators.list_area_indicators(readers.session, area_type, row.code, year)
        drivers = _list_drivers(held.items, question)
    offers = await list_offers(readers.session, desk.reads, address, answer, explained)
    return Why(row, parents[row.gid], explained, drivers, offers, is_chosen=bool(question.area))


def _list_drivers(held: Sequence[AreaIndicator], question: Question) -> list[AreaIndicator]:
    """Return the published tenths of the topic and release of the need, most need first."""
    need = question.need
    if need is None:
        return []
    own = next((item for item in held if item.indicator.code == need.code), None)
    found = [
        item
        for item in held
        if item.indicator.topic == need.topic
        and item.indicator.measure == "decile"
        and item.indicator.polarity == "high is good"
        and item.method is None
        and item.value is not None
        and (own is None or item.period == own.period)
        and item.indicator.name.split(":")[0] != need.name.split(":")[0]
    ]
    return sorted(found, key=lambda item: (item.value or 0, item.indicator.name))[:MOST_DRIVERS]
