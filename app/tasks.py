"""The one list of background jobs, and the worker that does them beside the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import procrastinate

from app.analysis import running
from app.core import mail
from app.core.database import Database
from app.core.errors import BadRequestError
from app.core.jobs import RunningJob, Task, WorkerTimes, create_queue, register_tasks, run_worker
from app.core.settings import Settings
from app.drafts.service import forget_old
from app.packs.finding import Shelves
from app.packs.manifest import PackProblem
from app.packs.service import load_pack
from app.pages import mails
from app.tiles import seeding


async def load_pack_in_background(
    job: RunningJob, folder: str, mirror: str | None = None, raw: str | None = None
) -> None:
    """Load the pack in `folder`; done again from the start if it was interrupted."""
    shelves = Shelves(Path(mirror) if mirror else None, Path(raw) if raw else None)

    async def report(step: str, done: int, total: int | None) -> None:
        await job.report_progress(step, done, total)

    try:
        await load_pack(job.database, Path(folder), report, shelves)
    except PackProblem as problem:
        raise BadRequestError(str(problem)) from problem


async def seed_tiles_in_background(job: RunningJob) -> None:
    """Make the tiles of areas that everybody looks at first; those made already stay."""

    async def report(done: int, total: int) -> None:
        await job.report_progress("Making map tiles", done, total)

    await seeding.seed_tiles(job.database, report)


async def forget_drafts(job: RunningJob, timestamp: int) -> None:  # noqa: ARG001 - of the queue
    """Forget drafts that were left alone for as long as they are kept; once a day."""
    async with job.database.sessions.begin() as session:
        await forget_old(session, job.settings.draft_days)


BESIDE = WorkerTimes(grace_s=3)
"""Ctrl-C ends a server within seconds; its jobs go back into the queue and are done again."""

TASKS: tuple[Task, ...] = (
    Task("packs.load", load_pack_in_background),
    Task(seeding.TASK, seed_tiles_in_background),
    Task("drafts.forget", forget_drafts, cron="10 3 * * *"),
    Task(running.TASK, running.work_out_in_background),
    Task(mails.TASK, mails.mail_link),
    Task(mail.TASK, mail.send_mail),
)


def open_queue(database: Database, settings: Settings) -> procrastinate.App:
    """Return the queue of `database` with every task of the service registered."""
    queue = create_queue(database.address)
    register_tasks(queue, TASKS, settings)
    return queue


@asynccontextmanager
async def run_worker_beside(database: Database, settings: Settings) -> AsyncIterator[None]:
    """Do jobs in this process while the block runs; running ones are given back at its end."""
    if not settings.run_worker:
        yield
        return
    # Without the pool of the visitors and its limit on statements.
    unhurried = Database(database.address, pool_size=0)
    worker = asyncio.create_task(run_worker(open_queue(unhurried, settings), unhurried, BESIDE))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        await unhurried.close()
