"""People of a pack and where they are: age bands, centres, postcodes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import shapely
from pyproj import CRS

from app.areas.loading import (
    POPULATION_WEIGHTED,
    Centroid,
    NewPopulation,
    NewPostcode,
)
from app.areas.service import normalise_postcode
from app.files import Row
from app.geo.crs import wgs84
from app.packs.area_entries import (
    CentroidEntry,
    PopulationEntry,
    PostcodeEntry,
)
from app.packs.cells import (
    MOST_PEOPLE,
    CellProblem,
    read_number,
    read_text,
    require_age,
    require_number,
    require_position,
    require_text,
)
from app.packs.finding import FoundSource
from app.packs.manifest import PackProblem
from app.packs.opening import CodeBook, Ledger, OpenFile, matches, read_rows
from app.packs.parts import rows_where
from app.packs.placing import Shape, move_shapes
from app.packs.report import FileReport

AgeRange = tuple[int, int | None]


class Place(NamedTuple):
    """A code with its coordinates as the file has them, and the row that it stands in.

    A point of its own for each would take longer than reading the row.
    """

    code: str
    display: str
    position: tuple[float, float]
    row: int


@dataclass
class People:
    """What a population file holds.

    Attributes:
        rows: For the areas of the place.
        totals: For every area in the file, of this place or another: people by age range.
    """

    rows: list[NewPopulation]
    totals: dict[AgeRange, dict[str, float]] = field(default_factory=dict)


def read_populations(
    found: FoundSource,
    entry: PopulationEntry,
    book: CodeBook,
    ranges: Iterable[AgeRange],
    report: FileReport,
) -> People:
    """Return people by area and age band, and for all areas of the file the people of `ranges`."""
    names = entry.columns
    people = People([], {each: {} for each in ranges})
    ledger = Ledger(book)
    counted: set[tuple[str, int]] = set()

    def make(row: Row, opened: OpenFile) -> list[NewPopulation] | None:
        code = require_text(row, opened.columns[names.code])
        is_ours = ledger.knows(code, names.code)
        if not is_ours and not people.totals:
            return None
        made = [
            NewPopulation(entry.area_type, entry.boundary_year, code, *ages, count)
            for ages, count in _read_bands(row, opened, entry)
        ]
        fresh = [each for each in made if (code, each.age_from) not in counted]
        counted.update((code, each.age_from) for each in made)
        _add_totals(people.totals, fresh)
        return made if is_ours else None

    def name(made: list[NewPopulation]) -> tuple[str, int]:
        return (made[0].code, -1 if len(made) > 1 else made[0].age_from)

    columns = [names.code, names.people, names.age_from, names.age_to, names.age]
    read = read_rows(found, entry.where, [*columns, *entry.age_columns], report, make, name)
    ledger.refuse_other_year(report.file)
    people.rows = [each for made in read for each in made]
    if names.age_from:
        _refuse_overlaps(people.rows, report.file)
    if sum(each.people for each in people.rows) > MOST_PEOPLE:
        most = max(people.rows, key=lambda each: each.people)
        raise PackProblem(
            f"{report.file}: its people add up to more than {MOST_PEOPLE:,}; {most.code} alone "
            f"has {most.people:,} in one age band. Correct it, or check `columns`."
        )
    return people


def _refuse_overlaps(rows: list[NewPopulation], file: str) -> None:
    """Refuse age bands of one area that overlap, so that people would count twice.

    Raises:
        PackProblem: There are some.
    """
    ends_of: dict[int, NewPopulation] = {}
    for row in rows:
        first = ends_of.setdefault(row.age_from, row)
        if first.age_to != row.age_to:
            raise PackProblem(
                f"{file}: ages from {row.age_from} end differently in {first.code} "
                f"({first.age_to}) and {row.code} ({row.age_to}). Write the same bands for all."
            )
    for one, other in pairwise(sorted(rows, key=lambda row: (row.code, row.age_from))):
        if one.code == other.code and (one.age_to is None or one.age_to >= other.age_from):
            ends = "and over" if one.age_to is None else f"to {one.age_to}"
            raise PackProblem(
                f"{file}: the ages of {one.code} overlap: {one.age_from} {ends}, and from "
                f"{other.age_from}. People would count twice; keep one of them by `where`."
            )


def _read_bands(row: Row, opened: OpenFile, entry: PopulationEntry) -> list[tuple[AgeRange, int]]:
    """Return the age bands of one row with their people."""
    names = entry.columns
    if entry.age_columns:
        counted = [
            (ages, _read_people(row, opened.columns[column]))
            for column, ages in entry.age_columns.items()
        ]
        return _group(counted, entry.group_from) if entry.group_from else counted
    ages: AgeRange = (0, None)
    if names.age:
        said = require_text(row, opened.columns[names.age])
        if said not in entry.age_bands:
            known = ", ".join(map(repr, entry.age_bands))
            raise CellProblem(f"{names.age!r} is {said!r}; `bands` knows {known}")
        ages = entry.age_bands[said]
    elif names.age_from:
        youngest = require_age(row, opened.columns[names.age_from], 0)
        last = opened.columns[names.age_to] if names.age_to else None
        is_open = last is None or read_number(row, last) is None
        oldest = None if last is None or is_open else require_age(row, last, youngest)
        ages = (youngest, oldest)
    return [(ages, _read_people(row, opened.columns[names.people or names.code]))]


def _group(counted: list[tuple[AgeRange, int]], starts: list[int]) -> list[tuple[AgeRange, int]]:
    """Add narrow bands up to those that begin at `starts`."""
    ends: list[int | None] = [start - 1 for start in starts[1:]]
    grouped = dict.fromkeys(zip(starts, [*ends, None], strict=True), 0)
    for (youngest, _), count in counted:
        held = max(start for start in starts if start <= youngest)
        grouped[next(ages for ages in grouped if ages[0] == held)] += count
    return list(grouped.items())


def _read_people(row: Row, column: str) -> int:
    return round(require_number(row, column, 0, MOST_PEOPLE))


def _add_totals(totals: dict[AgeRange, dict[str, float]], made: list[NewPopulation]) -> None:
    for (youngest, oldest), counted in totals.items():
        for band in made:
            is_old_enough = band.age_from >= youngest
            is_young_enough = oldest is None or (band.age_to is not None and band.age_to <= oldest)
            if is_old_enough and is_young_enough:
                counted[band.code] = counted.get(band.code, 0.0) + band.people


def read_centroids(
    found: FoundSource,
    entry: CentroidEntry,
    book: CodeBook,
    crs: CRS,
    report: FileReport,
) -> dict[str, Centroid]:
    """Return population-weighted centres in longitude and latitude, by area code.

    `crs` is the pack's projected system, which says where the place can be.
    """
    names = entry.columns
    if names is None:
        return {}
    system, ledger = wgs84(), Ledger(book)

    def make(row: Row, opened: OpenFile) -> Place | None:
        nonlocal system
        system = opened.crs
        code = require_text(row, opened.columns[names.code])
        if not ledger.knows(code, names.code):
            return None
        basis = read_text(row, opened.columns[names.basis]) if names.basis else None
        lon, lat = opened.columns[names.lon], opened.columns[names.lat]
        position = require_position(row, lon, lat, system)
        return Place(code, basis or POPULATION_WEIGHTED, position, row.number)

    columns = [names.code, names.lon, names.lat, names.basis]
    places = read_rows(found, entry.where, columns, report, make, lambda place: place.code)
    ledger.refuse_other_year(report.file)
    moved = _move(places, system, crs, report, is_wide=False)
    return {each.code: Centroid(point, each.display) for each, point in moved}


def read_postcodes(
    found: FoundSource, entry: PostcodeEntry, ending: int, crs: CRS, report: FileReport
) -> list[NewPostcode]:
    """Return postcodes with points in longitude and latitude.

    Args:
        found: The files.
        entry: What the manifest says of them.
        ending: How many last characters are written apart; 0 keeps the file's spelling.
        crs: The pack's projected system, which says where the place can be.
        report: Filled in.
    """
    names = entry.columns
    left_out = rows_where(entry.unless)
    system = wgs84()

    def make(row: Row, opened: OpenFile) -> Place | None:
        nonlocal system
        system = opened.crs
        unless = {opened.columns[column]: values for column, values in left_out.items()}
        if unless and matches(row, unless):
            return None
        spelt = require_text(row, opened.columns[names.postcode])
        code = normalise_postcode(spelt)
        if not code:
            raise CellProblem(f"{names.postcode!r} is {spelt!r}; it holds no letter or digit")
        display = f"{code[:-ending]} {code[-ending:]}" if ending else " ".join(spelt.split())
        lon, lat = opened.columns[names.lon], opened.columns[names.lat]
        position = require_position(row, lon, lat, system)
        return Place(code, display, position, row.number)

    columns = [names.postcode, names.lon, names.lat, *left_out]
    places = read_rows(found, entry.where, columns, report, make, lambda place: place.code)
    moved = _move(places, system, crs, report, is_wide=True)
    return [NewPostcode(each.code, each.display, point) for each, point in moved]


def _move(
    places: list[Place], system: CRS, crs: CRS, report: FileReport, *, is_wide: bool
) -> list[tuple[Place, shapely.Point]]:
    """Return the places that can be here, each with its point in longitude and latitude."""
    points = shapely.points([place.position for place in places]).tolist()
    shapes = [
        Shape(place.row, place.code, point) for place, point in zip(places, points, strict=True)
    ]
    moved = move_shapes(shapes, system, wgs84(), crs, report, is_wide=is_wide)
    return [
        (place, point)
        for place, point in zip(places, moved, strict=True)
        if isinstance(point, shapely.Point)
    ]
