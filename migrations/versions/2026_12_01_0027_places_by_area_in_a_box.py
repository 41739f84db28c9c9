"""Places of which only the area is told, found by the box of a tile."""

from alembic import op

revision = "2026_12_01_0027"
down_revision = "2026_12_01_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index them; without this a tile goes through all of them wherever they are."""
    op.create_index(
        "ix_site_points_area_box",
        "site_points",
        ["category_id", "location"],
        postgresql_using="gist",
        postgresql_where="is_area",
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_site_points_area_box", "site_points")
