"""Street blocks: land between main roads, cut again and again as a town's land was sold.

Every edge is noded once, bent once and rounded once, so that whatever is made of blocks later
(neighbourhoods, districts, streets) shares the same vertices exactly.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from data.packs.demo.make.land import GRID_M, Land
from data.packs.demo.make.noise import Field, Floats
from data.packs.demo.make.zones import Ground, Zone

LONGEST_PIECE_M = 45.0
# Lines closer than this become one: coarse, so that no two nearly agree and leave a sliver.
SNAP_M = 4.0


@dataclass(frozen=True)
class Edge:
    """One stretch between two junctions.

    Attributes:
        line: Its course after the warp, local metres.
        kind: "road", "shore", "outline" or "street".
        name: Name of the main road it belongs to, or "".
        zone: The ground it runs through.
        faces: Indices of the blocks on its sides.
    """

    line: LineString
    kind: str
    name: str
    zone: Zone
    faces: tuple[int, ...]


@dataclass(frozen=True)
class Blocks:
    """All blocks and edges, with the warp that bent them.

    Attributes:
        shapes: One polygon a block, local metres.
        zones: The zone of each block.
        in_borough: Whether each block lies in the borough.
        edges: The edges between junctions.
        warp: Bends further points the same way.
    """

    shapes: list[Polygon]
    zones: list[Zone]
    in_borough: list[bool]
    edges: list[Edge]
    warp: "Warp"


class Warp:
    """A gentle bending of the whole plane, so that no street is drawn with a ruler."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._fields = [Field(rng, 500, 2400), Field(rng, 500, 2400)]
        self._fine = [Field(rng, 160, 400), Field(rng, 160, 400)]

    def bend(self, points: Floats) -> Floats:
        """Moves points, shape (n, 2), by some tens of metres; rounded to the grid."""
        broad = np.column_stack([field.at(points) for field in self._fields])
        fine = np.column_stack([field.at(points) for field in self._fine])
        moved: Floats = np.round(points + 26 * broad + 3.5 * fine, 1)
        return moved


def cut_blocks(rng: np.random.Generator, land: Land, ground: Ground) -> Blocks:
    """Cuts the land into blocks and bends every edge."""
    roads = [line for _, line in land.roads]
    borough = land.borough.boundary.intersection(land.land)
    lines = [land.land.boundary, *roads, borough]
    sites = shapely.polygonize(list(shapely.get_parts(shapely.union_all(lines, grid_size=GRID_M))))
    cuts = [
        piece.exterior
        for site in sorted(sites.geoms, key=_order)
        if land.land.contains(site.representative_point())
        for piece in _cut(rng, site, ground)
    ]
    noded = shapely.line_merge(shapely.union_all([*lines, *cuts], grid_size=SNAP_M))
    straight = sorted(shapely.get_parts(noded), key=_order)
    warp = Warp(rng)
    bent = [LineString(warp.bend(shapely.get_coordinates(_fine(line)))) for line in straight]
    whole = [(line, old) for line, old in zip(bent, straight, strict=True) if line.length > 0]
    faces = shapely.polygonize([line for line, _ in whole])
    dry = shapely.transform(land.land.segmentize(LONGEST_PIECE_M), warp.bend).buffer(-0.5)
    shapes = [
        face
        for face in sorted(faces.geoms, key=_order)
        if isinstance(face, Polygon) and dry.intersects(face.point_on_surface())
    ]
    centres = [shape.representative_point() for shape in shapes]
    zones = [ground.zone_at(point.x, point.y) for point in centres]
    sides = _sides(shapes)
    edges = [_edge(line, old, land, ground, sides) for line, old in whole]
    return Blocks(shapes, zones, [ground.in_borough(s) for s in shapes], edges, warp)


def _order(shape: BaseGeometry) -> tuple[float, ...]:
    """A stable order that does not lean on the order a library happened to return."""
    return (*np.round(shape.bounds, 1), round(shape.length, 1))


def _fine(line: LineString) -> LineString:
    return shapely.segmentize(line, LONGEST_PIECE_M)


def _cut(rng: np.random.Generator, shape: Polygon, ground: Ground) -> list[Polygon]:
    centre = shape.representative_point()
    zone = ground.zone_at(centre.x, centre.y)
    long_side, short_side, angle = _box(shape)
    size = zone.width_m * zone.length_m
    if shape.area < 0.75 * size:
        return [shape]
    if shape.area > 8 * size:
        along = long_side < 1.15 * short_side
    elif short_side > 1.5 * zone.width_m:
        along = True
    elif long_side > 1.5 * zone.length_m:
        along = False
    else:
        return [shape]
    pieces = _halve(rng, shape, angle, along=along)
    if len(pieces) < 2:
        return [shape]
    return [block for piece in pieces for block in _cut(rng, piece, ground)]


def _box(shape: Polygon) -> tuple[float, float, float]:
    """Long side, short side and direction of the long side of the smallest box around."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    a, b = float(np.hypot(*first)), float(np.hypot(*second))
    way = first if a >= b else second
    angle = float(np.arctan2(way[1], way[0])) % np.pi
    return round(max(a, b), 3), round(min(a, b), 3), round(angle, 6)


def _halve(rng: np.random.Generator, shape: Polygon, angle: float, *, along: bool) -> list[Polygon]:
    """Two or more pieces, cut along or across the long side a little off the middle."""
    turn = angle + rng.normal(0, 0.035) + (0 if along else np.pi / 2)
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))[:4]
    middle = corners.mean(axis=0)
    across = np.array([-np.sin(turn), np.cos(turn)])
    reach = (corners - middle) @ across
    middle = middle + across * (reach.max() - reach.min()) * rng.uniform(-0.07, 0.07)
    way = np.array([np.cos(turn), np.sin(turn)]) * 20_000
    blade = LineString(np.round([middle - way, middle + way], 3))
    pieces = [shapely.set_precision(p, 0.01) for p in split(shape, blade).geoms]
    return sorted((p for p in pieces if isinstance(p, Polygon) and p.area > 1), key=_order)


def _sides(shapes: list[Polygon]) -> dict[tuple[tuple[float, float], ...], list[int]]:
    """Which blocks lie beside each smallest segment, by its two ends in order."""
    sides: dict[tuple[tuple[float, float], ...], list[int]] = {}
    for index, shape in enumerate(shapes):
        for ring in (shape.exterior, *shape.interiors):
            for pair in zip(ring.coords[:-1], ring.coords[1:], strict=True):
                sides.setdefault(_segment(*pair), []).append(index)
    return sides


def _segment(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    ends = sorted(((round(a[0], 1), round(a[1], 1)), (round(b[0], 1), round(b[1], 1))))
    return tuple(ends)


def _edge(
    line: LineString,
    straight: LineString,
    land: Land,
    ground: Ground,
    sides: dict[tuple[tuple[float, float], ...], list[int]],
) -> Edge:
    middle = straight.interpolate(0.5, normalized=True)
    kind, name = "street", ""
    if land.outline.boundary.distance(middle) < 1.5 * SNAP_M:
        kind = "outline"
    elif land.land.boundary.distance(middle) < SNAP_M:
        kind = "shore"
    else:
        for road, course in land.roads:
            if not course.is_empty and course.distance(middle) < SNAP_M:
                kind, name = "road", road
                break
    faces = tuple(sides.get(_segment(line.coords[0], line.coords[1]), ()))
    return Edge(line, kind, name, ground.zone_at(middle.x, middle.y), faces)
