"""What the API says about categories."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.parameters import PlainText


class CategoryFilters(BaseModel):
    """Which categories are asked for."""

    model_config = ConfigDict(extra="forbid")

    q: PlainText | None = Field(
        default=None,
        description="words of a name or synonym, or their beginnings; best match first",
    )


class CategoryRef(BaseModel):
    """A category, named."""

    code: str
    name: str


class Demand(BaseModel):
    """Who a category is for, unless somebody chooses otherwise."""

    from_age: int | None = Field(description="youngest; null: no limit")
    to_age: int | None = Field(description="oldest, included; null: no limit")
    words: str = Field(description="in words; empty: everybody of these ages")


class Crosswalks(BaseModel):
    """What other vocabularies call the same."""

    open_eligibility: list[str] = Field(description="names of Open Eligibility terms")
    esd: list[str] = Field(description="numbers of the Local Government Services List")
    osm_tags: list[str] = Field(description="OpenStreetMap tags, key=value")


class CategoryRead(BaseModel):
    """A term by which assets are found."""

    code: str
    number: int = Field(description="as map tiles number it")
    name: str
    description: str
    synonyms: list[str] = Field(description="other words that people search by")
    broader: str | None = Field(description="code of the term that it is part of")
    path: list[CategoryRef] = Field(description="from the broadest term down to itself")
    shape: str = Field(description="how it is drawn; narrower terms have their broader one's")
    colour: str = Field(description="token of the style sheet")
    demand: Demand
    catchment_m: int = Field(
        description="metres in a straight line that people go for it: a working default"
    )
    capacity_unit: str = Field(description="what capacity is counted in")
    confirm_months: int = Field(description="how long what was confirmed holds")
    translations: dict[str, dict[str, Any]] = Field(
        description="language to name, description, synonyms"
    )
    crosswalks: Crosswalks
    is_retired: bool = Field(description="no longer offered; assets may still carry it")


class CategoryDetail(CategoryRead):
    """A category with what is under it."""

    narrower: list[CategoryRef] = Field(description="the next narrower terms, in their order")
