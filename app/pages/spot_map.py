"""Small still maps: where something is, or which area is meant, before any script runs."""

import asyncio
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from fastapi import FastAPI
from shapely.geometry import mapping, shape
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.schemas import AreaRead, AreaTypeRead
from app.core.errors import BadRequestError, NotFoundError
from app.pages.outline_map import Drawing, Label, Room, draw_outlines, find_place
from app.pages.signs import Sign

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

HALF_WIDTH_M = 1500
"""How far a map of one place reaches to each side."""

HEIGHT_TO_WIDTH = 0.75
METRES_A_DEGREE = 111_320
"""Of latitude, anywhere; of longitude at the equator."""

LETTER = 340
"""Height of a name's letters, in drawing units, as the style sheet has it for these maps."""

LETTER_WIDTH = 0.55
LINE_HEIGHT = 1.2
"""Of the letters' height; a generous mean over usual sans faces."""

SIGN_REACH = 15
"""How far a sign reaches from its point, in its own units."""

MARGIN = 0.15
"""How far beyond the drawn areas water and green reach, as a part of their width."""


@dataclass(frozen=True)
class Mark:
    """A sign on the drawing, and where it is on the ground.

    Attributes:
        x: In drawing units.
        y: In drawing units.
        lon: Degrees east.
        lat: Degrees north.
        sign: How it is drawn.
        label: A character upon it; '' for none.
    """

    x: int
    y: int
    lon: float
    lat: float
    sign: Sign
    label: str = ""


@dataclass(frozen=True)
class SpotMap:
    """A drawing with what is marked on it.

    Attributes:
        drawing: The areas around.
        marks: Points; none where only the area may be told.
        chosen: Code of the area that is meant; '' for none.
        name: What the drawn area as a whole is called.
    """

    drawing: Drawing
    marks: Sequence[Mark]
    chosen: str
    name: str

    @property
    def frame(self) -> str:
        """What of the drawing is shown, as `viewBox`: all of it, at least as broad as high."""
        broad, high = self.drawing.width, self.drawing.height
        if high <= broad:
            return f"0 0 {broad} {high}"
        return f"{(broad - high) // 2} 0 {high} {high}"

    @property
    def scale(self) -> int:
        """How many units of the drawing a unit of a sign takes: 30 px on a map of 400."""
        return max(self.drawing.width, self.drawing.height) // 360

    @property
    def labels(self) -> list[Label]:
        """The names that are whole on the map; one that a sign would lie upon stands below it."""
        moved = [self._move_clear(label) for label in self.drawing.labels]
        return [label for label in moved if label.room == Room.EVERYWHERE and self._is_whole(label)]

    def _move_clear(self, label: Label) -> Label:
        across, up = _measure(label)
        reach = SIGN_REACH * self.scale
        for mark in self.marks:
            if abs(label.x - mark.x) < across + reach and abs(label.y - mark.y) < up + reach:
                return replace(label, y=mark.y + reach + up)
        return label

    def _is_whole(self, label: Label) -> bool:
        if not self.marks:
            return True  # a whole area, with room around it
        across, up = _measure(label)
        broad, high = self.drawing.width, self.drawing.height
        # What does not fit the page's frame is cut off on both sides, or above and below.
        above = max(0.0, high - max(broad, high) * HEIGHT_TO_WIDTH) / 2
        beside = max(0.0, broad - high / HEIGHT_TO_WIDTH) / 2
        return (
            beside + across <= label.x <= broad - across - beside
            and above + up <= label.y <= high - up - above
        )


def _measure(label: Label) -> tuple[int, int]:
    """Return how far a name reaches to each side, and up and down, from its middle."""
    longest = max(len(line) for line in label.lines)
    return (
        round(longest * LETTER_WIDTH * LETTER / 2),
        round(len(label.lines) * LINE_HEIGHT * LETTER / 2),
    )


class Surroundings:
    """Remembers the areas that small maps are drawn of, for as long as no area changes."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._version: int | None = None
        self._features: Sequence[Mapping[str, Any]] = ()
        self._tree = shapely.STRtree([])

    async def find(self, session: AsyncSession, box: Box) -> Sequence[Mapping[str, Any]]:
        """Return the areas of the publishing level that reach into a box, cut at its edges.

        None where there are too many in the place to be remembered.
        """
        version = await areas.read_areas_version(session)
        async with self._lock:
            if version != self._version:
                self._features = await _read_publishing(session)
                self._tree = shapely.STRtree([each["shape"] for each in self._features])
                self._version = version
        found = [self._features[place] for place in sorted(self._tree.query(shapely.box(*box)))]
        return [cut for each in found if (cut := _cut(each, box)) is not None]


def find_surroundings(app: FastAPI) -> Surroundings:
    """Return the memory of this application; each keeps its own, as each has its own database."""
    kept: Surroundings | None = getattr(app.state, "surroundings", None)
    if kept is None:
        kept = app.state.surroundings = Surroundings()
    return kept


async def draw_spots(
    session: AsyncSession,
    surroundings: Surroundings,
    points: Sequence[tuple[float, float]],
    sign: Sign,
    labels: Sequence[str] = (),
) -> SpotMap | None:
    """Return points with the areas around them; None where the first is outside the place.

    Args:
        session: To read areas with.
        surroundings: What is remembered of them.
        points: Longitude and latitude of what whoever looks may know.
        sign: How each is drawn.
        labels: What stands upon each; without them, nothing.
    """
    if not points:
        return None
    found = await areas.find_areas_at(session, *points[0])
    if not found:
        return None
    box = _frame(points)
    features = await surroundings.find(session, box)
    if not features:
        features = (await _read_alone(session, found[-1].type, found[-1].code, None))["features"]
    drawing = await _draw(session, {"features": features})
    if drawing is None:
        return None
    marks = [
        Mark(*find_place(lon, lat, drawing.bounds), lon, lat, sign, label)
        for (lon, lat), label in zip(points, labels or [""] * len(points), strict=True)
    ]
    drawn = {each["properties"]["code"] for each in features}
    name = next((area.name for area in found if area.code in drawn), found[-1].name)
    return SpotMap(drawing, marks, "", name)


async def draw_area(
    session: AsyncSession, area: AreaRead, kinds: Sequence[AreaTypeRead]
) -> SpotMap | None:
    """Return an area among its neighbours in the next larger one, or by itself."""
    positions = {kind.code: kind.position for kind in kinds}
    larger = sorted(
        (parent.area for parent in area.parents if parent.kind == "within"),
        key=lambda ref: positions.get(ref.type, 0),
    )
    for parent in larger:
        try:
            body = await areas.write_outlines(
                session, area.type, area.boundary_year, f"{parent.type}:{parent.code}"
            )
        except (BadRequestError, NotFoundError):
            continue
        collection = json.loads(body)
        codes = {each["properties"]["code"] for each in collection["features"]}
        if len(codes) > 1 and area.code in codes:
            drawing = await _draw(session, collection)
            return SpotMap(drawing, (), area.code, parent.name) if drawing else None
    alone = await _read_alone(session, area.type, area.code, area.boundary_year)
    drawing = await _draw(session, alone)
    return SpotMap(drawing, (), area.code, area.name) if drawing else None


async def _read_publishing(session: AsyncSession) -> list[Mapping[str, Any]]:
    """Return the outlines at which area-only places are shown, each with its shape."""
    kinds = [each for each in await areas.list_area_types(session) if each.boundary_years]
    kind = next((each for each in kinds if each.is_publishing), None)
    if kind is None:
        return []
    try:
        collection = json.loads(await areas.write_outlines(session, kind.code))
    except BadRequestError:
        return []
    return [{**each, "shape": shape(each["geometry"])} for each in collection["features"]]


def _frame(points: Sequence[tuple[float, float]]) -> Box:
    """Return the box around points with room on all sides, at least `HALF_WIDTH_M` each way."""
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    middle = (min(lats) + max(lats)) / 2
    metre = 1 / METRES_A_DEGREE
    narrow = metre / max(0.1, math.cos(math.radians(middle)))
    # As broad as the page's frame is for its height: else points near an edge would be cut off.
    broad = (max(lons) - min(lons)) / narrow + 2 * HALF_WIDTH_M
    high = (max(lats) - min(lats)) / metre + 2 * HALF_WIDTH_M * HEIGHT_TO_WIDTH
    broad, high = max(broad, high / HEIGHT_TO_WIDTH), max(high, broad * HEIGHT_TO_WIDTH)
    across, up = broad * narrow / 2, high * metre / 2
    east = (min(lons) + max(lons)) / 2
    return (east - across, middle - up, east + across, middle + up)


def _cut(feature: Mapping[str, Any], box: Box) -> Mapping[str, Any] | None:
    clipped = shapely.clip_by_rect(feature["shape"], *box)
    parts = [part for part in shapely.get_parts(clipped) if part.geom_type == "Polygon"]
    if not parts:
        return None
    return {
        "geometry": mapping(shapely.MultiPolygon(parts)),
        "properties": {**feature["properties"], "people": 0},
    }


async def _read_alone(
    session: AsyncSession, kind: str, code: str, boundary_year: int | None
) -> dict[str, Any]:
    feature = json.loads(await areas.write_boundary(session, kind, code, boundary_year))
    outline = shape(feature["geometry"])
    west, _, east, _ = outline.bounds
    feature["geometry"] = mapping(outline.simplify((east - west) / 800))
    feature["properties"] = {"people": None, **feature["properties"]}
    return {"type": "FeatureCollection", "features": [feature]}


async def _draw(session: AsyncSession, collection: Mapping[str, Any]) -> Drawing | None:
    backdrops = json.loads(await areas.write_backdrops(session))
    # In a thread: others would wait for the arithmetic.
    return await asyncio.to_thread(_draw_clipped, collection, backdrops)


def _draw_clipped(collection: Mapping[str, Any], backdrops: Mapping[str, Any]) -> Drawing | None:
    """Draw areas on what lies beneath them, without the rest of the place's water and green."""
    if not collection["features"]:
        return None
    shapes = [shape(feature["geometry"]) for feature in collection["features"]]
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    margin = MARGIN * max(east - west, north - south)
    box = (west - margin, south - margin, east + margin, north + margin)
    near = []
    for feature in backdrops["features"]:
        clipped = shapely.clip_by_rect(shapely.make_valid(shape(feature["geometry"])), *box)
        parts = [part for part in shapely.get_parts(clipped) if part.geom_type == "Polygon"]
        if parts:
            near.append({**feature, "geometry": mapping(shapely.MultiPolygon(parts))})
    return draw_outlines(collection, {"features": near})
