"""What the service can say about areas."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import queries
from app.areas.models import BoundarySet
from app.areas.queries import AnyRow, AreaSelection
from app.areas.schemas import (
    AgeBand,
    AreaChange,
    AreaFilters,
    AreaPage,
    AreaRead,
    AreaRef,
    AreaSummary,
    AreaTypeRead,
    Parent,
    Point,
    PostcodeRead,
    PostcodeSummary,
)
from app.core.errors import BadRequestError, NotFoundError
from app.core.pagination import read_cursor, write_cursor
from app.core.versions import read_stamp, read_version
from app.geo.geojson import Feature, write_feature, write_feature_collection

TOPIC = "areas"
"""The version topic that changes whenever any area, lookup or postcode does."""

MOST_OUTLINES = 5000
"""Beyond this a whole set is too much for one document: ask for the inside of a larger area."""

_NOT_IN_POSTCODES = re.compile(r"[\W_]+")


async def list_area_types(session: AsyncSession) -> list[AreaTypeRead]:
    """Return the kinds of area, smallest first."""
    rows = await queries.fetch_area_types(session)
    return [AreaTypeRead.model_validate(row, from_attributes=True) for row in rows]


async def summarise_areas(
    session: AsyncSession, area_type: str, boundary_year: int | None = None
) -> list[AreaSummary]:
    """Return every area of a kind, by code; without a year, in the newest one.

    Raises:
        NotFoundError: There is no such kind or year.
    """
    boundary_set = await find_boundary_set(session, area_type, boundary_year)
    return await _summarise(session, boundary_set, AreaSelection())


async def list_areas(session: AsyncSession, filters: AreaFilters) -> AreaPage:
    """Return one page of the areas of a kind, by code.

    Raises:
        BadRequestError: `within` or `cursor` cannot be read.
        NotFoundError: There is no such kind, year, or area to be within.
    """
    boundary_set = await find_boundary_set(session, filters.type, filters.boundary_year)
    wanted = AreaSelection(
        words=filters.q.strip() if filters.q else None,
        within=await _find_within(session, filters.within, boundary_set),
        after=read_cursor(filters.cursor),
        limit=filters.limit + 1,  # one more than the page tells whether there is a next
    )
    items = await _summarise(session, boundary_set, wanted)
    total = await queries.count_areas(session, boundary_set, wanted)
    page = items[: filters.limit]
    more = len(items) > filters.limit
    return AreaPage(items=page, total=total, next=write_cursor(page[-1].code) if more else None)


async def list_children(
    session: AsyncSession,
    area_type: str,
    code: str,
    *,
    boundary_year: int | None,
    child_type: str | None,
) -> list[AreaSummary]:
    """Return the areas that belong to an area: of `child_type`, or of the next smaller kind.

    Raises:
        NotFoundError: There is no such area.
    """
    _, row = await _find_area(session, area_type, code, boundary_year)
    child_set = await queries.fetch_child_set(session, row.id, child_type)
    if child_set is None:
        return []
    return await _summarise(session, child_set, AreaSelection(within=row.id))


async def read_area(
    session: AsyncSession, area_type: str, code: str, boundary_year: int | None
) -> AreaRead:
    """Return what is held about one area; without a year, in the newest that has the kind.

    Raises:
        NotFoundError: There is no such area in that year.
    """
    boundary_set, row = await _find_area(session, area_type, code, boundary_year)
    after = await queries.fetch_linked(session, row.id, forward=True)
    before = await queries.fetch_linked(session, row.id, forward=False)
    ages = await queries.fetch_ages(session, row.id)
    return AreaRead(
        gid=row.gid,
        type=boundary_set.area_type,
        code=row.code,
        boundary_year=boundary_set.boundary_year,
        name=row.name,
        people=row.people,
        ages=[AgeBand.model_validate(age, from_attributes=True) for age in ages],
        area_ha=round(row.area_ha, 2),
        bbox=row.bbox,
        centroid=Point(lon=row.lon, lat=row.lat),
        centroid_method=row.centroid_method,
        parents=[
            Parent(area=_refer(link), kind=link.kind, method=link.method)
            for link in after
            if link.kind != "change"
        ],
        became=[_describe_change(link) for link in after if link.kind == "change"],
        came_from=[_describe_change(link) for link in before if link.kind == "change"],
        repair=row.repair,
    )


async def find_areas_at(
    session: AsyncSession, lon: float, lat: float, boundary_year: int | None = None
) -> list[AreaRef]:
    """Return the areas at a point, smallest kind first; none outside the place."""
    rows = await queries.fetch_areas_at(session, lon, lat, boundary_year)
    return [_refer(row) for row in rows]


async def write_outlines(
    session: AsyncSession,
    area_type: str,
    boundary_year: int | None = None,
    within: str | None = None,
) -> bytes:
    """Return the thinned outlines of a kind of area as a GeoJSON FeatureCollection.

    Raises:
        BadRequestError: They are too many for one document.
        NotFoundError: There is no such kind, year, or area to be within.
    """
    boundary_set = await find_boundary_set(session, area_type, boundary_year)
    wanted = AreaSelection(within=await _find_within(session, within, boundary_set))
    count = await queries.count_areas(session, boundary_set, wanted)
    if count > MOST_OUTLINES:
        raise BadRequestError(
            f"{count} outlines are too many for one document (at most {MOST_OUTLINES}). "
            "Name a larger area in `within`, for example within=authority:CODE."
        )
    rows = await queries.fetch_outlines(session, boundary_set, wanted)
    extent = await queries.fetch_extent(session, boundary_set, wanted)
    features = (
        Feature(
            row.gid,
            {"code": row.code, "name": row.name, "people": row.people, "parents": row.parents},
            row.outline,
        )
        for row in rows
    )
    return write_feature_collection(features, extent)


async def write_boundary(
    session: AsyncSession, area_type: str, code: str, boundary_year: int | None
) -> bytes:
    """Return one area with its full boundary as a GeoJSON Feature.

    Raises:
        NotFoundError: There is no such area in that year.
    """
    boundary_set, row = await _find_area(session, area_type, code, boundary_year)
    properties: dict[str, object] = {
        "type": boundary_set.area_type,
        "code": row.code,
        "boundary_year": boundary_set.boundary_year,
        "name": row.name,
        "people": row.people,
    }
    boundary = await queries.fetch_boundary(session, row.id)
    return write_feature(Feature(row.gid, properties, boundary))


async def write_backdrops(session: AsyncSession) -> bytes:
    """Return what is drawn beneath the areas as a GeoJSON FeatureCollection, largest first."""
    rows = await queries.fetch_backdrops(session)
    features = (Feature(row.id, {"kind": row.kind, "name": row.name}, row.shape) for row in rows)
    return write_feature_collection(features, None)


async def read_areas_stamp(session: AsyncSession) -> str:
    """Return the text that changes whenever areas change, for ETags."""
    return await read_stamp(session, TOPIC)


async def read_areas_version(session: AsyncSession) -> int:
    """Return the number that changes whenever areas change, for what is remembered of them."""
    return await read_version(session, TOPIC)


def normalise_postcode(text: str) -> str:
    """Return `text` in capitals without spaces and marks, as postcodes are kept and compared."""
    return _NOT_IN_POSTCODES.sub("", text).upper()


async def search_postcodes(session: AsyncSession, text: str, limit: int) -> list[PostcodeSummary]:
    """Return postcodes that begin as `text` does, however it is spaced or spelt in case.

    Raises:
        BadRequestError: `text` holds no letter or digit.
    """
    prefix = normalise_postcode(text)
    if not prefix:
        raise BadRequestError("Give at least the first letter of a postcode.")
    rows = await queries.fetch_postcodes(session, prefix, limit)
    return [
        PostcodeSummary(postcode=row.display, location=Point(lon=row.lon, lat=row.lat))
        for row in rows
    ]


async def read_postcode(session: AsyncSession, text: str) -> PostcodeRead:
    """Return a postcode with its point and the areas there: none where it lies in the margin.

    Raises:
        NotFoundError: It is not one of this place's postcodes.
    """
    row = await queries.fetch_postcode(session, normalise_postcode(text))
    if row is None:
        raise NotFoundError(
            "We do not know this postcode. Check it for a slip; new ones can take months to "
            "reach us, so a neighbouring one may do."
        )
    return PostcodeRead(
        postcode=row.display,
        location=Point(lon=row.lon, lat=row.lat),
        areas=await find_areas_at(session, row.lon, row.lat),
    )


async def find_boundary_set(
    session: AsyncSession, area_type: str, boundary_year: int | None
) -> BoundarySet:
    """Return the boundary set of a kind and year; without a year, the newest.

    Raises:
        NotFoundError: There is none, with what there is instead.
    """
    found = await queries.fetch_boundary_set(session, area_type, boundary_year)
    if found is not None:
        return found
    known = {kind.code: kind.boundary_years for kind in await list_area_types(session)}
    if area_type in known:
        years = ", ".join(str(year) for year in known[area_type])
        raise NotFoundError(
            f"There are no outlines of {area_type!r} for {boundary_year}. Held: {years}."
        )
    raise NotFoundError(
        f"There is no kind of area called {area_type!r}. Known: {', '.join(known) or 'none yet'}."
    )


async def _find_area(
    session: AsyncSession, area_type: str, code: str, boundary_year: int | None
) -> tuple[BoundarySet, AnyRow]:
    boundary_set = await find_boundary_set(session, area_type, boundary_year)
    row = await queries.fetch_area(session, boundary_set, code)
    if row is None:
        raise NotFoundError(
            f"There is no {area_type} {code!r} in boundary year {boundary_set.boundary_year}. "
            "Codes change between boundary years: try another with ?boundary_year="
        )
    return boundary_set, row


async def _find_within(
    session: AsyncSession, within: str | None, boundary_set: BoundarySet
) -> int | None:
    """Return the id of the area named by `within`, in the year that the set has a lookup to.

    Raises:
        BadRequestError: It cannot be read, or no lookup leads from the set to that area: years
            never mix without one.
        NotFoundError: There is no such area in any year.
    """
    if within is None:
        return None
    area_type, separator, code = within.partition(":")
    if not separator or not code:
        raise BadRequestError("Write `within` as kind:code, for example ward:W01.")
    found = await queries.fetch_parent(session, boundary_set, area_type, code)
    if found is None:
        raise NotFoundError(f"There is no {area_type} {code!r} in any boundary year.")
    if not found.has_lookup:
        raise BadRequestError(
            f"No lookup says which {boundary_set.area_type} of {boundary_set.boundary_year} "
            f"belong to {area_type} {code!r}. Ask for another boundary_year."
        )
    return int(found.id)


async def _summarise(
    session: AsyncSession, boundary_set: BoundarySet, wanted: AreaSelection
) -> list[AreaSummary]:
    rows = await queries.fetch_areas(session, boundary_set, wanted)
    return [AreaSummary.model_validate(row, from_attributes=True) for row in rows]


def _refer(row: AnyRow) -> AreaRef:
    return AreaRef(type=row.type, code=row.code, boundary_year=row.boundary_year, name=row.name)


def _describe_change(row: AnyRow) -> AreaChange:
    return AreaChange(
        area=_refer(row), weight=row.weight, change_code=row.change_code, method=row.method
    )
