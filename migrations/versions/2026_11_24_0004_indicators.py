"""Indicators, their series and values, and what the place is compared with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_0004"
down_revision = "2026_11_24_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    create_indicators()
    create_indicator_series()
    create_indicator_values()
    create_indicator_comparators()


def create_indicators() -> None:
    """Create the table `indicators`."""
    op.create_table(
        "indicators",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column(
            "decimals", sa.SmallInteger(), nullable=False, comment="how many are worth showing"
        ),
        sa.Column(
            "aggregate", sa.Text(), nullable=False, comment="how larger areas are worked out"
        ),
        sa.Column("denominator", sa.Text(), nullable=True, comment="in words"),
        sa.Column(
            "scale",
            sa.Double(),
            nullable=False,
            comment="value = scale * numerator / denominator",
        ),
        sa.Column(
            "ranks",
            sa.Text(collation="C"),
            nullable=True,
            comment="the indicator that it is the rank of",
        ),
        *describe_origin(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "refusals",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="larger kinds of area it cannot be worked out for, each with the reason",
        ),
        *describe_choices(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("code", name=op.f("uq_indicators_code")),
    )


def create_indicator_series() -> None:
    """Create the table `indicator_series`."""
    op.create_table(
        "indicator_series",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("boundary_set_id", sa.Integer(), nullable=False),
        *describe_group(),
        sa.Column(
            "method",
            sa.Text(),
            nullable=True,
            comment="how it was worked out; null: as published",
        ),
        sa.Column(
            "value_count",
            sa.Integer(),
            nullable=False,
            comment="areas of the study area with one",
        ),
        sa.Column("missing_count", sa.Integer(), nullable=False),
        sa.Column("suppressed_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicators.id"],
            name=op.f("fk_indicator_series_indicator_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["boundary_set_id"],
            ["boundary_sets.id"],
            name=op.f("fk_indicator_series_boundary_set_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_series")),
        sa.UniqueConstraint(
            "indicator_id",
            "boundary_set_id",
            "period",
            "sex",
            "age",
            name=op.f("uq_indicator_series_indicator_id_boundary_set_id_period_sex_age"),
        ),
    )
    op.create_index(
        op.f("ix_indicator_series_boundary_set_id"), "indicator_series", ["boundary_set_id"]
    )


def create_indicator_values() -> None:
    """Create the table `indicator_values`."""
    op.create_table(
        "indicator_values",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "gid",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="of the area in its boundary set",
        ),
        *describe_amounts(),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="empty, suppressed, missing, or other words",
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("series_id", "gid", name=op.f("pk_indicator_values")),
    )


def create_indicator_comparators() -> None:
    """Create the table `indicator_comparators`."""
    op.create_table(
        "indicator_comparators",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        *describe_group(),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *describe_amounts(),
        sa.Column(
            "method",
            sa.Text(),
            nullable=True,
            comment="how it was worked out; null: as published",
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicators.id"],
            name=op.f("fk_indicator_comparators_indicator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_comparators")),
        sa.UniqueConstraint(
            "indicator_id",
            "period",
            "sex",
            "age",
            "code",
            name=op.f("uq_indicator_comparators_indicator_id_period_sex_age_code"),
        ),
    )


def describe_choices() -> list[sa.CheckConstraint]:
    """Return what words some columns may hold."""
    return [
        sa.CheckConstraint(
            "measure IN ('score', 'rank', 'decile', 'count', 'share', 'rate', 'index', 'other')",
            name=op.f("ck_indicators_measure"),
        ),
        sa.CheckConstraint(
            "polarity IN ('high is bad', 'high is good', 'neither')",
            name=op.f("ck_indicators_polarity"),
        ),
        sa.CheckConstraint(
            "aggregate IN ('mean', 'sum', 'rank', 'decile', 'none')",
            name=op.f("ck_indicators_aggregate"),
        ),
    ]


def describe_origin() -> list[sa.Column[str]]:
    """Return the columns that say whose the numbers are."""
    return [
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("licence_url", sa.Text(), nullable=True),
        sa.Column("vintage", sa.Text(), nullable=False),
    ]


def describe_group() -> list[sa.Column[str]]:
    """Return the columns that say when, and for whom."""
    return [
        sa.Column("period", sa.Text(), nullable=False, comment="as published"),
        sa.Column("period_sort", sa.Text(collation="C"), nullable=False, comment="sorts by time"),
        sa.Column("sex", sa.Text(), nullable=False, comment="empty: everybody"),
        sa.Column("age", sa.Text(), nullable=False, comment="empty: all ages"),
    ]


def describe_amounts() -> list[sa.Column[float]]:
    """Return the columns of a value and its limits."""
    return [
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("lower", sa.Double(), nullable=True),
        sa.Column("upper", sa.Double(), nullable=True),
    ]


def downgrade() -> None:
    """Drop the tables; the pack can be loaded again."""
    for table in (
        "indicator_comparators",
        "indicator_values",
        "indicator_series",
        "indicators",
    ):
        op.drop_table(table)
