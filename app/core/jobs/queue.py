"""The queue: which tasks there are, and deferring a job inside a transaction."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import structlog
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import DEFAULT_QUEUE, Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.types import JSONValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, DatabaseAddress
from app.core.errors import HereaboutsError
from app.core.jobs.filing import JobFiling
from app.core.jobs.holding import JobHeldError, JobLostError, hold_job
from app.core.jobs.progress import ProgressWriter, note_deferred
from app.core.settings import Settings

log = structlog.get_logger(__name__)

CONNECTIONS = 3  # one to listen, the others to fetch, to finish and to beat
HELD_PAUSE_S = 5  # before trying again a job whose earlier attempt still lives

INTERRUPTED = "The work was interrupted and will be taken up again."
FAULT = "Something went wrong on our side. It has been noted; please try again."

# The search path of these functions is pinned (schema.py), so they work in any session.
_DEFER = text(
    "SELECT unnest(jobs.procrastinate_defer_jobs_v1(ARRAY[ROW("
    "CAST(:queue AS text), CAST(:task AS text), 0, CAST(:lock AS text), NULL, "
    "CAST(:arguments AS jsonb), NULL)::jobs.procrastinate_job_to_defer_v1]))"
)


class LaterError(Exception):
    """The job cannot be done yet; it waits and is tried again from its start.

    Args:
        sentence: What it waits for, for people who follow it.
        wait_s: Seconds until the next attempt.
    """

    def __init__(self, sentence: str, wait_s: float) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.wait_s = wait_s


class RunningJob:
    """What a task is told about the job it does.

    Attributes:
        id: The number of the job.
        attempt: 1, or more if earlier attempts were interrupted or put off.
        database: For the job's own transactions.
    """

    def __init__(
        self, job_id: int, attempt: int, database: Database, settings: Settings | None = None
    ) -> None:
        self.id = job_id
        self.attempt = attempt
        self.database = database
        self._settings = settings
        self.progress = ProgressWriter(database, job_id, attempt)

    @property
    def settings(self) -> Settings:
        """The settings of the service.

        Raises:
            RuntimeError: The tasks were registered without any.
        """
        if self._settings is None:
            raise RuntimeError("The tasks were registered without the settings of the service.")
        return self._settings

    async def report_progress(
        self, step: str, done: int = 0, total: int | None = None, message: str = ""
    ) -> None:
        """Let people see how far the job is; call it as often as convenient.

        Args:
            step: What is being done, in a few words.
            done: How many of whatever the step counts are done.
            total: How many there are, None if unknown.
            message: A sentence worth knowing.
        """
        await self.progress.report(step, done, total, message)


@dataclass(frozen=True)
class Task:
    """One kind of job.

    A job may be interrupted at any point and is then done again from its start, so `run` must
    bear being repeated. It runs on the event loop: heavy work belongs in `asyncio.to_thread`,
    and because a thread cannot be cancelled, in portions of a few seconds.

    Attributes:
        name: What jobs are deferred by, such as `packs.load`. Jobs that wait know it, so it
            never changes.
        run: Called with the `RunningJob` and the arguments given to `defer`. An error of the
            service's own family fails the job with its sentence, `LaterError` puts it off, any
            other fails it with a general sentence.
        cron: When it is done by itself, such as "10 3 * * *" (UTC); None: when it is deferred.
            `run` is then called with `timestamp`, for which moment in seconds it is.
    """

    name: str
    run: Callable[..., Awaitable[None]]
    cron: str | None = None


def create_queue(address: DatabaseAddress, *, concurrency: int = 2) -> procrastinate.App:
    """Return the queue kept in a database; it connects when a worker runs.

    Args:
        address: Where the database is.
        concurrency: How many jobs one worker does at a time.
    """
    logging.getLogger("procrastinate.worker").addFilter(_drop_outcome)
    connector = procrastinate.PsycopgConnector(
        conninfo=address.for_libpq,
        kwargs={"options": "-c search_path=jobs"},
        min_size=1,
        max_size=concurrency + CONNECTIONS,
    )
    queue = procrastinate.App(connector=connector, worker_defaults={"concurrency": concurrency})
    queue.job_manager = JobFiling(connector)
    return queue


def register_tasks(
    queue: procrastinate.App, tasks: Iterable[Task], settings: Settings | None = None
) -> None:
    """Tell the queue of all tasks there are; whoever runs a worker does so first.

    Args:
        queue: The queue.
        tasks: All of them.
        settings: What tasks find as `RunningJob.settings`.

    Raises:
        procrastinate.exceptions.TaskAlreadyRegistered: Two have the same name.
    """
    for task in tasks:
        runner = _make_runner(task, settings)
        registered = queue.task(name=task.name, pass_context=True, retry=_GiveBack())(runner)
        if task.cron is not None:
            queue.periodic(cron=task.cron)(registered)


async def defer(
    session: AsyncSession, task_name: str, /, *, lock: str | None = None, **arguments: JSONValue
) -> int:
    """Put a job into the queue in the caller's transaction; a rollback leaves no job.

    Args:
        session: The caller's.
        task_name: A name in the list of tasks.
        lock: Jobs with the same lock are done one after the other.
        **arguments: Handed to the task; they stay in the database, so no secrets.

    Returns:
        The number of the job, for `fetch_progress`.
    """
    values = {
        "queue": DEFAULT_QUEUE,
        "task": task_name,
        "lock": lock,
        "arguments": json.dumps(arguments),
    }
    job_id = int((await session.execute(_DEFER, values)).scalar_one())
    await note_deferred(session, job_id, task_name)
    return job_id


class _GiveBack(BaseRetryStrategy):
    """Puts back a job that was interrupted or put off; one that failed by itself stays failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        log.info("job.ended", job_id=job.id, task=job.task_name, reason=type(exception).__name__)
        if isinstance(exception, asyncio.CancelledError | JobAborted | JobLostError):
            return RetryDecision()
        if isinstance(exception, JobHeldError):
            return RetryDecision(retry_in={"seconds": HELD_PAUSE_S})
        if isinstance(exception, LaterError):
            return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=exception.wait_s))
        return None


def _make_runner(task: Task, settings: Settings | None) -> Callable[..., Awaitable[None]]:
    async def run(context: procrastinate.JobContext, **arguments: Any) -> None:  # noqa: ANN401
        database: Database = context.additional_context["database"]
        job_id = context.job.id
        if job_id is None:
            raise ValueError("A job that runs has a number.")
        job = RunningJob(job_id, context.job.attempts + 1, database, settings)
        async with hold_job(database.address, job_id):
            await _run_reported(task, job, arguments)

    return run


async def _run_reported(task: Task, job: RunningJob, arguments: dict[str, Any]) -> None:
    """Do the job and write how it ended; errors go on to the worker, which files the job."""
    await job.progress.begin(task.name)
    try:
        await task.run(job, **arguments)
    except asyncio.CancelledError:
        await _write_last(job.progress.give_back(INTERRUPTED))
        raise
    except LaterError as error:
        await _write_last(job.progress.give_back(error.sentence))
        raise
    except Exception as error:
        log.exception("job.failed", job_id=job.id, task=task.name, attempt=job.attempt)
        sentence = error.detail if isinstance(error, HereaboutsError) else FAULT
        await _write_last(job.progress.end("failed", sentence))
        raise
    await job.progress.end("done")


async def _write_last(writing: Awaitable[None]) -> None:
    """Await a last report; where even that fails, what ended the job must still come through."""
    try:
        await writing
    except (OSError, SQLAlchemyError) as error:
        log.warning("job.progress_unwritten", reason=type(error).__name__)


def _drop_outcome(record: logging.LogRecord) -> bool:
    """Drop the library's line about a failed job: it repeats the arguments, ours does not."""
    return getattr(record, "action", None) != "job_error"
