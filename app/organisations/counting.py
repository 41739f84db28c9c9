"""How many organisations work or are registered in each area of a kind."""

import hashlib
from typing import get_args

import orjson

from app.core.errors import NotFoundError
from app.core.public_reads import Reader
from app.organisations import counting_queries as queries
from app.organisations.public_schemas import OrganisationCountFilters, OrganisationCountsByArea
from app.organisations.vocabulary import OrganisationKind

KINDS: tuple[str, ...] = get_args(OrganisationKind)


async def count_by_area(
    reader: Reader, filters: OrganisationCountFilters
) -> OrganisationCountsByArea:
    """Return counts by kind for every area of a kind, in the order of gids.

    Organisations of which only the area is told are counted at that level and above.

    Raises:
        NotFoundError: There is no such kind of area, or not of that year.
    """
    found = await queries.fetch_set(reader, filters.area_type, filters.boundary_year)
    if found is None:
        held = await queries.fetch_sets(reader)
        known = ", ".join(f"{each['area_type']} of {each['boundary_year']}" for each in held)
        year = "" if filters.boundary_year is None else f" of {filters.boundary_year}"
        raise NotFoundError(
            f"There are no areas of kind {filters.area_type!r}{year} here. "
            f"There are: {known or 'none yet'}."
        )
    kinds = [kind for kind in KINDS if kind in (filters.kind or KINDS)]
    counts = {kind: [0] * found["count"] for kind in kinds}
    social = [0] * found["count"]
    totals = dict.fromkeys(kinds, 0)
    total_social = 0
    for row in await queries.fetch_counts(reader, found["id"], filters.relation, kinds):
        if row["gid"] == 0:
            totals[row["kind"]] = row["total"]
            total_social += row["social"]
        else:
            counts[row["kind"]][row["gid"] - 1] = row["total"]
            social[row["gid"] - 1] += row["social"]
    return OrganisationCountsByArea(
        layer=f"{found['area_type']}-{found['boundary_year']}",
        area_type=found["area_type"],
        boundary_year=found["boundary_year"],
        relation=filters.relation,
        first_gid=1,
        counts=counts,
        social_enterprises=social,
        totals=totals,
        total_social_enterprises=total_social,
        version=_write_version(counts, social, totals),
    )


def _write_version(*counted: object) -> str:
    """Return letters and digits for what was counted.

    Made from the counts themselves: a version of topics would tell that something else changed.
    """
    return hashlib.sha256(orjson.dumps(counted)).hexdigest()[:12]
