"""Organisations, their identifiers, addresses and contacts."""

revision = "2026_11_24_0009"
down_revision = "2026_11_24_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the title names."""


def downgrade() -> None:
    """Remove it."""
