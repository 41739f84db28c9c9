"""How an area stands, in a handful of figures beside those of what it belongs to."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.schemas import AreaRead, AreaTypeRead
from app.indicators.schemas import (
    AreaIndicator,
    AreaSeriesFilters,
    Comparison,
    IndicatorRef,
    Standing,
)
from app.indicators.service import list_area_indicators, read_comparison

MOST_FIGURES = 6
NOT_FOR_READING = frozenset({"rank", "decile"})
"""Measures that say how areas are ordered, not how things are."""

FEWEST_COMPARED = 10
"""Areas among which a tenth can be told."""

TENTHS = 10
MOST_LARGER = 2


@dataclass(frozen=True)
class Tenth:
    """Where an area stands among others, from the end with most need.

    Attributes:
        percent: Of 10, 20 ... 50.
        end: most: among that many with most need; least: with least; high or low where neither
            end is better.
    """

    percent: int
    end: str


@dataclass(frozen=True)
class Beside:
    """The value of something larger.

    Attributes:
        name: What it is called.
        value: None where it is not known.
    """

    name: str
    value: float | None


@dataclass(frozen=True)
class Figure:
    """One figure of an area.

    Attributes:
        indicator: What it is.
        period: Of when.
        value: Of the area.
        beside: Of larger areas and the country, in the order of the table's columns.
        tenth: Where it stands in the place; None where that cannot be told.
    """

    indicator: IndicatorRef
    period: str
    value: float
    beside: Sequence[Beside]
    tenth: Tenth | None


@dataclass(frozen=True)
class Need:
    """How an area stands.

    Attributes:
        figures: A handful, one of each topic.
        columns: What it stands beside, in the order of each figure's `beside`.
        decile: Where it stands in the country by the main measure; None where not published.
        decile_of: What the measure is called.
        country: Of the decile; '' where not known.
        count: How many figures there are in all.
    """

    figures: Sequence[Figure]
    columns: Sequence[str]
    decile: Tenth | None
    decile_of: str
    country: str
    count: int


async def describe_need(
    session: AsyncSession, area: AreaRead, kinds: Mapping[str, AreaTypeRead]
) -> Need:
    """Return how an area stands, by the first indicator of each topic of the pack.

    Args:
        session: To read with.
        area: Which one.
        kinds: All sorts of area, by code.
    """
    held = (await list_area_indicators(session, area.type, area.code, area.boundary_year)).items
    chosen = choose_indicators(held)
    compared = [await _compare(session, area, item) for item in chosen]
    columns = _choose_columns(area, compared, kinds)
    figures = [
        _describe_figure(item, comparison, columns)
        for item, comparison in zip(chosen, compared, strict=True)
    ]
    decile = _find_decile(held, chosen)
    country = next((each.name for item in chosen for each in item.comparators), "")
    return Need(
        figures=figures,
        columns=columns,
        decile=None if decile is None else _read_decile(decile),
        decile_of="" if decile is None else decile.indicator.name.split(":")[0],
        country=country,
        count=sum(item.value is not None for item in held),
    )


def choose_indicators(held: Sequence[AreaIndicator]) -> list[AreaIndicator]:
    """Return the first of each topic that has a value and an end that is better, in their order."""
    chosen: dict[str, AreaIndicator] = {}
    for item in held:
        of = item.indicator
        is_plain = of.measure not in NOT_FOR_READING and of.polarity != "neither"
        if is_plain and item.value is not None:
            chosen.setdefault(of.topic, item)
    return list(chosen.values())[:MOST_FIGURES]


def find_tenth(standing: Standing | None, polarity: str) -> Tenth | None:
    """Return in which tenths of the place a value is, counted from the nearer end."""
    if standing is None or standing.of < FEWEST_COMPARED:
        return None
    is_high_bad = polarity == "high is bad"
    position = standing.from_highest if is_high_bad else standing.from_lowest
    return _write_tenth(math.ceil(TENTHS * position / standing.of))


def _write_tenth(tenth: int) -> Tenth:
    """Return what a tenth is called; 1 is that with most need."""
    if tenth <= TENTHS // 2:
        return Tenth(tenth * TENTHS, "most")
    return Tenth((TENTHS + 1 - tenth) * TENTHS, "least")


async def _compare(session: AsyncSession, area: AreaRead, item: AreaIndicator) -> Comparison:
    filters = AreaSeriesFilters(
        area_type=area.type,
        boundary_year=area.boundary_year,
        period=item.period,
        sex=item.sex or None,
        age=item.age or None,
        code=area.code,
    )
    return await read_comparison(session, item.indicator.code, filters)


def _choose_columns(
    area: AreaRead, compared: Sequence[Comparison], kinds: Mapping[str, AreaTypeRead]
) -> list[str]:
    """Return the names of the largest areas around and of the country, smallest first."""
    own = kinds[area.type].position
    larger = {
        parent.area.name: kinds[parent.area.type].position
        for each in compared
        for parent in each.parents
        if parent.area.type in kinds and kinds[parent.area.type].position > own
    }
    around = sorted(larger, key=lambda name: larger[name])[-MOST_LARGER:]
    countries = dict.fromkeys(each.name for one in compared for each in one.comparators)
    return [*around, *list(countries)[:1]]


def _describe_figure(item: AreaIndicator, comparison: Comparison, columns: Sequence[str]) -> Figure:
    values = {parent.area.name: parent.value for parent in comparison.parents}
    values |= {each.name: each.value for each in comparison.comparators}
    if item.value is None:
        raise ValueError(f"{item.indicator.code} was chosen without a value")
    return Figure(
        indicator=item.indicator,
        period=item.period,
        value=item.value,
        beside=[Beside(name, values.get(name)) for name in columns],
        tenth=find_tenth(comparison.standing, item.indicator.polarity),
    )


def _find_decile(
    held: Sequence[AreaIndicator], chosen: Sequence[AreaIndicator]
) -> AreaIndicator | None:
    stems = {item.indicator.name.split(":")[0] for item in chosen}
    for item in held:
        # A decile that was worked out here, as of a mean, is not one of the country.
        is_published = item.method is None and item.value is not None
        is_decile = item.indicator.measure == "decile" and is_published
        if is_decile and item.indicator.name.split(":")[0] in stems:
            return item
    return None


def _read_decile(item: AreaIndicator) -> Tenth | None:
    """Return the tenth of the country that a published decile is."""
    value = round(item.value or 0)
    if not 1 <= value <= TENTHS:
        return None
    is_most_first = item.indicator.polarity == "high is good"
    return _write_tenth(value if is_most_first else TENTHS + 1 - value)
