"""When a site is open: schedules, their rules and exceptions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_0010"
down_revision = "2026_11_24_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    create_schedules()
    create_schedule_rules()
    create_schedule_exceptions()


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in (
        "schedule_exceptions",
        "schedule_rules",
        "schedules",
    ):
        op.drop_table(table)


def create_schedules() -> None:
    """Create the table `schedules`."""
    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the canonical JSON"
        ),
        sa.Column(
            "opening_hours",
            sa.Text(),
            nullable=True,
            comment="as OpenStreetMap writes it; null where it has no words for it",
        ),
        sa.Column(
            "words", sa.Text(), nullable=True, comment="as given, where it could not be read"
        ),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_schedules_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("hash", name=op.f("uq_schedules_hash")),
    )


def create_schedule_rules() -> None:
    """Create the table `schedule_rules`."""
    op.create_table(
        "schedule_rules",
        *list_schedule_rules_columns(),
        *list_schedule_rules_rules_first(),
        *list_schedule_rules_rules_last(),
    )


def create_schedule_exceptions() -> None:
    """Create the table `schedule_exceptions`."""
    op.create_table(
        "schedule_exceptions",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False, comment="included"),
        sa.Column("opens", sa.Time(), nullable=True, comment="null: the whole day"),
        sa.Column(
            "closes", sa.Time(), nullable=True, comment="null beside a start: the end is not stated"
        ),
        sa.Column(
            "closes_days_later",
            sa.SmallInteger(),
            nullable=True,
            comment="midnights between start and end",
        ),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(opens IS NOT NULL OR closes IS NULL)"
            " AND (closes IS NULL) = (closes_days_later IS NULL)"
            " AND (closes IS NULL OR closes_days_later = 2 AND closes = '00:00'"
            " OR closes_days_later = 1 OR closes_days_later = 0 AND closes > opens)",
            name=op.f("ck_schedule_exceptions_hours"),
        ),
        sa.CheckConstraint(
            "says <> 'closed' OR opens IS NULL", name=op.f("ck_schedule_exceptions_closed")
        ),
        sa.CheckConstraint(
            "says IN ('open', 'closed', 'not stated')", name=op.f("ck_schedule_exceptions_says")
        ),
        sa.CheckConstraint(
            "last_date >= first_date", name=op.f("ck_schedule_exceptions_last_date")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedules.id"],
            name=op.f("fk_schedule_exceptions_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("schedule_id", "position", name=op.f("pk_schedule_exceptions")),
    )


def list_schedule_rules_columns() -> list[sa.Column[Any]]:
    """Return columns of `schedule_rules`."""
    return [
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("freq", sa.Text(), nullable=False),
        sa.Column("interval", sa.SmallInteger(), nullable=False),
        sa.Column("byday", sa.ARRAY(sa.Text()), nullable=False, comment="MO, 1MO, -1FR"),
        sa.Column("bymonthday", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("bymonth", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column(
            "weeks", sa.ARRAY(sa.SmallInteger()), nullable=False, comment="BYWEEKNO, ISO 8601"
        ),
        sa.Column("dtstart", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("count", sa.SmallInteger(), nullable=True),
        sa.Column("season_first", sa.Text(), nullable=True, comment="month and day, 12-24"),
        sa.Column("season_last", sa.Text(), nullable=True, comment="month and day, included"),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("opens", sa.Time(), nullable=True, comment="null: the whole day"),
        sa.Column(
            "closes", sa.Time(), nullable=True, comment="null beside a start: the end is not stated"
        ),
        sa.Column(
            "closes_days_later",
            sa.SmallInteger(),
            nullable=True,
            comment="midnights between start and end",
        ),
        sa.Column("open_ended", sa.Boolean(), nullable=False, comment="it may go on after the end"),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("joins", sa.Text(), nullable=False, comment="how it joins the rules before it"),
        sa.Column("public_holidays", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
    ]


def list_schedule_rules_rules_first() -> list[sa.Constraint]:
    """Return rules of `schedule_rules`."""
    return [
        sa.CheckConstraint(
            "(opens IS NOT NULL OR closes IS NULL)"
            " AND (closes IS NULL) = (closes_days_later IS NULL)"
            " AND (closes IS NULL OR closes_days_later = 2 AND closes = '00:00'"
            " OR closes_days_later = 1 OR closes_days_later = 0 AND closes > opens)",
            name=op.f("ck_schedule_rules_hours"),
        ),
        sa.CheckConstraint(
            "(season_first IS NULL) = (season_last IS NULL)"
            " AND season_first ~ '^[01][0-9]-[0-3][0-9]$'"
            " AND season_last ~ '^[01][0-9]-[0-3][0-9]$'",
            name=op.f("ck_schedule_rules_season"),
        ),
        sa.CheckConstraint(
            "NOT open_ended OR closes IS NOT NULL AND says <> 'closed'",
            name=op.f("ck_schedule_rules_ended"),
        ),
        sa.CheckConstraint(
            "array_to_string(byday, ' ') ~ '^((-?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)( |$))*$'",
            name=op.f("ck_schedule_rules_byday"),
        ),
        sa.CheckConstraint(
            "freq IN ('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')", name=op.f("ck_schedule_rules_freq")
        ),
        sa.CheckConstraint(
            "joins IN ('instead', 'also', 'otherwise')", name=op.f("ck_schedule_rules_joins")
        ),
        sa.CheckConstraint(
            "public_holidays IN ('as usual', 'only', 'not')",
            name=op.f("ck_schedule_rules_public_holidays"),
        ),
        sa.CheckConstraint(
            "says IN ('open', 'closed', 'not stated')", name=op.f("ck_schedule_rules_says")
        ),
        sa.CheckConstraint(
            "terms IN ('any', 'term only', 'holidays only')", name=op.f("ck_schedule_rules_terms")
        ),
        sa.CheckConstraint(
            "-31 <= ALL (bymonthday) AND 31 >= ALL (bymonthday) AND 0 <> ALL (bymonthday)",
            name=op.f("ck_schedule_rules_bymonthday"),
        ),
    ]


def list_schedule_rules_rules_last() -> list[sa.Constraint]:
    """Return rules of `schedule_rules`."""
    return [
        sa.CheckConstraint(
            "1 <= ALL (bymonth) AND 12 >= ALL (bymonth)", name=op.f("ck_schedule_rules_bymonth")
        ),
        sa.CheckConstraint(
            "1 <= ALL (weeks) AND 53 >= ALL (weeks)", name=op.f("ck_schedule_rules_weeks")
        ),
        sa.CheckConstraint(
            "count IS NULL OR count >= 1 AND until IS NULL", name=op.f("ck_schedule_rules_count")
        ),
        sa.CheckConstraint(
            "dtstart IS NOT NULL OR interval = 1 AND count IS NULL",
            name=op.f("ck_schedule_rules_dtstart"),
        ),
        sa.CheckConstraint("interval BETWEEN 1 AND 366", name=op.f("ck_schedule_rules_interval")),
        sa.CheckConstraint("until >= dtstart", name=op.f("ck_schedule_rules_until")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_schedule_rules_valid_to")),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedules.id"],
            name=op.f("fk_schedule_rules_schedule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("schedule_id", "position", name=op.f("pk_schedule_rules")),
    ]
