"""Geometry from its two spellings; what makes no sense becomes a sentence, not an error."""

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from app.files.problems import shorten

Drawn = tuple[BaseGeometry | None, str | None]

_REMEDY = "Draw this feature again or export the file anew."


def read_wkb(wkb: bytes | None, number: int) -> Drawn:
    """Read well-known binary.

    Args:
        wkb: The bytes, or None when the feature has no geometry.
        number: The row, for the sentence.

    Returns:
        The geometry or None, and a sentence when there should have been one.
    """
    if not wkb:
        return None, None
    try:
        return shapely.from_wkb(wkb), None
    except (shapely.errors.ShapelyError, TypeError, ValueError):
        return None, f"Row {number}: the geometry cannot be understood and was left out. {_REMEDY}"


def read_geojson(geometry: object, number: int) -> Drawn:
    """Read the geometry member of a GeoJSON feature, as ``read_wkb`` does for binary."""
    if geometry is None:
        return None, None
    kind = geometry.get("type") if isinstance(geometry, dict) else type(geometry).__name__
    try:
        # orjson refuses nesting deeper than 254, which also keeps the parser behind it safe.
        return shapely.from_geojson(orjson.dumps(geometry)), None
    except (shapely.errors.ShapelyError, orjson.JSONEncodeError, TypeError, ValueError):
        return None, (
            f"Row {number}: the geometry ({shorten(kind)}) is not valid GeoJSON and was left out. "
            f"{_REMEDY}"
        )
