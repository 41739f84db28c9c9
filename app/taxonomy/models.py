"""The tables of categories."""

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Identity, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

CODE = Text(collation="C")
"""Codes sort by their bytes, the same on every server."""


class Category(Base):
    """A term by which assets are found; its id stays the same through every load.

    What a narrower term has from its broader one (shape, colour, catchment and the like) is
    filled in when it is loaded.
    """

    __tablename__ = "categories"
    __table_args__ = (
        CheckConstraint(
            "shape IN ('house', 'square', 'cross', 'diamond', 'hexagon', 'triangle down', "
            "'triangle up', 'circle')",
            name="shape",
        ),
        CheckConstraint("broader_id <> id", name="broader_other"),
        CheckConstraint("demand_from_age BETWEEN 0 AND 150", name="demand_from_age"),
        CheckConstraint(
            "demand_to_age BETWEEN coalesce(demand_from_age, 0) AND 150", name="demand_to_age"
        ),
        CheckConstraint("catchment_m BETWEEN 1 AND 500000", name="catchment_m"),
        CheckConstraint("confirm_months BETWEEN 1 AND 120", name="confirm_months"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(CODE, unique=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    broader_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, comment="in the tables; from 1")
    shape: Mapped[str] = mapped_column(Text)
    colour: Mapped[str] = mapped_column(Text, comment="token of the style sheet")
    demand_from_age: Mapped[int | None] = mapped_column(SmallInteger, comment="null: no limit")
    demand_to_age: Mapped[int | None] = mapped_column(
        SmallInteger, comment="included; null: no limit"
    )
    demand_words: Mapped[str] = mapped_column(Text, comment="empty: everybody of these ages")
    catchment_m: Mapped[int] = mapped_column(Integer, comment="in a straight line")
    capacity_unit: Mapped[str] = mapped_column(Text)
    confirm_months: Mapped[int] = mapped_column(
        SmallInteger, comment="how long what was confirmed holds"
    )
    translations: Mapped[Any] = mapped_column(
        JSONB, server_default="{}", comment="language to name, description, synonyms"
    )
    open_eligibility: Mapped[list[str]] = mapped_column(ARRAY(Text))
    esd: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="LGSL numbers")
    osm_tags: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="key=value")
    is_retired: Mapped[bool] = mapped_column(
        Boolean, comment="no table has it any more; assets may still carry it"
    )


class CategoryClosure(Base):
    """Which terms a term is part of, itself at depth 0: what finds everything under a category."""

    __tablename__ = "category_closure"
    __table_args__ = (CheckConstraint("depth >= 0", name="depth"),)

    narrower_id: Mapped[int] = mapped_column(
        ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True
    )
    broader_id: Mapped[int] = mapped_column(
        ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    depth: Mapped[int] = mapped_column(SmallInteger, comment="steps up; 0: itself")
