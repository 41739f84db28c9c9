"""The tables of packs."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Boolean, CheckConstraint, DateTime, Identity, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

LoadOutcome = Literal["running", "loaded", "unchanged", "failed", "interrupted"]


class Pack(Base):
    """The pack that this database is about: there is one, or none yet."""

    __tablename__ = "packs"
    __table_args__ = (CheckConstraint("is_current", name="one_row"),)

    is_current: Mapped[bool] = mapped_column(Boolean, primary_key=True, default=True)
    name: Mapped[str] = mapped_column(Text)
    described: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="what pages and API say")
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="as it was loaded")
    checksum: Mapped[str] = mapped_column(Text, comment="SHA-256 over the manifest and its files")
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PackLoad(Base):
    """One load, running or ended; written beside the load's own transaction.

    A load that was killed cannot say so: its row keeps `running`, but nobody holds the lock of
    loading any more.
    """

    __tablename__ = "pack_loads"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('running', 'loaded', 'unchanged', 'failed', 'interrupted')",
            name="outcome_known",
        ),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    pack: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    step: Mapped[str] = mapped_column(Text)
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int | None] = mapped_column(Integer, comment="null while nobody knows")
    outcome: Mapped[LoadOutcome] = mapped_column(Text)
    problem: Mapped[str] = mapped_column(Text, comment="why it failed, in a sentence")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
