"""Jobs: deferred with a transaction, done once at a time, taken up again, seen by people.

Run as a program with the address of a database, this file is a worker, for tests that kill one.
"""

import asyncio
import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import procrastinate
import pytest
from procrastinate.jobs import Status
from sqlalchemy import create_engine, text

from app.core.database import Database, DatabaseAddress
from app.core.errors import ConflictError
from app.core.jobs import (
    JobProgress,
    RunningJob,
    Task,
    WorkerTimes,
    create_queue,
    defer,
    fetch_progress,
    install_schema,
    register_tasks,
    rescue_jobs,
    run_worker,
    run_worker_process,
)
from app.core.jobs import queue as queue_module
from app.core.jobs import worker as worker_module
from app.core.local_postgres import LocalPostgres

PROJECT = Path(__file__).parents[2]
TIMES = WorkerTimes(rescue_every_s=0.1, poll_s=0.2, grace_s=0.2, reconnect_s=0.1)
QUICK_RESCUE = replace(TIMES, abandoned_after_s=1.5)  # still long enough for a busy machine

runs: Counter[int] = Counter()
running: set[int] = set()
overlaps: list[int] = []


async def count_run(job: RunningJob, pause_s: float = 0) -> None:
    """Count a run of the job and notice another at the same time."""
    if job.id in running:
        overlaps.append(job.id)
    running.add(job.id)
    runs[job.id] += 1
    try:
        await asyncio.sleep(pause_s)
    finally:
        running.discard(job.id)


async def stay_half_way(job: RunningJob) -> None:
    """Do half of the work, and the rest only at a second attempt."""
    await job.report_progress("loading areas", 1, 2, "One of two files is read.")
    if job.attempt == 1:
        await asyncio.sleep(60)
    await job.report_progress("loading areas", 2, 2)


async def refuse(job: RunningJob) -> None:
    """Fail with a sentence for people."""
    await job.report_progress("checking", 3, 9)
    raise ConflictError("Row 4 names the area E01 twice. Remove one of the two.")


async def break_down(_job: RunningJob, postcode: str) -> None:
    """Fail with an error that nobody foresaw."""
    raise KeyError(postcode)


@pytest.fixture(autouse=True)
def _start_counting() -> None:
    runs.clear()
    running.clear()
    overlaps.clear()


TASKS = (
    Task("test.count", count_run),
    Task("test.half", stay_half_way),
    Task("test.refuse", refuse),
    Task("test.break", break_down),
)


def make_queue(address: DatabaseAddress, concurrency: int = 2) -> procrastinate.App:
    queue = create_queue(address, concurrency=concurrency)
    register_tasks(queue, TASKS)
    return queue


@asynccontextmanager
async def working(
    database: Database, times: WorkerTimes = TIMES, concurrency: int = 2
) -> AsyncIterator[None]:
    queue = make_queue(database.address, concurrency)
    worker = asyncio.create_task(run_worker(queue, database, times))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


@asynccontextmanager
async def worker_process(address: DatabaseAddress) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        address.for_libpq,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def commit_defer(
    database: Database,
    task: str,
    **arguments: Any,  # noqa: ANN401
) -> int:
    async with database.sessions.begin() as session:
        return await defer(session, task, **arguments)


async def wait_for(database: Database, job_id: int, **expected: object) -> JobProgress:
    """Return the progress of the job once it shows what is expected."""
    progress = None
    for _ in range(1500):
        async with database.sessions() as session:
            progress = await fetch_progress(session, job_id)
        if progress and {name: getattr(progress, name) for name in expected} == expected:
            return progress
        await asyncio.sleep(0.02)
    pytest.fail(f"expected {expected}, last seen {progress and vars(progress)}")


async def read_status(database: Database, job_id: int) -> str | None:
    query = "SELECT status::text FROM jobs.procrastinate_jobs WHERE id = :id"
    async with database.sessions() as session:
        status: str | None = await session.scalar(text(query), {"id": job_id})
    return status


async def execute(database: Database, statement: str, **parameters: object) -> Any:  # noqa: ANN401
    async with database.sessions.begin() as session:
        return await session.scalar(text(statement), parameters)


async def test_a_job_runs_and_its_end_is_seen(database: Database) -> None:
    job_id = await commit_defer(database, "test.count")
    waiting = await wait_for(database, job_id, state="waiting", attempt=0)
    assert (waiting.task, waiting.started_at) == ("test.count", None)
    async with working(database):
        done = await wait_for(database, job_id, state="done", attempt=1)
    assert done.started_at
    assert done.finished_at
    assert done.deferred_at <= done.started_at <= done.finished_at
    assert runs[job_id] == 1
    assert await read_status(database, job_id) == "succeeded"


async def test_a_worker_that_waits_starts_at_once(database: Database) -> None:
    listening = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    async with working(database, replace(TIMES, poll_s=60)):
        for _ in range(500):
            if await execute(database, listening):
                break
            await asyncio.sleep(0.02)
        job_id = await commit_defer(database, "test.count")
        await wait_for(database, job_id, state="done")


async def test_jobs_with_one_lock_run_one_after_the_other(database: Database) -> None:
    first = await commit_defer(database, "test.count", lock="packs", pause_s=0.3)
    second = await commit_defer(database, "test.count", lock="packs")
    async with working(database):
        before = await wait_for(database, first, state="done")
        after = await wait_for(database, second, state="done")
    assert before.finished_at
    assert after.started_at
    assert before.finished_at <= after.started_at


async def test_two_workers_share_the_jobs_and_do_none_twice(database: Database) -> None:
    jobs = [await commit_defer(database, "test.count", pause_s=0.02) for _ in range(20)]
    async with working(database, concurrency=3), working(database, concurrency=3):
        for job_id in jobs:
            await wait_for(database, job_id, state="done", attempt=1)
    assert [runs[job_id] for job_id in jobs] == [1] * 20
    assert overlaps == []


async def test_a_job_whose_worker_is_killed_is_finished_by_another(
    address: DatabaseAddress, database: Database
) -> None:
    job_id = await commit_defer(database, "test.half")
    async with worker_process(address) as process:
        half = await wait_for(database, job_id, state="running", step="loading areas", attempt=1)
        assert (half.done, half.total, half.message) == (1, 2, "One of two files is read.")
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await read_status(database, job_id) == "doing"
    async with working(database, QUICK_RESCUE):
        done = await wait_for(database, job_id, state="done", attempt=2)
    assert (done.done, done.total, done.message) == (2, 2, "")
    assert await read_status(database, job_id) == "succeeded"


async def test_sigterm_stops_a_worker_which_gives_its_job_back(
    address: DatabaseAddress, database: Database
) -> None:
    job_id = await commit_defer(database, "test.half")
    async with worker_process(address) as process:
        await wait_for(database, job_id, step="loading areas")
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(5):
            assert await process.wait() == 0
    progress = await wait_for(database, job_id, state="waiting")
    assert progress.message == "The work was interrupted and will be taken up again."
    assert await read_status(database, job_id) == "todo"
    assert await execute(database, "SELECT count(*) FROM jobs.procrastinate_workers") == 0
    async with working(database):
        await wait_for(database, job_id, state="done", attempt=2)


async def test_a_job_near_its_end_may_finish_when_the_worker_stops(database: Database) -> None:
    async with working(database, replace(TIMES, grace_s=5)):
        job_id = await commit_defer(database, "test.count", pause_s=0.3)
        await wait_for(database, job_id, state="running")
    await wait_for(database, job_id, state="done", attempt=1)


async def test_a_stopped_worker_leaves_no_task_behind(database: Database) -> None:
    before = asyncio.all_tasks()
    async with working(database):
        await wait_for(database, await commit_defer(database, "test.count"), state="done")
    assert asyncio.all_tasks() == before


async def test_a_job_that_is_held_is_not_rescued_however_long_it_takes(
    database: Database,
) -> None:
    async with working(database, replace(TIMES, grace_s=5)):
        job_id = await commit_defer(database, "test.count", pause_s=0.3)
        await wait_for(database, job_id, state="running")
        async with database.sessions.begin() as session:
            assert await rescue_jobs(session, abandoned_after_s=0) == 0
        await wait_for(database, job_id, state="done", attempt=1)
    assert runs[job_id] == 1


async def test_a_job_put_back_by_mistake_does_not_start_beside_itself(database: Database) -> None:
    async with working(database, replace(TIMES, grace_s=5)), working(database):
        job_id = await commit_defer(database, "test.count", pause_s=0.5)
        await wait_for(database, job_id, state="running")
        put_back = "UPDATE jobs.procrastinate_jobs SET status = 'todo' WHERE id = :id RETURNING id"
        assert await execute(database, put_back, id=job_id) == job_id
        await wait_for(database, job_id, state="done", attempt=1)
    assert (runs[job_id], overlaps) == (1, [])


async def test_a_job_that_lost_its_lock_is_cancelled_and_done_again(database: Database) -> None:
    async with working(database):
        job_id = await commit_defer(database, "test.half")
        await wait_for(database, job_id, step="loading areas", attempt=1)
        killed = await execute(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database "
            "ON pg_database.oid = pg_locks.database "
            "WHERE locktype = 'advisory' AND datname = current_database()",
        )
        assert killed
        await wait_for(database, job_id, state="done", attempt=2)


async def test_a_late_attempt_neither_disturbs_a_later_one_nor_fails(database: Database) -> None:
    """It gives its job back after that was rescued, and then when nobody is there to hear."""
    job_id = await commit_defer(database, "test.half")
    queue = make_queue(database.address)
    async with queue.open_async():
        first = await queue.job_manager.fetch_job(None, await queue.job_manager.register_worker())
        assert first
        async with database.sessions.begin() as session:
            assert await rescue_jobs(session, abandoned_after_s=0) == 1
        assert await execute(database, "SELECT id FROM jobs.procrastinate_fetch_job_v2(NULL, NULL)")
        await queue.job_manager.retry_job(first)
        assert await read_status(database, job_id) == "doing"
        await execute(database, "UPDATE jobs.procrastinate_jobs SET status = 'failed' RETURNING id")
        await queue.job_manager.finish_job(first, Status.SUCCEEDED, delete_job=False)
        assert await read_status(database, job_id) == "failed"


async def test_a_job_that_always_kills_its_worker_is_given_up(database: Database) -> None:
    job_id = await commit_defer(database, "test.half")
    for attempt in range(worker_module.MOST_ATTEMPTS):
        statement = "SELECT id FROM jobs.procrastinate_fetch_job_v2(NULL, NULL)"
        assert await execute(database, statement) == job_id
        async with database.sessions.begin() as session:
            again = await rescue_jobs(session, abandoned_after_s=0)
        assert again == (attempt < worker_module.MOST_ATTEMPTS - 1)
    failed = await wait_for(database, job_id, state="failed")
    assert failed.message.startswith("The work was interrupted 5 times and has been given up.")
    assert await read_status(database, job_id) == "failed"


async def test_a_job_taken_a_moment_ago_is_not_abandoned(database: Database) -> None:
    await commit_defer(database, "test.half")
    await execute(database, "SELECT id FROM jobs.procrastinate_fetch_job_v2(NULL, NULL)")
    async with database.sessions.begin() as session:
        assert await rescue_jobs(session, abandoned_after_s=60) == 0


async def test_a_failure_shows_its_sentence_and_what_was_done(database: Database) -> None:
    job_id = await commit_defer(database, "test.refuse")
    async with working(database):
        failed = await wait_for(database, job_id, state="failed")
    assert failed.message == "Row 4 names the area E01 twice. Remove one of the two."
    assert (failed.step, failed.done, failed.total) == ("checking", 3, 9)
    assert failed.finished_at
    assert await read_status(database, job_id) == "failed"


async def test_a_fault_shows_a_general_sentence_and_is_logged_without_arguments(
    database: Database, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    job_id = await commit_defer(database, "test.break", postcode="L8 1AA")
    with caplog.at_level(logging.WARNING):
        async with working(database):
            failed = await wait_for(database, job_id, state="failed")
    assert failed.message == queue_module.FAULT
    logged = capsys.readouterr().out + caplog.text
    assert "KeyError" in logged
    assert "test.break" in logged
    assert "postcode=" not in logged


async def test_a_job_nobody_knows_how_to_do_is_seen_to_fail(database: Database) -> None:
    job_id = await commit_defer(database, "test.unknown")
    async with working(database):
        failed = await wait_for(database, job_id, state="failed")
    assert failed.message == queue_module.FAULT


async def test_workers_survive_a_restart(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with LocalPostgres(tmp_path / "postgres", durable=False).running() as cluster:
        address = cluster.address.with_name("postgres")
        engine = create_engine(address.for_sqlalchemy_sync)
        with engine.begin() as connection:
            JobProgress.metadata.tables["job_progress"].create(connection)
            install_schema(connection)
        engine.dispose()
        database = Database(address, pool_size=0)
        async with working(database, QUICK_RESCUE):
            job_id = await commit_defer(database, "test.half")
            await wait_for(database, job_id, step="loading areas", attempt=1)
            await asyncio.to_thread(cluster.stop)
            for _ in range(500):
                if "worker.broken" in caplog.text:
                    break
                await asyncio.sleep(0.02)
            await asyncio.to_thread(cluster.start)
            done = await wait_for(database, job_id, state="done")
            assert done.attempt > 1
            later = await commit_defer(database, "test.count")
            await wait_for(database, later, state="done")
        await database.close()


async def run_as_program(url: str) -> None:
    """Be a worker until a signal arrives."""
    database = Database(DatabaseAddress(url), pool_size=0)
    await run_worker_process(make_queue(database.address), database, TIMES)
    await database.close()


if __name__ == "__main__":
    asyncio.run(run_as_program(sys.argv[1]))
