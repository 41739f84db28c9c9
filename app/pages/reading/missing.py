"""The page where something was looked for that is not there, or not for everybody."""

from http import HTTPStatus
from typing import Literal
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFoundError
from app.pages.layout import Templates
from app.pages.service import find_pack


def read_id(text: str) -> UUID:
    """Return the public id that an address holds.

    Raises:
        NotFoundError: It is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError("There is nothing with this id.") from None


async def show_missing(
    request: Request,
    session: AsyncSession,
    what: Literal["asset", "organisation", "area"],
    sentence: str = "",
) -> HTMLResponse:
    """Return the page that says so, and helps to look further; the same whatever the reason is."""
    templates: Templates = request.app.state.templates
    pack = await find_pack(session)
    context = {"what": what, "sentence": sentence}
    status = HTTPStatus.NOT_FOUND
    return templates.render(request, "reading/missing.html", context, pack=pack, status=status)
