"""Shapes of areas as tiles are cut from them, thinned for each zoom."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from app.geo.crs import WEB_MERCATOR, WGS84

revision = "2026_11_29_0016"
down_revision = "2026_11_24_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and what is said of a set and of a name."""
    op.create_table(
        "area_shapes",
        sa.Column("boundary_set_id", sa.Integer(), nullable=False),
        sa.Column("to_zoom", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("gid", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "shape",
            Geometry("MULTIPOLYGON", srid=WEB_MERCATOR, spatial_index=False),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["boundary_set_id"],
            ["boundary_sets.id"],
            name=op.f("fk_area_shapes_boundary_set_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("boundary_set_id", "to_zoom", "gid", name=op.f("pk_area_shapes")),
    )
    op.create_index(
        "ix_area_shapes_shape",
        "area_shapes",
        ["boundary_set_id", "to_zoom", "shape"],
        postgresql_using="gist",
    )
    add_columns()
    op.execute("GRANT SELECT ON area_shapes TO hereabouts_public")
    # Shapes are made when a place is loaded, so the one that is there is loaded again.
    op.execute("UPDATE packs SET checksum = ''")


def add_columns() -> None:
    """Add columns to tables that may have rows; the next load says what is true of them."""
    comments = {
        "first_zoom": "of map tiles: farther away larger areas are drawn, if there are any",
        "named_zoom": "of map tiles: from here on there is room for names",
    }
    for name, comment in comments.items():
        column = sa.Column(
            name, sa.SmallInteger(), nullable=False, server_default="0", comment=comment
        )
        op.add_column("boundary_sets", column)
        op.alter_column("boundary_sets", name, server_default=None)
    drawn: sa.Column[list[int]] = sa.Column(
        "drawn_zooms",
        postgresql.ARRAY(sa.SmallInteger()),
        nullable=False,
        server_default="{}",
        comment="zooms up to which each kept thinning of the shapes is drawn",
    )
    op.add_column("boundary_sets", drawn)
    op.alter_column("boundary_sets", "drawn_zooms", server_default=None)
    point = sa.Column(
        "name_point",
        Geometry("POINT", srid=WGS84, spatial_index=False),
        comment="inside, where its name stands",
    )
    op.add_column("areas", point)
    op.execute("UPDATE areas SET name_point = ST_PointOnSurface(boundary)")
    op.alter_column("areas", "name_point", nullable=False)
    op.create_index(
        "ix_areas_name_point",
        "areas",
        ["boundary_set_id", "name_point"],
        postgresql_using="gist",
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_areas_name_point", "areas")
    op.drop_column("areas", "name_point")
    for name in ("drawn_zooms", "named_zoom", "first_zoom"):
        op.drop_column("boundary_sets", name)
    op.drop_table("area_shapes")
