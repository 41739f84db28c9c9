"""Rows of indicators and values as the API says them, and what is worked out from a series."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.areas.schemas import AreaRead, AreaRef
from app.indicators.choosing import DIRECTIONS, list_levels
from app.indicators.queries import AnyRow
from app.indicators.schemas import (
    AreaValue,
    ComparatorValue,
    IndicatorRead,
    IndicatorRef,
    Refusal,
    SeriesRead,
    Spread,
    Standing,
)

Floats = NDArray[np.float64]


def measure_spread(values: Floats) -> Spread | None:
    """Return how the values of a place lie; None where there are none."""
    if not len(values):
        return None
    return Spread(
        value_count=len(values),
        minimum=float(values.min()),
        median=float(np.median(values)),
        maximum=float(values.max()),
    )


def find_standing(values: Floats, own: float | None) -> Standing | None:
    """Return where a value stands among all of the place, itself included; None without one.

    The percentile is by mid-rank: 100 (below + half of those equal) / all.
    """
    if own is None:
        return None
    above, below = int((values > own).sum()), int((values < own).sum())
    same = len(values) - above - below
    return Standing(
        from_highest=above + 1,
        from_lowest=below + 1,
        same_value=same,
        of=len(values),
        percentile=100 * (below + same / 2) / len(values),
    )


def describe_indicator(row: AnyRow, held: Sequence[AnyRow]) -> IndicatorRead:
    """Return an indicator with its series `held`, as the API says it."""
    levels = list_levels(held)
    known = {(level.area_type, level.boundary_year) for level in levels}
    return IndicatorRead(
        **dict(refer_to_indicator(row)),
        description=row.description,
        aggregate=row.aggregate,
        denominator=row.denominator,
        source=row.source,
        publisher=row.publisher,
        licence=row.licence,
        licence_url=row.licence_url,
        vintage=row.vintage,
        levels=levels,
        # Refused for some periods only is not refused.
        refusals=[
            Refusal.model_validate(each)
            for each in row.refusals
            if (each["area_type"], each["boundary_year"]) not in known
        ],
    )


def describe_series(row: AnyRow, series: AnyRow) -> SeriesRead:
    """Return which series of the indicator `row` is meant, as the API says it."""
    return SeriesRead(
        indicator=refer_to_indicator(row),
        area_type=series.area_type,
        boundary_year=series.boundary_year,
        period=series.period,
        sex=series.sex,
        age=series.age,
        method=series.method,
        denominator=row.denominator,
        source=row.source,
        publisher=row.publisher,
        licence=row.licence,
        licence_url=row.licence_url,
    )


def refer_to_indicator(row: AnyRow) -> IndicatorRef:
    """Return what is needed to read an indicator's numbers."""
    return IndicatorRef(
        code=row.code,
        name=row.name,
        topic=row.topic,
        unit=row.unit,
        measure=row.measure,
        polarity=row.polarity,
        direction=DIRECTIONS[row.polarity],
        decimals=row.decimals,
    )


def refer_to_area(area: AreaRead) -> AreaRef:
    """Return which area is meant."""
    return AreaRef(type=area.type, code=area.code, boundary_year=area.boundary_year, name=area.name)


def read_value(point: AnyRow | None) -> AreaValue:
    """Return what a row says, and of an area without one that nothing is known."""
    if point is not None:
        return AreaValue.model_validate(point, from_attributes=True)
    return AreaValue(
        value=None, lower=None, upper=None, numerator=None, denominator=None, status="", note=None
    )


def select_comparators(rows: Iterable[AnyRow], series: AnyRow) -> list[ComparatorValue]:
    """Return what a series is compared with: of its period, sex and age."""
    key = (series.indicator_id, series.period, series.sex, series.age)
    return [
        ComparatorValue.model_validate(each, from_attributes=True)
        for each in rows
        if (each.indicator_id, each.period, each.sex, each.age) == key
    ]
