"""Everything that the page of an organisation says."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.areas import service as areas
from app.areas.customs import fetch_customs
from app.areas.schemas import AreaTypeRead
from app.assets.paging import Address
from app.assets.reading_schemas import AssetCollection, AssetFeature
from app.assets.search import search_assets
from app.assets.search_schemas import MOST_A_PAGE, AssetFilters
from app.core.public_reads import PublicReads
from app.organisations.public_schemas import (
    AddressRead,
    IdentifierRead,
    NamedArea,
    OrganisationDetail,
    WorksInArea,
)
from app.organisations.reading import list_history, read_organisation
from app.pages.freshness import Stamp
from app.pages.reading.history import RevisionEntry, describe_history
from app.pages.signs import Sign, find_sign
from app.taxonomy.service import list_categories

MOST_AREAS = 12

ENTRIES = {
    "GB-COH": "https://find-and-update.company-information.service.gov.uk/company/{number}",
    "GB-CHC": "https://register-of-charities.charitycommission.gov.uk/charity-details/?regid={number}&subid=0",
    "GB-SC": "https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number={number}",
}
"""Where registers show an entry, by their codes on org-id.guide, for lists that do not say."""


@dataclass(frozen=True)
class RunCard:
    """Something that an organisation runs, at one of its sites.

    Attributes:
        feature: What a list says of it.
        sign: Of its main category.
        category: What that is called; '' for none.
    """

    feature: AssetFeature
    sign: Sign
    category: str


@dataclass(frozen=True)
class OrganisationPage:
    """What the page of an organisation says.

    Attributes:
        found: All that is public of it.
        runs: What it runs, by name.
        runs_count: How many those are in all.
        works_in: Areas large enough to be called by a name, the smallest kind first.
        works_in_more: How many more there are.
        registered_in: The areas around its registered address, the smallest first.
        addresses: Those that are shown, by address or area.
        stamp: How sure it is that it is there.
        history: Newest first.
        time_zone: Of the place.
    """

    found: OrganisationDetail
    runs: Sequence[RunCard]
    runs_count: int
    works_in: Sequence[WorksInArea]
    works_in_more: int
    registered_in: Sequence[NamedArea]
    addresses: Sequence[AddressRead]
    stamp: Stamp | None
    history: Sequence[RevisionEntry]
    time_zone: str


async def describe_organisation(
    reads: PublicReads,
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
    organisation: UUID,
) -> OrganisationPage:
    """Return what the page of an organisation says.

    Raises:
        NotFoundError: There is none, or none that everybody may see.
    """
    async with reads.look() as reader:
        found = await read_organisation(reader, organisation)
        revisions = await list_history(reader, organisation)
    runs = await _list_runs(reads, session, sessions, organisation)
    kinds = {kind.code: kind for kind in await areas.list_area_types(session)}
    publishing = next((kind.position for kind in kinds.values() if kind.is_publishing), 1)
    # A ward and a district may share a name: once is enough for a reader.
    by_name = {
        area.name: area
        for area in reversed(found.works_in)
        if area.name and (area.basis == "stated" or _is_large(kinds, area.type, publishing))
    }
    works_in = list(by_name.values())[::-1]
    return OrganisationPage(
        found=found,
        runs=runs.cards,
        runs_count=runs.count,
        works_in=works_in[:MOST_AREAS],
        works_in_more=max(0, len(works_in) - MOST_AREAS),
        registered_in=[area for area in found.registered_in if area.name],
        addresses=[each for each in found.addresses if each.address or each.area],
        stamp=_stamp(found),
        history=describe_history(revisions),
        time_zone=(await fetch_customs(session)).time_zone,
    )


def find_entry(identifier: IdentifierRead) -> str:
    """Return the address of an entry on a register; '' where nobody knows."""
    if identifier.url or identifier.scheme not in ENTRIES:
        return identifier.url
    return ENTRIES[identifier.scheme].format(number=quote(identifier.identifier, safe=""))


@dataclass(frozen=True)
class _Runs:
    cards: Sequence[RunCard]
    count: int


async def _list_runs(
    reads: PublicReads,
    session: AsyncSession,
    sessions: async_sessionmaker[AsyncSession],
    organisation: UUID,
) -> _Runs:
    filters = AssetFilters(organisation=organisation, sort="name", limit=MOST_A_PAGE)
    answer = await search_assets(reads, sessions, filters, Address("/", []))
    collection = AssetCollection.model_validate_json(answer.body)
    known = {each.code: each for each in await list_categories(session)}
    cards = []
    for feature in collection.features:
        codes = feature.properties.categories
        category = known.get(codes[0]) if codes else None
        cards.append(RunCard(feature, find_sign(category), category.name if category else ""))
    return _Runs(cards, collection.number_matched)


def _is_large(kinds: dict[str, AreaTypeRead], kind: str, publishing: int) -> bool:
    return kind in kinds and kinds[kind].position >= publishing


def _stamp(found: OrganisationDetail) -> Stamp | None:
    """Return how sure it is that it is there; None where nobody has said."""
    there = next((each for each in found.freshness if each.aspect == "existence"), None)
    if there is None:
        return None
    day = there.asserted_on.isoformat()
    if there.standing == "found wrong":
        return Stamp("due", "existence wrong", day)
    if there.standing == "unconfirmed":
        return Stamp("old", "old", day)
    if there.method == "imported":
        return Stamp("old", "from a list", day, found.source or "")
    about = "confirmed by owner" if there.method == "told by the owner" else "confirmed"
    return Stamp("ok", about, day)
