"""Older Excel (.xls) and OpenDocument (.ods) spreadsheets, held in memory one sheet at a time."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import python_calamine

from app.files.archive import check_package, open_zip
from app.files.limits import Limits
from app.files.problems import FileProblem, LimitPassed, UnknownFormat
from app.files.sheets import Sheet, open_sheets
from app.files.table import Contents, Format, Source, Wishes
from app.files.xml_parts import check_repeats, damaged, refuse_declarations

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: Beyond this a floating-point number no longer counts in ones.
_WHOLE = 2.0**53


def _open_ods(source: Source, wishes: Wishes) -> Contents:
    with open_zip(source.path, source.name) as package:
        check_package(package, source.path, source.name, wishes.limits)
        refuse_declarations(package, source.name)
        if b"encryption-data" in _manifest(package):
            raise _locked(source)
        check_repeats(package, wishes.limits, source.name)
    return _open(source, wishes)


def _manifest(package: zipfile.ZipFile) -> bytes:
    try:
        return package.read("META-INF/manifest.xml")
    except KeyError:
        return b""


def _open_xls(source: Source, wishes: Wishes) -> Contents:
    """Open an older Excel file; the same container also holds other kinds, told apart here."""
    found = _streams(source.path)
    if "EncryptedPackage" in found:
        raise _locked(source)
    if not found & {"Workbook", "Book"}:
        raise UnknownFormat(
            f"'{source.name}' is an older Office file, but not a spreadsheet.",
            remedy="Put the table in a spreadsheet or CSV file and try again.",
        )
    return _open(source, wishes)


def _streams(path: Path) -> set[str]:
    """Return which of the telling stream names occur in an Office compound file."""
    names = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book")}
    found: set[str] = set()
    tail = b""
    with path.open("rb") as stream:
        while chunk := tail + stream.read(1 << 20):
            found |= {name for name, pattern in names.items() if pattern in chunk}
            if len(chunk) == len(tail):
                break
            tail = chunk[-64:]
    return found


def _open(source: Source, wishes: Wishes) -> Contents:
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(source.path))
        sheets = [
            Sheet(
                meta.name,
                meta.visible != python_calamine.SheetVisibleEnum.Visible,
                lambda name=meta.name: _cells(workbook, name, source, wishes.limits),  # type: ignore[misc]
            )
            for meta in workbook.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except BaseException as error:
        raise _sentence(error, source) from error
    try:
        contents = open_sheets(sheets, source, wishes)
    except BaseException:
        workbook.close()
        raise
    contents.close = workbook.close
    return contents


def _sentence(error: BaseException, source: Source) -> BaseException:
    """Return what to raise for an error of the library; what is not its own comes back as it is."""
    if isinstance(error, python_calamine.PasswordError) or "password" in str(error).lower():
        return _locked(source)
    # A panic of the Rust code arrives as a BaseException of its own.
    own = isinstance(error, Exception) or type(error).__name__ == "PanicException"
    if isinstance(error, FileProblem | MemoryError) or not own:
        return error
    return damaged(source.name)


def _locked(source: Source) -> FileProblem:
    return FileProblem(
        f"'{source.name}' is locked with a password.",
        remedy="Open it, remove the password, save it and try again.",
    )


def _cells(
    workbook: python_calamine.CalamineWorkbook, name: str, source: Source, limits: Limits
) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        sheet = workbook.get_sheet_by_name(name)
        first, size = sheet.start, sheet.height * sheet.width
    except BaseException as error:
        raise _sentence(error, source) from error
    if size > limits.sheet_cells:
        raise LimitPassed(
            f"Sheet '{name}' of '{source.name}' has {size:,} cells, more than the "
            f"{limits.sheet_cells:,} allowed for this kind of spreadsheet.",
            remedy="Save it as .xlsx or CSV, which are read row by row.",
            field=name,
        )
    if first is None:
        return
    blanks = [None] * first[1]
    # The library counts rows from the top of the sheet but columns from the first one in use.
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, [*blanks, *map(_typed, cells)]


def _typed(cell: object) -> object:
    """Return a cell as .xlsx would give it: nothing as None, whole numbers as whole."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return int(cell)
    return cell


def is_open_document(path: Path, head: bytes) -> bool:
    """Tell whether a file is an OpenDocument spreadsheet."""
    if not head.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as package, package.open("mimetype") as part:
            return part.read(64).startswith(b"application/vnd.oasis.opendocument.spreadsheet")
    except (KeyError, zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return False


ODS = Format(
    name="ods",
    title="an OpenDocument spreadsheet",
    endings=(".ods",),
    recognises=is_open_document,
    open=_open_ods,
)

XLS = Format(
    name="xls",
    title="an older Excel workbook",
    endings=(".xls",),
    recognises=lambda _path, head: head.startswith(_COMPOUND),
    open=_open_xls,
)
