"""Land and water before any street: the study area's edge, the coast, the river, the roads."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from data.packs.demo.make import spec
from data.packs.demo.make.noise import Floats, roughen, smooth

GRID_M = 0.1


@dataclass(frozen=True)
class Land:
    """The ground the town is built on, in local metres before the final warp.

    Attributes:
        land: All land, north and south of the river.
        outline: The study area's edge, sea included.
        spit: The part of the land that is sand.
        docks: Water of the docks and the old harbour.
        creek: A tidal creek in the southern marsh.
        roads: Named main roads, clipped to land.
        bridge: The line between the two ends of the bridge.
        borough: Inside the borough's edge.
    """

    land: BaseGeometry
    outline: Polygon
    spit: BaseGeometry
    docks: BaseGeometry
    creek: BaseGeometry
    roads: tuple[tuple[str, BaseGeometry], ...]
    bridge: LineString
    borough: Polygon


def lay_land(rng: np.random.Generator) -> Land:
    """Draws the land, the water and the main roads."""
    outline = _outline(rng)
    coast = smooth(roughen(rng, np.array(spec.COAST), 0.09, 220), 2)
    ground = shapely.make_valid(Polygon([(-3000, 7600), *coast, (-3000, -500)]))
    river = _river(rng)
    spit = (
        LineString(smooth(np.array(spec.SPIT), 3))
        .buffer(62)
        .difference(Point(spec.SPIT[-1]).buffer(30))
    )
    docks = shapely.union_all([Polygon(corners) for corners in spec.BASINS])
    creek = LineString(smooth(np.array(spec.CREEK), 3)).buffer(28)
    shore = ground.difference(river)
    # Corners at the mouth are rounded as a tide would round them.
    shore = shore.buffer(-60).buffer(110).buffer(-50)
    shore = shapely.union_all([shore, spit]).buffer(25).buffer(-25)
    shore = shore.difference(shapely.union_all([river.difference(spit), docks, creek]))
    # Rounding leaves bumps where it meets the study area's edge far out: clip last.
    land = shapely.set_precision(shore.intersection(outline).simplify(1.5), GRID_M)
    land = MultiPolygon([Polygon(p.exterior) for p in shapely.get_parts(land) if p.area > 50_000])
    borough = _borough(rng)
    roads = tuple((name, line.intersection(land)) for name, line in _roads(rng))
    return Land(land, outline, spit, docks, creek, roads, _bridge(land), borough)


def _outline(rng: np.random.Generator) -> Polygon:
    """The study area's edge: ragged on land, ruled out at sea."""
    points = np.array(spec.OUTLINE, dtype=np.float64)
    first, last = spec.OUTLINE_AT_SEA
    west = roughen(rng, np.vstack([points[last:-1], points[: first + 1]]), 0.11, 160)
    return Polygon(np.vstack([west, points[first + 1 : last]]))


def _river(rng: np.random.Generator) -> Polygon:
    middle = smooth(np.array([(x, y) for x, y, _ in spec.CHANNEL], dtype=np.float64), 3)
    xs = np.array([x for x, _, _ in spec.CHANNEL], dtype=np.float64)
    halves = np.array([half for _, _, half in spec.CHANNEL], dtype=np.float64)
    half = np.interp(middle[:, 0], xs, halves)
    along = np.gradient(middle, axis=0)
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    side = np.column_stack([-along[:, 1], along[:, 0]])
    north = roughen(rng, middle + side * half[:, None], 0.07, 60)
    south = roughen(rng, middle - side * half[:, None], 0.07, 60)
    return Polygon(np.vstack([north, south[::-1]])).buffer(8).buffer(-8)


def _borough(rng: np.random.Generator) -> Polygon:
    (x, y), (east, north) = spec.BOROUGH
    turn = np.linspace(0, 2 * np.pi, 19)
    reach = np.clip(rng.normal(1, 0.055, len(turn)), 0.9, 1.1)
    ring = np.column_stack(
        [x + east * reach * np.cos(turn), y + north * reach * np.sin(turn)]
    ).round(1)
    ring[-1] = ring[0]
    return Polygon(roughen(rng, ring, 0.11, 220))


def _roads(rng: np.random.Generator) -> list[tuple[str, LineString]]:
    lines: list[tuple[str, LineString]] = []
    for name, points in spec.ROADS:
        lines.append((name, LineString(roughen(rng, np.array(points, dtype=float), 0.04, 330))))
    for name, radius, arcs in spec.RINGS:
        for start, end in arcs:
            turn = np.radians(np.arange(start, end + 0.1, 15))
            wobble = 1 + rng.normal(0, 0.035, len(turn))
            if end - start == 360:
                wobble[-1] = wobble[0]
            ring = np.column_stack(
                [
                    spec.BRIDGE_X + radius * wobble * np.cos(turn),
                    3430 + radius * wobble * np.sin(turn),
                ]
            )
            lines.append((name, LineString(np.round(ring, 1))))
    for name, x, y, radius in spec.VILLAGES:
        turn = rng.uniform(0, np.pi)
        lane: Floats = np.array([[np.cos(turn), np.sin(turn)], [-np.cos(turn), -np.sin(turn)]])
        ends = np.array([x, y]) + lane * radius * 1.5
        lines.append((f"{name.split()[-1]} Lane", LineString(roughen(rng, ends, 0.08, 200))))
    return lines


def _bridge(land: BaseGeometry) -> LineString:
    """The crossing of the river by Bridge Street: the gap between two shores."""
    line = LineString(roughen(np.random.default_rng(0), np.array([*spec.ROADS[0][1]]), 0, 330))
    gap = line.difference(land)
    return LineString(max(shapely.get_parts(gap), key=lambda part: part.length))
