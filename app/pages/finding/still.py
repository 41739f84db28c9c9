"""The still map of what is near: outlines, rings of walking time, and the places of the list.

It stands for the map that moves where no script runs, and lies under it until its own ground is
there. Units are pixels of a map 680 wide.
"""

import asyncio
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import shapely
from shapely.geometry import shape
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.assets.search_schemas import LonLat
from app.core.errors import BadRequestError
from app.pages.cards import DETOUR, METRES_A_MINUTE, Card
from app.pages.finding.remembering import Memory
from app.pages.signs import Sign

WIDTH, HEIGHT = 680, 900
RING_MINUTES = (5, 10, 15)
MARGIN = 0.17
"""Room around the outermost, as a share of the width."""
LEAST_ACROSS_M = 600.0
MOST_SHAPES = 800
"""Outlines beyond which the drawing shows none: from so far they would be a grey weave."""
MANY_SHAPES = 60
"""Outlines beyond which each is drawn with fewer corners: they are small then."""
FINE, COARSE = 0.6, 2.5
MOST_LABELS = 14
_METRES_PER_DEGREE = 111_320.0


class Mark(NamedTuple):
    """A place of the list."""

    x: float
    y: float
    sign: Sign
    number: int


class Ring(NamedTuple):
    """How far one gets in some minutes on foot."""

    minutes: int
    radius: float


class Name(NamedTuple):
    """The name of an area."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Still:
    """A drawing of what is near; its units are those of its `viewBox`.

    Attributes:
        lines: The outlines, as SVG path data; '' for none.
        names: Of the areas.
        marks: The places of the list that have a point.
        rings: Around the place that is measured from.
        you: That place; None where there is none.
    """

    lines: str
    names: Sequence[Name]
    marks: Sequence[Mark]
    rings: Sequence[Ring]
    you: tuple[float, float] | None
    width: int = WIDTH
    height: int = HEIGHT


class Ground(NamedTuple):
    """Outlines of a kind of area."""

    names: Sequence[str]
    shapes: Sequence[shapely.Geometry]
    tree: shapely.STRtree


class Frame(NamedTuple):
    """A flat map: degrees to units, north at the top."""

    lon: float
    lat: float
    scale: float

    def put(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point is drawn."""
        across = math.cos(math.radians(self.lat))
        return (
            round(WIDTH / 2 + (lon - self.lon) * across * self.scale, 1),
            round(HEIGHT / 2 - (lat - self.lat) * self.scale, 1),
        )

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is drawn."""
        half_lon = WIDTH / 2 / self.scale / math.cos(math.radians(self.lat))
        half_lat = HEIGHT / 2 / self.scale
        return self.lon - half_lon, self.lat - half_lat, self.lon + half_lon, self.lat + half_lat


async def draw_near(
    session: AsyncSession, memory: Memory, cards: Sequence[Card], here: LonLat | None
) -> Still | None:
    """Return the drawing of a list; None where nothing of it has a point."""
    points = [LonLat(card.lon, card.lat) for card in cards if card.lon is not None and card.lat]
    if not points:
        return None
    ground = await memory.recall(
        "ground", str(await areas.read_areas_version(session)), lambda: _find_ground(session)
    )
    frame = _make_frame([*points, *([here] if here else [])])
    lines, names = await asyncio.to_thread(_draw_ground, ground, frame) if ground else ("", [])
    marks = [
        Mark(*frame.put(card.lon, card.lat), card.sign, card.number)
        for card in cards
        if card.lon is not None and card.lat is not None
    ]
    rings = []
    if here:
        metre = frame.scale / _METRES_PER_DEGREE
        all_rings = [
            Ring(minutes, round(minutes * METRES_A_MINUTE / DETOUR * metre, 1))
            for minutes in RING_MINUTES
        ]
        rings = [ring for ring in all_rings if 30 < ring.radius < WIDTH * 0.62]  # noqa: PLR2004
    # The first one lies on top, as it is the nearest.
    return Still(lines, names, marks[::-1], rings, frame.put(*here) if here else None)


async def find_ground_kind(session: AsyncSession) -> str:
    """Return the kind of area whose outlines are the ground; '' where none is outlined."""
    kinds = [kind for kind in await areas.list_area_types(session) if kind.boundary_years]
    published = [kind for kind in kinds if kind.is_publishing]
    return next((kind.code for kind in (*published, *kinds)), "")


async def _find_ground(session: AsyncSession) -> Ground | None:
    kind = await find_ground_kind(session)
    if not kind:
        return None
    try:
        outlines = await areas.write_outlines(session, kind)
    except BadRequestError:
        return None
    return await asyncio.to_thread(_read_ground, outlines)


def _read_ground(outlines: bytes) -> Ground:
    features: list[dict[str, Any]] = json.loads(outlines)["features"]
    shapes = [shape(each["geometry"]) for each in features]
    return Ground(
        [each["properties"]["name"] for each in features], shapes, shapely.STRtree(shapes)
    )


def _make_frame(points: Sequence[LonLat]) -> Frame:
    """Return the map that all points are on, around their middle."""
    west, east = min(each.lon for each in points), max(each.lon for each in points)
    south, north = min(each.lat for each in points), max(each.lat for each in points)
    lat = (south + north) / 2
    least = LEAST_ACROSS_M / _METRES_PER_DEGREE
    across = max((east - west) * math.cos(math.radians(lat)), least)
    room = 1 - 2 * MARGIN
    scale = min(WIDTH * room / across, HEIGHT * room / max(north - south, least))
    return Frame((west + east) / 2, lat, scale)


def _draw_ground(ground: Ground, frame: Frame) -> tuple[str, list[Name]]:
    found = sorted(ground.tree.query(shapely.box(*frame.box)))
    if len(found) > MOST_SHAPES:
        return "", []
    step = (FINE if len(found) <= MANY_SHAPES else COARSE) / frame.scale
    lines, names = [], []
    for each in found:
        seen = shapely.clip_by_rect(ground.shapes[each], *frame.box)
        if seen.is_empty:
            continue
        lines.append(_write_rings(shapely.simplify(seen, step), frame))
        names.append((seen.area, _place_name(ground.names[each], seen, frame)))
    largest = sorted(names, key=lambda pair: -pair[0])[:MOST_LABELS]
    return "".join(lines), _keep_apart([name for _, name in largest])


def _place_name(text: str, seen: shapely.Geometry, frame: Frame) -> Name:
    middle = shapely.get_coordinates(shapely.point_on_surface(seen))[0]
    x, y = frame.put(float(middle[0]), float(middle[1]))
    half = len(text) * 4.2 + WIDTH * MARGIN / 2
    return Name(round(min(max(x, half), WIDTH - half), 1), min(max(y, 24.0), HEIGHT - 24.0), text)


def _keep_apart(names: Sequence[Name]) -> list[Name]:
    """Return the names that lie over none before them."""
    kept: list[Name] = []
    for name in names:
        is_free = all(
            abs(name.x - other.x) > (len(name.text) + len(other.text)) * 4.4
            or abs(name.y - other.y) > 22  # noqa: PLR2004 - the height of a line
            for other in kept
        )
        if is_free:
            kept.append(name)
    return kept


def _write_rings(geometry: shapely.Geometry, frame: Frame) -> str:
    written = []
    for part in shapely.get_parts(geometry):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            points = [frame.put(lon, lat) for lon, lat in shapely.get_coordinates(ring)[:-1]]
            if points:
                written.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "z")
    return "".join(written)
