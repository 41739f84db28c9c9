"""The SELECTs of what may be the same thing: public views only, with the right of strangers."""

from app.geo import expressions as geo

NEAREST_M = 1000
"""How far from a place things may be that are looked at because of it."""
_MOST_NEAR = 200
_MOST_ALIKE = 40

ALIKE = 0.6
"""How alike words must be to a part of a name, as PostgreSQL's trigrams measure it."""

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
SELECT a.public_id, a.name, s.level, s.position,
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
