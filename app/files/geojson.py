"""GeoJSON, whole collections and one feature a line, without holding the file in memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ijson
import orjson

from app.files.columns import check_column_count
from app.files.crs import LONGITUDE_LATITUDE, name_crs
from app.files.geometry import read_geojson
from app.files.json_records import open_records
from app.files.json_stream import BYTE_ORDER_MARK, Top, flatten, items, look_at_top, tidy
from app.files.limits import Limits
from app.files.problems import FileProblem, LimitPassed, UnknownFormat, listed, shorten
from app.files.table import Contents, Format, Row, Source, Wishes, bounded, joined
from app.files.text import marked_encoding, wide_encoding

_GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
) | {"GeometryCollection"}

#: A feature's own id becomes this column, unless it has a property of that name.
_ID = "id"

_RECORD_SEPARATOR = "\x1e"


def _open(source: Source, wishes: Wishes) -> Contents:
    with source.path.open("rb") as stream:
        codec = marked_encoding(head := stream.read(4096)) or wide_encoding(head)
    if codec not in (None, "utf-8-sig"):
        raise FileProblem(
            f"'{source.name}' is JSON in {codec}, but GeoJSON has to be UTF-8.",
            remedy="Save it as UTF-8.",
            field="encoding",
            value=codec,
        )
    top = look_at_top(source, wishes.limits)
    if top.type == "FeatureCollection" and "features" in top.keys:
        prefix = "features.item"
    elif top.type == "Feature" or top.type in _GEOMETRIES:
        prefix = ""
    elif wishes.layer is not None:
        return open_records(source, wishes, top)
    else:
        raise _not_geojson(source, top)
    notes: list[str] = []
    columns = _survey(_items_until_break(source, wishes.limits, prefix), wishes.limits, source.name)
    return Contents(
        columns=columns,
        rows=lambda: _rows(source, columns, prefix, wishes.limits),
        encoding="utf-8",
        crs=_stated_crs(source, notes),
        has_geometry=True,
        notes=notes,
    )


def _not_geojson(source: Source, top: Top) -> UnknownFormat:
    if top.is_list and not top.keys:
        found = "its top level is a list"
    elif not top.keys:
        found = "it breaks off before its first member"
    elif top.type:
        found = f"its type is '{shorten(top.type)}'"
    else:
        found = f"its top level has {listed(top.keys)} where 'type' and 'features' should be"
    return UnknownFormat(
        f"'{source.name}' is JSON but not GeoJSON: {found}.",
        remedy="Export it as GeoJSON (a FeatureCollection) or as a table, CSV for example.",
        field="type",
        value=top.type,
    )


def _items_until_break(source: Source, limits: Limits, prefix: str) -> Iterator[Any]:
    """Yield features for the survey; a break is left to the reading of rows, which names it."""
    try:
        yield from items(source, limits, prefix)
    except (ijson.JSONError, UnicodeDecodeError):
        return


def _survey(features: Iterable[Any], limits: Limits, name: str) -> list[str]:
    """Return every property name in the order of appearance.

    The whole file is read for it: features may differ, and a column that turned up after the
    first rows were handed out would be too late.
    """
    names: dict[str, None] = {}
    has_id = False
    for feature in features:
        if not isinstance(feature, dict):
            continue
        has_id = has_id or feature.get(_ID) is not None
        properties = _flat(feature.get("properties"))
        if isinstance(properties, dict) and not properties.keys() <= names.keys():
            names.update(dict.fromkeys(properties))
            check_column_count(len(names), limits, name)
    return [_ID, *names] if has_id and _ID not in names else list(names)


def _stated_crs(source: Source, notes: list[str]) -> str:
    """Return the system of the "crs" member that GeoJSON had until 2016, else the default."""
    # Without a guard: the survey has been through the file, and only the name is kept here.
    with source.path.open("rb") as stream:
        stream.seek(3 if stream.read(3) == BYTE_ORDER_MARK else 0)
        try:
            stated = next(ijson.items(stream, "crs.properties.name"), None)
        except (ijson.JSONError, UnicodeDecodeError):
            stated = None
    if not isinstance(stated, str):
        return LONGITUDE_LATITUDE
    crs = name_crs(stated)
    if crs is None:
        notes.append(
            f"The file names a coordinate system that is not known ('{shorten(stated)}'); "
            f"longitude and latitude were assumed."
        )
    return crs or LONGITUDE_LATITUDE


def _rows(source: Source, columns: list[str], prefix: str, limits: Limits) -> Iterator[Row]:
    number = 0
    try:
        for feature in items(source, limits, prefix):
            number += 1
            yield bounded(_row(number, feature, columns), limits)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        cut = isinstance(error, ijson.IncompleteJSONError)
        raise FileProblem(
            f"'{source.name}' {'breaks off' if cut else 'is not valid JSON'} in feature "
            f"{number + 1}; {number:,} before it {'is' if number == 1 else 'are'} whole.",
            remedy="Download or export the file again, and compare its size with the original.",
            row=number + 1,
        ) from error


def _row(number: int, feature: Any, columns: list[str]) -> Row:  # noqa: ANN401  # any JSON
    kind = feature.get("type") if isinstance(feature, dict) else None
    if kind in _GEOMETRIES:  # a bare geometry is allowed as the whole file
        feature = {"type": "Feature", "geometry": feature}
    elif kind != "Feature":
        problem = f"Row {number} is not a GeoJSON feature. Its 'type' should be 'Feature'."
        return Row(number, dict.fromkeys(columns), None, problem)
    properties = _flat(feature.get("properties"))
    values: dict[str, Any] = dict.fromkeys(columns)
    if _ID in values:
        values[_ID] = feature.get(_ID)
    left_out: str | None = None
    if isinstance(properties, dict):
        values.update((name, tidy(value)) for name, value in properties.items() if name in values)
    elif properties is not None:
        left_out = f"Row {number}: 'properties' is not an object and was left out."
    geometry, undrawn = read_geojson(feature.get("geometry"), number)
    return Row(number, values, geometry, joined(left_out, undrawn))


def _flat(properties: Any) -> Any:  # noqa: ANN401  # any JSON
    """Return properties with those of objects inside them by both names."""
    if not isinstance(properties, dict):
        return properties
    has_inner = any(isinstance(value, dict | list) for value in properties.values())
    return flatten(properties) if has_inner else properties


def _features_by_line(source: Source, limits: Limits) -> Iterator[tuple[int, Any, str | None]]:
    """Yield line number, what the line holds, and a sentence when it does not hold JSON."""
    with source.path.open("rb") as stream:
        number = 0
        while line := stream.readline(limits.line_characters + 1):
            number += 1
            if len(line) > limits.line_characters:
                raise LimitPassed(
                    f"Line {number} of '{source.name}' is longer than the "
                    f"{limits.line_characters:,} bytes allowed.",
                    remedy="Simplify the geometry of this feature and try again.",
                    row=number,
                )
            text = line.removeprefix(BYTE_ORDER_MARK).strip(b" \t\r\n\x1e")
            if not text:
                continue
            try:
                yield number, orjson.loads(text), None
            except orjson.JSONDecodeError:
                start = shorten(text.decode(errors="replace"))
                problem = (
                    f"Row {number} is not valid JSON ('{start}'). "
                    f"Put one whole feature on each line."
                )
                yield number, None, problem


def _open_lines(source: Source, wishes: Wishes) -> Contents:
    limits = wishes.limits
    found = (feature for _, feature, _ in _features_by_line(source, limits))
    columns = _survey(found, limits, source.name)

    def rows() -> Iterator[Row]:
        for number, feature, broken in _features_by_line(source, limits):
            row = Row(number, dict.fromkeys(columns), None, broken)
            yield row if broken else bounded(_row(number, feature, columns), limits)

    return Contents(
        columns=columns,
        rows=rows,
        encoding="utf-8",
        crs=LONGITUDE_LATITUDE,
        has_geometry=True,
    )


def _decoded(head: bytes) -> str:
    codec = marked_encoding(head) or wide_encoding(head) or "utf-8"
    return head.decode(codec, errors="ignore").lstrip("\ufeff \t\r\n" + _RECORD_SEPARATOR)


def is_json(head: bytes) -> bool:
    """Tell whether a file begins as JSON does; a CSV header never begins with a brace."""
    text = _decoded(head)
    if text.startswith("{"):
        return text[1:].lstrip()[:1] in ('"', "}", "")
    return text.startswith("[") and text[1:].lstrip()[:1] in ('"', "{", "[", "]")


def _is_feature_line(path: Path, head: bytes) -> bool:
    """Tell whether the first line is a whole feature and another line follows."""
    if not is_json(head):
        return False
    with path.open("rb") as stream:
        first = stream.readline(Limits().line_characters)
        if not stream.read(1):
            return False
    try:
        feature = orjson.loads(first.removeprefix(BYTE_ORDER_MARK).strip(b" \t\r\n\x1e"))
    except orjson.JSONDecodeError:
        return False
    return isinstance(feature, dict) and feature.get("type") == "Feature"


LINES = Format(
    name="geojson-lines",
    title="newline-delimited GeoJSON",
    endings=(".geojsonl", ".geojsons", ".ndjson", ".jsonl", ".ndgeojson"),
    recognises=_is_feature_line,
    open=_open_lines,
)

FORMAT = Format(
    name="geojson",
    title="GeoJSON",
    endings=(".geojson", ".json"),
    recognises=lambda _path, head: is_json(head),
    open=_open,
)
