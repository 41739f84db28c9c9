"""Small still maps: where something is, or which area is meant, before any script runs."""

import asyncio
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from fastapi import FastAPI
from shapely.geometry import mapping, shape
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.schemas import AreaRead, AreaTypeRead
from app.core.errors import BadRequestError, NotFoundError
from app.pages.outline_map import Bounds, Drawing, Label, Room, draw_outlines, find_place
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

AREA_MARGIN = 0.18
"""How far beyond an area of which no point is told its map reaches, as a part of its extent."""

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
        chosen: Codes of the areas that are meant.
        name: What the drawn area as a whole is called.
        is_cut: Whether it fills the page's frame and what reaches beyond is left out; else it is
            shown whole, with room around it.
    """

    drawing: Drawing
    marks: Sequence[Mark]
    chosen: Sequence[str]
    name: str
    is_cut: bool = True

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
        if not self.is_cut:
            return True
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
        await self._remember(session)
        found = [self._features[place] for place in sorted(self._tree.query(shapely.box(*box)))]
        return [cut for each in found if (cut := _cut(each, box)) is not None]

    async def find_outlines(
        self, session: AsyncSession, codes: Collection[str]
    ) -> Mapping[str, Any]:
        """Return the whole outlines of areas of the publishing level, by code.

        Those that are not in the place are left out, and all where there are too many in it.
        """
        await self._remember(session)
        return {
            each["properties"]["code"]: each["shape"]
            for each in self._features
            if each["properties"]["code"] in codes
        }

    async def _remember(self, session: AsyncSession) -> None:
        version = await areas.read_areas_version(session)
        async with self._lock:
            if version != self._version:
                self._features = await _read_publishing(session)
                self._tree = shapely.STRtree([each["shape"] for each in self._features])
                self._version = version


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
    return SpotMap(drawing, marks, (), name)


async def draw_neighbourhoods(
    session: AsyncSession, surroundings: Surroundings, meant: Mapping[str, str]
) -> SpotMap | None:
    """Return areas of the publishing level among their neighbours, with nothing marked in them.

    What is drawn and how much of it is shown comes from the outlines of these areas alone: of
    things at different places in one, whose places are private, the maps are the same.

    Args:
        session: To read areas with.
        surroundings: What is remembered of them.
        meant: Names by code of the areas in which something is said to be.

    Returns:
        The map; None where one of them is not in the place, or all are too many to be remembered.
    """
    outlines = await surroundings.find_outlines(session, meant.keys())
    if not meant or len(outlines) < len(meant):
        return None
    box = _frame_outlines(list(outlines.values()))
    features = [
        # The names of those that are meant come before the others.
        {**each, "properties": {**each["properties"], "people": 1}}
        if each["properties"]["code"] in meant
        else each
        for each in await surroundings.find(session, box)
    ]
    drawing = await _draw(session, {"features": features}, box)
    if drawing is None:
        return None
    return SpotMap(drawing, (), sorted(meant), ", ".join(sorted(meant.values())))


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
            return SpotMap(drawing, (), [area.code], parent.name, is_cut=False) if drawing else None
    alone = await _read_alone(session, area.type, area.code, area.boundary_year)
    drawing = await _draw(session, alone)
    return SpotMap(drawing, (), [area.code], area.name, is_cut=False) if drawing else None


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


def _frame_outlines(outlines: Sequence[shapely.Geometry]) -> Box:
    """Return the box around areas with room on all sides, from their outlines alone."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(outlines))
    narrow = math.cos(math.radians((south + north) / 2))
    extent = METRES_A_DEGREE * max((east - west) * narrow, north - south)
    return _frame([(west, south), (east, north)], AREA_MARGIN * extent)


def _frame(points: Sequence[tuple[float, float]], reach: float = HALF_WIDTH_M) -> Box:
    """Return the box around points with room on all sides, at least `reach` metres each way."""
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    middle = (min(lats) + max(lats)) / 2
    metre = 1 / METRES_A_DEGREE
    narrow = metre / max(0.1, math.cos(math.radians(middle)))
    # As broad as the page's frame is for its height: else points near an edge would be cut off.
    broad = (max(lons) - min(lons)) / narrow + 2 * reach
    high = (max(lats) - min(lats)) / metre + 2 * reach * HEIGHT_TO_WIDTH
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


async def _draw(
    session: AsyncSession, collection: Mapping[str, Any], box: Box | None = None
) -> Drawing | None:
    backdrops = json.loads(await areas.write_backdrops(session))
    # In a thread: others would wait for the arithmetic.
    return await asyncio.to_thread(_draw_clipped, collection, backdrops, box)


def _draw_clipped(
    collection: Mapping[str, Any], backdrops: Mapping[str, Any], frame: Box | None
) -> Drawing | None:
    """Draw areas on what lies beneath them, without the rest of the place's water and green."""
    if not collection["features"]:
        return None
    shapes = [shape(feature["geometry"]) for feature in collection["features"]]
    west, south, east, north = frame or (float(edge) for edge in shapely.total_bounds(shapes))
    margin = MARGIN * max(east - west, north - south)
    box = (west - margin, south - margin, east + margin, north + margin)
    near = []
    for feature in backdrops["features"]:
        clipped = shapely.clip_by_rect(shapely.make_valid(shape(feature["geometry"])), *box)
        parts = [part for part in shapely.get_parts(clipped) if part.geom_type == "Polygon"]
        if parts:
            near.append({**feature, "geometry": mapping(shapely.MultiPolygon(parts))})
    bounds = Bounds(*frame) if frame else None
    return draw_outlines(collection, {"features": near}, bounds=bounds)
