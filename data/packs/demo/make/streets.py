"""A walkable network: the edges between blocks, thinned where nobody would have laid a street."""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from data.packs.demo.make import names, spec
from data.packs.demo.make.blocks import Edge
from data.packs.demo.make.place import to_degrees
from data.packs.demo.make.town import Town, dice
from data.packs.demo.make.write import Cell, write_rows

Spot = tuple[float, float]
NODE_COLUMNS: Final = ("node_id", "lon", "lat")
EDGE_COLUMNS: Final = ("from_node", "to_node", "length_m", "kind", "name")
LONGEST_M: Final = 320.0
LONGEST_PATH_M: Final = 110.0  # paths follow shores: straight lines would cut across water
LONGEST_STREET_M: Final = 800.0
SHARPEST_TURN: Final = 0.5  # radians within which a street keeps its name
PATHS: Final = {"park": 1.0, "marsh": 1.0, "fields": 0.7, "estate": 0.25, "new-build": 0.18}


@dataclass(frozen=True)
class Way:
    """One stretch that can be walked.

    Attributes:
        course: Its points, local metres.
        kind: "street", "footway", "steps" or "bridge".
        name: Its name, or "".
        zone: Name of the zone it lies in.
    """

    course: tuple[Spot, ...]
    kind: str
    name: str
    zone: str

    @property
    def ends(self) -> tuple[Spot, Spot]:
        """Its first and last point."""
        return self.course[0], self.course[-1]

    @property
    def length_m(self) -> float:
        """Its length along all points."""
        return float(sum(np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(self.course)))


class _Joined:
    """Which junctions are joined so far."""

    def __init__(self) -> None:
        self._above: dict[Spot, Spot] = {}

    def root(self, spot: Spot) -> Spot:
        while (above := self._above.setdefault(spot, spot)) != spot:
            self._above[spot] = self._above[above]
            spot = above
        return spot

    def join(self, a: Spot, b: Spot) -> bool:
        """Joins two junctions; whether they were apart before."""
        first, second = self.root(a), self.root(b)
        self._above[first] = second
        return first != second


def lay_streets(town: Town) -> list[Way]:
    """Every walkable stretch: connected, with one bridge and no other way over the river."""
    rng = dice(30)
    kept: list[Way] = []
    spare: list[Way] = []
    for edge in town.blocks.edges:
        way = _way(rng, edge)
        if way is not None:
            keep = edge.kind == "road" or rng.random() < _share(edge)
            (kept if keep else spare).append(way)
    kept.append(_bridge(town, kept))
    joined = _Joined()
    for way in kept:
        joined.join(*way.ends)
    kept += [way for way in spare if joined.join(*way.ends)]
    main = joined.root(kept[0].ends[0])
    return _name(rng, [way for way in kept if joined.root(way.ends[0]) == main], town)


def write_streets(out: Path, ways: list[Way]) -> None:
    """Writes nodes and edges; long stretches get nodes on the way, so that bends are kept."""
    pieces = [piece for way in ways for piece in _short(way)]
    spots = sorted({spot for piece in pieces for spot in piece.ends}, key=lambda s: (-s[1], s[0]))
    number = {spot: index + 1 for index, spot in enumerate(spots)}
    degrees = to_degrees(np.array(spots)).tolist()
    write_rows(
        out / "street_nodes.csv.gz",
        NODE_COLUMNS,
        [(i + 1, f"{lon:.6f}", f"{lat:.6f}") for i, (lon, lat) in enumerate(degrees)],
    )
    rows: list[tuple[Cell, ...]] = []
    for piece in pieces:
        start, end = sorted(number[spot] for spot in piece.ends)
        if start != end:
            rows.append((start, end, f"{max(piece.length_m, 0.1):.1f}", piece.kind, piece.name))
    write_rows(out / "street_edges.csv.gz", EDGE_COLUMNS, sorted(rows, key=str))


def _way(rng: np.random.Generator, edge: Edge) -> Way | None:
    if edge.kind == "outline" or edge.line.is_ring:
        return None
    course = tuple((round(x, 1), round(y, 1)) for x, y in edge.line.coords)
    kind = "street"
    if edge.kind == "shore" or (
        edge.kind == "street" and rng.random() < PATHS.get(edge.zone.name, 0.04)
    ):
        kind = "footway"
    elif edge.zone.name == "old town" and edge.line.length < 70 and rng.random() < 0.08:
        kind = "steps"
    return Way(course, kind, edge.name, edge.zone.name)


def _share(edge: Edge) -> float:
    if edge.kind != "shore":
        return edge.zone.streets
    return 0.0 if edge.zone.name in ("docks", "marsh", "fields") else 0.85


def _bridge(town: Town, ways: list[Way]) -> Way:
    """The bridge, between the two junctions nearest to where it was drawn."""
    ends = town.blocks.warp.bend(np.array(town.land.bridge.coords))
    spots = np.array(sorted({spot for way in ways for spot in way.ends}))
    course = []
    for end in (ends[0], ends[-1]):
        apart = np.round(((spots - end) ** 2).sum(axis=1), 1)
        x, y = spots[int(np.argmin(apart))].tolist()
        course.append((x, y))
    return Way(tuple(course), "bridge", "Hadder Bridge", "water")


def _short(way: Way) -> list[Way]:
    """The stretch cut at its own bends into pieces no longer than allowed."""
    longest = LONGEST_M if way.kind != "footway" else LONGEST_PATH_M
    if way.length_m <= longest or len(way.course) < 3:
        return [way]
    pieces, start, length = [], 0, 0.0
    for index, (a, b) in enumerate(pairwise(way.course)):
        length += float(np.hypot(b[0] - a[0], b[1] - a[1]))
        if length > longest / 2 and index + 1 < len(way.course) - 1:
            pieces.append(replace(way, course=way.course[start : index + 2]))
            start, length = index + 1, 0.0
    return [*pieces, replace(way, course=way.course[start:])]


def _name(rng: np.random.Generator, ways: list[Way], town: Town) -> list[Way]:
    """Names that run on while a street keeps its direction."""
    at: dict[Spot, list[int]] = {}
    for index, way in enumerate(ways):
        for spot in way.ends:
            at.setdefault(spot, []).append(index)
    named = {index: way.name for index, way in enumerate(ways) if way.name}
    used = {way.name for way in ways}
    for index, way in enumerate(ways):
        if index in named or way.kind == "footway":
            continue
        name = names.street_name(rng, way.zone, used)
        named[index] = name
        length = way.length_m
        for end in way.ends:
            here, spot = index, end
            while length < LONGEST_STREET_M:
                onward = _onward(ways, at[spot], here, spot, named)
                if onward is None or ways[onward].zone != way.zone:
                    break
                named[onward] = name
                length += ways[onward].length_m
                ends = ways[onward].ends
                here, spot = onward, ends[0] if ends[1] == spot else ends[1]
    done = [replace(way, name=named.get(index, "")) for index, way in enumerate(ways)]
    return _ferry(done, town)


def _onward(
    ways: list[Way], near: list[int], here: int, spot: Spot, named: dict[int, str]
) -> int | None:
    """The unnamed stretch that goes on most nearly straight, if any does."""
    best, least = None, SHARPEST_TURN
    coming = _heading(ways[here], spot) + np.pi
    for other in near:
        if other == here or other in named or ways[other].kind == "footway":
            continue
        turn = abs((_heading(ways[other], spot) - coming + np.pi) % (2 * np.pi) - np.pi)
        if turn < least:
            best, least = other, round(float(turn), 6)
    return best


def _heading(way: Way, spot: Spot) -> float:
    """Direction in which a stretch leaves one of its ends, radians."""
    a, b = way.course[:2] if way.course[0] == spot else way.course[:-3:-1]
    return float(np.arctan2(b[1] - a[1], b[0] - a[0]))


def _ferry(ways: list[Way], town: Town) -> list[Way]:
    """Names the two landings of the foot ferry; the crossing itself cannot be walked."""
    for side, spot in zip(("north", "south"), spec.FERRY, strict=True):
        end = town.blocks.warp.bend(np.array([spot]))[0]
        shore = [index for index, way in enumerate(ways) if way.kind == "footway"]
        nearest = min(
            shore,
            key=lambda i: round(float(np.hypot(*(np.array(ways[i].course[0]) - end))), 1),
        )
        ways[nearest] = replace(ways[nearest], name=f"Ferry landing, {side} bank")
    return ways
