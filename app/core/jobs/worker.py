"""The worker: does the jobs of a queue, and takes up those whose worker died."""

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.jobs.holding import LOCK_KEY
from app.core.jobs.queue import FAULT, INTERRUPTED

log = structlog.get_logger(__name__)

DATABASE_GONE = (ConnectorException, psycopg.Error, OSError, SQLAlchemyError)
"""What a failure of the database looks like; any other error is a fault and logged whole."""
MOST_ATTEMPTS = 5
GIVEN_UP = (
    f"The work was interrupted {MOST_ATTEMPTS} times and has been given up. "
    "It has been noted; please try again later."
)

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('hereabouts.rescue', 0))")
_ABANDONED = text(
    """
    SELECT job.id, job.attempts
    FROM jobs.procrastinate_jobs AS job
    WHERE job.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM jobs.procrastinate_events AS event
        WHERE event.job_id = job.id AND event.type = 'started'
          AND event.at > now() - make_interval(secs => :abandoned_after_s)
    )
    ORDER BY job.id
    FOR UPDATE OF job SKIP LOCKED
    """
)
_IS_DEAD = text(f"SELECT pg_try_advisory_xact_lock({LOCK_KEY.format(job_id=':job_id')})")
_GIVE_BACK = text("SELECT jobs.procrastinate_retry_job_v2(:job_id, NULL, NULL, NULL, NULL)")
_GIVE_UP = text("SELECT jobs.procrastinate_finish_job_v1(:job_id, 'failed', false)")
_SAY = text(
    """
    UPDATE job_progress
    SET state = :state, message = :message, updated_at = now(),
        finished_at = CASE WHEN :state = 'failed' THEN now() END
    WHERE job_id = :job_id
    """
)
# A job whose task is unknown, or whose last report was lost, ends without a word of ours.
_SETTLE = text(
    """
    UPDATE job_progress AS progress
    SET state = CASE WHEN job.status = 'succeeded' THEN 'done' ELSE 'failed' END,
        message = CASE WHEN job.status = 'succeeded' THEN progress.message ELSE :message END,
        updated_at = now(), finished_at = now()
    FROM jobs.procrastinate_jobs AS job
    WHERE job.id = progress.job_id
      AND progress.state IN ('waiting', 'running')
      AND job.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
    """
)


@dataclass(frozen=True)
class WorkerTimes:
    """How patient a worker is, in seconds.

    Attributes:
        abandoned_after_s: From taking a job to holding its lock at the latest; a job that
            started longer ago and whose lock is free counts as abandoned.
        rescue_every_s: Between searches for abandoned jobs.
        poll_s: Between searches for new jobs, should an announcement go missing.
        grace_s: For running jobs to finish when the worker is stopped; then they are
            interrupted and given back.
        reconnect_s: Until the worker starts again after it broke, as without the database.
    """

    abandoned_after_s: float = 60
    rescue_every_s: float = 15
    poll_s: float = 5
    grace_s: float = 20
    reconnect_s: float = 2


async def run_worker(
    queue: procrastinate.App, database: Database, times: WorkerTimes | None = None
) -> None:
    """Do jobs until cancelled, across failures of the database and faults of our own.

    Cancelled, it takes no new job, gives the running ones `grace_s` to finish and gives the rest
    back to the queue. One queue object serves one worker.

    Args:
        queue: With its tasks registered.
        database: Handed to the jobs.
        times: How patient the worker is.
    """
    times = times or WorkerTimes()
    while True:
        try:
            await _run_until_broken(queue, database, times)
        except Exception as error:
            task = asyncio.current_task()
            if task and task.cancelling():
                # The database went away while the worker was being stopped: it still stops.
                raise asyncio.CancelledError from error
            # Whatever it is, jobs must not be left undone by a service that says it is ready.
            say = log.warning if isinstance(error, DATABASE_GONE) else log.exception
            say("worker.broken", reason=type(error).__name__, wait_s=times.reconnect_s)
        await asyncio.sleep(times.reconnect_s)


async def run_worker_process(
    queue: procrastinate.App, database: Database, times: WorkerTimes | None = None
) -> None:
    """Do jobs until SIGTERM or SIGINT arrives, then stop as `run_worker` does and return."""
    worker = asyncio.create_task(run_worker(queue, database, times))
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, worker.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await worker
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


async def _run_until_broken(
    queue: procrastinate.App, database: Database, times: WorkerTimes
) -> None:
    rescuing = asyncio.create_task(_rescue_for_ever(database, times))
    try:
        await queue.open_async()
        await queue.run_worker_async(
            additional_context={"database": database},
            fetch_job_polling_interval=times.poll_s,
            shutdown_graceful_timeout=times.grace_s,
            install_signal_handlers=False,
        )
    finally:
        rescuing.cancel()
        with suppress(asyncio.CancelledError):
            await rescuing
        await queue.close_async()


async def _rescue_for_ever(database: Database, times: WorkerTimes) -> None:
    while True:
        try:
            async with database.sessions.begin() as session:
                await rescue_jobs(session, times.abandoned_after_s)
        except DATABASE_GONE as error:
            log.warning("worker.cannot_rescue", reason=type(error).__name__)
        except Exception:
            log.exception("worker.cannot_rescue")
        await asyncio.sleep(times.rescue_every_s)


async def rescue_jobs(session: AsyncSession, abandoned_after_s: float) -> int:
    """Give jobs back to the queue that run on paper but are held by nobody.

    The lock decides and not the worker's heartbeat, which goes on when only one of its jobs was
    lost, and falls silent when a laptop sleeps with all its jobs alive. A job that was interrupted
    `MOST_ATTEMPTS` times fails: it may be what kills its workers.

    Args:
        session: Commit it for the jobs to be taken up.
        abandoned_after_s: As in `WorkerTimes`.

    Returns:
        How many were given back.
    """
    await session.execute(_ONE_AT_A_TIME)
    given_back = 0
    for job in await session.execute(_ABANDONED, {"abandoned_after_s": abandoned_after_s}):
        if not await session.scalar(_IS_DEAD, {"job_id": job.id}):
            continue
        again = job.attempts + 1 < MOST_ATTEMPTS
        await session.execute(_GIVE_BACK if again else _GIVE_UP, {"job_id": job.id})
        state, message = ("waiting", INTERRUPTED) if again else ("failed", GIVEN_UP)
        await session.execute(_SAY, {"job_id": job.id, "state": state, "message": message})
        log.warning("worker.rescued" if again else "worker.gave_up", job_id=job.id)
        given_back += again
    await session.execute(_SETTLE, {"message": FAULT})
    return given_back
