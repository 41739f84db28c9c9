"""What people suggest and report, for moderators to decide about."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_0021"
down_revision = "2026_11_30_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table. The role of strangers gets no right to it."""
    op.create_table(
        "suggestions", *describe_what_is_sent(), *describe_sender_and_decision(), *describe_rules()
    )
    op.create_index(
        "ix_suggestions_waiting",
        "suggestions",
        ["created_at", "id"],
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index(op.f("ix_suggestions_person_id"), "suggestions", ["person_id"])


def describe_what_is_sent() -> list[sa.Column[Any]]:
    """Return the columns of what somebody sends."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("once", sa.Uuid(), nullable=False, comment="of the form it came with"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.Uuid(), nullable=True, comment="public id of the site it is about"),
        sa.Column(
            "answers",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what the sender would have, by question",
        ),
        sa.Column(
            "seen",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="hash of what stood there before them, by question",
        ),
        sa.Column("revision", sa.Integer(), nullable=False, comment="that it was made on"),
        sa.Column(
            "saw_private", sa.Boolean(), nullable=False, comment="false: only what everybody may"
        ),
    ]


def describe_sender_and_decision() -> list[sa.Column[Any]]:
    """Return the columns of who sends it, and of what becomes of it."""
    return [
        sa.Column("note", sa.Text(), nullable=False, comment="in the words of the sender"),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True, comment="of a stranger who wants to hear"),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
    ]


def describe_rules() -> list[sa.Constraint]:
    """Return the constraints."""
    return [
        sa.CheckConstraint(
            "kind IN ('change', 'still right', 'wrong')", name=op.f("ck_suggestions_kind")
        ),
        sa.CheckConstraint(
            "subject IN ('organisation', 'asset')", name=op.f("ck_suggestions_subject")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'accepted', 'rejected')", name=op.f("ck_suggestions_status")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_suggestions_decided")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_suggestions_person_id_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
            name=op.f("fk_suggestions_decided_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suggestions_public_id")),
        sa.UniqueConstraint("once", name=op.f("uq_suggestions_once")),
    ]


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("suggestions")
