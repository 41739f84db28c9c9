"""Writes files that come out the same, byte for byte, every time."""

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

Cell = str | int | float | None


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a file, compressed when its name ends in .gz, without time or name inside."""
    if path.suffix == ".gz":
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as zipped:
            zipped.write(content)
        content = buffer.getvalue()
    path.write_bytes(content)


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Writes a CSV in UTF-8 with line feeds; None becomes an empty cell."""
    lines = [",".join(columns)]
    lines += [",".join(_cell(value) for value in row) for row in rows]
    write_bytes(path, ("\n".join(lines) + "\n").encode())


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    text = str(value)
    if any(mark in text for mark in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_features(path: Path, features: Iterable[tuple[dict[str, Cell], BaseGeometry]]) -> None:
    """Writes GeoJSON (RFC 7946), one feature a line.

    Args:
        path: Where to.
        features: Properties and geometry in longitude and latitude, 6 decimals.
    """
    lines = [
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": _geometry(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, shape in features
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    write_bytes(path, text.encode())


def _geometry(shape: BaseGeometry) -> dict[str, object]:
    geometry: dict[str, object] = json.loads(shapely.to_geojson(shape))
    return geometry


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
