"""Pages for people who want to know where the facts come from, or to use them in a program."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.core.database import SessionDep
from app.packs import service as packs
from app.pages.api_reference import group_operations
from app.pages.layout import Templates
from app.pages.service import find_pack

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/sources")
async def show_sources(request: Request, session: SessionDep) -> HTMLResponse:
    """Show every source of the pack with its publisher, licence and vintage."""
    templates: Templates = request.app.state.templates
    pack = await packs.get_current_pack(session)
    return templates.render(request, "sources.html", {}, pack=pack)


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
