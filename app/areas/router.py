"""`/api/v1/area-types`, `/api/v1/areas`, `/api/v1/backdrops` and `/api/v1/postcodes`."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.areas import naming, service
from app.areas.schemas import (
    AreaFilters,
    AreaMatch,
    AreaNamePage,
    AreaPage,
    AreaRead,
    AreaRef,
    AreaSummary,
    AreaTypeRead,
    NameFilters,
    PostcodeRead,
    PostcodeSummary,
)
from app.core.database import SessionDep
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.parameters import PlainText, Year
from app.geo.geojson import MEDIA_TYPE

router = APIRouter(tags=["areas"])

TypeQuery = Annotated[PlainText, Query(alias="type", description="kind of area, as in /area-types")]
TypePath = Annotated[PlainText, Path(description="kind of area, as in /area-types")]
YearQuery = Annotated[
    Year | None, Query(description="boundary year of the outlines; the newest without it")
]
WithinQuery = Annotated[
    PlainText | None, Query(description="kind:code of a larger area that they must belong to")
]


@router.get("/area-types")
async def list_area_types(session: SessionDep) -> list[AreaTypeRead]:
    """Kinds of area, smallest first, each with the boundary years held."""
    return await service.list_area_types(session)


@router.get("/areas")
async def list_areas(session: SessionDep, filters: Annotated[AreaFilters, Query()]) -> AreaPage:
    """Areas of one kind and boundary year, by code, a page at a time."""
    return await service.list_areas(session, filters)


@router.get("/areas/at")
async def list_areas_at(
    session: SessionDep,
    lon: Annotated[float, Query(ge=-180, le=180, description="degrees east, WGS 84")],
    lat: Annotated[float, Query(ge=-90, le=90, description="degrees north, WGS 84")],
    boundary_year: YearQuery = None,
) -> list[AreaRef]:
    """Areas at a point, smallest kind first; an empty list outside the place."""
    return await service.find_areas_at(session, lon, lat, boundary_year)


@router.get("/areas/names", response_class=Response, responses={200: {"model": AreaNamePage}})
async def get_names(
    request: Request, session: SessionDep, filters: Annotated[NameFilters, Query()]
) -> Response:
    """Codes and names of a kind of area in the order of gids, each with a point inside."""
    etag = etag_for(request, await service.read_areas_stamp(session))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    names = await naming.read_name_page(session, filters)
    return answer_revalidated(names.model_dump_json().encode(), etag, "application/json")


@router.get("/areas/named")
async def list_named(
    session: SessionDep,
    q: Annotated[PlainText, Query(min_length=1, description="a name, or a part of one")],
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> list[AreaMatch]:
    """Areas of any kind that may be meant by a name, the likeliest first."""
    return await naming.find_named(session, q, limit)


@router.get(
    "/areas/outlines",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "A FeatureCollection"}},
)
async def get_outlines(
    request: Request,
    session: SessionDep,
    area_type: TypeQuery,
    boundary_year: YearQuery = None,
    within: WithinQuery = None,
) -> Response:
    """Thinned outlines of every area of a kind, as GeoJSON; a feature's id is its gid."""
    etag = etag_for(request, await service.read_areas_stamp(session))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    body = await service.write_outlines(session, area_type, boundary_year, within)
    return answer_revalidated(body, etag, MEDIA_TYPE)


@router.get("/areas/{area_type}/{code}")
async def get_area(
    session: SessionDep, area_type: TypePath, code: PlainText, boundary_year: YearQuery = None
) -> AreaRead:
    """One area: its people by age, what it belongs to, and what it was or became."""
    return await service.read_area(session, area_type, code, boundary_year)


@router.get("/areas/{area_type}/{code}/children")
async def list_children(
    session: SessionDep,
    area_type: TypePath,
    code: PlainText,
    boundary_year: YearQuery = None,
    child_type: Annotated[
        PlainText | None, Query(alias="type", description="their kind; the next smaller without it")
    ] = None,
) -> list[AreaSummary]:
    """Areas that belong to this one, in their newest boundary year."""
    return await service.list_children(
        session, area_type, code, boundary_year=boundary_year, child_type=child_type
    )


@router.get(
    "/areas/{area_type}/{code}/boundary",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "A Feature"}},
)
async def get_boundary(
    request: Request,
    session: SessionDep,
    area_type: TypePath,
    code: PlainText,
    boundary_year: YearQuery = None,
) -> Response:
    """One area with its full boundary, as GeoJSON."""
    etag = etag_for(request, await service.read_areas_stamp(session))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    body = await service.write_boundary(session, area_type, code, boundary_year)
    return answer_revalidated(body, etag, MEDIA_TYPE)


@router.get(
    "/backdrops",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "A FeatureCollection"}},
)
async def list_backdrops(request: Request, session: SessionDep) -> Response:
    """What is drawn beneath the areas where no basemap is: water and the like, as GeoJSON."""
    etag = etag_for(request, await service.read_areas_stamp(session))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    return answer_revalidated(await service.write_backdrops(session), etag, MEDIA_TYPE)


@router.get("/postcodes")
async def search_postcodes(
    session: SessionDep,
    q: Annotated[str, Query(min_length=1, max_length=20, description="how it begins")],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[PostcodeSummary]:
    """Postcodes that begin like this, however spaced or spelt."""
    return await service.search_postcodes(session, q, limit)


@router.get("/postcodes/{postcode}")
async def get_postcode(session: SessionDep, postcode: PlainText) -> PostcodeRead:
    """A postcode's point and the areas there."""
    return await service.read_postcode(session, postcode)
