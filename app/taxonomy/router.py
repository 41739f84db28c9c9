"""`/api/v1/categories`."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.core.database import SessionDep
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.parameters import PlainText
from app.taxonomy import service
from app.taxonomy.schemas import CategoryDetail, CategoryFilters, CategoryRead

router = APIRouter(tags=["categories"])

JSON = "application/json"


@router.get("/categories", response_class=Response, responses={200: {"model": list[CategoryRead]}})
async def list_categories(
    request: Request, session: SessionDep, filters: Annotated[CategoryFilters, Query()]
) -> Response:
    """All categories in their order, each after its broader term; with `q`, best match first."""
    etag = etag_for(request, await service.read_categories_stamp(session))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    return answer_revalidated(await service.write_categories(session, filters), etag, JSON)


@router.get(
    "/categories/{code}", response_class=Response, responses={200: {"model": CategoryDetail}}
)
async def get_category(
    request: Request,
    session: SessionDep,
    code: Annotated[PlainText, Path(description="as in /categories")],
) -> Response:
    """One category, also a retired one, with its broader and next narrower terms."""
    etag = etag_for(request, await service.read_categories_stamp(session))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    return answer_revalidated(await service.write_category(session, code), etag, JSON)
