"""Every SELECT, INSERT and DELETE of what is counted to limit it."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import LimitedAct

KEPT = timedelta(days=1)

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('hereabouts.limit', :seed))")


async def lock(session: AsyncSession, who: bytes) -> None:
    """Let nobody else count under the same hash until the transaction ends."""
    await session.execute(_LOCK, {"seed": int.from_bytes(who[:8], signed=True)})


async def find_wait(session: AsyncSession, who: bytes, most: int, window: timedelta) -> timedelta:
    """Return how long it is until fewer than `most` lie within `window`; zero: they do now."""
    query = (
        select(LimitedAct.at + window - func.now())
        .where(LimitedAct.who == who, LimitedAct.at > func.now() - window)
        .order_by(LimitedAct.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    found: timedelta | None = await session.scalar(query)
    return found or timedelta(0)


async def insert_acts(session: AsyncSession, whos: Iterable[bytes]) -> None:
    """Count one more under each hash."""
    await session.execute(insert(LimitedAct), [{"who": who} for who in whos])


async def delete_old(session: AsyncSession) -> None:
    """Forget what was counted more than a day ago; what somebody else forgets is left to them."""
    old = (
        select(LimitedAct.id)
        .where(LimitedAct.at < func.now() - KEPT)
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(LimitedAct).where(LimitedAct.id.in_(old)))
