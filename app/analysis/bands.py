"""Which bands of age people are known in: a question's ages must begin and end with them."""

from typing import NamedTuple

from app.analysis import ground, ground_queries
from app.core.public_reads import PublicReads


class Band(NamedTuple):
    """A band of age.

    Attributes:
        youngest: Age it begins with.
        oldest: Age it ends with, included; None: all who are older.
    """

    youngest: int
    oldest: int | None


async def list_bands(reads: PublicReads, area_type: str, boundary_year: int) -> list[Band]:
    """Return the bands of a kind and year of areas, youngest first; none where none are known.

    Raises:
        NotFoundError: There is no such kind or year of areas.
        UnavailableError: The database is away.
    """
    async with reads.look() as reader:
        found = await ground.find_boundary_set(reader, area_type, boundary_year)
        rows = await reader.fetch(ground_queries.BANDS, found["id"])
    return [Band(row["age_from"], row["age_to"]) for row in rows]
