"""Everything that the page of an area says."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.areas import service as areas
from app.areas.schemas import AreaRead, AreaRef, AreaSummary, AreaTypeRead
from app.assets.paging import Address
from app.assets.reading import count_assets
from app.assets.reading_schemas import AreaAssets, AssetCollection, AssetFeature, CategoryCount
from app.assets.search import search_assets
from app.assets.search_schemas import AssetFilters
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads
from app.organisations.public_schemas import (
    AreaOrganisations,
    OrganisationFilters,
    OrganisationSummary,
    Relation,
)
from app.organisations.reading import count_organisations, list_organisations
from app.pages.reading.need import Need, describe_need
from app.pages.signs import Sign, find_sign
from app.pages.spot_map import SpotMap, draw_area
from app.taxonomy.schemas import CategoryRead
from app.taxonomy.service import list_categories

MOST_NAMES = 8
NEAREST_WITHIN_M = 20_000


@dataclass(frozen=True)
class KindCount:
    """A main category with how many assets of it there are.

    Attributes:
        code: Its code.
        name: What it is called.
        sign: How it is drawn.
        assets: How many, each counted once.
        narrower: Its narrower categories of which there are any.
    """

    code: str
    name: str
    sign: Sign
    assets: int
    narrower: Sequence[CategoryCount]


@dataclass(frozen=True)
class Nearest:
    """The nearest asset of a main category.

    Attributes:
        name: What the category is called.
        sign: How it is drawn.
        feature: The asset, with its distance; None: none within `NEAREST_WITHIN_M`.
    """

    name: str
    sign: Sign
    feature: AssetFeature | None


@dataclass(frozen=True)
class Who:
    """Organisations that have to do with an area.

    Attributes:
        counts: By kind, those that work in it and those registered in it apart.
        works_in: The first that work there, by name.
        registered_in: The first that are registered there.
    """

    counts: AreaOrganisations
    works_in: Sequence[OrganisationSummary]
    registered_in: Sequence[OrganisationSummary]


@dataclass(frozen=True)
class AreaPage:
    """What the page of an area says.

    Attributes:
        area: What is held about it.
        kind: What sort of area it is.
        kinds: All sorts, by code.
        newest: The same area in its newest boundary year, where this is an older one.
        larger: What it belongs to, the smallest first.
        smaller: What belongs to it, by name; the next smaller sort.
        map: It among its neighbours.
        need: How it stands, in a few figures.
        assets: How many there are, by category.
        main_kinds: The same by main category, those of which there are any.
        nearest: Of each main category, from the area's own point; none for larger areas.
        who: Organisations; None for an older boundary year.
    """

    area: AreaRead
    kind: AreaTypeRead
    kinds: dict[str, AreaTypeRead]
    newest: AreaRef | None
    larger: Sequence[AreaRef]
    smaller: Sequence[AreaSummary]
    map: SpotMap | None
    need: Need
    assets: AreaAssets
    main_kinds: Sequence[KindCount]
    nearest: Sequence[Nearest]
    who: Who | None


@dataclass(frozen=True)
class Readers:
    """What a page reads with: strangers' reads, a session for areas, and more of those."""

    reads: PublicReads
    session: AsyncSession
    sessions: async_sessionmaker[AsyncSession]


async def describe_area(
    readers: Readers, area_type: str, code: str, boundary_year: int | None
) -> AreaPage:
    """Return what the page of an area says; without a year, in the newest.

    Raises:
        NotFoundError: There is no such area.
    """
    session = readers.session
    area = await areas.read_area(session, area_type, code, boundary_year)
    kinds = {kind.code: kind for kind in await areas.list_area_types(session)}
    kind = kinds[area.type]
    is_newest = area.boundary_year == max(kind.boundary_years)
    larger = sorted(
        (parent.area for parent in area.parents),
        key=lambda ref: kinds[ref.type].position if ref.type in kinds else 0,
    )
    categories = await list_categories(session)
    counts = await count_assets(readers.reads, area.type, area.code, area.boundary_year)
    publishing = next((each.position for each in kinds.values() if each.is_publishing), 1)
    return AreaPage(
        area=area,
        kind=kind,
        kinds=kinds,
        newest=None if is_newest else await _find_newest(session, area),
        larger=larger,
        smaller=await _list_smaller(session, area),
        map=await draw_area(session, area, list(kinds.values())),
        need=await describe_need(session, area, kinds),
        assets=counts,
        main_kinds=_group_kinds(counts.categories, categories),
        nearest=await _find_nearest(readers, area, categories)
        if kind.position <= publishing
        else (),
        who=await _list_who(readers.reads, area) if is_newest else None,
    )


async def _find_newest(session: AsyncSession, area: AreaRead) -> AreaRef | None:
    try:
        found = await areas.read_area(session, area.type, area.code, None)
    except NotFoundError:
        later = sorted(area.became, key=lambda change: -change.weight)
        return later[0].area if later else None
    return AreaRef(
        type=found.type, code=found.code, boundary_year=found.boundary_year, name=found.name
    )


async def _list_smaller(session: AsyncSession, area: AreaRead) -> Sequence[AreaSummary]:
    try:
        found = await areas.list_children(
            session, area.type, area.code, boundary_year=area.boundary_year, child_type=None
        )
    except NotFoundError:
        return ()
    return sorted(found, key=lambda each: (each.name, each.code))


def _group_kinds(
    counts: Sequence[CategoryCount], categories: Sequence[CategoryRead]
) -> list[KindCount]:
    by_code = {each.code: each for each in counts}
    grouped = []
    for category in categories:
        own = by_code.get(category.code)
        if category.broader is not None or own is None or not own.assets:
            continue
        narrower = [each for each in counts if each.broader == category.code and each.assets]
        grouped.append(
            KindCount(category.code, category.name, find_sign(category), own.assets, narrower)
        )
    return grouped


async def _find_nearest(
    readers: Readers, area: AreaRead, categories: Sequence[CategoryRead]
) -> list[Nearest]:
    near = f"{area.centroid.lon:.6f},{area.centroid.lat:.6f}"
    found = []
    for category in categories:
        if category.broader is not None:
            continue
        filters = AssetFilters(
            near=near, radius_m=NEAREST_WITHIN_M, category=[category.code], limit=1
        )
        answer = await search_assets(readers.reads, readers.sessions, filters, Address("/", []))
        features = AssetCollection.model_validate_json(answer.body).features
        measured = [each for each in features if each.properties.distance_m is not None]
        nearest = measured[0] if measured else None
        found.append(Nearest(category.name, find_sign(category), nearest))
    return found


async def _list_who(reads: PublicReads, area: AreaRead) -> Who:
    async def name(relation: Relation) -> Sequence[OrganisationSummary]:
        filters = OrganisationFilters(
            area=f"{area.type}:{area.code}", relation=relation, limit=MOST_NAMES
        )
        return (await list_organisations(reader, filters)).items

    async with reads.look() as reader:
        counts = await count_organisations(reader, area.type, area.code)
        return Who(counts, await name("works_in"), await name("registered_in"))
