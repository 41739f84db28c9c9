"""`/api/v1/assets` for everybody: search, one asset, its history; and counts in an area."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.assets import reading, search
from app.assets.paging import Address
from app.assets.reading_schemas import (
    AreaAssets,
    AssetCollection,
    AssetHistory,
    AssetRead,
    FindableAsset,
)
from app.assets.search_schemas import AssetFilters
from app.core.database import SessionDep, SessionsDep
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.parameters import PlainText, Year
from app.core.public_reads import PublicReadsDep
from app.geo.geojson import MEDIA_TYPE

router = APIRouter(tags=["assets"])

AssetPath = Annotated[UUID, Path(description="the asset's id")]


class GeoJsonResponse(Response):
    """A document of RFC 7946."""

    media_type = MEDIA_TYPE


@router.get("/assets", response_class=GeoJsonResponse, responses={200: {"model": AssetCollection}})
async def list_assets(
    request: Request,
    reads: PublicReadsDep,
    sessions: SessionsDep,
    filters: Annotated[AssetFilters, Query()],
) -> Response:
    """Assets that match, each once, as GeoJSON, a page at a time.

    With a point, the nearest first. Of some only the area is told: they have no geometry and no
    distance, and stand after the others; they are found where the middle of their area is found.
    With `area`, what is in it and what serves its people; with `category` or `q` also services
    whose place is secret and whose owners let those they serve find them.
    """
    if "if-none-match" in request.headers:
        etag = etag_for(request, await search.read_stamp(reads))
        if is_unchanged(request, etag):
            return answer_unchanged(etag)
    address = Address(request.url.path, request.query_params.multi_items())
    answer = await search.search_assets(reads, sessions, filters, address)
    response = answer_revalidated(answer.body, etag_for(request, answer.stamp), MEDIA_TYPE)
    response.headers["Link"] = answer.link
    return response


@router.get(
    "/assets/{asset}",
    response_class=Response,
    responses={200: {"model": AssetRead | FindableAsset}},
)
async def get_asset(
    request: Request, reads: PublicReadsDep, session: SessionDep, asset: AssetPath
) -> Response:
    """Everything that everybody may know of an asset: sites, contacts, hours, origin, freshness."""
    found = await reading.read_asset(reads, session, asset, datetime.now(UTC))
    etag = etag_for(request, found.stamp)
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    return answer_revalidated(found.body, etag, "application/json")


@router.get("/assets/{asset}/history")
async def get_asset_history(reads: PublicReadsDep, asset: AssetPath) -> AssetHistory:
    """How what everybody may know of an asset has changed, newest first."""
    return await reading.read_history(reads, asset)


@router.get("/areas/{area_type}/{code}/assets")
async def count_area_assets(
    reads: PublicReadsDep,
    area_type: Annotated[PlainText, Path(description="kind of area, as in /area-types")],
    code: PlainText,
    boundary_year: Annotated[
        Year | None, Query(description="boundary year of the area; the newest without it")
    ] = None,
) -> AreaAssets:
    """How many assets are in an area, in all and by category."""
    return await reading.count_assets(reads, area_type, code, boundary_year)
