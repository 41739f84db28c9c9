"""The SELECTs of an analysis. Everything is read with the right of strangers."""

from app.core.versions import token_sql
from app.geo.expressions import lon_lat_sql

TOKENS = f"""
SELECT {token_sql("areas")} AS areas,
       {token_sql("assets")} || ' ' || local_today() AS assets,
       (SELECT projected_crs FROM customs) AS projected_crs,
       (SELECT md5(sea::text) FROM customs) AS sea
"""
"""Which state of everything an answer is of, and in which system it measures.

What holds until a day is over holds no more on the next, without anything having changed.
"""

BOUNDARY_SET = """
SELECT s.id, s.area_type, s.boundary_year, t.name, t.plural
FROM boundary_sets AS s JOIN area_types AS t ON t.code = s.area_type
WHERE ($1::text IS NULL OR s.area_type = $1) AND ($2::int4 IS NULL OR s.boundary_year = $2)
ORDER BY t.position, s.boundary_year DESC LIMIT 1
"""
"""Of the smallest kind and newest year, unless said otherwise."""

CATEGORY = """
SELECT id, code, name, demand_from_age, demand_to_age, demand_words, catchment_m, capacity_unit
FROM categories WHERE code = $1
"""

AREAS = """
SELECT array_agg(a.gid ORDER BY a.gid) AS gids, array_agg(a.code ORDER BY a.gid) AS codes,
       array_agg(a.name ORDER BY a.gid) AS names,
       array_agg(a.in_study_area ORDER BY a.gid) AS is_inside,
       array_agg(ST_X(a.centroid) ORDER BY a.gid) AS lons,
       array_agg(ST_Y(a.centroid) ORDER BY a.gid) AS lats,
       array_agg(a.area_ha ORDER BY a.gid) AS hectares,
       array_agg(coalesce(CASE WHEN $2::int4 IS NULL AND $3::int4 IS NULL THEN a.people
                          ELSE b.people END, 'NaN')::float8 ORDER BY a.gid) AS people,
       bool_or(coalesce(b.straddles, false)) AS straddles
FROM areas AS a LEFT JOIN LATERAL (
    SELECT sum(p.people) FILTER (WHERE p.age_from >= coalesce($2, 0)
               AND coalesce(p.age_to, 1000) <= coalesce($3, 1000))::float8 AS people,
           bool_or((p.age_from < coalesce($2, 0) AND coalesce(p.age_to, 1000) >= coalesce($2, 0))
               OR (p.age_from <= coalesce($3, 1000)
                   AND coalesce(p.age_to, 1000) > coalesce($3, 1000))) AS straddles
    FROM area_populations AS p WHERE p.area_id = a.id) AS b
    ON $2::int4 IS NOT NULL OR $3::int4 IS NOT NULL
WHERE a.boundary_set_id = $1
"""
"""One row of arrays in gid order; people between two ages, both included."""

OUTLINES = """
SELECT array_agg(ST_AsBinary(boundary) ORDER BY gid) AS outlines,
       (SELECT sea::text FROM customs) AS sea
FROM areas WHERE boundary_set_id = $1
"""
"""What is known of the land, and where the sea is."""

CENTRES = """
SELECT array_agg(ST_X(centroid) ORDER BY gid) AS lons,
       array_agg(ST_Y(centroid) ORDER BY gid) AS lats
FROM areas WHERE boundary_set_id = $1
"""

BANDS = """
SELECT DISTINCT p.age_from, p.age_to FROM area_populations AS p
JOIN areas AS a ON a.id = p.area_id WHERE a.boundary_set_id = $1 ORDER BY 1
"""

_IN_CATEGORY = """
FROM public_sites AS s JOIN public_assets AS a ON a.id = s.asset_id
WHERE a.level <> 'hidden' AND EXISTS (
    SELECT FROM public_asset_categories AS k
    JOIN category_closure AS c ON c.narrower_id = k.category_id
    WHERE k.asset_id = a.id AND c.broader_id = $1)
    AND (s.valid_from IS NULL OR s.valid_from <= local_today())
    AND (s.valid_to IS NULL OR s.valid_to >= local_today())
"""

SITES = f"""
SELECT s.id, s.public_id, a.public_id AS asset, a.name, s.role, s.mode, s.level,
       ST_X(s.location) AS lon, ST_Y(s.location) AS lat, s.capacity, s.capacity_unit,
       coalesce((SELECT e.is_right AND (e.holds_until IS NULL OR e.holds_until >= local_today())
                 FROM public_assertions AS e
                 WHERE e.subject = 'asset' AND e.subject_id = a.id AND e.aspect = 'existence'
                 ORDER BY e.asserted_on DESC LIMIT 1), false) AS is_confirmed,
       (SELECT t.gid FROM site_areas AS x JOIN areas AS t ON t.id = x.area_id
        WHERE x.site_id = s.id AND t.boundary_set_id = $2 ORDER BY t.gid LIMIT 1) AS owner
{_IN_CATEGORY}
ORDER BY s.public_id
"""
"""Every public site of a category, whether it can be reached on foot or not, and whose it is.

The point of a site of which only the area is told is that of its area.
"""

COUNTS = f"""
SELECT (SELECT count(*) FROM areas WHERE boundary_set_id = $2) AS areas,
       (SELECT count(*) {_IN_CATEGORY}) AS sites
"""
"""How much there is to be weighed."""

STATE = f"""
SELECT {token_sql("areas", "assets", "categories", "indicators", "pack")} || ' ' || local_today()
       || ' ' || coalesce((SELECT md5(coalesce(sea::text, '') || projected_crs) FROM customs), '')
"""
"""A text that is another one for another state of everything."""

SERVED = """
SELECT v.site_id, t.gid, least(sum(v.share), 1)::float8 AS share FROM (
    SELECT s.site_id, a.id AS area_id, 1.0 AS share
    FROM public_site_served_areas AS s JOIN areas AS a ON a.code = s.area_code
    JOIN boundary_sets AS b ON b.id = a.boundary_set_id AND b.area_type = s.area_type
    WHERE a.boundary_set_id = $1
    UNION ALL
    SELECT s.site_id, l.from_area_id, l.weight
    FROM public_site_served_areas AS s JOIN areas AS a ON a.code = s.area_code
    JOIN boundary_sets AS b ON b.id = a.boundary_set_id AND b.area_type = s.area_type
    JOIN area_lookups AS l ON l.to_area_id = a.id AND l.kind IN ('within', 'best fit')
    JOIN areas AS f ON f.id = l.from_area_id
    WHERE f.boundary_set_id = $1 AND b.boundary_year = (
        SELECT max(x.boundary_year) FROM boundary_sets AS x WHERE x.area_type = b.area_type)
) AS v JOIN areas AS t ON t.id = v.area_id
WHERE v.site_id = ANY($2::int8[]) GROUP BY v.site_id, t.gid ORDER BY v.site_id, t.gid
"""
"""What share of each area's people a site serves wherever it is, by the areas that it states."""

SPOTS = f"""
SELECT p.number, t.gid, t.name, t.in_study_area
FROM unnest($2::float8[], $3::float8[]) WITH ORDINALITY AS p(lon, lat, number)
CROSS JOIN LATERAL (
    SELECT a.gid, a.name, a.in_study_area FROM area_parts AS k JOIN areas AS a ON a.id = k.area_id
    WHERE a.boundary_set_id = $1 AND ST_Covers(k.part, {lon_lat_sql("p.lon", "p.lat")})
    ORDER BY a.gid LIMIT 1) AS t
ORDER BY p.number
"""
"""Which area of a boundary set each point lies in; those in none have no row."""

SHAPES = """
SELECT a.code, ST_AsBinary(a.boundary) AS boundary
FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id
WHERE b.area_type = $1 AND b.boundary_year = $2 AND a.in_study_area
"""
"""Outlines of the areas of the place."""

AREA_SOURCE = "SELECT source FROM boundary_sets WHERE area_type = $1 AND boundary_year = $2"

SITE_SOURCES = """
SELECT r.source, r.licence, count(DISTINCT s.asset_id) AS places
FROM public_sites AS s JOIN public_sources AS r ON r.subject = 'asset' AND r.subject_id = s.asset_id
WHERE s.public_id = ANY($1::uuid[]) AND r.is_main GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""
"""Whose lists the places are from, on which terms."""

NAMED = """
SELECT s.public_id AS site, a.public_id AS asset, a.name, s.level <> 'public' AS is_area,
       ST_X(s.location) AS lon, ST_Y(s.location) AS lat
FROM public_sites AS s JOIN public_assets AS a ON a.id = s.asset_id
WHERE a.level <> 'hidden' AND s.public_id = ANY($1::uuid[])
"""
"""What strangers are told of some sites: name and point, or the point of the area."""
