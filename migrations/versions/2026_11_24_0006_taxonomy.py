"""Categories and their broader terms."""

revision = "2026_11_24_0006"
down_revision = "2026_11_24_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the title names."""


def downgrade() -> None:
    """Remove it."""
