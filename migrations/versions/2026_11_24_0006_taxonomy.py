"""Categories and their broader terms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_0006"
down_revision = "2026_11_24_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the next load of a pack, also of an unchanged one, fills them."""
    create_categories()
    create_category_closure()


def create_categories() -> None:
    """Create the table `categories`."""
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("synonyms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("broader_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False, comment="in the tables; from 1"),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False, comment="token of the style sheet"),
        *describe_demand(),
        sa.Column(
            "translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="language to name, description, synonyms",
        ),
        sa.Column("open_eligibility", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("esd", postgresql.ARRAY(sa.Text()), nullable=False, comment="LGSL numbers"),
        sa.Column("osm_tags", postgresql.ARRAY(sa.Text()), nullable=False, comment="key=value"),
        sa.Column(
            "is_retired",
            sa.Boolean(),
            nullable=False,
            comment="no table has it any more; assets may still carry it",
        ),
        *describe_limits(),
        sa.ForeignKeyConstraint(
            ["broader_id"], ["categories.id"], name=op.f("fk_categories_broader_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("code", name=op.f("uq_categories_code")),
    )
    op.create_index(op.f("ix_categories_broader_id"), "categories", ["broader_id"])


def describe_demand() -> list[sa.Column[int] | sa.Column[str]]:
    """Return the columns of who a category is for, how far, and how long facts of it hold."""
    return [
        sa.Column("demand_from_age", sa.SmallInteger(), nullable=True, comment="null: no limit"),
        sa.Column(
            "demand_to_age", sa.SmallInteger(), nullable=True, comment="included; null: no limit"
        ),
        sa.Column(
            "demand_words",
            sa.Text(),
            nullable=False,
            comment="empty: everybody of these ages",
        ),
        sa.Column("catchment_m", sa.Integer(), nullable=False, comment="in a straight line"),
        sa.Column("capacity_unit", sa.Text(), nullable=False),
        sa.Column(
            "confirm_months",
            sa.SmallInteger(),
            nullable=False,
            comment="how long what was confirmed holds",
        ),
    ]


def describe_limits() -> list[sa.CheckConstraint]:
    """Return what some columns may hold."""
    return [
        sa.CheckConstraint(
            "shape IN ('house', 'square', 'cross', 'diamond', 'hexagon', 'triangle down', "
            "'triangle up', 'circle')",
            name=op.f("ck_categories_shape"),
        ),
        sa.CheckConstraint("broader_id <> id", name=op.f("ck_categories_broader_other")),
        sa.CheckConstraint(
            "demand_from_age BETWEEN 0 AND 150", name=op.f("ck_categories_demand_from_age")
        ),
        sa.CheckConstraint(
            "demand_to_age BETWEEN coalesce(demand_from_age, 0) AND 150",
            name=op.f("ck_categories_demand_to_age"),
        ),
        sa.CheckConstraint(
            "catchment_m BETWEEN 1 AND 500000", name=op.f("ck_categories_catchment_m")
        ),
        sa.CheckConstraint(
            "confirm_months BETWEEN 1 AND 120", name=op.f("ck_categories_confirm_months")
        ),
    ]


def create_category_closure() -> None:
    """Create the table `category_closure`."""
    op.create_table(
        "category_closure",
        sa.Column("narrower_id", sa.Integer(), nullable=False),
        sa.Column("broader_id", sa.Integer(), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False, comment="steps up; 0: itself"),
        sa.CheckConstraint("depth >= 0", name=op.f("ck_category_closure_depth")),
        sa.ForeignKeyConstraint(
            ["narrower_id"],
            ["categories.id"],
            name=op.f("fk_category_closure_narrower_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["broader_id"],
            ["categories.id"],
            name=op.f("fk_category_closure_broader_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("narrower_id", "broader_id", name=op.f("pk_category_closure")),
    )
    op.create_index(op.f("ix_category_closure_broader_id"), "category_closure", ["broader_id"])


def downgrade() -> None:
    """Drop the tables; the pack can be loaded again."""
    op.drop_table("category_closure")
    op.drop_table("categories")
