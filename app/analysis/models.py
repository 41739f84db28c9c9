"""The tables of analyses: answers that are kept, and large ones that are being worked out.

Nobody's name is in either: who asked is not kept. The role of strangers reads neither.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Index, Integer, LargeBinary, Text, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

MOMENT = DateTime(timezone=True)


class KeptAnalysis(Base):
    """An answer as it was given, byte by byte."""

    __tablename__ = "kept_analyses"

    id: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    hash: Mapped[str] = mapped_column(Text(collation="C"), comment="of question and data")
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="the question as it was put")
    method_version: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, comment="of everything public when it was answered")
    answer: Mapped[bytes] = mapped_column(LargeBinary, comment="JSON, compressed by zlib")
    size_bytes: Mapped[int] = mapped_column(Integer)
    sites: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(Uuid), comment="that took part at their own points"
    )
    area_sites: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(Uuid), comment="that took part at their areas' points"
    )
    is_pinned: Mapped[bool] = mapped_column(Boolean, server_default="false")
    kept_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now(), index=True)


class AnalysisRun(Base):
    """One asking of a question that is worked out in the background; several may share a job."""

    __tablename__ = "analysis_runs"
    __table_args__ = (Index("ix_analysis_runs_question", "question", "state"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    question: Mapped[str] = mapped_column(Text(collation="C"), comment="hash of what is asked")
    state: Mapped[str] = mapped_column(Text, comment="of everything public when it was asked")
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="the question as it was put")
    job_id: Mapped[int] = mapped_column(BigInteger, index=True)
    is_cancelled: Mapped[bool] = mapped_column(Boolean, server_default="false")
    analysis_id: Mapped[str | None] = mapped_column(Text(collation="C"), comment="once answered")
    begun_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now(), index=True)
