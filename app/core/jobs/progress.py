"""How far each job is, kept for people to see and surviving a restart."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, Text, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Database

JobState = Literal["waiting", "running", "done", "failed"]

SHORTEST_PAUSE_S = 0.5  # people do not see more, and every report is a transaction


class JobProgress(Base):
    """One job as people see it; the queue's own row is the library's business.

    `attempt` is 0 until the job starts and 2 or more once it was interrupted and taken up again.
    `done` of `total` counts whatever `step` says; a null `total` means that nobody knows yet.
    `message` is a plain sentence: what is going on, or why the job failed.
    """

    __tablename__ = "job_progress"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state_known"),
    )

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    task: Mapped[str] = mapped_column(Text)
    state: Mapped[JobState] = mapped_column(Text, server_default="waiting")
    attempt: Mapped[int] = mapped_column(Integer, server_default="0")
    step: Mapped[str] = mapped_column(Text, server_default="")
    done: Mapped[int] = mapped_column(BigInteger, server_default="0")
    total: Mapped[int | None] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(Text, server_default="")
    deferred_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


async def fetch_progress(session: AsyncSession, job_id: int) -> JobProgress | None:
    """Return how far a job is, as last committed, or None if there never was such a job."""
    query = select(JobProgress).where(JobProgress.job_id == job_id)
    found = await session.execute(query, execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


async def note_deferred(session: AsyncSession, job_id: int, task: str) -> None:
    """Let a job that waits be seen, once the caller's transaction commits."""
    await session.execute(insert(JobProgress).values(job_id=job_id, task=task))


class ProgressWriter:
    """Writes the progress of one attempt at a job, each time in a transaction of its own.

    An attempt that another worker has since replaced writes nothing any more.
    """

    def __init__(self, database: Database, job_id: int, attempt: int) -> None:
        self._database = database
        self._job_id = job_id
        self._attempt = attempt
        self._last: dict[str, Any] = {}
        self._written_at = -SHORTEST_PAUSE_S

    async def begin(self, task: str) -> None:
        """Say that the attempt starts, from nothing."""
        values: dict[str, Any] = {
            "state": "running",
            "attempt": self._attempt,
            "step": "",
            "done": 0,
            "total": None,
            "message": "",
            "started_at": func.now(),
            "updated_at": func.now(),
            "finished_at": None,
        }
        begun = insert(JobProgress).values(job_id=self._job_id, task=task, **values)
        async with self._database.sessions.begin() as session:
            await session.execute(
                begun.on_conflict_do_update(index_elements=[JobProgress.job_id], set_=values)
            )

    async def report(self, step: str, done: int, total: int | None, message: str) -> None:
        """Write how far the attempt is, unless the last report of this step was just now.

        The first report of a step and the one that completes it are always written.
        """
        now = time.monotonic()
        is_new = step != self._last.get("step")
        self._last = {"step": step, "done": done, "total": total, "message": message}
        if is_new or done == total or now - self._written_at >= SHORTEST_PAUSE_S:
            self._written_at = now
            await self._write(self._last)

    async def give_back(self, message: str) -> None:
        """Say that the attempt was interrupted and that another one will follow."""
        await self._write({**self._last, "state": "waiting", "message": message})

    async def end(self, state: Literal["done", "failed"], message: str | None = None) -> None:
        """Say how the attempt ended; without a message the last one stays."""
        last = self._last if message is None else {**self._last, "message": message}
        await self._write({**last, "state": state, "finished_at": func.now()})

    async def _write(self, values: Mapping[str, Any]) -> None:
        written = (
            update(JobProgress)
            .where(JobProgress.job_id == self._job_id, JobProgress.attempt == self._attempt)
            .values(**values, updated_at=func.now())
        )
        async with self._database.sessions.begin() as session:
            await session.execute(written)
