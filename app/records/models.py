"""What is kept about every organisation and asset; both are named by kind and number."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Person
from app.core.database import Base
from app.records.vocabulary import Aspect, Method, Subject


def one_of(column: str, *words: str) -> str:
    """Return SQL that says which words a column may hold."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class RecordSource(Base):
    """Where a record comes from: one main source, and others that hold the same thing."""

    __tablename__ = "record_sources"
    __table_args__ = (
        UniqueConstraint("subject", "source", "source_id"),
        Index("ix_record_sources_subject_id", "subject_id", "subject"),
        Index(
            "uq_record_sources_main",
            "subject",
            "subject_id",
            unique=True,
            postgresql_where="reason IS NULL",
        ),
        CheckConstraint(one_of("subject", *Subject), name="subject"),
        CheckConstraint(one_of("method", *Method), name="method"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(Text, comment="its identifier there")
    reference: Mapped[Any | None] = mapped_column(
        Uuid, unique=True, comment="worked out from the three before it; what files refer to"
    )
    licence: Mapped[str | None] = mapped_column(Text, comment="null: none is stated")
    method: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(
        Text, comment="why this other row is the same thing; null: the main source"
    )
    imported: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="the document as the source last had it"
    )
    collection: Mapped[str] = mapped_column(
        Text, server_default="", comment="what it was imported with, such as pack:demo"
    )


class Revision(Base):
    """A kept version of a record, private details included."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("subject_id", "subject", "number"),
        CheckConstraint(one_of("subject", *Subject), name="subject"),
        CheckConstraint(one_of("method", *Method), name="method"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer, comment="1, 2, 3 ... of this record")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(Text, comment="who, in words, as known then")
    method: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text, comment="what happened, in words")
    note: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, comment="how the record stood afterwards")
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="fields that changed")


class Assertion(Base):
    """That somebody found a record still right, or not, in one respect, on a day."""

    __tablename__ = "assertions"
    __table_args__ = (
        Index("ix_assertions_newest", "subject_id", "subject", "aspect", "asserted_on", "id"),
        CheckConstraint(one_of("subject", *Subject), name="subject"),
        CheckConstraint(one_of("aspect", *Aspect), name="aspect"),
        CheckConstraint(one_of("method", *Method), name="method"),
        CheckConstraint("holds_until >= asserted_on", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    aspect: Mapped[str] = mapped_column(Text)
    is_right: Mapped[bool] = mapped_column(comment="false: it was found to be wrong")
    asserted_on: Mapped[date] = mapped_column(Date)
    holds_until: Mapped[date | None] = mapped_column(Date, comment="null: nobody said")
    method: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Takedown(Base):
    """That something of a source must not be shown again, however often it is imported."""

    __tablename__ = "takedowns"
    __table_args__ = (
        UniqueConstraint("subject", "source", "source_id"),
        CheckConstraint(one_of("subject", *Subject), name="subject"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str] = mapped_column(Text)
    public_id: Mapped[Any] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))


class PublicQueue(Base):
    """What the database has to look at again before the transaction ends; else always empty."""

    __tablename__ = "public_queue"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - read by SQLAlchemy only

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
