"""Assets and their sites."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_0011"
down_revision = "2026_11_24_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    create_assets()
    create_asset_categories()
    create_asset_sites()
    create_site_contacts()
    create_site_served_areas()


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in (
        "site_served_areas",
        "site_contacts",
        "asset_sites",
        "asset_categories",
        "assets",
    ):
        op.drop_table(table)


def create_assets() -> None:
    """Create the table `assets`."""
    op.create_table(
        "assets",
        *list_assets_columns_first(),
        *list_assets_columns_last(),
        *list_assets_rules_first(),
        *list_assets_rules_last(),
    )
    op.create_index(op.f("ix_assets_organisation_id"), "assets", ["organisation_id"], unique=False)


def create_asset_categories() -> None:
    """Create the table `asset_categories`."""
    op.create_table(
        "asset_categories",
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["assets.id"],
            name=op.f("fk_asset_categories_asset_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_asset_categories_category_id")
        ),
        sa.PrimaryKeyConstraint("asset_id", "category_id", name=op.f("pk_asset_categories")),
        sa.UniqueConstraint(
            "asset_id", "position", name=op.f("uq_asset_categories_asset_id_position")
        ),
    )
    op.create_index(
        "ix_asset_categories_category_id", "asset_categories", ["category_id"], unique=False
    )


def create_asset_sites() -> None:
    """Create the table `asset_sites`."""
    op.create_table(
        "asset_sites",
        *list_asset_sites_columns_first(),
        *list_asset_sites_columns_last(),
        *list_asset_sites_rules_first(),
        *list_asset_sites_rules_last(),
    )
    op.create_index("ix_asset_sites_place_id", "asset_sites", ["place_id"], unique=False)
    op.create_index(
        op.f("ix_asset_sites_schedule_id"), "asset_sites", ["schedule_id"], unique=False
    )


def create_site_contacts() -> None:
    """Create the table `site_contacts`."""
    op.create_table(
        "site_contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'email', 'web')", name=op.f("ck_site_contacts_kind")),
        sa.CheckConstraint(
            "visibility IN ('public', 'area only', 'hidden')",
            name=op.f("ck_site_contacts_visibility"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["asset_sites.id"],
            name=op.f("fk_site_contacts_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_contacts")),
        sa.UniqueConstraint("site_id", "position", name=op.f("uq_site_contacts_site_id_position")),
    )


def create_site_served_areas() -> None:
    """Create the table `site_served_areas`."""
    op.create_table(
        "site_served_areas",
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("area_type", sa.Text(collation="C"), nullable=False),
        sa.Column("area_code", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["asset_sites.id"],
            name=op.f("fk_site_served_areas_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "area_type", "area_code", name=op.f("pk_site_served_areas")
        ),
    )
    op.create_index(
        "ix_site_served_areas_area", "site_served_areas", ["area_type", "area_code"], unique=False
    )


def list_assets_columns_first() -> list[sa.Column[Any]]:
    """Return columns of `assets`."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("translations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("min_age", sa.SmallInteger(), nullable=True),
        sa.Column("max_age", sa.SmallInteger(), nullable=True),
        sa.Column("eligibility", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("cost_amount", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("cost_words", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("how_to_join", sa.Text(), nullable=False),
        sa.Column("term_time_only", sa.Text(), nullable=False),
        sa.Column("step_free", sa.Text(), nullable=False),
        sa.Column("accessible_toilet", sa.Text(), nullable=False),
        sa.Column("hearing_loop", sa.Text(), nullable=False),
        sa.Column("parking", sa.Text(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("alert_until", sa.Date(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("findable", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="number of its newest revision"
        ),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    ]


def list_assets_columns_last() -> list[sa.Column[Any]]:
    """Return columns of `assets`."""
    return [
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "public_level",
            sa.Text(),
            server_default="hidden",
            nullable=False,
            comment="what strangers may see; kept by the database",
        ),
        sa.Column(
            "public_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="revisions before it are not public",
        ),
        sa.Column("public_hash", sa.Text(), nullable=True, comment="of what strangers see"),
        sa.Column(
            "public_changed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when that last changed",
        ),
    ]


def list_assets_rules_first() -> list[sa.Constraint]:
    """Return rules of `assets`."""
    return [
        sa.CheckConstraint(
            "accessible_toilet IN ('yes', 'no', 'not stated')",
            name=op.f("ck_assets_accessible_toilet"),
        ),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_assets_named")),
        sa.CheckConstraint(
            "cost IN ('free', 'paid', 'donation', 'not stated')", name=op.f("ck_assets_cost")
        ),
        sa.CheckConstraint(
            "cost_amount IS NULL OR cost = 'paid'", name=op.f("ck_assets_paid_if_amount")
        ),
        sa.CheckConstraint(
            "hearing_loop IN ('yes', 'no', 'not stated')", name=op.f("ck_assets_hearing_loop")
        ),
        sa.CheckConstraint(
            "kind IN ('place', 'activity', 'service', 'resource')", name=op.f("ck_assets_kind")
        ),
        sa.CheckConstraint(
            "parking IN ('yes', 'no', 'not stated')", name=op.f("ck_assets_parking")
        ),
        sa.CheckConstraint(
            "public_level IN ('public', 'area only', 'hidden')", name=op.f("ck_assets_public_level")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'published', 'rejected', 'closed', 'taken down')",
            name=op.f("ck_assets_status"),
        ),
        sa.CheckConstraint(
            "step_free IN ('yes', 'no', 'not stated')", name=op.f("ck_assets_step_free")
        ),
        sa.CheckConstraint(
            "term_time_only IN ('yes', 'no', 'not stated')", name=op.f("ck_assets_term_time_only")
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'area only', 'hidden')", name=op.f("ck_assets_visibility")
        ),
        sa.CheckConstraint("cost_amount >= 0", name=op.f("ck_assets_cost_amount")),
        sa.CheckConstraint("max_age >= min_age", name=op.f("ck_assets_ages_in_order")),
    ]


def list_assets_rules_last() -> list[sa.Constraint]:
    """Return rules of `assets`."""
    return [
        sa.CheckConstraint("max_age BETWEEN 0 AND 120", name=op.f("ck_assets_max_age")),
        sa.CheckConstraint("min_age BETWEEN 0 AND 120", name=op.f("ck_assets_min_age")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_assets_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_assets_organisation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assets_public_id")),
    ]


def list_asset_sites_columns_first() -> list[sa.Column[Any]]:
    """Return columns of `asset_sites`."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column(
            "location",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("schedule_id", sa.Integer(), nullable=True),
        sa.Column("hours_words", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Double(), nullable=True),
        sa.Column("capacity_unit", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("public_level", sa.Text(), server_default="hidden", nullable=False),
    ]


def list_asset_sites_columns_last() -> list[sa.Column[Any]]:
    """Return columns of `asset_sites`."""
    return [
        sa.Column(
            "public_location",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("public_area_id", sa.BigInteger(), nullable=True),
    ]


def list_asset_sites_rules_first() -> list[sa.Constraint]:
    """Return rules of `asset_sites`."""
    return [
        sa.CheckConstraint(
            "(mode = 'place') = (place_id IS NOT NULL)", name=op.f("ck_asset_sites_place_of_place")
        ),
        sa.CheckConstraint(
            "(public_level = 'area only' AND public_location IS NOT NULL)"
            " = (public_area_id IS NOT NULL)",
            name=op.f("ck_asset_sites_area_of_area_only"),
        ),
        sa.CheckConstraint(
            "mode <> 'place' OR location IS NULL",
            name=op.f("ck_asset_sites_place_has_the_location"),
        ),
        sa.CheckConstraint(
            "mode IN ('address', 'place', 'served areas', 'online', 'phone')",
            name=op.f("ck_asset_sites_mode"),
        ),
        sa.CheckConstraint(
            "public_level <> 'hidden' OR public_location IS NULL",
            name=op.f("ck_asset_sites_hidden_has_no_location"),
        ),
        sa.CheckConstraint(
            "public_level IN ('public', 'area only', 'hidden')",
            name=op.f("ck_asset_sites_public_level"),
        ),
        sa.CheckConstraint(
            "role IN ('delivery', 'registered', 'correspondence')", name=op.f("ck_asset_sites_role")
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'area only', 'hidden')",
            name=op.f("ck_asset_sites_visibility"),
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_asset_sites_capacity")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_asset_sites_days_in_order")),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_asset_sites_asset_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["place_id"], ["assets.id"], name=op.f("fk_asset_sites_place_id")),
    ]


def list_asset_sites_rules_last() -> list[sa.Constraint]:
    """Return rules of `asset_sites`."""
    return [
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_asset_sites_schedule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_sites")),
        sa.UniqueConstraint(
            "asset_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_asset_sites_asset_id_position"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_asset_sites_public_id")),
    ]
