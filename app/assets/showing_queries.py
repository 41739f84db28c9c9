"""The SELECTs of what a first page shows of all there is."""

from app.assets.cards import FRESHNESS, STAMP
from app.geo import expressions as geo

STAMP_STATEMENT = f"SELECT {STAMP} AS stamp"

_IS_THERE = """
(p.valid_from IS NULL OR p.valid_from <= local_today())
AND (p.valid_to IS NULL OR p.valid_to >= local_today())
"""

BROADEST = """
SELECT c.code, count(DISTINCT k.asset_id) AS assets
FROM public_asset_categories AS k JOIN category_closure AS up ON up.narrower_id = k.category_id
JOIN categories AS c ON c.id = up.broader_id
WHERE c.broader_id IS NULL AND EXISTS (SELECT FROM public_sites AS s
    WHERE s.asset_id = k.asset_id AND NOT s.in_margin
        AND (s.valid_from IS NULL OR s.valid_from <= local_today())
        AND (s.valid_to IS NULL OR s.valid_to >= local_today()))
GROUP BY c.code
"""
"""As lists count them: with what has no place of its own, online or by phone."""

LANGUAGES = """
SELECT DISTINCT spoken AS language FROM public_assets AS a, unnest(a.languages) AS spoken
WHERE a.is_listed ORDER BY spoken
"""

SAMPLE = f"""
SELECT {geo.longitude_sql("p.location")} AS lon, {geo.latitude_sql("p.location")} AS lat
FROM site_points AS p WHERE p.category_id = 0 AND NOT p.is_area AND {_IS_THERE}
ORDER BY md5(p.map_number::text) LIMIT $1
"""

DOUBTFUL = f"""
WITH said AS (
    SELECT r.subject_id AS asset_id, bool_or(NOT r.is_right) AS is_doubted,
           max(r.asserted_on) FILTER (WHERE r.aspect = 'existence') AS there_on
    FROM public_assertions AS r WHERE r.subject = 'asset' GROUP BY r.subject_id),
ranked AS (
    SELECT p.asset_id, p.site_id, coalesce(said.is_doubted, false) AS is_doubted, said.there_on,
           row_number() OVER (PARTITION BY p.main_category_id
               ORDER BY coalesce(said.is_doubted, false) DESC, said.there_on NULLS LAST,
                        md5(p.map_number::text)) AS place
    FROM site_points AS p LEFT JOIN said ON said.asset_id = p.asset_id
    WHERE p.category_id = 0 AND NOT p.is_area AND {_IS_THERE})
SELECT a.public_id, a.name, s.postcode, ranked.is_doubted,
       (SELECT r.source FROM public_sources AS r WHERE r.subject = 'asset'
            AND r.subject_id = a.id AND r.is_main LIMIT 1) AS source,
       {FRESHNESS.format(asset_id="a.id")}::text AS freshness
FROM ranked JOIN public_assets AS a ON a.id = ranked.asset_id
JOIN public_sites AS s ON s.id = ranked.site_id
ORDER BY ranked.is_doubted DESC, ranked.place, ranked.there_on NULLS LAST, a.name, a.public_id
LIMIT $1
"""

EXAMPLE = """
SELECT c.display FROM public_sites AS s
JOIN postcodes AS c ON c.postcode = upper(replace(s.postcode, ' ', ''))
WHERE s.level = 'public' AND EXISTS (SELECT FROM site_areas AS x
    JOIN areas AS home ON home.id = x.area_id WHERE x.site_id = s.id AND home.in_study_area)
GROUP BY c.display ORDER BY count(*) DESC, c.display LIMIT 1
"""
