"""Who asks, and what a route asks of them, named in the route's signature.

    async def import_assets(actor: Annotated[Actor, needs(Permission.IMPORT)]) -> ...

Whether the person may do it *to this object* is for the service, with `require_permission`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.limiting import find_allowance
from app.accounts.permissions import STRANGER, Actor, Permission, require_permission
from app.accounts.sessions import ABSOLUTE, COOKIE, find_actor
from app.accounts.signing_in import Asking, OpenedSession, end_session, use_link
from app.core.database import SessionDep
from app.core.errors import ForbiddenError
from app.core.http_cache import vary_by_visitor
from app.core.security import comes_from_here, cookie_name, set_cookie
from app.core.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_FOREIGN = (
    "This request came from another site with your sign-in, so it was refused and nothing was "
    "changed. Programs send `Authorization: Bearer` with a token of POST /api/v1/sessions."
)


async def get_actor(request: Request, session: SessionDep) -> Actor:
    """Return who sends the request; a stranger without a session that is alive.

    Raises:
        ForbiddenError: Another site's page makes a visitor's browser change something here.
    """
    token = read_bearer(request)
    has_cookie = token is None
    token = token or read_session_cookie(request)
    actor = await find_actor(session, token) if token else STRANGER
    request.state.actor = actor  # for the frame of pages
    vary_by_visitor(request, (actor.person_id, *actor.grants) if actor.is_signed_in else None)
    is_unsafe = request.method not in SAFE_METHODS
    if actor.is_signed_in and has_cookie and is_unsafe and not comes_from_here(request):
        raise ForbiddenError(_FOREIGN)
    client = request.client.host if request.client else ""
    allowance = find_allowance(actor, client, read_secret_key(request), request.app.state.settings)
    return replace(actor, allowance=allowance)


ActorDep = Annotated[Actor, Depends(get_actor)]
"""Who sends the request; `STRANGER` when nobody is signed in."""


def needs(permission: Permission) -> Any:  # noqa: ANN401 - what FastAPI's Depends returns
    """Return the dependency on somebody who has a permission, for some area at least.

    It answers 401 when nobody is signed in, and 403 with a sentence when somebody without the
    permission is.
    """
    return Depends(_require(permission))


def _require(permission: Permission) -> Callable[[Actor], Actor]:
    def get_permitted_actor(actor: ActorDep) -> Actor:
        require_permission(actor, permission)
        return actor

    return get_permitted_actor


def read_session_cookie(request: Request) -> str | None:
    """Return the token in the visitor's cookie, None without one."""
    settings: Settings = request.app.state.settings
    return request.cookies.get(cookie_name(settings, COOKIE))


def read_bearer(request: Request) -> str | None:
    """Return the token of `Authorization: Bearer`, None without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def read_asking(request: Request, email: str, next_path: str) -> Asking:
    """Return who asks for a link, from what they typed and where they come from."""
    return Asking(
        email=email,
        next_path=next_path,
        languages=request.headers.get("accept-language", ""),
        client=request.client.host if request.client else "",
    )


def read_secret_key(request: Request) -> bytes:
    """Return the key of this service."""
    key: bytes = request.app.state.secret_key
    return key


async def begin_session(
    request: Request, response: Response, session: AsyncSession, token: str
) -> OpenedSession:
    """Use up a link, sign its person in with a cookie, and end the session there was.

    Raises:
        ForbiddenError: Another site would sign a visitor in.
        SpentLinkError: The link was used, is too old, or was never one of ours.
    """
    if not comes_from_here(request):
        raise ForbiddenError(_FOREIGN)
    opened = await use_link(session, token, read_session_cookie(request))
    # The cookie lasts as long as any session can; the database says whether this one still does.
    max_age_s = round(ABSOLUTE.total_seconds())
    settings: Settings = request.app.state.settings
    set_cookie(response, settings, COOKIE, opened.token, max_age_s=max_age_s)
    response.headers["Cache-Control"] = "no-store"
    return opened


async def end_current_session(request: Request, response: Response, session: AsyncSession) -> None:
    """End the session that a request comes with, and remove its cookie."""
    if token := read_bearer(request) or read_session_cookie(request):
        await end_session(session, token)
    settings: Settings = request.app.state.settings
    set_cookie(response, settings, COOKIE, "", max_age_s=0)
