"""Words about ourselves: help, who runs this, what is kept, how accessible it is, what is new."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.dependencies import get_actor
from app.assets.listing import list_newest
from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReadsDep
from app.core.settings import Settings
from app.pages.freshness import Stamp
from app.pages.layout import Templates
from app.pages.paths import find_base
from app.pages.reading.words import list_words
from app.pages.service import find_pack
from app.pages.signs import CIRCLE, SIGNS, Sign

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

NEWEST = 15
_COLOURS = {
    "house": "cat-warm", "square": "cat-lib", "cross": "cat-health", "diamond": "cat-advice",
    "hexagon": "cat-group", "triangle down": "cat-family", "triangle up": "cat-move",
}  # fmt: skip
STAMPS = (
    Stamp("ok", "confirmed", "2026-11-04"),
    Stamp("ok", "confirmed by owner", "2026-11-04"),
    Stamp("old", "from a list", "2026-08-17", "Example list"),
    Stamp("old", "old", "2024-03-01"),
    Stamp("old", "never"),
    Stamp("due", "hours wrong", "2026-11-04"),
    Stamp("due", "contact wrong", "2026-11-04"),
    Stamp("due", "existence wrong", "2026-11-04"),
)
"""Every stamp there is, with days made up, for those who explain or draw them."""


@router.get("/help")
async def show_help(request: Request, session: SessionDep) -> HTMLResponse:
    """Say how to find and add things, and what stamps and distances mean."""
    return await _show(request, session, "help", {"stamps": STAMPS})


@router.get("/about")
async def show_about(request: Request, session: SessionDep) -> HTMLResponse:
    """Say what this is and who runs it, or that nobody has said so."""
    return await _show(request, session, "about", {})


@router.get("/privacy")
async def show_privacy(request: Request, session: SessionDep) -> HTMLResponse:
    """Say what is kept of visitors, and for how long."""
    return await _show(request, session, "privacy", {})


@router.get("/accessibility")
async def show_accessibility(request: Request, session: SessionDep) -> HTMLResponse:
    """Say what was tested, what is known to fall short, and how to complain."""
    return await _show(request, session, "accessibility", {})


@router.get("/whats-new")
async def show_news(request: Request, session: SessionDep, reads: PublicReadsDep) -> HTMLResponse:
    """Say what the service can do now, and which listings changed last."""
    return await _show(request, session, "news", {"newest": await list_newest(reads, NEWEST)})


@router.get("/styleguide")
async def show_style_guide(request: Request, session: SessionDep) -> HTMLResponse:
    """Show every part of the pages in its states.

    Raises:
        NotFoundError: STYLE_GUIDE is not set: it is for those who work on the pages.
    """
    settings: Settings = request.app.state.settings
    if not settings.style_guide:
        raise NotFoundError(
            "There is nothing at this address. Check it for a slip, or start from the home page."
        )
    signs = [Sign(path, _COLOURS[name], 4.8) for name, path in SIGNS.items()]
    context = {
        "stamps": STAMPS,
        "signs": [*signs, Sign(CIRCLE, "cat-food", 4.8)],
        "problems": {"example": "Write a name. It is empty."},
    }
    return await _show(request, session, "styleguide", context)


async def _show(
    request: Request, session: AsyncSession, name: str, context: dict[str, Any]
) -> HTMLResponse:
    templates: Templates = request.app.state.templates
    settings: Settings = request.app.state.settings
    pack = await find_pack(session)
    told = {
        "operator": settings.operator_name,
        "operator_contact": settings.operator_contact,
        "basemap_host": settings.basemap_hosts[0].split("//")[1] if settings.basemap_hosts else "",
        "base": find_base(request),
        "path": request.url.path,
        "title": "Hereabouts",
        "summary": "",
        "json_path": "",
        "hidden_from_search": name == "styleguide",
        "linked_data": None,
        "zone": pack.time_zone if pack else "UTC",
        **list_words(templates.choose_language(request, pack)),
        **context,
    }
    return templates.render(request, f"reading/{name}.html", told, pack=pack)
