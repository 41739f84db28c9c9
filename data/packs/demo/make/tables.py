"""The tables about areas: outlines, lookups, populations, centroids."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from data.packs.demo.make import spec
from data.packs.demo.make.geography import Level
from data.packs.demo.make.oddities import tie_bow
from data.packs.demo.make.people import BANDS
from data.packs.demo.make.place import point_to_degrees, shape_to_degrees
from data.packs.demo.make.town import Town
from data.packs.demo.make.write import Cell, write_features, write_rows

Row = tuple[Cell, ...]
# Lookups that give each child one parent: kind, child, parent.
NESTING: Final = (
    ("within", ("lsoa", 2011), ("msoa", 2011)),
    ("within", ("lsoa", 2021), ("msoa", 2021)),
    ("best fit", ("lsoa", 2021), ("ward", 2025)),
    ("within", ("lsoa", 2021), ("authority", 2025)),
    ("within", ("msoa", 2011), ("authority", 2025)),
    ("within", ("msoa", 2021), ("authority", 2025)),
    ("within", ("ward", 2025), ("authority", 2025)),
)
CHANGES: Final = ("lsoa", "msoa")


def boundary_file(area_type: str, boundary_year: int) -> str:
    """Name of the file that holds the outlines of an area type and boundary year."""
    return f"{area_type}_{boundary_year}.geojson.gz"


def lookup_file(child: tuple[str, int], parent: tuple[str, int]) -> str:
    """Name of the file that looks up one kind of area in another."""
    return f"lookup_{child[0]}_{child[1]}_{parent[0]}_{parent[1]}.csv"


def write_areas(out: Path, town: Town) -> None:
    """Writes outlines, water, lookups, populations and centroids."""
    levels = town.geography.levels
    for (area_type, year), level in sorted(levels.items()):
        write_features(out / boundary_file(area_type, year), _features(town, level))
    write_features(out / "water.geojson", _water(town))
    for _, child, parent in NESTING:
        rows = _nesting(town, child, parent)
        write_rows(out / lookup_file(child, parent), ("from_code", "to_code"), rows)
    columns = ("from_code", "to_code", "change", "weight")
    for area_type in CHANGES:
        rows = _small_changes(town) if area_type == "lsoa" else _district_changes(town)
        write_rows(out / lookup_file((area_type, 2011), (area_type, 2021)), columns, rows)
    write_rows(
        out / "populations.csv.gz",
        ("area_code", "boundary_year", "age_from", "age_to", "people"),
        _populations(town),
    )
    write_rows(
        out / "centroids.csv",
        ("area_code", "boundary_year", "lon", "lat", "basis"),
        _centroids(town),
    )


def _features(town: Town, level: Level) -> Iterator[tuple[dict[str, Cell], BaseGeometry]]:
    faulty = faulty_area(town) if (level.area_type, level.boundary_year) == ("lsoa", 2011) else -1
    for number, (code, name) in enumerate(zip(level.codes, level.names, strict=True)):
        whole = level.shapes[number]
        shape = tie_bow(whole, level.shapes) if number == faulty else whole
        properties: dict[str, Cell] = {"area_code": code, "area_name": name}
        yield properties, shape_to_degrees(shape)


def faulty_area(town: Town) -> int:
    """The small area of 2011 that is published invalid: the westernmost of the hinterland."""
    shapes = town.geography.levels["lsoa", 2011].shapes
    return min(range(len(shapes)), key=lambda number: shapes[number].bounds[0])


def _water(town: Town) -> Iterator[tuple[dict[str, Cell], BaseGeometry]]:
    """Sea and river, to draw beneath everything."""
    dry = shapely.union_all(town.geography.levels["authority", 2025].shapes)
    frame = shapely.transform(town.land.outline.segmentize(45), town.blocks.warp.bend)
    open_water = frame.buffer(30).difference(dry.buffer(0.2)).buffer(-9).buffer(9)
    inside = _open_to_sea(open_water.intersection(frame)).difference(dry)
    for part in sorted(shapely.get_parts(inside), key=lambda p: -p.area):
        if part.area > 20_000:
            thin = shape_to_degrees(shapely.set_precision(part.simplify(2), 0.1))
            yield {"name": spec.RIVER, "kind": "water"}, thin


def _open_to_sea(water: BaseGeometry) -> BaseGeometry:
    """Let the sea go on eastwards, and along the coast from where the frame cuts it off."""
    sea: BaseGeometry = max(shapely.get_parts(water), key=lambda part: part.area)
    west, south, east, north = sea.bounds
    cut, reach = 60, 6000

    def find_coast(bottom: float) -> float:
        strips = shapely.get_parts(sea.intersection(box(west, bottom, east, bottom + cut)))
        return float(max(strips, key=lambda strip: strip.area).bounds[0])

    upper, lower = north - 4 * cut, south + 3 * cut
    beyond = [
        box(find_coast(upper), upper, east + reach, north + reach),
        box(find_coast(lower), south - reach, east + reach, lower),
        box(east - cut, south, east + reach, north),
    ]
    return shapely.union_all([sea, *beyond])


def _nesting(town: Town, child: tuple[str, int], parent: tuple[str, int]) -> Iterator[Row]:
    below, above = town.geography.levels[child], town.geography.levels[parent]
    for code, number in zip(below.codes, town.geography.parents(child, parent), strict=True):
        yield code, above.codes[number]


def _small_changes(town: Town) -> Iterator[Row]:
    old, new = town.geography.levels["lsoa", 2011], town.geography.levels["lsoa", 2021]
    for before, after, change, weight in town.geography.changes:
        yield old.codes[before], new.codes[after], change, f"{weight:.6f}"


def _district_changes(town: Town) -> Iterator[Row]:
    old, new = town.geography.levels["msoa", 2011], town.geography.levels["msoa", 2021]
    for number, code in enumerate(old.codes):
        inside = old.blocks == number
        total = int(town.people.old[inside].sum())
        targets = sorted(set(new.blocks[inside].tolist()))
        left = 1.0
        for target in targets:
            share = int(town.people.old[inside & (new.blocks == target)].sum()) / total
            weight = round(left if target == targets[-1] else share, 6)
            left = round(left - weight, 6)
            yield code, new.codes[target], "U" if len(targets) == 1 else "S", f"{weight:.6f}"


def _populations(town: Town) -> Iterator[Row]:
    for year in (2011, 2021):
        codes = town.geography.levels["lsoa", year].codes
        for code, people in zip(codes, town.ages[year].tolist(), strict=True):
            for (first, last), count in zip(BANDS, people, strict=True):
                yield code, year, first, last, count


def _centroids(town: Town) -> Iterator[Row]:
    """Where people live on average; a point on the ground where nobody does."""
    centres = np.array([[s.centroid.x, s.centroid.y] for s in town.blocks.shapes]).round(1)
    for year, people in ((2011, town.people.old), (2021, town.people.new)):
        level = town.geography.levels["lsoa", year]
        for number, code in enumerate(level.codes):
            mine = level.blocks == number
            basis = "population" if people[mine].sum() else "area"
            spot = level.shapes[number].representative_point()
            x, y = spot.x, spot.y
            if basis == "population":
                x, y = np.average(centres[mine], axis=0, weights=people[mine]).tolist()
                if not level.shapes[number].buffer(-8).contains(Point(x, y)):
                    x, y = _nearest_home(centres[mine], people[mine], x, y)
            yield code, year, *point_to_degrees(x, y), basis


def _nearest_home(
    centres: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    people: np.ndarray[tuple[int], np.dtype[np.int64]],
    x: float,
    y: float,
) -> tuple[float, float]:
    """Middle of the peopled block nearest to a point that fell outside its area."""
    lived = centres[people > 0]
    nearest = int(np.argmin(np.round(np.hypot(lived[:, 0] - x, lived[:, 1] - y), 1)))
    return float(lived[nearest, 0]), float(lived[nearest, 1])
