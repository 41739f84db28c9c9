"""What the service can say about indicators."""

import asyncio
from collections.abc import Iterable, Sequence

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.schemas import AreaRef
from app.areas.service import TOPIC as AREAS
from app.areas.service import find_boundary_set, read_area
from app.core.errors import BadRequestError, NotFoundError
from app.core.pagination import read_cursor, write_cursor
from app.core.versions import read_stamp, read_token
from app.indicators import queries
from app.indicators.choosing import NotHeldError, Wanted, choose_default, choose_series
from app.indicators.describing import (
    describe_indicator,
    describe_series,
    find_standing,
    measure_spread,
    read_value,
    refer_to_area,
    refer_to_indicator,
    select_comparators,
)
from app.indicators.queries import AnyRow, IndicatorSelection
from app.indicators.schemas import (
    AreaIndicator,
    AreaIndicators,
    AreaSeriesFilters,
    AreaTrendFilters,
    Comparison,
    IndicatorFilters,
    IndicatorPage,
    IndicatorRead,
    ParentValue,
    RowFilters,
    SeriesFilters,
    Trend,
    TrendPoint,
    ValueRow,
    ValueRows,
)
from app.indicators.tabulating import write_table

TOPIC = "indicators"
"""The version topic that changes whenever any indicator or value does."""

MOST_NAMED = 10

_LARGEST_NUMBER = 2**31 - 1
_BAD_CURSOR = "cursor is not one of ours. Take it from `next` in the page before, or leave it out."


async def read_indicators_token(session: AsyncSession) -> str:
    """Return the same as a token for addresses whose answers never change."""
    return await read_token(session, AREAS, TOPIC)


async def read_indicators_stamp(session: AsyncSession) -> str:
    """Return the text that changes whenever indicators or the areas they are of do, for ETags."""
    return f"{await read_stamp(session, AREAS)} {await read_stamp(session, TOPIC)}"


async def list_indicators(session: AsyncSession, filters: IndicatorFilters) -> IndicatorPage:
    """Return one page of the indicators, in the order of the pack.

    Raises:
        BadRequestError: `cursor` cannot be read.
        NotFoundError: There is no such kind of area, or not in that year.
    """
    if filters.area_type is not None:
        await find_boundary_set(session, filters.area_type, filters.boundary_year)
    wanted = IndicatorSelection(
        words=filters.q.strip() if filters.q else None,
        topic=filters.topic,
        area_type=filters.area_type,
        boundary_year=filters.boundary_year,
        after=_read_place(filters.cursor),
        limit=filters.limit + 1,  # one more than the page tells whether there is a next
    )
    rows = await queries.fetch_indicators(session, wanted)
    total = await queries.count_indicators(session, wanted)
    page, more = rows[: filters.limit], len(rows) > filters.limit
    held = await queries.fetch_series(session, [row.id for row in page])
    items = [
        describe_indicator(row, [series for series in held if series.indicator_id == row.id])
        for row in page
    ]
    cursor = write_cursor(f"{page[-1].position}:{page[-1].code}") if more else None
    return IndicatorPage(items=items, total=total, next=cursor)


async def read_indicator(session: AsyncSession, code: str) -> IndicatorRead:
    """Return what is held about an indicator but its values.

    Raises:
        NotFoundError: There is none of that code.
    """
    row = await find_indicator(session, code)
    return describe_indicator(row, await queries.fetch_series(session, [row.id]))


async def list_rows(session: AsyncSession, code: str, filters: RowFilters) -> ValueRows:
    """Return one page of a series as rows, an area each, those without a value too.

    Raises:
        BadRequestError: `cursor` cannot be read.
        NotFoundError: As `write_values`.
    """
    row, series, _ = await find_series(session, code, want(filters))
    after = _read_number(read_cursor(filters.cursor) or "0")
    rows = await queries.fetch_rows(session, series, after, filters.limit + 1)
    page, more = rows[: filters.limit], len(rows) > filters.limit
    return ValueRows(
        series=describe_series(row, series),
        items=[ValueRow.model_validate(each, from_attributes=True) for each in page],
        total=series.value_count + series.missing_count + series.suppressed_count,
        next=write_cursor(str(page[-1].gid)) if more else None,
    )


async def write_csv(session: AsyncSession, code: str, filters: SeriesFilters) -> tuple[str, bytes]:
    """Return a whole series as a file for spreadsheets, with its name.

    Raises:
        NotFoundError: As `write_values`.
    """
    row, series, _ = await find_series(session, code, want(filters))
    rows = await queries.fetch_rows(session, series)
    name = f"{row.code}_{series.area_type}_{series.boundary_year}_{series.period}"
    plain = "".join(each if each.isascii() and each.isalnum() else "_" for each in name)
    # Tens of thousands of rows take half a second, and others wait for answers meanwhile.
    body = await asyncio.to_thread(write_table, describe_series(row, series), rows)
    return f"{plain}.csv", body


async def read_trend(session: AsyncSession, code: str, filters: AreaTrendFilters) -> Trend:
    """Return an indicator of one area over time; boundary years are not mixed.

    Raises:
        NotFoundError: As `write_values`, or there is no such area in that boundary year.
    """
    wanted = Wanted(filters.area_type, filters.boundary_year, sex=filters.sex, age=filters.age)
    row, newest, held = await find_series(session, code, wanted)
    area = await read_area(session, filters.area_type, filters.code, newest.boundary_year)
    alike = [
        series
        for series in reversed(held)  # oldest first
        if (series.boundary_set_id, series.sex, series.age)
        == (newest.boundary_set_id, newest.sex, newest.age)
    ]
    rows = await queries.fetch_points(session, [series.id for series in alike], area.gid)
    points = {point.series_id: point for point in rows}
    comparators = await queries.fetch_comparators(session, [row.id])
    years = {series.boundary_year for series in held if series.area_type == filters.area_type}
    return Trend(
        indicator=refer_to_indicator(row),
        area=refer_to_area(area),
        sex=newest.sex,
        age=newest.age,
        points=[
            TrendPoint(
                **dict(read_value(points.get(series.id))),
                period=series.period,
                method=series.method,
                comparators=select_comparators(comparators, series),
            )
            for series in alike
        ],
        other_boundary_years=sorted(years - {newest.boundary_year}),
    )


async def read_comparison(
    session: AsyncSession, code: str, filters: AreaSeriesFilters
) -> Comparison:
    """Return an area beside what it belongs to and the rest of the place, in one period.

    Raises:
        NotFoundError: As `write_values`, or there is no such area in that boundary year.
    """
    row, series, held = await find_series(session, code, want(filters))
    area = await read_area(session, filters.area_type, filters.code, series.boundary_year)
    point = await queries.fetch_point(session, series, area.code)
    count = series.value_count + series.missing_count + series.suppressed_count
    packed = await queries.fetch_packed(session, series.id, count)
    values = np.array(packed.values or (), dtype=np.float64)
    own = read_value(point)
    comparators = await queries.fetch_comparators(session, [row.id])
    return Comparison(
        series=describe_series(row, series),
        area=refer_to_area(area),
        own=own,
        parents=[
            parent
            for each in area.parents
            for parent in await _read_parent(session, each.area, series, held)
        ],
        comparators=select_comparators(comparators, series),
        spread=measure_spread(values),
        standing=find_standing(values, own.value),
    )


async def list_area_indicators(
    session: AsyncSession, area_type: str, code: str, boundary_year: int | None
) -> AreaIndicators:
    """Return the newest value of every indicator for an area, of everybody where there is one.

    Raises:
        NotFoundError: There is no such area in that year.
    """
    area = await read_area(session, area_type, code, boundary_year)
    boundary_set = await find_boundary_set(session, area_type, area.boundary_year)
    rows = await queries.fetch_set_indicators(session, boundary_set.id)
    ids = [row.id for row in rows]
    held: dict[int, list[AnyRow]] = {}
    for series in await queries.fetch_series(session, ids):
        if series.boundary_set_id == boundary_set.id:
            held.setdefault(series.indicator_id, []).append(series)
    shown = {row.id: choose_default(held[row.id]) for row in rows}
    found = await queries.fetch_points(session, [each.id for each in shown.values()], area.gid)
    points = {point.series_id: point for point in found}
    comparators = await queries.fetch_comparators(session, ids)
    items = [
        AreaIndicator(
            **dict(read_value(points.get(shown[row.id].id))),
            indicator=refer_to_indicator(row),
            period=shown[row.id].period,
            sex=shown[row.id].sex,
            age=shown[row.id].age,
            method=shown[row.id].method,
            comparators=select_comparators(comparators, shown[row.id]),
        )
        for row in rows
    ]
    return AreaIndicators(area=refer_to_area(area), items=items)


async def find_indicator(session: AsyncSession, code: str) -> AnyRow:
    """Return the row of an indicator.

    Raises:
        NotFoundError: There is none of that code.
    """
    row = await queries.fetch_indicator(session, code)
    if row is not None:
        return row
    known = await queries.fetch_codes(session, MOST_NAMED + 1)
    more = " and more, listed at /api/v1/indicators" if len(known) > MOST_NAMED else ""
    listed = ", ".join(known[:MOST_NAMED]) or "none yet"
    raise NotFoundError(f"There is no indicator {code!r}. There are: {listed}{more}.")


async def find_series(
    session: AsyncSession, code: str, wanted: Wanted
) -> tuple[AnyRow, AnyRow, Sequence[AnyRow]]:
    """Return the indicator, the series that is wanted, and all its series.

    Raises:
        NotFoundError: There is no such indicator, kind or year of area, or series.
    """
    row = await find_indicator(session, code)
    held = await queries.fetch_series(session, [row.id])
    try:
        return row, choose_series(row.name, held, wanted), held
    except NotHeldError as error:
        if error.is_level:
            # A kind or year that does not exist at all is told first.
            await find_boundary_set(session, wanted.area_type, wanted.boundary_year)
        reason = _explain_absence(row, wanted, is_level=error.is_level)
        raise NotFoundError(" ".join(filter(None, (str(error), reason)))) from None


def _explain_absence(row: AnyRow, wanted: Wanted, *, is_level: bool) -> str:
    """Return why nothing was worked out for a kind of area, or there for a period; '' if unknown.

    Reasons that hold for one period only name it.
    """
    reasons = [
        str(refusal["reason"])
        for refusal in row.refusals
        if refusal["area_type"] == wanted.area_type
        and wanted.boundary_year in (None, refusal["boundary_year"])
        and (is_level or (wanted.period and wanted.period in refusal["reason"]))
    ]
    if reasons or not is_level:
        return next(iter(reasons), "")
    return "No lookup leads from the areas that it is published for to these."


async def _read_parent(
    session: AsyncSession, parent: AreaRef, series: AnyRow, held: Iterable[AnyRow]
) -> list[ParentValue]:
    """Return the value of a larger area in the same period, sex and age; none if none is held."""
    alike = [
        each
        for each in held
        if (each.area_type, each.boundary_year) == (parent.type, parent.boundary_year)
        and (each.period, each.sex, each.age) == (series.period, series.sex, series.age)
    ]
    return [
        ParentValue(
            **dict(read_value(await queries.fetch_point(session, each, parent.code))),
            area=parent,
            method=each.method,
        )
        for each in alike
    ]


def want(filters: SeriesFilters) -> Wanted:
    """Return what a caller asks for."""
    return Wanted(
        filters.area_type, filters.boundary_year, filters.period, filters.sex, filters.age
    )


def _read_place(cursor: str | None) -> tuple[int, str] | None:
    """Return the position and code that a cursor of `list_indicators` continues after."""
    key = read_cursor(cursor)
    if key is None:
        return None
    position, _, code = key.partition(":")
    return _read_number(position), code


def _read_number(text: str) -> int:
    """Return the number in a cursor.

    Raises:
        BadRequestError: It is none, or larger than the database's.
    """
    if not text.isdecimal() or int(text) > _LARGEST_NUMBER:
        raise BadRequestError(_BAD_CURSOR)
    return int(text)
