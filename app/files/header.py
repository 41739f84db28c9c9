"""Finding the row that holds the column names, in files written for people to look at."""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from app.files.columns import filled, filled_width
from app.files.problems import FileProblem, counted, listed, shorten

#: Rows looked at; title lines above a header are rarely more than a dozen.
SAMPLE_ROWS = 100

#: A header has to fill this share of what a typical row fills. Title lines fill one or two cells.
_FILLED_SHARE = 0.75

#: A header with unnamed columns fills less, but reaches as far to the right.
_GAPPY_SHARE = 0.5

#: Share of columns whose first cell looks like the data below it, above which there is no header.
_LOOKALIKE_SHARE = 1 / 3

#: Shorter texts with digits ("Q1", "2021") are as likely to be names as to be data.
_TELLING_LENGTH = 4

Sample = Sequence[tuple[int, Sequence[object]]]


class Header(NamedTuple):
    """Where the column names are.

    Attributes:
        row: 1-based row of the names; 0 when the file has none.
        cells: The cells of that row, as many as the table has columns; empty without a header.
        width: Number of columns.
        notes: Sentences on what was taken for what.
        dense: Whether a typical row fills most of its cells, so that a lone cell stands out.
    """

    row: int
    cells: list[object]
    width: int
    notes: list[str]
    dense: bool


def find_header(sample: Sample, asked: int | None, name: str) -> Header:
    """Find the header among the first rows.

    The header is the first row that fills about as many cells as a typical row does. When its
    cells look like the data below them (same codes, same repeated words) the file is taken to
    have no header. Both are noted, so that a person can say otherwise.

    Args:
        sample: The first rows, numbered from 1, blank ones included or not.
        asked: What the caller said: a row number, 0 for "none", None for "find out".
        name: The file, for sentences.

    Raises:
        FileProblem: There is nothing in the sample, or nothing in the row asked for.
    """
    rows = [(number, cells) for number, cells in sample if any(map(filled, cells))]
    if not rows:
        raise FileProblem(
            f"'{name}' holds no rows: every cell that was looked at is empty.",
            remedy="Check that the right file or sheet was chosen.",
        )
    if asked == 0:
        return _without_header(rows, [])
    if asked is not None:
        return _asked_header(rows, asked, name)
    place = _first_full(rows)
    number, cells = rows[place]
    if place == 0 and (alike := _like_data(cells, [cells for _, cells in rows[1:]])):
        note = (
            f"Row {number} looks like data rather than column names ({listed(alike, 3)}), so the "
            f"columns are numbered. If it does hold the names, set the header row to {number}."
        )
        return _without_header(rows, [note])
    notes = []
    if place:
        notes.append(
            f"The column names were taken from row {number}; "
            f"{counted(place, 'title line')} above it {'is' if place == 1 else 'are'} left out, "
            f"beginning '{shorten(next(filter(filled, rows[0][1])))}'."
        )
    return _at(rows, place, notes)


def _first_full(rows: Sample) -> int:
    """Return the place of the first row that fills, or with gaps spans, what a typical row does."""
    typical = median(sum(map(filled, cells)) for _, cells in rows)
    span = median(filled_width(cells) for _, cells in rows)
    for place, (_, cells) in enumerate(rows):
        count = sum(map(filled, cells))
        spans = filled_width(cells) >= _FILLED_SHARE * span
        if count >= _FILLED_SHARE * typical or (spans and count >= _GAPPY_SHARE * typical):
            return place
    return 0


def _asked_header(rows: Sample, asked: int, name: str) -> Header:
    for place, (number, _) in enumerate(rows):
        if number == asked:
            return _at(rows, place, [])
    raise FileProblem(
        f"'{name}' has nothing in row {asked}, which was to hold the column names.",
        remedy="Give the number of the row with the names, or 0 if there is none.",
        row=asked,
    )


def _at(rows: Sample, place: int, notes: list[str]) -> Header:
    number, cells = rows[place]
    if place == len(rows) - 1:
        notes.append(f"There are column names in row {number} and no rows below them.")
    # Unnamed columns at the right edge count only where rows put something in them; a longer
    # row than the header is that row's fault.
    width = max(
        filled_width(cells),
        *(filled_width(below) for _, below in rows[place:] if len(below) <= len(cells)),
    )
    return Header(number, list(cells[:width]), width, notes, _is_dense(rows[place:], width))


def _is_dense(rows: Sample, width: int) -> bool:
    return median(sum(map(filled, cells)) for _, cells in rows) >= _FILLED_SHARE * width


def _without_header(rows: Sample, notes: list[str]) -> Header:
    # One overlong row among many is that row's fault; its extra cells are reported with it.
    widths = Counter(filled_width(cells) for _, cells in rows)
    usual = [width for width, count in widths.items() if count > len(rows) // 20]
    width = max(usual or widths)
    return Header(0, [], width, notes, _is_dense(rows, width))


def _shape(text: str) -> str:
    """Return what a text looks like: runs of digits as 9, runs of letters as A."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", text))


def _like_data(cells: Sequence[object], below: Sequence[Sequence[object]]) -> list[str]:
    """Return those cells that look like the cells under them, if enough of them do."""
    others = [row for row in below if list(row) != list(cells)]
    alike: list[str] = []
    named = 0
    for place, cell in enumerate(cells):
        if not filled(cell):
            continue
        named += 1
        text = str(cell).strip()
        column = [str(row[place]).strip() for row in others if place < len(row)]
        column = [value for value in column if value]
        # Once is chance, or a second line of headings.
        if column.count(text) > 1 or _same_shape(text, column):
            alike.append(text)
    return alike if len(alike) > 1 and len(alike) >= _LOOKALIKE_SHARE * named else []


def _same_shape(text: str, column: list[str]) -> bool:
    """Tell whether a text with digits in it is built like most of the column."""
    if len(text) < _TELLING_LENGTH or not column or not re.search(r"\d", text):
        return False
    if re.fullmatch(r"(19|20)\d\d", text):  # a year is a common column name
        return False
    shape = _shape(text)
    return sum(_shape(value) == shape for value in column) * 2 > len(column)
