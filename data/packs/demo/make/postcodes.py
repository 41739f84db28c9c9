"""Postcodes of an area that the Royal Mail never used, each beside a street where people live."""

from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely import Point, Polygon

from data.packs.demo.make import spec
from data.packs.demo.make.noise import Floats
from data.packs.demo.make.people import share_out
from data.packs.demo.make.place import point_to_degrees
from data.packs.demo.make.town import Town, dice
from data.packs.demo.make.write import Cell, write_rows

POSTCODES: Final = 2500
LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"  # the Royal Mail's inward letters
SETBACK_M: Final = 13.0
# Which rows are odd, counted from 0: no space, lower case, on a border between two areas.
NO_SPACE, LOWER_CASE, ON_BORDER = 311, 1207, 1911


def write_postcodes(out: Path, town: Town) -> list[tuple[str, float, float, str]]:
    """Writes the postcodes and returns them: postcode, lon, lat, small area of 2021."""
    level = town.geography.levels["lsoa", 2021]
    rng = dice(20)
    counts = share_out(town.people_of(2021).astype(np.float64), POSTCODES)
    units = _Units(town)
    rows: list[tuple[str, float, float, str]] = []
    for number, code in enumerate(level.codes):
        for x, y in _doors(rng, town, number, int(counts[number])):
            rows.append((units.take(number), *point_to_degrees(x, y), code))
    rows.sort(key=lambda row: _sorting(row[0]))
    _make_odd(town, rows)
    cells: list[tuple[Cell, ...]] = [(p, f"{lon:.6f}", f"{lat:.6f}", a) for p, lon, lat, a in rows]
    write_rows(out / "postcodes.csv.gz", ("postcode", "lon", "lat", "area_code"), cells)
    return rows


def _sorting(postcode: str) -> tuple[int, str]:
    outward, inward = postcode.split()
    return int(outward[2:]), inward


class _Units:
    """Hands out unit postcodes: a district a ward, a sector for neighbours."""

    def __init__(self, town: Town) -> None:
        geography = town.geography
        ward = geography.parents(("lsoa", 2021), ("ward", 2025))
        shapes = geography.levels["ward", 2025].shapes
        cross = Point(spec.CROSS)
        nearest = sorted(
            range(len(shapes)), key=lambda n: round(cross.distance(shapes[n].centroid))
        )
        district = {number: place + 1 for place, number in enumerate(nearest)}
        self._sector: list[str] = []
        self._used: dict[str, int] = {}
        seen: dict[int, int] = {}
        for number, own in enumerate(ward):
            place = seen.get(own, 0)
            seen[own] = place + 1
            size = ward.count(own)
            self._sector.append(f"HF{district[own]} {(1 + place * min(size, 9) // size) % 10}")
            del number

    def take(self, area: int) -> str:
        """The next unused postcode of a small area."""
        sector = self._sector[area]
        place = self._used.get(sector, 0)
        self._used[sector] = place + 1
        step = place * 7 % 400  # 7 and 400 share no factor: all 400 units come up once
        return f"{sector}{LETTERS[step // 20]}{LETTERS[step % 20]}"


def _doors(
    rng: np.random.Generator, town: Town, area: int, count: int
) -> list[tuple[float, float]]:
    """Points beside streets of an area, more where more people live."""
    level = town.geography.levels["lsoa", 2021]
    blocks = np.flatnonzero((level.blocks == area) & (town.people.new > 0))
    if not count:
        return []
    weights = town.people.new[blocks] / town.people.new[blocks].sum()
    inside = level.shapes[area].buffer(-2)
    shapely.prepare(inside)
    doors: list[tuple[float, float]] = []
    while len(doors) < count:
        block = int(rng.choice(blocks, p=weights))
        door = front_door(rng, town.blocks.shapes[block])
        if door and inside.contains(Point(door)):
            doors.append(door)
    return doors


def front_door(rng: np.random.Generator, block: Polygon) -> tuple[float, float] | None:
    """A point just inside a block, as a front door lies behind its street."""
    ring = block.exterior
    along = round(float(rng.uniform(0, ring.length)), 1)
    on: Floats = np.array(ring.interpolate(along).coords[0])
    further: Floats = np.array(ring.interpolate(along + 4).coords[0])
    way = further - on
    if not way.any():
        return None
    side = np.array([-way[1], way[0]]) / np.hypot(*way) * SETBACK_M
    for spot in (on + side, on - side):
        point = Point(np.round(spot, 1))
        if block.contains(point) and ring.distance(point) > 0.7 * SETBACK_M:
            return point.x, point.y
    return None


def _make_odd(town: Town, rows: list[tuple[str, float, float, str]]) -> None:
    """Spoils three rows the way published lists are spoilt."""
    postcode, lon, lat, code = rows[NO_SPACE]
    rows[NO_SPACE] = (postcode.replace(" ", ""), lon, lat, code)
    postcode, lon, lat, code = rows[LOWER_CASE]
    rows[LOWER_CASE] = (postcode.lower(), lon, lat, code)
    postcode, _, _, code = rows[ON_BORDER]
    level = town.geography.levels["lsoa", 2021]
    own = level.shapes[level.codes.index(code)]
    shared = [
        vertex
        for vertex in shapely.get_coordinates(own).tolist()
        if sum(shape.touches(Point(vertex)) for shape in level.shapes) == 2
    ]
    x, y = sorted(shared)[len(shared) // 2]
    rows[ON_BORDER] = (postcode, *point_to_degrees(x, y), code)
