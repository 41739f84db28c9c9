"""What a first page shows of all there is: how many of each kind, some points, and doubts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import orjson

from app.assets import showing_queries as queries
from app.assets.reading_schemas import FreshnessRead
from app.assets.search_schemas import LonLat
from app.core.public_reads import PublicReads


class Doubtful(NamedTuple):
    """A public listing that somebody who knows it could put right.

    Attributes:
        id: Its public id.
        name: What it is called.
        postcode: Of its first site; '' where there is none or it is not public.
        source: Whose list it is from; None: from none.
        freshness: When each respect of it was last made sure of.
        is_doubted: Whether something was found to be wrong; else it was confirmed longest ago.
    """

    id: UUID
    name: str
    postcode: str
    source: str | None
    freshness: Sequence[FreshnessRead]
    is_doubted: bool


async def read_showing_stamp(reads: PublicReads) -> str:
    """Return the text that changes whenever anything that is shown here may."""
    row = await reads.fetch_row(queries.STAMP_STATEMENT)
    return str(row["stamp"])


async def count_categories(reads: PublicReads) -> Mapping[str, int]:
    """Return how many assets anybody may see, by code of the categories that are broadest."""
    rows = await reads.fetch(queries.BROADEST)
    return {row["code"]: row["assets"] for row in rows}


async def list_languages(reads: PublicReads) -> Sequence[str]:
    """Return the tags of languages that are spoken somewhere, in order."""
    return [row["language"] for row in await reads.fetch(queries.LANGUAGES)]


async def sample_points(reads: PublicReads, limit: int) -> Sequence[LonLat]:
    """Return points of public sites, the same ones each time; no area's, however it is told."""
    rows = await reads.fetch(queries.SAMPLE, limit)
    return [LonLat(row["lon"], row["lat"]) for row in rows]


async def list_doubtful(reads: PublicReads, limit: int) -> Sequence[Doubtful]:
    """Return listings that do not add up, then those confirmed longest ago.

    Only ones whose place is public, and of different main categories as far as there are.
    """
    rows = await reads.fetch(queries.DOUBTFUL, limit)
    return [
        Doubtful(
            id=row["public_id"],
            name=row["name"],
            postcode=row["postcode"] or "",
            source=row["source"],
            freshness=[FreshnessRead(**each) for each in orjson.loads(row["freshness"])],
            is_doubted=row["is_doubted"],
        )
        for row in rows
    ]


async def find_example(reads: PublicReads) -> str:
    """Return a postcode near which something is found, as an example; '' where there is none."""
    rows = await reads.fetch(queries.EXAMPLE)
    return str(rows[0]["display"]) if rows else ""
