"""Sites by name: what strangers are told of those that a question or its changes speak of."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from app.analysis import ground_queries as queries
from app.core.public_reads import PublicReads


class NamedSite(NamedTuple):
    """A site that strangers may know of.

    Attributes:
        site: Its public id.
        asset: Of what is had there.
        name: What that is called.
        is_area: Whether only its area is told; the point is then that area's own.
        lon: In degrees; None for one that nobody goes to.
        lat: In degrees; likewise.
    """

    site: UUID
    asset: UUID
    name: str
    is_area: bool
    lon: float | None
    lat: float | None


async def name_sites(reads: PublicReads, sites: Sequence[UUID]) -> dict[UUID, NamedSite]:
    """Return those of some sites that strangers may know of, by their public ids.

    Raises:
        UnavailableError: The database is away.
    """
    if not sites:
        return {}
    rows = await reads.fetch(queries.NAMED, list(sites))
    return {row["site"]: NamedSite(**dict(row)) for row in rows}
