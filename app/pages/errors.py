"""The page a visitor meets when something is missing, refused, broken or not ready."""

from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.core.database import Database
from app.packs.schemas import PackRead
from app.pages.layout import Templates
from app.pages.said import mark_sentence
from app.pages.service import find_pack
from app.pages.waiting import find_awaited_load

log = structlog.get_logger(__name__)


SENTENCES = (
    mark_sentence(
        "There is nothing at this address. Check it for a slip, or start from the home page."
    ),
    mark_sentence("Something went wrong on our side. It has been noted; please try again."),
    mark_sentence(
        "This service is still being set up: no place is loaded yet. Please come back in a minute."
    ),
    mark_sentence(
        "This is not an e-mail address. Write it as name@example.org and check it for a slip."
    ),
    mark_sentence(
        "Links were asked for too often in the last hour. Look for the mail, in the spam folder "
        "too, and ask again in an hour."
    ),
)
"""What the floors below say most often, in English; a test holds them to these words."""


async def render_error_page(request: Request, status: HTTPStatus, detail: str) -> Response:
    """Return the page for an error, in the frame of every page as far as that can be had.

    Whoever opens a page that takes signing in is led to where that is done, and back.

    Args:
        request: The request that failed.
        status: Its status.
        detail: The sentence for the visitor.
    """
    if status is HTTPStatus.UNAUTHORIZED and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        wanted = urlencode({"next_path": f"{request.url.path}{query}"})
        return RedirectResponse(f"/sign-in?{wanted}", status_code=int(HTTPStatus.SEE_OTHER))
    templates: Templates = request.app.state.templates
    # A fault may be the database's own, and the failed request had its turn at it.
    is_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    pack = templates.latest_pack if is_fault else await _find_pack(request)
    context = {"status": int(status), "detail": detail, "load": find_awaited_load(request)}
    template = "setting_up.html" if context["load"] else "error.html"
    return templates.render(request, template, context, pack=pack, status=status)


async def _find_pack(request: Request) -> PackRead | None:
    """Return the pack for the frame, or None: an error page can do without, but has to come."""
    database: Database = request.app.state.database
    try:
        async with database.sessions() as session:
            return await find_pack(session)
    except Exception as error:
        log.warning("error page without a place", exc_info=error)
        return None
