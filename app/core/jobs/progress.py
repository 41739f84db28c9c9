"""How far each job is, kept for people to see and surviving a restart."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

JobState = Literal["waiting", "running", "done", "failed"]


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
