"""The SELECT of names: a stretch of a set as arrays, which cross to this process in one row."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.models import Area, BoundarySet
from app.areas.queries import AnyRow
from app.geo import expressions as geo


async def fetch_names(
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
