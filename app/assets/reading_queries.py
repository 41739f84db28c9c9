"""The SELECTs of one asset, its public history, and counts in an area."""

from app.assets.cards import FINDABLE, FRESHNESS, STAMP
from app.geo import expressions as geo

_CATEGORIES = """
(SELECT json_agg(json_build_object('code', k.code, 'name', c.name) ORDER BY k.position)
 FROM public_asset_categories AS k JOIN categories AS c ON c.id = k.category_id
 WHERE k.asset_id = {asset_id})
"""

_AREA = """
(SELECT json_build_object('type', b.area_type, 'code', ar.code, 'name', ar.name)
 FROM areas AS ar JOIN boundary_sets AS b ON b.id = ar.boundary_set_id WHERE ar.id = s.area_id)
"""

_CONTACTS = """
(SELECT coalesce(json_agg(json_build_object('kind', c.kind, 'value', c.value, 'label', c.label)
    ORDER BY c.position), '[]') FROM public_site_contacts AS c WHERE c.site_id = s.id)
"""

_SERVED = """
(SELECT coalesce(json_agg(json_build_object('type', v.area_type, 'code', v.area_code,
    'name', (SELECT ar.name FROM areas AS ar JOIN boundary_sets AS b ON b.id = ar.boundary_set_id
        WHERE b.area_type = v.area_type AND ar.code = v.area_code AND ar.in_study_area
        ORDER BY b.boundary_year DESC LIMIT 1)) ORDER BY v.area_type, v.area_code), '[]')
 FROM (SELECT DISTINCT area_type, area_code FROM public_site_served_areas WHERE {which}) AS v)
"""

_IS_THERE = """
(s.valid_from IS NULL OR s.valid_from <= local_today())
AND (s.valid_to IS NULL OR s.valid_to >= local_today())
"""

ASSET = f"""
SELECT a.id, a.public_id, a.kind, a.name, a.translations::text AS translations, a.description,
       a.organisation_public_id, a.organisation_name, a.min_age, a.max_age, a.eligibility, a.cost,
       a.cost_amount::text AS cost_amount, a.cost_words, a.languages, a.how_to_join,
       a.term_time_only, a.step_free, a.accessible_toilet, a.hearing_loop, a.parking,
       CASE WHEN a.alert <> '' AND (a.alert_until IS NULL OR a.alert_until >= local_today())
            THEN a.alert END AS alert, a.alert_until,
       a.level, a.is_listed, a.changed_at, local_today() AS today,
       {_CATEGORIES.format(asset_id="a.id")}::text AS categories,
       (SELECT json_agg(json_build_object('source', r.source, 'source_id', r.source_id,
            'licence', r.licence, 'method', r.method, 'is_main', r.is_main)
            ORDER BY r.is_main DESC, r.source, r.source_id)
        FROM public_sources AS r WHERE r.subject = 'asset' AND r.subject_id = a.id)::text
        AS origins,
       {FRESHNESS.format(asset_id="a.id")}::text
        AS freshness,
       {STAMP} AS stamp
FROM public_assets AS a WHERE a.public_id = $1
"""

SITES = f"""
SELECT s.schedule_id, s.time_zone, json_build_object(
    'id', s.public_id, 'role', s.role, 'mode', s.mode, 'visibility', s.level,
    'location', CASE WHEN s.level = 'public' AND s.location IS NOT NULL
        THEN json_build_object('lon', {geo.longitude_sql("s.location")},
                               'lat', {geo.latitude_sql("s.location")}) END,
    'area', CASE WHEN s.area_id IS NOT NULL THEN {_AREA} END,
    'address', nullif(s.address, ''), 'postcode', nullif(s.postcode, ''),
    'place', CASE WHEN s.place_public_id IS NOT NULL THEN json_build_object(
        'id', s.place_public_id, 'name', s.place_name) END,
    'opening_hours', h.opening_hours,
    'hours_words', coalesce(h.words, nullif(s.hours_words, '')), 'time_zone', s.time_zone,
    'capacity', s.capacity, 'capacity_unit', CASE WHEN s.capacity IS NOT NULL
        THEN s.capacity_unit END,
    'valid_from', s.valid_from, 'valid_to', s.valid_to, 'contacts', {_CONTACTS},
    'served_areas', {_SERVED.format(which="site_id = s.id")})::text AS site
FROM public_sites AS s LEFT JOIN schedules AS h ON h.id = s.schedule_id
WHERE s.asset_id = $1 AND {_IS_THERE} ORDER BY s.position
"""

ASSET_SCHEDULES = f"""
SELECT s.public_id, s.schedule_id, s.time_zone
FROM public_sites AS s JOIN public_assets AS a ON a.id = s.asset_id
WHERE a.public_id = $1 AND s.schedule_id IS NOT NULL AND {_IS_THERE} ORDER BY s.position
"""

LISTED = """
SELECT a.public_id, a.name, a.changed_at FROM public_assets AS a
WHERE a.is_listed ORDER BY a.id OFFSET $1 LIMIT $2
"""

COUNT_LISTED = "SELECT count(*) AS listed FROM public_assets WHERE is_listed"

NEWEST = """
SELECT a.public_id, a.name, a.changed_at FROM public_assets AS a
WHERE a.is_listed ORDER BY a.changed_at DESC, a.id LIMIT $1
"""

CHANGES = """
SELECT a.public_id, a.name, a.changed_at FROM public_assets AS a WHERE a.public_id = ANY($1::uuid[])
"""

FINDABLE_ASSET = f"""
SELECT f.public_id, f.name, {_CATEGORIES.format(asset_id="f.id")}::text AS categories,
       {_SERVED.format(which="asset_id = f.id")}::text AS served_areas,
       (SELECT coalesce(json_agg(json_build_object('kind', c.kind, 'value', c.value,
            'label', c.label) ORDER BY c.site_id, c.position), '[]') FROM public_site_contacts AS c
        WHERE c.asset_id = f.id)::text AS contacts, {STAMP} AS stamp
FROM findable_assets AS f WHERE f.public_id = $1
"""

HISTORY = """
SELECT r.number, r.at, r.method, r.action, r.document::text AS document
FROM public_revisions AS r JOIN public_assets AS a ON a.id = r.subject_id
WHERE r.subject = 'asset' AND a.public_id = $1 ORDER BY r.number
"""

COUNTS = """
SELECT c.code, c.name, b.code AS broader, count(DISTINCT p.asset_id) AS assets,
       count(DISTINCT p.asset_id) FILTER (WHERE p.is_area) AS area_only
FROM site_areas AS x JOIN site_points AS p ON p.site_id = x.site_id
LEFT JOIN categories AS c ON c.id = p.category_id
LEFT JOIN categories AS b ON b.id = c.broader_id
WHERE x.area_id = $1 AND (p.valid_from IS NULL OR p.valid_from <= local_today())
    AND (p.valid_to IS NULL OR p.valid_to >= local_today())
GROUP BY p.category_id, c.code, c.name, b.code, c.position ORDER BY c.position NULLS FIRST, c.code
"""
"""The row without a code counts all; an asset counts once in each of its categories."""

AREA_NAMED = """
SELECT a.id, b.area_type AS type, a.code, b.boundary_year, a.name
FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id
WHERE b.area_type = $1 AND a.code = $2 AND a.in_study_area
    AND ($3::int2 IS NULL OR b.boundary_year = $3)
ORDER BY b.boundary_year DESC LIMIT 1
"""

SITE_SCHEDULES = """
SELECT s.public_id AS site, s.schedule_id, s.time_zone, s.valid_from, s.valid_to
FROM public_sites AS s
WHERE s.public_id = ANY($1::uuid[]) AND s.schedule_id IS NOT NULL
"""

__all__ = [
    "AREA_NAMED", "ASSET", "ASSET_SCHEDULES", "CHANGES", "COUNTS", "COUNT_LISTED", "FINDABLE",
    "FINDABLE_ASSET", "HISTORY", "LISTED", "NEWEST", "SITES", "SITE_SCHEDULES",
]  # fmt: skip
