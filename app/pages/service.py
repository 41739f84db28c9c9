"""What the pages say about the place, put together from what the domains know."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.schemas import AreaSummary, AreaTypeRead
from app.core.errors import BadRequestError, UnavailableError
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
class Place:
    """The place as a whole.

    Attributes:
        districts: Its districts, by name.
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
    neighbourhood_type: AreaTypeRead
    district_type: AreaTypeRead | None
    neighbourhood_count: int
    district_count: int
    people: int | None
    is_abridged: bool
    drawing: Drawing | None


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
    return Place(
        districts=grouped if outlines else _abridge(grouped, district_type),
        neighbourhood_type=neighbourhood_type,
        district_type=district_type,
        neighbourhood_count=len(neighbourhoods),
        district_count=len(districts),
        people=_add_people(neighbourhoods),
        is_abridged=outlines is None,
        drawing=await _draw(session, outlines) if outlines else None,
    )


async def _write_outlines(session: AsyncSession, drawn: AreaTypeRead) -> bytes | None:
    """Return the outlines of a kind of area, None when they are too many for one document."""
    try:
        return await areas.write_outlines(session, drawn.code)
    except BadRequestError:
        return None


async def _draw(session: AsyncSession, outlines: bytes) -> Drawing | None:
    backdrops = await areas.write_backdrops(session)
    # In a thread: a tenth of a second and more of arithmetic would hold up everybody else.
    return await asyncio.to_thread(
        lambda: draw_outlines(json.loads(outlines), json.loads(backdrops))
    )


def _choose_types(outlined: Sequence[AreaTypeRead]) -> tuple[AreaTypeRead, AreaTypeRead | None]:
    by_size = sorted(outlined, key=lambda kind: kind.position)
    district = next((kind for kind in by_size if kind.is_publishing), None)
    smaller = [kind for kind in by_size if district and kind.position < district.position]
    if district and smaller:
        return smaller[-1], district
    return district or by_size[0], None


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
