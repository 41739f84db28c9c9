"""Rows of a pack's files made into what the areas domain loads; bad rows are reported, not lost."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import shapely
from pyproj import CRS

from app.areas.loading import NewArea, NewBackdrop, NewLookup, NewPopulation, NewPostcode
from app.areas.service import normalise_postcode
from app.files import FileProblem, Row, TableReader, open_table
from app.geo.crs import parse_crs, reproject, wgs84
from app.geo.geometry import Repaired, repair_boundary
from app.packs.cells import (
    MOST_PEOPLE,
    OLDEST,
    CellProblem,
    read_number,
    read_text,
    require_number,
    require_point,
    require_text,
)
from app.packs.manifest import (
    BackdropEntry,
    BoundaryEntry,
    CentroidEntry,
    FileEntry,
    LookupEntry,
    PackProblem,
    PopulationEntry,
    PostcodeEntry,
)
from app.packs.report import FileReport

T = TypeVar("T")

BACKDROP_KINDS = ("water", "green")
"""What can lie beneath the areas; the styles have a colour for each."""


class Place(NamedTuple):
    """A code with its point."""

    code: str
    display: str
    point: shapely.Point


@contextmanager
def open_entry(folder: Path, entry: FileEntry, columns: list[str | None]) -> Iterator[TableReader]:
    """Open a file of the manifest and make sure that it has `columns`.

    Raises:
        PackProblem: It cannot be read, or a column is missing; the sentence names both.
    """
    try:
        with open_table(folder / entry.file) as table:
            wanted = [*(name for name in columns if name), *entry.where]
            missing = [name for name in wanted if name not in table.columns]
            if missing:
                raise PackProblem(
                    f"{entry.file} has no column {', '.join(map(repr, missing))}. It has: "
                    f"{', '.join(table.columns)}. Correct `columns` in pack.toml."
                )
            yield table
    except FileProblem as problem:
        raise PackProblem(f"{entry.file}: {problem.sentence}") from None


def _read_rows(
    table: TableReader,
    entry: FileEntry,
    report: FileReport,
    make: Callable[[Row], T],
    name: Callable[[T], Hashable],
) -> list[T]:
    """Return what `make` makes of each row that `where` selects; the others are reported.

    Args:
        table: The open file.
        entry: Its entry in the manifest.
        report: Filled in.
        make: Raises CellProblem for a row that cannot be used.
        name: What may stand in the file only once.

    Raises:
        PackProblem: Not one row could be used.
    """
    made: list[T] = []
    seen: dict[Hashable, int] = {}
    for row in table:
        if any(str(row.values.get(key)) != str(value) for key, value in entry.where.items()):
            continue
        report.read += 1
        try:
            if row.problem:
                raise CellProblem(row.problem)  # noqa: TRY301 - told as any other
            each = make(row)
            first = seen.setdefault(name(each), row.number)
            if first != row.number:
                raise CellProblem(f"{name(each)!r} stands in row {first} already; keep one")  # noqa: TRY301
        except CellProblem as problem:
            report.reject(row.number, str(problem))
        else:
            made.append(each)
    if not made:
        raise PackProblem(
            f"{entry.file}: not one row could be used. Check `columns` and `where` in pack.toml."
            + "".join(f" Row {item.row}: {item.reason}." for item in report.rejections[:1])
        )
    report.accepted = len(made)
    return made


def read_areas(folder: Path, entry: BoundaryEntry, crs: CRS, report: FileReport) -> list[NewArea]:
    """Return the areas of a boundary file, outlines mended and moved into `crs`.

    Raises:
        PackProblem: The file, a column, or every row is unusable.
    """
    names = entry.columns

    def make(row: Row) -> NewArea:
        code = require_text(row, names.code)
        mended = _mend(row, code, report)
        called = read_text(row, names.name) or code
        return NewArea(code, called, True, mended.boundary, mended.repair)

    with open_entry(folder, entry, [names.code, names.name]) as table:
        system = _find_crs(entry, table)
        areas = _read_rows(table, entry, report, make, lambda area: area.code)
    moved = reproject(np.array([area.boundary for area in areas], dtype=object), system, crs)
    return [area._replace(boundary=shape) for area, shape in zip(areas, moved, strict=True)]


def read_lookup(folder: Path, entry: LookupEntry, report: FileReport) -> list[NewLookup]:
    """Return the rows of a lookup; without a weight column each counts whole."""
    names, start, end = entry.columns, entry.start, entry.end

    def make(row: Row) -> NewLookup:
        weight = require_number(row, names.weight, 0, 1) if names.weight else 1.0
        return NewLookup(
            start.area_type, start.boundary_year, require_text(row, start.column),
            end.area_type, end.boundary_year, require_text(row, end.column),
            entry.kind, weight, read_text(row, names.change),
        )  # fmt: skip

    columns = [start.column, end.column, names.weight, names.change]
    with open_entry(folder, entry, columns) as table:
        return _read_rows(table, entry, report, make, lambda row: (row.from_code, row.to_code))


def read_populations(
    folder: Path, entry: PopulationEntry, report: FileReport
) -> list[NewPopulation]:
    """Return people by area and age band; an empty `age_to` means "and over"."""
    names = entry.columns

    def make(row: Row) -> NewPopulation:
        age_from = int(require_number(row, names.age_from, 0, OLDEST))
        is_open = read_number(row, names.age_to) is None
        age_to = None if is_open else int(require_number(row, names.age_to, age_from, OLDEST))
        return NewPopulation(
            entry.area_type, entry.boundary_year, require_text(row, names.code), age_from, age_to,
            round(require_number(row, names.people, 0, MOST_PEOPLE)),
        )  # fmt: skip

    columns: list[str | None] = [names.code, names.age_from, names.age_to, names.people]
    with open_entry(folder, entry, columns) as table:
        return _read_rows(table, entry, report, make, lambda row: (row.code, row.age_from))


def read_centroids(
    folder: Path, entry: CentroidEntry, report: FileReport
) -> dict[str, shapely.Point]:
    """Return population-weighted centres in longitude and latitude, by area code."""
    names = entry.columns

    def make(row: Row) -> Place:
        code = require_text(row, names.code)
        return Place(code, code, require_point(row, names.lon, names.lat, system))

    with open_entry(folder, entry, [names.code, names.lon, names.lat]) as table:
        system = _find_crs(entry, table)
        places = _read_rows(table, entry, report, make, lambda place: place.code)
    return {place.code: place.point for place in _move(places, system)}


def read_postcodes(
    folder: Path, entry: PostcodeEntry, ending: int, report: FileReport
) -> list[NewPostcode]:
    """Return postcodes with points in longitude and latitude.

    Args:
        folder: The pack's.
        entry: The file.
        ending: How many last characters are written apart; 0 keeps the file's spelling.
        report: Filled in.
    """
    names = entry.columns

    def make(row: Row) -> Place:
        spelt = require_text(row, names.postcode)
        code = normalise_postcode(spelt)
        if not code:
            raise CellProblem(f"{names.postcode!r} is {spelt!r}; it holds no letter or digit")
        display = f"{code[:-ending]} {code[-ending:]}" if ending else " ".join(spelt.split())
        return Place(code, display, require_point(row, names.lon, names.lat, system))

    with open_entry(folder, entry, [names.postcode, names.lon, names.lat]) as table:
        system = _find_crs(entry, table)
        places = _read_rows(table, entry, report, make, lambda place: place.code)
    return [NewPostcode(*place) for place in _move(places, system)]


def read_backdrops(folder: Path, entry: BackdropEntry, report: FileReport) -> list[NewBackdrop]:
    """Return scenery, mended and moved into longitude and latitude."""
    names = entry.columns

    def make(row: Row) -> tuple[int, NewBackdrop]:
        name, kind = read_text(row, names.name) or "", require_text(row, names.kind)
        if kind not in BACKDROP_KINDS:
            known = ", ".join(BACKDROP_KINDS)
            raise CellProblem(f"{names.kind!r} is {kind!r}; it may be one of: {known}")
        return row.number, NewBackdrop(kind, name, _mend(row, name, report).boundary)

    with open_entry(folder, entry, [names.name, names.kind]) as table:
        system = _find_crs(entry, table)
        found = [each for _, each in _read_rows(table, entry, report, make, lambda pair: pair[0])]
    moved = reproject(np.array([each.shape for each in found], dtype=object), system, wgs84())
    return [each._replace(shape=shape) for each, shape in zip(found, moved, strict=True)]


def _find_crs(entry: FileEntry, table: TableReader) -> CRS:
    """Return the system the manifest states, else the file's own, else longitude and latitude."""
    stated = entry.crs or table.crs
    return parse_crs(stated) if stated else wgs84()


def _mend(row: Row, name: str, report: FileReport) -> Repaired:
    try:
        mended = repair_boundary(row.geometry)
    except ValueError as error:
        raise CellProblem(f"{name!r} {error}; draw it again, or leave it out") from None
    if mended.repair:
        report.note_repair(row.number, f"{name}: {mended.repair}")
    return mended


def _move(places: list[Place], system: CRS) -> list[Place]:
    points = np.array([place.point for place in places], dtype=object)
    moved = reproject(points, system, wgs84())
    return [place._replace(point=point) for place, point in zip(places, moved, strict=True)]
