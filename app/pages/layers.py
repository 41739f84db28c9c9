"""What the page of layers says, put together from what the domains know."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import naming
from app.areas import service as areas
from app.areas.schemas import AreaRef, AreaTypeRead
from app.assets import counting as asset_counting
from app.core.public_reads import PublicReads
from app.core.versions import read_token
from app.indicators import service as indicators
from app.indicators.layers import Floats, Layer, read_layer
from app.indicators.schemas import IndicatorFilters, SeriesFilters
from app.organisations import counting as organisation_counting
from app.organisations.public_schemas import OrganisationCountFilters, OrganisationCountsByArea
from app.organisations.vocabulary import OrganisationKind
from app.pages.layer_legends import BothLegend, Legend, make_both_legend, make_legend
from app.pages.layer_maps import StillMap, draw_areas
from app.pages.layer_questions import (
    ALL_ASSETS,
    SHOWN_KINDS,
    Choices,
    LayerAddress,
    Problem,
    Question,
    add_notes,
    read_question,
)
from app.pages.layer_tables import (
    Column,
    Row,
    Shown,
    Table,
    list_digits,
    make_row,
    make_table,
    rank_by_need,
)
from app.taxonomy import service as taxonomy

Made = TypeVar("Made")

MOST_INDICATORS = 1000
NAMED_FIRST = 3
"""Areas that the sentence names."""


@dataclass(frozen=True)
class Finding:
    """What the sentence above the map says.

    Attributes:
        firsts: Areas with most need, the first ones; none where too many are alike.
        alike: How many share the first value.
        is_low: Whether most need is where values are lowest.
        extreme: The value of the first.
        worst_tenth: Areas among the published tenth with most need; None without published tenths.
        country: What the tenths and the average are of; '' where that is not known.
        average: The value of the country.
        beyond: Areas with more need than that (a higher value, where neither is better).
        quarters: Between which values the middle half of areas lies; None below four areas.
        known: Areas with a value.
    """

    firsts: Sequence[Row]
    alike: int
    is_low: bool
    extreme: float | None
    worst_tenth: int | None
    country: str
    average: float | None
    beyond: int
    quarters: tuple[float, float] | None
    known: int


@dataclass(frozen=True)
class ChosenArea:
    """The area that is marked.

    Attributes:
        row: Its row, on whichever page it is.
        parents: What it belongs to, smallest first.
    """

    row: Row
    parents: Sequence[AreaRef]


@dataclass(frozen=True)
class LayersResult:
    """Everything that is shown for one question."""

    question: Question
    area_type: AreaTypeRead
    layer: Layer
    legend: Legend
    second: Layer | None
    second_legend: Legend | None
    both: BothLegend | None
    finding: Finding
    columns: Sequence[Column]
    organisations: OrganisationCountsByArea | None
    table: Table
    chosen: ChosenArea | None
    digits: Sequence[str]


@dataclass(frozen=True)
class LayersPage:
    """The page: its form, and the result or what is wrong with the question."""

    address: LayerAddress
    choices: Choices
    problems: Sequence[Problem]
    result: LayersResult | None


class LayerMemory:
    """Remembers what is the same for every question, for as long as it does not change."""

    def __init__(self) -> None:
        self._kept: dict[object, tuple[str, Any]] = {}
        self._lock = asyncio.Lock()

    async def recall(self, key: object, state: str, make: Callable[[], Awaitable[Made]]) -> Made:
        """Return what `make` made at this `state`, made again only when that is another."""
        async with self._lock:
            held = self._kept.get(key)
            if held is None or held[0] != state:
                held = self._kept[key] = (state, await make())
        return held[1]


async def describe_layers(
    session: AsyncSession, reads: PublicReads, memory: LayerMemory, address: LayerAddress
) -> LayersPage:
    """Return what the page says for an address."""
    choices = await _list_choices(session, memory)
    question, problems = read_question(address, choices)
    if question is None:
        return LayersPage(address, choices, problems, None)
    result = await _answer(session, reads, memory, choices, question)
    return LayersPage(address, choices, (), result)


async def draw_still(
    session: AsyncSession, memory: LayerMemory, choices: Choices, result: LayersResult
) -> StillMap | None:
    """Return the outlines of the areas of a result; None where they are too many."""
    level = result.question.level
    key = (level.area_type, level.boundary_year)
    state = await read_token(session, areas.TOPIC)
    return await memory.recall(
        ("map", key), state, lambda: draw_areas(session, choices.area_types, *key)
    )


async def _list_choices(session: AsyncSession, memory: LayerMemory) -> Choices:
    async def make() -> Choices:
        page = await indicators.list_indicators(session, IndicatorFilters(limit=MOST_INDICATORS))
        kinds = [kind for kind in await areas.list_area_types(session) if kind.boundary_years]
        return Choices(page.items, kinds, await taxonomy.list_categories(session))

    state = await read_token(session, areas.TOPIC, indicators.TOPIC, taxonomy.TOPIC)
    return await memory.recall("choices", state, make)


async def _answer(
    session: AsyncSession,
    reads: PublicReads,
    memory: LayerMemory,
    choices: Choices,
    question: Question,
) -> LayersResult:
    level = question.level
    key = (level.area_type, level.boundary_year)
    state = await read_token(session, areas.TOPIC)
    names = await memory.recall(("names", key), state, lambda: naming.list_names(session, *key))
    layer = await read_layer(session, question.indicator.code, question.series)
    second = None
    if question.compare and question.view != "one":
        wanted = SeriesFilters(area_type=key[0], boundary_year=key[1])
        second = await read_layer(session, question.compare.code, wanted)
    legend = make_legend(layer, question.way)
    second_legend = make_legend(second, question.way) if second else None
    both = None
    if second and question.view == "both":
        both = make_both_legend(layer, second, question.way)
    if question.way == "published" and legend.way != "published":
        question = add_notes(question, Problem("no_published", question.indicator.name))
    columns, counted = await _count(reads, choices, question)
    digits = list_digits(both.firsts, both.seconds) if both else []
    shown = Shown(
        names, layer, legend.needs, second, second_legend.needs if second_legend else None,
        digits, columns,
    )  # fmt: skip
    chosen = await _find_chosen(session, shown, question)
    if question.area and chosen is None:
        question = add_notes(question, Problem("area", question.area))
    area_type = choices.find_area_type(level.area_type)
    if area_type is None:  # the choices and the levels are of one state of the data
        raise LookupError(level.area_type)
    return LayersResult(
        question=question,
        area_type=area_type,
        layer=layer,
        legend=legend,
        second=second,
        second_legend=second_legend,
        both=both,
        finding=_find(shown),
        columns=columns,
        organisations=counted,
        table=make_table(shown, question.sort, question.words, question.page),
        chosen=chosen,
        digits=digits,
    )


async def _count(
    reads: PublicReads, choices: Choices, question: Question
) -> tuple[list[Column], OrganisationCountsByArea | None]:
    level = question.level
    columns = []
    if question.categories:
        names = {each.code: each.name for each in choices.categories}
        codes = ["" if code == ALL_ASSETS else code for code in question.categories]
        found = await asset_counting.count_by_area(
            reads, level.area_type, level.boundary_year, codes
        )
        columns = [
            Column("assets", code, names.get(code, ""), *found[code])  # its fields in their order
            for code in codes
        ]
    if not question.relation:
        return columns, None
    filters = OrganisationCountFilters.model_validate(
        {
            "area_type": level.area_type,
            "boundary_year": level.boundary_year,
            "relation": question.relation,
            "kind": question.kinds,
        }
    )
    async with reads.look() as reader:
        counted = await organisation_counting.count_by_area(reader, filters)
    kinds: Sequence[OrganisationKind | str] = question.kinds or SHOWN_KINDS
    columns += [
        Column("organisations", kind, "", counted.counts[kind], counted.totals[kind])
        for kind in kinds
    ]
    return columns, counted


async def _find_chosen(
    session: AsyncSession, shown: Shown, question: Question
) -> ChosenArea | None:
    if question.area not in shown.names.codes:
        return None
    place = list(shown.names.codes).index(question.area)
    level = question.level
    parents = await naming.name_parents(session, level.area_type, level.boundary_year, [place + 1])
    row = make_row(shown, place, rank_by_need(shown.layer))
    return ChosenArea(row, parents[place + 1])


def _find(shown: Shown) -> Finding:
    """Return what the values say, whichever way is worse."""
    layer = shown.layer
    values = layer.values[~np.isnan(layer.values)]
    is_low = layer.indicator.polarity == "high is good"
    comparator = layer.comparators[0] if layer.comparators else None
    average = comparator.value if comparator else None
    places = rank_by_need(layer)
    alike = int((places == 1).sum())
    order = np.argsort(np.where(places == 0, len(places) + 1, places), kind="stable")
    firsts = [make_row(shown, int(place), places) for place in order[:NAMED_FIRST]]
    beyond = 0
    if average is not None:
        beyond = int((values < average).sum() if is_low else (values > average).sum())
    tenths = layer.tenths if layer.published is not None else None
    return Finding(
        firsts=[row for row in firsts if row.place] if alike <= NAMED_FIRST else [],
        alike=alike,
        is_low=is_low,
        extreme=float(values.min() if is_low else values.max()) if len(values) else None,
        worst_tenth=None if tenths is None else int((tenths == 1).sum()),
        country=comparator.name if comparator else "",
        average=average,
        beyond=beyond,
        quarters=_find_quarters(values),
        known=len(values),
    )


def _find_quarters(values: Floats) -> tuple[float, float] | None:
    """Return the values between which the middle half of areas lies."""
    if len(values) < 4:  # noqa: PLR2004 - quarters need four
        return None
    low, high = np.quantile(values, [0.25, 0.75])
    return float(low), float(high)


def shorten_name(layer: Layer) -> str:
    """Return the name of an indicator up to its period, which the page says elsewhere."""
    name, comma, _ = layer.indicator.name.partition(f", {layer.series.period}")
    return name if comma else layer.indicator.name
