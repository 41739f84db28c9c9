"""The SELECTs of listed places that something may be held at."""

from app.geo import expressions as geo

_HERE = geo.here_sql("CAST(:lon AS float8)", "CAST(:lat AS float8)")

NEAREST_M = 3000
"""How far places are shown that only a point was given for."""
_MOST_ALIKE = 200

PLACES = f"""
WITH asked AS (SELECT plain_words($1) AS words),
found AS (
    SELECT w.asset_id, word_similarity((SELECT words FROM asked), w.name) AS alike
    FROM asset_words AS w WHERE $1 <> '' AND (SELECT words FROM asked) <% w.name
    ORDER BY alike DESC, length(w.name), w.asset_id LIMIT {_MOST_ALIKE}),
near AS (
    SELECT DISTINCT p.asset_id FROM site_points AS p
    WHERE $1 = '' AND $2::float8 IS NOT NULL AND p.category_id = 0 AND NOT p.is_area
        AND {geo.within_sql("p.location", geo.here_sql("$2::float8", "$3::float8"), "$4::float8")}),
chosen AS (
    SELECT asset_id, alike FROM found UNION ALL SELECT asset_id, 0 FROM near
    UNION ALL SELECT a.id, 0 FROM public_assets AS a WHERE a.public_id = $5::uuid),
listed AS (
    SELECT DISTINCT ON (a.id) a.public_id, a.name, c.alike, s.level,
        CASE WHEN s.level = 'public' THEN s.address END AS address,
        CASE WHEN s.level = 'public' THEN s.postcode END AS postcode,
        CASE WHEN s.level = 'public' AND $2::float8 IS NOT NULL AND s.location IS NOT NULL THEN
            {geo.distance_sql("s.location", geo.here_sql("$2::float8", "$3::float8"))}
        END AS distance_m,
        CASE WHEN s.area_id IS NOT NULL THEN
            (SELECT ar.name FROM areas AS ar WHERE ar.id = s.area_id) END AS area
    FROM chosen AS c JOIN public_assets AS a ON a.id = c.asset_id AND a.kind = 'place'
    JOIN public_sites AS s ON s.asset_id = a.id AND s.role = 'delivery'
    ORDER BY a.id, s.position)
SELECT public_id, name, level, address, postcode, area, distance_m FROM listed
ORDER BY CASE WHEN $2::float8 IS NULL THEN alike END DESC NULLS LAST, distance_m NULLS LAST,
    alike DESC, name, public_id
LIMIT $6
"""
"""$1 words, $2 and $3 longitude and latitude or null, $4 metres, $5 one by its id or null, $6 most.

Distance, address and postcode only where the point itself is public.
"""

PRIVATE_PLACES = f"""
WITH found AS (
    SELECT DISTINCT ON (a.id) a.public_id, a.name,
        CASE WHEN 'hidden' IN (a.public_level, s.public_level) THEN 'hidden' ELSE 'area only' END
        AS level, s.address, s.postcode,
        word_similarity(plain_words(:words), plain_words(a.name)) AS alike,
        CASE WHEN CAST(:lon AS float8) IS NOT NULL AND s.location IS NOT NULL THEN
            {geo.distance_sql("s.location", _HERE)}
        END AS distance_m
    FROM assets AS a JOIN asset_sites AS s ON s.asset_id = a.id AND s.role = 'delivery'
    WHERE a.kind = 'place' AND a.status = 'published'
        AND (a.public_level <> 'public' OR s.public_level <> 'public')
    ORDER BY a.id, s.position)
SELECT public_id, name, level, address, postcode, NULL AS area, distance_m FROM found
WHERE public_id = CAST(:id AS uuid)
    OR CASE WHEN :words = '' THEN distance_m <= :radius ELSE alike >= :alike END
ORDER BY distance_m NULLS LAST, alike DESC, name LIMIT :most
"""
"""What strangers are told less of, or nothing. Who may see a row is not decided here: whoever reads
them asks for each.
"""
