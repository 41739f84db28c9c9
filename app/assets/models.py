"""The tables of assets. Every geometry is longitude and latitude on WGS 84.

Columns called public_... and the tables at the end are what strangers may see. The database keeps
them itself, in the transaction of every change (docs/decisions/0021-private-by-construction.md).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import Person
from app.areas.models import Area
from app.assets.schedules.models import KeptSchedule
from app.assets.vocabulary import AssetKind, Cost, Mode
from app.core.database import Base
from app.geo.crs import WGS84
from app.organisations.models import Organisation
from app.records.models import one_of
from app.records.vocabulary import AddressRole, ContactKind, Stated, Status, Visibility
from app.taxonomy.models import Category

CODE = Text(collation="C")


class Asset(Base):
    """What people can use: a place, an activity, a service, a resource on offer."""

    __tablename__ = "assets"
    __table_args__ = (
        CheckConstraint(one_of("kind", *get_args(AssetKind)), name="kind"),
        CheckConstraint(one_of("cost", *get_args(Cost)), name="cost"),
        CheckConstraint("cost_amount IS NULL OR cost = 'paid'", name="paid_if_amount"),
        CheckConstraint("cost_amount >= 0", name="cost_amount"),
        CheckConstraint("max_age >= min_age", name="ages_in_order"),
        CheckConstraint("min_age BETWEEN 0 AND 120", name="min_age"),
        CheckConstraint("max_age BETWEEN 0 AND 120", name="max_age"),
        CheckConstraint("btrim(name) <> ''", name="named"),
        CheckConstraint(one_of("term_time_only", *get_args(Stated)), name="term_time_only"),
        CheckConstraint(one_of("step_free", *get_args(Stated)), name="step_free"),
        CheckConstraint(one_of("accessible_toilet", *get_args(Stated)), name="accessible_toilet"),
        CheckConstraint(one_of("hearing_loop", *get_args(Stated)), name="hearing_loop"),
        CheckConstraint(one_of("parking", *get_args(Stated)), name="parking"),
        CheckConstraint(one_of("visibility", *Visibility), name="visibility"),
        CheckConstraint(one_of("public_level", *Visibility), name="public_level"),
        CheckConstraint(one_of("status", *Status), name="status"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[Any] = mapped_column(Uuid, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    translations: Mapped[dict[str, Any]] = mapped_column(JSONB)
    description: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey(Organisation.id, ondelete="SET NULL"), index=True
    )
    min_age: Mapped[int | None] = mapped_column(SmallInteger)
    max_age: Mapped[int | None] = mapped_column(SmallInteger)
    eligibility: Mapped[str] = mapped_column(Text)
    cost: Mapped[str] = mapped_column(Text)
    cost_amount: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    cost_words: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    how_to_join: Mapped[str] = mapped_column(Text)
    term_time_only: Mapped[str] = mapped_column(Text)
    step_free: Mapped[str] = mapped_column(Text)
    accessible_toilet: Mapped[str] = mapped_column(Text)
    hearing_loop: Mapped[str] = mapped_column(Text)
    parking: Mapped[str] = mapped_column(Text)
    alert: Mapped[str] = mapped_column(Text)
    alert_until: Mapped[date | None] = mapped_column(Date)
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
    public_listed: Mapped[bool] = mapped_column(
        server_default=true(),
        comment="false: all that strangers may see of it lies in the margin",
    )


class AssetCategory(Base):
    """What an asset is; its main category stands first."""

    __tablename__ = "asset_categories"
    __table_args__ = (
        UniqueConstraint("asset_id", "position"),
        Index("ix_asset_categories_category_id", "category_id"),
    )

    asset_id: Mapped[int] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True
    )
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class AssetSite(Base):
    """Where, when and how an asset is to be had."""

    __tablename__ = "asset_sites"
    __table_args__ = (
        # Sites change places among themselves, so the order is checked when that is over.
        UniqueConstraint("asset_id", "position", deferrable=True, initially="DEFERRED"),
        Index("ix_asset_sites_place_id", "place_id"),
        CheckConstraint(one_of("role", *get_args(AddressRole)), name="role"),
        CheckConstraint(one_of("mode", *get_args(Mode)), name="mode"),
        CheckConstraint("(mode = 'place') = (place_id IS NOT NULL)", name="place_of_place"),
        CheckConstraint("mode <> 'place' OR location IS NULL", name="place_has_the_location"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("valid_to >= valid_from", name="days_in_order"),
        CheckConstraint(one_of("visibility", *Visibility), name="visibility"),
        CheckConstraint(one_of("public_level", *Visibility), name="public_level"),
        CheckConstraint(
            "public_level <> 'hidden' OR public_location IS NULL", name="hidden_has_no_location"
        ),
        CheckConstraint(
            "(public_level = 'area only' AND public_location IS NOT NULL)"
            " = (public_area_id IS NOT NULL)",
            name="area_of_area_only",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[Any] = mapped_column(Uuid, unique=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    role: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(Text)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))
    address: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str] = mapped_column(Text)
    location: Mapped[Any | None] = mapped_column(Geometry("POINT", srid=WGS84, spatial_index=False))
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey(KeptSchedule.id), index=True)
    hours_words: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    capacity: Mapped[float | None] = mapped_column(Double)
    capacity_unit: Mapped[str] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    public_level: Mapped[str] = mapped_column(Text, server_default="hidden")
    public_location: Mapped[Any | None] = mapped_column(
        Geometry("POINT", srid=WGS84, spatial_index=False)
    )
    # A plain number, as in organisation_addresses.
    public_area_id: Mapped[int | None] = mapped_column(BigInteger)
    public_in_margin: Mapped[bool] = mapped_column(
        server_default=false(), comment="lies round the place: for analyses, in no list"
    )


class SiteContact(Base):
    """A way to reach a site."""

    __tablename__ = "site_contacts"
    __table_args__ = (
        UniqueConstraint("site_id", "position"),
        CheckConstraint(one_of("kind", *get_args(ContactKind)), name="kind"),
        CheckConstraint(one_of("visibility", *Visibility), name="visibility"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("asset_sites.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(Text)


class SiteServedArea(Base):
    """An area whose people a site serves, by kind and code."""

    __tablename__ = "site_served_areas"
    __table_args__ = (Index("ix_site_served_areas_area", "area_type", "area_code"),)

    site_id: Mapped[int] = mapped_column(
        ForeignKey("asset_sites.id", ondelete="CASCADE"), primary_key=True
    )
    area_type: Mapped[str] = mapped_column(CODE, primary_key=True)
    area_code: Mapped[str] = mapped_column(CODE, primary_key=True)


class SitePoint(Base):
    """A public point under each of its categories and their broader ones; 0 stands for all."""

    __tablename__ = "site_points"
    __table_args__ = (
        Index(
            "ix_site_points_measured",
            text("category_id"),
            text("geography(location)"),
            postgresql_using="gist",
            postgresql_where="NOT is_area",
        ),
        Index(
            "ix_site_points_area",
            text("category_id"),
            text("geography(location)"),
            postgresql_using="gist",
            postgresql_where="is_area",
        ),
        Index(
            "ix_site_points_area_box",
            "category_id",
            "location",
            postgresql_using="gist",
            postgresql_where="is_area",
        ),
        Index("ix_site_points_box", "category_id", "location", postgresql_using="gist"),
        Index("ix_site_points_asset_id_category_id", "asset_id", "category_id"),
        Index("ix_site_points_map_number", "map_number", postgresql_where="category_id = 0"),
        Index(
            "ix_site_points_dated",
            "category_id",
            "location",
            postgresql_using="gist",
            postgresql_where="valid_from IS NOT NULL OR valid_to IS NOT NULL",
        ),
    )

    category_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(
        ForeignKey("asset_sites.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(BigInteger)
    is_area: Mapped[bool] = mapped_column(comment="the point stands for a whole area")
    location: Mapped[Any] = mapped_column(Geometry("POINT", srid=WGS84, spatial_index=False))
    valid_from: Mapped[date | None] = mapped_column(Date, comment="of its site")
    valid_to: Mapped[date | None] = mapped_column(Date, comment="of its site")
    map_number: Mapped[int] = mapped_column(
        BigInteger, comment="by which a map's browser asks for the asset"
    )
    main_category_id: Mapped[int] = mapped_column(Integer, comment="of its asset; 0: none")


class AssetCell(Base):
    """How many public points are in a cell of 64 pixels of a tile; the database keeps it.

    Points that come or go by day are not counted, nor those that stand for an area.
    """

    __tablename__ = "asset_cells"
    __table_args__ = (Index("ix_asset_cells_empty", "points", postgresql_where="points <= 0"),)

    zoom: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    x: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    y: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    category_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    points: Mapped[int] = mapped_column(Integer)
    sum_lon: Mapped[int] = mapped_column(BigInteger, comment="1e-7 degrees")
    sum_lat: Mapped[int] = mapped_column(BigInteger, comment="1e-7 degrees")
    sum_asset: Mapped[int] = mapped_column(BigInteger, comment="where there is one, that asset")


class SiteArea(Base):
    """That a site is in an area, as far as strangers may know."""

    __tablename__ = "site_areas"
    __table_args__ = (Index("ix_site_areas_site_id", "site_id"),)

    area_id: Mapped[int] = mapped_column(ForeignKey(Area.id, ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(
        ForeignKey("asset_sites.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(BigInteger)


class AssetWords(Base):
    """The words by which strangers find an asset; none that they may not read."""

    __tablename__ = "asset_words"
    __table_args__ = (
        Index("ix_asset_words_words", "words", postgresql_using="gin"),
        Index(
            "ix_asset_words_name",
            "name",
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
        Index("ix_asset_words_name_asset_id", "name", "asset_id"),
    )

    asset_id: Mapped[int] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(CODE, comment="small letters without accents")
    words: Mapped[Any] = mapped_column(TSVECTOR)
