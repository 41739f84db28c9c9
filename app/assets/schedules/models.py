"""The tables of schedules. Schedules never change: sites with the same hours share one."""

from datetime import date, time

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Time,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

SAYS = "says IN ('open', 'closed', 'not stated')"
HOURS = (
    "(opens IS NOT NULL OR closes IS NULL) AND (closes IS NULL) = (closes_days_later IS NULL)"
    " AND (closes IS NULL OR closes_days_later = 2 AND closes = '00:00'"
    " OR closes_days_later = 1 OR closes_days_later = 0 AND closes > opens)"
)
"""An end needs a start, lies after it, and at the latest at the end of the following day."""
BYDAY = r"array_to_string(byday, ' ') ~ '^((-?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)( |$))*$'"


class KeptSchedule(Base):
    """One content of a schedule, for all sites that have it."""

    __tablename__ = "schedules"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="hash"),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    hash: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="SHA-256 of the canonical JSON"
    )
    opening_hours: Mapped[str | None] = mapped_column(
        Text, comment="as OpenStreetMap writes it; null where it has no words for it"
    )
    words: Mapped[str | None] = mapped_column(Text, comment="as given, where it could not be read")
    comment: Mapped[str | None] = mapped_column(Text)


class KeptRule(Base):
    """One recurrence with one stretch of the day; the parts of RFC 5545 under their names."""

    __tablename__ = "schedule_rules"
    __table_args__ = (
        CheckConstraint("freq IN ('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')", name="freq"),
        CheckConstraint("interval BETWEEN 1 AND 366", name="interval"),
        CheckConstraint(BYDAY, name="byday"),
        CheckConstraint(
            "-31 <= ALL (bymonthday) AND 31 >= ALL (bymonthday) AND 0 <> ALL (bymonthday)",
            name="bymonthday",
        ),
        CheckConstraint("1 <= ALL (bymonth) AND 12 >= ALL (bymonth)", name="bymonth"),
        CheckConstraint("1 <= ALL (weeks) AND 53 >= ALL (weeks)", name="weeks"),
        CheckConstraint("count IS NULL OR count >= 1 AND until IS NULL", name="count"),
        CheckConstraint("until >= dtstart", name="until"),
        CheckConstraint("dtstart IS NOT NULL OR interval = 1 AND count IS NULL", name="dtstart"),
        CheckConstraint("valid_to >= valid_from", name="valid_to"),
        CheckConstraint(
            "(season_first IS NULL) = (season_last IS NULL)"
            " AND season_first ~ '^[01][0-9]-[0-3][0-9]$'"
            " AND season_last ~ '^[01][0-9]-[0-3][0-9]$'",
            name="season",
        ),
        CheckConstraint(HOURS, name="hours"),
        CheckConstraint("NOT open_ended OR closes IS NOT NULL AND says <> 'closed'", name="ended"),
        CheckConstraint(SAYS, name="says"),
        CheckConstraint("joins IN ('instead', 'also', 'otherwise')", name="joins"),
        CheckConstraint("public_holidays IN ('as usual', 'only', 'not')", name="public_holidays"),
        CheckConstraint("terms IN ('any', 'term only', 'holidays only')", name="terms"),
    )

    schedule_id: Mapped[int] = mapped_column(
        ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    freq: Mapped[str] = mapped_column(Text)
    interval: Mapped[int] = mapped_column(SmallInteger)
    byday: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="MO, 1MO, -1FR")
    bymonthday: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    bymonth: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    weeks: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), comment="BYWEEKNO, ISO 8601")
    dtstart: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    count: Mapped[int | None] = mapped_column(SmallInteger)
    season_first: Mapped[str | None] = mapped_column(Text, comment="month and day, 12-24")
    season_last: Mapped[str | None] = mapped_column(Text, comment="month and day, included")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    opens: Mapped[time | None] = mapped_column(Time, comment="null: the whole day")
    closes: Mapped[time | None] = mapped_column(
        Time, comment="null beside a start: the end is not stated"
    )
    closes_days_later: Mapped[int | None] = mapped_column(
        SmallInteger, comment="midnights between start and end"
    )
    open_ended: Mapped[bool] = mapped_column(comment="it may go on after the end")
    says: Mapped[str] = mapped_column(Text)
    joins: Mapped[str] = mapped_column(Text, comment="how it joins the rules before it")
    public_holidays: Mapped[str] = mapped_column(Text)
    terms: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)


class KeptException(Base):
    """Dates that differ from the rules."""

    __tablename__ = "schedule_exceptions"
    __table_args__ = (
        CheckConstraint("last_date >= first_date", name="last_date"),
        CheckConstraint(HOURS, name="hours"),
        CheckConstraint(SAYS, name="says"),
        CheckConstraint("says <> 'closed' OR opens IS NULL", name="closed"),
    )

    schedule_id: Mapped[int] = mapped_column(
        ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    first_date: Mapped[date] = mapped_column(Date)
    last_date: Mapped[date] = mapped_column(Date, comment="included")
    opens: Mapped[time | None] = mapped_column(Time, comment="null: the whole day")
    closes: Mapped[time | None] = mapped_column(
        Time, comment="null beside a start: the end is not stated"
    )
    closes_days_later: Mapped[int | None] = mapped_column(
        SmallInteger, comment="midnights between start and end"
    )
    says: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
