"""A whole series as a map shows it: its values, why some have none, and where to divide them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from app.indicators import breaks, queries
from app.indicators.breaks import Division
from app.indicators.describing import (
    describe_indicator,
    describe_series,
    select_comparators,
)
from app.indicators.queries import AnyRow
from app.indicators.schemas import (
    Breaks,
    ComparatorValue,
    IndicatorRead,
    IndicatorValues,
    PublishedDivision,
    SeriesFilters,
    SeriesRead,
)
from app.indicators.schemas import Division as DivisionRead
from app.indicators.service import find_series, read_indicators_token, want

Floats = NDArray[np.float64]

DEPRIVATION = "Deprivation"
"""The topic whose tenths are called deprived."""

_DEPRIVED = {
    5: "most deprived 20 %",
    4: "second most deprived 20 %",
    3: "middle 20 %",
    2: "second least deprived 20 %",
    1: "least deprived 20 %",
}
_IN_NEED = {
    5: "20 % with most need",
    4: "20 % with second most need",
    3: "middle 20 %",
    2: "20 % with second least need",
    1: "20 % with least need",
}
_RANKED = {
    5: "highest 20 %",
    4: "second highest 20 %",
    3: "middle 20 %",
    2: "second lowest 20 %",
    1: "lowest 20 %",
}


@dataclass(frozen=True)
class Layer:
    """One series with everything that a map or a table of it says.

    Attributes:
        indicator: What it is of.
        series: Which one it is.
        values: One an area of the place, in gid order; NaN where there is none.
        statuses: Why there is none, or what else is said, by gid.
        quantile: Classes that hold about as many areas each.
        equal: Classes of equal width.
        published: Classes of two published tenths each; None where no tenths go with the values.
        thirds: Three classes that hold about as many areas each.
        tenths: The published tenth of each area, 1 for most need; None likewise.
        comparators: What the series is compared with.
        value_count: Areas with a value.
        missing_count: Areas that the source has no value for.
        suppressed_count: Areas whose value is withheld.
    """

    indicator: IndicatorRead
    series: SeriesRead
    values: Floats
    statuses: Mapping[int, str]
    quantile: Division
    equal: Division
    published: Division | None
    thirds: Division
    tenths: Floats | None
    comparators: Sequence[ComparatorValue]
    value_count: int
    missing_count: int
    suppressed_count: int


async def read_layer(session: AsyncSession, code: str, filters: SeriesFilters) -> Layer:
    """Return one series of an indicator.

    Raises:
        NotFoundError: There is no such indicator, kind or year of area, or series.
    """
    row, series, held = await find_series(session, code, want(filters))
    values, statuses = await _fetch_values(session, series)
    tenths = await _fetch_tenths(session, row, series)
    known = values[~np.isnan(values)]
    comparators = await queries.fetch_comparators(session, [row.id])
    return Layer(
        indicator=describe_indicator(row, held),
        series=describe_series(row, series),
        values=values,
        statuses=statuses,
        quantile=breaks.divide_equally_many(known, row.polarity),
        equal=breaks.divide_equally_wide(known, row.polarity),
        published=None if tenths is None else breaks.divide_as_published(values, tenths),
        thirds=breaks.divide_in_thirds(known, row.polarity),
        tenths=tenths,
        comparators=select_comparators(comparators, series),
        value_count=series.value_count,
        missing_count=series.missing_count,
        suppressed_count=series.suppressed_count,
    )


async def write_values(session: AsyncSession, code: str, filters: SeriesFilters) -> bytes:
    """Return `IndicatorValues` as JSON: a series as one array in gid order.

    Raises:
        NotFoundError: As `read_layer`.
    """
    layer = await read_layer(session, code, filters)
    has_values = bool(layer.value_count)
    found = IndicatorValues.model_construct(
        **dict(layer.series),
        version=await read_indicators_token(session),
        breaks=_describe_breaks(layer),
        first_gid=1,
        statuses={str(gid): layer.statuses[gid] for gid in sorted(layer.statuses)},
        minimum=float(np.nanmin(layer.values)) if has_values else None,
        maximum=float(np.nanmax(layer.values)) if has_values else None,
        value_count=layer.value_count,
        missing_count=layer.missing_count,
        suppressed_count=layer.suppressed_count,
    )
    # Tens of thousands of numbers: written as they stand, without a model around each.
    document = {**found.model_dump(exclude={"values"}), "values": layer.values}
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


async def _fetch_values(session: AsyncSession, series: AnyRow) -> tuple[Floats, dict[int, str]]:
    """Return the values of a series in gid order and what is said of them by gid."""
    count = series.value_count + series.missing_count + series.suppressed_count
    packed = await queries.fetch_packed(session, series.id, count)
    values = np.full(count, np.nan)
    if packed.gids:
        values[np.array(packed.gids) - 1] = packed.values
    statuses = dict(zip(packed.status_gids or (), packed.statuses or (), strict=True))
    return values, statuses


async def _fetch_tenths(session: AsyncSession, row: AnyRow, series: AnyRow) -> Floats | None:
    """Return the published tenths that go with a series; None where there are none.

    They are the series itself, or of the indicator that has the tenths of the same score. Tenths
    that were made here, for larger areas, are of this place alone and no published ones.
    """
    tenths = row
    if row.measure != "decile":
        found = await queries.fetch_tenths(session, row.ranks or row.code)
        if found is None:
            return None
        tenths = found
    key = (series.boundary_set_id, series.period, series.sex, series.age)
    for each in await queries.fetch_series(session, [tenths.id]):
        if (each.boundary_set_id, each.period, each.sex, each.age) == key and each.method is None:
            values, _ = await _fetch_values(session, each)
            return 11 - values if tenths.polarity == "high is bad" else values
    return None


def _describe_breaks(layer: Layer) -> Breaks:
    published = joined = None
    if layer.published is not None:
        words = _name_levels(layer.indicator)
        published = PublishedDivision(
            **_describe(layer.published),
            levels=[words[need] for need in layer.published.needs],
            exceptions=_name_exceptions(layer.published),
        )
        thirds = breaks.join_in_thirds(layer.published)
        levels = {3: words[5], 2: words[4], 1: "other 60 %"}
        joined = PublishedDivision(
            **_describe(thirds),
            levels=[levels[need] for need in thirds.needs],
            exceptions=_name_exceptions(thirds),
        )
    return Breaks(
        quantile=DivisionRead(**_describe(layer.quantile)),
        equal=DivisionRead(**_describe(layer.equal)),
        published=published,
        thirds=DivisionRead(**_describe(layer.thirds)),
        published_thirds=joined,
    )


def _describe(division: Division) -> dict[str, list[float]]:
    return {"edges": division.edges.tolist(), "needs": division.needs.tolist()}


def _name_exceptions(division: Division) -> dict[str, int]:
    return {str(place + 1): need for place, need in sorted(division.exceptions.items())}


def _name_levels(indicator: IndicatorRead) -> Mapping[int, str]:
    if indicator.polarity == "neither":
        return _RANKED
    return _DEPRIVED if indicator.topic == DEPRIVATION else _IN_NEED
