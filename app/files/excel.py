"""Excel workbooks (.xlsx), row by row."""

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from app.files.archive import check_package, open_zip
from app.files.problems import FileProblem, counted, listed
from app.files.sheets import Sheet, open_sheets
from app.files.table import Contents, Format, Source, Wishes
from app.files.xml_parts import damaged, refuse_declarations

T = TypeVar("T")

#: Rows taken at a time, so that the library's warnings are silenced without staying silenced.
_BATCH_ROWS = 500

#: What Excel can number. A row that claims more would be preceded by blank ones without end.
_LAST_ROW = 1_048_576

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')


def _open(source: Source, wishes: Wishes) -> Contents:
    with open_zip(source.path, source.name) as package:
        check_package(package, source.path, source.name, wishes.limits)
        refuse_declarations(package, source.name)
    resources = ExitStack()
    # Handed over open, because the library would judge a path by the ending of its name.
    stream = resources.enter_context(source.path.open("rb"))
    try:
        workbook = _call(
            source,
            lambda: openpyxl.load_workbook(
                stream, read_only=True, data_only=True, keep_links=False
            ),
        )
        resources.callback(workbook.close)
        sheets = [
            Sheet(
                worksheet.title,
                worksheet.sheet_state != "visible",
                lambda worksheet=worksheet: _cells(worksheet, source),  # type: ignore[misc]
            )
            for worksheet in workbook.worksheets
            if isinstance(worksheet, ReadOnlyWorksheet)
        ]
        contents = open_sheets(sheets, source, wishes)
        contents.notes += _merged_note(workbook, contents.sheet, source)
    except BaseException:
        resources.close()
        raise
    contents.close = resources.close
    return contents


def _call(source: Source, work: Callable[[], T]) -> T:
    """Do one step of the library's work, its warnings silenced and its errors in a sentence."""
    with warnings.catch_warnings():
        # It warns of styles, validation and dates that it drops; none bears on the values.
        warnings.simplefilter("ignore")
        try:
            return work()
        except FileProblem:
            raise
        except MemoryError:
            raise
        except Exception as error:  # it lets any kind through when the XML surprises it
            raise damaged(source.name) from error


def _cells(worksheet: ReadOnlyWorksheet, source: Source) -> Iterator[tuple[int, Sequence[object]]]:
    # The stated size of a sheet is often wrong; without it the rows themselves decide.
    worksheet.reset_dimensions()
    rows = worksheet.iter_rows(values_only=True)  # type: ignore[misc]  # its stub is for the other class
    number = 0
    try:
        while batch := _call(source, lambda: list(islice(rows, _BATCH_ROWS))):
            for cells in batch:
                number += 1
                if number > _LAST_ROW:
                    raise damaged(source.name)
                yield number, cells
    finally:
        rows.close()  # it holds the sheet open


def _merged_note(workbook: Any, sheet: str | None, source: Source) -> list[str]:  # noqa: ANN401  # typed as the writable workbook, which this is not
    """Say which cells are merged: all but the first of them read as empty."""
    path = workbook[sheet]._worksheet_path  # noqa: SLF001  # the streaming reader offers no other way
    found: list[str] = []
    tail = b""
    with zipfile.ZipFile(source.path) as package, package.open(path.lstrip("/")) as part:
        while chunk := part.read(1 << 20):
            text = tail + chunk
            last = 0
            for match in _MERGED.finditer(text):
                found.append(match[1].decode())
                last = match.end()
            tail = text[max(last, len(text) - 200) :]
    if not found:
        return []
    note = (
        f"Sheet '{sheet}' has {counted(len(found), 'merged block')} ({listed(found, 3)}): the "
        f"value belongs to the first cell of each, and the others read as empty."
    )
    return [note]


def is_workbook(path: Path, head: bytes) -> bool:
    """Tell whether a file is an Excel workbook of the XML kind."""
    if not head.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as package:
            return "xl/workbook.xml" in package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


FORMAT = Format(
    name="xlsx",
    title="an Excel workbook",
    endings=(".xlsx", ".xlsm"),
    recognises=is_workbook,
    open=_open,
)
