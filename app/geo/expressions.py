"""Spatial SQL, each idea spelt once so that queries and indexes agree."""

from typing import Any

from sqlalchemy import ColumnElement, Function, func
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnClause

from app.geo.crs import WGS84

Column = ColumnElement[Any] | InstrumentedAttribute[Any] | ColumnClause[Any]

OUTLINE_DIGITS = 5
"""Decimals of a degree in GeoJSON: about a metre."""


def point(lon: float, lat: float) -> Function[Any]:
    """Return the point at longitude `lon` and latitude `lat`."""
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), WGS84)


def covers(boundary: Column, location: ColumnElement[Any]) -> Function[bool]:
    """Whether `location` lies in `boundary` or on its edge. Uses the index on `boundary`."""
    return func.ST_Intersects(boundary, location)


def as_geojson(geometry: Column, digits: int = OUTLINE_DIGITS) -> Function[str]:
    """Return the geometry as RFC 7946 text, exterior rings anticlockwise."""
    return func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(geometry), digits)


def longitude(location: Column) -> Function[float]:
    """Return the longitude of a point in degrees."""
    return func.ST_X(location)


def latitude(location: Column) -> Function[float]:
    """Return the latitude of a point in degrees."""
    return func.ST_Y(location)


def west_south_east_north(geometry: Column) -> list[Function[float]]:
    """Return the four sides of the box around a geometry, in degrees."""
    return [func.ST_XMin(geometry), func.ST_YMin(geometry), func.ST_XMax(geometry),
            func.ST_YMax(geometry)]  # fmt: skip
