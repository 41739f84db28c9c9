"""Who sends a request: from the token of a session to an actor."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import queries
from app.accounts.permissions import STRANGER, Actor, AreaRef, Grant, Role
from app.accounts.tokens import hash_token

COOKIE = "session"
SLIDING = timedelta(days=30)
ABSOLUTE = timedelta(days=90)
NOTED_EVERY = timedelta(hours=1)
"""A session's use is written no more often, so that reading stays reading."""


async def find_actor(session: AsyncSession, token: str) -> Actor:
    """Return who holds the session of `token`; a stranger when it is none, over or ended."""
    token_hash = hash_token(token)
    rows = await queries.fetch_session_grants(session, token_hash) if token_hash else ()
    if not rows or token_hash is None:
        return STRANGER
    first = rows[0]
    if datetime.now(UTC) - first.last_used_at > NOTED_EVERY:
        await queries.prolong_session(session, token_hash, SLIDING, ABSOLUTE)
    grants = tuple(read_grant(row) for row in rows if row.role is not None)
    return Actor(first.person_id, first.name or first.email, grants)


def read_grant(row: queries.AnyRow) -> Grant:
    """Return the grant that a row with `role`, `area_type` and `area_code` describes."""
    area = AreaRef(row.area_type, row.area_code) if row.area_type is not None else None
    return Grant(Role(row.role), area)
