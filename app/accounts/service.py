"""People and the roles they hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import queries
from app.accounts.addresses import normalise_email
from app.accounts.models import Person
from app.accounts.permissions import (
    SIGN_IN_FIRST,
    Actor,
    AreaRef,
    Grant,
    Permission,
    Role,
    require_permission,
)
from app.accounts.schemas import (
    GrantRead,
    MeRead,
    RoleGrantCreate,
    RoleGrantFilters,
    RoleGrantPage,
    RoleGrantRead,
)
from app.accounts.sessions import read_grant
from app.accounts.signing_in import invite
from app.accounts.tokens import hash_token
from app.areas import service as areas
from app.core.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    UnauthorizedError,
)
from app.core.pagination import read_cursor, write_cursor

LONGEST_NAME = 200
ADMINISTRATOR = Grant(Role.ADMINISTRATOR)
"""Everywhere. While anybody holds it, somebody who may sign in does."""


async def read_me(session: AsyncSession, actor: Actor) -> MeRead:
    """Return what is held about the person who asks.

    Raises:
        UnauthorizedError: Nobody is signed in.
    """
    person = None
    if actor.person_id is not None:
        person = await queries.fetch_person_by_id(session, actor.person_id)
    if person is None or person.email is None:
        raise UnauthorizedError(SIGN_IN_FIRST)
    return MeRead(
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        created_at=person.created_at,
        grants=[_describe(grant) for grant in actor.grants],
    )


def _describe(grant: Grant) -> GrantRead:
    area_type, code = grant.area or (None, None)
    return GrantRead(role=grant.role, area_type=area_type, area_code=code)


async def find_containing_areas(session: AsyncSession, area: AreaRef) -> frozenset[AreaRef]:
    """Return an area and every larger one that it belongs to, in its newest boundary year.

    Raises:
        BadRequestError: There is no such area in the place that is loaded.
    """
    found: set[AreaRef] = set()
    wanted: list[tuple[AreaRef, int | None]] = [(area, None)]
    while wanted:
        ref, boundary_year = wanted.pop()
        if ref in found:
            continue
        try:
            read = await areas.read_area(session, ref.area_type, ref.code, boundary_year)
        except NotFoundError as error:
            if ref == area:
                raise BadRequestError(error.detail) from None
            continue
        found.add(ref)
        wanted += [
            (AreaRef(parent.area.type, parent.area.code), parent.area.boundary_year)
            for parent in read.parents
        ]
    return frozenset(found)


def read_area_ref(area_type: str | None, code: str | None) -> AreaRef | None:
    """Return the area that two fields name together; None for everywhere.

    Raises:
        BadRequestError: Only one of them is given.
    """
    if (area_type is None) != (code is None):
        raise BadRequestError("Give area_type and area_code together, or neither for everywhere.")
    return None if area_type is None or code is None else AreaRef(area_type, code)


async def list_role_grants(
    session: AsyncSession, actor: Actor, filters: RoleGrantFilters
) -> RoleGrantPage:
    """Return one page of the roles that others hold in the areas that `actor` looks after.

    Raises:
        BadRequestError: `cursor` is not one of ours.
        ForbiddenError: The person may not give roles anywhere.
        UnauthorizedError: Nobody is signed in.
    """
    require_permission(actor, Permission.GRANT_ROLES)
    rows = await queries.fetch_live_grants(
        session,
        areas=await _find_granted_within(session, actor.list_areas(Permission.GRANT_ROLES)),
        after=_read_position(filters.cursor),
        limit=filters.limit + 1,
    )
    page = [_read_row(row) for row in rows[: filters.limit]]
    more = len(rows) > filters.limit
    return RoleGrantPage(items=page, next=write_cursor(str(page[-1].id)) if more else None)


def _read_position(cursor: str | None) -> int:
    key = read_cursor(cursor) or "0"
    if not (key.isascii() and key.isdecimal() and len(key) < 19):  # noqa: PLR2004 - a bigint
        raise BadRequestError("cursor is not one of ours. Take it from `next` in the page before.")
    return int(key)


async def _find_granted_within(
    session: AsyncSession, scope: frozenset[AreaRef] | None
) -> list[AreaRef] | None:
    """Return those areas of live grants that lie within a scope; None for all of them."""
    if scope is None:
        return None
    granted = [AreaRef(*row) for row in await queries.fetch_granted_areas(session)]
    within = []
    for area in granted:
        try:
            around = await find_containing_areas(session, area)
        except BadRequestError:
            around = frozenset({area})  # the place that is loaded does not have it any more
        if scope & around:
            within.append(area)
    return within


def _read_row(row: queries.AnyRow) -> RoleGrantRead:
    return RoleGrantRead(
        id=row.id,
        role=Role(row.role),
        area_type=row.area_type,
        area_code=row.area_code,
        person=row.public_id,
        name=row.name,
        email=row.email or "",
        granted_at=row.granted_at,
        granted_by=row.giver,
    )


async def grant_role(
    session: AsyncSession, actor: Actor, wanted: RoleGrantCreate, languages: str = ""
) -> RoleGrantRead:
    """Give somebody a role; whoever has no account yet gets one, and an invitation by mail.

    Args:
        session: The transaction.
        actor: Who gives it.
        wanted: To whom, which role, and for which area.
        languages: The header Accept-Language of the request, for the invitation.

    Raises:
        BadRequestError: The address or the area is none.
        ConflictError: The person holds the role for that area already.
        ForbiddenError: `actor` may not give this role for that area.
        UnauthorizedError: Nobody is signed in.
    """
    area = read_area_ref(wanted.area_type, wanted.area_code)
    around = await find_containing_areas(session, area) if area else frozenset()
    _require_grantable(actor, wanted.role, around)
    person, is_new = await ensure_person(session, wanted.email, wanted.name)
    if is_new:
        await invite(session, person.email or "", languages)
    grant_id = await give_role(session, person, Grant(wanted.role, area), actor.person_id)
    if grant_id is None:
        raise ConflictError(f"This person is {wanted.role} there already.")
    rows = await queries.fetch_live_grants(session, person_id=person.id, after=grant_id - 1)
    return _read_row(rows[0])


def _require_grantable(actor: Actor, role: Role, around: frozenset[AreaRef]) -> None:
    require_permission(actor, Permission.GRANT_ROLES)
    if not actor.may_grant(role, around):
        raise ForbiddenError(
            f"Your roles do not allow you to make anybody {role} there or to end it. A coordinator "
            "gives and takes contributor and organiser in the own areas, an administrator all."
        )


async def give_role(
    session: AsyncSession, person: Person, grant: Grant, granted_by: int | None
) -> int | None:
    """Keep a grant and return its number; None when the person holds it already."""
    area_type, code = grant.area or (None, None)
    values = {
        "person_id": person.id,
        "role": str(grant.role),
        "area_type": area_type,
        "area_code": code,
        "granted_by": granted_by,
    }
    return await queries.insert_grant(session, values)


async def revoke_role_grant(session: AsyncSession, actor: Actor, grant_id: int) -> None:
    """Take a role away, at once.

    Raises:
        ConflictError: It is that of the last administrator everywhere.
        ForbiddenError: `actor` may not take this role in that area.
        NotFoundError: Nobody holds it, or not any more.
        UnauthorizedError: Nobody is signed in.
    """
    require_permission(actor, Permission.GRANT_ROLES)
    found = await queries.fetch_grant(session, grant_id)
    if found is None:
        raise NotFoundError(f"There is no granted role {grant_id}, or it was ended before.")
    grant = read_grant(found)
    around: frozenset[AreaRef] = frozenset()
    if grant.area:
        try:
            around = await find_containing_areas(session, grant.area)
        except BadRequestError:
            around = frozenset({grant.area})
    _require_grantable(actor, grant.role, around)
    if grant == ADMINISTRATOR:
        await _leave_an_administrator(session, [grant_id])
    await queries.revoke_grant(session, grant_id, actor.person_id)


async def end_grants(session: AsyncSession, grant_ids: Sequence[int]) -> None:
    """Take roles away at an operator's command.

    Raises:
        ConflictError: The last administrator everywhere would be among them; all of them stay.
    """
    found = [await queries.fetch_grant(session, grant_id) for grant_id in grant_ids]
    if any(row is not None and read_grant(row) == ADMINISTRATOR for row in found):
        await _leave_an_administrator(session, grant_ids)
    for grant_id in grant_ids:
        await queries.revoke_grant(session, grant_id, None)


async def _leave_an_administrator(
    session: AsyncSession, without_grants: Sequence[int] = (), without_person: int | None = None
) -> None:
    """Refuse what would leave nobody who may give every role; of two at once the second waits."""
    others = await queries.count_other_administrators(
        session, without_grants=without_grants, without_person=without_person
    )
    if not others:
        raise ConflictError(
            "This is the last administrator everywhere, and without one nobody could give roles "
            "any more. Make somebody else administrator everywhere first, then try again."
        )


async def ensure_person(session: AsyncSession, email: str, name: str = "") -> tuple[Person, bool]:
    """Return the person with an address, and whether the account is new.

    Raises:
        BadRequestError: It is no e-mail address, or the name is too long.
        ConflictError: The person may not sign in any more.
    """
    address = normalise_email(email)
    said = _read_name(name)
    is_new = await queries.insert_person(session, address, said)
    person = await queries.fetch_person(session, address)
    if person is None or not person.is_active:
        raise ConflictError("This account was switched off. An operator can switch it on again.")
    return person, is_new


def _read_name(name: str) -> str:
    said = " ".join(name.split())
    if len(said) > LONGEST_NAME or not said.isprintable():
        raise BadRequestError(f"A name is one line of at most {LONGEST_NAME} characters.")
    return said


async def rename(session: AsyncSession, actor: Actor, name: str) -> None:
    """Call the person who asks otherwise; an empty name leaves the address to stand for them.

    Raises:
        BadRequestError: It is more than one line, or too long.
        UnauthorizedError: Nobody is signed in.
    """
    if actor.person_id is None:
        raise UnauthorizedError(SIGN_IN_FIRST)
    await queries.rename_person(session, actor.person_id, _read_name(name))


class OpenSession(NamedTuple):
    """Somewhere that a person is signed in: since when, last used when, and whether it is here."""

    since: datetime
    last_used: datetime
    is_here: bool


async def list_sessions(
    session: AsyncSession, actor: Actor, token: str | None
) -> list[OpenSession]:
    """Return where the person who asks is signed in, last used first.

    Args:
        session: The transaction.
        actor: The person.
        token: That of the session that asks.
    """
    if actor.person_id is None:
        return []
    here = hash_token(token) if token else None
    rows = await queries.fetch_sessions(session, actor.person_id)
    return [OpenSession(row.created_at, row.last_used_at, row.token_hash == here) for row in rows]


async def end_all_sessions(session: AsyncSession, actor: Actor) -> None:
    """Sign the person who asks out everywhere, here as well.

    Raises:
        UnauthorizedError: Nobody is signed in.
    """
    if actor.person_id is None:
        raise UnauthorizedError(SIGN_IN_FIRST)
    await queries.end_sessions(session, actor.person_id)


async def find_person(session: AsyncSession, email: str) -> Person:
    """Return the person with an address.

    Raises:
        BadRequestError: It is no e-mail address.
        NotFoundError: Nobody has it.
    """
    person = await queries.fetch_person(session, normalise_email(email))
    if person is None:
        raise NotFoundError("Nobody has an account with this address. Invite them first.")
    return person


async def list_grants(session: AsyncSession, person: Person) -> list[tuple[int, Grant]]:
    """Return the live grants of a person with their numbers, oldest first."""
    rows = await queries.fetch_live_grants(session, person_id=person.id)
    return [(row.id, read_grant(row)) for row in rows]


async def list_people(session: AsyncSession) -> Sequence[Person]:
    """Return everybody with an account, by address."""
    return await queries.fetch_people(session)


async def deactivate_person(session: AsyncSession, person: Person) -> None:
    """Keep a person from signing in, and end every session of theirs at once.

    Raises:
        ConflictError: It is the last administrator everywhere.
    """
    grants = [grant for _, grant in await list_grants(session, person)]
    if person.is_active and ADMINISTRATOR in grants:
        await _leave_an_administrator(session, without_person=person.id)
    await queries.deactivate_person(session, person.id)


async def activate_person(session: AsyncSession, person: Person) -> None:
    """Let a person sign in again; what ended stays ended."""
    person.is_active = True
    await session.flush()
