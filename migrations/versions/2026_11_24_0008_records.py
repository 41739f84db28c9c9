"""Origins, revisions, assertions and takedowns."""

revision = "2026_11_24_0008"
down_revision = "2026_11_24_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the title names."""


def downgrade() -> None:
    """Remove it."""
