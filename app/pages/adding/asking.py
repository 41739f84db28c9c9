"""What every route of the walk begins and ends with."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from app.accounts.dependencies import ActorDep
from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReadsDep
from app.core.security import FORM_FIELD
from app.drafts import service as drafts
from app.pages.adding.desks import Desk
from app.pages.adding.ground import survey
from app.pages.holding import read_visitor
from app.pages.waiting import require_pack

Fragment = Annotated[str | None, Header(alias="x-fragment")]


async def open_desk(
    request: Request, session: SessionDep, reads: PublicReadsDep, actor: ActorDep
) -> Desk:
    """Return what every page of the walk is made with."""
    pack = await require_pack(request, session)
    return Desk(request, pack, await survey(session, reads, actor, pack.title))


DeskDep = Annotated[Desk, Depends(open_desk)]


async def find_draft(desk: Desk, session: SessionDep, actor: ActorDep, draft: str) -> drafts.Draft:
    """Return a draft of this visitor's by its id.

    Raises:
        NotFoundError: There is none of theirs.
    """
    visitor = read_visitor(desk.request, actor)
    return await drafts.find(session, read_id(draft), visitor, desk.settings.draft_days)


def read_form(form: FormData) -> dict[str, list[str]]:
    """Return what was typed, by name; every value of what can be ticked."""
    return {
        name: [value for value in form.getlist(name) if isinstance(value, str)]
        for name in dict.fromkeys(form)
        if name != FORM_FIELD
    }


def read_action(form: Mapping[str, object]) -> str:
    """Return which button sent a form."""
    return str(form.get("action", "continue"))


def read_id(draft: str) -> UUID:
    """Return the id of a draft as it stands in an address.

    Raises:
        NotFoundError: It is none.
    """
    try:
        return UUID(draft)
    except ValueError:
        raise NotFoundError(drafts.NO_DRAFT) from None


def lead_to(path: str) -> RedirectResponse:
    """Return an answer that leads elsewhere, kept by nobody."""
    response = RedirectResponse(path, status_code=int(HTTPStatus.SEE_OTHER))
    response.headers["Cache-Control"] = "no-store"
    return response
