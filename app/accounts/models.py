"""The tables of people, how they sign in, and what they may do."""

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

CODE = Text(collation="C")
MOMENT = DateTime(timezone=True)


class Person(Base):
    """Somebody with an account.

    Erased, a person keeps the row, so that what they did still belongs to somebody, and loses
    name and e-mail address.
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("(email IS NULL) = (erased_at IS NOT NULL)", name="email_unless_erased"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, unique=True, server_default=func.gen_random_uuid()
    )
    email: Mapped[str | None] = mapped_column(
        Text, unique=True, comment="normalised, in lower case; null once erased"
    )
    name: Mapped[str] = mapped_column(Text, server_default="")
    is_active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    last_seen_at: Mapped[datetime | None] = mapped_column(MOMENT)
    erased_at: Mapped[datetime | None] = mapped_column(MOMENT)


class SignInRequest(Base):
    """That a link is to be mailed: work for a job, which blanks the address when it is done."""

    __tablename__ = "sign_in_requests"
    __table_args__ = (CheckConstraint("purpose IN ('sign in', 'invitation')", name="purpose"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(Text, comment="empty once dealt with")
    purpose: Mapped[str] = mapped_column(Text)
    next_path: Mapped[str] = mapped_column(Text)
    languages: Mapped[str] = mapped_column(Text, comment="as in Accept-Language")
    asked_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now(), index=True)
    handled_at: Mapped[datetime | None] = mapped_column(MOMENT)


class LimitedAct(Base):
    """That somebody did something that may be done so often only; forgotten after a day.

    Of them and of what they did, there is only a hash made with the service's secret key.
    """

    __tablename__ = "limited_acts"
    __table_args__ = (Index(None, "who", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    who: Mapped[bytes] = mapped_column(LargeBinary, comment="HMAC-SHA-256 of what and who")
    at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now(), index=True)


class SignInLink(Base):
    """A link that was mailed; of its token only the SHA-256 hash is kept."""

    __tablename__ = "sign_in_links"
    __table_args__ = (CheckConstraint("purpose IN ('sign in', 'invitation')", name="purpose"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    next_path: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(MOMENT)
    used_at: Mapped[datetime | None] = mapped_column(MOMENT)


class SignInSession(Base):
    """A browser or a program that is signed in; of its token only the SHA-256 hash is kept."""

    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    last_used_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(MOMENT, comment="moves with use, up to a limit")
    ended_at: Mapped[datetime | None] = mapped_column(MOMENT)


class RoleGrant(Base):
    """That a person holds a role for an area, or everywhere.

    The area has no boundary year and no foreign key: a grant outlives every reload of the place.
    """

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint(
            "role IN ('contributor', 'organiser', 'moderator', 'coordinator', 'analyst', "
            "'administrator')",
            name="role",
        ),
        CheckConstraint("(area_type IS NULL) = (area_code IS NULL)", name="area_whole"),
        Index(
            "uq_role_grants_live",
            "person_id",
            "role",
            "area_type",
            "area_code",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(Text)
    area_type: Mapped[str | None] = mapped_column(CODE, comment="null: everywhere")
    area_code: Mapped[str | None] = mapped_column(CODE)
    granted_by: Mapped[int | None] = mapped_column(
        ForeignKey("people.id"), comment="null: an operator"
    )
    granted_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    revoked_by: Mapped[int | None] = mapped_column(
        ForeignKey("people.id"), comment="null: an operator, or not revoked"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(MOMENT)
