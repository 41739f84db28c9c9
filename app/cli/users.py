"""`hereabouts user`: who has an account, and who may do what where."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import service, signing_in
from app.accounts.models import Person
from app.accounts.permissions import AreaRef, Grant, Role
from app.cli.process import read_settings
from app.core.database import Database, DatabaseAddress
from app.core.database_server import open_database_server
from app.core.errors import BadRequestError
from app.core.mail import find_base_url
from app.core.schema import prepare_database
from app.core.settings import Settings
from app.pages.mails import write_link

users = typer.Typer(help="Who has an account, and who may do what where.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The e-mail address.", metavar="EMAIL")]
RoleArgument = Annotated[str, typer.Argument(help=f"One of: {', '.join(Role)}.", metavar="ROLE")]
RoleOption = Annotated[
    str | None, typer.Option("--role", help=f"One of: {', '.join(Role)}.", metavar="ROLE")
]
AreaOption = Annotated[
    str | None,
    typer.Option(
        "--area",
        help="For which area, such as ward:W01; everywhere without it.",
        metavar="KIND:CODE",
    ),
]


@users.command("invite")
def user_invite(
    email: Email,
    name: Annotated[str, typer.Option("--name", help="What to call the person.")] = "",
    role: RoleOption = None,
    area: AreaOption = None,
) -> None:
    """Make an account and mail its owner a link; without SMTP_URL, print the link."""
    settings = read_settings()
    if area is not None and role is None:
        raise BadRequestError("--area says where a role holds: give --role as well.")

    async def invite(session: AsyncSession) -> list[str]:
        grant = await _read_grant(session, role, area) if role is not None else None
        person, is_new = await service.ensure_person(session, email, name)
        lines = [f"{person.email} has {'an account now' if is_new else 'an account already'}."]
        if grant:
            lines.append(await _give(session, person, grant))
        return [*lines, *await _invite(session, settings, person)]

    _run(settings, invite)


@users.command("grant")
def user_grant(email: Email, role: RoleArgument, area: AreaOption = None) -> None:
    """Give somebody a role, for an area or everywhere."""

    async def grant(session: AsyncSession) -> list[str]:
        wanted = await _read_grant(session, role, area)
        return [await _give(session, await service.find_person(session, email), wanted)]

    _run(read_settings(), grant)


@users.command("revoke")
def user_revoke(
    email: Email,
    role: Annotated[
        str | None, typer.Argument(help="Only this role; all without it.", metavar="ROLE")
    ] = None,
    area: AreaOption = None,
) -> None:
    """Take roles away; whoever has none keeps the account."""

    async def revoke(session: AsyncSession) -> list[str]:
        person = await service.find_person(session, email)
        only = _read_role(role) if role is not None else None
        where = _read_area(area) if area is not None else None
        ended = [
            (grant_id, grant)
            for grant_id, grant in await service.list_grants(session, person)
            if (only is None or grant.role is only) and (where is None or grant.area == where)
        ]
        if not ended:
            raise BadRequestError("There is no such role to take away. See: hereabouts user list")
        await service.end_grants(session, [grant_id for grant_id, _ in ended])
        return [f"{person.email} is {_describe(grant)} no more." for _, grant in ended]

    _run(read_settings(), revoke)


@users.command("deactivate")
def user_deactivate(email: Email) -> None:
    """Keep somebody from signing in, and end every session of theirs at once."""

    async def deactivate(session: AsyncSession) -> list[str]:
        person = await service.find_person(session, email)
        await service.deactivate_person(session, person)
        return [f"{person.email} cannot sign in any more."]

    _run(read_settings(), deactivate)


@users.command("activate")
def user_activate(email: Email) -> None:
    """Let somebody sign in again."""

    async def activate(session: AsyncSession) -> list[str]:
        person = await service.find_person(session, email)
        await service.activate_person(session, person)
        return [f"{person.email} can sign in again."]

    _run(read_settings(), activate)


@users.command("list")
def user_list() -> None:
    """List everybody with an account, their roles, and when they were last here."""

    async def list_everybody(session: AsyncSession) -> list[str]:
        lines = []
        for person in await service.list_people(session):
            grants = [grant for _, grant in await service.list_grants(session, person)]
            roles = ", ".join(_describe(grant) for grant in grants) or "no role"
            seen = f"{person.last_seen_at:%Y-%m-%d}" if person.last_seen_at else "never here"
            state = "" if person.is_active else ", switched off"
            lines.append(f"{person.email}  {person.name or '(no name)'}  {roles}  {seen}{state}")
        return lines or ["Nobody has an account. See: hereabouts user invite --help"]

    _run(read_settings(), list_everybody)


def _run(settings: Settings, work: Callable[[AsyncSession], Awaitable[list[str]]]) -> None:
    """Do something in one transaction and print what it has to say, once that is committed."""

    async def run(address: DatabaseAddress) -> list[str]:
        database = Database(address, pool_size=0)
        try:
            async with database.sessions.begin() as session:
                return await work(session)
        finally:
            await database.close()

    with open_database_server(settings) as address:
        prepare_database(address)
        lines = asyncio.run(run(address))
    for line in lines:
        typer.echo(line)


async def _invite(session: AsyncSession, settings: Settings, person: Person) -> list[str]:
    email = person.email or ""
    if settings.smtp_url is not None:
        await signing_in.invite(session, email)
        return ["An invitation is on its way by mail, as soon as a server or worker runs."]
    link = await signing_in.issue_invitation(session, person.id, email)
    return [
        "No SMTP_URL is set, so nothing is mailed. This link signs in once, within 7 days:",
        write_link(link, find_base_url(settings)),
    ]


async def _give(session: AsyncSession, person: Person, grant: Grant) -> str:
    given = await service.give_role(session, person, grant, None)
    return f"{person.email} is {_describe(grant)}{'' if given else ' already'}."


async def _read_grant(session: AsyncSession, role: str, area: str | None) -> Grant:
    read = _read_role(role)
    ref = _read_area(area) if area is not None else None
    if ref:
        await service.find_containing_areas(session, ref)
    return Grant(read, ref)


def _read_role(text: str) -> Role:
    try:
        return Role(text.lower())
    except ValueError:
        raise BadRequestError(
            f"There is no role {text!r}. Choose one of: {', '.join(Role)}."
        ) from None


def _read_area(text: str) -> AreaRef:
    area_type, _, code = text.partition(":")
    if not area_type or not code:
        raise BadRequestError(f"Write an area as KIND:CODE, for example ward:W01, not {text!r}.")
    return AreaRef(area_type, code)


def _describe(grant: Grant) -> str:
    where = f"for {grant.area.area_type}:{grant.area.code}" if grant.area else "everywhere"
    return f"{grant.role} {where}"
