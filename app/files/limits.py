"""How much of a file the reader is willing to take in."""

from dataclasses import dataclass

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a file may hold; passing one of them raises ``LimitPassed``.

    The defaults fit national open data (a few million rows, detailed boundaries) and keep memory
    bounded. A public upload form will want to pass tighter ones.

    Attributes:
        file_bytes: Size of the file on disk, in bytes.
        unpacked_bytes: Size after decompression, counted while it is being decompressed, in bytes.
        ratio: Unpacked size divided by packed size; looked at beyond the first 10 MB unpacked,
            since a small file of blanks may honestly pack very well.
        members: Files inside an archive.
        rows: Rows or features yielded.
        columns: Columns of a table.
        cell_characters: Characters in one cell. A longer one is left empty and the row says so.
            Delimited text is never read beyond 10 million characters in one cell.
        line_characters: Characters in one line of text or, for newline-delimited GeoJSON and
            for one feature of a GeoJSON file, the most text that is held at once.
        coordinates: Coordinate pairs in the geometry of one feature. The geometry of a larger
            one is left out and the row says so.
        sheet_cells: Cells of one sheet in the formats that are held in memory whole
            (.xls and .ods).
    """

    file_bytes: int = 1_000_000_000
    unpacked_bytes: int = 2_000_000_000
    ratio: int = 200
    members: int = 1_000
    rows: int = 5_000_000
    columns: int = 2_000
    cell_characters: int = 1_000_000
    line_characters: int = 50_000_000
    coordinates: int = 2_000_000
    sheet_cells: int = 5_000_000


def in_megabytes(size_bytes: int) -> str:
    """Return a size for a sentence: "12 MB", or "900 bytes" below one megabyte."""
    if size_bytes < _MEGABYTE:
        return f"{size_bytes:,} bytes"
    return f"{size_bytes / _MEGABYTE:,.0f} MB"
