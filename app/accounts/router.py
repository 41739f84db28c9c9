"""Signing in, `/api/v1/people/me`, and `/api/v1/role-grants`."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.accounts import service, signing_in
from app.accounts.dependencies import (
    ActorDep,
    begin_session,
    end_current_session,
    needs,
    read_asking,
    read_secret_key,
)
from app.accounts.permissions import Actor, Permission
from app.accounts.schemas import (
    MeRead,
    RoleGrantCreate,
    RoleGrantFilters,
    RoleGrantPage,
    RoleGrantRead,
    SessionCreate,
    SessionRead,
    SignInLinkAnswer,
    SignInLinkCreate,
)
from app.core.database import SessionDep
from app.core.parameters import RowId

router = APIRouter(tags=["accounts"])

ASKED = (
    "If somebody with this address may sign in here, a link is on its way. It works once, "
    "within 20 minutes."
)


@router.post("/sign-in-links", status_code=202)
async def create_sign_in_link(
    request: Request, session: SessionDep, wanted: SignInLinkCreate
) -> SignInLinkAnswer:
    """Ask for a link that signs in, by mail; the answer is the same for any address."""
    asking = read_asking(request, wanted.email, wanted.next_path)
    await signing_in.ask_for_link(session, asking, read_secret_key(request))
    return SignInLinkAnswer(detail=ASKED)


@router.post("/sessions", status_code=201)
async def create_session(
    request: Request, response: Response, session: SessionDep, wanted: SessionCreate
) -> SessionRead:
    """Sign in with the token of a mailed link: a cookie for browsers, a token for programs."""
    opened = await begin_session(request, response, session, wanted.token)
    return SessionRead(token=opened.token, expires_at=opened.expires_at)


@router.delete("/sessions/current", status_code=204)
async def delete_current_session(
    request: Request,
    response: Response,
    session: SessionDep,
    actor: ActorDep,  # noqa: ARG001 - refuses what other sites send
) -> None:
    """Sign out; without a session, nothing happens."""
    await end_current_session(request, response, session)


@router.get("/people/me")
async def get_me(session: SessionDep, actor: ActorDep) -> MeRead:
    """The person who is signed in, with the roles they hold."""
    return await service.read_me(session, actor)


@router.get("/role-grants")
async def list_role_grants(
    session: SessionDep,
    actor: Annotated[Actor, needs(Permission.GRANT_ROLES)],
    filters: Annotated[RoleGrantFilters, Query()],
) -> RoleGrantPage:
    """Roles that people hold in the areas whose roles the caller may give, oldest first."""
    return await service.list_role_grants(session, actor, filters)


@router.post("/role-grants", status_code=201)
async def create_role_grant(
    request: Request,
    session: SessionDep,
    actor: Annotated[Actor, needs(Permission.GRANT_ROLES)],
    wanted: RoleGrantCreate,
) -> RoleGrantRead:
    """Give somebody a role; whoever has no account yet is invited by mail."""
    languages = request.headers.get("accept-language", "")
    return await service.grant_role(session, actor, wanted, languages)


@router.delete("/role-grants/{grant_id}", status_code=204)
async def delete_role_grant(
    session: SessionDep,
    actor: Annotated[Actor, needs(Permission.GRANT_ROLES)],
    grant_id: RowId,
) -> None:
    """Take a role away, at once."""
    await service.revoke_role_grant(session, actor, grant_id)
