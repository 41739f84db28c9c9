"""What strangers find assets by: public points, areas and words; and the customs of the place."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_0012"
down_revision = "2026_11_24_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    create_site_points()
    create_site_areas()
    create_asset_words()
    create_customs()


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in (
        "customs",
        "asset_words",
        "site_areas",
        "site_points",
    ):
        op.drop_table(table)


def create_site_points() -> None:
    """Create the table `site_points`."""
    op.create_table(
        "site_points",
        *list_site_points_columns(),
        *list_site_points_rules(),
    )
    op.create_index(
        "ix_site_points_area",
        "site_points",
        [sa.literal_column("category_id"), sa.literal_column("geography(location)")],
        unique=False,
        postgresql_using="gist",
        postgresql_where="is_area",
    )
    op.create_index(
        "ix_site_points_asset_id_category_id",
        "site_points",
        ["asset_id", "category_id"],
        unique=False,
    )
    op.create_index(
        "ix_site_points_box",
        "site_points",
        [sa.literal_column("category_id"), sa.literal_column("location")],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index(
        "ix_site_points_measured",
        "site_points",
        [sa.literal_column("category_id"), sa.literal_column("geography(location)")],
        unique=False,
        postgresql_using="gist",
        postgresql_where="NOT is_area",
    )


def create_site_areas() -> None:
    """Create the table `site_areas`."""
    op.create_table(
        "site_areas",
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["areas.id"], name=op.f("fk_site_areas_area_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["asset_sites.id"], name=op.f("fk_site_areas_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("area_id", "site_id", name=op.f("pk_site_areas")),
    )
    op.create_index("ix_site_areas_site_id", "site_areas", ["site_id"], unique=False)


def create_asset_words() -> None:
    """Create the table `asset_words`."""
    op.create_table(
        "asset_words",
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "name",
            sa.Text(collation="C"),
            nullable=False,
            comment="small letters without accents",
        ),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_asset_words_asset_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_asset_words")),
    )
    op.create_index(
        "ix_asset_words_name",
        "asset_words",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_asset_words_name_asset_id", "asset_words", ["name", "asset_id"], unique=False
    )
    op.create_index(
        "ix_asset_words_words", "asset_words", ["words"], unique=False, postgresql_using="gin"
    )


def list_site_points_columns() -> list[sa.Column[Any]]:
    """Return columns of `site_points`."""
    return [
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "is_area", sa.Boolean(), nullable=False, comment="the point stands for a whole area"
        ),
        sa.Column(
            "location",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="of its site"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="of its site"),
    ]


def list_site_points_rules() -> list[sa.Constraint]:
    """Return rules of `site_points`."""
    return [
        sa.ForeignKeyConstraint(
            ["site_id"], ["asset_sites.id"], name=op.f("fk_site_points_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("category_id", "site_id", name=op.f("pk_site_points")),
    ]


def create_customs() -> None:
    """Create the table `customs`."""
    op.create_table(
        "customs",
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False, comment="of wall clocks that state none"),
        sa.Column(
            "languages",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="the main one first",
        ),
        sa.Column(
            "country", sa.Text(), nullable=False, comment="whose public holidays; empty: not known"
        ),
        sa.Column(
            "subdivision",
            sa.Text(),
            nullable=False,
            comment="the part of it with its own holidays",
        ),
        sa.Column("currency", sa.Text(), nullable=False, comment="of prices; empty: not known"),
        sa.Column(
            "school_terms",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="first and last days",
        ),
        sa.CheckConstraint("is_current", name=op.f("ck_customs_one_row")),
        sa.PrimaryKeyConstraint("is_current", name=op.f("pk_customs")),
    )
