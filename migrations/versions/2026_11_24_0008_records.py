"""Origins, revisions, assertions and takedowns."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_0008"
down_revision = "2026_11_24_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    create_record_sources()
    create_revisions()
    create_assertions()
    create_takedowns()


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in (
        "takedowns",
        "assertions",
        "revisions",
        "record_sources",
    ):
        op.drop_table(table)


def create_record_sources() -> None:
    """Create the table `record_sources`."""
    op.create_table(
        "record_sources",
        *list_record_sources_columns(),
        *list_record_sources_rules(),
    )
    op.create_index(
        "ix_record_sources_subject_id", "record_sources", ["subject_id", "subject"], unique=False
    )
    op.create_index(
        "uq_record_sources_main",
        "record_sources",
        ["subject", "subject_id"],
        unique=True,
        postgresql_where="reason IS NULL",
    )


def create_revisions() -> None:
    """Create the table `revisions`."""
    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 ... of this record"),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False, comment="who, in words, as known then"),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False, comment="what happened, in words"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, comment="how the record stood afterwards"),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "changed", postgresql.ARRAY(sa.Text()), nullable=False, comment="fields that changed"
        ),
        sa.CheckConstraint(
            "method IN ('visited', 'phoned', 'told by the owner', 'imported', 'typed in')",
            name=op.f("ck_revisions_method"),
        ),
        sa.CheckConstraint(
            "subject IN ('organisation', 'asset')", name=op.f("ck_revisions_subject")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revisions_number_from_one")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_revisions_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint(
            "subject_id", "subject", "number", name=op.f("uq_revisions_subject_id_subject_number")
        ),
    )


def create_assertions() -> None:
    """Create the table `assertions`."""
    op.create_table(
        "assertions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("aspect", sa.Text(), nullable=False),
        sa.Column(
            "is_right", sa.Boolean(), nullable=False, comment="false: it was found to be wrong"
        ),
        sa.Column("asserted_on", sa.Date(), nullable=False),
        sa.Column("holds_until", sa.Date(), nullable=True, comment="null: nobody said"),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "aspect IN ('existence', 'hours', 'contact')", name=op.f("ck_assertions_aspect")
        ),
        sa.CheckConstraint(
            "method IN ('visited', 'phoned', 'told by the owner', 'imported', 'typed in')",
            name=op.f("ck_assertions_method"),
        ),
        sa.CheckConstraint(
            "subject IN ('organisation', 'asset')", name=op.f("ck_assertions_subject")
        ),
        sa.CheckConstraint("holds_until >= asserted_on", name=op.f("ck_assertions_days_in_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assertions_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assertions")),
    )
    op.create_index(
        "ix_assertions_newest",
        "assertions",
        ["subject_id", "subject", "aspect", "asserted_on", "id"],
        unique=False,
    )


def create_takedowns() -> None:
    """Create the table `takedowns`."""
    op.create_table(
        "takedowns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "subject IN ('organisation', 'asset')", name=op.f("ck_takedowns_subject")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_takedowns_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedowns")),
        sa.UniqueConstraint(
            "subject", "source", "source_id", name=op.f("uq_takedowns_subject_source_source_id")
        ),
    )


def list_record_sources_columns() -> list[sa.Column[Any]]:
    """Return columns of `record_sources`."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True, comment="its identifier there"),
        sa.Column(
            "reference",
            sa.Uuid(),
            nullable=True,
            comment="worked out from the three before it; what files refer to",
        ),
        sa.Column("licence", sa.Text(), nullable=True, comment="null: none is stated"),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="why this other row is the same thing; null: the main source",
        ),
        sa.Column(
            "imported",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="the document as the source last had it",
        ),
        sa.Column(
            "collection",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="what it was imported with, such as pack:demo",
        ),
    ]


def list_record_sources_rules() -> list[sa.Constraint]:
    """Return rules of `record_sources`."""
    return [
        sa.CheckConstraint(
            "method IN ('visited', 'phoned', 'told by the owner', 'imported', 'typed in')",
            name=op.f("ck_record_sources_method"),
        ),
        sa.CheckConstraint(
            "subject IN ('organisation', 'asset')", name=op.f("ck_record_sources_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_sources")),
        sa.UniqueConstraint("reference", name=op.f("uq_record_sources_reference")),
        sa.UniqueConstraint(
            "subject",
            "source",
            "source_id",
            name=op.f("uq_record_sources_subject_source_source_id"),
        ),
    ]
