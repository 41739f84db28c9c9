"""How many assets there are in each area of a kind, by category."""

from collections.abc import Sequence
from typing import NamedTuple

from app.assets import counting_queries as queries
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads

ANY_CATEGORY = ""


class CategoryCounts(NamedTuple):
    """Assets of one category, narrower ones included.

    Attributes:
        by_area: One number an area of the place, in gid order.
        total: All there are, wherever; one with sites in two areas counts once.
        larger_only: Of these, how many are told by a larger kind of area alone.
    """

    by_area: Sequence[int]
    total: int
    larger_only: int


async def count_by_area(
    reads: PublicReads, area_type: str, boundary_year: int, categories: Sequence[str]
) -> dict[str, CategoryCounts]:
    """Return the counts of each of `categories`; `ANY_CATEGORY` counts every asset once.

    Assets of which only the area is told are counted at that level and above.

    Raises:
        NotFoundError: There is no such boundary set.
    """
    async with reads.look() as reader:
        found = await reader.fetchrow(queries.BOUNDARY_SET, area_type, boundary_year)
        if found is None:
            raise NotFoundError(
                f"There are no areas of kind {area_type!r} of {boundary_year} here."
            )
        rows = await reader.fetch(queries.COUNTS, found["id"], list(categories))
    by_area = {code: [0] * found["count"] for code in categories}
    totals, larger = dict.fromkeys(categories, 0), dict.fromkeys(categories, 0)
    for row in rows:
        if row["gid"] == 0:
            totals[row["code"]] = row["assets"]
        elif row["gid"] == -1:
            larger[row["code"]] = row["assets"]
        else:
            by_area[row["code"]][row["gid"] - 1] = row["assets"]
    return {code: CategoryCounts(by_area[code], totals[code], larger[code]) for code in categories}
