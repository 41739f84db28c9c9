"""Where somebody means: a point, a postcode, or an area by its name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import naming
from app.areas import service as areas
from app.areas.schemas import AreaMatch, AreaRef
from app.assets.search_schemas import AreaCode, LonLat, read_area, read_point
from app.core.errors import NotFoundError
from app.pages.finding.asked import Asked, Wrong

MOST_CHOICES = 8


@dataclass(frozen=True)
class Here:
    """A place that is measured from.

    Attributes:
        kind: `point`, `postcode` or `area`.
        name: What it is called; '' for a point.
        around: Name of the area that it lies in; '' outside the place, and for areas.
        point: The point, or that of the area.
        area: The area, where it is one.
    """

    kind: str
    name: str
    around: str
    point: LonLat
    area: AreaCode | None = None


@dataclass(frozen=True)
class Found:
    """What was made of what somebody wrote.

    Attributes:
        here: The place; None for anywhere, or where it is not clear.
        wrong: Why none can be found.
        areas: Areas of which one must be meant.
        postcodes: Postcodes that may be meant.
    """

    here: Here | None = None
    wrong: Wrong | None = None
    areas: Sequence[AreaMatch] = ()
    postcodes: Sequence[str] = ()


async def find_here(session: AsyncSession, asked: Asked) -> Found:
    """Return the place that an address names, or the places that it may mean."""
    if asked.place:
        found = await _find_area(session, asked.place)
        is_same = found.here is not None and found.here.name.casefold() == asked.where.casefold()
        if is_same or not asked.where:
            return found
    if asked.where:
        return await _find_written(session, asked.where)
    if asked.postcode:
        return await _find_written(session, asked.postcode)
    if asked.near:
        return await _find_point(session, asked.near)
    return Found()


async def _find_point(session: AsyncSession, text: str) -> Found:
    try:
        point = read_point(text)
    except ValueError:
        return Found(wrong=Wrong("near", "unknown", text))
    around = await areas.find_areas_at(session, *point)
    return Found(Here("point", "", await _name_around(session, around), point))


async def _find_area(session: AsyncSession, text: str) -> Found:
    try:
        code = read_area(text)
        area = await areas.read_area(session, code.area_type, code.code, None)
    except (ValueError, NotFoundError):
        return Found(wrong=Wrong("place", "unknown", text))
    point = LonLat(area.centroid.lon, area.centroid.lat)
    return Found(Here("area", area.name, "", point, code))


async def _find_written(session: AsyncSession, text: str) -> Found:
    has_digit = any(letter.isdigit() for letter in text)
    if has_digit:
        try:
            postcode = await areas.read_postcode(session, text)
        except NotFoundError:
            pass
        else:
            around = await _name_around(session, postcode.areas)
            point = LonLat(postcode.location.lon, postcode.location.lat)
            return Found(Here("postcode", postcode.postcode, around, point))
    named = await naming.find_named(session, text, MOST_CHOICES)
    exact = [area for area in named if area.is_exact]
    if len(exact) == 1 or (len(named) == 1 and not exact):
        area = exact[0] if exact else named[0]
        return await _find_area(session, f"{area.type}:{area.code}")
    if named:
        return Found(areas=exact or named)
    begun = await _list_begun(session, text) if has_digit else []
    about = (
        "half"
        if begun and areas.normalise_postcode(begun[0]).startswith(areas.normalise_postcode(text))
        else "unknown"
    )
    return Found(wrong=Wrong("where", about, text), postcodes=begun)


async def _list_begun(session: AsyncSession, text: str) -> Sequence[str]:
    """Return postcodes that begin as `text` does, or as much of it as any does."""
    written = areas.normalise_postcode(text)[:10]
    for length in range(len(written), 1, -1):
        found = await areas.search_postcodes(session, written[:length], MOST_CHOICES)
        if found:
            return [each.postcode for each in found]
    return []


async def _name_around(session: AsyncSession, around: Sequence[AreaRef]) -> str:
    """Return the name of the area at which the place publishes, or the smallest with a name."""
    kinds = {kind.code: kind for kind in await areas.list_area_types(session)}
    named = [area for area in around if not any(letter.isdigit() for letter in area.name)]
    published = [area for area in named if kinds[area.type].is_publishing]
    return next((area.name for area in (*published, *named)), "")
