"""When a site is open: schedules and their rules."""

revision = "2026_11_24_0010"
down_revision = "2026_11_24_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the title names."""


def downgrade() -> None:
    """Remove it."""
