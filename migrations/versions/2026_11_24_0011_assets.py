"""Assets and their sites."""

revision = "2026_11_24_0011"
down_revision = "2026_11_24_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the title names."""


def downgrade() -> None:
    """Remove it."""
