"""People, sign-in links, sessions and granted roles."""

revision = "2026_11_24_0007"
down_revision = "2026_11_24_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the title names."""


def downgrade() -> None:
    """Remove it."""
