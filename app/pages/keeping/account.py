"""The page of whoever is signed in: name, roles, what they sent, where they are signed in."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import service as accounts
from app.accounts.dependencies import (
    ActorDep,
    end_current_session,
    get_actor,
    read_session_cookie,
)
from app.accounts.permissions import Actor, Permission
from app.core.database import SessionDep
from app.core.errors import BadRequestError
from app.core.security import CheckedForm
from app.moderation import service as moderation
from app.moderation import telling
from app.pages.keeping.forms import read_text
from app.pages.keeping.showing import lead_to, show
from app.pages.service import describe_roles

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


@router.get("/account", response_model=None)
async def show_account(
    request: Request, session: SessionDep, actor: ActorDep, saved: str = ""
) -> HTMLResponse | RedirectResponse:
    """Show as whom somebody is signed in, what they may do, and what became of what they sent."""
    if not actor.is_signed_in:
        return lead_to("/sign-in?next_path=/account")
    return await _render(request, session, actor, is_saved=saved == "name")


@router.post("/account/name", response_model=None)
async def send_name(
    request: Request, session: SessionDep, actor: ActorDep, form: CheckedForm
) -> HTMLResponse | RedirectResponse:
    """Call the person otherwise."""
    name = read_text(form, "name")
    try:
        await accounts.rename(session, actor, name)
    except BadRequestError as error:
        return await _render(request, session, actor, {"name": error.detail}, name)
    return lead_to("/account?saved=name")


@router.post("/account/sign-out-everywhere")
async def sign_out_everywhere(
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    form: CheckedForm,  # noqa: ARG001 - checks that our own page sent it
) -> RedirectResponse:
    """End every session of the person, this one as well."""
    await accounts.end_all_sessions(session, actor)
    response = lead_to("/")
    await end_current_session(request, response, session)
    return response


async def _render(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    problems: dict[str, str] | None = None,
    typed: str | None = None,
    *,
    is_saved: bool = False,
) -> HTMLResponse:
    me = await accounts.read_me(session, actor)
    waiting = None
    if actor.may_anywhere(Permission.REVIEW):
        waiting = len(await moderation.list_waiting(session, actor))
    context = {
        "me": me,
        "name": me.name if typed is None else typed,
        "problems": problems or {},
        "is_saved": is_saved,
        "roles": await describe_roles(session, actor),
        "own": await telling.list_own(session, actor),
        "open_sessions": await accounts.list_sessions(session, actor, read_session_cookie(request)),
        "waiting": waiting,
        "may_grant": actor.may_anywhere(Permission.GRANT_ROLES),
    }
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK
    return await show(request, session, "account.html", context, status)
