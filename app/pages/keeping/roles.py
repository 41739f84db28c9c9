"""Who may do what: roles that are held, given and ended."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import service as accounts
from app.accounts.dependencies import get_actor, needs
from app.accounts.permissions import GRANTABLE, Actor, Permission, Role
from app.accounts.schemas import RoleGrantCreate, RoleGrantFilters, RoleGrantRead
from app.areas import service as areas
from app.core.database import SessionDep
from app.core.errors import BadRequestError, ConflictError, ForbiddenError, NotFoundError
from app.core.pagination import LARGEST_PAGE
from app.core.security import CheckedForm
from app.pages.keeping.forms import read_text
from app.pages.keeping.showing import lead_to, show
from app.pages.said import mark_sentence

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

GranterDep = Annotated[Actor, needs(Permission.GRANT_ROLES)]
GrantPath = Annotated[int, Path(ge=1, lt=2**63)]
EVERYWHERE = "everywhere"
_FIELDS = ("email", "name", "role", "area_type", "area")


@router.get("/admin/roles")
async def show_roles(
    request: Request, session: SessionDep, actor: GranterDep, done: str = "", cursor: str = ""
) -> HTMLResponse:
    """List who holds which role in the areas that somebody looks after."""
    return await _render(request, session, actor, done=done, cursor=cursor)


@router.post("/admin/roles", response_model=None)
async def give_role(
    request: Request, session: SessionDep, actor: GranterDep, form: CheckedForm
) -> HTMLResponse | RedirectResponse:
    """Give a role; somebody without an account is invited by mail."""
    sent = {name: read_text(form, name) for name in _FIELDS}
    try:
        wanted = await _read_wanted(session, sent)
        async with session.begin_nested():
            languages = request.headers.get("accept-language", "")
            await accounts.grant_role(session, actor, wanted, languages)
    except FieldError as error:
        return await _render(request, session, actor, error.problems, sent)
    except BadRequestError as error:
        problems = {"email" if "e-mail" in error.detail else "name": error.detail}
        return await _render(request, session, actor, problems, sent)
    except ForbiddenError as error:
        return await _render(request, session, actor, {"role": error.detail}, sent)
    except ConflictError as error:
        return await _render(request, session, actor, {"email": error.detail}, sent)
    return lead_to("/admin/roles?done=given")


@router.get("/admin/roles/{grant_id}/end")
async def ask_to_end(
    request: Request, session: SessionDep, actor: GranterDep, grant_id: GrantPath
) -> HTMLResponse:
    """Say what would be ended, and ask once more."""
    return await _render_ending(request, session, actor, grant_id)


@router.post("/admin/roles/{grant_id}/end", response_model=None)
async def end_role(
    request: Request,
    session: SessionDep,
    actor: GranterDep,
    grant_id: GrantPath,
    form: CheckedForm,  # noqa: ARG001 - checks that our own page sent it
) -> HTMLResponse | RedirectResponse:
    """End a role, at once; ended before, it stays so."""
    try:
        await accounts.revoke_role_grant(session, actor, grant_id)
    except NotFoundError:
        return lead_to("/admin/roles?done=ended+before")
    except ConflictError as error:
        return await _render_ending(request, session, actor, grant_id, error.detail)
    return lead_to("/admin/roles?done=ended")


class FieldError(Exception):
    """Fields that are to be put right, each with its sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


async def _read_wanted(session: AsyncSession, sent: dict[str, str]) -> RoleGrantCreate:
    """Return the role that a form asks for.

    Raises:
        FieldError: Something is to be put right first.
    """
    problems = {}
    if not sent["email"]:
        problems["email"] = mark_sentence("Give the e-mail address of whoever is to have the role.")
    if sent["role"] not in set(Role):
        problems["role"] = mark_sentence("Choose a role.")
    named: tuple[str | None, str | None] = (None, None)
    if sent["area_type"] != EVERYWHERE:
        try:
            named = await _find_area(session, sent["area_type"], sent["area"])
        except FieldError as error:
            problems |= error.problems
    if problems:
        raise FieldError(problems)
    return RoleGrantCreate(
        email=sent["email"][:254].replace("\0", ""),
        name=sent["name"][:300].replace("\0", ""),
        role=Role(sent["role"]),
        area_type=named[0],
        area_code=named[1],
    )


async def _find_area(session: AsyncSession, area_type: str, said: str) -> tuple[str, str]:
    """Return kind and code of the area that somebody names, by its name or its code."""
    kinds = [each.code for each in await areas.list_area_types(session) if each.boundary_years]
    if area_type not in kinds:
        raise FieldError({"area_type": mark_sentence("Choose the kind of area, or everywhere.")})
    if not said:
        raise FieldError({"area": mark_sentence("Give the name of the area.")})
    every = await areas.summarise_areas(session, area_type)
    wanted = said.casefold()
    found = [each for each in every if wanted in {each.name.casefold(), each.code.casefold()}]
    if len(found) > 1:
        codes = ", ".join(each.code for each in found)
        raise FieldError(
            {"area": f"Several areas are called {said!r}. Give the code of one: {codes}."}
        )
    if not found:
        like = [each.name for each in every if wanted in each.name.casefold()][:5]
        hint = f" Did you mean one of these: {', '.join(like)}?" if like else ""
        raise FieldError({"area": f"There is no area of this kind called {said!r}.{hint}"})
    return area_type, found[0].code


async def _describe(session: AsyncSession, grant: RoleGrantRead) -> dict[str, Any]:
    area = None
    if grant.area_type and grant.area_code:
        try:
            area = (await areas.read_area(session, grant.area_type, grant.area_code, None)).name
        except NotFoundError:
            area = grant.area_code
    return {"grant": grant, "area": area}


async def _render(  # noqa: PLR0913 - what the page says
    request: Request,
    session: AsyncSession,
    actor: Actor,
    problems: dict[str, str] | None = None,
    sent: dict[str, str] | None = None,
    *,
    done: str = "",
    cursor: str = "",
) -> HTMLResponse:
    filters = RoleGrantFilters(cursor=cursor or None, limit=LARGEST_PAGE)
    page = await accounts.list_role_grants(session, actor, filters)
    grantable = {role for grant in actor.grants for role in GRANTABLE.get(grant.role, ())}
    context = {
        "rows": [await _describe(session, grant) for grant in page.items],
        "following": page.next,
        "roles": [str(role) for role in Role if role in grantable],
        "area_types": await areas.list_area_types(session),
        "may_everywhere": actor.list_areas(Permission.GRANT_ROLES) is None,
        "problems": problems or {},
        "sent": sent or dict.fromkeys(_FIELDS, ""),
        "done": done if done in {"given", "ended", "ended before"} else "",
    }
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK
    return await show(request, session, "roles.html", context, status)


async def _render_ending(
    request: Request, session: AsyncSession, actor: Actor, number: int, problem: str = ""
) -> HTMLResponse:
    """Return the page that asks once more.

    Raises:
        NotFoundError: Nobody holds the role, or not in an area that this person looks after.
    """
    cursor = None
    while True:
        filters = RoleGrantFilters(cursor=cursor, limit=LARGEST_PAGE)
        page = await accounts.list_role_grants(session, actor, filters)
        found = next((each for each in page.items if each.id == number), None)
        if found or page.next is None:
            break
        cursor = page.next
    if found is None:
        raise NotFoundError("Nobody holds this role any more, or it is not yours to end.")
    context = {**await _describe(session, found), "problem": problem}
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return await show(request, session, "role_end.html", context, status)
