"""Where a lookup row comes from: its file, or worked out, and how."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_0003"
down_revision = "2026_11_23_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; every row so far comes from a file."""
    op.add_column(
        "area_lookups",
        sa.Column(
            "method",
            sa.Text(),
            nullable=True,
            comment="how it was worked out; null: as published",
        ),
    )


def downgrade() -> None:
    """Drop the column; the pack can be loaded again."""
    op.drop_column("area_lookups", "method")
