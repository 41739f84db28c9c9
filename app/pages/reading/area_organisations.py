"""The organisations of an area, all of them: those that work in it and those registered in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.schemas import AreaRead
from app.core.public_reads import PublicReads
from app.organisations.public_schemas import (
    OrganisationFilters,
    OrganisationPage,
    OrganisationSummary,
)
from app.organisations.reading import count_organisations, list_organisations
from app.pages.paths import write_area_path

A_PAGE = 50
Relation = Literal["works_in", "registered_in"]
RELATIONS: tuple[Relation, ...] = ("works_in", "registered_in")


@dataclass(frozen=True)
class AreaOrganisationsPage:
    """A page of the list.

    Attributes:
        area: Which area, in its newest outline.
        relation: What organisations have to do with it.
        totals: How many there are, by relation.
        items: Those on this page, by name.
        is_later: Whether this is not the first page.
        next_path: The address of the next page; '' on the last.
    """

    area: AreaRead
    relation: Relation
    totals: dict[str, int]
    items: Sequence[OrganisationSummary]
    is_later: bool
    next_path: str

    def find_path(self, relation: Relation) -> str:
        """Return the address of the first page of a relation."""
        return write_path(self.area, relation)


async def describe_organisations(
    reads: PublicReads, session: AsyncSession, code: tuple[str, str], asked: tuple[Relation, str]
) -> AreaOrganisationsPage:
    """Return a page of the organisations of an area.

    Args:
        reads: For what is public.
        session: For areas.
        code: Kind and code of the area.
        asked: The relation, and where the page begins; '' for the first.

    Raises:
        NotFoundError: There is no such area.
        BadRequestError: The page cannot begin there.
    """
    relation, cursor = asked
    area = await areas.read_area(session, *code, None)
    filters = OrganisationFilters(
        area=f"{area.type}:{area.code}", relation=relation, limit=A_PAGE, cursor=cursor or None
    )
    async with reads.look() as reader:
        counts = await count_organisations(reader, area.type, area.code)
        found = await list_organisations(reader, filters)
    following = _find_next(found)
    return AreaOrganisationsPage(
        area=area,
        relation=relation,
        totals={
            "works_in": counts.works_in.total,
            "registered_in": counts.registered_in.total,
        },
        items=found.items,
        is_later=bool(cursor),
        next_path=write_path(area, relation, following) if following else "",
    )


def write_path(area: AreaRead, relation: Relation, cursor: str = "") -> str:
    """Return the address of a page of the list."""
    asked = {"relation": relation, **({"cursor": cursor} if cursor else {})}
    return f"{write_area_path(area.type, area.code)}/organisations?{urlencode(asked)}"


def _find_next(page: OrganisationPage) -> str:
    """Return where the next page begins; '' where there is none."""
    address = next((link.href for link in page.links if link.rel == "next"), "")
    return parse_qs(urlsplit(address).query).get("cursor", [""])[0]
