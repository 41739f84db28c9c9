"""What a list says of an asset at one site, written as JSON by the database."""

from app.geo import expressions as geo

STAMP = """
(SELECT coalesce(string_agg(
    concat_ws('-', topic, version, extract(epoch FROM raised_at)), ' ' ORDER BY topic), '')
 FROM versions WHERE topic IN ('areas', 'assets', 'categories', 'organisations'))
|| ' ' || (SELECT local_today())
"""
"""A text that changes whenever anything does that these answers say; sites come and go by day."""

CATEGORIES = """
(SELECT json_agg(k.code ORDER BY k.position) FROM public_asset_categories AS k
 WHERE k.asset_id = {asset_id})
"""

FRESHNESS = """
coalesce((SELECT json_agg(json_build_object('aspect', r.aspect, 'is_right', r.is_right,
    'confirmed_on', r.asserted_on, 'holds_until', r.holds_until, 'method', r.method,
    'is_unconfirmed', NOT r.is_right OR coalesce(r.holds_until < (SELECT local_today()), false))
    ORDER BY r.aspect)
 FROM public_assertions AS r WHERE r.subject = 'asset' AND r.subject_id = {asset_id}), '[]')
"""
"""When each respect of it was last made sure of."""

_PROPERTIES = """
json_build_object(
    'name', a.name, 'kind', a.kind, 'categories', {categories},
    'organisation', CASE WHEN a.organisation_id IS NOT NULL THEN json_build_object(
        'id', a.organisation_public_id, 'name', a.organisation_name) END,
    'distance_m', {distance}, 'visibility', s.level,
    'area', CASE WHEN s.area_id IS NOT NULL THEN (SELECT json_build_object(
        'type', b.area_type, 'code', ar.code, 'name', ar.name) FROM areas AS ar
        JOIN boundary_sets AS b ON b.id = ar.boundary_set_id WHERE ar.id = s.area_id) END,
    'mode', s.mode, 'address', nullif(s.address, ''), 'postcode', nullif(s.postcode, ''),
    'place', CASE WHEN s.place_public_id IS NOT NULL THEN json_build_object(
        'id', s.place_public_id, 'name', s.place_name) END,
    'site_id', s.public_id, 'sites', {sites},
    'opening_hours', h.opening_hours, 'hours_words', coalesce(h.words, nullif(s.hours_words, '')),
    'cost', a.cost, 'cost_amount', a.cost_amount, 'cost_words', nullif(a.cost_words, ''),
    'languages', a.languages, 'min_age', a.min_age, 'max_age', a.max_age,
    'term_time_only', a.term_time_only, 'step_free', a.step_free,
    'accessible_toilet', a.accessible_toilet, 'hearing_loop', a.hearing_loop,
    'parking', a.parking,
    'alert', CASE WHEN a.alert <> '' AND (a.alert_until IS NULL
        OR a.alert_until >= (SELECT local_today())) THEN a.alert END,
    'source', o.source, 'licence', o.licence, 'freshness', {freshness})::text AS properties
"""

_FROM = """
JOIN public_assets AS a ON a.id = page.asset_id
JOIN public_sites AS s ON s.id = page.site_id
LEFT JOIN schedules AS h ON h.id = s.schedule_id
LEFT JOIN LATERAL (SELECT r.source, r.licence FROM public_sources AS r
    WHERE r.subject = 'asset' AND r.subject_id = a.id AND r.is_main LIMIT 1) AS o ON true
"""

_GEOMETRY = "CASE WHEN s.level = 'public' THEN {point} END AS geometry"
"""The point of an area stands for all of it: it is never handed out as that of an asset."""

FINDABLE = f"""
json_build_object('name', f.name, 'categories', {CATEGORIES.format(asset_id="f.id")},
    'visibility', 'hidden',
    'contacts', (SELECT coalesce(json_agg(json_build_object('kind', c.kind, 'value', c.value,
        'label', c.label) ORDER BY c.kind, c.value), '[]') FROM public_site_contacts AS c
        WHERE c.asset_id = f.id))::text AS properties
"""
"""All that is said of a hidden asset whose owner lets it be found."""


def write_cards(distance: str, sites: str) -> str:
    """Return SQL that makes a card of each row (asset_id, site_id) of `page`.

    Args:
        distance: SQL for metres with a decimal, or NULL.
        sites: SQL for how many sites of the asset match.

    Returns:
        What follows `SELECT ` up to where `FROM page` and its joins end: columns `asset` (public
        id), `geometry` (GeoJSON text, null where there is no point) and `properties` (JSON text).
    """
    properties = _PROPERTIES.format(
        categories=CATEGORIES.format(asset_id="a.id"),
        distance=distance,
        sites=sites,
        freshness=FRESHNESS.format(asset_id="a.id"),
    )
    geometry = _GEOMETRY.format(point=geo.point_geojson_sql("s.location"))
    return f"a.public_id AS asset, {geometry}, {properties} FROM page {_FROM}"
