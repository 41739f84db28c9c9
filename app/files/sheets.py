"""What all spreadsheets share: choosing a sheet, finding its header, tidying its cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.files.columns import (
    check_column_count,
    filled,
    filled_width,
    name_columns,
    numbered_columns,
)
from app.files.header import SAMPLE_ROWS, Header, Sample, find_header
from app.files.limits import Limits
from app.files.problems import FileProblem, counted, listed, shorten
from app.files.table import Contents, Row, Source, Wishes, bounded, chosen, joined

_ERRORS = frozenset(
    ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    Attributes:
        name: Its name on the tab.
        hidden: Whether a person opening the workbook does not see it.
        cells: Yields (1-based row number, cells from the first column) from the top at each call.
    """

    name: str
    hidden: bool
    cells: Callable[[], Iterator[tuple[int, Sequence[object]]]]


def open_sheets(sheets: list[Sheet], source: Source, wishes: Wishes) -> Contents:
    """Choose a sheet and find its columns.

    Without a wish it is the first visible sheet that has at least two columns in some row, so
    that a cover sheet is passed over; failing that, the first visible one with any text.

    Raises:
        FileProblem: There is no such sheet, or nothing in it.
    """
    if not sheets:
        raise FileProblem(
            f"'{source.name}' is a workbook without a sheet of cells.",
            remedy="Put the table on an ordinary sheet and save it again.",
        )
    sheet, sample, notes = _choose(sheets, source, wishes)
    for _, cells in sample:
        check_column_count(filled_width(cells), wishes.limits, source.name)
    header = find_header(sample, wishes.header_row, f"{source.name}, sheet {sheet.name}")
    width = max([header.width, *(filled_width(cells) for _, cells in sample)])
    width = header.width if header.row == 0 else _table_width(header, sample, width)
    if header.row:
        cells = [*header.cells, *[None] * (width - len(header.cells))]
        columns, more = name_columns(cells, wishes.limits, source.name)
        notes += [*header.notes, *more]
    else:
        columns = numbered_columns(width)
        notes += header.notes
    return Contents(
        columns=columns,
        rows=lambda: _rows(sheet, header, columns, wishes.limits),
        sheet=sheet.name,
        sheets=[each.name for each in sheets],
        header_row=header.row,
        notes=notes,
    )


def _table_width(header: Header, sample: Sample, widest: int) -> int:
    """Take in unnamed columns at the right edge when several rows fill them."""
    below = [filled_width(cells) for number, cells in sample if number > header.row]
    beyond = [width for width in below if width > header.width]
    return widest if len(beyond) > 1 and len(beyond) * 2 >= len(below) else header.width


def _choose(sheets: list[Sheet], source: Source, wishes: Wishes) -> tuple[Sheet, Sample, list[str]]:
    names = [sheet.name for sheet in sheets]
    size = SAMPLE_ROWS + (wishes.header_row or 0)
    if wishes.sheet is not None:
        sheet = sheets[names.index(chosen(wishes.sheet, names, "sheet", source))]
        return sheet, _sample(sheet, size), []
    fallback: tuple[Sheet, Sample] | None = None
    passed: list[str] = []
    for sheet in sorted(sheets, key=lambda each: each.hidden):  # visible ones first, in order
        sample = _sample(sheet, size)
        widest = max((sum(map(filled, cells)) for _, cells in sample), default=0)
        if widest > 1:
            return sheet, sample, _choice_notes(sheet, sheets, passed)
        if widest and fallback is None:
            fallback = sheet, sample
        passed.append(sheet.name)
    if fallback is None:
        raise FileProblem(
            f"'{source.name}' has no row in any of its sheets ({listed(names)}).",
            remedy="Check that the right file was chosen and that it was saved with its data.",
        )
    return *fallback, _choice_notes(fallback[0], sheets, [])


def _choice_notes(sheet: Sheet, sheets: list[Sheet], passed: list[str]) -> list[str]:
    notes = []
    if passed:
        notes.append(
            f"{'Sheet' if len(passed) == 1 else 'Sheets'} {listed(passed)} "
            f"{'holds' if len(passed) == 1 else 'hold'} no table, so '{sheet.name}' was read."
        )
    hidden = [each.name for each in sheets if each.hidden]
    if sheet.hidden:
        notes.append(f"Sheet '{sheet.name}' is hidden in the workbook; no visible sheet has rows.")
    elif hidden:
        notes.append(f"Hidden and passed over: {listed(hidden)}.")
    others = [
        each.name
        for each in sheets
        if each is not sheet and each.name not in passed and not each.hidden
    ]
    if others:
        notes.append(f"Only sheet '{sheet.name}' was read; there is also {listed(others)}.")
    return notes


def _sample(sheet: Sheet, size: int) -> Sample:
    cells = sheet.cells()
    try:
        return list(islice(cells, size))
    finally:
        cells.close()  # type: ignore[attr-defined]  # a generator


def _rows(sheet: Sheet, header: Header, columns: list[str], limits: Limits) -> Iterator[Row]:
    width = len(columns)
    for number, raw in sheet.cells():
        if number <= header.row or not any(map(filled, raw)):
            continue
        cells: list[Any] = [_tidy(cell) for cell in raw[:width]]
        cells += [None] * (width - len(cells))
        row = Row(number, dict(zip(columns, cells, strict=True)), None, None)
        extra = [str(cell) for cell in raw[width:] if filled(cell)]
        if extra:
            problem = (
                f"Row {number} has cells to the right of the table ({listed(extra, 3)}), which "
                f"were left out. Give their column a name or remove them."
            )
            row = row._replace(problem=problem)
        yield bounded(_without_errors(row), limits)


def _tidy(cell: object) -> object:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell


def _without_errors(row: Row) -> Row:
    """Empty cells with a spreadsheet's own error in them, and say so."""
    found = [
        (name, value)
        for name, value in row.values.items()
        if isinstance(value, str) and value.startswith("#") and value in _ERRORS
    ]
    if not found:
        return row
    row.values.update(dict.fromkeys((name for name, _ in found), None))
    name, value = found[0]
    more = f" and {counted(len(found) - 1, 'other cell')}" if len(found) > 1 else ""
    problem = (
        f"Row {row.number}: the cell '{shorten(name)}'{more} holds the spreadsheet error {value} "
        f"and was left empty. Correct the formula or type the value."
    )
    return row._replace(problem=joined(row.problem, problem))
