"""The place's own coordinate system, which distances are measured in."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_0022"
down_revision = "2026_11_30_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled from the pack that is loaded."""
    op.add_column(
        "customs",
        sa.Column(
            "projected_crs",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="in metres; distances are measured in it; empty: not known",
        ),
    )
    # How the place reckons has not changed: what strangers see need not be worked out anew.
    op.execute("ALTER TABLE customs DISABLE TRIGGER queue_all_public")
    op.execute(
        "UPDATE customs SET projected_crs = coalesce(manifest ->> 'projected_crs', '') FROM packs"
    )
    op.execute("ALTER TABLE customs ENABLE TRIGGER queue_all_public")


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("customs", "projected_crs")
