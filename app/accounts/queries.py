"""Every SELECT and UPDATE of accounts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person, RoleGrant, SignInSession

AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


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
