"""Spatial SQL, each idea spelt once so that queries and indexes agree."""

from typing import Any

from sqlalchemy import ColumnElement, Function, func
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnClause

from app.geo.crs import WGS84

Column = ColumnElement[Any] | InstrumentedAttribute[Any] | ColumnClause[Any]

OUTLINE_DIGITS = 5
"""Decimals of a degree in GeoJSON: about a metre."""


def point(lon: Column, lat: Column) -> Function[Any]:
    """Return the point at longitude `lon` and latitude `lat`."""
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), WGS84)


def covers(boundary: Column, location: ColumnElement[Any]) -> Function[bool]:
    """Whether `location` lies in `boundary` or on its edge. Uses the index on `boundary`."""
    return func.ST_Intersects(boundary, location)


def as_geojson(geometry: Column, digits: int = OUTLINE_DIGITS) -> Function[str]:
    """Return the geometry as RFC 7946 text, exterior rings anticlockwise."""
    return func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(geometry), digits)


def extent(geometry: Column) -> Function[Any]:
    """Return the box around all geometries of a group."""
    return func.ST_Extent(geometry)


def size(geometry: Column) -> Function[float]:
    """Return the size of a polygon in square degrees: for ordering, never for telling."""
    return func.ST_Area(geometry)


def from_wkb_sql(column: str) -> str:
    """Return SQL for the geometry whose WKB a column holds."""
    return f"ST_GeomFromWKB({column}, {WGS84})"


def covers_sql(boundary: str, location: str) -> str:
    """Return SQL for `covers`."""
    return f"ST_Intersects({boundary}, {location})"


def cut_sql(boundary: str, corners: int) -> str:
    """Return SQL for the pieces of a boundary, each with at most `corners` corners."""
    return f"ST_Subdivide({boundary}, {corners})"


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


def point_wkt(lon: float, lat: float) -> str:
    """Return a point as a geometry column takes it as a value."""
    return f"SRID={WGS84};POINT({lon!r} {lat!r})"
