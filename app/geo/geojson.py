"""RFC 7946 documents from parts that PostGIS has already written as text."""

from collections.abc import Iterable
from typing import NamedTuple

import orjson

MEDIA_TYPE = "application/geo+json"


class Feature(NamedTuple):
    """One feature: its id, its properties, and its geometry as GeoJSON text."""

    id: int
    properties: dict[str, object]
    geometry: str


def write_feature(feature: Feature) -> bytes:
    """Return `feature` as a GeoJSON Feature."""
    return orjson.dumps(_document(feature))


def write_feature_collection(
    features: Iterable[Feature], bbox: tuple[float, float, float, float] | None
) -> bytes:
    """Return the features as a FeatureCollection with its bounding box (west, south, east, north).

    Geometry text is passed through untouched: parsing it again would be the slowest step.
    """
    document: dict[str, object] = {"type": "FeatureCollection"}
    if bbox:
        document["bbox"] = bbox
    document["features"] = [_document(feature) for feature in features]
    return orjson.dumps(document)


def _document(feature: Feature) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": orjson.Fragment(feature.geometry),
        "properties": feature.properties,
    }
