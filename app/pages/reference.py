"""Pages for people who want to know where the facts come from, or to use them in a program."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.core.database import SessionDep
from app.packs import service as packs
from app.pages.layout import Templates

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/sources")
async def show_sources(request: Request, session: SessionDep) -> HTMLResponse:
    """Show every source of the pack with its publisher, licence and vintage."""
    templates: Templates = request.app.state.templates
    pack = await packs.get_current_pack(session)
    return templates.render(request, "sources.html", {}, pack=pack)
