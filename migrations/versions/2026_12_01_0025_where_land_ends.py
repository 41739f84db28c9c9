"""Where the sea is, so that an analysis can tell a coast from where the data stop."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_12_01_0025"
down_revision = "2026_12_01_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a pack that is loaded has not said yet."""
    op.add_column(
        "customs",
        sa.Column(
            "sea",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="rings of longitudes and latitudes that cover it; null: not known",
        ),
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("customs", "sea")
