"""Every SELECT of areas. Areas of the margin are for analysis and never come out here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Double, Row, Select, bindparam, case, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.areas.models import (
    Area,
    AreaLookup,
    AreaPart,
    AreaPopulation,
    AreaType,
    Backdrop,
    BoundarySet,
    Postcode,
)
from app.geo import expressions as geo

BELONGS = ("within", "best fit")

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


@dataclass(frozen=True)
class AreaSelection:
    """Which areas of a boundary set are wanted.

    Attributes:
        words: Part of a name or the beginning of a code; None for any.
        within: Id of an area that they must belong to; None for anywhere.
        after: Code that the page continues after; None for the first page.
        limit: Length of the page; None for all.
    """

    words: str | None = None
    within: int | None = None
    after: str | None = None
    limit: int | None = None


def select_area_types() -> AnySelect:
    """Kinds of area, smallest first, each with its boundary years in order."""
    year = BoundarySet.boundary_year
    return (
        select(
            AreaType.code,
            AreaType.name,
            AreaType.plural,
            AreaType.position,
            AreaType.is_publishing,
            func.array_agg(aggregate_order_by(year, year)).label("boundary_years"),
        )
        .join(BoundarySet, BoundarySet.area_type == AreaType.code)
        .group_by(AreaType.code)
        .order_by(AreaType.position)
    )


async def fetch_area_types(session: AsyncSession) -> Rows:
    """Run `select_area_types`."""
    return (await session.execute(select_area_types())).all()


async def fetch_boundary_set(
    session: AsyncSession, area_type: str, boundary_year: int | None
) -> BoundarySet | None:
    """Return the set of that kind and year; without a year, the newest."""
    query = select(BoundarySet).where(BoundarySet.area_type == area_type)
    if boundary_year is not None:
        query = query.where(BoundarySet.boundary_year == boundary_year)
    newest_first = query.order_by(BoundarySet.boundary_year.desc()).limit(1)
    return (await session.scalars(newest_first)).first()


def select_parent_refs() -> AnySelect:
    """For the enclosing query's `areas` row: {kind: {code, boundary_year}} of what it belongs to.

    Of several boundary years of a kind the newest counts, and of several areas the one with
    most of the people.
    """
    parent, parent_set = aliased(Area), aliased(BoundarySet)
    newest_last = (parent_set.boundary_year, AreaLookup.weight, parent.code)
    ref = func.jsonb_build_object("code", parent.code, "boundary_year", parent_set.boundary_year)
    refs = func.jsonb_object_agg(parent_set.area_type, aggregate_order_by(ref, *newest_last))
    return (
        select(func.coalesce(refs, func.jsonb_build_object()))
        .select_from(AreaLookup)
        .join(parent, parent.id == AreaLookup.to_area_id)
        .join(parent_set, parent_set.id == parent.boundary_set_id)
        .where(
            AreaLookup.from_area_id == Area.id,
            AreaLookup.kind.in_(BELONGS),
            parent.in_study_area,
        )
        .correlate(Area)
    )


def select_areas(boundary_set: BoundarySet, wanted: AreaSelection) -> AnySelect:
    """Areas of a set in order of code, with the columns of `AreaSummary`."""
    query = (
        select(
            Area.gid,
            literal(boundary_set.area_type).label("type"),
            Area.code,
            literal(boundary_set.boundary_year).label("boundary_year"),
            Area.name,
            Area.people,
            select_parent_refs().scalar_subquery().label("parents"),
        )
        .where(*_matches(boundary_set, wanted))
        .order_by(Area.code)
    )
    if wanted.after is not None:
        query = query.where(Area.code > wanted.after)
    return query.limit(wanted.limit)


def _matches(boundary_set: BoundarySet, wanted: AreaSelection) -> list[Any]:
    conditions: list[Any] = [Area.boundary_set_id == boundary_set.id, Area.in_study_area]
    if wanted.words:
        by_name = Area.name.icontains(wanted.words, autoescape=True)
        conditions.append(by_name | Area.code.istartswith(wanted.words, autoescape=True))
    if wanted.within is not None:
        children = select(AreaLookup.from_area_id).where(
            AreaLookup.to_area_id == wanted.within, AreaLookup.kind.in_(BELONGS)
        )
        conditions.append(Area.id.in_(children))
    return conditions


async def fetch_areas(
    session: AsyncSession, boundary_set: BoundarySet, wanted: AreaSelection
) -> Rows:
    """Run `select_areas`."""
    return (await session.execute(select_areas(boundary_set, wanted))).all()


async def count_areas(
    session: AsyncSession, boundary_set: BoundarySet, wanted: AreaSelection
) -> int:
    """Return how many areas match, on all pages together."""
    query = select(func.count()).select_from(Area).where(*_matches(boundary_set, wanted))
    return (await session.scalar(query)) or 0


def select_outlines(boundary_set: BoundarySet, wanted: AreaSelection) -> AnySelect:
    """The columns of `select_areas`, and `outline` as GeoJSON text."""
    return select_areas(boundary_set, wanted).add_columns(
        geo.as_geojson(Area.outline).label("outline")
    )


async def fetch_outlines(
    session: AsyncSession, boundary_set: BoundarySet, wanted: AreaSelection
) -> Rows:
    """Run `select_outlines`."""
    return (await session.execute(select_outlines(boundary_set, wanted))).all()


async def fetch_extent(
    session: AsyncSession, boundary_set: BoundarySet, wanted: AreaSelection
) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the matching areas; None when there are none."""
    extent = geo.extent(Area.outline)
    query = select(*geo.west_south_east_north(extent)).where(*_matches(boundary_set, wanted))
    row = (await session.execute(query)).one()
    return None if row[0] is None else (row[0], row[1], row[2], row[3])


async def fetch_area(session: AsyncSession, boundary_set: BoundarySet, code: str) -> AnyRow | None:
    """Return one area of a set with the plain columns of `AreaRead`, or None."""
    query = select(
        Area.id,
        Area.gid,
        Area.code,
        Area.name,
        Area.people,
        Area.area_ha,
        Area.repair,
        Area.centroid_method,
        geo.longitude(Area.centroid).label("lon"),
        geo.latitude(Area.centroid).label("lat"),
        func.json_build_array(*geo.west_south_east_north(Area.boundary)).label("bbox"),
    ).where(Area.boundary_set_id == boundary_set.id, Area.code == code, Area.in_study_area)
    return (await session.execute(query)).one_or_none()


async def fetch_boundary(session: AsyncSession, area_id: int) -> str:
    """Return the full boundary of an area as GeoJSON text, to a hundredth of a metre."""
    query = select(geo.as_geojson(Area.boundary, digits=7)).where(Area.id == area_id)
    return str((await session.execute(query)).scalar_one())


async def fetch_ages(session: AsyncSession, area_id: int) -> Rows:
    """Return the age bands of an area, youngest first."""
    query = (
        select(AreaPopulation.age_from, AreaPopulation.age_to, AreaPopulation.people)
        .where(AreaPopulation.area_id == area_id)
        .order_by(AreaPopulation.age_from)
    )
    return (await session.execute(query)).all()


def select_linked(area_id: int, *, forward: bool) -> AnySelect:
    """Areas that this one has a lookup to (`forward`) or from, with kind, weight and change."""
    here, there = AreaLookup.from_area_id, AreaLookup.to_area_id
    if not forward:
        here, there = there, here
    return (
        select(
            BoundarySet.area_type.label("type"),
            Area.code,
            BoundarySet.boundary_year,
            Area.name,
            AreaLookup.kind,
            AreaLookup.weight,
            AreaLookup.change_code,
            AreaLookup.method,
        )
        .join(Area, Area.id == there)
        .join(BoundarySet, BoundarySet.id == Area.boundary_set_id)
        .join(AreaType, AreaType.code == BoundarySet.area_type)
        .where(here == area_id, Area.in_study_area)
        .order_by(AreaType.position, BoundarySet.boundary_year, Area.code)
    )


async def fetch_linked(session: AsyncSession, area_id: int, *, forward: bool) -> Rows:
    """Run `select_linked`."""
    return (await session.execute(select_linked(area_id, forward=forward))).all()


async def fetch_parent(
    session: AsyncSession, child_set: BoundarySet, area_type: str, code: str
) -> AnyRow | None:
    """Return `id` of the area of any year that areas of `child_set` belong to, and `has_lookup`.

    Of several years the newest with a lookup counts; without any lookup, the newest of all.
    """
    child = aliased(Area)
    has_lookup = exists().where(
        AreaLookup.to_area_id == Area.id,
        AreaLookup.kind.in_(BELONGS),
        AreaLookup.from_area_id == child.id,
        child.boundary_set_id == child_set.id,
        child.in_study_area,
    )
    query = (
        select(Area.id, has_lookup.label("has_lookup"))
        .join(BoundarySet, BoundarySet.id == Area.boundary_set_id)
        .where(BoundarySet.area_type == area_type, Area.code == code, Area.in_study_area)
        .order_by(has_lookup.desc(), BoundarySet.boundary_year.desc())
        .limit(1)
    )
    return (await session.execute(query)).one_or_none()


async def fetch_child_set(
    session: AsyncSession, area_id: int, area_type: str | None
) -> BoundarySet | None:
    """Return the set that the children of an area come from.

    Args:
        session: The transaction.
        area_id: The parent.
        area_type: The kind of children; None for the next smaller kind that has any.
    """
    query = (
        select(BoundarySet)
        .join(AreaType, AreaType.code == BoundarySet.area_type)
        .join(Area, Area.boundary_set_id == BoundarySet.id)
        .join(AreaLookup, AreaLookup.from_area_id == Area.id)
        .where(
            AreaLookup.to_area_id == area_id,
            AreaLookup.kind.in_(BELONGS),
            Area.in_study_area,
        )
        .order_by(AreaType.position.desc(), BoundarySet.boundary_year.desc())
        .limit(1)
    )
    if area_type is not None:
        query = query.where(BoundarySet.area_type == area_type)
    return (await session.scalars(query)).first()


@lru_cache(maxsize=2)
def select_areas_at(*, by_year: bool) -> AnySelect:
    """Areas at a point, smallest kind first: of each kind the newest year, or the year given.

    On a shared edge the lower code is chosen, so that every point is in one area of a set. Takes
    the parameters `lon`, `lat` and, with `by_year`, `boundary_year`; made once, because making it
    takes longer than running it.
    """
    point = geo.point(bindparam("lon", type_=Double), bindparam("lat", type_=Double))
    query = (
        select(
            BoundarySet.area_type.label("type"),
            Area.code,
            BoundarySet.boundary_year,
            Area.name,
            AreaType.position,
        )
        .join(Area, Area.boundary_set_id == BoundarySet.id)
        .join(AreaPart, AreaPart.area_id == Area.id)
        .join(AreaType, AreaType.code == BoundarySet.area_type)
        .where(geo.covers(AreaPart.part, point), Area.in_study_area)
        .order_by(AreaType.position, BoundarySet.boundary_year.desc(), Area.code)
        .ext(distinct_on(AreaType.position))
    )
    if by_year:
        query = query.where(BoundarySet.boundary_year == bindparam("boundary_year"))
    return query


async def fetch_areas_at(
    session: AsyncSession, lon: float, lat: float, boundary_year: int | None
) -> Rows:
    """Run `select_areas_at`."""
    query = select_areas_at(by_year=boundary_year is not None)
    values = {"lon": lon, "lat": lat, "boundary_year": boundary_year}
    return (await session.execute(query, values)).all()


async def fetch_backdrops(session: AsyncSession) -> Rows:
    """Return what is drawn beneath the areas, as GeoJSON text, largest first."""
    query = select(
        Backdrop.id, Backdrop.kind, Backdrop.name, geo.as_geojson(Backdrop.shape).label("shape")
    ).order_by(geo.size(Backdrop.shape).desc(), Backdrop.id)
    return (await session.execute(query)).all()


def select_postcodes(prefix: str, limit: int) -> AnySelect:
    """Postcodes that begin with `prefix`, the exact one first, then by code."""
    return (
        select(
            Postcode.display,
            geo.longitude(Postcode.location).label("lon"),
            geo.latitude(Postcode.location).label("lat"),
        )
        .where(Postcode.postcode.like(f"{prefix}%"))
        .order_by(case((Postcode.postcode == prefix, 0), else_=1), Postcode.postcode)
        .limit(limit)
    )


async def fetch_postcodes(session: AsyncSession, prefix: str, limit: int) -> Rows:
    """Run `select_postcodes`; `prefix` holds capitals and digits only."""
    return (await session.execute(select_postcodes(prefix, limit))).all()


async def fetch_postcode(session: AsyncSession, postcode: str) -> AnyRow | None:
    """Return one postcode's display form and point, or None."""
    query = select(
        Postcode.display,
        geo.longitude(Postcode.location).label("lon"),
        geo.latitude(Postcode.location).label("lat"),
    ).where(Postcode.postcode == postcode)
    return (await session.execute(query)).one_or_none()


async def fetch_belongings(
    session: AsyncSession, areas: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return kind and code of what areas, named so, belong to in any boundary year."""
    parent, parent_set = aliased(Area), aliased(BoundarySet)
    query = (
        select(parent_set.area_type, parent.code)
        .select_from(AreaLookup)
        .join(Area, Area.id == AreaLookup.from_area_id)
        .join(BoundarySet, BoundarySet.id == Area.boundary_set_id)
        .join(parent, parent.id == AreaLookup.to_area_id)
        .join(parent_set, parent_set.id == parent.boundary_set_id)
        .where(
            tuple_(BoundarySet.area_type, Area.code).in_(list(areas)),
            AreaLookup.kind.in_(BELONGS),
        )
        .distinct()
    )
    return {(row.area_type, row.code) for row in await session.execute(query)} if areas else set()


async def fetch_known(
    session: AsyncSession, areas: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return which areas, named by kind and code, the place has in any boundary year."""
    query = select(BoundarySet.area_type, Area.code).join(
        BoundarySet, BoundarySet.id == Area.boundary_set_id
    )
    named = tuple_(BoundarySet.area_type, Area.code).in_(list(areas))
    rows = await session.execute(query.where(named)) if areas else ()
    return {(row.area_type, row.code) for row in rows}
