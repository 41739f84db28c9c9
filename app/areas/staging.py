"""The SQL of loading areas: temporary tables to fill and check, and the swap into the real ones.

Everything up to `swap_` touches temporary tables of one connection only, so that a load that
fails or is killed leaves nothing behind and holds no lock on what visitors read.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.geo import expressions as geo
from app.geo.crs import WEB_MERCATOR

MOST_CORNERS = 96
"""Corners of a boundary's piece: small enough to test quickly, few enough pieces to keep."""

CREATE = """
CREATE TEMPORARY TABLE staged_area_types (
    code text PRIMARY KEY, name text, plural text, position smallint, is_publishing boolean);
CREATE TEMPORARY TABLE staged_boundary_sets (
    area_type text, boundary_year smallint, source text, first_zoom smallint, named_zoom smallint,
    PRIMARY KEY (area_type, boundary_year));
CREATE TEMPORARY TABLE staged_areas (
    area_type text, boundary_year smallint, code text, name text, in_study_area boolean,
    area_ha double precision, boundary bytea, outline bytea, repair text, centroid bytea,
    centroid_method text, name_point bytea, people integer, gid integer,
    PRIMARY KEY (area_type, boundary_year, code));
CREATE TEMPORARY TABLE staged_shapes (
    area_type text, boundary_year smallint, code text, to_zoom smallint, shape bytea);
CREATE TEMPORARY TABLE staged_lookups (
    from_type text, from_year smallint, from_code text,
    to_type text, to_year smallint, to_code text,
    kind text, weight double precision, change_code text, method text,
    PRIMARY KEY (from_type, from_year, from_code, to_type, to_year, to_code));
CREATE TEMPORARY TABLE staged_populations (
    area_type text, boundary_year smallint, code text,
    age_from smallint, age_to smallint, people integer,
    PRIMARY KEY (area_type, boundary_year, code, age_from));
CREATE TEMPORARY TABLE staged_postcodes (
    postcode text PRIMARY KEY, display text, location bytea);
CREATE TEMPORARY TABLE staged_backdrops (kind text, name text, shape bytea);
"""

COLUMNS: dict[str, tuple[str, ...]] = {
    "staged_area_types": ("code", "name", "plural", "position", "is_publishing"),
    "staged_boundary_sets": (
        "area_type", "boundary_year", "source", "first_zoom", "named_zoom",
    ),
    "staged_areas": (
        "area_type", "boundary_year", "code", "name", "in_study_area", "area_ha", "boundary",
        "outline", "repair", "centroid", "centroid_method", "name_point",
    ),
    "staged_shapes": ("area_type", "boundary_year", "code", "to_zoom", "shape"),
    "staged_lookups": (
        "from_type", "from_year", "from_code", "to_type", "to_year", "to_code", "kind", "weight",
        "change_code", "method",
    ),
    "staged_populations": (
        "area_type", "boundary_year", "code", "age_from", "age_to", "people",
    ),
    "staged_postcodes": ("postcode", "display", "location"),
    "staged_backdrops": ("kind", "name", "shape"),
}  # fmt: skip

SUM_PEOPLE = """
UPDATE staged_areas AS area SET people = total.people
FROM (SELECT area_type, boundary_year, code, sum(people)::integer AS people
      FROM staged_populations GROUP BY area_type, boundary_year, code) AS total
WHERE (area.area_type, area.boundary_year, area.code)
    = (total.area_type, total.boundary_year, total.code);
"""

ADD_PEOPLE_UP = """
WITH held AS (SELECT DISTINCT area_type, boundary_year FROM staged_populations),
made_of AS (
    SELECT DISTINCT ON (l.to_type, l.to_year) l.to_type, l.to_year, l.from_type, l.from_year
    FROM (SELECT DISTINCT to_type, to_year, from_type, from_year FROM staged_lookups
          WHERE kind IN ('within', 'best fit')) AS l
    JOIN held ON (held.area_type, held.boundary_year) = (l.from_type, l.from_year)
    JOIN staged_area_types AS t ON t.code = l.from_type
    WHERE (l.to_type, l.to_year) NOT IN (SELECT area_type, boundary_year FROM held)
    ORDER BY l.to_type, l.to_year, l.from_year DESC, t.position),
incomplete AS (
    SELECT DISTINCT l.to_type, l.to_year, l.to_code
    FROM made_of JOIN staged_lookups AS l USING (to_type, to_year, from_type, from_year)
    JOIN staged_areas AS part ON part.in_study_area
        AND (part.area_type, part.boundary_year, part.code)
          = (l.from_type, l.from_year, l.from_code)
    LEFT JOIN (SELECT DISTINCT area_type, boundary_year, code FROM staged_populations) AS known
        ON (known.area_type, known.boundary_year, known.code)
         = (l.from_type, l.from_year, l.from_code)
    WHERE l.kind IN ('within', 'best fit') AND known.code IS NULL)
INSERT INTO staged_populations
SELECT l.to_type, l.to_year, l.to_code, p.age_from, p.age_to,
       round(sum(l.weight * p.people))::integer
FROM made_of JOIN staged_lookups AS l USING (to_type, to_year, from_type, from_year)
JOIN staged_areas AS small ON small.in_study_area
    AND (small.area_type, small.boundary_year, small.code)
      = (l.from_type, l.from_year, l.from_code)
JOIN staged_areas AS large ON large.in_study_area
    AND (large.area_type, large.boundary_year, large.code) = (l.to_type, l.to_year, l.to_code)
JOIN staged_populations AS p ON (p.area_type, p.boundary_year, p.code)
                              = (l.from_type, l.from_year, l.from_code)
WHERE l.kind IN ('within', 'best fit')
    AND (l.to_type, l.to_year, l.to_code) NOT IN (SELECT * FROM incomplete)
GROUP BY l.to_type, l.to_year, l.to_code, p.age_from, p.age_to;
"""
"""Larger areas without published people get the sum over the smallest, newest areas in them.

One of which a part has no people known gets none, and the margin's people are in no sum: a part
of an area's people would pass for all of them.
"""

NUMBER_AREAS = """
UPDATE staged_areas AS area SET gid = numbered.gid
FROM (SELECT area_type, boundary_year, code, row_number() OVER whole_set AS gid FROM staged_areas
      WINDOW whole_set AS (PARTITION BY area_type, boundary_year
                           ORDER BY in_study_area DESC, code COLLATE "C")) AS numbered
WHERE (area.area_type, area.boundary_year, area.code)
    = (numbered.area_type, numbered.boundary_year, numbered.code);
"""
"""Numbers without holes, the study area first: what is shown of a set is 1 to its count."""

CUT_PARTS = f"""
CREATE TEMPORARY TABLE staged_parts AS
SELECT area_type, boundary_year, code,
       {geo.cut_sql(geo.from_wkb_sql("boundary"), MOST_CORNERS)} AS part
FROM staged_areas;
CREATE INDEX ON staged_parts (area_type, boundary_year, code);
"""  # noqa: S608 - numbers of our own

SWAP: tuple[str, ...] = (
    # One load at a time; readers go on.
    "SELECT pg_advisory_xact_lock(hashtext('hereabouts.areas.swap'))",
    "DELETE FROM area_types WHERE code NOT IN (SELECT code FROM staged_area_types)",
    # Positions are unique: move the old ones out of the way of the new.
    "UPDATE area_types SET position = -position",
    """
    INSERT INTO area_types (code, name, plural, position, is_publishing)
    SELECT code, name, plural, position, is_publishing FROM staged_area_types
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, plural = excluded.plural,
        position = excluded.position, is_publishing = excluded.is_publishing
    """,
    """
    DELETE FROM boundary_sets WHERE (area_type, boundary_year) NOT IN
        (SELECT area_type, boundary_year FROM staged_boundary_sets)
    """,
    """
    INSERT INTO boundary_sets (area_type, boundary_year, source, first_zoom, named_zoom,
                               drawn_zooms)
    SELECT area_type, boundary_year, source, first_zoom, named_zoom,
           ARRAY(SELECT DISTINCT s.to_zoom FROM staged_shapes AS s
                 WHERE (s.area_type, s.boundary_year) = (b.area_type, b.boundary_year) ORDER BY 1)
    FROM staged_boundary_sets AS b
    ON CONFLICT (area_type, boundary_year) DO UPDATE SET source = excluded.source,
        first_zoom = excluded.first_zoom, named_zoom = excluded.named_zoom,
        drawn_zooms = excluded.drawn_zooms
    """,
    """
    DELETE FROM areas USING boundary_sets AS bs
    WHERE bs.id = areas.boundary_set_id AND NOT EXISTS (
        SELECT FROM staged_areas AS s
        WHERE (s.area_type, s.boundary_year, s.code) = (bs.area_type, bs.boundary_year, areas.code))
    """,
    f"""
    INSERT INTO areas (boundary_set_id, gid, code, name, in_study_area, people, area_ha, boundary,
                       outline, repair, centroid, centroid_method, name_point)
    SELECT bs.id, s.gid, s.code, s.name, s.in_study_area, s.people, s.area_ha,
           {geo.from_wkb_sql("s.boundary")}, {geo.from_wkb_sql("s.outline")}, s.repair,
           {geo.from_wkb_sql("s.centroid")}, s.centroid_method, {geo.from_wkb_sql("s.name_point")}
    FROM staged_areas AS s JOIN boundary_sets AS bs USING (area_type, boundary_year)
    ON CONFLICT (boundary_set_id, code) DO UPDATE SET
        gid = excluded.gid, name = excluded.name, in_study_area = excluded.in_study_area,
        people = excluded.people, area_ha = excluded.area_ha, boundary = excluded.boundary,
        outline = excluded.outline, repair = excluded.repair, centroid = excluded.centroid,
        centroid_method = excluded.centroid_method, name_point = excluded.name_point
    """,  # noqa: S608 - numbers of our own
    """
    CREATE TEMPORARY TABLE staged_ids ON COMMIT DROP AS
    SELECT areas.id, bs.area_type, bs.boundary_year, areas.code
    FROM areas JOIN boundary_sets AS bs ON bs.id = areas.boundary_set_id
    """,
    "CREATE UNIQUE INDEX ON staged_ids (area_type, boundary_year, code)",
    "ANALYZE staged_ids",
    "DELETE FROM area_parts",
    """
    INSERT INTO area_parts (area_id, part) SELECT ids.id, p.part
    FROM staged_parts AS p JOIN staged_ids AS ids USING (area_type, boundary_year, code)
    """,
    "DELETE FROM area_shapes",
    f"""
    INSERT INTO area_shapes (boundary_set_id, to_zoom, gid, shape)
    SELECT bs.id, s.to_zoom, a.gid, {geo.from_wkb_sql("s.shape", WEB_MERCATOR)} AS shape
    FROM staged_shapes AS s JOIN staged_areas AS a USING (area_type, boundary_year, code)
    JOIN boundary_sets AS bs USING (area_type, boundary_year)
    ORDER BY bs.id, s.to_zoom, shape
    """,  # noqa: S608 - numbers of our own
    "DELETE FROM area_lookups",
    """
    INSERT INTO area_lookups (from_area_id, to_area_id, kind, weight, change_code, method)
    SELECT f.id, t.id, l.kind, l.weight, l.change_code, l.method FROM staged_lookups AS l
    JOIN staged_ids AS f ON (f.area_type, f.boundary_year, f.code)
                          = (l.from_type, l.from_year, l.from_code)
    JOIN staged_ids AS t ON (t.area_type, t.boundary_year, t.code)
                          = (l.to_type, l.to_year, l.to_code)
    """,
    "DELETE FROM area_populations",
    """
    INSERT INTO area_populations (area_id, age_from, age_to, people)
    SELECT ids.id, p.age_from, p.age_to, p.people FROM staged_populations AS p
    JOIN staged_ids AS ids USING (area_type, boundary_year, code)
    """,
    "DELETE FROM backdrops",
    f"""
    INSERT INTO backdrops (kind, name, shape)
    SELECT kind, name, {geo.from_wkb_sql("shape")} FROM staged_backdrops
    """,  # noqa: S608 - numbers of our own
    "DELETE FROM postcodes",
    f"""
    INSERT INTO postcodes (postcode, display, location)
    SELECT postcode, display, {geo.from_wkb_sql("location")} FROM staged_postcodes
    """,  # noqa: S608 - numbers of our own
)

LEAVE_OUT = f"""
CREATE TEMPORARY TABLE staged_left_out AS
SELECT postcode, display, location FROM staged_postcodes AS p WHERE NOT EXISTS (
    SELECT FROM staged_parts AS s
    WHERE {geo.covers_sql("s.part", geo.from_wkb_sql("p.location"))});
DELETE FROM staged_postcodes WHERE postcode IN (SELECT postcode FROM staged_left_out);
"""  # noqa: S608 - numbers of our own
"""A file of postcodes may be of a whole country: those in no area at all are not kept."""

CHECKS: dict[str, str] = {
    "lookup_unknown": """
        SELECT CASE WHEN t.code IS NULL THEN concat_ws(' ', l.to_type, l.to_year, l.to_code)
                    ELSE concat_ws(' ', l.from_type, l.from_year, l.from_code) END AS missing
        FROM staged_lookups AS l
        LEFT JOIN staged_areas AS f ON (f.area_type, f.boundary_year, f.code)
                                     = (l.from_type, l.from_year, l.from_code)
        LEFT JOIN staged_areas AS t ON (t.area_type, t.boundary_year, t.code)
                                     = (l.to_type, l.to_year, l.to_code)
        WHERE (t.code IS NULL AND f.in_study_area) OR (f.code IS NULL AND t.in_study_area)
        GROUP BY missing ORDER BY missing
    """,
    "lookup_uncovered": """
        SELECT concat_ws(' ', s.area_type, s.boundary_year, s.code, 'in no', l.to_type, l.to_year)
        FROM (SELECT DISTINCT from_type, from_year, to_type, to_year FROM staged_lookups
              WHERE kind IN ('within', 'best fit')) AS l
        JOIN staged_areas AS s ON (s.area_type, s.boundary_year) = (l.from_type, l.from_year)
        WHERE s.in_study_area AND NOT EXISTS (SELECT FROM staged_lookups AS n WHERE
            (n.from_type, n.from_year, n.from_code, n.to_type, n.to_year)
            = (s.area_type, s.boundary_year, s.code, l.to_type, l.to_year)
            AND n.kind IN ('within', 'best fit'))
        ORDER BY 1
    """,
    "people_of_nowhere": """
        SELECT DISTINCT concat_ws(' ', area_type, boundary_year, code) FROM staged_populations AS p
        WHERE NOT EXISTS (SELECT FROM staged_areas AS s WHERE
            (s.area_type, s.boundary_year, s.code) = (p.area_type, p.boundary_year, p.code))
        ORDER BY 1
    """,
    "without_people": """
        SELECT concat_ws(' ', area_type, boundary_year, code) FROM staged_areas AS s
        WHERE in_study_area AND people IS NULL AND EXISTS (SELECT FROM staged_populations AS p
            WHERE (p.area_type, p.boundary_year) = (s.area_type, s.boundary_year))
        ORDER BY 1
    """,
    "publishing_too_small": """
        SELECT concat_ws(' ', area_type, boundary_year, s.code, people) FROM staged_areas AS s
        JOIN staged_area_types AS t ON t.code = s.area_type AND t.is_publishing
        WHERE in_study_area AND people < 1000 ORDER BY 1
    """,
    "weights": """
        SELECT concat_ws(' ', from_type, from_year, from_code, round(sum(weight)::numeric, 4))
        FROM staged_lookups JOIN staged_areas AS s ON in_study_area
            AND (area_type, boundary_year, code) = (from_type, from_year, from_code)
        GROUP BY from_type, from_year, from_code, to_type, to_year
        HAVING abs(sum(weight) - 1) > 0.001 ORDER BY 1
    """,
    "postcode_outside": "SELECT display FROM staged_left_out ORDER BY 1",
}
"""What does not add up in the study area, and the postcodes that were left out.

A lookup may be of a whole country, and the margin ends somewhere: that rows lead from one place
that is not held to another, or out of the margin, is nothing to tell.
"""

TEMPORARY = (*COLUMNS, "staged_parts", "staged_left_out")


class DuplicateRowsError(ValueError):
    """The same area, lookup, age band or postcode was staged twice; the message names it."""


async def create_staging(connection: AsyncConnection) -> None:
    """Create the temporary tables; they vanish with `drop_staging` or with the connection."""
    await drop_staging(connection)  # a load that was cut off may have left some on it
    await _run(connection, CREATE)
    await connection.commit()


async def copy_rows(connection: AsyncConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY `rows`, in the order of `COLUMNS[table]`, into a staging table.

    Raises:
        DuplicateRowsError: A row has the key of one that is staged already.
    """
    driver = await _open_driver(connection)
    try:
        await driver.copy_records_to_table(
            table, records=rows, columns=COLUMNS[table], schema_name="pg_temp"
        )
    except asyncpg.UniqueViolationError as error:
        raise DuplicateRowsError(f"{table.removeprefix('staged_')}: {error.detail}") from None


async def finish_staging(connection: AsyncConnection) -> None:
    """Number areas, add people up, cut boundaries, and leave out what lies elsewhere."""
    for table in COLUMNS:
        await connection.execute(text(f"ANALYZE {table}"))
    await _run(connection, NUMBER_AREAS, ADD_PEOPLE_UP, SUM_PEOPLE, CUT_PARTS)
    await connection.execute(text("CREATE INDEX ON staged_parts USING gist (part)"))
    await connection.execute(text("ANALYZE staged_parts"))
    await _run(connection, LEAVE_OUT)
    for table in TEMPORARY:
        await connection.execute(text(f"ANALYZE {table}"))
    await connection.commit()


async def fetch_findings(connection: AsyncConnection) -> dict[str, list[str]]:
    """Return, for each check of `CHECKS`, what it found: names of areas or postcodes."""
    found: dict[str, list[str]] = {}
    for name, query in CHECKS.items():
        found[name] = [str(row[0]) for row in await connection.execute(text(query))]
    await connection.commit()
    return found


async def swap_staged(connection: AsyncConnection) -> None:
    """Make the staged areas the real ones, inside the caller's transaction.

    Areas keep their ids where kind, year and code stay, so what refers to them holds.
    """
    for statement in SWAP:
        await connection.execute(text(statement))


async def drop_staging(connection: AsyncConnection) -> None:
    """Drop the temporary tables, so that a pooled connection goes back clean."""
    for table in TEMPORARY:
        await connection.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    await connection.commit()


async def _run(connection: AsyncConnection, *scripts: str) -> None:
    for statement in ";".join(scripts).split(";"):
        if statement.strip():
            await connection.execute(text(statement))


async def fetch(connection: AsyncConnection, query: str) -> list[asyncpg.Record]:
    """Return the rows as the driver has them: a frame is long arrays, not objects."""
    driver = await _open_driver(connection)
    rows: list[asyncpg.Record] = await driver.fetch(query)
    return rows


async def _open_driver(connection: AsyncConnection) -> Any:  # noqa: ANN401 - asyncpg has no types
    raw = await connection.get_raw_connection()
    if raw.driver_connection is None:
        raise RuntimeError("The connection to the database is closed.")
    return raw.driver_connection
