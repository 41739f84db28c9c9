"""What strangers may read: views without a private column, and the role that has only these."""

from alembic import op

revision = "2026_11_24_0014"
down_revision = "2026_11_24_0013"
branch_labels = None
depends_on = None

# A role belongs to the whole server, and another database of it may have made it already.
ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hereabouts_public') THEN
        CREATE ROLE hereabouts_public NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'hereabouts_public', 'MEMBER') THEN
        EXECUTE 'GRANT hereabouts_public TO ' || quote_ident(current_user);
    END IF;
END $$;
"""

ORGANISATIONS = """
CREATE VIEW public_organisations AS
SELECT id, public_id, name, translations, kind, legal_form, social_enterprise_reason,
       description, founded, public_level AS level, public_changed_at AS changed_at
FROM organisations WHERE public_level <> 'hidden';

CREATE VIEW findable_organisations AS
SELECT id, public_id, name, kind FROM organisations
WHERE status = 'published' AND public_level = 'hidden' AND findable;

CREATE VIEW public_organisation_identifiers AS
SELECT i.organisation_id, i.scheme, i.identifier, i.url
FROM organisation_identifiers AS i JOIN public_organisations AS o ON o.id = i.organisation_id;

CREATE VIEW public_organisation_addresses AS
SELECT a.organisation_id, a.position, a.role, a.public_level AS level,
       CASE WHEN a.public_level = 'public' THEN a.address END AS address,
       CASE WHEN a.public_level = 'public' THEN a.postcode END AS postcode,
       CASE WHEN a.public_level = 'public' THEN a.public_location END AS location,
       a.public_area_id AS area_id
FROM organisation_addresses AS a JOIN public_organisations AS o ON o.id = a.organisation_id
WHERE a.public_level <> 'hidden';

CREATE VIEW public_organisation_contacts AS
SELECT c.organisation_id, c.position, c.kind, c.value, c.label
FROM organisation_contacts AS c JOIN organisations AS o ON o.id = c.organisation_id
WHERE c.visibility = 'public' AND o.status = 'published'
    AND (o.public_level <> 'hidden' OR o.findable);

CREATE VIEW public_organisation_works_in AS
SELECT w.organisation_id, w.area_type, w.area_code
FROM organisation_works_in AS w JOIN organisations AS o ON o.id = w.organisation_id
WHERE o.status = 'published' AND (o.public_level <> 'hidden' OR o.findable);
"""

ASSETS = """
CREATE VIEW public_assets AS
SELECT a.id, a.public_id, a.kind, a.name, a.translations, a.description,
       o.id AS organisation_id, o.public_id AS organisation_public_id,
       o.name AS organisation_name, a.min_age, a.max_age, a.eligibility, a.cost, a.cost_amount,
       a.cost_words, a.languages, a.how_to_join, a.term_time_only, a.step_free,
       a.accessible_toilet, a.hearing_loop, a.parking, a.alert, a.alert_until,
       a.public_level AS level, a.public_changed_at AS changed_at, a.public_hash AS hash
FROM assets AS a LEFT JOIN public_organisations AS o ON o.id = a.organisation_id
WHERE a.public_level <> 'hidden';

CREATE VIEW findable_assets AS
SELECT id, public_id, kind, name FROM assets
WHERE status = 'published' AND public_level = 'hidden' AND findable;

CREATE VIEW public_asset_categories AS
SELECT ac.asset_id, ac.position, ac.category_id, c.code
FROM asset_categories AS ac JOIN categories AS c ON c.id = ac.category_id
JOIN assets AS a ON a.id = ac.asset_id
WHERE a.public_level <> 'hidden' OR (a.status = 'published' AND a.findable);

CREATE VIEW public_sites AS
SELECT s.id, s.public_id, s.asset_id, s.position, s.role, s.mode, s.public_level AS level,
       s.public_location AS location, s.public_area_id AS area_id,
       CASE WHEN s.public_level = 'public' THEN coalesce(
           (SELECT x.address FROM asset_sites AS x
            WHERE x.asset_id = p.id AND x.role = 'delivery' AND x.public_level = 'public'
            ORDER BY x.position LIMIT 1), s.address) END AS address,
       CASE WHEN s.public_level = 'public' THEN coalesce(
           (SELECT x.postcode FROM asset_sites AS x
            WHERE x.asset_id = p.id AND x.role = 'delivery' AND x.public_level = 'public'
            ORDER BY x.position LIMIT 1), s.postcode) END AS postcode,
       CASE WHEN s.public_level = 'public' THEN p.public_id END AS place_public_id,
       CASE WHEN s.public_level = 'public' THEN p.name END AS place_name,
       s.schedule_id, s.hours_words, s.time_zone, s.capacity, s.capacity_unit, s.valid_from,
       s.valid_to
FROM asset_sites AS s LEFT JOIN public_assets AS p ON p.id = s.place_id
WHERE s.public_level <> 'hidden';

CREATE VIEW public_site_contacts AS
SELECT c.site_id, s.asset_id, c.position, c.kind, c.value, c.label
FROM site_contacts AS c JOIN asset_sites AS s ON s.id = c.site_id
JOIN assets AS a ON a.id = s.asset_id
WHERE c.visibility = 'public'
    AND (s.public_level <> 'hidden'
         OR (a.status = 'published' AND a.public_level = 'hidden' AND a.findable));

CREATE VIEW public_site_served_areas AS
SELECT w.site_id, s.asset_id, w.area_type, w.area_code
FROM site_served_areas AS w JOIN asset_sites AS s ON s.id = w.site_id
JOIN assets AS a ON a.id = s.asset_id
WHERE s.public_level <> 'hidden'
    OR (a.status = 'published' AND a.public_level = 'hidden' AND a.findable);
"""

RECORDS = """
CREATE VIEW public_subjects AS
SELECT 'organisation' AS subject, id AS subject_id, public_level AS level, public_since
FROM organisations WHERE public_level <> 'hidden'
UNION ALL
SELECT 'asset', id, public_level, public_since FROM assets WHERE public_level <> 'hidden';

CREATE VIEW public_sources AS
SELECT r.subject, r.subject_id, r.source, r.licence, r.method, r.reason IS NULL AS is_main,
       CASE WHEN p.level = 'public' AND (
           CASE r.subject WHEN 'asset' THEN NOT EXISTS (
               SELECT FROM asset_sites AS s
               WHERE s.asset_id = r.subject_id AND s.public_level <> 'public')
           ELSE NOT EXISTS (
               SELECT FROM organisation_addresses AS d
               WHERE d.organisation_id = r.subject_id AND d.public_level <> 'public')
           OR EXISTS (
               SELECT FROM organisation_identifiers AS i
               WHERE i.organisation_id = r.subject_id AND i.identifier = r.source_id) END)
       THEN r.source_id END AS source_id
FROM record_sources AS r JOIN public_subjects AS p USING (subject, subject_id);

CREATE VIEW public_assertions AS
SELECT DISTINCT ON (a.subject_id, a.subject, a.aspect)
       a.subject, a.subject_id, a.aspect, a.is_right, a.asserted_on, a.holds_until, a.method
FROM assertions AS a JOIN public_subjects AS p USING (subject, subject_id)
ORDER BY a.subject_id, a.subject, a.aspect, a.asserted_on DESC, a.id DESC;

CREATE VIEW public_revisions AS
WITH told AS (
    SELECT r.subject, r.subject_id, r.number, r.at, r.method, r.action, r.changed,
           (SELECT jsonb_object_agg(key, value) FROM jsonb_each(r.document)
            WHERE key = ANY(public_fields())) AS document
    FROM revisions AS r JOIN public_subjects AS p USING (subject, subject_id)
    WHERE r.at >= p.public_since AND r.status = 'published'),
compared AS (
    SELECT *, lag(document) OVER (PARTITION BY subject, subject_id ORDER BY number) AS before
    FROM told)
SELECT subject, subject_id,
       row_number() OVER (PARTITION BY subject, subject_id ORDER BY number) AS number,
       at, method, CASE WHEN action LIKE 'went back to %' THEN 'went back to an earlier revision'
                   ELSE action END AS action,
       ARRAY(SELECT field FROM unnest(changed) AS field WHERE field = ANY(public_fields()))
           AS changed,
       document
FROM compared WHERE before IS DISTINCT FROM document;
"""
"""No revision from before something was made stricter, and no place or contact in any.

Nor one that changed nothing else: that an address was corrected is as private as the address. The
numbers are those of the public ones, for the same reason. An identifier in a source is shown only
where nothing of the record is private: it may have been made from name and postcode.
"""

FIELDS = """
CREATE FUNCTION public_fields() RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT ARRAY['name', 'translations', 'kind', 'legal_form', 'social_enterprise_reason',
                 'description', 'founded', 'categories', 'min_age', 'max_age', 'eligibility',
                 'cost', 'cost_amount', 'cost_words', 'languages', 'how_to_join',
                 'term_time_only', 'access', 'alert', 'alert_until'] $$
"""
"""Fields of documents that are public with the record itself."""

VIEWS = (
    "public_organisations", "findable_organisations", "public_organisation_identifiers",
    "public_organisation_addresses", "public_organisation_contacts",
    "public_organisation_works_in", "public_assets", "findable_assets",
    "public_asset_categories", "public_sites", "public_site_contacts",
    "public_site_served_areas", "public_subjects", "public_sources", "public_assertions",
    "public_revisions",
)  # fmt: skip

TABLES = (
    "site_points", "site_areas", "asset_words", "organisation_places",
    "categories", "category_closure", "schedules",
    "area_types", "boundary_sets", "areas", "area_parts", "area_lookups", "area_populations",
    "postcodes", "versions", "customs",
)  # fmt: skip
"""Tables that hold nothing private, or only what the database has worked out for the public."""


HOURS = """
ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_public_sites ON schedules FOR SELECT TO hereabouts_public
USING (EXISTS (SELECT FROM public_sites AS s WHERE s.schedule_id = schedules.id));
"""
"""Hours may have words of people's own, and those of a hidden site are as private as it is."""


def upgrade() -> None:
    """Create the role, the views, and the role's rights."""
    for statement in (ROLE, FIELDS, ORGANISATIONS, ASSETS, RECORDS, HOURS):
        op.execute(statement)
    op.execute("GRANT USAGE ON SCHEMA public TO hereabouts_public")
    op.execute(f"GRANT SELECT ON {', '.join(VIEWS + TABLES)} TO hereabouts_public")


def downgrade() -> None:
    """Drop the views and the rights; the role may serve another database of the server."""
    op.execute("DROP POLICY of_public_sites ON schedules")
    op.execute("ALTER TABLE schedules DISABLE ROW LEVEL SECURITY")
    names = ", ".join(VIEWS + TABLES)
    op.execute(f"REVOKE SELECT ON {names} FROM hereabouts_public")  # noqa: S608 - names of our own
    op.execute("REVOKE USAGE ON SCHEMA public FROM hereabouts_public")
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view}")
    op.execute("DROP FUNCTION public_fields()")
