"""The tables of areas. Every geometry is longitude and latitude on WGS 84.

But for the shapes that tiles are cut from, which would have to be moved for each tile.
"""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.geo.crs import WEB_MERCATOR, WGS84

CODE = Text(collation="C")
"""Codes sort by their bytes on every server, and a plain index serves their beginnings."""


class AreaType(Base):
    """A kind of area: neighbourhood, district, ward, authority."""

    __tablename__ = "area_types"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    plural: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(SmallInteger, unique=True, comment="1 is the smallest")
    is_publishing: Mapped[bool] = mapped_column(
        comment="the level at which area-only places are shown"
    )


class BoundarySet(Base):
    """All areas of one type as outlined in one boundary year."""

    __tablename__ = "boundary_sets"
    __table_args__ = (UniqueConstraint("area_type", "boundary_year"),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    area_type: Mapped[str] = mapped_column(ForeignKey("area_types.code", ondelete="CASCADE"))
    boundary_year: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(Text, comment="who it comes from")
    first_zoom: Mapped[int] = mapped_column(
        SmallInteger, comment="of map tiles: farther away larger areas are drawn, if there are any"
    )
    named_zoom: Mapped[int] = mapped_column(
        SmallInteger, comment="of map tiles: from here on there is room for names"
    )
    drawn_zooms: Mapped[list[int]] = mapped_column(
        ARRAY(SmallInteger), comment="zooms up to which each kept thinning of the shapes is drawn"
    )


class Area(Base):
    """One area of a boundary set."""

    __tablename__ = "areas"
    __table_args__ = (
        UniqueConstraint("boundary_set_id", "code"),
        # The swap renumbers within a set, so the order is checked when it commits.
        UniqueConstraint("boundary_set_id", "gid", deferrable=True, initially="DEFERRED"),
        CheckConstraint("gid >= 1", name="gid_from_one"),
        Index("ix_areas_name_point", "boundary_set_id", "name_point", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    boundary_set_id: Mapped[int] = mapped_column(ForeignKey("boundary_sets.id", ondelete="CASCADE"))
    # The study area first, then the margin, each by code: what is shown of a set is 1 to its count.
    gid: Mapped[int] = mapped_column(Integer, comment="1..n by code in its set, without holes")
    code: Mapped[str] = mapped_column(CODE)
    name: Mapped[str] = mapped_column(Text)
    in_study_area: Mapped[bool] = mapped_column(comment="false: margin, for analysis only")
    people: Mapped[int | None] = mapped_column(Integer, comment="all ages; null: not known")
    area_ha: Mapped[float] = mapped_column(Double)
    boundary: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", srid=WGS84, spatial_index=False))
    outline: Mapped[Any] = mapped_column(
        Geometry("MULTIPOLYGON", srid=WGS84, spatial_index=False),
        comment="the boundary thinned with its neighbours, for drawing the whole place",
    )
    repair: Mapped[str | None] = mapped_column(Text, comment="what was wrong as published")
    name_point: Mapped[Any] = mapped_column(
        Geometry("POINT", srid=WGS84, spatial_index=False), comment="inside, where its name stands"
    )
    centroid: Mapped[Any] = mapped_column(Geometry("POINT", srid=WGS84, spatial_index=False))
    # In words: also "mean of the postcodes inside" and the like, as whoever loaded it says.
    centroid_method: Mapped[str] = mapped_column(
        Text, comment="population weighted, or point on surface"
    )


class AreaShape(Base):
    """The shape of an area of the study area as it is drawn up to a zoom of map tiles.

    A set is thinned as a whole, so that neighbours share their edges at every zoom.
    """

    __tablename__ = "area_shapes"
    __table_args__ = (
        Index(
            "ix_area_shapes_shape", "boundary_set_id", "to_zoom", "shape", postgresql_using="gist"
        ),
    )

    boundary_set_id: Mapped[int] = mapped_column(
        ForeignKey("boundary_sets.id", ondelete="CASCADE"), primary_key=True
    )
    to_zoom: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    gid: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    shape: Mapped[Any] = mapped_column(
        Geometry("MULTIPOLYGON", srid=WEB_MERCATOR, spatial_index=False)
    )


class AreaPart(Base):
    """A piece of a boundary, small enough that a point is found in it quickly."""

    __tablename__ = "area_parts"
    __table_args__ = (Index("ix_area_parts_part", "part", postgresql_using="gist"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id", ondelete="CASCADE"), index=True)
    part: Mapped[Any] = mapped_column(Geometry("POLYGON", srid=WGS84, spatial_index=False))


class AreaLookup(Base):
    """That one area belongs to, or became, another; never guessed, always from a lookup file."""

    __tablename__ = "area_lookups"
    __table_args__ = (
        Index("ix_area_lookups_to_area_id", "to_area_id"),
        CheckConstraint("kind IN ('within', 'best fit', 'change')", name="kind"),
        CheckConstraint("weight BETWEEN 0 AND 1", name="weight"),
    )

    from_area_id: Mapped[int] = mapped_column(
        ForeignKey("areas.id", ondelete="CASCADE"), primary_key=True
    )
    to_area_id: Mapped[int] = mapped_column(
        ForeignKey("areas.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(Text)
    weight: Mapped[float] = mapped_column(
        Double, comment="share of the people of from_area who are in to_area"
    )
    change_code: Mapped[str | None] = mapped_column(
        Text, comment="U unchanged, S split, M merged, X irregular"
    )
    method: Mapped[str | None] = mapped_column(
        Text, comment="how it was worked out; null: as published"
    )


class AreaPopulation(Base):
    """People of one age band in one area."""

    __tablename__ = "area_populations"
    __table_args__ = (
        CheckConstraint("age_to IS NULL OR age_to >= age_from", name="age_order"),
        CheckConstraint("people >= 0", name="people"),
    )

    area_id: Mapped[int] = mapped_column(
        ForeignKey("areas.id", ondelete="CASCADE"), primary_key=True
    )
    age_from: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    age_to: Mapped[int | None] = mapped_column(SmallInteger, comment="inclusive; null: and over")
    people: Mapped[int] = mapped_column(Integer)


class Backdrop(Base):
    """What is drawn beneath the areas where no basemap is: water, woods."""

    __tablename__ = "backdrops"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, comment="water or green")
    name: Mapped[str] = mapped_column(Text)
    shape: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", srid=WGS84, spatial_index=False))


class Postcode(Base):
    """A postcode's point."""

    __tablename__ = "postcodes"

    postcode: Mapped[str] = mapped_column(
        CODE, primary_key=True, comment="capitals and digits only"
    )
    display: Mapped[str] = mapped_column(Text, comment="as people write it")
    location: Mapped[Any] = mapped_column(Geometry("POINT", srid=WGS84, spatial_index=False))


class Customs(Base):
    """How the place reckons: one row, from the pack that is loaded."""

    __tablename__ = "customs"
    __table_args__ = (CheckConstraint("is_current", name="one_row"),)

    is_current: Mapped[bool] = mapped_column(Boolean, primary_key=True, default=True)
    time_zone: Mapped[str] = mapped_column(Text, comment="of wall clocks that state none")
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="the main one first")
    country: Mapped[str] = mapped_column(Text, comment="whose public holidays; empty: not known")
    subdivision: Mapped[str] = mapped_column(Text, comment="the part of it with its own holidays")
    currency: Mapped[str] = mapped_column(Text, comment="of prices; empty: not known")
    school_terms: Mapped[list[Any]] = mapped_column(JSONB, comment="first and last days")
    projected_crs: Mapped[str] = mapped_column(
        Text,
        server_default="",
        comment="in metres; distances are measured in it; empty: not known",
    )
    sea: Mapped[list[Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="rings of longitudes and latitudes that cover it; null: not known",
    )
