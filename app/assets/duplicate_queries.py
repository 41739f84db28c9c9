"""The SELECTs of what may be the same thing.

Of public views with the right of strangers, and of the tables for those who may see more.
"""

from app.geo import expressions as geo

_HERE = geo.here_sql("CAST(:lon AS float8)", "CAST(:lat AS float8)")

NEAREST_M = 1000
"""How far from a place things may be that are looked at because of it."""
_MOST_NEAR = 200
_MOST_ALIKE = 40

_FOUND = f"""
SELECT w.asset_id FROM (
    SELECT w.asset_id FROM unnest($1::text[]) WITH ORDINALITY AS q (phrase, place)
    JOIN asset_words AS w ON q.phrase <% w.name
    ORDER BY q.place > 1, word_similarity(q.phrase, w.name) DESC, length(w.name), w.asset_id
    LIMIT {_MOST_ALIKE}) AS w
UNION
SELECT n.asset_id FROM (
    SELECT p.asset_id FROM site_points AS p
    WHERE $2::float8 IS NOT NULL AND p.category_id = 0 AND NOT p.is_area
        AND {geo.within_sql("p.location", geo.here_sql("$2::float8", "$3::float8"), "$4::float8")}
    ORDER BY {geo.sphere_distance_sql("p.location", geo.here_sql("$2::float8", "$3::float8"))}
    LIMIT {_MOST_NEAR}) AS n
"""

CANDIDATES = f"""
WITH found AS ({_FOUND})
SELECT a.public_id, a.name, 'public' AS standing, s.level, s.position,
       CASE WHEN s.level = 'public' THEN s.postcode END AS postcode,
       CASE WHEN s.level = 'public' THEN s.address END AS address,
       CASE WHEN s.level = 'public' THEN s.place_name END AS place,
       CASE WHEN s.level = 'public' AND $2::float8 IS NOT NULL AND s.location IS NOT NULL THEN
           {geo.distance_sql("s.location", geo.here_sql("$2::float8", "$3::float8"))}
       END AS distance_m,
       CASE WHEN s.area_id IS NOT NULL THEN
           (SELECT ar.name FROM areas AS ar WHERE ar.id = s.area_id) END AS area,
       h.opening_hours, nullif(s.hours_words, '') AS hours_words,
       ARRAY(SELECT k.code FROM public_asset_categories AS k WHERE k.asset_id = a.id) AS categories
FROM found JOIN public_assets AS a ON a.id = found.asset_id
JOIN public_sites AS s ON s.asset_id = a.id
LEFT JOIN schedules AS h ON h.id = s.schedule_id
ORDER BY a.public_id, s.position
"""
"""$1 telling words of a name, the whole first, $2 and $3 longitude and latitude or null, $4 metres.

Distance, address and postcode only where the point itself is public: the point of an area stands
for all of it, and nothing is said of how far that is.
"""

MOST_PRIVATE = 400

PRIVATE_CANDIDATES = f"""
WITH found AS (
    SELECT a.id, a.public_id, a.name, a.status, s.position, s.schedule_id, s.hours_words,
           s.public_level, p.name AS place_name,
           coalesce(nullif(s.postcode, ''), p.postcode) AS postcode,
           coalesce(nullif(s.address, ''), p.address) AS address,
           coalesce(s.location, p.location) AS location
    FROM assets AS a JOIN asset_sites AS s ON s.asset_id = a.id
    LEFT JOIN LATERAL (
        SELECT b.name, t.address, t.postcode, t.location
        FROM assets AS b JOIN asset_sites AS t ON t.asset_id = b.id
        WHERE b.id = s.place_id AND t.role = 'delivery' ORDER BY t.position LIMIT 1) AS p ON true
    WHERE a.status IN ('published', 'waiting')
        AND (a.public_level <> 'public' OR s.public_level <> 'public')
        AND (CAST(:author AS bigint) IS NULL OR a.author_id = :author)),
measured AS (
    SELECT f.*, CASE WHEN CAST(:lon AS float8) IS NOT NULL AND f.location IS NOT NULL THEN
        {geo.distance_sql("f.location", _HERE)}
        END AS distance_m
    FROM found AS f)
SELECT m.public_id, m.name, 'public' AS level, m.postcode, m.address, m.place_name AS place,
       CASE WHEN m.status = 'waiting' THEN 'waiting' ELSE 'private' END AS standing,
       m.distance_m, NULL AS area, h.opening_hours, nullif(m.hours_words, '') AS hours_words,
       ARRAY(SELECT k.code FROM asset_categories AS c JOIN categories AS k ON k.id = c.category_id
             WHERE c.asset_id = m.id) AS categories
FROM measured AS m LEFT JOIN schedules AS h ON h.id = m.schedule_id
WHERE m.distance_m <= :radius OR EXISTS (
    SELECT FROM unnest(CAST(:phrases AS text[])) AS q (phrase)
    WHERE word_similarity(q.phrase, plain_words(m.name)) >= :alike)
ORDER BY m.public_id, m.position LIMIT {MOST_PRIVATE}
"""
"""What strangers are told less of, or nothing, with what is true of it. Who may see a row is not
decided here: whoever reads them asks for each.

`author`: null, or the number of the person whose own alone are looked at.
"""
