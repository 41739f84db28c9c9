"""Shapefiles, through GDAL, which is given nothing but the files of one shapefile."""

import struct
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa

from app.files.columns import name_columns
from app.files.crs import name_crs
from app.files.geometry import read_wkb
from app.files.problems import FileProblem, UnsafeFile
from app.files.table import Contents, Format, Row, Source, Wishes, bounded
from app.files.text import known_codec

T = TypeVar("T")

_MAGIC = b"\x00\x00\x27\x0a"
_HEADER_BYTES = 100
_INDEX_ENTRY_BYTES = 8
_DRIVER = "ESRI Shapefile"
_NEEDED = (".shx", ".dbf")
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_BATCH_ROWS = 2_000


class _Plan(NamedTuple):
    """What is needed to read the rows."""

    path: Path
    name: str
    columns: list[str]
    encoding: str | None


def _open(source: Source, wishes: Wishes) -> Contents:
    if wishes.encoding is not None:
        known_codec(wishes.encoding)
    path = _gather(source)
    _check_lengths(path, source.name)
    # Here, because it brings in pandas: a third of the time that the service takes to start.
    from pyogrio import read_info  # noqa: PLC0415

    info = _call(source.name, lambda: read_info(path, encoding=wishes.encoding, layer=path.stem))
    if info["driver"] != _DRIVER:
        raise UnsafeFile(
            f"'{source.name}' is named like a shapefile but is something else.",
            remedy="Export it as GeoPackage or GeoJSON.",
        )
    columns, notes = name_columns(list(info["fields"]), wishes.limits, source.name)
    crs = name_crs(info["crs"])
    if crs is None:
        notes.append("The shapefile does not state its coordinate system (no usable .prj file).")
    plan = _Plan(path, source.name, columns, wishes.encoding)

    def rows() -> Iterator[Row]:
        for row in _rows(plan):
            yield bounded(row, wishes.limits)

    stem = Path(source.name).stem
    return Contents(
        columns=columns,
        rows=rows,
        encoding=str(info["encoding"]).lower() if info["encoding"] else None,
        layer=stem,
        layers=[stem],
        crs=crs,
        has_geometry=info["geometry_type"] is not None,
        notes=notes,
    )


def _gather(source: Source) -> Path:
    """Link the parts of the shapefile, and no other file, into a folder of their own.

    GDAL looks at the neighbours of what it opens and understands many kinds of address in a
    name. Here the name is ours, the folder is private and holds only these parts.

    Raises:
        FileProblem: A part is missing.
    """
    found = {
        other.suffix.lower(): other
        for other in source.path.parent.iterdir()
        if other.stem.lower() == source.path.stem.lower() and other.suffix.lower() in _PARTS
    }
    missing = [ending for ending in _NEEDED if ending not in found]
    if missing:
        raise FileProblem(
            f"'{source.name}' is a shapefile without its {' and '.join(missing)} "
            f"{'file' if len(missing) == 1 else 'files'}.",
            remedy="A shapefile is at least .shp, .shx and .dbf: put all of them, and .prj if "
            "there is one, into one zip.",
            field=missing[0],
        )
    folder = source.folder / "shapefile"
    folder.mkdir()
    for ending, other in {**found, ".shp": source.path}.items():
        (folder / f"layer{ending}").symlink_to(other.resolve())
    return folder / "layer.shp"


def _check_lengths(path: Path, name: str) -> None:
    """Compare what the three files say of themselves: GDAL passes over most disagreements.

    The .shp states its length in 16-bit words, big-endian, at byte 24; the .shx has an entry of
    8 bytes a shape after 100 bytes of header; the .dbf states its records at byte 4,
    little-endian (ESRI Shapefile Technical Description, 1998).
    """
    with path.open("rb") as stream:
        head = stream.read(_HEADER_BYTES)
    with path.with_suffix(".dbf").open("rb") as stream:
        table = stream.read(32)
    if len(head) < _HEADER_BYTES or len(table) < 32:  # noqa: PLR2004  # the header of a .dbf
        raise _damaged(name)
    stated = struct.unpack(">i", head[24:28])[0] * 2
    if path.stat().st_size < stated:
        raise FileProblem(
            f"'{name}' is cut short: its .shp should have {stated:,} bytes and has "
            f"{path.stat().st_size:,}.",
            remedy="Download or export it again.",
            field=".shp",
        )
    shapes = (path.with_suffix(".shx").stat().st_size - _HEADER_BYTES) // _INDEX_ENTRY_BYTES
    records = struct.unpack("<I", table[4:8])[0]
    if shapes != records:
        raise FileProblem(
            f"'{name}' does not fit together: its .shx lists {shapes:,} shapes and its .dbf "
            f"{records:,} records.",
            remedy="Take the .shp, .shx and .dbf from the same export.",
            field=".dbf",
        )


def _damaged(name: str, row: int | None = None) -> FileProblem:
    where = "" if row is None else f" after feature {row}"
    return FileProblem(
        f"'{name}' is a shapefile that is damaged{where}.",
        remedy="Export it again, as GeoPackage or GeoJSON if you can.",
        row=row,
    )


def _call(name: str, work: Callable[[], T], row: int | None = None) -> T:
    """Do one step of GDAL's work, its warnings silenced and its errors in a sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of style and order; none bears on the values
        try:
            return work()
        except (pa.ArrowException, OSError, RuntimeError, ValueError, LookupError) as error:
            raise _damaged(name, row) from error


def _rows(plan: _Plan) -> Iterator[Row]:
    from pyogrio.raw import open_arrow  # noqa: PLC0415 - as above

    number = 0
    reading = open_arrow(
        plan.path, encoding=plan.encoding, batch_size=_BATCH_ROWS, use_pyarrow=True
    )
    meta, stream = _call(plan.name, reading.__enter__)
    try:
        shapes_at = meta["geometry_name"] or "wkb_geometry"
        while (batch := _call(plan.name, lambda: _next(stream), number)) is not None:
            names = [name for name in batch.schema.names if name != shapes_at]
            has_shapes = shapes_at in batch.schema.names
            cells = [batch.column(name).to_pylist() for name in names]
            shapes = batch.column(shapes_at).to_pylist() if has_shapes else []
            for place in range(batch.num_rows):
                number += 1
                geometry, problem = read_wkb(shapes[place] if shapes else None, number)
                values = {
                    name: _tidy(column[place])
                    for name, column in zip(plan.columns, cells, strict=True)
                }
                yield Row(number, values, geometry, problem)
    finally:
        reading.__exit__(None, None, None)


def _next(stream: Any) -> Any:  # noqa: ANN401  # pyarrow is untyped
    return next(iter(stream), None)


def _tidy(value: Any) -> Any:  # noqa: ANN401  # whatever type the column has
    if isinstance(value, str):
        return value.strip() or None
    return value


FORMAT = Format(
    name="shapefile",
    title="a shapefile",
    endings=(".shp",),
    recognises=lambda _path, head: head.startswith(_MAGIC),
    open=_open,
)
