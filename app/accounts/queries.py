"""Every SELECT, INSERT and UPDATE of people and what they may do."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.accounts.models import Person, RoleGrant, SignInSession

AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


_LOCK_ADMINISTRATORS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('hereabouts.administrators', 0))"
)


async def fetch_session_grants(session: AsyncSession, token_hash: bytes) -> Rows:
    """Return the person of a live session, one row for each of their live grants, at least one.

    Empty when the session ended, ran out, or belongs to somebody who may not sign in.
    """
    query = (
        select(
            Person.id.label("person_id"),
            Person.name,
            Person.email,
            SignInSession.last_used_at,
            RoleGrant.role,
            RoleGrant.area_type,
            RoleGrant.area_code,
        )
        .select_from(SignInSession)
        .join(Person, Person.id == SignInSession.person_id)
        .outerjoin(RoleGrant, (RoleGrant.person_id == Person.id) & RoleGrant.revoked_at.is_(None))
        .where(
            SignInSession.token_hash == token_hash,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > func.now(),
            Person.is_active,
        )
        .order_by(RoleGrant.id)
    )
    return (await session.execute(query)).all()


async def prolong_session(
    session: AsyncSession, token_hash: bytes, sliding: timedelta, absolute: timedelta
) -> None:
    """Note that a session is used, and let it last `sliding` from now, `absolute` in all."""
    ends = func.least(func.now() + sliding, SignInSession.created_at + absolute)
    used = (
        update(SignInSession)
        .where(SignInSession.token_hash == token_hash, SignInSession.ended_at.is_(None))
        .values(last_used_at=func.now(), expires_at=ends)
        .returning(SignInSession.person_id)
    )
    if person_id := await session.scalar(used):
        seen = update(Person).where(Person.id == person_id).values(last_seen_at=func.now())
        await session.execute(seen)


async def fetch_person(session: AsyncSession, email: str) -> Person | None:
    """Return the person with an address, or None."""
    return (await session.scalars(select(Person).where(Person.email == email))).one_or_none()


async def fetch_person_by_id(session: AsyncSession, person_id: int) -> Person | None:
    """Return the person with a number, or None."""
    return await session.get(Person, person_id)


async def insert_person(session: AsyncSession, email: str, name: str) -> bool:
    """Keep a new person; False when somebody has the address already."""
    added = (
        insert_or_not(Person)
        .values(email=email, name=name)
        .on_conflict_do_nothing(index_elements=[Person.email])
        .returning(Person.id)
    )
    return await session.scalar(added) is not None


async def insert_grant(session: AsyncSession, values: dict[str, Any]) -> int | None:
    """Keep a grant and return its number; None when the person holds the same already.

    Args:
        session: The transaction.
        values: `person_id`, `role`, `area_type`, `area_code`, `granted_by`.
    """
    added = (
        insert_or_not(RoleGrant)
        .values(**values)
        .on_conflict_do_nothing(
            index_elements=["person_id", "role", "area_type", "area_code"],
            index_where=RoleGrant.revoked_at.is_(None),
        )
        .returning(RoleGrant.id)
    )
    return await session.scalar(added)


async def revoke_grant(session: AsyncSession, grant_id: int, revoked_by: int | None) -> bool:
    """End a live grant; False when there was none."""
    revoked = (
        update(RoleGrant)
        .where(RoleGrant.id == grant_id, RoleGrant.revoked_at.is_(None))
        .values(revoked_at=func.now(), revoked_by=revoked_by)
        .returning(RoleGrant.id)
    )
    return await session.scalar(revoked) is not None


async def fetch_live_grants(
    session: AsyncSession,
    *,
    person_id: int | None = None,
    areas: Collection[tuple[str, str]] | None = None,
    after: int = 0,
    limit: int | None = None,
) -> Rows:
    """Return live grants with the people who hold and gave them, oldest first.

    Args:
        session: The transaction.
        person_id: Of this person only.
        areas: For these areas only, as (kind, code); None for all, those without an area too.
        after: After the grant with this number.
        limit: At most so many.
    """
    giver = aliased(Person)
    query = (
        select(
            RoleGrant.id,
            RoleGrant.role,
            RoleGrant.area_type,
            RoleGrant.area_code,
            RoleGrant.granted_at,
            Person.public_id,
            Person.name,
            Person.email,
            giver.name.label("giver"),
        )
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(giver, giver.id == RoleGrant.granted_by)
        .where(RoleGrant.revoked_at.is_(None), RoleGrant.id > after)
        .order_by(RoleGrant.id)
        .limit(limit)
    )
    if person_id is not None:
        query = query.where(RoleGrant.person_id == person_id)
    if areas is not None:
        pairs = tuple_(RoleGrant.area_type, RoleGrant.area_code)
        query = query.where(pairs.in_(list(areas)))
    return (await session.execute(query)).all()


async def fetch_grant(session: AsyncSession, grant_id: int) -> AnyRow | None:
    """Return a live grant, locked until the transaction ends, or None."""
    query = (
        select(RoleGrant.id, RoleGrant.role, RoleGrant.area_type, RoleGrant.area_code)
        .where(RoleGrant.id == grant_id, RoleGrant.revoked_at.is_(None))
        .with_for_update()
    )
    return (await session.execute(query)).one_or_none()


async def count_other_administrators(
    session: AsyncSession,
    *,
    without_grants: Collection[int] = (),
    without_person: int | None = None,
) -> int:
    """Return how many people who may sign in are administrators everywhere.

    Until the transaction ends, nobody else is told.

    Args:
        session: The transaction.
        without_grants: Grants that do not count.
        without_person: A person who does not count.
    """
    await session.execute(_LOCK_ADMINISTRATORS)
    query = (
        select(func.count(RoleGrant.person_id.distinct()))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == "administrator",
            RoleGrant.area_type.is_(None),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.id.not_in(list(without_grants)),
            Person.is_active,
        )
    )
    if without_person is not None:
        query = query.where(Person.id != without_person)
    return int(await session.scalar(query) or 0)


async def fetch_granted_areas(session: AsyncSession) -> Rows:
    """Return each `area_type` and `area_code` that any live grant names, in order."""
    query = (
        select(RoleGrant.area_type, RoleGrant.area_code)
        .where(RoleGrant.revoked_at.is_(None), RoleGrant.area_type.is_not(None))
        .distinct()
        .order_by(RoleGrant.area_type, RoleGrant.area_code)
    )
    return (await session.execute(query)).all()


async def fetch_people(session: AsyncSession) -> Sequence[Person]:
    """Return everybody with an account who was not erased, by address."""
    query = select(Person).where(Person.erased_at.is_(None)).order_by(Person.email)
    return (await session.scalars(query)).all()


async def deactivate_person(session: AsyncSession, person_id: int) -> None:
    """Keep a person from signing in, and end every session of theirs."""
    off = update(Person).where(Person.id == person_id).values(is_active=False)
    await session.execute(off)
    await end_sessions(session, person_id)


async def fetch_sessions(session: AsyncSession, person_id: int) -> Rows:
    """Return the live sessions of a person: `token_hash`, `created_at`, `last_used_at`."""
    query = (
        select(SignInSession.token_hash, SignInSession.created_at, SignInSession.last_used_at)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > func.now(),
        )
        .order_by(SignInSession.last_used_at.desc(), SignInSession.token_hash)
    )
    return (await session.execute(query)).all()


async def end_sessions(session: AsyncSession, person_id: int) -> None:
    """End every session of a person."""
    await session.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
        .values(ended_at=func.now())
    )


async def rename_person(session: AsyncSession, person_id: int, name: str) -> None:
    """Call a person otherwise."""
    await session.execute(update(Person).where(Person.id == person_id).values(name=name))
