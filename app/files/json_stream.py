"""JSON read a piece at a time, and refused where it is built to do harm."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import ijson

from app.files.limits import Limits
from app.files.problems import LimitPassed, UnsafeFile
from app.files.table import Source

#: How far into a file its top level is looked at, in parser events.
_TOP_EVENTS = 20_000

#: GeoJSON itself nests about ten deep; properties may hold some more.
_DEPTH = 300

#: Small, because the depth is counted anew for each feature but only where a read ends.
_READ_BYTES = 8192
_PIECE_BYTES = 1024

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Guarded:
    """The bytes of a JSON file, refusing to go on when one feature has no end."""

    def __init__(self, path: Path, limits: Limits, name: str) -> None:
        self._stream = path.open("rb")
        if self._stream.read(3) != BYTE_ORDER_MARK:
            self._stream.seek(0)
        self._most = limits.line_characters
        self._name = name
        self._since = 0
        self._depth = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        chunk = self._stream.read(size)
        self._since += len(chunk)
        if self._since > self._most:
            raise LimitPassed(
                f"'{self._name}' has a part of more than {self._most:,} bytes without a feature "
                f"being complete.",
                remedy="Simplify the geometry of the largest feature and try again.",
            )
        self._check_depth(chunk)
        return chunk

    def _check_depth(self, chunk: bytes) -> None:
        """Refuse brackets within brackets without end.

        The parser's work grows with the square of the depth. Counted piece by piece, so that
        what opens and closes within one piece stays harmless, and anew for each feature, so that
        brackets in texts do not add up.
        """
        for start in range(0, len(chunk), _PIECE_BYTES):
            piece = chunk[start : start + _PIECE_BYTES]
            self._depth += piece.count(b"[") + piece.count(b"{")
            self._depth -= piece.count(b"]") + piece.count(b"}")
            if self._depth > _DEPTH:
                raise UnsafeFile(
                    f"'{self._name}' nests brackets more than {_DEPTH} deep, as no GeoJSON does.",
                    remedy="Export the features again.",
                )

    def feature_done(self) -> None:
        """Start counting anew."""
        self._since = 0
        self._depth = 0

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


class Top(NamedTuple):
    """The top level of a JSON file, as far as it was looked at."""

    type: str | None
    keys: list[str]
    is_list: bool


def items(source: Source, limits: Limits, prefix: str) -> Iterator[Any]:
    """Yield what stands at `prefix`, one after the other."""
    with closing(Guarded(source.path, limits, source.name)) as stream:
        for item in ijson.items(stream, prefix, use_float=True, buf_size=_READ_BYTES):
            stream.feature_done()
            yield item


def look_at_top(source: Source, limits: Limits) -> Top:
    """Return what stands at the top of a file."""
    kind, keys, is_list = None, [], False
    with closing(Guarded(source.path, limits, source.name)) as stream:
        try:
            events = ijson.parse(stream, buf_size=_READ_BYTES)
            for prefix, event, value in islice(events, _TOP_EVENTS):
                if event == "end_map":
                    stream.feature_done()
                is_list = is_list or (prefix == "" and event == "start_array")
                if prefix == "" and event == "map_key":
                    keys.append(value)
                elif prefix == "type" and event == "string":
                    kind = value
        except (ijson.JSONError, UnicodeDecodeError):
            pass  # what was seen decides; a break is reported at the row where it is
    if kind is None and "features" in keys:
        kind = "FeatureCollection"  # its "type" may stand after all the features
    return Top(kind, keys, is_list)


def tidy(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """Return a value, text trimmed and None where nothing is left."""
    if isinstance(value, str):
        return value.strip() or None
    return value


def flatten(members: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Return an object's members, those of objects inside it by both names: `hours.text`.

    A list of objects gives, for each of their members, its value; where there are several objects
    their values, joined by semicolons.
    """
    flat: dict[str, Any] = {}
    for name, value in members.items():
        inner = value if isinstance(value, list) else [value]
        if not inner or not all(isinstance(each, dict) for each in inner):
            flat[f"{before}{name}"] = tidy(value)
            continue
        for each in inner:
            for below, found in flatten(each, f"{before}{name}.").items():
                held = flat.get(below)
                both = f"{held}; {found}" if held is not None and found is not None else None
                flat[below] = both or (found if held is None else held)
    return flat
