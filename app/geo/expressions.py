"""Spatial SQL, each idea spelt once so that queries and indexes agree."""

from typing import Any

from sqlalchemy import ColumnElement, Function, func
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnClause

from app.geo.crs import WEB_MERCATOR, WGS84
from app.geo.tile_grid import WORLD_M

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


def from_wkb_sql(column: str, srid: int = WGS84) -> str:
    """Return SQL for the geometry whose WKB a column holds, in a system of `geo.crs`."""
    return f"ST_GeomFromWKB({column}, {srid})"


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


def here_sql(lon: str, lat: str) -> str:
    """Return SQL for the point at `lon` and `lat` on the ellipsoid, worked out once a statement."""
    return f"(SELECT geography(ST_SetSRID(ST_MakePoint({lon}, {lat}), {WGS84})))"


def sphere_distance_sql(location: str, here: str) -> str:
    """Return SQL for metres on a sphere: what an index on `geography(location)` is walked by.

    The true distance is between `SHORTER` and `LONGER` times as long.
    """
    return f"geography({location}) <-> {here}"


SHORTER, LONGER = 0.994, 1.005
"""Radii of curvature of WGS 84 (6,335.4 to 6,399.6 km) over its mean radius (6,371.0 km)."""

METRES_PER_DEGREE = 111_195.08
"""A degree of a great circle on a sphere of WGS 84's mean radius."""


def distance_sql(location: str, here: str) -> str:
    """Return SQL for metres along the ellipsoid."""
    return f"ST_Distance(geography({location}), {here})"


def within_sql(location: str, here: str, radius_m: str) -> str:
    """Return SQL for whether a point is at most so far away. Uses an index on the geography."""
    return f"ST_DWithin(geography({location}), {here}, {radius_m})"


def flat_distance_sql(location: str, lon: str, lat: str, factor: str) -> str:
    """Return SQL for roughly the square of the distance in degrees, as on a flat map.

    Args:
        location: The column.
        lon: SQL for the longitude of the point.
        lat: SQL for its latitude.
        factor: SQL for the cosine of that latitude.
    """
    return (
        f"(((ST_X({location}) - {lon}) * {factor}) * ((ST_X({location}) - {lon}) * {factor})"
        f" + (ST_Y({location}) - {lat}) * (ST_Y({location}) - {lat}))"
    )


def in_box_sql(location: str, box: tuple[str, str, str, str]) -> str:
    """Return SQL for whether a point is in a box or on its edge. Uses an index on `location`.

    Args:
        location: The column.
        box: SQL for west, south, east and north in degrees; west is not east of east.
    """
    return f"{location} && ST_MakeEnvelope({', '.join(box)}, {WGS84})"


def point_geojson_sql(location: str) -> str:
    """Return SQL for a point as RFC 7946 text, to a tenth of a metre."""
    return f"ST_AsGeoJSON({location}, 6)"


def tile_box_sql(zoom: str, x: str, y: str, margin: float = 0) -> str:
    """Return SQL for the square of a map tile in Web Mercator.

    Args:
        zoom: SQL for its zoom.
        x: SQL for its column.
        y: SQL for its row.
        margin: How much is added on each side, as a part of its width.
    """
    return f"ST_TileEnvelope({zoom}, {x}, {y}, margin => {margin})"


def tiles_across_sql(shape: str, zoom: str, margin: float) -> str:
    """Return SQL for the columns of tiles that a shape of Web Mercator touches, a row each.

    Args:
        shape: The column.
        zoom: SQL for the zoom of the tiles.
        margin: How much beyond its edges a tile shows, as a part of its width.
    """
    return _tiles_sql(f"ST_XMin({shape})", f"ST_XMax({shape})", zoom, margin)


def tiles_down_sql(shape: str, zoom: str, margin: float) -> str:
    """Return SQL for the rows of tiles that a shape touches, as `tiles_across_sql`."""
    return _tiles_sql(f"-ST_YMax({shape})", f"-ST_YMin({shape})", zoom, margin)


def _tiles_sql(first: str, last: str, zoom: str, margin: float) -> str:
    def place(metres: str, spare: float) -> str:
        part = f"(({metres}) / {WORLD_M} + 0.5) * (1 << {zoom}) + {spare}"
        return f"greatest(0, least((1 << {zoom}) - 1, floor({part})::integer))"

    return f"generate_series({place(first, -margin)}, {place(last, margin)})"


def in_tile_sql(shape: str, box: str, extent: int, buffer: int) -> str:
    """Return SQL for a geometry of Web Mercator in a tile's own numbers; null: not in it.

    Args:
        shape: The column.
        box: SQL for the tile's square.
        extent: How many steps its side has.
        buffer: How many steps beyond its edges are kept.
    """
    return f"ST_AsMVTGeom({shape}, {box}, {extent}, {buffer}, true)"


def to_web_mercator_sql(geometry: str) -> str:
    """Return SQL for a geometry in degrees, moved to the square that tiles are cut from."""
    return f"ST_Transform({geometry}, {WEB_MERCATOR})"


def to_degrees_sql(geometry: str) -> str:
    """Return SQL for a geometry of Web Mercator in degrees."""
    return f"ST_Transform({geometry}, {WGS84})"


def extent_in_degrees_sql(shape: str) -> str:
    """Return SQL for west, south, east and north of shapes of Web Mercator, in degrees."""
    around = to_degrees_sql(f"ST_SetSRID(ST_Extent({shape}), {WEB_MERCATOR})")
    sides = (f"{side}({around})" for side in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"))
    return f"ARRAY[{', '.join(sides)}]"


def east_of_sql(box: str) -> str:
    """Return SQL for the longitude where a tile's square ends; nowhere at the world's edge."""
    east = f"ST_XMax({to_degrees_sql(box)})"
    return f"(SELECT CASE WHEN {east} > 179.9999999 THEN 'Infinity' ELSE {east} END)"


def south_of_sql(box: str) -> str:
    """Return SQL for the latitude where a tile's square ends."""
    return f"(SELECT ST_YMin({to_degrees_sql(box)}))"


def lon_lat_sql(lon: str, lat: str) -> str:
    """Return SQL for the point at a longitude and a latitude."""
    return f"ST_SetSRID(ST_MakePoint({lon}, {lat}), {WGS84})"


def longitude_sql(location: str) -> str:
    """Return SQL for `longitude`."""
    return f"ST_X({location})"


def latitude_sql(location: str) -> str:
    """Return SQL for `latitude`."""
    return f"ST_Y({location})"
