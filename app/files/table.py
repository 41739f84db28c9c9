"""The words every format shares: a row, what was found in a file, what the caller asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from app.files.limits import Limits
from app.files.problems import FileProblem, shorten


class Row(NamedTuple):
    """One row of a table or one feature.

    Attributes:
        number: 1-based row as a spreadsheet would show it (title lines, header and blank rows
            counted; a cell with line breaks inside is still one row). For features and Parquet,
            the position of the record.
        values: Column name to value, every column present. Delimited text gives trimmed strings;
            formats with types give numbers, booleans, dates, lists. Nothing is always None.
        geometry: The feature's geometry in the reader's ``crs``, or None.
        problem: A sentence when the row is not what it should be, else None. What could be read
            is in ``values`` all the same.
    """

    number: int
    values: dict[str, Any]
    geometry: BaseGeometry | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller of ``open_table`` said about the file; None means "find out"."""

    sheet: str | None
    layer: str | None
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    limits: Limits


@dataclass(frozen=True, slots=True)
class Source:
    """One unpacked file, ready to be opened by a format.

    Attributes:
        path: Where it lies on disk.
        name: What to call it in a sentence: the name the person gave it.
        folder: A private folder for whatever a format needs to put down.
    """

    path: Path
    name: str
    folder: Path


@dataclass(slots=True)
class Contents:
    """What a format found on opening a file. ``rows`` starts from the top at every call."""

    columns: list[str]
    rows: Callable[[], Iterator[Row]]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    layer: str | None = None
    layers: list[str] = field(default_factory=list)
    header_row: int | None = None
    crs: str | None = None
    has_geometry: bool = False
    notes: list[str] = field(default_factory=list)
    close: Callable[[], None] | None = None


class Format(NamedTuple):
    """One file format: how its content is recognised and how it is opened.

    Attributes:
        name: Short name, the value of ``TableReader.format``.
        title: The format in a sentence, with its article.
        endings: File name endings people use for it, lower case, with the dot.
        recognises: Takes the unpacked file and its first bytes; looks at content only.
        open: Reads what is needed to know the columns; raises ``FileProblem``.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    recognises: Callable[[Path, bytes], bool]
    open: Callable[[Source, Wishes], Contents]


def joined(*problems: str | None) -> str | None:
    """Join the sentences about one row; None when there is none."""
    return " ".join(problem for problem in problems if problem) or None


def bounded(row: Row, limits: Limits) -> Row:
    """Return the row with over-long cells and over-detailed geometry emptied, and saying so."""
    problem = row.problem
    geometry = row.geometry
    for name, value in row.values.items():
        if isinstance(value, str | bytes) and len(value) > limits.cell_characters:
            row.values[name] = None
            problem = joined(
                problem,
                f"Row {row.number}: the cell '{shorten(name)}' holds {len(value):,} characters, "
                f"more than the {limits.cell_characters:,} allowed; it was left empty.",
            )
    if geometry is not None:
        count = int(shapely.get_num_coordinates(geometry))
        if count > limits.coordinates:
            geometry = None
            problem = joined(
                problem,
                f"Row {row.number}: the geometry has {count:,} coordinates, more than the "
                f"{limits.coordinates:,} allowed; it was left out. Simplify it and try again.",
            )
    return row if problem is row.problem else row._replace(geometry=geometry, problem=problem)


def chosen(asked: str | None, names: list[str], kind: str, source: Source) -> str:
    """Return the asked-for sheet or layer, or the first one.

    Args:
        asked: Its name, or None for the first.
        names: Those the file has; not empty.
        kind: "sheet" or "layer", for the sentence.
        source: The file, for the sentence.

    Raises:
        FileProblem: The file has none of that name.
    """
    if asked is None or asked in names:
        return names[0] if asked is None else asked
    listing = ", ".join(f"'{name}'" for name in names[:20])
    raise FileProblem(
        f"'{source.name}' has no {kind} called '{shorten(asked)}'.",
        remedy=f"Choose one of: {listing}.",
        field=kind,
        value=asked,
    )
