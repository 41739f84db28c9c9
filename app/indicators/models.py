"""The tables of indicators and their values."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    Identity,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

CODE = Text(collation="C")
"""Codes and periods sort by their bytes, the same on every server."""


class Indicator(Base):
    """A measured quantity, with what is needed to read its numbers."""

    __tablename__ = "indicators"
    __table_args__ = (
        CheckConstraint(
            "measure IN ('score', 'rank', 'decile', 'count', 'share', 'rate', 'index', 'other')",
            name="measure",
        ),
        CheckConstraint("polarity IN ('high is bad', 'high is good', 'neither')", name="polarity"),
        CheckConstraint("aggregate IN ('mean', 'sum', 'rank', 'decile', 'none')", name="aggregate"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(CODE, unique=True)
    name: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    polarity: Mapped[str] = mapped_column(Text)
    decimals: Mapped[int] = mapped_column(SmallInteger, comment="how many are worth showing")
    aggregate: Mapped[str] = mapped_column(Text, comment="how larger areas are worked out")
    denominator: Mapped[str | None] = mapped_column(Text, comment="in words")
    scale: Mapped[float] = mapped_column(Double, comment="value = scale * numerator / denominator")
    ranks: Mapped[str | None] = mapped_column(CODE, comment="the indicator that it is the rank of")
    source: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    licence_url: Mapped[str | None] = mapped_column(Text)
    vintage: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    refusals: Mapped[Any] = mapped_column(
        JSONB, comment="larger kinds of area it cannot be worked out for, each with the reason"
    )


class IndicatorSeries(Base):
    """One indicator for the areas of one boundary set, in one period, for one sex and age."""

    __tablename__ = "indicator_series"
    __table_args__ = (UniqueConstraint("indicator_id", "boundary_set_id", "period", "sex", "age"),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id", ondelete="CASCADE"))
    boundary_set_id: Mapped[int] = mapped_column(
        ForeignKey("boundary_sets.id", ondelete="CASCADE"), index=True
    )
    period: Mapped[str] = mapped_column(Text, comment="as published")
    period_sort: Mapped[str] = mapped_column(CODE, comment="sorts by time")
    sex: Mapped[str] = mapped_column(Text, comment="empty: everybody")
    age: Mapped[str] = mapped_column(Text, comment="empty: all ages")
    method: Mapped[str | None] = mapped_column(
        Text, comment="how it was worked out; null: as published"
    )
    value_count: Mapped[int] = mapped_column(Integer, comment="areas of the study area with one")
    missing_count: Mapped[int] = mapped_column(Integer)
    suppressed_count: Mapped[int] = mapped_column(Integer)


class IndicatorValue(Base):
    """The value of one area; the key is what makes a series one stretch of an index.

    It has no foreign key: checking one for each of millions of rows would take longer than
    everything else of a load. Whatever ends a series leaves rows that no query reaches, and the
    next load removes them.
    """

    __tablename__ = "indicator_values"

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    gid: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="of the area in its boundary set"
    )
    value: Mapped[float | None] = mapped_column(Double)
    lower: Mapped[float | None] = mapped_column(Double)
    upper: Mapped[float | None] = mapped_column(Double)
    numerator: Mapped[float | None] = mapped_column(Double)
    denominator: Mapped[float | None] = mapped_column(Double)
    status: Mapped[str] = mapped_column(Text, comment="empty, suppressed, missing, or other words")
    note: Mapped[str | None] = mapped_column(Text)


class IndicatorComparator(Base):
    """The value of something wider than the place, such as its country."""

    __tablename__ = "indicator_comparators"
    __table_args__ = (UniqueConstraint("indicator_id", "period", "sex", "age", "code"),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id", ondelete="CASCADE"))
    period: Mapped[str] = mapped_column(Text, comment="as published")
    period_sort: Mapped[str] = mapped_column(CODE, comment="sorts by time")
    sex: Mapped[str] = mapped_column(Text, comment="empty: everybody")
    age: Mapped[str] = mapped_column(Text, comment="empty: all ages")
    code: Mapped[str] = mapped_column(CODE)
    name: Mapped[str] = mapped_column(Text)
    value: Mapped[float | None] = mapped_column(Double)
    lower: Mapped[float | None] = mapped_column(Double)
    upper: Mapped[float | None] = mapped_column(Double)
    method: Mapped[str | None] = mapped_column(
        Text, comment="how it was worked out; null: as published"
    )
