"""The XML inside spreadsheets, looked at before any library parses it."""

import zipfile
import zlib
from xml.parsers import expat  # used to find and refuse what makes XML dangerous

from app.files.limits import Limits
from app.files.problems import FileProblem, LimitPassed, UnsafeFile

_CHUNK_BYTES = 1 << 16


class _RootReached(Exception):  # noqa: N818  # a signal, not an error
    """The first element began, so no document type declaration can follow."""


class _DeclarationFound(Exception):  # noqa: N818  # a signal, not an error
    """The document declares a type, the only place where entities can be defined."""


def refuse_declarations(package: zipfile.ZipFile, name: str) -> None:
    """Refuse a spreadsheet whose XML declares a document type.

    Entities that expand into each other ("billion laughs") and entities that fetch other files
    can only be declared there, and no spreadsheet program writes one. The parser decides, not a
    search for bytes, so that no encoding hides it.

    Raises:
        UnsafeFile: A part declares a document type.
        FileProblem: A part is damaged.
    """
    for info in package.infolist():
        if not info.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with package.open(info) as part:
                _read_prologue(part.read)
        except _DeclarationFound:
            raise UnsafeFile(
                f"'{name}' declares XML entities in its part '{info.filename}', which spreadsheet "
                f"programs never do and which can be used for an attack; it was not read.",
                remedy="Open it in a spreadsheet program, save it again and try with the new file.",
                field=info.filename,
            ) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise damaged(name, info.filename) from error


def damaged(name: str, part: str | None = None) -> FileProblem:
    """Return the problem of a spreadsheet that is cut short or overwritten."""
    where = f" in its part '{part}'" if part else ""
    return FileProblem(
        f"'{name}' is a spreadsheet but it is damaged{where}.",
        remedy="Open it in a spreadsheet program, save it again, or send it again if it was cut "
        "short on its way.",
        field=part,
    )


def _read_prologue(read: "expat.SupportsReadBytes") -> None:  # type: ignore[name-defined]
    def stop(*_: object) -> None:
        raise _RootReached

    def refuse(*_: object) -> None:
        raise _DeclarationFound

    parser = expat.ParserCreate()
    parser.StartElementHandler = stop
    parser.StartDoctypeDeclHandler = refuse
    try:
        while chunk := read(_CHUNK_BYTES):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (_RootReached, expat.ExpatError):
        return  # not well formed: the library that reads it will say so


def check_repeats(package: zipfile.ZipFile, limits: Limits, name: str) -> None:
    """Refuse an OpenDocument sheet that would unfold into more cells than allowed.

    A single element can say "this row, a million times"; the reading library unfolds it in
    memory. Blank rows and cells at the end, which honest files repeat to fill the sheet, are not
    counted.

    Raises:
        LimitPassed: More than ``sheet_cells``.
    """
    counter = _CellCounter()
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.start
    parser.EndElementHandler = counter.end
    parser.buffer_text = True
    parser.CharacterDataHandler = counter.text
    try:
        with package.open("content.xml") as part:
            while chunk := part.read(_CHUNK_BYTES):
                parser.Parse(chunk, False)
                if counter.most > limits.sheet_cells:
                    break
    except (expat.ExpatError, KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise damaged(name, "content.xml") from error
    if counter.most > limits.sheet_cells:
        raise LimitPassed(
            f"'{name}' unfolds into more than the {limits.sheet_cells:,} cells allowed for "
            f"an OpenDocument sheet.",
            remedy="Save it as .xlsx or CSV, which are read row by row.",
        )


class _CellCounter:
    """Counts the cells of the rectangle that each sheet fills."""

    def __init__(self) -> None:
        self.most = 0
        self._rows = self._pending = self._row_repeat = 0
        self._column = self._row_width = self._width = 0
        self._cell_repeat = 1
        self._has_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "table":
            self._rows = self._pending = self._width = 0
        elif kind == "table-row":
            self._row_repeat = _repeat(attributes, "table:number-rows-repeated")
            self._column = self._row_width = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._cell_repeat = _repeat(attributes, "table:number-columns-repeated")
            self._has_value = any(
                key.startswith(("office:", "table:formula")) for key in attributes
            )

    def text(self, text: str) -> None:
        self._has_value = self._has_value or bool(text.strip())

    def end(self, tag: str) -> None:
        kind = tag.rpartition(":")[2]
        if kind in ("table-cell", "covered-table-cell"):
            self._column += self._cell_repeat
            if self._has_value:
                self._row_width = self._column
            self._has_value = False
        elif kind == "table-row":
            self._pending += self._row_repeat
            if self._row_width:
                self._rows += self._pending
                self._pending = 0
                self._width = max(self._width, self._row_width)
                self.most = max(self.most, self._rows * self._width)


def _repeat(attributes: dict[str, str], name: str) -> int:
    try:
        return max(1, int(attributes.get(name, "1")))
    except ValueError:
        return 1
