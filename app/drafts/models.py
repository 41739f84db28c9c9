"""The tables of drafts, and of who wants to hear what became of what they sent."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

MOMENT = DateTime(timezone=True)


class Draft(Base):
    """Answers of one walk through the questions, right or wrong, until they are sent.

    Whoever is signed in holds it by their person, on any device; a stranger by a cookie.
    """

    __tablename__ = "drafts"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    holder: Mapped[bytes] = mapped_column(
        LargeBinary, index=True, comment="hash of what the cookie of the browser holds"
    )
    answers: Mapped[dict[str, list[str]]] = mapped_column(
        JSONB, comment="as typed; empty once sent"
    )
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now(), index=True)
    sent_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, comment="of the asset it became")
    sent_status: Mapped[str | None] = mapped_column(Text)


class SubmissionContact(Base):
    """Where somebody without an account wants to hear what became of what they sent.

    Never public; whoever decides reads it, writes to it, and forgets it.
    """

    __tablename__ = "submission_contacts"

    subject: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    email: Mapped[str] = mapped_column(Text)
    languages: Mapped[str] = mapped_column(Text, server_default="", comment="as in Accept-Language")
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
