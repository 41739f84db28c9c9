"""The tables of organisations. Every geometry is longitude and latitude on WGS 84."""

from datetime import datetime
from typing import Any, get_args

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Person
from app.areas.models import Area
from app.core.database import Base
from app.geo.crs import WGS84
from app.organisations.vocabulary import OrganisationKind, Reason
from app.records.models import one_of
from app.records.vocabulary import AddressRole, ContactKind, Status, Visibility

CODE = Text(collation="C")


class Organisation(Base):
    """Who runs something: a group, charity, social enterprise, public body or business."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint(one_of("kind", *get_args(OrganisationKind)), name="kind"),
        CheckConstraint(one_of("social_enterprise_reason", *get_args(Reason)), name="reason"),
        CheckConstraint(one_of("visibility", *Visibility), name="visibility"),
        CheckConstraint(one_of("public_level", *Visibility), name="public_level"),
        CheckConstraint(one_of("status", *Status), name="status"),
        CheckConstraint("btrim(name) <> ''", name="named"),
        CheckConstraint("founded BETWEEN 1000 AND 2200", name="founded"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[Any] = mapped_column(Uuid, unique=True)
    name: Mapped[str] = mapped_column(Text)
    translations: Mapped[dict[str, Any]] = mapped_column(JSONB)
    kind: Mapped[str] = mapped_column(Text)
    legal_form: Mapped[str] = mapped_column(Text)
    social_enterprise_reason: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    founded: Mapped[int | None] = mapped_column(SmallInteger)
    visibility: Mapped[str] = mapped_column(Text)
    findable: Mapped[bool]
    status: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer, comment="number of its newest revision")
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    public_level: Mapped[str] = mapped_column(
        Text, server_default="hidden", comment="what strangers may see; kept by the database"
    )
    public_since: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="revisions before it are not public"
    )
    public_hash: Mapped[str | None] = mapped_column(Text, comment="of what strangers see")
    public_changed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when that last changed"
    )


class OrganisationIdentifier(Base):
    """An organisation's number on a register."""

    __tablename__ = "organisation_identifiers"
    __table_args__ = (Index("ix_organisation_identifiers_number", "scheme", "identifier"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    scheme: Mapped[str] = mapped_column(CODE, primary_key=True)
    identifier: Mapped[str] = mapped_column(CODE, primary_key=True)
    url: Mapped[str] = mapped_column(Text)


class OrganisationAddress(Base):
    """Where an organisation is registered or writes from."""

    __tablename__ = "organisation_addresses"
    __table_args__ = (
        UniqueConstraint("organisation_id", "position"),
        CheckConstraint(one_of("role", *get_args(AddressRole)), name="role"),
        CheckConstraint(one_of("visibility", *Visibility), name="visibility"),
        CheckConstraint(one_of("public_level", *Visibility), name="public_level"),
        CheckConstraint(
            "public_level <> 'hidden' OR public_location IS NULL", name="hidden_has_no_location"
        ),
        CheckConstraint(
            "(public_level = 'area only') = (public_area_id IS NOT NULL)", name="area_of_area_only"
        ),
        CheckConstraint(
            "public_level <> 'area only' OR public_location IS NOT NULL",
            name="area_only_has_its_point",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    role: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str] = mapped_column(Text)
    location: Mapped[Any | None] = mapped_column(Geometry("POINT", srid=WGS84, spatial_index=False))
    visibility: Mapped[str] = mapped_column(Text)
    public_level: Mapped[str] = mapped_column(Text, server_default="hidden")
    public_location: Mapped[Any | None] = mapped_column(
        Geometry("POINT", srid=WGS84, spatial_index=False)
    )
    # A plain number, not a key: a place that is loaded again may not have the area any more, and
    # what is shown is worked out anew then.
    public_area_id: Mapped[int | None] = mapped_column(BigInteger)


class OrganisationContact(Base):
    """A way to reach an organisation."""

    __tablename__ = "organisation_contacts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "position"),
        CheckConstraint(one_of("kind", *get_args(ContactKind)), name="kind"),
        CheckConstraint(one_of("visibility", *Visibility), name="visibility"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(Text)


class OrganisationWorksIn(Base):
    """An area that an organisation says it works in, by kind and code."""

    __tablename__ = "organisation_works_in"
    __table_args__ = (Index("ix_organisation_works_in_area", "area_type", "area_code"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    area_type: Mapped[str] = mapped_column(CODE, primary_key=True)
    area_code: Mapped[str] = mapped_column(CODE, primary_key=True)


class OrganisationPlace(Base):
    """That an organisation is registered in an area, as far as strangers may know."""

    __tablename__ = "organisation_places"
    __table_args__ = (Index("ix_organisation_places_area_id", "area_id"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id, ondelete="CASCADE"), primary_key=True)
