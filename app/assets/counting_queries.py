"""The SELECTs of how many assets there are in each area of a kind."""

BOUNDARY_SET = """
SELECT s.id, s.area_type, s.boundary_year,
       (SELECT count(*) FROM areas AS a WHERE a.boundary_set_id = s.id AND a.in_study_area)
       AS count
FROM boundary_sets AS s WHERE s.area_type = $1 AND s.boundary_year = $2
"""

COUNTS = """
WITH target AS MATERIALIZED (
    SELECT id, gid FROM areas WHERE boundary_set_id = $1 AND in_study_area),
wanted AS (
    SELECT 0 AS id, '' AS code WHERE '' = ANY($2::text[])
    UNION ALL SELECT id, code FROM categories WHERE code = ANY($2::text[])),
points AS MATERIALIZED (
    SELECT w.code, p.site_id, p.asset_id, p.is_area
    FROM site_points AS p JOIN wanted AS w ON w.id = p.category_id
    WHERE (p.valid_from IS NULL OR p.valid_from <= local_today())
        AND (p.valid_to IS NULL OR p.valid_to >= local_today()))
SELECT t.gid, p.code, count(DISTINCT p.asset_id) AS assets
FROM points AS p JOIN site_areas AS x ON x.site_id = p.site_id JOIN target AS t ON t.id = x.area_id
GROUP BY t.gid, p.code
UNION ALL
SELECT 0, code, count(DISTINCT asset_id) FROM points GROUP BY code
UNION ALL
SELECT -1, p.code, count(DISTINCT p.asset_id) FROM points AS p
WHERE p.is_area AND NOT EXISTS (
    SELECT FROM site_areas AS x JOIN target AS t ON t.id = x.area_id WHERE x.site_id = p.site_id)
GROUP BY p.code
ORDER BY gid, code
"""
"""By area; gid 0 is all that there are, -1 those of which only a larger area is told.

The category '' is any. What is area only is in `site_areas` from the publishing level upwards.
"""
