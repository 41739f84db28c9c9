"""The still outline map: drawn by the server, so that the place shows before any script runs."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry import mapping, shape

DRAWING_WIDTH = 10_000
"""Units across the drawing: about a metre each for a town, so that it can be enlarged."""

WIDE_LABEL = 210
"""Height of a label's letters, in drawing units, where the map is about 740 px across."""

NARROW_LABEL = 400
"""The same where it is about 360 px across."""

_LETTER_WIDTH = 0.6  # of the letters' height; a generous mean over usual sans faces
_LINE_HEIGHT = 1.2  # of the letters' height
_LABEL_GAP = 0.35  # of the letters' height, kept free around each label
_LONGEST_LINE = 13  # letters; a longer name is set in two lines


@dataclass(frozen=True)
class Bounds:
    """A box in degrees on WGS 84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Shape:
    """One area of the drawing.

    Attributes:
        code: The area's code.
        path: Its outline as SVG path data, in drawing units.
    """

    code: str
    path: str


class Room(StrEnum):
    """Where there is room for a label in the still drawing; the moving map makes its own."""

    EVERYWHERE = "everywhere"
    WIDE = "wide"
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class Scenery:
    """A piece of what lies beneath the areas.

    Attributes:
        kind: What it is.
        path: Its edge as SVG path data, in drawing units; it may leave the drawing.
    """

    kind: str
    path: str


@dataclass(frozen=True)
class Label:
    """A name on the drawing, with its place on it and on the ground.

    Attributes:
        lines: The name, in one line or two.
        x: Middle of the text, in drawing units from the left.
        y: Middle of the text, in drawing units from the top.
        lon: The same place, degrees east.
        lat: The same place, degrees north.
        is_larger: Whether it is the name of a larger area.
        room: On which screens it can be shown without lying over another.
    """

    lines: tuple[str, ...]
    x: int
    y: int
    lon: float
    lat: float
    is_larger: bool = False
    room: Room = Room.NOWHERE


@dataclass(frozen=True)
class Drawing:
    """The whole drawing; its units are those of its `viewBox`.

    Attributes:
        width: Its width.
        height: Its height.
        bounds: What part of the ground it covers.
        backdrop: What lies beneath and reaches beyond it, by kind (`water`, `green`).
        shapes: The areas.
        edges: The outlines of the larger areas that they belong to.
        labels: The names of all, those of larger areas first.
    """

    width: int
    height: int
    bounds: Bounds
    backdrop: Sequence[Scenery]
    shapes: Sequence[Shape]
    edges: Sequence[Shape]
    labels: Sequence[Label]


def thin_outlines(collection: dict[str, Any], steps: int) -> dict[str, Any]:
    """Return a collection whose outlines keep their corners to about 1 / `steps` of the width.

    Neighbours stay neighbours: what two outlines share is thinned once.
    """
    features = collection["features"]
    if not features:
        return collection
    geometries = [shape(feature["geometry"]) for feature in features]
    west, _, east, _ = shapely.total_bounds(geometries)
    thinned = shapely.coverage_simplify(geometries, (east - west) / steps)
    return {
        **collection,
        "features": [
            {**feature, "geometry": mapping(geometry)}
            for feature, geometry in zip(features, thinned, strict=True)
        ],
    }


def draw_outlines(
    collection: Mapping[str, Any],
    backdrops: Mapping[str, Any],
    larger: Mapping[str, Any] | None = None,
    bounds: Bounds | None = None,
) -> Drawing | None:
    """Draw a GeoJSON FeatureCollection of areas in Web Mercator, the map's own projection.

    Sharing the projection lets the drawing lie under the moving map as it stands.

    Args:
        collection: Features with polygons in WGS 84 and the properties `code`, `name` and
            `people`; the areas with most people are labelled first.
        backdrops: Features with polygons in WGS 84 and the property `kind`, lowest first.
        larger: The areas that those of `collection` belong to, likewise. Where they are given,
            the still drawing names them and leaves the smaller ones to the moving map.
        bounds: What part of the ground it covers; without it, all of the areas and no more.

    Returns:
        The drawing, or None when there is no feature to draw.
    """
    features = collection["features"]
    if not features:
        return None
    if bounds is None:
        geometries = [shape(feature["geometry"]) for feature in features]
        bounds = Bounds(*(float(edge) for edge in shapely.total_bounds(geometries)))
    rise = _mercator(bounds.north) - _mercator(bounds.south)
    height = round(DRAWING_WIDTH * rise / (bounds.east - bounds.west))
    shapes = _draw_shapes(features, bounds)
    names = _place_labels(features, bounds)
    if larger is None:
        edges, labels = [], _choose_labels(names)
    else:
        edges = _draw_shapes(larger["features"], bounds)
        large_names = _place_labels(larger["features"], bounds)
        named = [replace(label, is_larger=True) for label in large_names]
        labels = [*_choose_labels(named), *names]
    backdrop = [
        Scenery(feature["properties"]["kind"], _write_path(shape(feature["geometry"]), bounds))
        for feature in backdrops["features"]
    ]
    return Drawing(DRAWING_WIDTH, height, bounds, backdrop, shapes, edges, labels)


def _draw_shapes(features: Iterable[Mapping[str, Any]], bounds: Bounds) -> list[Shape]:
    return [
        Shape(feature["properties"]["code"], _write_path(shape(feature["geometry"]), bounds))
        for feature in features
    ]


def _place_labels(features: Iterable[Mapping[str, Any]], bounds: Bounds) -> list[Label]:
    """Return the names of areas, those with most people first."""
    order = sorted(
        features,
        key=lambda each: (-(each["properties"]["people"] or 0), each["properties"]["code"]),
    )
    return [_place_label(feature, shape(feature["geometry"]), bounds) for feature in order]


def _mercator(lat: float) -> float:
    """Return the Web Mercator northing of a latitude, in degrees of longitude at the equator."""
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


def find_place(lon: float, lat: float, bounds: Bounds) -> tuple[int, int]:
    """Return where on a drawing of `bounds` a place on the ground is, in drawing units."""
    return _project(lon, lat, bounds)


def _project(lon: float, lat: float, bounds: Bounds) -> tuple[int, int]:
    scale = DRAWING_WIDTH / (bounds.east - bounds.west)
    return (
        round((lon - bounds.west) * scale),
        round((_mercator(bounds.north) - _mercator(lat)) * scale),
    )


def _write_path(geometry: shapely.Geometry, bounds: Bounds) -> str:
    return "".join(_write_ring(ring, bounds) for ring in _walk_rings(geometry))


def _walk_rings(geometry: shapely.Geometry) -> Iterator[shapely.LinearRing]:
    for polygon in shapely.get_parts(geometry):
        yield polygon.exterior
        yield from polygon.interiors


def _write_ring(ring: shapely.LinearRing, bounds: Bounds) -> str:
    points = [_project(lon, lat, bounds) for lon, lat in shapely.get_coordinates(ring)]
    (x, y), *rest = points[:-1]
    steps = []
    for next_x, next_y in rest:
        if (next_x, next_y) != (x, y):
            steps.append(f"l{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}{''.join(steps)}z"


def _place_label(feature: Mapping[str, Any], geometry: shapely.Geometry, bounds: Bounds) -> Label:
    """Put the name at the middle of the largest circle that fits: the roomiest place there is."""
    largest = max(shapely.get_parts(geometry), key=lambda part: float(part.area))
    middle = shapely.maximum_inscribed_circle(largest).coords[0]
    x, y = _project(middle[0], middle[1], bounds)
    lines = split_name(feature["properties"]["name"])
    return Label(lines, x, y, round(middle[0], 6), round(middle[1], 6))


def split_name(name: str) -> tuple[str, ...]:
    """Return a name in one line or, when long, in the two lines that are most alike in length."""
    words = name.split()
    if len(name) <= _LONGEST_LINE or len(words) == 1:
        return (name,)
    ways = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(ways, key=lambda lines: max(len(line) for line in lines))


def _choose_labels(candidates: Iterable[Label]) -> list[Label]:
    """Say of each label, the first ones first, where it overlaps none before it."""
    wide: list[Label] = []
    narrow: list[Label] = []
    chosen = []
    for label in candidates:
        room = Room.NOWHERE
        if _is_free(label, wide, WIDE_LABEL):
            wide.append(label)
            room = Room.WIDE
            if _is_free(label, narrow, NARROW_LABEL):
                narrow.append(label)
                room = Room.EVERYWHERE
        chosen.append(replace(label, room=room))
    return chosen


def _is_free(label: Label, placed: Iterable[Label], size: int) -> bool:
    half_width, half_height = _measure(label, size)
    if label.x - half_width < 0 or label.x + half_width > DRAWING_WIDTH:
        return False
    for other in placed:
        other_half_width, other_half_height = _measure(other, size)
        is_beside = abs(label.x - other.x) > half_width + other_half_width + size * _LABEL_GAP
        is_above = abs(label.y - other.y) > half_height + other_half_height + size * _LABEL_GAP
        if not (is_beside or is_above):
            return False
    return True


def _measure(label: Label, size: int) -> tuple[float, float]:
    """Return half the width and half the height of a label, in drawing units."""
    longest = max(len(line) for line in label.lines)
    return longest * size * _LETTER_WIDTH / 2, len(label.lines) * size * _LINE_HEIGHT / 2
