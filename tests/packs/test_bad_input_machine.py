"""Full disks, killed loads, lost connections, two loads at once: told, and nothing changed."""

import asyncio
import errno
import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg
import pytest
from sqlalchemy import text

from app.areas import staging
from app.areas.loading import AreaLoad
from app.core.database import Database, DatabaseAddress
from app.files import archive
from app.packs.manifest import PackProblem
from app.packs.service import load_pack
from tests.packs.small_pack import SmallPack, dump, ignore, load_good, refuse

PROJECT = Path(__file__).parents[2]
UNCHANGED = "Nothing has changed: what was loaded before is still there."
DISK_FULL = (
    "The disk is full where the database keeps its files. Make room there, and load the pack "
    f"again. {UNCHANGED}"
)
LOST = (
    "The connection to the database broke in the middle of the load. See that it runs, and load "
    f"the pack again. {UNCHANGED}"
)
RAISE_FULL = """
CREATE FUNCTION fill_the_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
"""


def change(pack: SmallPack) -> None:
    """Make the pack differ from what is loaded."""
    pack.set("counts.csv", 2, "pupils", "77")


@pytest.mark.parametrize(
    "table", ["areas", "area_parts", "postcodes", "indicator_values", "packs", "versions"]
)
async def test_a_disk_that_fills_in_the_swap_changes_nothing(
    database: Database, tmp_path: Path, table: str
) -> None:
    pack = await load_good(database, tmp_path)
    change(pack)
    trigger = f"CREATE TRIGGER disk_fills BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION"
    async with database.sessions.begin() as session:
        await session.execute(text(RAISE_FULL))
        await session.execute(text(f"{trigger} fill_the_disk()"))
    assert await refuse(database, pack) == DISK_FULL
    async with database.sessions.begin() as session:
        await session.execute(text(f"DROP TRIGGER disk_fills ON {table}"))
    assert not (await load_pack(database, pack.folder, ignore)).is_unchanged


async def test_a_disk_that_fills_while_rows_are_staged_changes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = await load_good(database, tmp_path)
    change(pack)
    trigger = "CREATE TRIGGER disk_fills BEFORE INSERT ON staged_postcodes EXECUTE FUNCTION"
    create = f"{staging.CREATE};{trigger} fill_the_disk()"
    async with database.sessions.begin() as session:
        await session.execute(text(RAISE_FULL))
    monkeypatch.setattr(staging, "CREATE", create)
    assert await refuse(database, pack) == DISK_FULL


async def test_a_disk_that_fills_while_a_file_is_unpacked_changes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = await load_good(database, tmp_path)
    pack.replace("on.csv", gzip.compress((tmp_path / "on.csv").read_bytes()))

    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/table-1/unpacked.csv")  # noqa: S108 - a name

    monkeypatch.setattr(archive, "_copy", fill)
    assert await refuse(database, pack) == (
        "The disk is full (/tmp/table-1/unpacked.csv): files of the pack are unpacked to a "
        f"temporary folder. Make room, or name another folder: TMPDIR=/path/with/room. {UNCHANGED}"
    )


async def test_another_fault_of_the_machine_is_not_taken_for_a_full_disk(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = await load_good(database, tmp_path)
    change(pack)

    async def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), "/a/file")

    monkeypatch.setattr(AreaLoad, "add_postcodes", fail)
    with pytest.raises(OSError, match="/a/file"):
        await load_pack(database, pack.folder, ignore)


@pytest.mark.parametrize("step", ["Reading on.csv", "Checking", "Putting it in place"])
async def test_a_connection_that_the_server_ends_is_told(
    database: Database, tmp_path: Path, step: str
) -> None:
    pack = await load_good(database, tmp_path)
    change(pack)
    before = await dump(database)

    async def end_the_load(said: str, _done: int, _total: int | None) -> None:
        if said.startswith(step):
            async with database.sessions() as session:
                await session.execute(text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database "
                    "ON pg_database.oid = pg_locks.database WHERE locktype = 'advisory' "
                    "AND datname = current_database() AND pid <> pg_backend_pid() ORDER BY 1"
                ))  # fmt: skip

    with pytest.raises(PackProblem) as caught:
        await load_pack(database, pack.folder, end_the_load)
    assert str(caught.value) == LOST
    assert await dump(database) == before
    assert not (await load_pack(database, pack.folder, ignore)).is_unchanged


async def test_two_loads_at_once_are_told_apart(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    change(pack)
    is_under_way, may_go_on = asyncio.Event(), asyncio.Event()

    async def wait(said: str, _done: int, _total: int | None) -> None:
        if said == "Checking":
            is_under_way.set()
            await may_go_on.wait()

    first = asyncio.create_task(load_pack(database, pack.folder, wait))
    await is_under_way.wait()
    said = await refuse(database, pack)
    may_go_on.set()
    assert said == (
        "Another load is under way on this database. Wait until it has ended; "
        "`hereabouts pack status` tells how far it is."
    )
    assert not (await first).is_unchanged
    assert (await load_pack(database, pack.folder, ignore)).is_unchanged


def find_waiting(connection: psycopg.Connection, pid: int) -> bool:
    """Return whether a load has staged rows and waits for `pid` to let it swap."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
    row = connection.execute(query, [pid]).fetchone()
    return bool(row and row[0])


@pytest.fixture
def swap_held(address: DatabaseAddress) -> Iterator[psycopg.Connection]:
    """Hold a table that every load swaps, so that one waits there with all its rows staged."""
    with psycopg.connect(address.for_libpq) as connection:
        connection.execute("LOCK TABLE postcodes IN ACCESS EXCLUSIVE MODE")
        yield connection


async def test_a_load_that_is_killed_changes_nothing_and_the_next_one_works(
    database: Database, address: DatabaseAddress, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    pack = await load_good(database, folder)
    change(pack)
    before = await dump(database)
    held: psycopg.Connection = request.getfixturevalue("swap_held")
    command = [sys.executable, "-m", "app.cli", "pack", "load", str(folder)]
    environment = {
        **os.environ, "DATABASE_URL": address.for_libpq, "VAR_DIR": str(tmp_path / "var"),
    }  # fmt: skip
    with subprocess.Popen(  # noqa: S603, ASYNC220 - the command itself, killed on purpose
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as child:
        try:
            with psycopg.connect(address.for_libpq, autocommit=True) as looking:
                async with asyncio.timeout(60):
                    while not find_waiting(looking, held.info.backend_pid):
                        assert child.poll() is None, child.stdout and child.stdout.read()
                        await asyncio.sleep(0.05)
        finally:
            # Whatever went wrong: while the table is held, it would never end by itself.
            child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    held.rollback()
    async with asyncio.timeout(20):
        report = await retry_load(database, pack, before)
    assert not report


async def retry_load(database: Database, pack: SmallPack, before: dict[str, str]) -> bool:
    """Load again as soon as the server has noticed that the other load is gone."""
    while True:
        assert await dump(database) == before
        try:
            return (await load_pack(database, pack.folder, ignore)).is_unchanged
        except PackProblem as problem:
            assert "Another load is under way" in str(problem)  # noqa: PT017 - a moment too early
        await asyncio.sleep(0.1)


async def test_what_the_driver_says_itself_is_told_too(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = await load_good(database, tmp_path)
    change(pack)

    async def refuse_value(*_: object) -> None:
        raise asyncpg.NumericValueOutOfRangeError("integer out of range")

    monkeypatch.setattr(AreaLoad, "add_populations", refuse_value)
    assert await refuse(database, pack) == (
        f"The database refuses what is in the pack (integer out of range). {UNCHANGED}"
    )
