"""The SELECTs of areas' names, many at once."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, Integer, Row, bindparam, func, select
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
