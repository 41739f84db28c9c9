"""What strangers may read of organisations: public views only, by a role with no other right."""

from collections.abc import Sequence
from uuid import UUID

from app.core.public_reads import Reader, Record

Rows = Sequence[Record]

_NEWEST_SETS = """
    SELECT DISTINCT ON (area_type) id, area_type, boundary_year FROM boundary_sets
    ORDER BY area_type, boundary_year DESC
"""

LISTED = """
    SELECT public_id, name, changed_at FROM public_organisations ORDER BY id OFFSET $1 LIMIT $2
"""

COUNT_LISTED = "SELECT count(*) AS listed FROM public_organisations"


async def fetch_stamp(reader: Reader, topics: Sequence[str]) -> str:
    """Return a text that is never the same for two states of the topics, or on two days."""
    rows = await reader.fetch(
        "SELECT topic, version, raised_at FROM versions WHERE topic = ANY($1) ORDER BY topic",
        topics,
    )
    today = await reader.fetchval("SELECT local_today()")
    said = [f"{row['topic']}-{row['version']}-{row['raised_at'].timestamp():.6f}" for row in rows]
    return " ".join([*said, today.isoformat()])


async def fetch_organisation(reader: Reader, public_id: UUID) -> Record | None:
    """Return the row of `public_organisations`, or None."""
    return await reader.fetchrow(
        "SELECT * FROM public_organisations WHERE public_id = $1", public_id
    )


async def fetch_works_in(reader: Reader, ids: Sequence[int]) -> Rows:
    """Return organisation_id, type, code, name and is_stated; smallest kind first, then by code.

    What organisations run counts from the publishing level upwards.
    """
    rows: Rows = await reader.fetch(
        f"""
        WITH newest AS ({_NEWEST_SETS}),
        stated AS (
            SELECT organisation_id, area_type, area_code AS code, true AS is_stated
            FROM public_organisation_works_in WHERE organisation_id = ANY($1)),
        run AS (
            SELECT DISTINCT p.organisation_id, n.area_type, a.code, false AS is_stated
            FROM public_assets AS p JOIN public_sites AS s ON s.asset_id = p.id
            JOIN site_areas AS at ON at.site_id = s.id JOIN areas AS a ON a.id = at.area_id
            JOIN newest AS n ON n.id = a.boundary_set_id
            JOIN area_types AS t ON t.code = n.area_type
            WHERE p.organisation_id = ANY($1) AND t.position >= publishing_position()
            UNION
            SELECT p.organisation_id, v.area_type, v.area_code, false
            FROM public_assets AS p JOIN public_site_served_areas AS v ON v.asset_id = p.id
            WHERE p.organisation_id = ANY($1)),
        every AS (
            SELECT organisation_id, area_type, code, bool_or(is_stated) AS is_stated
            FROM (SELECT * FROM stated UNION ALL SELECT * FROM run) AS both_of
            GROUP BY organisation_id, area_type, code)
        SELECT e.organisation_id, e.area_type AS type, e.code, coalesce(named.name, '') AS name,
               e.is_stated
        FROM every AS e LEFT JOIN area_types AS t ON t.code = e.area_type
        LEFT JOIN LATERAL (
            SELECT a.name FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id
            WHERE b.area_type = e.area_type AND a.code = e.code
            ORDER BY b.boundary_year DESC LIMIT 1) AS named ON true
        ORDER BY t.position, e.area_type, e.code
        """,  # noqa: S608 - a query of ours
        ids,
    )
    return rows


async def fetch_registered_in(reader: Reader, ids: Sequence[int]) -> Rows:
    """Return organisation_id, type, code, name, from the publishing level upwards, newest year."""
    rows: Rows = await reader.fetch(
        f"""
        SELECT p.organisation_id, n.area_type AS type, a.code, a.name
        FROM organisation_places AS p JOIN areas AS a ON a.id = p.area_id
        JOIN ({_NEWEST_SETS}) AS n ON n.id = a.boundary_set_id
        JOIN area_types AS t ON t.code = n.area_type
        WHERE p.organisation_id = ANY($1) AND t.position >= publishing_position()
        ORDER BY t.position, a.code
        """,  # noqa: S608 - a query of ours
        ids,
    )
    return rows


async def fetch_sources(reader: Reader, ids: Sequence[int]) -> Rows:
    """Return the rows of `public_sources`, the main one of each organisation first."""
    rows: Rows = await reader.fetch(
        "SELECT * FROM public_sources WHERE subject = 'organisation' AND subject_id = ANY($1)"
        " ORDER BY is_main DESC, source, source_id",
        ids,
    )
    return rows


async def fetch_contacts(reader: Reader, ids: Sequence[int]) -> Rows:
    """Return the public contacts of organisations, in their order."""
    rows: Rows = await reader.fetch(
        "SELECT * FROM public_organisation_contacts WHERE organisation_id = ANY($1)"
        " ORDER BY organisation_id, position",
        ids,
    )
    return rows


async def fetch_identifiers(reader: Reader, organisation_id: int) -> Rows:
    """Return scheme, identifier and url of an organisation's numbers."""
    rows: Rows = await reader.fetch(
        "SELECT scheme, identifier, url FROM public_organisation_identifiers"
        " WHERE organisation_id = $1 ORDER BY scheme, identifier",
        organisation_id,
    )
    return rows


async def fetch_addresses(reader: Reader, organisation_id: int) -> Rows:
    """Return addresses as `public_organisation_addresses` has them, the area's name beside."""
    rows: Rows = await reader.fetch(
        """
        SELECT d.role, d.level, d.address, d.postcode, ST_X(d.location) AS lon,
               ST_Y(d.location) AS lat, s.area_type, a.code, a.name
        FROM public_organisation_addresses AS d LEFT JOIN areas AS a ON a.id = d.area_id
        LEFT JOIN boundary_sets AS s ON s.id = a.boundary_set_id
        WHERE d.organisation_id = $1 ORDER BY d.position
        """,
        organisation_id,
    )
    return rows


async def fetch_assets(reader: Reader, organisation_id: int, limit: int) -> Rows:
    """Return public_id, name, kind and level of what it runs, by name, and `total` in each row.

    What lies in the margin round the place is not listed.
    """
    rows: Rows = await reader.fetch(
        """
        SELECT public_id, name, kind, level, count(*) OVER () AS total FROM public_assets
        WHERE organisation_id = $1 AND is_listed
        ORDER BY plain_words(name) COLLATE "C", public_id LIMIT $2
        """,
        organisation_id,
        limit,
    )
    return rows


async def fetch_assertions(reader: Reader, organisation_id: int) -> Rows:
    """Return the newest assertion of each aspect; `is_over` where its day has passed."""
    rows: Rows = await reader.fetch(
        "SELECT *, holds_until < local_today() AS is_over FROM public_assertions"
        " WHERE subject = 'organisation' AND subject_id = $1 ORDER BY aspect",
        organisation_id,
    )
    return rows


async def fetch_revisions(reader: Reader, organisation_id: int) -> Rows:
    """Return the public revisions, oldest first; `document` is JSON text."""
    rows: Rows = await reader.fetch(
        "SELECT * FROM public_revisions WHERE subject = 'organisation' AND subject_id = $1"
        " ORDER BY number",
        organisation_id,
    )
    return rows
