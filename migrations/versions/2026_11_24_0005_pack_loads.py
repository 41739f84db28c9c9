"""How far each load of a pack is, and how it ended."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_0005"
down_revision = "2026_11_24_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table `pack_loads`."""
    op.create_table(
        "pack_loads",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True, comment="null while nobody knows"),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False, comment="why it failed, in a sentence"),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('running', 'loaded', 'unchanged', 'failed', 'interrupted')",
            name=op.f("ck_pack_loads_outcome_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_loads")),
    )


def downgrade() -> None:
    """Drop the table; nothing else needs it."""
    op.drop_table("pack_loads")
