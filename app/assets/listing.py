"""All public assets by id, for search engines, and the newest of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.assets import reading_queries as queries
from app.core.public_reads import PublicReads, Record


class Listed(NamedTuple):
    """Something that has a page.

    Attributes:
        id: Its public id.
        name: What it is called.
        changed_at: When anything of it that everybody may know last changed.
    """

    id: UUID
    name: str
    changed_at: datetime


async def count_listed(reads: PublicReads) -> int:
    """Return how many assets are public or told by area."""
    return int((await reads.fetch_row(queries.COUNT_LISTED))["listed"])


async def list_listed(reads: PublicReads, first: int, count: int) -> list[Listed]:
    """Return `count` of them from the one at position `first`, which counts from 0."""
    return _describe(await reads.fetch(queries.LISTED, first, count))


async def list_newest(reads: PublicReads, count: int) -> list[Listed]:
    """Return those that changed last, the newest first."""
    return _describe(await reads.fetch(queries.NEWEST, count))


async def list_changes(reads: PublicReads, assets: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Return when each of some assets last changed; those that are not public are left out."""
    listed = _describe(await reads.fetch(queries.CHANGES, list(assets)))
    return {each.id: each.changed_at for each in listed}


def _describe(rows: Sequence[Record]) -> list[Listed]:
    return [Listed(UUID(str(row["public_id"])), row["name"], row["changed_at"]) for row in rows]
