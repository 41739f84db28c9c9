"""Rows of a pack's files made into what the areas domain loads; bad rows are reported, not lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS

from app.areas.loading import NewArea, NewBackdrop, NewLookup, NewPopulation, NewPostcode
from app.areas.service import normalise_postcode
from app.files import FileProblem, Row, TableReader, open_table
from app.geo.crs import parse_crs, reproject, wgs84
from app.geo.geometry import repair_boundary
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

BACKDROP_KINDS = ("water", "green")
"""What can lie beneath the areas; the styles have a colour for each."""


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


def _rows(table: TableReader, entry: FileEntry, report: FileReport) -> Iterator[Row]:
    """Yield the rows that `where` selects and that could be read whole."""
    for row in table:
        if any(str(row.values.get(name)) != str(value) for name, value in entry.where.items()):
            continue
        report.read += 1
        if row.problem:
            report.reject(row.number, row.problem)
            continue
        yield row


def read_areas(folder: Path, entry: BoundaryEntry, crs: CRS, report: FileReport) -> list[NewArea]:
    """Return the areas of a boundary file, outlines mended and moved into `crs`.

    Raises:
        PackProblem: The file, a column, or every row is unusable, or a code stands twice.
    """
    found: dict[str, NewArea] = {}
    with open_entry(folder, entry, [entry.columns.code, entry.columns.name]) as table:
        system = parse_crs(entry.crs or table.crs or "EPSG:4326")
        for row in _rows(table, entry, report):
            code = _text(row, entry.columns.code)
            if not code or code in found:
                reason = f"the code {code!r} stands twice" if code else "it has no code"
                report.reject(row.number, f"{reason} (column {entry.columns.code!r})")
                continue
            try:
                boundary, repair = repair_boundary(row.geometry)
            except ValueError as error:
                report.reject(row.number, f"{code} {error}")
                continue
            if repair:
                report.note_repair(row.number, f"{code}: {repair}")
            name = _text(row, entry.columns.name) or code
            found[code] = NewArea(code, name, True, boundary, repair)
    _require(found, entry)
    report.accepted = len(found)
    shapes = np.array([area.boundary for area in found.values()], dtype=object)
    moved = reproject(shapes, system, crs)
    return [
        area._replace(boundary=shape) for area, shape in zip(found.values(), moved, strict=True)
    ]


def read_lookup(folder: Path, entry: LookupEntry, report: FileReport) -> list[NewLookup]:
    """Return the rows of a lookup; without a weight column each counts whole."""
    found: dict[tuple[str, str], NewLookup] = {}
    columns = [entry.start.column, entry.end.column, entry.columns.weight, entry.columns.change]
    with open_entry(folder, entry, columns) as table:
        for row in _rows(table, entry, report):
            start, end = _text(row, entry.start.column), _text(row, entry.end.column)
            weight = _number(row, entry.columns.weight) if entry.columns.weight else 1.0
            if not start or not end:
                empty = entry.start.column if not start else entry.end.column
                report.reject(row.number, f"{empty!r} is empty; both codes are needed")
                continue
            if weight is None or not 0 <= weight <= 1:
                said = row.values.get(entry.columns.weight or "")
                report.reject(
                    row.number,
                    f"{entry.columns.weight!r} is {said!r}; a weight is a share from 0 to 1",
                )
                continue
            found[start, end] = NewLookup(
                entry.start.area_type, entry.start.boundary_year, start,
                entry.end.area_type, entry.end.boundary_year, end,
                entry.kind, weight, _text(row, entry.columns.change),
            )  # fmt: skip
    _require(found, entry)
    report.accepted = len(found)
    return list(found.values())


def read_populations(
    folder: Path, entry: PopulationEntry, report: FileReport
) -> list[NewPopulation]:
    """Return people by area and age band."""
    found: dict[tuple[str, int], NewPopulation] = {}
    names = entry.columns
    with open_entry(folder, entry, [names.code, names.age_from, names.age_to, names.people]) as t:
        for row in _rows(t, entry, report):
            code, people = _text(row, names.code), _number(row, names.people)
            age_from, age_to = _number(row, names.age_from), _number(row, names.age_to)
            if not code or people is None or people < 0 or age_from is None:
                said = {name: row.values.get(name) for name in (names.age_from, names.people)}
                report.reject(row.number, f"{code!r}: {said} are not an age and a count of people")
                continue
            found[code, int(age_from)] = NewPopulation(
                entry.area_type, entry.boundary_year, code, int(age_from),
                None if age_to is None else int(age_to), round(people),
            )  # fmt: skip
    _require(found, entry)
    report.accepted = len(found)
    return list(found.values())


def read_centroids(
    folder: Path, entry: CentroidEntry, report: FileReport
) -> dict[str, shapely.Point]:
    """Return population-weighted centres in longitude and latitude, by area code."""
    names = entry.columns
    with open_entry(folder, entry, [names.code, names.lon, names.lat]) as table:
        pairs = [
            (code, point)
            for row in _rows(table, entry, report)
            if (code := _text(row, names.code))
            and (point := _point(row, names.lon, names.lat, report))
        ]
    _require(pairs, entry)
    report.accepted = len(pairs)
    points = np.array([point for _, point in pairs], dtype=object)
    moved = reproject(points, parse_crs(entry.crs or "EPSG:4326"), wgs84())
    return {code: point for (code, _), point in zip(pairs, moved, strict=True)}


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
    found: dict[str, tuple[str, shapely.Point]] = {}
    names = entry.columns
    with open_entry(folder, entry, [names.postcode, names.lon, names.lat]) as table:
        for row in _rows(table, entry, report):
            spelt = _text(row, names.postcode) or ""
            code = normalise_postcode(spelt)
            point = _point(row, names.lon, names.lat, report)
            if point is None:
                continue
            if not code or code in found:
                report.reject(row.number, f"the postcode {spelt!r} is empty or stands twice")
                continue
            display = f"{code[:-ending]} {code[-ending:]}" if ending else " ".join(spelt.split())
            found[code] = (display, point)
    _require(found, entry)
    report.accepted = len(found)
    points = np.array([point for _, point in found.values()], dtype=object)
    moved = reproject(points, parse_crs(entry.crs or "EPSG:4326"), wgs84())
    return [
        NewPostcode(code, display, point)
        for (code, (display, _)), point in zip(found.items(), moved, strict=True)
    ]


def read_backdrops(folder: Path, entry: BackdropEntry, report: FileReport) -> list[NewBackdrop]:
    """Return scenery, mended and moved into longitude and latitude."""
    found: list[NewBackdrop] = []
    with open_entry(folder, entry, [entry.columns.name, entry.columns.kind]) as table:
        system = parse_crs(entry.crs or table.crs or "EPSG:4326")
        for row in _rows(table, entry, report):
            name, kind = _text(row, entry.columns.name) or "", _text(row, entry.columns.kind)
            if kind not in BACKDROP_KINDS:
                known = ", ".join(BACKDROP_KINDS)
                report.reject(
                    row.number, f"{entry.columns.kind!r} is {kind!r}; it may be one of: {known}"
                )
                continue
            try:
                shape, repair = repair_boundary(row.geometry)
            except ValueError as error:
                report.reject(row.number, f"{name!r} {error}")
                continue
            if repair:
                report.note_repair(row.number, f"{name!r}: {repair}")
            found.append(NewBackdrop(kind, name, shape))
    _require(found, entry)
    report.accepted = len(found)
    shapes = np.array([each.shape for each in found], dtype=object)
    moved = reproject(shapes, system, wgs84())
    return [each._replace(shape=shape) for each, shape in zip(found, moved, strict=True)]


def _require(found: object, entry: FileEntry) -> None:
    if not found:
        raise PackProblem(
            f"{entry.file}: not one row could be used. Check `columns` and `where` in pack.toml."
        )


def _text(row: Row, column: str | None) -> str | None:
    value = row.values.get(column) if column else None
    return None if value is None else str(value).strip()


def _number(row: Row, column: str) -> float | None:
    value = row.values.get(column)
    try:
        return None if value is None else float(str(value).replace(",", ""))
    except ValueError:
        return None


def _point(row: Row, east: str, north: str, report: FileReport) -> shapely.Point | None:
    x, y = _number(row, east), _number(row, north)
    if x is None or y is None:
        report.reject(
            row.number, f"{row.values.get(east)!r}, {row.values.get(north)!r} is no point"
        )
        return None
    return shapely.Point(x, y)
