"""The tables of packs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


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
