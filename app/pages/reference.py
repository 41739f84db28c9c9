"""Pages for people who want to know where the facts come from, or to use them in a program."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.accounts.dependencies import get_actor
from app.core.database import SessionDep
from app.packs import status
from app.pages.api_reference import group_operations
from app.pages.layout import Templates
from app.pages.provenance import (
    NONE_STATED,
    add_up_rows,
    group_by_publisher,
    list_namings,
)
from app.pages.service import find_pack
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


MOST_NAMED = 10
"""Rows and areas that the page names of each finding; the API has more of them."""


@router.get("/sources")
async def show_sources(request: Request, session: SessionDep) -> HTMLResponse:
    """Show every source of the pack with its licence and vintage, and what was loaded of it."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    loaded = await status.find_loaded(session)
    context = {
        "publishers": group_by_publisher(pack.sources),
        "namings": list_namings(pack.sources),
        "none_stated": NONE_STATED,
        "load": await status.find_load(session),
        "loaded": loaded,
        "rows": add_up_rows(loaded) if loaded else None,
        "most_named": MOST_NAMED,
    }
    return templates.render(request, "sources.html", context, pack=pack)


@router.get("/docs")
async def show_api_reference(request: Request, session: SessionDep) -> HTMLResponse:
    """Show what a program can ask this service, from its own OpenAPI document."""
    templates: Templates = request.app.state.templates
    document = request.app.openapi()
    context = {
        "document": document,
        "groups": group_operations(document),
        "schemas": document.get("components", {}).get("schemas", {}),
    }
    pack = await find_pack(session)
    language = templates.choose_language(request, pack)
    body = templates.render_part("api_reference_body.html", context, language)
    return templates.render(request, "api_reference.html", {"body": body}, pack=pack)
