"""GeoPackage, read as the SQLite database it is.

Not through GDAL: a GeoPackage made with ill intent can carry views, triggers and virtual tables
that make a driver run functions or open other files. Here the database is opened read-only, may
do nothing but read columns of ordinary tables, and no SQL of the file's own is run.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from app.files.columns import name_columns
from app.files.crs import name_crs
from app.files.geometry import Drawn, read_wkb
from app.files.problems import FileProblem, UnknownFormat, UnsafeFile, listed, shorten
from app.files.table import Contents, Format, Row, Source, Wishes, bounded, chosen, joined

_SQLITE = b"SQLite format 3\x00"

#: Bytes of the envelope in a geometry header, by its three-bit code (GeoPackage 1.3, 2.1.3).
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_HEADER_BYTES = 8
_EMPTY_FLAG = 0b10000

_READING = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ))

#: A coordinate takes at most 32 bytes, so this admits what ``coordinates`` does, and long texts.
_BYTES_A_COORDINATE = 32


class _Layer(NamedTuple):
    """A table of the GeoPackage and where its geometry is."""

    name: str
    columns: list[str]
    types: list[str]
    geometry: str | None
    crs: str | None


def _connect(source: Source, wishes: Wishes) -> sqlite3.Connection:
    path = quote(str(source.path.absolute()))
    # immutable: no journal is looked for, nothing is locked, nothing is written.
    connection = sqlite3.connect(
        f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    limits = wishes.limits
    most = max(_BYTES_A_COORDINATE * limits.coordinates, 8 * limits.cell_characters)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(most, 1_000_000))
    connection.set_authorizer(_authorise)
    return connection


def _authorise(action: int, name: str | None, *_: str | None) -> int:
    allowed = action in _READING or (action == sqlite3.SQLITE_PRAGMA and name == "table_info")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _open(source: Source, wishes: Wishes) -> Contents:
    try:
        with closing(_connect(source, wishes)) as connection:
            tables = _tables(connection, source)
            table = chosen(wishes.layer, list(tables), "layer", source)
            layer = _layer(connection, table, source)
    except sqlite3.Error as error:
        raise _refusal(source, error) from error
    places = [place for place, name in enumerate(layer.columns) if name != layer.geometry]
    columns, notes = name_columns(
        [layer.columns[place] for place in places], wishes.limits, source.name
    )
    others = [name for name in tables if name != table]
    if others and wishes.layer is None:
        notes.insert(0, f"Only layer '{table}' was read; there is also {listed(others)}.")
    if layer.geometry and layer.crs is None:
        notes.append("The coordinate system of the layer is not stated in a way that is known.")
    return Contents(
        columns=columns,
        rows=lambda: _rows(source, wishes, layer, columns),
        layer=table,
        layers=list(tables),
        crs=layer.crs,
        has_geometry=layer.geometry is not None,
        notes=notes,
    )


def _was_denied(error: sqlite3.Error) -> bool:
    # A function denied has the code of any error; only the words tell.
    return error.sqlite_errorcode == sqlite3.SQLITE_AUTH or "not authorized" in str(error)


def _refusal(source: Source, error: sqlite3.Error) -> FileProblem:
    if _was_denied(error):
        return UnsafeFile(
            f"'{source.name}' wants more than to be read: its layers are built on queries or "
            f"functions, and these are not run.",
            remedy="Export the layer to a new GeoPackage and try again.",
        )
    return FileProblem(
        f"'{source.name}' is a GeoPackage that is cut short or damaged.",
        remedy="Export or download it again, and compare its size with the original.",
    )


def _tables(connection: sqlite3.Connection, source: Source) -> dict[str, str]:
    """Return the layers by name, with their kind.

    Raises:
        UnknownFormat: It is another kind of SQLite database, or has no vector layer.
    """
    schema = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not {"gpkg_contents", "gpkg_spatial_ref_sys"} <= schema:
        raise UnknownFormat(
            f"'{source.name}' is an SQLite database but not a GeoPackage: it has no table "
            f"'gpkg_contents'.",
            remedy="Export the layer as GeoPackage, or the table as CSV.",
        )
    listing = connection.execute("SELECT table_name, data_type FROM gpkg_contents")
    tables = {name: kind for name, kind in listing if kind in ("features", "attributes")}
    if not tables:
        raise UnknownFormat(
            f"'{source.name}' is a GeoPackage without features or tables; it may hold images only.",
            remedy="Export the features you mean as GeoPackage or GeoJSON.",
        )
    return tables


def _layer(connection: sqlite3.Connection, table: str, source: Source) -> _Layer:
    kinds = connection.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (table,))
    kind, sql = kinds.fetchone() or (None, None)
    if kind != "table" or str(sql).upper().lstrip().startswith("CREATE VIRTUAL"):
        what = "is missing" if kind is None else "is a saved query, not a plain table"
        raise UnsafeFile(
            f"Layer '{shorten(table)}' of '{source.name}' {what}; it was not read.",
            remedy="Export the layer to a new GeoPackage and try again.",
            field=table,
        )
    described = list(connection.execute(f"PRAGMA table_info({_quoted(table)})"))
    geometry, crs = None, None
    if connection.execute(
        "SELECT name FROM sqlite_master WHERE name = 'gpkg_geometry_columns'"
    ).fetchone():
        found = connection.execute(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
        ).fetchone()
        if found:
            geometry, crs = found[0], _crs(connection, found[1])
    names = [column[1] for column in described]
    return _Layer(
        table,
        names,
        [str(column[2]).upper() for column in described],
        # Names of columns do not care for case in SQLite.
        next((name for name in names if geometry and name.lower() == geometry.lower()), None),
        crs,
    )


def _crs(connection: sqlite3.Connection, srs_id: int) -> str | None:
    """Return the coordinate system; -1 and 0 stand for an undefined one."""
    found = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = ?",
        (srs_id,),
    ).fetchone()
    if not found or srs_id in (-1, 0):
        return None
    organisation, code, definition = found
    return name_crs(f"{organisation}:{code}".upper()) or name_crs(definition)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(source: Source, wishes: Wishes, layer: _Layer, columns: list[str]) -> Iterator[Row]:
    number = 0
    try:
        with closing(_connect(source, wishes)) as connection:
            select = ", ".join(map(_quoted, layer.columns))
            for cells in connection.execute(f"SELECT {select} FROM {_quoted(layer.name)}"):  # noqa: S608  # quoted identifiers of the file's own schema; the authoriser allows reading only
                number += 1
                yield bounded(_row(number, cells, layer, columns), wishes.limits)
    except sqlite3.Error as error:
        if _was_denied(error):
            raise _refusal(source, error) from error
        raise FileProblem(
            f"'{source.name}' is a GeoPackage that cannot be read beyond row {number} of layer "
            f"'{shorten(layer.name)}'.",
            remedy="Export or download it again, and compare its size with the original.",
            row=number + 1,
            field=layer.name,
        ) from error


def _row(number: int, cells: tuple[Any, ...], layer: _Layer, columns: list[str]) -> Row:
    values: list[Any] = []
    geometry, problem = None, None
    for name, kind, cell in zip(layer.columns, layer.types, cells, strict=True):
        if name == layer.geometry:
            geometry, undrawn = _draw(cell, number)
            problem = joined(problem, undrawn)
        else:
            values.append(_typed(cell, kind))
    return Row(number, dict(zip(columns, values, strict=True)), geometry, problem)


def _draw(blob: Any, number: int) -> Drawn:  # noqa: ANN401  # SQLite columns hold any type
    if blob is None:
        return None, None
    if not isinstance(blob, bytes) or len(blob) < _HEADER_BYTES or not blob.startswith(b"GP"):
        return read_wkb(b"not a geometry", number)
    flags = blob[3]
    size = _ENVELOPE_BYTES.get(flags >> 1 & 0b111)
    if size is None:
        return read_wkb(b"not a geometry", number)
    return (None, None) if flags & _EMPTY_FLAG else read_wkb(blob[_HEADER_BYTES + size :], number)


def _typed(cell: Any, kind: str) -> Any:  # noqa: ANN401  # SQLite columns hold any type
    if isinstance(cell, str):
        cell = cell.strip() or None
    try:
        if kind == "BOOLEAN" and isinstance(cell, int):
            return bool(cell)
        if kind == "DATE" and isinstance(cell, str):
            return dt.date.fromisoformat(cell)
        if kind == "DATETIME" and isinstance(cell, str):
            return dt.datetime.fromisoformat(cell)
    except ValueError:
        return cell  # SQLite does not hold a column to its type
    return cell


def is_sqlite(_path: Path, head: bytes) -> bool:
    """Tell whether a file is an SQLite database; ``open`` tells whether it is a GeoPackage."""
    return head.startswith(_SQLITE)


FORMAT = Format(
    name="geopackage",
    title="a GeoPackage",
    endings=(".gpkg",),
    recognises=is_sqlite,
    open=_open,
)
