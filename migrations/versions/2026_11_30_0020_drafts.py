"""Drafts of what people add, and who wants to hear what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_0020"
down_revision = "2026_11_29_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the role of strangers gets no right to either."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "holder",
            sa.LargeBinary(),
            nullable=False,
            comment="hash of what the cookie of the browser holds",
        ),
        sa.Column(
            "answers",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as typed; empty once sent",
        ),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_id", sa.Uuid(), nullable=True, comment="of the asset it became"),
        sa.Column("sent_status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_drafts_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    for column in ("person_id", "holder", "updated_at"):
        op.create_index(op.f(f"ix_drafts_{column}"), "drafts", [column], unique=False)
    op.create_table(
        "submission_contacts",
        sa.Column("subject", sa.Text(collation="C"), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("subject", "subject_id", name=op.f("pk_submission_contacts")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("submission_contacts")
    op.drop_table("drafts")
