"""How many organisations there are in each area of a kind, by a role that sees what is public."""

from collections.abc import Sequence

from app.core.public_reads import Reader, Record

Rows = Sequence[Record]

_NAMED = """
    named AS MATERIALIZED (
        SELECT area_type, area_code FROM public_organisation_works_in
        UNION SELECT v.area_type, v.area_code FROM public_site_served_areas AS v
        JOIN public_assets AS a ON a.id = v.asset_id WHERE a.organisation_id IS NOT NULL),
    roots AS MATERIALIZED (
        SELECT a.id AS root, n.area_type, n.area_code FROM named AS n
        JOIN boundary_sets AS s ON s.area_type = n.area_type
        JOIN areas AS a ON a.boundary_set_id = s.id AND a.code = n.area_code),
    around(root, id) AS (
        SELECT root, root FROM roots UNION
        SELECT r.root, l.to_area_id FROM around AS r
        JOIN area_lookups AS l ON l.from_area_id = r.id WHERE l.kind IN ('within', 'best fit')),
    inside(root, id) AS (
        SELECT root, root FROM roots UNION
        SELECT r.root, l.from_area_id FROM inside AS r
        JOIN area_lookups AS l ON l.to_area_id = r.id WHERE l.kind IN ('within', 'best fit')),
    covered AS MATERIALIZED (
        SELECT DISTINCT r.area_type, r.area_code, t.gid
        FROM (SELECT root, id FROM around UNION SELECT root, id FROM inside) AS near
        JOIN roots AS r USING (root) JOIN target AS t ON t.id = near.id)
"""
"""Areas that are stated by name, and those of the kind asked for that hold them or lie in them."""

_WORKS = """
        SELECT c.gid, w.organisation_id FROM public_organisation_works_in AS w
        JOIN covered AS c USING (area_type, area_code)
        UNION SELECT c.gid, a.organisation_id FROM public_site_served_areas AS v
        JOIN public_assets AS a ON a.id = v.asset_id
        JOIN covered AS c USING (area_type, area_code)
        UNION SELECT t.gid, a.organisation_id FROM site_areas AS x
        JOIN target AS t ON t.id = x.area_id JOIN public_assets AS a ON a.id = x.asset_id
"""
_REGISTERED = """
        SELECT t.gid, p.organisation_id FROM organisation_places AS p
        JOIN target AS t ON t.id = p.area_id
"""


def _write_counts(before: str, pairs: str) -> str:
    return f"""
    WITH RECURSIVE target AS MATERIALIZED (
        SELECT id, gid FROM areas WHERE boundary_set_id = $1 AND in_study_area),
    {before}
    pairs AS ({pairs}),
    told AS MATERIALIZED (
        SELECT p.gid, o.id, o.kind, o.social_enterprise_reason IS NOT NULL AS is_social
        FROM pairs AS p JOIN public_organisations AS o ON o.id = p.organisation_id
        WHERE o.kind = ANY($2::text[]))
    SELECT gid, kind, count(*) AS total, count(*) FILTER (WHERE is_social) AS social
    FROM told GROUP BY gid, kind
    UNION ALL
    SELECT 0, kind, count(DISTINCT id), count(DISTINCT id) FILTER (WHERE is_social)
    FROM told GROUP BY kind
    ORDER BY gid, kind
    """  # noqa: S608 - parts of ours


COUNTS = {
    "works_in": _write_counts(f"{_NAMED},", _WORKS),
    "registered_in": _write_counts("", _REGISTERED),
}
"""By relation: gid, kind, total and social; the rows of gid 0 are of the whole place."""


async def fetch_set(reader: Reader, area_type: str, boundary_year: int | None) -> Record | None:
    """Return id, area_type, boundary_year and count of a boundary set, the newest without a year.

    `count` is of the areas of the place, whose gids are 1 to it.
    """
    return await reader.fetchrow(
        """
        SELECT s.id, s.area_type, s.boundary_year,
               (SELECT count(*) FROM areas AS a
                WHERE a.boundary_set_id = s.id AND a.in_study_area) AS count
        FROM boundary_sets AS s
        WHERE s.area_type = $1 AND ($2::int IS NULL OR s.boundary_year = $2)
        ORDER BY s.boundary_year DESC LIMIT 1
        """,
        area_type,
        boundary_year,
    )


async def fetch_sets(reader: Reader) -> Rows:
    """Return area_type and boundary_year of every boundary set, smallest kind first."""
    rows: Rows = await reader.fetch(
        "SELECT s.area_type, s.boundary_year FROM boundary_sets AS s"
        " JOIN area_types AS t ON t.code = s.area_type ORDER BY t.position, s.boundary_year"
    )
    return rows


async def fetch_counts(
    reader: Reader, boundary_set_id: int, relation: str, kinds: Sequence[str]
) -> Rows:
    """Return gid, kind, total and social of the areas that have any; gid 0 is the whole place."""
    rows: Rows = await reader.fetch(COUNTS[relation], boundary_set_id, kinds)
    return rows
