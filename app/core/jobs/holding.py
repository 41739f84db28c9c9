"""The proof that one attempt at a job is alive: a lock that ends with its connection.

Heartbeats alone cannot tell a worker that died from one that was only slow, or from a laptop that
slept. Each attempt therefore holds a lock of PostgreSQL on a connection of its own: while it is
held nobody else starts the job, and an attempt that loses it is cancelled.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from app.core.database import DatabaseAddress

CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 1.0
# A worker's machine that vanished from the network frees its jobs after a minute, not after the
# two hours that are usual. Without effect on a unix socket.
NOTICE_VANISHED = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}

# The same expression wherever a job's lock is taken; the number of the job is its seed.
LOCK_KEY = "hashtextextended('hereabouts.job', {job_id})"


class JobHeldError(Exception):
    """Another attempt at this job is still alive."""


class JobLostError(Exception):
    """The lock of this attempt is gone with its connection, so it was cancelled."""


@asynccontextmanager
async def hold_job(address: DatabaseAddress, job_id: int) -> AsyncIterator[None]:
    """Hold a job's lock while the block runs; cancel the block if the lock is lost.

    Raises:
        JobHeldError: Somebody else holds it.
        JobLostError: It was lost; the block was cancelled.
    """
    connection = await asyncpg.connect(
        address.for_libpq, timeout=CONNECT_SECONDS, server_settings=NOTICE_VANISHED
    )
    try:
        query = f"SELECT pg_try_advisory_lock({LOCK_KEY.format(job_id='$1')})"
        if not await connection.fetchval(query, job_id):
            raise JobHeldError
        async with _cancel_with(connection):
            yield
    finally:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=CLOSE_SECONDS)


@asynccontextmanager
async def _cancel_with(connection: asyncpg.Connection) -> AsyncIterator[None]:
    running = True
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(None) as deadline:

            def cancel(_: object) -> None:
                if running:
                    deadline.reschedule(loop.time())

            connection.add_termination_listener(cancel)
            try:
                yield
            finally:
                running = False
    except TimeoutError:
        if deadline.expired():
            raise JobLostError from None
        raise
