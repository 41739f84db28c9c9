"""Likely duplicates for those who may see more than strangers do."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, Permission
from app.assets import duplicate_queries as queries
from app.assets.duplicates import (
    MOST_SHOWN,
    Asked,
    Judged,
    Suspect,
    judge,
    judge_public,
    list_phrases,
    sort_judged,
)
from app.assets.service import keep_assets
from app.core.errors import NotFoundError
from app.core.public_reads import SIMILAR_WORDS, PublicReads

MOST_OPENED = 24
"""How many private ones are looked at to see whether they are for this person."""

_CANDIDATES = text(queries.PRIVATE_CANDIDATES)


async def find_suspects(
    session: AsyncSession, reads: PublicReads, actor: Actor, asked: Asked
) -> list[Suspect]:
    """Return what may be the same thing, the likeliest first.

    Strangers get what is public. Whoever may see private details somewhere also gets what is
    private there and what waits, as it is; and everybody who is signed in what they sent
    themselves.

    Raises:
        UnavailableError: The database is away.
    """
    judged = {each.suspect.id: each for each in await judge_public(reads, asked)}
    if actor.is_signed_in:
        private = await _judge_private(session, actor, asked)
        judged |= {each.suspect.id: each for each in private}
    return [each.suspect for each in sort_judged(judged.values())[:MOST_SHOWN]]


async def _judge_private(session: AsyncSession, actor: Actor, asked: Asked) -> list[Judged]:
    phrases = list_phrases(asked.name)
    if not phrases and asked.point is None:
        return []
    sees_more = actor.may_anywhere(Permission.SEE_PRIVATE)
    values = {
        "phrases": phrases,
        "lon": asked.point.lon if asked.point else None,
        "lat": asked.point.lat if asked.point else None,
        "radius": float(queries.NEAREST_M),
        "alike": float(SIMILAR_WORDS),
        "author": None if sees_more else actor.person_id,
    }
    rows = (await session.execute(_CANDIDATES, values)).mappings()
    seen: list[Judged] = []
    for each in judge(asked, rows)[:MOST_OPENED]:
        try:
            await keep_assets(session, actor).open(each.suspect.id)
        except NotFoundError:  # not in their areas
            continue
        seen.append(each)
        if len(seen) == MOST_SHOWN:
            break
    return seen
