"""Which areas a record has to do with: who may change it depends on them."""

from collections.abc import Collection, Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import AreaRef
from app.areas import queries
from app.areas.service import find_areas_at
from app.core.errors import BadRequestError
from app.records.documents import AreaName, Point


async def find_areas(
    session: AsyncSession, points: Iterable[Point], named: Collection[AreaName] = ()
) -> set[AreaRef]:
    """Return every area that holds a point, and every named area with what it belongs to."""
    found: set[AreaRef] = set()
    for lon, lat in dict.fromkeys((point.lon, point.lat) for point in points):
        areas = await find_areas_at(session, lon, lat)
        found |= {AreaRef(area.type, area.code) for area in areas}
    pairs = {(area.type, area.code) for area in named}
    larger = await queries.fetch_belongings(session, pairs)
    return found | {AreaRef(*pair) for pair in pairs | larger}


async def check_areas(session: AsyncSession, named: Collection[AreaName]) -> None:
    """Return if the place has all the areas.

    Raises:
        BadRequestError: It has not; the sentence names the first of them.
    """
    wanted = {(area.type, area.code) for area in named}
    unknown = sorted(wanted - await queries.fetch_known(session, wanted))
    if unknown:
        area_type, code = unknown[0]
        raise BadRequestError(
            f"There is no area {code!r} of kind {area_type!r} here. "
            "GET /api/v1/areas lists those there are."
        )
