"""The tables of what people suggest and report, and are asked. Nothing of them is public."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Person
from app.core.database import Base
from app.moderation.vocabulary import SuggestionKind, SuggestionStatus
from app.records.models import one_of
from app.records.vocabulary import Subject

MOMENT = DateTime(timezone=True)


class Suggestion(Base):
    """A change, or a report in words, from somebody who may not make it so at once."""

    __tablename__ = "suggestions"
    __table_args__ = (
        CheckConstraint(one_of("kind", *SuggestionKind), name="kind"),
        CheckConstraint(one_of("subject", *Subject), name="subject"),
        CheckConstraint(one_of("status", *SuggestionStatus), name="status"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided"),
        Index(
            "ix_suggestions_waiting",
            "created_at",
            "id",
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[Any] = mapped_column(Uuid, unique=True, server_default=func.gen_random_uuid())
    once: Mapped[Any] = mapped_column(Uuid, unique=True, comment="of the form it came with")
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    site: Mapped[Any | None] = mapped_column(Uuid, comment="public id of the site it is about")
    answers: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="what the sender would have, by question"
    )
    seen: Mapped[dict[str, str]] = mapped_column(
        JSONB, comment="hash of what stood there before them, by question"
    )
    revision: Mapped[int] = mapped_column(Integer, comment="that it was made on")
    saw_private: Mapped[bool] = mapped_column(comment="false: only what everybody may")
    note: Mapped[str] = mapped_column(Text, comment="in the words of the sender")
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey(Person.id, ondelete="SET NULL"), index=True
    )
    email: Mapped[str | None] = mapped_column(Text, comment="of a stranger who wants to hear")
    languages: Mapped[str] = mapped_column(Text, server_default="", comment="as in Accept-Language")
    status: Mapped[str] = mapped_column(Text, server_default="waiting")
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(MOMENT)
    reason: Mapped[str] = mapped_column(Text, server_default="")


class SenderQuestion(Base):
    """What a moderator asks whoever sent something in, and what they answer, once."""

    __tablename__ = "sender_questions"
    __table_args__ = (
        CheckConstraint(one_of("subject", *Subject), name="subject"),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answered"),
        Index("ix_sender_questions_record", "subject", "subject_id", "suggestion_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    suggestion_id: Mapped[int | None] = mapped_column(
        ForeignKey(Suggestion.id, ondelete="CASCADE"), index=True, comment="null: of an addition"
    )
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    question: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime] = mapped_column(MOMENT)
    answer: Mapped[str] = mapped_column(Text, server_default="")
    answered_at: Mapped[datetime | None] = mapped_column(MOMENT)
