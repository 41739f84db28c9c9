"""Organisations, their identifiers, addresses and contacts."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_0009"
down_revision = "2026_11_24_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, those that others refer to first."""
    create_organisations()
    create_organisation_identifiers()
    create_organisation_addresses()
    create_organisation_contacts()
    create_organisation_works_in()
    create_organisation_places()


def downgrade() -> None:
    """Drop the tables, those that refer to others first."""
    for table in (
        "organisation_places",
        "organisation_works_in",
        "organisation_contacts",
        "organisation_addresses",
        "organisation_identifiers",
        "organisations",
    ):
        op.drop_table(table)


def create_organisations() -> None:
    """Create the table `organisations`."""
    op.create_table(
        "organisations",
        *list_organisations_columns_first(),
        *list_organisations_columns_last(),
        *list_organisations_rules(),
    )


def create_organisation_identifiers() -> None:
    """Create the table `organisation_identifiers`."""
    op.create_table(
        "organisation_identifiers",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(collation="C"), nullable=False),
        sa.Column("identifier", sa.Text(collation="C"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_identifiers_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "scheme", "identifier", name=op.f("pk_organisation_identifiers")
        ),
    )
    op.create_index(
        "ix_organisation_identifiers_number",
        "organisation_identifiers",
        ["scheme", "identifier"],
        unique=False,
    )


def create_organisation_addresses() -> None:
    """Create the table `organisation_addresses`."""
    op.create_table(
        "organisation_addresses",
        *list_organisation_addresses_columns(),
        *list_organisation_addresses_rules(),
    )


def create_organisation_contacts() -> None:
    """Create the table `organisation_contacts`."""
    op.create_table(
        "organisation_contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('phone', 'email', 'web')", name=op.f("ck_organisation_contacts_kind")
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'area only', 'hidden')",
            name=op.f("ck_organisation_contacts_visibility"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_contacts_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_contacts")),
        sa.UniqueConstraint(
            "organisation_id",
            "position",
            name=op.f("uq_organisation_contacts_organisation_id_position"),
        ),
    )


def create_organisation_works_in() -> None:
    """Create the table `organisation_works_in`."""
    op.create_table(
        "organisation_works_in",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("area_type", sa.Text(collation="C"), nullable=False),
        sa.Column("area_code", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_works_in_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "area_type", "area_code", name=op.f("pk_organisation_works_in")
        ),
    )
    op.create_index(
        "ix_organisation_works_in_area",
        "organisation_works_in",
        ["area_type", "area_code"],
        unique=False,
    )


def create_organisation_places() -> None:
    """Create the table `organisation_places`."""
    op.create_table(
        "organisation_places",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["areas.id"],
            name=op.f("fk_organisation_places_area_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_places_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "area_id", name=op.f("pk_organisation_places")),
    )
    op.create_index(
        "ix_organisation_places_area_id", "organisation_places", ["area_id"], unique=False
    )


def list_organisations_columns_first() -> list[sa.Column[Any]]:
    """Return columns of `organisations`."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("translations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.Text(), nullable=False),
        sa.Column("social_enterprise_reason", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("founded", sa.SmallInteger(), nullable=True),
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
    ]


def list_organisations_columns_last() -> list[sa.Column[Any]]:
    """Return columns of `organisations`."""
    return [
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


def list_organisations_rules() -> list[sa.Constraint]:
    """Return rules of `organisations`."""
    return [
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_organisations_named")),
        sa.CheckConstraint(
            "kind IN ('informal group', 'charity', 'social enterprise', 'public body', "
            "'business', 'not stated')",
            name=op.f("ck_organisations_kind"),
        ),
        sa.CheckConstraint(
            "public_level IN ('public', 'area only', 'hidden')",
            name=op.f("ck_organisations_public_level"),
        ),
        sa.CheckConstraint(
            "social_enterprise_reason IN ('legal form', 'member register', 'says so')",
            name=op.f("ck_organisations_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'published', 'rejected', 'closed', 'taken down')",
            name=op.f("ck_organisations_status"),
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'area only', 'hidden')",
            name=op.f("ck_organisations_visibility"),
        ),
        sa.CheckConstraint("founded BETWEEN 1000 AND 2200", name=op.f("ck_organisations_founded")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["people.id"],
            name=op.f("fk_organisations_author_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisations_public_id")),
    ]


def list_organisation_addresses_columns() -> list[sa.Column[Any]]:
    """Return columns of `organisation_addresses`."""
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
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
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("public_level", sa.Text(), server_default="hidden", nullable=False),
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


def list_organisation_addresses_rules() -> list[sa.Constraint]:
    """Return rules of `organisation_addresses`."""
    return [
        sa.CheckConstraint(
            "(public_level = 'area only') = (public_area_id IS NOT NULL)",
            name=op.f("ck_organisation_addresses_area_of_area_only"),
        ),
        sa.CheckConstraint(
            "public_level <> 'area only' OR public_location IS NOT NULL",
            name=op.f("ck_organisation_addresses_area_only_has_its_point"),
        ),
        sa.CheckConstraint(
            "public_level <> 'hidden' OR public_location IS NULL",
            name=op.f("ck_organisation_addresses_hidden_has_no_location"),
        ),
        sa.CheckConstraint(
            "public_level IN ('public', 'area only', 'hidden')",
            name=op.f("ck_organisation_addresses_public_level"),
        ),
        sa.CheckConstraint(
            "role IN ('delivery', 'registered', 'correspondence')",
            name=op.f("ck_organisation_addresses_role"),
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'area only', 'hidden')",
            name=op.f("ck_organisation_addresses_visibility"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_addresses_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_addresses")),
        sa.UniqueConstraint(
            "organisation_id",
            "position",
            name=op.f("uq_organisation_addresses_organisation_id_position"),
        ),
    ]
