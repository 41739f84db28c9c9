"""`/api/v1/indicators`, and what they say about an area."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.core.database import SessionDep
from app.core.http_cache import (
    answer_immutable,
    answer_revalidated,
    answer_unchanged,
    etag_for,
    is_unchanged,
    refuse_old_version,
)
from app.core.parameters import PlainText, Year
from app.indicators import layers, service
from app.indicators.schemas import (
    AreaIndicators,
    AreaSeriesFilters,
    AreaTrendFilters,
    Comparison,
    IndicatorFilters,
    IndicatorPage,
    IndicatorRead,
    IndicatorValues,
    RowFilters,
    Trend,
    ValueFilters,
    ValueRows,
)

router = APIRouter(tags=["indicators"])

JSON = "application/json"
CSV = "text/csv"

CodePath = Annotated[PlainText, Path(description="as in /indicators")]


@router.get("/indicators")
async def list_indicators(
    session: SessionDep, filters: Annotated[IndicatorFilters, Query()]
) -> IndicatorPage:
    """Indicators in the order of the pack, each with the areas and periods it is known for."""
    return await service.list_indicators(session, filters)


@router.get("/indicators/{code}")
async def get_indicator(session: SessionDep, code: CodePath) -> IndicatorRead:
    """One indicator: what it measures, whose it is, and the areas and periods it is known for."""
    return await service.read_indicator(session, code)


@router.get(
    "/indicators/{code}/values",
    response_class=Response,
    responses={200: {"model": IndicatorValues}},
)
async def get_values(
    request: Request,
    session: SessionDep,
    code: CodePath,
    filters: Annotated[ValueFilters, Query()],
) -> Response:
    """All values of a kind of area as one array, in the order of the areas' gids.

    With `version` the answer may be kept for good.
    """
    refuse_old_version(filters.version, await service.read_indicators_token(session))
    if filters.version is not None:
        body = await layers.write_values(session, code, filters)
        # A load that ended meanwhile would else be kept for good under the version before it.
        refuse_old_version(filters.version, await service.read_indicators_token(session))
        return answer_immutable(body, JSON)
    etag = etag_for(request, await service.read_indicators_stamp(session))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    return answer_revalidated(await layers.write_values(session, code, filters), etag, JSON)


@router.get(
    "/indicators/{code}/rows",
    response_model=ValueRows,
    responses={200: {"content": {CSV: {}}}},
)
async def list_rows(
    session: SessionDep, code: CodePath, filters: Annotated[RowFilters, Query()]
) -> ValueRows | Response:
    """Values with their areas' names, limits and counts: a page at a time, or all as a CSV file."""
    if filters.format == "json":
        return await service.list_rows(session, code, filters)
    name, body = await service.write_csv(session, code, filters)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=CSV, headers=headers)


@router.get("/indicators/{code}/trend")
async def get_trend(
    session: SessionDep, code: CodePath, filters: Annotated[AreaTrendFilters, Query()]
) -> Trend:
    """One area over time, beside what it is compared with."""
    return await service.read_trend(session, code, filters)


@router.get("/indicators/{code}/comparison")
async def get_comparison(
    session: SessionDep, code: CodePath, filters: Annotated[AreaSeriesFilters, Query()]
) -> Comparison:
    """One area beside what it belongs to, what it is compared with, and the rest of the place."""
    return await service.read_comparison(session, code, filters)


@router.get("/areas/{area_type}/{code}/indicators")
async def list_area_indicators(
    session: SessionDep,
    area_type: Annotated[PlainText, Path(description="kind of area, as in /area-types")],
    code: PlainText,
    boundary_year: Annotated[
        Year | None, Query(description="boundary year of the outlines; the newest without it")
    ] = None,
) -> AreaIndicators:
    """The newest value of every indicator for one area."""
    return await service.list_area_indicators(session, area_type, code, boundary_year)
