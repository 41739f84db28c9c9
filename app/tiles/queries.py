"""The SELECTs of tiles. Everything is read with the right of strangers."""

from app.assets.conditions import (
    Statement,
    Values,
    Wanted,
    list_asset_conditions,
    list_point_conditions,
)
from app.core.versions import token_sql
from app.geo import expressions as geo
from app.geo.tile_grid import Tile
from app.tiles.layers import (
    BUFFER,
    CELLS_ACROSS,
    CELLS_KEPT_TO_ZOOM,
    LAST_ZOOM,
    MOST_POINTS,
    POINTS_FROM_ZOOM,
    AreaLayer,
    choose_extent,
)

AREAS_TOKEN = token_sql("areas")

_STEPS = 1e7  # of a degree, in which cells add up
_BOX = geo.tile_box_sql("$1::int4", "$2::int4", "$3::int4")
_ASSET_EXTENT = 4096
_IN_TILE = " AND ".join(
    f"{place} BETWEEN {tile} * {CELLS_ACROSS} AND {tile} * {CELLS_ACROSS} + {CELLS_ACROSS - 1}"
    for place, tile in (("x", "$2::int4"), ("y", "$3::int4"))
)
"""Which cells are those of the tile."""

PLAN = f"""
SELECT {AREAS_TOKEN} AS version, b.id, b.area_type, b.boundary_year, t.name, t.plural,
       b.first_zoom, b.named_zoom, b.drawn_zooms, drawn.count, drawn.bbox,
       ARRAY(SELECT DISTINCT a.boundary_set_id FROM area_lookups AS l
             JOIN areas AS f ON f.id = l.from_area_id AND f.boundary_set_id = b.id
             JOIN areas AS a ON a.id = l.to_area_id WHERE l.kind = 'within') AS larger
FROM boundary_sets AS b JOIN area_types AS t ON t.code = b.area_type
CROSS JOIN LATERAL (
    SELECT count(*) AS count, {geo.extent_in_degrees_sql("s.shape")} AS bbox
    FROM area_shapes AS s
    WHERE s.boundary_set_id = b.id AND s.to_zoom = b.drawn_zooms[1]) AS drawn
WHERE drawn.count > 0
ORDER BY t.position, b.boundary_year DESC
"""
"""Every layer of areas, smallest kind and newest year first, with what its areas lie in."""


def select_area_tile(shown: AreaLayer, named: AreaLayer | None, tile: Tile) -> Statement:
    """One tile of areas.

    Returns:
        A row of `version` (of the areas that it is cut from) and `tile` (MVT, perhaps empty):
        layer `shown` with polygons whose ids are gids; layer `labels` with points whose ids are
        gids, `name` and `layer`.
    """
    extent = choose_extent(tile.zoom)
    values: list[object] = [
        tile.zoom,
        tile.x,
        tile.y,
        shown.set_id,
        shown.choose_thinning(tile.zoom),
    ]
    wide = geo.tile_box_sql("$1::int4", "$2::int4", "$3::int4", margin=BUFFER)
    labels = "''::bytea"
    if named is not None:
        values.append(named.set_id)
        point = geo.in_tile_sql(geo.to_web_mercator_sql("a.name_point"), "box", extent, 0)
        labels = f"""
(SELECT ST_AsMVT(each, 'labels', {extent}, 'point', 'gid') FROM (
    SELECT a.gid, a.name, '{named.layer}' AS layer, {point} AS point
    FROM areas AS a, {_BOX} AS box
    WHERE a.boundary_set_id = $6::int4 AND a.in_study_area
        AND a.name_point && {geo.to_degrees_sql("box")} ORDER BY a.gid) AS each)"""
    shape = geo.in_tile_sql("s.shape", "box", extent, round(extent * BUFFER))
    return Statement(
        f"""
SELECT {AREAS_TOKEN} AS version,
(SELECT ST_AsMVT(each, '{shown.layer}', {extent}, 'shape', 'gid') FROM (
    SELECT s.gid, {shape} AS shape FROM area_shapes AS s, {_BOX} AS box
    WHERE s.boundary_set_id = $4::int4 AND s.to_zoom = $5::int2 AND s.shape && {wide}
    ORDER BY s.gid) AS each WHERE shape IS NOT NULL) || {labels} AS tile""",
        values,
    )


def select_asset_tile(wanted: Wanted, tile: Tile) -> Statement:
    """One tile of the assets that are wanted.

    Returns:
        A row of `tile` and `seconds` until the local day ends, with which sites come and go.
    """
    values = Values()
    for name, place in zip(("zoom", "x", "y"), tile, strict=True):
        values.put(name, place, "int4")
    if tile.zoom >= POINTS_FROM_ZOOM:
        layers = f"({_write_near(wanted, tile, values)}) || ({_write_by_area(wanted, values)})"
    elif _keeps_cells(wanted, tile):
        cells = _select_stored_cells(wanted, tile, values)
        layers = f"({_write_clusters(cells, wanted, values)})"
    else:
        cells = _count_cells(f"({_select_points(wanted, values, 'NOT p.is_area')})", tile)
        layers = f"({_write_clusters(cells, wanted, values)})"
    return Statement(f"SELECT {layers} AS tile, {_SECONDS} AS seconds", values.listed)


def _keeps_cells(wanted: Wanted, tile: Tile) -> bool:
    return wanted.is_plain and tile.zoom <= CELLS_KEPT_TO_ZOOM


_SECONDS = """
(SELECT extract(epoch FROM (local_today() + 1)::timestamp AT TIME ZONE
    coalesce((SELECT time_zone FROM customs), 'UTC') - now())::float8)
"""


def _select_points(wanted: Wanted, values: Values, *others: str) -> str:
    """Return SQL for the points of a tile that are wanted, all on its sides among them."""
    inside = f"p.location && {geo.to_degrees_sql(_BOX)}"
    asked = list_asset_conditions(wanted, values, "p.asset_id")
    conditions = [*list_point_conditions(wanted, values), inside, *others, *asked]
    return f"""
SELECT p.site_id, p.asset_id, p.map_number, p.main_category_id, p.location FROM site_points AS p
WHERE {" AND ".join(conditions)}"""


def _select_stored_cells(wanted: Wanted, tile: Tile, values: Values) -> str:
    """Return SQL for the cells of a tile: those kept, and what is there today only."""
    category = values.put("category", wanted.point_category, "int4")
    dated = "(p.valid_from IS NOT NULL OR p.valid_to IS NOT NULL)"
    today = _count_cells(f"({_select_points(wanted, values, 'NOT p.is_area', dated)})", tile)
    return f"""
SELECT x, y, points, sum_lon, sum_lat, sum_asset FROM asset_cells
WHERE zoom = $1::int4 AND category_id = {category}
    AND {_IN_TILE}
UNION ALL {today}"""


def _count_cells(points: str, tile: Tile) -> str:
    """Return SQL for the cells that points fall into."""
    shift = LAST_ZOOM - tile.zoom  # columns and rows are those of the closest zoom
    lon, lat = geo.longitude_sql("p.location"), geo.latitude_sql("p.location")
    return f"""
SELECT cell_column({lon}) >> {shift} AS x, cell_row({lat}) >> {shift} AS y, count(*) AS points,
       sum(round({lon} * {_STEPS})::int8) AS sum_lon, sum(round({lat} * {_STEPS})::int8) AS sum_lat,
       sum(p.asset_id) AS sum_asset
FROM {points} AS p GROUP BY 1, 2"""


def _write_clusters(cells: str, wanted: Wanted, values: Values) -> str:
    """Return SQL for the layer `clusters`; one of a single point has its number and category."""
    category = values.put("category", wanted.point_category, "int4")
    middle = geo.lon_lat_sql(
        f"(c.lon / c.points / {_STEPS})::float8", f"(c.lat / c.points / {_STEPS})::float8"
    )
    point = geo.in_tile_sql(geo.to_web_mercator_sql(middle), "box", _ASSET_EXTENT, 0)
    return f"""
SELECT coalesce(ST_AsMVT(each, 'clusters', {_ASSET_EXTENT}, 'point', 'number'), ''::bytea) FROM (
    SELECT c.points::int4 AS count, one.map_number AS number, one.main_category_id AS category,
           {point} AS point
    FROM (SELECT x, y, sum(points) AS points, sum(sum_lon) AS lon, sum(sum_lat) AS lat,
                 sum(sum_asset)::int8 AS asset
          FROM ({cells}) AS every
          WHERE {_IN_TILE} GROUP BY x, y ORDER BY x, y) AS c
    CROSS JOIN {_BOX} AS box
    LEFT JOIN LATERAL (
        SELECT p.map_number, p.main_category_id FROM site_points AS p
        WHERE p.asset_id = c.asset AND p.category_id = {category} LIMIT 1) AS one ON c.points = 1
    ) AS each"""


def _write_near(wanted: Wanted, tile: Tile, values: Values) -> str:
    """Return SQL for the layer `assets`: each point in the one tile that it is in.

    Where they are too many for a picture, it is the layer `clusters` instead, as from afar.
    """
    lon, lat = geo.longitude_sql("p.location"), geo.latitude_sql("p.location")
    inside = (f"{lon} < {geo.east_of_sql(_BOX)}", f"{lat} > {geo.south_of_sql(_BOX)}")
    points = _select_points(wanted, values, "NOT p.is_area", *inside)
    if _keeps_cells(wanted, tile):
        # Points are then looked for only where there are few.
        parts = f"cells AS MATERIALIZED ({_select_stored_cells(wanted, tile, values)})"
        total, shown = "(SELECT coalesce(sum(points), 0) FROM cells)", f"({points})"
    else:
        parts = f"found AS MATERIALIZED ({points}), cells AS ({_count_cells('found', tile)})"
        total, shown = "(SELECT count(*) FROM found)", "found"
    point = geo.in_tile_sql(geo.to_web_mercator_sql("f.location"), "box", _ASSET_EXTENT, 0)
    return f"""
WITH {parts}
SELECT CASE WHEN {total} <= {MOST_POINTS} THEN (
    SELECT coalesce(ST_AsMVT(each, 'assets', {_ASSET_EXTENT}, 'point', 'number'), ''::bytea) FROM (
        SELECT f.map_number AS number, f.main_category_id AS category, {point} AS point
        FROM {shown} AS f, {_BOX} AS box ORDER BY f.map_number) AS each)
ELSE ({_write_clusters("SELECT * FROM cells", wanted, values)})
END"""


def _write_by_area(wanted: Wanted, values: Values) -> str:
    """Return SQL for the layer `by_area`: how many are told by area only, at the area's point.

    Points are grouped before their area is asked for: there are few areas, and thousands of points.
    """
    points = _select_points(wanted, values, "p.is_area")
    point = geo.in_tile_sql(geo.to_web_mercator_sql("here.location"), "box", _ASSET_EXTENT, 0)
    return f"""
SELECT coalesce(ST_AsMVT(each, 'by_area', {_ASSET_EXTENT}, 'point'), ''::bytea) FROM (
    SELECT here.count, ar.name, {point} AS point
    FROM (SELECT one.location, count(*)::int4 AS count, min(one.site_id) AS site_id
          FROM (SELECT p.location, p.asset_id, min(p.site_id) AS site_id FROM ({points}) AS p
                GROUP BY 1, 2) AS one GROUP BY 1) AS here
    JOIN public_sites AS s ON s.id = here.site_id JOIN areas AS ar ON ar.id = s.area_id
    CROSS JOIN {_BOX} AS box ORDER BY ar.name) AS each"""
