"""Delimited text: CSV, TSV and their semicolon and pipe cousins."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from app.files.columns import (
    check_column_count,
    filled,
    misfit,
    name_columns,
    numbered_columns,
    tidy_name,
)
from app.files.header import SAMPLE_ROWS, Header, find_header
from app.files.limits import Limits
from app.files.problems import FileProblem, counted, shorten
from app.files.table import Contents, Format, Row, Source, Wishes, bounded, joined
from app.files.text import Encoding, Lines, find_encoding, is_text

DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "pipe"}

# The csv module has one ceiling for the whole process. It is what stops a quotation mark that is
# never closed from drawing the rest of the file into memory; the per-call limit is checked later.
_CEILING = 10_000_000
csv.field_size_limit(_CEILING)

#: Tables with fewer columns have rows too short for "one cell only" to mean a footnote.
_FOOTNOTE_COLUMNS = 3


class _Text(NamedTuple):
    """A file whose encoding and delimiter are known."""

    path: Path
    name: str
    encoding: Encoding
    delimiter: str
    limits: Limits


def _records(text: _Text) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield record number (1-based, as a spreadsheet counts), cells, and the lines they came from.

    Raises:
        FileProblem: A quotation mark is never closed, or a cell is beyond any limit.
    """
    encoding = text.encoding
    with text.path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        lines = Lines(stream, text.limits, text.name)
        reader = csv.reader(lines, delimiter=text.delimiter)
        number = 0
        held: tuple[int, list[str], list[str]] | None = None  # the last may prove to be unclosed
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error:
                raise _unclosed(text, number + 1, lines.taken) from None
            if held:
                yield held
            number += 1
            held = number, cells, lines.taken
            lines.taken = []
    if held:
        # A quotation mark left open swallows every line after it, so one more would vanish too.
        if len(list(csv.reader([*held[2], "x"], delimiter=text.delimiter))) == 1:
            raise _unclosed(text, number, held[2])
        yield held


def _unclosed(text: _Text, number: int, taken: list[str]) -> FileProblem:
    start = taken[0] if taken else ""
    cells = next(csv.reader([start[: _CEILING // 2]], delimiter=text.delimiter), [])
    return FileProblem(
        f"Row {number} of '{text.name}' opens a quotation mark that is never closed, in cell "
        f"{max(1, len(cells))}, so {counted(len(taken), 'line')} ran into one cell.",
        remedy="Close the quotation mark, or remove it, and try again.",
        row=number,
        field=f"cell {max(1, len(cells))}",
        value=cells[-1] if cells else None,
    )


def _sample(text: _Text, size: int) -> list[tuple[int, list[str]]]:
    """Return the first records. A fault below the first is left to the reading of rows."""
    records = _records(text)
    sample: list[tuple[int, list[str]]] = []
    try:
        for number, cells, _ in islice(records, size):
            sample.append((number, cells))
    except FileProblem:
        if not sample:
            raise
    finally:
        records.close()  # type: ignore[attr-defined]  # a generator, which holds the file open
    return sample


def find_delimiter(lines: list[str]) -> str | None:
    """Find the delimiter that cuts the first lines of a file most evenly.

    Args:
        lines: The first lines; quoted line breaks are respected.

    Returns:
        The delimiter under which the largest share of rows has the same number of cells (two at
        least); of equals, the one that makes more columns. None for a single column.
    """
    best: tuple[float, int, str] | None = None
    for delimiter in DELIMITERS:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(map(filled, row))]
        widths = Counter(map(len, rows))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width < 2:  # noqa: PLR2004  # one cell a row: this delimiter does not occur
            continue
        score = (round(count / len(rows), 2), width, delimiter)
        if best is None or score[:2] > best[:2]:
            best = score
    return best[2] if best else None


def _choose_delimiter(source: Source, wishes: Wishes, encoding: Encoding) -> tuple[str, bool]:
    """Return the delimiter, and whether the first line only announces it (Excel's "sep=;")."""
    if wishes.delimiter is not None:
        if len(wishes.delimiter) != 1 or wishes.delimiter in '"\r\n':
            raise FileProblem(
                f"'{shorten(wishes.delimiter)}' cannot separate cells.",
                remedy="Give one character: a comma, tab, semicolon or pipe.",
                field="delimiter",
                value=wishes.delimiter,
            )
        return wishes.delimiter, False
    with source.path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        lines = list(islice(Lines(stream, wishes.limits, source.name), SAMPLE_ROWS))
    first = lines[0].strip().lower() if lines else ""
    if first.startswith("sep=") and len(first) == len("sep=?"):
        return first[-1], True
    if first == "sep=":  # a tab, which strip() took
        return "\t", True
    return find_delimiter(lines) or ("\t" if source.name.lower().endswith(".tsv") else ","), False


def _open(source: Source, wishes: Wishes) -> Contents:
    encoding = find_encoding(source.path, wishes.encoding, source.name)
    delimiter, announced = _choose_delimiter(source, wishes, encoding)
    text = _Text(source.path, source.name, encoding, delimiter, wishes.limits)
    size = max(SAMPLE_ROWS, (wishes.header_row or 0) + SAMPLE_ROWS)
    sample = _sample(text, size)[1 if announced else 0 :]
    for _, cells in sample:
        check_column_count(len(cells), wishes.limits, source.name)
    header = find_header(sample, wishes.header_row, source.name)
    if header.row:
        columns, notes = name_columns(header.cells, wishes.limits, source.name)
    else:
        columns, notes = numbered_columns(header.width), []
    notes = [*([encoding.note] if encoding.note else []), *header.notes, *notes]
    if encoding.has_nul:
        notes.append("The text holds NUL characters; they are taken out and the rows say so.")
    skipped = header.row or (1 if announced else 0)
    return Contents(
        columns=columns,
        rows=lambda: _rows(text, header, columns, skipped),
        encoding=encoding.name,
        delimiter=delimiter,
        header_row=header.row,
        notes=notes,
    )


def _rows(text: _Text, header: Header, columns: list[str], skipped: int) -> Iterator[Row]:
    width = len(columns)
    most = text.limits.cell_characters
    notable = header.dense and width >= _FOOTNOTE_COLUMNS
    suspicious = text.encoding.has_nul or text.encoding.errors == "replace"
    after_blank = False
    named = [tidy_name(cell) or None for cell in header.cells]
    for number, raw, taken in _records(text):
        if number <= skipped:
            continue
        problem = _flaws(number, raw, text.encoding) if suspicious else None
        if text.encoding.has_nul:
            raw = [cell.replace("\x00", "") for cell in raw]  # noqa: PLW2901  # the same row, cleaned
        cells = [cell.strip() or None for cell in raw]
        found = len(cells) - cells.count(None)
        if not found:
            after_blank = True
            continue
        if len(cells) != width:
            check_column_count(len(cells), text.limits, text.name)
            problem = joined(problem, misfit(number, cells, columns))
            cells += [None] * (width - len(cells))
        if found == 1 and after_blank and notable:
            problem = _footnote(number, cells)
        elif found > 1:
            after_blank = False
            if named and cells[0] == named[0] and cells[:width] == named:
                problem = f"Row {number} repeats the column names. Remove it from the file."
        row = Row(number, dict(zip(columns, cells, strict=False)), None, problem)
        yield bounded(row, text.limits) if sum(map(len, taken)) > most else row


def _flaws(number: int, cells: list[str], encoding: Encoding) -> str | None:
    nul = encoding.has_nul and any("\x00" in cell for cell in cells)
    broken = encoding.errors == "replace" and any("\ufffd" in cell for cell in cells)
    return joined(
        f"Row {number} held NUL characters, which were taken out." if nul else None,
        f"Row {number} holds a character that could not be read, shown as �. Type it again."
        if broken
        else None,
    )


def _footnote(number: int, cells: list[str | None]) -> str:
    text = next(cell for cell in cells if cell)
    return (
        f"Row {number} has one filled cell after a blank row, so it reads like a footnote: "
        f"'{shorten(text)}'. Leave it out if it is one."
    )


FORMAT = Format(
    name="csv",
    title="delimited text",
    endings=(".csv", ".tsv", ".tab", ".txt", ".psv"),
    recognises=lambda _path, head: is_text(head),
    open=_open,
)
