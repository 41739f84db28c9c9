"""Questions to those who sent something in, and the languages that they read."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_0024"
down_revision = "2026_12_01_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and add the columns. The role of strangers gets no right to them."""
    for table in ("suggestions", "submission_contacts"):
        op.add_column(
            table,
            sa.Column(
                "languages",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="as in Accept-Language",
            ),
        )
    op.create_table("sender_questions", *describe_columns(), *describe_rules())
    op.create_index(
        "ix_sender_questions_record", "sender_questions", ["subject", "subject_id", "suggestion_id"]
    )
    op.create_index(
        op.f("ix_sender_questions_suggestion_id"), "sender_questions", ["suggestion_id"]
    )


def describe_columns() -> list[sa.Column[Any]]:
    """Return the columns of questions."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("suggestion_id", sa.BigInteger(), nullable=True, comment="null: of an addition"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
    ]


def describe_rules() -> list[sa.Constraint]:
    """Return the constraints."""
    return [
        sa.CheckConstraint(
            "subject IN ('organisation', 'asset')", name=op.f("ck_sender_questions_subject")
        ),
        sa.CheckConstraint(
            "(answer = '') = (answered_at IS NULL)", name=op.f("ck_sender_questions_answered")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_sender_questions_suggestion_id_suggestions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["people.id"],
            name=op.f("fk_sender_questions_asked_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_questions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sender_questions_token_hash")),
    ]


def downgrade() -> None:
    """Drop them."""
    op.drop_table("sender_questions")
    for table in ("submission_contacts", "suggestions"):
        op.drop_column(table, "languages")
