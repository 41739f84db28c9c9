"""`/api/v1/organisations` and the organisations of an area, as everybody may read them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import TypeAdapter

from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.parameters import PlainText
from app.core.public_reads import PublicReads, PublicReadsDep, Reader
from app.organisations import counting, reading
from app.organisations.public_schemas import (
    AreaOrganisations,
    OrganisationCountFilters,
    OrganisationCountsByArea,
    OrganisationDetail,
    OrganisationFilters,
    OrganisationPage,
    PublicRevision,
)

router = APIRouter(tags=["organisations"])

JSON = "application/json"
HISTORY = TypeAdapter(list[PublicRevision])

OrganisationPath = Annotated[UUID, Path(description="the organisation's id")]


@router.get("/organisations", response_class=Response, responses={200: {"model": OrganisationPage}})
async def list_organisations(
    request: Request, reads: PublicReadsDep, filters: Annotated[OrganisationFilters, Query()]
) -> Response:
    """Organisations by name, a page at a time; with `q`, the best match first."""
    return await _answer(request, reads, lambda reader: reading.list_organisations(reader, filters))


@router.get(
    "/organisations/counts",
    response_class=Response,
    responses={200: {"model": OrganisationCountsByArea}},
)
async def count_organisations_by_area(
    request: Request, reads: PublicReadsDep, filters: Annotated[OrganisationCountFilters, Query()]
) -> Response:
    """How many organisations of each kind work, or are registered, in every area of a kind."""
    return await _answer(request, reads, lambda reader: counting.count_by_area(reader, filters))


@router.get(
    "/organisations/{organisation}",
    response_class=Response,
    responses={200: {"model": OrganisationDetail}},
)
async def get_organisation(
    request: Request, reads: PublicReadsDep, organisation: OrganisationPath
) -> Response:
    """One organisation: its numbers on registers, what it runs, where it is as far as is public."""
    return await _answer(
        request, reads, lambda reader: reading.read_organisation(reader, organisation)
    )


@router.get(
    "/organisations/{organisation}/history",
    response_class=Response,
    responses={200: {"model": list[PublicRevision]}},
)
async def list_organisation_history(
    request: Request, reads: PublicReadsDep, organisation: OrganisationPath
) -> Response:
    """What changed, newest first; nothing from before something was made more private."""
    return await _answer(request, reads, lambda reader: reading.list_history(reader, organisation))


@router.get(
    "/areas/{area_type}/{code}/organisations",
    response_class=Response,
    responses={200: {"model": AreaOrganisations}},
)
async def count_area_organisations(
    request: Request,
    reads: PublicReadsDep,
    area_type: Annotated[PlainText, Path(description="kind of area, as in /area-types")],
    code: PlainText,
) -> Response:
    """How many organisations of each kind work in an area, and how many are registered in it."""
    return await _answer(
        request, reads, lambda reader: reading.count_organisations(reader, area_type, code)
    )


async def _answer(
    request: Request, reads: PublicReads, read: Callable[[Reader], Awaitable[Any]]
) -> Response:
    """Return what `read` reads, under an ETag of the same moment."""
    async with reads.look() as reader:
        etag = etag_for(request, await reading.read_stamp(reader))
        if is_unchanged(request, etag):
            return answer_unchanged(etag)
        found = await read(reader)
    body = HISTORY.dump_json(found) if isinstance(found, list) else found.model_dump_json().encode()
    return answer_revalidated(body, etag, JSON)
