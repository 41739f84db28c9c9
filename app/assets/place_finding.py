"""Listed places that something may be held at: found by name, or by where they are."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, Permission
from app.assets import place_queries as queries
from app.assets.service import keep_assets
from app.core.errors import NotFoundError
from app.core.public_reads import SIMILAR_WORDS, PublicReads, Record
from app.records.documents import Point
from app.records.vocabulary import Visibility

MOST_PLACES = 8
LONGEST_WORDS = 100

_PRIVATE = text(queries.PRIVATE_PLACES)


class ListedPlace(NamedTuple):
    """A place that is listed.

    Attributes:
        id: Its public id.
        name: What it is called.
        address: Where it is, as far as this person may know.
        postcode: Likewise.
        area: The name of its neighbourhood, where strangers are told no more than that.
        distance_m: From the point that was asked about; None where that is not told.
        level: What strangers may see of where it is.
    """

    id: UUID
    name: str
    address: str
    postcode: str
    area: str
    distance_m: float | None
    level: Visibility


class Finder(NamedTuple):
    """Who looks for places, and with what."""

    session: AsyncSession
    reads: PublicReads
    actor: Actor


async def find_places(finder: Finder, words: str, point: Point | None) -> list[ListedPlace]:
    """Return places by a part of their name, those near a point first; without words, the nearest.

    Strangers get public ones; whoever may see private details somewhere also those that are
    private there.

    Raises:
        UnavailableError: The database is away.
    """
    said = " ".join(words.split())[:LONGEST_WORDS]
    if not said and point is None:
        return []
    return (await _look(finder, said, point, None))[:MOST_PLACES]


async def find_place(finder: Finder, place: UUID) -> ListedPlace | None:
    """Return a place by its public id; None: there is none, or not for this person to know.

    Raises:
        UnavailableError: The database is away.
    """
    found = await _look(finder, "", None, place)
    return found[0] if found else None


async def _look(
    finder: Finder, words: str, point: Point | None, place: UUID | None
) -> list[ListedPlace]:
    where = (point.lon, point.lat) if point else (None, None)
    async with finder.reads.look() as reader:
        rows = await reader.fetch(
            queries.PLACES, words, *where, float(queries.NEAREST_M), place, MOST_PLACES
        )
    public = [_describe(row) for row in rows]
    if not finder.actor.may_anywhere(Permission.SEE_PRIVATE):
        return public
    values = {
        "words": words, "lon": where[0], "lat": where[1], "radius": float(queries.NEAREST_M),
        "alike": float(SIMILAR_WORDS), "id": place, "most": MOST_PLACES,
    }  # fmt: skip
    private = await _keep_seen(finder, (await finder.session.execute(_PRIVATE, values)).mappings())
    known = {each.id for each in private}
    both = [*private, *(each for each in public if each.id not in known)]
    if point is None:
        return both
    return sorted(both, key=lambda each: (each.distance_m is None, each.distance_m or 0.0))


async def _keep_seen(finder: Finder, rows: Any) -> list[ListedPlace]:  # noqa: ANN401 - rows of a raw statement
    seen = []
    for row in rows:
        try:
            await keep_assets(finder.session, finder.actor).open(row["public_id"])
        except NotFoundError:  # not in their areas
            continue
        seen.append(_describe(row))
    return seen


def _describe(row: Record) -> ListedPlace:
    return ListedPlace(
        id=row["public_id"],
        name=row["name"],
        address=row["address"] or "",
        postcode=row["postcode"] or "",
        area=row["area"] or "",
        distance_m=row["distance_m"],
        level=Visibility(row["level"]),
    )
