"""The one way in: ``open_table``."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from app.files import (
    archive,
    delimited,
    excel,
    geojson,
    geopackage,
    parquet,
    shapefile,
    spreadsheets,
)
from app.files.limits import Limits, in_megabytes
from app.files.problems import FileProblem, LimitPassed, UnsafeFile, listed
from app.files.refusals import refuse_known, unknown
from app.files.table import Contents, Format, Row, Source, Wishes

#: Every format, asked in this order whether it recognises a file. A new one is a line here.
FORMATS: tuple[Format, ...] = (
    parquet.FORMAT,
    geopackage.FORMAT,
    shapefile.FORMAT,
    excel.FORMAT,
    spreadsheets.ODS,
    spreadsheets.XLS,
    geojson.LINES,
    geojson.FORMAT,
    delimited.FORMAT,  # any text, so it comes last
)

_HEAD_BYTES = 8192


class TableReader:
    """An open table or feature file; iterate to get its rows, as often as needed.

    Use it as a context manager: closing removes what was unpacked. It may be handed from one
    thread to another but not be used by two at once.

    Attributes:
        format: "csv" (any delimited text), "xlsx", "xls", "ods", "parquet", "geojson",
            "geojson-lines", "geopackage" or "shapefile".
        columns: Column names, trimmed and unique, geometry not among them.
        encoding: Encoding of the text, or None for binary formats.
        delimiter: The character between cells of delimited text, else None.
        sheet, sheets: The sheet that is read and all of them, in order.
        layer, layers: The same for formats with layers.
        member: The file that was read inside an archive, or None.
        header_row: 1-based row of the column names; 0 when there are none; None when the format
            keeps names apart from rows.
        crs: "AUTHORITY:CODE" of the geometry, WKT when it has no code, None when not stated.
            Coordinates are given as they stand in the file: longitude or easting first.
        has_geometry: Whether rows can have a geometry.
        notes: Sentences on what was found out, guessed or repaired.
    """

    def __init__(
        self,
        found: Format,
        contents: Contents,
        member: str | None,
        limits: Limits,
        resources: ExitStack,
    ) -> None:
        self.format = found.name
        self.columns = contents.columns
        self.encoding = contents.encoding
        self.delimiter = contents.delimiter
        self.sheet = contents.sheet
        self.sheets = contents.sheets
        self.layer = contents.layer
        self.layers = contents.layers
        self.member = member
        self.header_row = contents.header_row
        self.crs = contents.crs
        self.has_geometry = contents.has_geometry
        self.notes = contents.notes
        self._contents = contents
        self._limits = limits
        self._resources = resources

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows from the first.

        Raises:
            FileProblem: The file breaks off or a limit is passed; rows before stay good.
        """
        for count, row in enumerate(self._contents.rows(), 1):
            if count > self._limits.rows:
                raise LimitPassed(
                    f"The file has more than the {self._limits.rows:,} rows allowed.",
                    remedy="Cut it into smaller files.",
                    row=row.number,
                )
            yield row

    def batches(self, size: int = 5_000) -> Iterator[list[Row]]:
        """Yield the rows in lists of ``size``, the last one shorter."""
        rows = iter(self)
        while batch := list(islice(rows, size)):
            yield batch

    def close(self) -> None:
        """Close the file and remove what was unpacked. Closing twice does no harm."""
        self._resources.close()


class _Peeled(NamedTuple):
    """A file with its archive, if any, taken off."""

    source: Source
    head: bytes
    member: str | None
    notes: list[str]


def open_table(  # noqa: PLR0913  # every wish has a name and a default
    path: Path,
    *,
    sheet: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
    member: str | None = None,
    limits: Limits = Limits(),  # noqa: B008  # frozen
) -> TableReader:
    """Open any table or feature file for reading row by row.

    Content decides on the format, whatever the name says; if they disagree a note says so.
    One archive around the file (gz or zip) is opened.

    Args:
        path: A file on this machine. Text files and GeoJSON are read through once here to find
            encoding or columns, a piece at a time.
        sheet: Sheet of a workbook; None for the first visible one with a table.
        layer: Layer of a GeoPackage; None for the first.
        encoding: Python codec of delimited text or shapefile; None to find out.
        delimiter: Character between cells; None to find out.
        header_row: 1-based row of the column names, 0 for none; None to find out.
        member: File inside a zip, by its full name there; needed when there are several.
        limits: The most that is taken in.

    Raises:
        UnknownFormat: Not a kind of file that is read.
        UnsafeFile: Built to do harm.
        LimitPassed: Too large in some measure.
        FileProblem: Damaged, empty, locked, or without the sheet, layer or row asked for.
    """
    wishes = Wishes(sheet, layer, encoding, delimiter, header_row, limits)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="table-")))
        peeled = _peel(Path(path), folder, limits, member)
        found = _recognise(peeled, wishes)
        contents = found.open(peeled.source, wishes)
        if contents.close:
            stack.callback(contents.close)
        contents.notes[:0] = [*peeled.notes, *_naming_notes(found, peeled.source)]
        contents.notes += _unused_wishes(contents, wishes, found)
        return TableReader(found, contents, peeled.member, limits, stack.pop_all())


def _peel(path: Path, folder: Path, limits: Limits, wanted: str | None) -> _Peeled:
    """Take an archive off, if there is one around the file."""
    name = path.name
    head = _head(path, name, limits.file_bytes)
    if head.startswith(archive.GZIP):
        unpacked = archive.unpack_gzip(path, folder, limits, name)
        source = Source(unpacked.path, unpacked.member, folder)
        head = _head(unpacked.path, unpacked.member, limits.unpacked_bytes)
        if head.startswith(archive.GZIP) or _is_archive(source, head):
            raise UnsafeFile(
                f"'{name}' holds another archive; only one level is opened.",
                remedy="Take the table out of the inner archive and send that.",
                field=unpacked.member,
            )
        return _Peeled(source, head, unpacked.member, [])
    source = Source(path, name, folder)
    if not _is_archive(source, head):
        return _Peeled(source, head, None, [])
    unpacked, notes = archive.unpack_zip(path, folder, limits, name, wanted)
    inner = Source(unpacked.path, unpacked.member, folder)
    head = _head(unpacked.path, unpacked.member, limits.unpacked_bytes)
    if _is_archive(inner, head):
        raise UnsafeFile(
            f"'{name}' holds another archive ('{unpacked.member}'); only one level is opened.",
            remedy="Take the table out of the inner archive and send that.",
            field=unpacked.member,
        )
    return _Peeled(inner, head, unpacked.member, notes)


def _head(path: Path, name: str, most: int) -> bytes:
    """Return the first bytes, after the checks that need no format."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise FileProblem(
            f"'{name}' cannot be opened.", remedy="Check that it is a file and still there."
        ) from error
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FileProblem(f"'{name}' is empty.", remedy="Check that it was saved and sent whole.")
    if size > most:
        raise LimitPassed(
            f"'{name}' has {in_megabytes(size)}, more than the {in_megabytes(most)} allowed.",
            remedy="Cut the data into smaller files, or compress it.",
        )
    return head


def _is_archive(source: Source, head: bytes) -> bool:
    """Tell whether a file is a zip and not one of the formats that only use zip inside."""
    if not head.startswith(archive.ZIP):
        return False
    return not (
        excel.is_workbook(source.path, head) or spreadsheets.is_open_document(source.path, head)
    )


def _recognise(peeled: _Peeled, wishes: Wishes) -> Format:
    """Return the first format that knows the content."""
    refuse_known(peeled.head, peeled.source.name)
    for each in FORMATS:
        if each.recognises(peeled.source.path, peeled.head):
            return each
    if wishes.encoding is not None:
        return delimited.FORMAT  # bytes that make no text to us may do so in that encoding
    raise unknown(peeled.source.name)


def _naming_notes(found: Format, source: Source) -> list[str]:
    """Say when the name promises another format than the content is."""
    ending = Path(source.name).suffix.lower()
    promised = next((each for each in FORMATS if ending in each.endings), None)
    if (
        promised is None
        or promised is found
        or {promised, found} == {geojson.LINES, geojson.FORMAT}
    ):
        return []
    note = (
        f"The name '{source.name}' ends as {promised.title} would, but it is {found.title} "
        f"and was read as that."
    )
    return [note]


def _unused_wishes(contents: Contents, wishes: Wishes, found: Format) -> list[str]:
    """Name the wishes that this format has no use for."""
    unused = []
    if wishes.sheet is not None and not contents.sheets:
        unused.append("sheet")
    if wishes.layer is not None and not contents.layers:
        unused.append("layer")
    if wishes.delimiter is not None and contents.delimiter is None:
        unused.append("delimiter")
    if wishes.header_row is not None and contents.header_row is None:
        unused.append("header row")
    return [f"A choice of {listed(unused)} means nothing for {found.title}."] if unused else []
