"""Parquet and GeoParquet, a batch of records at a time."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from app.files.columns import name_columns
from app.files.crs import LONGITUDE_LATITUDE, name_crs
from app.files.geometry import read_wkb
from app.files.limits import in_megabytes
from app.files.problems import FileProblem, LimitPassed, listed, shorten
from app.files.table import Contents, Format, Row, Source, Wishes, bounded

#: A batch holds about this many values, whatever the number of columns.
_BATCH_VALUES = 50_000


class _Geometry(NamedTuple):
    column: str | None
    crs: str | None
    notes: list[str]


def _open(source: Source, wishes: Wishes) -> Contents:
    try:
        file = pq.ParquetFile(source.path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(source) from error
    try:
        return _contents(file, source, wishes)
    except BaseException:
        file.close()
        raise


def _contents(file: Any, source: Source, wishes: Wishes) -> Contents:  # noqa: ANN401  # pyarrow is untyped
    limits = wishes.limits
    metadata = file.metadata
    size = sum(metadata.row_group(place).total_byte_size for place in range(file.num_row_groups))
    if size > limits.unpacked_bytes:
        raise LimitPassed(
            f"'{source.name}' unpacks to {in_megabytes(size)}, more than the "
            f"{in_megabytes(limits.unpacked_bytes)} allowed.",
            remedy="Cut the data into smaller files.",
        )
    names = list(file.schema_arrow.names)
    geometry = _geometry(file.schema_arrow.metadata or {}, names, source)
    places = [place for place, name in enumerate(names) if name != geometry.column]
    columns, notes = name_columns([names[place] for place in places], limits, source.name)
    geometry_place = names.index(geometry.column) if geometry.column else None

    def rows() -> Iterator[Row]:
        for row in _rows(source, columns, places, geometry_place):
            yield bounded(row, limits)

    return Contents(
        columns=columns,
        rows=rows,
        crs=geometry.crs,
        has_geometry=geometry_place is not None,
        notes=[*geometry.notes, *notes],
        close=file.close,
    )


def _damaged(source: Source) -> FileProblem:
    return FileProblem(
        f"'{source.name}' is a Parquet file that is cut short or damaged.",
        remedy="Download or write it again, and compare its size with the original.",
    )


def _geometry(metadata: dict[bytes, bytes], names: list[str], source: Source) -> _Geometry:
    """Read what GeoParquet says about the geometry column, if it is GeoParquet."""
    if b"geo" not in metadata:
        return _Geometry(None, None, [])
    try:
        geo = json.loads(metadata[b"geo"])
        primary = geo["primary_column"]
        description = geo["columns"][primary]
        encoding = description["encoding"]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(source) from error
    if primary not in names:
        raise FileProblem(
            f"'{source.name}' says its geometry is in the column '{shorten(primary)}', which it "
            f"does not have.",
            remedy="Write the file again.",
            field=str(primary),
        )
    if encoding != "WKB":
        raise FileProblem(
            f"'{source.name}' stores its geometry as '{shorten(encoding)}', which is not read.",
            remedy="Write it again as GeoParquet with WKB geometry.",
            field=str(primary),
        )
    stated = description.get("crs", LONGITUDE_LATITUDE)
    others = [name for name in geo["columns"] if name != primary]
    notes = [f"Only the geometry in '{primary}' was drawn; {listed(others)} stayed as bytes."]
    return _Geometry(primary, name_crs(stated), notes if others else [])


def _rows(
    source: Source, columns: list[str], places: list[int], geometry_place: int | None
) -> Iterator[Row]:
    number = 0
    size = max(1, _BATCH_VALUES // (len(columns) + 1))
    try:
        with pq.ParquetFile(source.path) as file:
            for batch in file.iter_batches(batch_size=size):
                cells = [batch.column(place).to_pylist() for place in places]
                shapes = (
                    [None] * batch.num_rows
                    if geometry_place is None
                    else batch.column(geometry_place).to_pylist()
                )
                for place in range(batch.num_rows):
                    number += 1
                    values = {
                        name: _tidy(column[place])
                        for name, column in zip(columns, cells, strict=True)
                    }
                    yield _row(number, values, shapes[place])
    except (pa.ArrowException, OSError) as error:
        raise FileProblem(
            f"'{source.name}' is a Parquet file that is damaged after row {number}.",
            remedy="Download or write it again, and compare its size with the original.",
            row=number,
        ) from error


def _row(number: int, values: dict[str, Any], wkb: bytes | None) -> Row:
    geometry, problem = read_wkb(wkb, number)
    return Row(number, values, geometry, problem)


def _tidy(value: Any) -> Any:  # noqa: ANN401  # whatever type the column has
    if isinstance(value, str):
        return value.strip() or None
    return value


FORMAT = Format(
    name="parquet",
    title="a Parquet file",
    endings=(".parquet", ".geoparquet", ".pq"),
    recognises=lambda _path, head: head.startswith(b"PAR1"),
    open=_open,
)
