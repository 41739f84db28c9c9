"""What the role that strangers' answers are read by may read, looked up in the database itself."""

from sqlalchemy import text

from app.core.database import Database
from tests.planting import add_asset, at, find_district

GRANTED = {
    "public_organisations", "findable_organisations", "public_organisation_identifiers",
    "public_organisation_addresses", "public_organisation_contacts",
    "public_organisation_works_in", "public_assets", "findable_assets",
    "public_asset_categories", "public_sites", "public_site_contacts",
    "public_site_served_areas", "public_subjects", "public_sources", "public_assertions",
    "public_revisions",
    "site_points", "site_areas", "asset_words", "organisation_places",
    "categories", "category_closure", "schedules",
    "area_types", "boundary_sets", "areas", "area_parts", "area_shapes", "area_lookups",
    "area_populations", "seeded_tiles", "asset_cells",
    "postcodes", "versions", "customs",
    "geography_columns", "geometry_columns", "spatial_ref_sys",
}  # fmt: skip
"""What the role of strangers may read; the last line is PostGIS's own, which everybody may."""

REVIEWED = {
    "public_organisation_addresses": {"address", "postcode", "location"},
    "public_sites": {"address", "postcode", "location", "place_public_id", "place_name"},
    "public_organisation_contacts": {"value"},
    "public_site_contacts": {"value"},
    "public_sources": {"source_id"},
    "public_revisions": {"document"},
    "site_points": {"location"},
    "areas": {"name_point"},
    "asset_cells": {"points"},
    "postcodes": {"postcode", "location"},
    "asset_words": {"words"},
    "schedules": {"words"},
}
"""Columns that could tell something private; why each does not stands in migration 0014."""

TELLING = (
    "location|address|postcode|place_|point|phone|email|value|visibility|author|person|note|"
    "document|imported|reference|^words$|source_id|created|updated|findable|status"
)


async def test_the_role_of_strangers_reads_what_it_was_given_and_nothing_else(
    database: Database,
) -> None:
    query = """
        SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
            AND has_any_column_privilege('hereabouts_public', c.oid, 'SELECT')
        ORDER BY 1
    """
    changing = """
        SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
            AND has_table_privilege('hereabouts_public', c.oid,
                                    'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        ORDER BY 1
    """
    running = """
        SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname = 'public' AND NOT EXISTS (
            SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
        ORDER BY 1
    """
    async with database.sessions() as session:
        assert set(await session.scalars(text(query))) == GRANTED
        assert set(await session.scalars(text(changing))) == set()
        # A function that runs as its owner would be a way round. PostGIS has one of its own,
        # for extents of tables; no statement of ours calls it.
        assert set(await session.scalars(text(running))) == set()
        role = (await session.execute(text(
            "SELECT rolsuper, rolcanlogin, rolcreaterole, rolbypassrls FROM pg_roles"
            " WHERE rolname = 'hereabouts_public'"))).one()  # fmt: skip
    assert not any(role)


async def test_no_view_of_strangers_has_a_column_that_nobody_reviewed(database: Database) -> None:
    query = """
        SELECT c.relname, a.attname FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname = ANY(:granted)
            AND a.attname ~ :telling AND c.relname !~ '^(geo|spatial_ref)'
        ORDER BY 1, 2
    """
    given = {"granted": sorted(GRANTED), "telling": TELLING}
    found: dict[str, set[str]] = {}
    async with database.sessions() as session:
        for table, column in await session.execute(text(query), given):
            found.setdefault(table, set()).add(column)
    assert found == REVIEWED, (
        "A column that strangers may read sounds private. If it cannot tell anything of what is "
        "area only or hidden, say so in the migration and add it to REVIEWED."
    )


async def test_hours_of_what_is_hidden_are_not_among_the_schedules(demo_database: Database) -> None:
    point = at((await find_district(demo_database))["points"][0])
    for name, level, hours in (
        ("Shown", "public", 'Mo 09:05-10:05 "ring the bell"'),
        ("Hidden", "hidden", 'Tu 09:05-10:05 "ring Mary"'),
    ):
        site = {"location": point, "opening_hours": hours}
        kind = {"kind": "activity", "categories": ["library"]}
        await add_asset(demo_database, {"name": name, "visibility": level, **kind, "sites": [site]})
    query = "SELECT opening_hours FROM schedules WHERE opening_hours LIKE '%ring%'"
    found = await demo_database.public.fetch(query)
    assert [row["opening_hours"] for row in found] == ['Mo 09:05-10:05 unknown "ring the bell"']
