"""Every SELECT of indicators. Values of the margin are for analysis and never come out here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Integer, Row, Select, bindparam, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.models import Area, AreaType, BoundarySet
from app.indicators.models import (
    Indicator,
    IndicatorComparator,
    IndicatorSeries,
    IndicatorValue,
)

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
Rows = Sequence[AnyRow]

AMOUNTS = (
    IndicatorValue.value,
    IndicatorValue.lower,
    IndicatorValue.upper,
    IndicatorValue.numerator,
    IndicatorValue.denominator,
    func.coalesce(IndicatorValue.status, "").label("status"),
    IndicatorValue.note,
)


@dataclass(frozen=True)
class IndicatorSelection:
    """Which indicators are wanted.

    Attributes:
        words: Part of a name or the beginning of a code; None for any.
        topic: The exact topic; None for any.
        area_type: A kind of area that they must be known for; None for any.
        boundary_year: A boundary year that they must be known for; None for any.
        after: Position and code that the page continues after; None for the first page.
        limit: Length of the page.
    """

    words: str | None
    topic: str | None
    area_type: str | None
    boundary_year: int | None
    after: tuple[int, str] | None
    limit: int


def select_indicators(wanted: IndicatorSelection) -> AnySelect:
    """Indicators in the order of the pack."""
    query = (
        select(*Indicator.__table__.columns)
        .where(*_matches(wanted))
        .order_by(Indicator.position, Indicator.code)
        .limit(wanted.limit)
    )
    if wanted.after is not None:
        query = query.where(tuple_(Indicator.position, Indicator.code) > wanted.after)
    return query


def _matches(wanted: IndicatorSelection) -> list[Any]:
    conditions: list[Any] = []
    if wanted.words:
        by_name = Indicator.name.icontains(wanted.words, autoescape=True)
        conditions.append(by_name | Indicator.code.istartswith(wanted.words, autoescape=True))
    if wanted.topic is not None:
        conditions.append(Indicator.topic == wanted.topic)
    if wanted.area_type is not None or wanted.boundary_year is not None:
        known = exists().where(
            IndicatorSeries.indicator_id == Indicator.id,
            BoundarySet.id == IndicatorSeries.boundary_set_id,
        )
        if wanted.area_type is not None:
            known = known.where(BoundarySet.area_type == wanted.area_type)
        if wanted.boundary_year is not None:
            known = known.where(BoundarySet.boundary_year == wanted.boundary_year)
        conditions.append(known)
    return conditions


async def fetch_indicators(session: AsyncSession, wanted: IndicatorSelection) -> Rows:
    """Run `select_indicators`."""
    return (await session.execute(select_indicators(wanted))).all()


async def count_indicators(session: AsyncSession, wanted: IndicatorSelection) -> int:
    """Return how many indicators match, on all pages together."""
    query = select(func.count()).select_from(Indicator).where(*_matches(wanted))
    return (await session.scalar(query)) or 0


async def fetch_indicator(session: AsyncSession, code: str) -> AnyRow | None:
    """Return one indicator, or None."""
    query = select(*Indicator.__table__.columns).where(Indicator.code == code)
    return (await session.execute(query)).one_or_none()


async def fetch_tenths(session: AsyncSession, score_code: str) -> AnyRow | None:
    """Return the indicator that has the tenth of each value of `score_code`, or None."""
    query = (
        select(*Indicator.__table__.columns)
        .where(Indicator.ranks == score_code, Indicator.measure == "decile")
        .order_by(Indicator.position, Indicator.code)
        .limit(1)
    )
    return (await session.execute(query)).one_or_none()


async def fetch_codes(session: AsyncSession, limit: int) -> list[str]:
    """Return the codes of the first indicators, in the order of the pack."""
    query = select(Indicator.code).order_by(Indicator.position, Indicator.code).limit(limit)
    return list(await session.scalars(query))


async def fetch_series(session: AsyncSession, indicator_ids: Collection[int]) -> Rows:
    """Return all series of indicators: smallest areas, newest years and periods first."""
    query = (
        select(
            *IndicatorSeries.__table__.columns,
            BoundarySet.area_type,
            BoundarySet.boundary_year,
        )
        .join(BoundarySet, BoundarySet.id == IndicatorSeries.boundary_set_id)
        .join(AreaType, AreaType.code == BoundarySet.area_type)
        .where(IndicatorSeries.indicator_id.in_(indicator_ids))
        .order_by(
            IndicatorSeries.indicator_id,
            AreaType.position,
            BoundarySet.boundary_year.desc(),
            IndicatorSeries.period_sort.desc(),
            IndicatorSeries.sex,
            IndicatorSeries.age,
        )
    )
    return (await session.execute(query)).all()


async def fetch_set_indicators(session: AsyncSession, boundary_set_id: int) -> Rows:
    """Return the indicators that are known for a boundary set, in the order of the pack."""
    known = exists().where(
        IndicatorSeries.indicator_id == Indicator.id,
        IndicatorSeries.boundary_set_id == boundary_set_id,
    )
    query = (
        select(*Indicator.__table__.columns)
        .where(known)
        .order_by(Indicator.position, Indicator.code)
    )
    return (await session.execute(query)).all()


@lru_cache(maxsize=1)
def select_packed() -> AnySelect:
    """A whole series as one row: gids and their values, gids and their statuses.

    Takes the parameters `series_id` and `last_gid`. One row of arrays crosses to this process
    many times faster than a row an area. The arrays are in no order, but each pair is in the same.
    """
    has_value = IndicatorValue.value.is_not(None)
    has_status = IndicatorValue.status != ""
    return select(
        func.array_agg(IndicatorValue.gid).filter(has_value).label("gids"),
        func.array_agg(IndicatorValue.value).filter(has_value).label("values"),
        func.array_agg(IndicatorValue.gid).filter(has_status).label("status_gids"),
        func.array_agg(IndicatorValue.status).filter(has_status).label("statuses"),
    ).where(
        IndicatorValue.series_id == bindparam("series_id", type_=Integer),
        IndicatorValue.gid <= bindparam("last_gid", type_=Integer),
    )


async def fetch_packed(session: AsyncSession, series_id: int, last_gid: int) -> AnyRow:
    """Run `select_packed` for the areas up to `last_gid`."""
    values = {"series_id": series_id, "last_gid": last_gid}
    return (await session.execute(select_packed(), values)).one()


async def fetch_rows(
    session: AsyncSession, series: AnyRow, after: int = 0, limit: int | None = None
) -> Rows:
    """Return the areas of the study area after gid `after`, each with its value if it has one."""
    # The page is cut before the join, so that no plan can join the whole series first.
    page = (
        select(Area.gid, Area.code, Area.name)
        .where(Area.boundary_set_id == series.boundary_set_id, Area.in_study_area, Area.gid > after)
        .order_by(Area.gid)
        .limit(limit)
        .subquery()
    )
    query = (
        select(page.c.gid, page.c.code, page.c.name, *AMOUNTS)
        .outerjoin_from(
            page,
            IndicatorValue,
            (IndicatorValue.series_id == series.id) & (IndicatorValue.gid == page.c.gid),
        )
        .order_by(page.c.gid)
    )
    return (await session.execute(query)).all()


async def fetch_points(session: AsyncSession, series_ids: Collection[int], gid: int) -> Rows:
    """Return the values of one area in several series, with `series_id`."""
    query = (
        select(IndicatorValue.series_id, *AMOUNTS)
        .where(
            IndicatorValue.series_id == func.any(bindparam("ids", type_=ARRAY(Integer))),
            IndicatorValue.gid == gid,
        )
        .order_by(IndicatorValue.series_id)
    )
    return (await session.execute(query, {"ids": list(series_ids)})).all()


async def fetch_point(session: AsyncSession, series: AnyRow, code: str) -> AnyRow | None:
    """Return the value of the area `code` of the study area in a series, or None."""
    query = (
        select(*AMOUNTS)
        .join(Area, Area.gid == IndicatorValue.gid)
        .where(
            Area.boundary_set_id == series.boundary_set_id,
            Area.code == code,
            Area.in_study_area,
            IndicatorValue.series_id == series.id,
        )
    )
    return (await session.execute(query)).one_or_none()


async def fetch_comparators(session: AsyncSession, indicator_ids: Collection[int]) -> Rows:
    """Return what indicators are compared with, by time, sex, age and code."""
    query = (
        select(*IndicatorComparator.__table__.columns)
        .where(IndicatorComparator.indicator_id.in_(indicator_ids))
        .order_by(
            IndicatorComparator.indicator_id,
            IndicatorComparator.period_sort,
            IndicatorComparator.sex,
            IndicatorComparator.age,
            IndicatorComparator.code,
        )
    )
    return (await session.execute(query)).all()
