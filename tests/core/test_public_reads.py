"""Reading for strangers: what the role may not see, and what happens without it."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from app.core import backup
from app.core.database import Base, Database, DatabaseAddress
from app.core.errors import UnavailableError
from app.core.local_postgres import LocalPostgres
from app.core.public_reads import PublicReads

PUBLIC = {
    "area_lookups", "area_parts", "area_populations", "area_shapes", "area_types", "areas",
    "asset_cells", "asset_words", "seeded_tiles",
    "boundary_sets", "categories", "category_closure", "customs", "organisation_places",
    "postcodes", "schedules", "site_areas",
    "site_points", "versions",
}  # fmt: skip
"""Tables that hold nothing private. A new one that does not belong here must not be readable."""


def open_reads(address: DatabaseAddress, pool_size: int = 0) -> PublicReads:
    """Open public reading on a database."""
    return PublicReads(address.for_libpq, pool_size, statement_s=5, wait_s=5)


async def test_the_role_reads_no_table_with_anything_private(database: Database) -> None:
    readable = set()
    for table in Base.metadata.tables:
        try:
            await database.public.fetch(f"SELECT FROM {table} LIMIT 1")
        except asyncpg.InsufficientPrivilegeError:
            continue
        readable.add(table)
    assert readable == PUBLIC
    for private in ("assets", "asset_sites", "organisation_addresses", "people", "revisions"):
        assert private in Base.metadata.tables
        assert private not in readable


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE categories SET name = 'x'",
        "INSERT INTO versions (topic, version) VALUES ('assets', 1)",
        "CREATE TABLE mine (id int)",
        "SELECT location FROM asset_sites",
        "SELECT imported FROM record_sources",
    ],
)
async def test_the_role_changes_nothing(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await database.public.fetch(statement)


async def test_connections_are_kept_with_their_role_and_closed_with_the_database(
    address: DatabaseAddress,
) -> None:
    database = Database(address, pool_size=2)
    own = "SELECT current_user AS who, pg_backend_pid() AS pid"
    rows = [await database.public.fetch_row(own) for _ in range(3)]
    assert {row["who"] for row in rows} == {"hereabouts_public"}
    assert len({row["pid"] for row in rows}) == 1
    async with database.public.look() as reader:
        await reader.execute("RESET ALL")
        assert await reader.fetchval("SELECT current_user") == "hereabouts_public"
    await database.close()
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hereabouts public'"
    connection = await asyncpg.connect(address.for_libpq)
    assert await connection.fetchval(f"{query} AND datname = current_database()") == 0
    await connection.close()


async def test_a_database_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    reads = open_reads(DatabaseAddress(f"postgresql://nobody@/none?host={tmp_path}"))
    with pytest.raises(UnavailableError, match="too busy or cannot reach its data"):
        await reads.fetch("SELECT 1")


async def test_a_dump_is_restored_on_a_server_without_the_role(
    address: DatabaseAddress, tmp_path: Path
) -> None:
    file = tmp_path / "hereabouts.dump"
    backup.dump(address, file)
    with LocalPostgres(tmp_path / "other", durable=False).running() as other:
        reads = open_reads(other.address.with_name("postgres"))
        with pytest.raises(UnavailableError, match="has no role hereabouts_public") as refused:
            await reads.fetch("SELECT 1")
        assert "CREATE ROLE hereabouts_public NOLOGIN" in refused.value.detail
        backup.restore(other.address, file)
        restored = open_reads(other.address)
        assert await restored.fetch("SELECT code FROM categories") == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await restored.fetch("SELECT name FROM assets")


SEEN = "SELECT version FROM versions WHERE topic = 'small'"


async def test_a_small_table_is_kept_until_its_topic_changes(database: Database) -> None:
    async def write(version: int) -> None:
        async with database.sessions.begin() as session:
            await session.execute(
                text(
                    "INSERT INTO versions VALUES ('small', :version, now())"
                    " ON CONFLICT (topic) DO UPDATE SET version = excluded.version"
                ),
                {"version": version},
            )

    async def see() -> int:
        rows = await database.public.fetch_kept("small", SEEN)
        return int(rows[0]["version"])

    await write(1)
    assert await see() == 1
    await write(2)
    assert await see() == 2, "kept although nobody would tell of changes"
    database.public.keep_what_is_told()
    assert await see() == 2
    await write(3)
    database.public.forget("another")
    assert await see() == 2
    database.public.forget("small")
    assert await see() == 3
    await write(4)
    database.public.forget(None)
    assert await see() == 4


async def test_what_was_read_before_a_change_is_not_kept_after_it(database: Database) -> None:
    database.public.keep_what_is_told()
    reading = asyncio.create_task(database.public.fetch_kept("small", "SELECT 1 FROM pg_sleep(.2)"))
    await asyncio.sleep(0.05)
    database.public.forget("small")
    await reading
    assert database.public._kept == {}
