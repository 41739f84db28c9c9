"""The SELECTs of areas' names, many at once."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, Integer, Row, Select, bindparam, case, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.areas.models import Area, AreaLookup, AreaType, BoundarySet
from app.areas.queries import BELONGS, AnyRow
from app.geo import expressions as geo

Rows = Sequence[Row[*tuple[Any, ...]]]


async def fetch_names(session: AsyncSession, boundary_set: BoundarySet) -> Rows:
    """Return code and name of every area of the study area, in the order of gids."""
    query = (
        select(Area.code, Area.name)
        .where(Area.boundary_set_id == boundary_set.id, Area.in_study_area)
        .order_by(Area.gid)
    )
    return (await session.execute(query)).all()


async def fetch_name_page(
    session: AsyncSession, boundary_set: BoundarySet, from_gid: int, limit: int
) -> AnyRow:
    """Return codes, names, lon and lat of the areas from a gid on, in the order of gids.

    The points lie inside the areas, where there is room for a name. Null where there is no area.
    """
    columns = {
        "codes": Area.code,
        "names": Area.name,
        "lon": geo.longitude(Area.name_point),
        "lat": geo.latitude(Area.name_point),
    }
    query = select(
        *(
            func.array_agg(aggregate_order_by(column, Area.gid)).label(name)
            for name, column in columns.items()
        )
    ).where(
        Area.boundary_set_id == boundary_set.id,
        Area.in_study_area,
        Area.gid >= from_gid,
        Area.gid < from_gid + limit,
    )
    return (await session.execute(query)).one()


async def fetch_parents(
    session: AsyncSession, boundary_set: BoundarySet, gids: Collection[int]
) -> Rows:
    """Return gid, type, code, boundary_year and name of what areas belong to.

    Smallest kinds and newest years first, then those with most of the people.
    """
    parent, parent_set = aliased(Area), aliased(BoundarySet)
    query = (
        select(
            Area.gid,
            parent_set.area_type.label("type"),
            parent.code,
            parent_set.boundary_year,
            parent.name,
        )
        .select_from(Area)
        .join(AreaLookup, AreaLookup.from_area_id == Area.id)
        .join(parent, parent.id == AreaLookup.to_area_id)
        .join(parent_set, parent_set.id == parent.boundary_set_id)
        .join(AreaType, AreaType.code == parent_set.area_type)
        .where(
            Area.boundary_set_id == boundary_set.id,
            Area.gid == func.any(bindparam("gids", type_=ARRAY(Integer))),
            AreaLookup.kind.in_(BELONGS),
            parent.in_study_area,
        )
        .order_by(
            Area.gid,
            AreaType.position,
            parent_set.boundary_year.desc(),
            AreaLookup.weight.desc(),
            parent.code,
        )
    )
    return (await session.execute(query, {"gids": list(gids)})).all()


async def fetch_districts(session: AsyncSession, boundary_set: BoundarySet) -> Rows:
    """Return gid and name of the area of the publishing level that each area belongs to.

    Of several boundary years the newest counts, and of several areas that with most people.
    """
    parent, parent_set = aliased(Area), aliased(BoundarySet)
    query = (
        select(Area.gid, parent.name)
        .ext(distinct_on(Area.gid))
        .select_from(Area)
        .join(AreaLookup, AreaLookup.from_area_id == Area.id)
        .join(parent, parent.id == AreaLookup.to_area_id)
        .join(parent_set, parent_set.id == parent.boundary_set_id)
        .join(AreaType, AreaType.code == parent_set.area_type)
        .where(
            Area.boundary_set_id == boundary_set.id,
            Area.in_study_area,
            AreaLookup.kind.in_(BELONGS),
            AreaType.is_publishing,
        )
        .order_by(Area.gid, parent_set.boundary_year.desc(), AreaLookup.weight.desc(), parent.code)
    )
    return (await session.execute(query)).all()


LEAST_ALIKE = 0.5
"""How alike a name and what was written must be to be taken for a slip: "Evertn" for "Everton"."""

_DIGITS = "[0-9]"
"""Names with digits are codes in all but name."""


async def fetch_named(session: AsyncSession, words: str, limit: int) -> Rows:
    """Return areas by a part of their name, whole names first, then those that begin with it.

    Each is of the newest boundary year of its kind. Names with digits are left out unless `words`
    has one too.

    Returns:
        Rows of type, kind, is_publishing, code, boundary_year, name, within, lon, lat and rank
        (0: the whole name; 1: its beginning; 2: a part).
    """
    plain, name = func.lower(func.unaccent(words)), func.lower(func.unaccent(Area.name))
    place = func.strpos(name, plain)
    rank = case((name == plain, 0), (place == 1, 1), else_=2)
    query = _select_named(rank).where(place > 0)
    if not any(letter.isdigit() for letter in words):
        query = query.where(~Area.name.regexp_match(_DIGITS))
    query = query.order_by(rank, Area.name, AreaType.position, Area.code).limit(limit)
    return (await session.execute(query)).all()


async def fetch_alike(session: AsyncSession, words: str, limit: int) -> Rows:
    """Return areas whose name is like `words`, the most alike first, as `fetch_named` does."""
    plain, name = func.lower(func.unaccent(words)), func.lower(func.unaccent(Area.name))
    alike = func.similarity(plain, name)
    close = func.greatest(alike, func.word_similarity(plain, name))
    query = (
        _select_named(case((name == plain, 0), else_=3))
        .where(close >= LEAST_ALIKE, ~Area.name.regexp_match(_DIGITS))
        .order_by(close.desc(), alike.desc(), Area.name, AreaType.position, Area.code)
        .limit(limit)
    )
    return (await session.execute(query)).all()


async def fetch_by_code(session: AsyncSession, areas: Collection[tuple[str, str]]) -> Rows:
    """Return areas by kind and code, as `fetch_named` does; rank is 0."""
    query = _select_named(literal(0)).where(
        tuple_(BoundarySet.area_type, Area.code).in_(list(areas))
    )
    return (await session.execute(query)).all()


def _select_named(rank: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - an SQL expression
    other = aliased(BoundarySet)
    newest = (
        select(func.max(other.boundary_year))
        .where(other.area_type == BoundarySet.area_type)
        .correlate(BoundarySet)
        .scalar_subquery()
    )
    return (
        select(
            AreaType.code.label("type"),
            AreaType.name.label("kind"),
            AreaType.is_publishing,
            Area.code,
            BoundarySet.boundary_year,
            Area.name,
            _select_within().label("within"),
            geo.longitude(Area.name_point).label("lon"),
            geo.latitude(Area.name_point).label("lat"),
            rank.label("rank"),
        )
        .join(BoundarySet, BoundarySet.id == Area.boundary_set_id)
        .join(AreaType, AreaType.code == BoundarySet.area_type)
        .where(Area.in_study_area, BoundarySet.boundary_year == newest)
    )


def _select_within() -> Any:  # noqa: ANN401 - an SQL expression
    """Return the name of the next larger area, of which the place has more than one."""
    larger, larger_set, larger_type = aliased(Area), aliased(BoundarySet), aliased(AreaType)
    sibling = aliased(Area)
    has_siblings = (
        select(sibling.id)
        .where(
            sibling.boundary_set_id == larger.boundary_set_id,
            sibling.in_study_area,
            sibling.id != larger.id,
        )
        .correlate(larger)
        .exists()
    )
    return (
        select(larger.name)
        .select_from(AreaLookup)
        .join(larger, larger.id == AreaLookup.to_area_id)
        .join(larger_set, larger_set.id == larger.boundary_set_id)
        .join(larger_type, larger_type.code == larger_set.area_type)
        .where(
            AreaLookup.from_area_id == Area.id,
            AreaLookup.kind.in_(BELONGS),
            larger.in_study_area,
            larger_type.position > AreaType.position,
            ~larger.name.regexp_match(_DIGITS),
            has_siblings,
        )
        .order_by(larger_type.position, larger_set.boundary_year.desc(), AreaLookup.weight.desc())
        .limit(1)
        .correlate(Area, AreaType)
        .scalar_subquery()
    )
