"""Workers whose own parts fail in ways that nobody foresaw: they go on, and still stop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import procrastinate
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.jobs import RunningJob, Task, WorkerTimes, create_queue, defer, register_tasks
from app.core.jobs import worker as worker_module
from app.core.jobs.worker import run_worker

TIMES = WorkerTimes(rescue_every_s=0.02, poll_s=0.2, grace_s=0.2, reconnect_s=0.02)


def make_queue(
    database: Database, do: Callable[[RunningJob], Awaitable[None]]
) -> procrastinate.App:
    queue = create_queue(database.address)
    register_tasks(queue, (Task("test.do", do),))
    return queue


async def stop(worker: asyncio.Task[None]) -> None:
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker


async def test_a_worker_goes_on_after_an_error_that_nobody_foresaw(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = asyncio.Event()

    async def do(_job: RunningJob) -> None:
        done.set()

    queue = make_queue(database, do)
    run, failures = queue.run_worker_async, [RuntimeError("a fault"), KeyError("another")]

    async def run_at_third(**options: Any) -> None:  # noqa: ANN401
        if failures:
            raise failures.pop()
        await run(**options)

    monkeypatch.setattr(queue, "run_worker_async", run_at_third)
    async with database.sessions.begin() as session:
        await defer(session, "test.do")
    worker = asyncio.create_task(run_worker(queue, database, TIMES))
    async with asyncio.timeout(20):
        await done.wait()
    await stop(worker)
    assert caplog.text.count("worker.broken") == 2
    assert "RuntimeError: a fault" in caplog.text


async def test_a_worker_that_breaks_while_it_is_stopped_stops(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = asyncio.Event()

    async def do(_job: RunningJob) -> None:
        """Nothing."""

    async def break_when_stopped(**_: object) -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            raise RuntimeError from error

    queue = make_queue(database, do)
    monkeypatch.setattr(queue, "run_worker_async", break_when_stopped)
    worker = asyncio.create_task(run_worker(queue, database, TIMES))
    async with asyncio.timeout(20):
        await running.wait()
        await stop(worker)


async def test_the_search_for_abandoned_jobs_goes_on_after_an_error_that_nobody_foresaw(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches: asyncio.Queue[None] = asyncio.Queue()

    async def fail(_session: AsyncSession, _abandoned_after_s: float) -> NoReturn:
        searches.put_nowait(None)
        raise RuntimeError

    async def do(_job: RunningJob) -> None:
        """Nothing."""

    monkeypatch.setattr(worker_module, "rescue_jobs", fail)
    worker = asyncio.create_task(run_worker(make_queue(database, do), database, TIMES))
    async with asyncio.timeout(20):
        for _ in range(2):
            await searches.get()
    await stop(worker)
