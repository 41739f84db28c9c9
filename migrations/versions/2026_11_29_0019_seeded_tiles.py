"""Tiles of areas made beforehand."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_0019"
down_revision = "2026_11_29_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "seeded_tiles",
        sa.Column("layer", sa.Text(collation="C"), nullable=False),
        sa.Column("zoom", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("x", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("y", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="compressed by gzip; empty: nothing",
        ),
        sa.PrimaryKeyConstraint("layer", "zoom", "x", "y", name=op.f("pk_seeded_tiles")),
        prefixes=["UNLOGGED"],
    )
    op.execute("GRANT SELECT ON seeded_tiles TO hereabouts_public")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("seeded_tiles")
