"""The page of an area, and what it offers to download."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.dependencies import get_actor
from app.areas.service import read_area
from app.core.database import SessionDep, SessionsDep
from app.core.errors import BadRequestError, NotFoundError
from app.core.parameters import PlainText, Year
from app.core.public_reads import PublicReadsDep
from app.pages.layout import Templates
from app.pages.paths import find_base, write_area_path
from app.pages.reading.area_organisations import Relation, describe_organisations
from app.pages.reading.areas import Readers, describe_area
from app.pages.reading.downloads import Download, write_assets, write_figures
from app.pages.reading.missing import show_missing
from app.pages.reading.words import list_words
from app.pages.said import mark_sentence
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

ORGANISATIONS = mark_sentence("Groups and organisations in {area}")

YearQuery = Annotated[Year | None, Query()]


async def get_readers(session: SessionDep, sessions: SessionsDep, reads: PublicReadsDep) -> Readers:
    """Return what the page reads with."""
    return Readers(reads, session, sessions)


ReadersDep = Annotated[Readers, Depends(get_readers)]


@router.get("/areas/{area_type}/{code}", response_model=None)
async def show_area(
    request: Request,
    readers: ReadersDep,
    area_type: PlainText,
    code: PlainText,
    boundary_year: YearQuery = None,
) -> HTMLResponse:
    """Show who lives in an area, how it stands, and what there is."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, readers.session)
    try:
        page = await describe_area(readers, area_type, code, boundary_year)
    except NotFoundError as error:
        return await show_missing(request, readers.session, "area", error.detail)
    path = write_area_path(page.area.type, page.area.code)
    query = "" if page.newest is None else f"?boundary_year={page.area.boundary_year}"
    context = {
        "base": find_base(request),
        "path": f"{path}{query}",
        "page": page,
        "title": page.area.name,
        "summary": "",
        "json_path": f"/api/v1{path}{query}",
        "hidden_from_search": page.newest is not None,
        "linked_data": None,
        **list_words(templates.choose_language(request, pack)),
    }
    return templates.render(request, "reading/area.html", context, pack=pack)


@router.get("/areas/{area_type}/{code}/organisations", response_model=None)
async def show_organisations(
    request: Request,
    readers: ReadersDep,
    area_type: PlainText,
    code: PlainText,
    relation: PlainText = "works_in",
    cursor: Annotated[str, Query(max_length=2000)] = "",
) -> HTMLResponse | RedirectResponse:
    """List every organisation that works in an area, or every one that is registered there."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, readers.session)
    asked: Relation = "registered_in" if relation == "registered_in" else "works_in"
    try:
        page = await describe_organisations(
            readers.reads, readers.session, (area_type, code), (asked, cursor)
        )
    except NotFoundError as error:
        return await show_missing(request, readers.session, "area", error.detail)
    except BadRequestError:
        # A later page of an old list: it begins again.
        path = f"{write_area_path(area_type, code)}/organisations?relation={asked}"
        return RedirectResponse(path, status_code=int(HTTPStatus.SEE_OTHER))
    language = templates.choose_language(request, pack)
    context = {
        "base": find_base(request),
        "path": page.find_path(page.relation),
        "page": page,
        "title": templates.translate({"title": ORGANISATIONS}, language)["title"].replace(
            "{area}", page.area.name
        ),
        "summary": "",
        "json_path": "",
        "hidden_from_search": page.is_later,
        "linked_data": None,
        **list_words(language),
    }
    return templates.render(request, "reading/area_organisations.html", context, pack=pack)


@router.get("/areas/{area_type}/{code}/figures.csv", response_model=None)
async def download_figures(
    readers: ReadersDep, area_type: PlainText, code: PlainText, boundary_year: YearQuery = None
) -> Response:
    """Give the newest value of every indicator as a file."""
    return await _offer(readers, write_figures, area_type, code, boundary_year)


@router.get("/areas/{area_type}/{code}/assets.csv", response_model=None)
async def download_assets(
    readers: ReadersDep, area_type: PlainText, code: PlainText, boundary_year: YearQuery = None
) -> Response:
    """Give what is in the area as a file."""
    return await _offer(readers, write_assets, area_type, code, boundary_year)


async def _offer(
    readers: Readers,
    write: Callable[..., Awaitable[Download]],
    area_type: str,
    code: str,
    boundary_year: int | None,
) -> Response:
    area = await read_area(readers.session, area_type, code, boundary_year)
    download = await write(readers, area)
    headers = {"Content-Disposition": f'attachment; filename="{download.name}"'}
    return Response(download.body, media_type="text/csv", headers=headers)
