"""Areas with their outlines, lookups, people and postcodes, and the pack that is loaded."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from app.geo.crs import WGS84

revision = "2026_11_23_0002"
down_revision = "2026_11_23_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of areas and packs, those that others refer to first."""
    create_area_types()
    create_packs()
    create_postcodes()
    create_backdrops()
    create_boundary_sets()
    create_areas()
    create_area_lookups()
    create_area_parts()
    create_area_populations()


def create_area_types() -> None:
    """Create the table `area_types`."""
    op.create_table(
        "area_types",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("plural", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False, comment="1 is the smallest"),
        sa.Column(
            "is_publishing",
            sa.Boolean(),
            nullable=False,
            comment="the level at which area-only places are shown",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area_types")),
        sa.UniqueConstraint("position", name=op.f("uq_area_types_position")),
    )


def create_packs() -> None:
    """Create the table `packs`."""
    op.create_table(
        "packs",
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "described",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what pages and API say",
        ),
        sa.Column(
            "manifest",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as it was loaded",
        ),
        sa.Column(
            "checksum", sa.Text(), nullable=False, comment="SHA-256 over the manifest and its files"
        ),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("is_current", name=op.f("ck_packs_one_row")),
        sa.PrimaryKeyConstraint("is_current", name=op.f("pk_packs")),
    )


def create_postcodes() -> None:
    """Create the table `postcodes`."""
    op.create_table(
        "postcodes",
        sa.Column(
            "postcode", sa.Text(collation="C"), nullable=False, comment="capitals and digits only"
        ),
        sa.Column("display", sa.Text(), nullable=False, comment="as people write it"),
        sa.Column("location", Geometry("POINT", srid=WGS84, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("postcode", name=op.f("pk_postcodes")),
    )


def create_backdrops() -> None:
    """Create the table `backdrops`."""
    op.create_table(
        "backdrops",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="water or green"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "shape", Geometry("MULTIPOLYGON", srid=WGS84, spatial_index=False), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backdrops")),
    )


def create_boundary_sets() -> None:
    """Create the table `boundary_sets`."""
    op.create_table(
        "boundary_sets",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("area_type", sa.Text(), nullable=False),
        sa.Column("boundary_year", sa.SmallInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="who it comes from",
        ),
        sa.ForeignKeyConstraint(
            ["area_type"],
            ["area_types.code"],
            name=op.f("fk_boundary_sets_area_type"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_sets")),
        sa.UniqueConstraint(
            "area_type", "boundary_year", name=op.f("uq_boundary_sets_area_type_boundary_year")
        ),
    )


def list_area_geometries() -> list[sa.Column[object]]:
    """Return the columns of `areas` with its full and its thinned outline."""
    return [
        sa.Column(
            "boundary", Geometry("MULTIPOLYGON", srid=WGS84, spatial_index=False), nullable=False
        ),
        sa.Column(
            "outline",
            Geometry("MULTIPOLYGON", srid=WGS84, spatial_index=False),
            nullable=False,
            comment="the boundary thinned with its neighbours, for drawing the whole place",
        ),
    ]


def create_areas() -> None:
    """Create the table `areas`."""
    op.create_table(
        "areas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("boundary_set_id", sa.Integer(), nullable=False),
        sa.Column(
            "gid", sa.Integer(), nullable=False, comment="1..n by code in its set, without holes"
        ),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "in_study_area",
            sa.Boolean(),
            nullable=False,
            comment="false: margin, for analysis only",
        ),
        sa.Column("people", sa.Integer(), nullable=True, comment="all ages; null: not known"),
        sa.Column("area_ha", sa.Double(), nullable=False),
        *list_area_geometries(),
        sa.Column("repair", sa.Text(), nullable=True, comment="what was wrong as published"),
        sa.Column("centroid", Geometry("POINT", srid=WGS84, spatial_index=False), nullable=False),
        sa.Column(
            "centroid_method",
            sa.Text(),
            nullable=False,
            comment="population weighted, or point on surface",
        ),
        sa.CheckConstraint("gid >= 1", name=op.f("ck_areas_gid_from_one")),
        sa.ForeignKeyConstraint(
            ["boundary_set_id"],
            ["boundary_sets.id"],
            name=op.f("fk_areas_boundary_set_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
        sa.UniqueConstraint("boundary_set_id", "code", name=op.f("uq_areas_boundary_set_id_code")),
        sa.UniqueConstraint(
            "boundary_set_id",
            "gid",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_areas_boundary_set_id_gid"),
        ),
    )


def create_area_lookups() -> None:
    """Create the table `area_lookups`."""
    op.create_table(
        "area_lookups",
        sa.Column("from_area_id", sa.BigInteger(), nullable=False),
        sa.Column("to_area_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "weight",
            sa.Double(),
            nullable=False,
            comment="share of the people of from_area who are in to_area",
        ),
        sa.Column(
            "change_code",
            sa.Text(),
            nullable=True,
            comment="U unchanged, S split, M merged, X irregular",
        ),
        sa.CheckConstraint(
            "kind IN ('within', 'best fit', 'change')", name=op.f("ck_area_lookups_kind")
        ),
        sa.CheckConstraint("weight BETWEEN 0 AND 1", name=op.f("ck_area_lookups_weight")),
        sa.ForeignKeyConstraint(
            ["from_area_id"],
            ["areas.id"],
            name=op.f("fk_area_lookups_from_area_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_area_id"],
            ["areas.id"],
            name=op.f("fk_area_lookups_to_area_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("from_area_id", "to_area_id", name=op.f("pk_area_lookups")),
    )
    op.create_index("ix_area_lookups_to_area_id", "area_lookups", ["to_area_id"], unique=False)


def create_area_parts() -> None:
    """Create the table `area_parts`."""
    op.create_table(
        "area_parts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("part", Geometry("POLYGON", srid=WGS84, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["areas.id"], name=op.f("fk_area_parts_area_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_parts")),
    )
    op.create_index(op.f("ix_area_parts_area_id"), "area_parts", ["area_id"], unique=False)
    op.create_index(
        "ix_area_parts_part", "area_parts", ["part"], unique=False, postgresql_using="gist"
    )


def create_area_populations() -> None:
    """Create the table `area_populations`."""
    op.create_table(
        "area_populations",
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("age_from", sa.SmallInteger(), nullable=False),
        sa.Column("age_to", sa.SmallInteger(), nullable=True, comment="inclusive; null: and over"),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "age_to IS NULL OR age_to >= age_from", name=op.f("ck_area_populations_age_order")
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_area_populations_people")),
        sa.ForeignKeyConstraint(
            ["area_id"], ["areas.id"], name=op.f("fk_area_populations_area_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("area_id", "age_from", name=op.f("pk_area_populations")),
    )


def downgrade() -> None:
    """Drop them; the pack can be loaded again."""
    op.drop_table("area_populations")
    op.drop_index("ix_area_parts_part", table_name="area_parts", postgresql_using="gist")
    op.drop_index(op.f("ix_area_parts_area_id"), table_name="area_parts")
    op.drop_table("area_parts")
    op.drop_index("ix_area_lookups_to_area_id", table_name="area_lookups")
    op.drop_table("area_lookups")
    op.drop_table("areas")
    op.drop_table("boundary_sets")
    op.drop_table("backdrops")
    op.drop_table("postcodes")
    op.drop_table("packs")
    op.drop_table("area_types")
