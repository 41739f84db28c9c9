"""What strangers may see is worked out by the database itself, at the end of every transaction.

A change of anything that bears on it, whoever makes it, queues its organisations and assets; a
deferred trigger works the queue off once, just before the transaction commits.
"""

from alembic import op

revision = "2026_11_24_0013"
down_revision = "2026_11_24_0012"
branch_labels = None
depends_on = None

QUEUE = """
CREATE UNLOGGED TABLE public_queue (
    subject text NOT NULL, subject_id bigint NOT NULL, PRIMARY KEY (subject, subject_id))
"""

LEVELS = """
CREATE FUNCTION visibility_rank(level text) RETURNS integer IMMUTABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT CASE WHEN level IS NULL THEN NULL WHEN level = 'public' THEN 0
              WHEN level = 'area only' THEN 1 ELSE 2 END $$;

CREATE FUNCTION visibility_of(rank integer) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT CASE rank WHEN 0 THEN 'public' WHEN 1 THEN 'area only' ELSE 'hidden' END $$;

CREATE FUNCTION publishing_set() RETURNS integer STABLE LANGUAGE sql AS $$
    SELECT s.id FROM boundary_sets AS s JOIN area_types AS t ON t.code = s.area_type
    WHERE t.is_publishing ORDER BY s.boundary_year DESC LIMIT 1 $$;

CREATE FUNCTION publishing_area(place geometry) RETURNS bigint STABLE LANGUAGE sql AS $$
    SELECT a.id FROM area_parts AS p JOIN areas AS a ON a.id = p.area_id
    WHERE ST_Intersects(p.part, place) AND a.boundary_set_id = publishing_set()
        AND a.people >= 1000 AND a.in_study_area
    ORDER BY a.code LIMIT 1 $$;

CREATE FUNCTION public_point(level text, place geometry, area bigint) RETURNS geometry STABLE
LANGUAGE sql AS $$
    SELECT CASE level WHEN 'public' THEN place
        WHEN 'area only' THEN (SELECT centroid FROM areas WHERE id = area) END $$;
"""
"""The publishing area's own point is the same for everything in it, and tells nothing more."""

ORGANISATIONS = """
CREATE FUNCTION refresh_organisations(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH asked AS (
        SELECT a.id, a.location,
               CASE WHEN o.status <> 'published' THEN 2
                    ELSE greatest(visibility_rank(o.visibility), visibility_rank(a.visibility))
               END AS rank
        FROM organisation_addresses AS a JOIN organisations AS o ON o.id = a.organisation_id
        WHERE o.id = ANY(ids)),
    placed AS (
        SELECT id, location, rank,
               CASE WHEN rank = 1 THEN publishing_area(location) END AS area_id FROM asked),
    final AS (
        SELECT id, location, area_id,
               visibility_of(CASE WHEN rank = 1 AND area_id IS NULL THEN 2 ELSE rank END) AS level
        FROM placed)
    UPDATE organisation_addresses AS a
    SET public_level = f.level, public_area_id = f.area_id,
        public_location = public_point(f.level, f.location, f.area_id)
    FROM final AS f WHERE f.id = a.id;

    UPDATE organisations AS o
    SET public_level = n.level,
        public_since = CASE
            WHEN n.level = 'hidden' THEN NULL
            WHEN o.public_since IS NULL
                 OR visibility_rank(n.level) > visibility_rank(o.public_level) THEN now()
            ELSE o.public_since END
    FROM (SELECT id, CASE WHEN status = 'published' THEN visibility ELSE 'hidden' END AS level
          FROM organisations WHERE id = ANY(ids)) AS n
    WHERE n.id = o.id;

    DELETE FROM organisation_places WHERE organisation_id = ANY(ids);
    INSERT INTO organisation_places (organisation_id, area_id)
    SELECT DISTINCT a.organisation_id, areas.id
    FROM organisation_addresses AS a
    JOIN area_parts AS p ON ST_Intersects(p.part, a.public_location)
    JOIN areas ON areas.id = p.area_id AND areas.in_study_area
    JOIN boundary_sets AS s ON s.id = areas.boundary_set_id
    JOIN area_types AS t ON t.code = s.area_type
    WHERE a.organisation_id = ANY(ids) AND a.role = 'registered'
        AND (a.public_level = 'public' OR areas.id = a.public_area_id
             OR (s.id <> publishing_set() AND t.position >= publishing_position()));
END $$;

CREATE FUNCTION publishing_position() RETURNS integer STABLE LANGUAGE sql AS $$
    SELECT position::integer FROM area_types WHERE is_publishing LIMIT 1 $$;
"""

LOCATIONS = """
CREATE FUNCTION refresh_locations(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE tightened bigint[];
BEGIN
    -- At its place a site takes the place's point, and is at least as private as the place.
    WITH asked AS (
        SELECT s.id,
               CASE WHEN s.mode = 'place' THEN at.location ELSE s.location END AS location,
               CASE WHEN a.status <> 'published' OR at.status <> 'published' THEN 2
                    ELSE greatest(
                        visibility_rank(a.visibility), visibility_rank(s.visibility),
                        coalesce(visibility_rank(o.visibility), 0), coalesce(at.rank, 0))
               END AS rank
        FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id
        LEFT JOIN organisations AS o ON o.id = a.organisation_id
        LEFT JOIN LATERAL (
            SELECT p.status, ps.location,
                   greatest(visibility_rank(p.visibility), visibility_rank(ps.visibility),
                            coalesce(visibility_rank(po.visibility), 0)) AS rank
            FROM assets AS p LEFT JOIN organisations AS po ON po.id = p.organisation_id
            LEFT JOIN asset_sites AS ps ON ps.asset_id = p.id AND ps.role = 'delivery'
            WHERE p.id = s.place_id ORDER BY ps.position LIMIT 1) AS at ON true
        WHERE s.asset_id = ANY(ids)),
    placed AS (
        SELECT id, location, rank,
               CASE WHEN rank = 1 THEN publishing_area(location) END AS area_id FROM asked),
    final AS (
        SELECT id, location, area_id, visibility_of(
            CASE WHEN rank = 1 AND location IS NOT NULL AND area_id IS NULL THEN 2 ELSE rank END
            ) AS level
        FROM placed),
    moved AS (
        UPDATE asset_sites AS s
        SET public_level = f.level, public_area_id = f.area_id,
            public_location = public_point(f.level, f.location, f.area_id)
        FROM final AS f JOIN asset_sites AS old ON old.id = f.id WHERE f.id = s.id
        RETURNING s.asset_id,
            visibility_rank(f.level) > visibility_rank(old.public_level) AS is_stricter)
    SELECT array_agg(asset_id) FILTER (WHERE is_stricter) INTO tightened FROM moved;

    -- Without a publishing area around it, what is to be seen by area only is not seen at all.
    -- What is to be had nowhere that strangers may know of is as private as its least private site.
    UPDATE assets AS a
    SET public_level = n.level,
        public_since = CASE
            WHEN n.level = 'hidden' THEN NULL
            WHEN a.public_since IS NULL OR a.id = ANY(tightened)
                 OR visibility_rank(n.level) > visibility_rank(a.public_level) THEN now()
            ELSE a.public_since END
    FROM (SELECT a.id, visibility_of(CASE
              WHEN a.status <> 'published' THEN 2
              WHEN own.rank = 1 AND bool_or(s.location IS NOT NULL OR s.mode = 'place')
                   AND NOT bool_or(s.public_location IS NOT NULL) THEN 2
              ELSE greatest(own.rank, min(visibility_rank(s.public_level))) END) AS level
          FROM assets AS a LEFT JOIN organisations AS o ON o.id = a.organisation_id
          CROSS JOIN LATERAL (SELECT greatest(visibility_rank(a.visibility),
              coalesce(visibility_rank(o.visibility), 0)) AS rank) AS own
          LEFT JOIN asset_sites AS s ON s.asset_id = a.id
          WHERE a.id = ANY(ids) GROUP BY a.id, own.rank) AS n
    WHERE n.id = a.id;

    UPDATE asset_sites AS s
    SET public_level = 'hidden', public_location = NULL, public_area_id = NULL
    FROM assets AS a
    WHERE a.id = s.asset_id AND a.id = ANY(ids) AND a.public_level = 'hidden'
        AND s.public_level <> 'hidden';
END $$;
"""

FINDING = """
CREATE FUNCTION refresh_finding(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM site_points WHERE asset_id = ANY(ids);
    INSERT INTO site_points (category_id, site_id, asset_id, is_area, location, valid_from,
                             valid_to)
    SELECT DISTINCT c.category_id, s.id, s.asset_id, s.public_level = 'area only',
           s.public_location, s.valid_from, s.valid_to
    FROM asset_sites AS s
    JOIN LATERAL (
        SELECT 0 AS category_id
        UNION SELECT up.broader_id FROM asset_categories AS ac
        JOIN category_closure AS up ON up.narrower_id = ac.category_id
        WHERE ac.asset_id = s.asset_id) AS c ON true
    WHERE s.asset_id = ANY(ids) AND s.role = 'delivery' AND s.public_location IS NOT NULL;

    DELETE FROM site_areas USING asset_sites AS s
    WHERE s.id = site_areas.site_id AND s.asset_id = ANY(ids);
    INSERT INTO site_areas (area_id, site_id, asset_id)
    SELECT DISTINCT areas.id, s.id, s.asset_id
    FROM asset_sites AS s
    JOIN area_parts AS p ON ST_Intersects(p.part, s.public_location)
    JOIN areas ON areas.id = p.area_id AND areas.in_study_area
    JOIN boundary_sets AS b ON b.id = areas.boundary_set_id
    JOIN area_types AS t ON t.code = b.area_type
    WHERE s.asset_id = ANY(ids) AND s.role = 'delivery'
        AND (s.public_level = 'public' OR areas.id = s.public_area_id
             OR (b.id <> publishing_set() AND t.position >= publishing_position()));

    DELETE FROM asset_words WHERE asset_id = ANY(ids);
    INSERT INTO asset_words (asset_id, name, words)
    SELECT a.id, plain_words(a.name),
           setweight(to_words(concat_ws(' ', a.name, t.names)), 'A')
           || setweight(to_words(concat_ws(' ', c.names, o.name)), 'B')
           || CASE WHEN a.public_level = 'hidden' THEN ''::tsvector
                   ELSE setweight(to_words(concat_ws(' ', a.description, a.eligibility)), 'C') END
    FROM assets AS a
    LEFT JOIN organisations AS o ON o.id = a.organisation_id AND o.public_level <> 'hidden'
        AND a.public_level <> 'hidden'
    LEFT JOIN LATERAL (
        SELECT string_agg(value ->> 'name', ' ') AS names FROM jsonb_each(a.translations)
        ) AS t ON true
    LEFT JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', k.name, array_to_string(k.synonyms, ' ')), ' ') AS names
        FROM asset_categories AS ac JOIN category_closure AS up ON up.narrower_id = ac.category_id
        JOIN categories AS k ON k.id = up.broader_id WHERE ac.asset_id = a.id) AS c ON true
    WHERE a.id = ANY(ids) AND a.status = 'published'
        AND (a.public_level <> 'hidden' OR a.findable);
END $$;

CREATE FUNCTION local_today() RETURNS date STABLE LANGUAGE sql AS $$
    SELECT (now() AT TIME ZONE coalesce((SELECT time_zone FROM customs), 'UTC'))::date $$;

CREATE FUNCTION plain_words(words text) RETURNS text STABLE LANGUAGE sql
AS $$ SELECT lower(unaccent(words)) $$;

CREATE FUNCTION words_config() RETURNS regconfig STABLE LANGUAGE sql AS $$
    SELECT coalesce(
        (SELECT CASE left(languages[1], 2)
            WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german'
            WHEN 'es' THEN 'spanish' WHEN 'pt' THEN 'portuguese' WHEN 'it' THEN 'italian'
            WHEN 'nl' THEN 'dutch' END FROM customs), 'simple')::regconfig $$;

CREATE FUNCTION to_words(words text) RETURNS tsvector STABLE LANGUAGE sql AS $$
    SELECT to_tsvector('simple', unaccent(coalesce(words, '')))
        || to_tsvector(words_config(), unaccent(coalesce(words, ''))) $$;
"""
"""Public points under each category, public areas, and words; none from what is private."""


def upgrade() -> None:
    """Create the queue and the functions that work it off."""
    op.execute("SET LOCAL check_function_bodies = off")
    for statement in (QUEUE, LEVELS, ORGANISATIONS, LOCATIONS, FINDING):
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for function in (
        "to_words(text)", "words_config()", "plain_words(text)", "local_today()",
        "refresh_finding(bigint[])",
        "refresh_locations(bigint[])", "publishing_position()", "refresh_organisations(bigint[])",
        "public_point(text, geometry, bigint)", "publishing_area(geometry)", "publishing_set()",
        "visibility_of(integer)", "visibility_rank(text)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP TABLE public_queue")
