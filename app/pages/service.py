"""What the pages say about the place, put together from what the domains know."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor
from app.areas import service as areas
from app.areas.schemas import AreaSummary, AreaTypeRead
from app.core.errors import BadRequestError, NotFoundError, UnavailableError
from app.packs import service as packs
from app.packs.schemas import PackRead
from app.pages.outline_map import Drawing, draw_outlines


@dataclass(frozen=True)
class District:
    """A larger area and the neighbourhoods that belong to it, by name.

    Attributes:
        area: The district itself; None gathers neighbourhoods that belong to none.
        neighbourhoods: Its neighbourhoods; none of them in a place that is abridged.
        neighbourhood_count: How many it has, named or not.
        people: People of all ages, from the district or else its neighbourhoods; None if unknown.
    """

    area: AreaSummary | None
    neighbourhoods: Sequence[AreaSummary]
    neighbourhood_count: int
    people: int | None


@dataclass(frozen=True)
class Region:
    """A still larger area, where there are too many districts for one list.

    Attributes:
        area: The region itself; None gathers districts that belong to none.
        districts: Its districts, by name.
        people: People of all ages; None if unknown.
    """

    area: AreaSummary | None
    districts: Sequence[District]
    people: int | None


@dataclass(frozen=True)
class Place:
    """The place as a whole.

    Attributes:
        districts: Its districts, by name.
        regions: The same districts by region; none where the districts make a list of their own.
        region_type: The kind of area that regions are; None where there are none.
        neighbourhood_type: The smaller kind of area, which the map outlines.
        district_type: The larger kind; None when the pack has only one kind.
        neighbourhood_count: How many neighbourhoods there are.
        district_count: How many districts there are.
        people: People of all ages; None when not known of every neighbourhood.
        is_abridged: Whether there are too many areas for one page: nothing is drawn then, and
            of the areas only districts are named.
        drawing: The still map of the districts (or of the neighbourhoods, without districts).
    """

    districts: Sequence[District]
    regions: Sequence[Region]
    region_type: AreaTypeRead | None
    neighbourhood_type: AreaTypeRead
    district_type: AreaTypeRead | None
    neighbourhood_count: int
    district_count: int
    people: int | None
    is_abridged: bool
    drawing: Drawing | None


LONGEST_LIST = 50
"""Districts that one list can hold; more of them are shown by region."""


class Places:
    """Remembers the place for as long as no area changes: putting it together takes a while."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._version: int | None = None
        self._place: Place | None = None

    async def describe(self, session: AsyncSession) -> Place | None:
        """Return what `describe_place` does, from memory when nothing has changed since."""
        if await areas.read_areas_version(session) == self._version:
            return self._place
        async with self._lock:
            # Read again: whoever had the lock before may have done the work meanwhile.
            version = await areas.read_areas_version(session)
            if version != self._version:
                self._place = await describe_place(session)
                self._version = version
            return self._place


async def find_pack(session: AsyncSession) -> PackRead | None:
    """Return the pack, or None before one is loaded: for pages that can do without."""
    try:
        return await packs.get_current_pack(session)
    except UnavailableError:
        return None


@dataclass(frozen=True)
class HeldRole:
    """A role somebody holds, in words.

    Attributes:
        role: As in the table of roles.
        area: Name of the area, or its code where the place has it no more; None for everywhere.
    """

    role: str
    area: str | None


async def describe_roles(session: AsyncSession, actor: Actor) -> list[HeldRole]:
    """Return the roles that somebody holds, with the names of their areas."""
    roles = []
    for grant in actor.grants:
        name = None
        if grant.area:
            try:
                name = (await areas.read_area(session, *grant.area, None)).name
            except NotFoundError:
                name = grant.area.code
        roles.append(HeldRole(str(grant.role), name))
    return roles


async def describe_place(session: AsyncSession) -> Place | None:
    """Return the place of the current pack, or None when the pack has no outlined areas.

    Districts are the kind of area at which area-only places are shown; neighbourhoods are the
    next smaller kind.
    """
    outlined = [kind for kind in await areas.list_area_types(session) if kind.boundary_years]
    if not outlined:
        return None
    neighbourhood_type, district_type = _choose_types(outlined)
    neighbourhoods = await areas.summarise_areas(session, neighbourhood_type.code)
    districts = await areas.summarise_areas(session, district_type.code) if district_type else []
    outlines = None
    if max(len(neighbourhoods), len(districts)) <= areas.MOST_OUTLINES:
        outlines = await _write_outlines(session, district_type or neighbourhood_type)
    grouped = _group(neighbourhoods, districts)
    listed = grouped if outlines else _abridge(grouped, district_type)
    region_type = _choose_region_type(outlined, district_type, districts)
    regions = await areas.summarise_areas(session, region_type.code) if region_type else []
    return Place(
        districts=listed,
        regions=_group_by_region(listed, regions),
        region_type=region_type,
        neighbourhood_type=neighbourhood_type,
        district_type=district_type,
        neighbourhood_count=len(neighbourhoods),
        district_count=len(districts),
        people=_add_people(neighbourhoods),
        is_abridged=outlines is None,
        drawing=await _draw(session, outlines, region_type) if outlines else None,
    )


async def _write_outlines(session: AsyncSession, drawn: AreaTypeRead) -> bytes | None:
    """Return the outlines of a kind of area, None when they are too many for one document."""
    try:
        return await areas.write_outlines(session, drawn.code)
    except BadRequestError:
        return None


async def _draw(
    session: AsyncSession, outlines: bytes, region_type: AreaTypeRead | None
) -> Drawing | None:
    backdrops = await areas.write_backdrops(session)
    regions = await _write_outlines(session, region_type) if region_type else None
    # In a thread: a tenth of a second and more of arithmetic would hold up everybody else.
    return await asyncio.to_thread(
        lambda: draw_outlines(
            json.loads(outlines), json.loads(backdrops), json.loads(regions) if regions else None
        )
    )


def _choose_types(outlined: Sequence[AreaTypeRead]) -> tuple[AreaTypeRead, AreaTypeRead | None]:
    by_size = sorted(outlined, key=lambda kind: kind.position)
    district = next((kind for kind in by_size if kind.is_publishing), None)
    smaller = [kind for kind in by_size if district and kind.position < district.position]
    if district and smaller:
        return smaller[-1], district
    return district or by_size[0], None


def _choose_region_type(
    outlined: Sequence[AreaTypeRead],
    district_type: AreaTypeRead | None,
    districts: Sequence[AreaSummary],
) -> AreaTypeRead | None:
    """Return the next larger kind that districts belong to, where they are too many to list."""
    if district_type is None or len(districts) <= LONGEST_LIST:
        return None
    for kind in sorted(outlined, key=lambda each: each.position):
        parents = {ref.code for area in districts if (ref := area.parents.get(kind.code))}
        if kind.position > district_type.position and 1 < len(parents) <= LONGEST_LIST:
            return kind
    return None


def _group_by_region(districts: Sequence[District], regions: Sequence[AreaSummary]) -> list[Region]:
    """Return districts by the region that they belong to, both by name."""
    members: dict[str | None, list[District]] = {}
    codes = {area.code for area in regions}
    for district in districts:
        refs = district.area.parents.values() if district.area else ()
        home = next((ref.code for ref in refs if ref.code in codes), None)
        members.setdefault(home, []).append(district)
    grouped = [
        Region(area, members[area.code], area.people)
        for area in sorted(regions, key=_by_name)
        if area.code in members
    ]
    if grouped and (homeless := members.get(None)):
        grouped.append(Region(None, homeless, None))
    return grouped


def _group(
    neighbourhoods: Sequence[AreaSummary], districts: Sequence[AreaSummary]
) -> list[District]:
    members: dict[str | None, list[AreaSummary]] = {}
    codes = {area.code for area in districts}
    for area in sorted(neighbourhoods, key=_by_name):
        home = next((ref.code for ref in area.parents.values() if ref.code in codes), None)
        members.setdefault(home, []).append(area)
    grouped = [
        District(area, (own := members.get(area.code, [])), len(own), area.people)
        for area in sorted(districts, key=_by_name)
    ]
    if homeless := members.get(None):
        grouped.append(District(None, homeless, len(homeless), _add_people(homeless)))
    return grouped


def _abridge(
    districts: Sequence[District], district_type: AreaTypeRead | None
) -> Sequence[District]:
    """Return the districts without their neighbourhoods; none where there is only one kind."""
    if district_type is None:
        return []
    return [replace(district, neighbourhoods=()) for district in districts]


def _by_name(area: AreaSummary) -> tuple[str, str]:
    return area.name, area.code


def _add_people(summaries: Sequence[AreaSummary]) -> int | None:
    known = [area.people for area in summaries if area.people is not None]
    return sum(known) if known and len(known) == len(summaries) else None


async def find_known_kind(session: AsyncSession) -> str:
    """Return the kind of areas that people know by name, by its code; '' before a place is loaded.

    Those by which something is told that is told by its area only; without such, the smallest.
    """
    kinds = await areas.list_area_types(session)
    publishing = [kind.code for kind in kinds if kind.is_publishing]
    return (publishing or [kinds[0].code if kinds else ""])[0]
