"""Rows of a pack's files made into what the areas domain loads."""

from typing import NamedTuple

import numpy as np
import shapely
from pyproj import CRS

from app.areas.loading import (
    NewArea,
    NewBackdrop,
    NewLookup,
)
from app.files import Row
from app.geo.cells import find_parent_cell, normalise_cell, outline_cell
from app.geo.crs import reproject, wgs84
from app.geo.geometry import Repaired, keep_valid, repair_boundary
from app.packs.area_entries import (
    BackdropEntry,
    BoundaryEntry,
    LookupEnd,
    LookupEntry,
    NamesEntry,
    WithinEntry,
)
from app.packs.cells import (
    CellProblem,
    read_text,
    require_number,
    require_text,
)
from app.packs.finding import FoundSource
from app.packs.opening import CodeBook, Ledger, OpenFile, read_rows
from app.packs.placing import Shape, move_shapes
from app.packs.report import FileReport

BACKDROP_KINDS = ("water", "green")
"""What can lie beneath the areas; the styles have a colour for each."""


class Member(NamedTuple):
    """A smaller area and the larger one it is part of."""

    small: str
    large: str
    name: str


def read_areas(
    found: FoundSource, entry: BoundaryEntry, crs: CRS, report: FileReport
) -> list[NewArea]:
    """Return the areas of a boundary file, outlines mended and moved into `crs`.

    Raises:
        PackProblem: The file, a column, or every row is unusable.
    """
    names = entry.columns
    system = wgs84()
    rows: dict[str, int] = {}

    def make(row: Row, opened: OpenFile) -> NewArea:
        nonlocal system
        system = opened.crs
        code = require_text(row, opened.columns[names.code])
        rows.setdefault(code, row.number)
        mended = _mend(row, code, report)
        called = read_text(row, opened.columns[names.name]) if names.name else None
        return NewArea(code, called or code, not entry.margin, mended.boundary, mended.repair)

    columns = [names.code, names.name]
    areas = read_rows(found, entry.where, columns, report, make, lambda area: area.code)
    shapes = [Shape(rows[area.code], area.code, area.boundary) for area in areas]
    is_wide = entry.margin or entry.within is not None
    moved = move_shapes(shapes, system, crs, crs, report, is_wide=is_wide)
    return [
        area._replace(boundary=keep_valid(shape))
        for area, shape in zip(areas, moved, strict=True)
        if isinstance(shape, shapely.MultiPolygon)
    ]


def read_cells(
    found: FoundSource, entry: BoundaryEntry, crs: CRS, report: FileReport
) -> list[NewArea]:
    """Return the H3 cells that a file names, or the coarser ones that hold them, as areas."""
    names = entry.columns
    coarser: dict[str, NewArea] = {}

    def make(row: Row, opened: OpenFile) -> NewArea | None:
        code = _read_cell(row, opened.columns[names.code], names.code, entry.resolution)
        called = read_text(row, opened.columns[names.name]) if names.name else None
        area = NewArea(code, called or code, True, _outline_cell(code, names.code), None)
        if entry.resolution is None:
            return area
        return None if code in coarser else coarser.setdefault(code, area)

    columns = [names.code, names.name]
    areas = read_rows(found, entry.where, columns, report, make, lambda area: area.code)
    shapes = np.array([area.boundary for area in areas], dtype=object)
    moved = reproject(shapes, wgs84(), crs)
    return [area._replace(boundary=shape) for area, shape in zip(areas, moved, strict=True)]


def _read_cell(row: Row, column: str, named: str, resolution: int | None) -> str:
    cell = require_text(row, column)
    try:
        return normalise_cell(cell) if resolution is None else find_parent_cell(cell, resolution)
    except ValueError as error:
        raise CellProblem(f"{named!r}: {error}") from None


def _outline_cell(code: str, named: str) -> shapely.MultiPolygon:
    try:
        return shapely.MultiPolygon([outline_cell(code)])
    except ValueError as error:
        raise CellProblem(f"{named!r}: {error}") from None


def read_members(
    found: FoundSource, entry: BoundaryEntry, smaller: CodeBook, report: FileReport
) -> list[Member]:
    """Return which smaller areas make up the larger ones that are to be dissolved from them."""
    names, member = entry.columns, entry.member_column or ""
    ledger = Ledger(smaller)

    def make(row: Row, opened: OpenFile) -> Member | None:
        small = require_text(row, opened.columns[member])
        if not ledger.knows(small, member):
            return None
        large = require_text(row, opened.columns[names.code])
        called = read_text(row, opened.columns[names.name]) if names.name else None
        return Member(small, large, called or large)

    columns = [member, names.code, names.name]
    members = read_rows(
        found, entry.where, columns, report, make, lambda row: (row.small, row.large)
    )
    ledger.refuse_other_year(report.file)
    return members


def read_names(
    found: FoundSource, entry: NamesEntry, known: frozenset[str], report: FileReport
) -> dict[str, str]:
    """Return names by area code, of the areas in `known`; those the file leaves blank are not."""
    names = entry.columns

    def make(row: Row, opened: OpenFile) -> tuple[str, str] | None:
        code = require_text(row, opened.columns[names.code])
        name = read_text(row, opened.columns[names.name or names.code])
        return (code, name) if name and code in known else None

    columns = [names.code, names.name]
    return dict(read_rows(found, entry.where, columns, report, make, lambda pair: pair[0]))


def read_codes(found: FoundSource, entry: WithinEntry, report: FileReport) -> frozenset[str]:
    """Return the codes in a column; one that stands in several rows counts once."""

    def make(row: Row, opened: OpenFile) -> str:
        return require_text(row, opened.columns[entry.column])

    return frozenset(read_rows(found, entry.where, [entry.column], report, make, None))


def read_lookup(
    found: FoundSource, entry: LookupEntry, start: CodeBook, end: CodeBook, report: FileReport
) -> list[NewLookup]:
    """Return the rows of a lookup that name an area of the place; without a weight each is whole.

    A row is of another place when both its ends are. A pair may stand in many rows, as in lookups
    of smaller areas than these, and counts once.
    """
    names, first, second = entry.columns, entry.start, entry.end
    starts, ends = Ledger(start), Ledger(end)
    read: dict[tuple[str, str], NewLookup] = {}

    def make(row: Row, opened: OpenFile) -> NewLookup | None:
        from_code = _read_end(row, opened, first, start, None)
        to_code = _read_end(row, opened, second, end, entry.resolution)
        is_from = starts.knows(from_code, first.column)
        is_to = ends.knows(to_code, second.column)
        if not is_from and not is_to:
            return None
        weight = require_number(row, opened.columns[names.weight], 0, 1) if names.weight else 1.0
        change = read_text(row, opened.columns[names.change]) if names.change else None
        made = NewLookup(
            first.area_type, first.boundary_year, from_code,
            second.area_type, second.boundary_year, to_code, entry.kind, weight, change,
        )  # fmt: skip
        if read.setdefault((from_code, to_code), made) != made:
            raise CellProblem(f"{from_code} to {to_code} stands twice, and differs; keep one")
        return made

    columns = [first.column, second.column, names.weight, names.change]
    read_rows(found, entry.where, columns, report, make, None)
    starts.refuse_other_year(report.file)
    return list(read.values())


def _read_end(
    row: Row, opened: OpenFile, end: LookupEnd, book: CodeBook, resolution: int | None
) -> str:
    """Return the code at one end of a lookup's row, from a code, a name or a smaller cell."""
    if resolution is not None:
        return _read_cell(row, opened.columns[end.column], end.column, resolution)
    text = require_text(row, opened.columns[end.column])
    kept = text[: len(text) - end.drop_last].strip()
    if end.by == "code":
        return kept
    code = book.names.get(kept, kept)
    if not code:
        raise CellProblem(f"{end.column!r} is {kept!r}, the name of several areas; use their codes")
    return code


def read_backdrops(
    found: FoundSource, entry: BackdropEntry, report: FileReport
) -> list[NewBackdrop]:
    """Return scenery, mended and moved into longitude and latitude."""
    names = entry.columns
    system = wgs84()

    def make(row: Row, opened: OpenFile) -> NewBackdrop:
        nonlocal system
        system = opened.crs
        name = read_text(row, opened.columns[names.name]) or ""
        kind = require_text(row, opened.columns[names.kind])
        if kind not in BACKDROP_KINDS:
            known = ", ".join(BACKDROP_KINDS)
            raise CellProblem(f"{names.kind!r} is {kind!r}; it may be one of: {known}")
        return NewBackdrop(kind, name, _mend(row, name, report).boundary)

    columns = [names.name, names.kind]
    shapes = read_rows(found, entry.where, columns, report, make, None)
    moved = reproject(np.array([each.shape for each in shapes], dtype=object), system, wgs84())
    return [each._replace(shape=shape) for each, shape in zip(shapes, moved, strict=True)]


def _mend(row: Row, name: str, report: FileReport) -> Repaired:
    try:
        mended = repair_boundary(row.geometry)
    except ValueError as error:
        raise CellProblem(f"{name!r} {error}; draw it again, or leave it out") from None
    if mended.repair:
        report.note_repair(row.number, f"{name}: {mended.repair}")
    return mended
