"""All public organisations by id, for search engines."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.core.public_reads import PublicReads
from app.organisations import public_queries as queries


class Listed(NamedTuple):
    """An organisation that has a page.

    Attributes:
        id: Its public id.
        name: What it is called.
        changed_at: When anything of it that everybody may know last changed.
    """

    id: UUID
    name: str
    changed_at: datetime


async def count_listed(reads: PublicReads) -> int:
    """Return how many organisations are public or told by area."""
    return int((await reads.fetch_row(queries.COUNT_LISTED))["listed"])


async def list_listed(reads: PublicReads, first: int, count: int) -> list[Listed]:
    """Return `count` of them from the one at position `first`, which counts from 0."""
    rows = await reads.fetch(queries.LISTED, first, count)
    return [Listed(row["public_id"], row["name"], row["changed_at"]) for row in rows]
