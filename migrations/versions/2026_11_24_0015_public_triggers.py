"""Every change of what bears on what strangers see is noticed, worked off, and announced."""

from alembic import op

revision = "2026_11_24_0015"
down_revision = "2026_11_24_0014"
branch_labels = None
depends_on = None

ANNOUNCING = """
CREATE FUNCTION raise_version(of_topic text, box double precision[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE raised bigint;
BEGIN
    INSERT INTO versions (topic, version, raised_at) VALUES (of_topic, 1, clock_timestamp())
    ON CONFLICT (topic) DO UPDATE
        SET version = versions.version + 1, raised_at = excluded.raised_at
    RETURNING version INTO raised;
    PERFORM pg_notify('hereabouts_versions', json_build_object(
        'topic', of_topic, 'version', raised, 'box', array_to_json(box))::text);
    RETURN raised;
END $$;
"""

HASHES = """
CREATE FUNCTION hash_public_organisation(of_id bigint) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT md5(concat_ws('|',
        (SELECT (to_jsonb(v) - '{id,changed_at}'::text[])::text FROM public_organisations AS v
         WHERE v.id = of_id),
        (SELECT (to_jsonb(v) - 'id')::text FROM findable_organisations AS v WHERE v.id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - 'organisation_id' ORDER BY v.scheme, v.identifier)::text
         FROM public_organisation_identifiers AS v WHERE v.organisation_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - '{organisation_id,position}'::text[]
                          ORDER BY v.position)::text
         FROM public_organisation_addresses AS v WHERE v.organisation_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - '{organisation_id,position}'::text[]
                          ORDER BY v.position)::text
         FROM public_organisation_contacts AS v WHERE v.organisation_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - 'organisation_id' ORDER BY v.area_type, v.area_code)::text
         FROM public_organisation_works_in AS v WHERE v.organisation_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - 'subject_id' ORDER BY v.source, v.source_id)::text
         FROM public_sources AS v
         WHERE v.subject = 'organisation' AND v.subject_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - 'subject_id' ORDER BY v.aspect)::text
         FROM public_assertions AS v
         WHERE v.subject = 'organisation' AND v.subject_id = of_id)))
    WHERE EXISTS (SELECT FROM organisations AS o WHERE o.id = of_id
        AND (o.public_level <> 'hidden' OR (o.status = 'published' AND o.findable))) $$;

CREATE FUNCTION hash_public_asset(of_id bigint) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT md5(concat_ws('|',
        (SELECT (to_jsonb(v) - '{id,organisation_id,changed_at,hash}'::text[])::text
         FROM public_assets AS v WHERE v.id = of_id),
        (SELECT (to_jsonb(v) - 'id')::text FROM findable_assets AS v WHERE v.id = of_id),
        (SELECT jsonb_agg(v.code ORDER BY v.position)::text
         FROM public_asset_categories AS v WHERE v.asset_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - '{id,asset_id,schedule_id,position}'::text[]
                          || jsonb_build_object('hours', (
                              SELECT encode(h.hash, 'hex') FROM schedules AS h
                              WHERE h.id = v.schedule_id))
                          ORDER BY v.position)::text
         FROM public_sites AS v WHERE v.asset_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - '{site_id,asset_id,position}'::text[]
                          ORDER BY v.site, v.position)::text
         FROM (SELECT *, dense_rank() OVER (ORDER BY site_id) AS site
               FROM public_site_contacts WHERE asset_id = of_id) AS v),
        (SELECT jsonb_agg(to_jsonb(v) - '{site_id,asset_id}'::text[]
                          ORDER BY v.site, v.area_type, v.area_code)::text
         FROM (SELECT *, dense_rank() OVER (ORDER BY site_id) AS site
               FROM public_site_served_areas WHERE asset_id = of_id) AS v),
        (SELECT jsonb_agg(to_jsonb(v) - 'subject_id' ORDER BY v.source, v.source_id)::text
         FROM public_sources AS v
         WHERE v.subject = 'asset' AND v.subject_id = of_id),
        (SELECT jsonb_agg(to_jsonb(v) - 'subject_id' ORDER BY v.aspect)::text
         FROM public_assertions AS v
         WHERE v.subject = 'asset' AND v.subject_id = of_id)))
    WHERE EXISTS (SELECT FROM assets AS a WHERE a.id = of_id
        AND (a.public_level <> 'hidden' OR (a.status = 'published' AND a.findable))) $$;
"""
"""Null for what strangers cannot find: its changes are nobody's business, not even their number.

No number of a row enters: it would tell how many rows there are that nobody may know of.
"""

WITHDRAWING = """
CREATE FUNCTION list_reaches(document jsonb)
RETURNS TABLE (kind text, place text, said text, rank integer) IMMUTABLE LANGUAGE sql AS $$
    SELECT 'contact', ord::text, each ->> 'value', visibility_rank(each ->> 'visibility')
    FROM jsonb_array_elements(document -> 'contacts') WITH ORDINALITY AS c(each, ord)
    UNION ALL
    SELECT 'contact', (site ->> 'id') || ord, each ->> 'value',
           visibility_rank(each ->> 'visibility')
    FROM jsonb_array_elements(document -> 'sites') AS s(site),
         jsonb_array_elements(site -> 'contacts') WITH ORDINALITY AS c(each, ord)
    UNION ALL
    SELECT 'address', ord::text, concat_ws(' ', each ->> 'address', each ->> 'postcode'),
           visibility_rank(coalesce(each ->> 'visibility', CASE each ->> 'role'
               WHEN 'delivery' THEN 'public' ELSE 'area only' END))
    FROM jsonb_array_elements(document -> 'addresses') WITH ORDINALITY AS a(each, ord) $$;

CREATE FUNCTION withdraw_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM revisions AS r, list_reaches(r.document) AS before,
                    list_reaches(NEW.document) AS after
        WHERE r.subject = NEW.subject AND r.subject_id = NEW.subject_id
            AND r.number = NEW.number - 1
            AND before.kind = after.kind AND after.rank > before.rank
            AND (before.place = after.place OR before.said = after.said))
    THEN
        UPDATE organisations SET public_since = NULL
        WHERE NEW.subject = 'organisation' AND id = NEW.subject_id;
        UPDATE assets SET public_since = NULL
        WHERE NEW.subject = 'asset' AND id = NEW.subject_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER withdraw_history AFTER INSERT ON revisions
FOR EACH ROW WHEN (NEW.number > 1) EXECUTE FUNCTION withdraw_history();
"""
"""An address or a contact made more private may stand in earlier words, so these are not told.

Sites are seen to by `refresh_locations`, because a place or an organisation can tighten them too.
"""

WORKING_OFF = """
CREATE FUNCTION refresh_public() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    organisation_ids bigint[];
    asset_ids bigint[];
    changed bigint[];
    old_box box2d;
    new_box box2d;
    whole box2d;
BEGIN
    WITH taken AS (DELETE FROM public_queue RETURNING subject, subject_id)
    SELECT array_agg(subject_id) FILTER (WHERE subject = 'organisation'),
           array_agg(subject_id) FILTER (WHERE subject = 'asset')
    INTO organisation_ids, asset_ids FROM taken;
    PERFORM set_config('hereabouts.due', 'no', true);
    IF organisation_ids IS NULL AND asset_ids IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('hereabouts.refreshing', 'on', true);
    -- After a load the planner knows nothing yet of what was loaded in this very transaction.
    IF coalesce(cardinality(organisation_ids), 0) + coalesce(cardinality(asset_ids), 0) > 500 THEN
        ANALYZE areas, area_parts, boundary_sets, organisations, organisation_addresses, assets,
            asset_sites, asset_categories, category_closure, record_sources, assertions;
    END IF;
    IF organisation_ids IS NOT NULL THEN
        PERFORM refresh_organisations(organisation_ids);
        WITH fresh AS (
            SELECT id, hash_public_organisation(id) AS hash FROM organisations
            WHERE id = ANY(organisation_ids)),
        kept AS (
            UPDATE organisations AS o
            SET public_hash = f.hash, public_changed_at = CASE WHEN f.hash IS NULL THEN NULL
                ELSE clock_timestamp() END
            FROM fresh AS f WHERE f.id = o.id AND f.hash IS DISTINCT FROM o.public_hash
            RETURNING o.id)
        SELECT array_agg(id) INTO changed FROM kept;
        IF changed IS NOT NULL THEN
            PERFORM raise_version('organisations', NULL);
        END IF;
    END IF;
    SELECT array_agg(DISTINCT id) INTO asset_ids FROM (
        SELECT unnest(asset_ids) AS id
        UNION ALL SELECT id FROM assets WHERE organisation_id = ANY(organisation_ids)
        UNION ALL SELECT s.asset_id FROM asset_sites AS s JOIN assets AS p ON p.id = s.place_id
            WHERE p.id = ANY(asset_ids) OR p.organisation_id = ANY(organisation_ids)) AS touched;
    IF asset_ids IS NOT NULL THEN
        PERFORM refresh_locations(asset_ids);
        WITH fresh AS (
            SELECT id, hash_public_asset(id) AS hash FROM assets WHERE id = ANY(asset_ids)),
        kept AS (
            UPDATE assets AS a
            SET public_hash = f.hash, public_changed_at = CASE WHEN f.hash IS NULL THEN NULL
                ELSE clock_timestamp() END
            FROM fresh AS f WHERE f.id = a.id AND f.hash IS DISTINCT FROM a.public_hash
            RETURNING a.id)
        SELECT array_agg(id) INTO changed FROM kept;
        SELECT ST_Extent(location) INTO old_box FROM site_points WHERE asset_id = ANY(changed);
        PERFORM refresh_finding(asset_ids);
        SELECT ST_Extent(location) INTO new_box FROM site_points WHERE asset_id = ANY(changed);
        IF changed IS NOT NULL THEN
            whole := ST_Extent(each) FROM unnest(
                ARRAY[old_box::geometry, new_box::geometry]) AS each;
            PERFORM raise_version('assets', CASE WHEN whole IS NOT NULL THEN ARRAY[
                ST_XMin(whole), ST_YMin(whole), ST_XMax(whole), ST_YMax(whole)] END);
        END IF;
    END IF;
    PERFORM set_config('hereabouts.refreshing', 'off', true);
END $$;

CREATE FUNCTION note_public_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM set_config('hereabouts.due', 'yes', true); RETURN NULL; END $$;

CREATE TRIGGER note_due AFTER INSERT ON public_queue
FOR EACH STATEMENT EXECUTE FUNCTION note_public_due();

-- Called once for each row queued. Only the first call finds anything, and every other would read
-- past all rows that it has just deleted.
CREATE FUNCTION work_off_public_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('hereabouts.due', true) = 'yes' THEN
        PERFORM refresh_public();
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER work_off AFTER INSERT ON public_queue
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION work_off_public_queue();
"""

NOTICING = """
CREATE FUNCTION queue_public() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rows text := CASE TG_OP WHEN 'UPDATE'
        THEN '(SELECT * FROM changed UNION ALL SELECT * FROM earlier)' ELSE 'changed' END;
BEGIN
    IF current_setting('hereabouts.refreshing', true) = 'on' THEN
        RETURN NULL;
    END IF;
    EXECUTE replace(TG_ARGV[0], 'THESE', rows);
    RETURN NULL;
END $$;

CREATE FUNCTION queue_all_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public_queue
    SELECT 'organisation', id FROM organisations UNION ALL SELECT 'asset', id FROM assets
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed WHERE public_hash IS NOT NULL) THEN
        PERFORM raise_version(TG_ARGV[0], NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER announce_deleted AFTER DELETE ON assets REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION announce_deleted('assets');
CREATE TRIGGER announce_deleted AFTER DELETE ON organisations REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION announce_deleted('organisations');
"""

_INTO = "INSERT INTO public_queue SELECT DISTINCT"
OF_ORGANISATION = _INTO + " 'organisation', {} FROM THESE AS rows ON CONFLICT DO NOTHING"
OF_ASSET = _INTO + " 'asset', {} FROM THESE AS rows ON CONFLICT DO NOTHING"
OF_SITE = (
    _INTO + " 'asset', s.asset_id FROM THESE AS rows JOIN asset_sites AS s ON s.id = rows.site_id"
    " ON CONFLICT DO NOTHING"
)
OF_SUBJECT = _INTO + " subject, subject_id FROM THESE AS rows ON CONFLICT DO NOTHING"

NOTICED = {
    "organisations": OF_ORGANISATION.format("id"),
    "organisation_identifiers": OF_ORGANISATION.format("organisation_id"),
    "organisation_addresses": OF_ORGANISATION.format("organisation_id"),
    "organisation_contacts": OF_ORGANISATION.format("organisation_id"),
    "organisation_works_in": OF_ORGANISATION.format("organisation_id"),
    "assets": OF_ASSET.format("id"),
    "asset_categories": OF_ASSET.format("asset_id"),
    "asset_sites": OF_ASSET.format("asset_id"),
    "site_contacts": OF_SITE,
    "site_served_areas": OF_SITE,
    "record_sources": OF_SUBJECT,
    "assertions": OF_SUBJECT,
}
"""What bears on what strangers see, and whose it is."""

EVERYTHING = ("area_parts", "area_types", "categories", "category_closure", "customs")
"""Tables of which a change may bear on everything: they change when a place is loaded."""

OPERATIONS = {
    "INSERT": "NEW TABLE AS changed",
    "UPDATE": "NEW TABLE AS changed OLD TABLE AS earlier",
    "DELETE": "OLD TABLE AS changed",
}


def upgrade() -> None:
    """Create the functions and the triggers that call them."""
    op.execute("SET LOCAL check_function_bodies = off")
    for statement in (ANNOUNCING, HASHES, WITHDRAWING, WORKING_OFF, NOTICING):
        op.execute(statement)
    for table, insert in NOTICED.items():
        quoted = insert.replace("'", "''")
        for operation, transition in OPERATIONS.items():
            op.execute(
                f"CREATE TRIGGER queue_public_{operation.lower()} AFTER {operation} ON {table} "
                f"REFERENCING {transition} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION queue_public('{quoted}')"
            )
    for table in EVERYTHING:
        op.execute(
            f"CREATE TRIGGER queue_all_public AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION queue_all_public()"
        )


def downgrade() -> None:
    """Drop the triggers and functions."""
    for table in EVERYTHING:
        op.execute(f"DROP TRIGGER queue_all_public ON {table}")
    for table in NOTICED:
        for operation in OPERATIONS:
            op.execute(f"DROP TRIGGER queue_public_{operation.lower()} ON {table}")
    for table in ("assets", "organisations"):
        op.execute(f"DROP TRIGGER announce_deleted ON {table}")
    op.execute("DROP TRIGGER withdraw_history ON revisions")
    op.execute("DROP TRIGGER work_off ON public_queue")
    op.execute("DROP TRIGGER note_due ON public_queue")
    for function in (
        "withdraw_history()", "list_reaches(jsonb)",
        "announce_deleted()", "queue_all_public()", "queue_public()", "work_off_public_queue()",
        "note_public_due()",
        "refresh_public()", "hash_public_asset(bigint)", "hash_public_organisation(bigint)",
        "raise_version(text, double precision[])",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
