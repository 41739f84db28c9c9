"""The first page: a question, what kinds of things there are, and what wants confirming."""

import asyncio
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.schemas import AreaTypeRead
from app.assets import showing
from app.assets.search_schemas import LonLat
from app.core.errors import BadRequestError
from app.core.public_reads import PublicReads
from app.pages.finding.remembering import Memory
from app.pages.freshness import Stamp, describe_freshness
from app.pages.outline_map import Drawing, draw_outlines, thin_outlines
from app.pages.paths import write_asset_path
from app.pages.signs import Sign, find_sign
from app.taxonomy import service as taxonomy

FEW = 5
"""Fewer than these are not counted out: a number would say more than is known."""

MOST_DOUBTFUL = 3
MOST_POINTS = 260
MOST_OUTLINED = 800
"""Areas of a drawing that lies behind words."""
STEPS = 420
"""How finely it is drawn."""

LINE, DOT = "#4d8379", "#f4b740"
"""Colours of the drawing: it is a picture of its own, which no style sheet reaches."""


class Kind(NamedTuple):
    """One of the broadest categories.

    Attributes:
        code: Of the category.
        name: What it is called.
        sign: How it is drawn.
        total: How many assets anybody may see; None for few.
    """

    code: str
    name: str
    sign: Sign
    total: int | None


class Doubt(NamedTuple):
    """A listing that somebody who knows it could put right."""

    path: str
    name: str
    postcode: str
    stamp: Stamp
    is_doubted: bool


@dataclass(frozen=True)
class HomePage:
    """What the first page says.

    Attributes:
        kinds: The broadest categories, in their order.
        doubts: Listings that want confirming.
        postcode: An example; '' for none.
        area: The name of an area, as an example; '' for none.
        drawing_path: The address of the drawing behind the question; '' for none.
    """

    kinds: Sequence[Kind]
    doubts: Sequence[Doubt]
    postcode: str
    area: str
    drawing_path: str


async def describe_home(session: AsyncSession, reads: PublicReads, memory: Memory) -> HomePage:
    """Return what the first page says, from memory when nothing has changed since."""

    async def make() -> HomePage:
        counts = await showing.count_categories(reads)
        categories = await taxonomy.list_categories(session)
        kinds = [
            Kind(each.code, each.name, find_sign(each), count if count >= FEW else None)
            for each in categories
            if each.broader is None and not each.is_retired
            for count in [counts.get(each.code, 0)]
        ]
        doubtful = await showing.list_doubtful(reads, MOST_DOUBTFUL)
        version = await areas.read_areas_version(session)
        outlined = await _find_outlined(session)
        return HomePage(
            kinds,
            [_write_doubt(each) for each in doubtful],
            await showing.find_example(reads),
            await _find_example(session, outlined),
            f"/outline.svg?v={version}" if outlined else "",
        )

    return await memory.recall("home", await showing.read_showing_stamp(reads), make)


async def draw_place(session: AsyncSession, reads: PublicReads, memory: Memory) -> str:
    """Return the outlines of the place with some of what there is, as an SVG document."""

    async def make() -> str:
        outlined = await _find_outlined(session)
        if outlined is None:
            return _write_svg(None, [])
        try:
            outlines = await areas.write_outlines(session, outlined.code)
        except BadRequestError:
            return _write_svg(None, [])
        points = await showing.sample_points(reads, MOST_POINTS)
        return await asyncio.to_thread(_draw, outlines, points)

    return await memory.recall("drawing", await showing.read_showing_stamp(reads), make)


def _draw(outlines: bytes, points: Sequence[LonLat]) -> str:
    drawing = draw_outlines(thin_outlines(json.loads(outlines), STEPS), {"features": []})
    return _write_svg(drawing, points)


def _write_svg(drawing: Drawing | None, points: Sequence[LonLat]) -> str:
    if drawing is None:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
    lines = "".join(shape.path for shape in drawing.shapes)
    dots = "".join(_write_dot(point, drawing) for point in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}"'
        f' preserveAspectRatio="xMidYMid slice">'
        f'<path d="{lines}" fill="none" stroke="{LINE}" stroke-width="13"'
        f' stroke-linejoin="round"/><path d="{dots}" fill="{DOT}"/></svg>'
    )


def _write_dot(point: LonLat, drawing: Drawing) -> str:
    """Return a house with its middle at a point; nothing outside the drawing."""
    bounds = drawing.bounds
    if not (bounds.west < point.lon < bounds.east and bounds.south < point.lat < bounds.north):
        return ""
    scale = drawing.width / (bounds.east - bounds.west)
    x = round((point.lon - bounds.west) * scale)
    y = round((_mercator(bounds.north) - _mercator(point.lat)) * scale)
    return f"M{x} {y - 55}l50 40v65h-100v-65z"


def _mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


def _write_doubt(each: showing.Doubtful) -> Doubt:
    return Doubt(
        write_asset_path(each.id, each.name),
        each.name,
        each.postcode,
        describe_freshness(each.freshness, each.source),
        each.is_doubted,
    )


async def _find_outlined(session: AsyncSession) -> AreaTypeRead | None:
    """Return the kind of area to draw: that at which the place publishes, unless too many."""
    kinds = [kind for kind in await areas.list_area_types(session) if kind.boundary_years]
    start = next((each for each, kind in enumerate(kinds) if kind.is_publishing), 0)
    for kind in kinds[start:]:
        if 0 < len(await areas.summarise_areas(session, kind.code)) <= MOST_OUTLINED:
            return kind
    return None


async def _find_example(session: AsyncSession, outlined: AreaTypeRead | None) -> str:
    """Return the name of the area with most people whose name is one word."""
    if outlined is None:
        return ""
    summaries = await areas.summarise_areas(session, outlined.code)
    named = [area for area in summaries if area.name.isalpha()]
    return max(named, key=lambda area: area.people or 0).name if named else ""
