"""The schema can be built from nothing, taken down again, and is what the models say."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from app.core.database import Base, DatabaseAddress
from app.core.schema import SchemaError, is_ours, migrate, prepare_database


def list_tables(address: DatabaseAddress) -> set[str]:
    """Return the names of all tables that are neither PostgreSQL's nor PostGIS's."""
    query = """
        SELECT table_schema || '.' || table_name FROM information_schema.tables
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
          AND table_name NOT IN ('spatial_ref_sys', 'geometry_columns', 'geography_columns')
    """
    with psycopg.connect(address.for_libpq) as connection:
        return {row[0] for row in connection.execute(query)}


def test_empty_to_head_to_base_to_head(address: DatabaseAddress) -> None:
    at_head = list_tables(address)
    assert {"public.areas", "public.versions", "public.packs"} <= at_head
    migrate(address, "base")
    assert list_tables(address) == {"public.alembic_version"}
    migrate(address, "head")
    assert list_tables(address) == at_head


def test_what_tiles_show_is_worked_out_for_assets_that_are_there_already(
    demo_address: DatabaseAddress,
) -> None:
    points = "SELECT category_id, site_id, map_number, main_category_id FROM site_points"
    cells = "SELECT zoom, x, y, category_id, points, sum_lon, sum_lat, sum_asset FROM asset_cells"

    def read() -> list[set[tuple[object, ...]]]:
        with psycopg.connect(demo_address.for_libpq) as connection:
            return [set(connection.execute(query)) for query in (points, cells)]

    before = read()
    assert all(before)
    migrate(demo_address, "2026_11_24_0015")
    migrate(demo_address, "head")
    assert read() == before
    with psycopg.connect(demo_address.for_libpq) as connection:
        # Shapes are made by a load: the place must be loaded again.
        assert connection.execute("SELECT checksum FROM packs").fetchone() == ("",)


def test_models_and_migrations_agree(address: DatabaseAddress) -> None:
    engine = create_engine(address.for_sqlalchemy_sync)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


BEFORE_RECURRENCES = "2026_11_29_0016"


def test_links_that_were_asked_for_are_still_counted_after_an_upgrade(
    address: DatabaseAddress,
) -> None:
    migrate(address, BEFORE_RECURRENCES)
    with psycopg.connect(address.for_libpq) as connection:
        connection.execute("""
            INSERT INTO sign_in_requests
                (email, purpose, next_path, languages, email_hash, client_hash, asked_at)
            VALUES ('', 'sign in', '/', '', 'e', 'c', '2026-11-29'),
                   ('', 'invitation', '/', '', NULL, NULL, '2026-11-29')
        """)
    migrate(address, "head")
    with psycopg.connect(address.for_libpq) as connection:
        counted = connection.execute("SELECT who, at::date::text FROM limited_acts").fetchall()
    assert sorted(counted) == [(b"c", "2026-11-29"), (b"e", "2026-11-29")]


def test_kept_documents_have_the_fields_of_their_version(demo_address: DatabaseAddress) -> None:
    """One without a field would seem to change with the next edit, one with too many is refused."""
    query = """
        SELECT bool_and(site ? 'recurrences'), bool_or(site ? 'recurrences'), count(*)
        FROM revisions, jsonb_array_elements(document -> 'sites') AS site
    """

    def ask() -> tuple[bool, bool]:
        with psycopg.connect(demo_address.for_libpq) as connection:
            row = connection.execute(query).fetchone()
        assert row
        assert row[2]
        return row[0], row[1]

    migrate(demo_address, BEFORE_RECURRENCES)
    assert ask() == (False, False)
    migrate(demo_address, "head")
    assert ask() == (True, True)


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(address: DatabaseAddress) -> None:
    with psycopg.connect(address.for_libpq) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '2999_01_01_0001'")
    with pytest.raises(SchemaError, match=r"newer version of Hereabouts.*2999_01_01_0001"):
        prepare_database(address)


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    address = DatabaseAddress("postgresql://someone:hunter2@127.0.0.1:9/nowhere")
    with pytest.raises(SchemaError) as caught:
        prepare_database(address)
    assert "cannot be reached" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_service_without_rights_over_roles_is_told_what_an_administrator_must_do(
    address: DatabaseAddress,
) -> None:
    """It reads for strangers with a role of its own, which it may have to be given."""
    owner = f"owner_{address.name}"
    plain = DatabaseAddress(f"{address.for_libpq}&options=-crole%3D{owner}")
    with psycopg.connect(address.for_libpq, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {owner}")
    try:
        sentence = rf"GRANT hereabouts_public TO {owner}|CREATE ROLE hereabouts_public NOLOGIN"
        with pytest.raises(SchemaError, match=sentence):
            prepare_database(plain)
    finally:
        with psycopg.connect(address.for_libpq, autocommit=True) as connection:
            connection.execute(f"DROP ROLE {owner}")
