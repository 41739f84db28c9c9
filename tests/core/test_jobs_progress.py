"""Jobs without a worker: deferring, progress as it is written, the tables of the library."""

import re
from pathlib import Path

import pytest
from procrastinate.sql import queries
from sqlalchemy import create_engine, text

from app.core.database import Database, DatabaseAddress
from app.core.jobs import defer, drop_schema, fetch_progress, upgrade_schema
from app.core.jobs import progress as progress_module
from app.core.jobs import queue as queue_module
from app.core.jobs import worker as worker_module
from app.core.jobs.progress import ProgressWriter


async def start_job(database: Database) -> int:
    """Defer a job that no worker will do."""
    async with database.sessions.begin() as session:
        return await defer(session, "test.count")


async def expect(database: Database, job_id: int, **expected: object) -> None:
    """Assert that the progress of the job shows what is expected."""
    async with database.sessions() as session:
        progress = await fetch_progress(session, job_id)
    assert {name: getattr(progress, name) for name in expected} == expected


async def test_a_transaction_rolled_back_leaves_no_job(database: Database) -> None:
    async with database.sessions() as session:
        job_id = await defer(session, "test.count")
        assert await fetch_progress(session, job_id)
        await session.rollback()
        assert await fetch_progress(session, job_id) is None
        assert await session.scalar(text("SELECT count(*) FROM jobs.procrastinate_jobs")) == 0


async def test_reports_in_quick_succession_are_not_all_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_module, "SHORTEST_PAUSE_S", 3600)
    job_id = await start_job(database)
    writer = ProgressWriter(database, job_id, attempt=1)
    await writer.begin("test.count")
    for done in range(1, 100):
        await writer.report("reading", done, 100, "")
    await expect(database, job_id, step="reading", done=1)
    await writer.report("reading", 100, 100, "")
    await expect(database, job_id, step="reading", done=100)
    await writer.report("writing", 1, None, "")
    await expect(database, job_id, step="writing", done=1, total=None)
    await writer.report("writing", 2, None, "")
    await writer.end("done")
    await expect(database, job_id, state="done", done=2)


async def test_reports_after_a_pause_are_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_module, "SHORTEST_PAUSE_S", 0)
    job_id = await start_job(database)
    writer = ProgressWriter(database, job_id, attempt=1)
    await writer.begin("test.count")
    for done in (1, 2):
        await writer.report("reading", done, 100, "")
        await expect(database, job_id, done=done)


async def test_an_attempt_that_was_replaced_writes_nothing(database: Database) -> None:
    job_id = await start_job(database)
    old, new = (ProgressWriter(database, job_id, attempt) for attempt in (1, 2))
    await old.begin("test.count")
    await new.begin("test.count")
    await old.end("failed", "too late")
    await expect(database, job_id, state="running", attempt=2, message="")


def test_the_library_still_has_the_functions_we_call() -> None:
    """We call them by name; a new version of the library may turn to newer ones."""
    source = Path(queue_module.__file__).read_text() + Path(worker_module.__file__).read_text()
    called = set(re.findall(r"jobs\.(procrastinate_\w+)\(", source))
    assert called == {
        "procrastinate_defer_jobs_v1",
        "procrastinate_retry_job_v2",
        "procrastinate_finish_job_v1",
    }
    its_own = " ".join(queries[name] for name in ("defer_jobs", "retry_job", "finish_job"))
    assert all(f"{name}(" in its_own for name in called)


def test_later_files_of_the_library_are_run_once_in_order(
    address: DatabaseAddress, tmp_path: Path
) -> None:
    late, early = tmp_path / "99.10.00_01_b.sql", tmp_path / "99.02.00_01_a.sql"
    early.write_text("CREATE TABLE extra (percent text DEFAULT '100%'); SELECT ':no_parameter';")
    late.write_text(
        "ALTER TABLE extra ADD COLUMN later int;\n"
        "CREATE FUNCTION count_extra() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM extra';"
    )
    engine = create_engine(address.for_sqlalchemy_sync)
    with engine.begin() as connection:
        assert upgrade_schema(connection) == []
        assert upgrade_schema(connection, tmp_path) == [early.name, late.name]
        assert upgrade_schema(connection, tmp_path) == []
        path = connection.execute(text("SHOW search_path")).scalar_one()
        assert "jobs" not in path
        assert connection.execute(text("SELECT jobs.count_extra()")).scalar_one() == 0
        drop_schema(connection)
        assert upgrade_schema(connection) == []
    engine.dispose()
