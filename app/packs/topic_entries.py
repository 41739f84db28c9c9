"""What a manifest says about the areas and the people in them: indicators, demand, categories."""

import difflib
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from app.indicators.sources import find_format
from app.packs.parts import Age, Cells, Code, FileEntry, IndicatorCode, Part, SetEntry, Year
from app.taxonomy.terms import FIELDS, find_unknown_fields


class Country(Part):
    """What the place is compared with, where a file holds it or covers the whole of it.

    Attributes:
        code: Its own code.
        name: What people call it.
        codes: What the codes of its areas begin with, where files cover its neighbours too.
    """

    code: str
    name: str
    codes: str = ""


class Level(SetEntry):
    """One kind of area that an indicator is published for, and its rows in the file."""

    where: dict[str, Cells] = {}


class DenominatorEntry(Part):
    """What an indicator is per, and how larger areas are worked out: by these people or counts."""

    people_from: Age | None = None
    people_to: Age | None = None
    indicator: IndicatorCode | None = None
    words: str | None = None

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.indicator is None) == (self.people_from is None and self.people_to is None):
            raise ValueError("needs `people_from`, `people_to` or both; or `indicator`")
        return self


class IndicatorEntry(FileEntry):
    """A measured quantity of areas; docs/how-to/add-a-place.md explains each key."""

    code: IndicatorCode
    name: str
    topic: str = ""
    description: str = ""
    unit: str
    measure: Literal["score", "rank", "decile", "count", "share", "rate", "index", "other"]
    polarity: Literal["high is bad", "high is good", "neither"]
    decimals: Annotated[int, Field(ge=0, le=6)] = 1
    aggregate: Literal["mean", "sum", "rank", "decile", "none"] = "none"
    denominator: Literal["people", "own", "none"] | DenominatorEntry = "none"
    ranks: IndicatorCode | None = None
    format: str = "plain"
    area_type: Code | None = None
    boundary_year: Year | None = None
    levels: list[Level] = []
    country_where: dict[str, Cells] = {}
    country_from_rows: bool = False
    columns: dict[str, str]
    period: str = ""
    period_sort: str = ""
    sex: str = ""
    age: str = ""
    scale: float = 1.0
    per: Annotated[float, Field(gt=0)] | None = None
    numerator_columns: list[str] = []
    derive: Literal["", "ratio"] = ""
    missing: list[str] = []
    suppressed: list[str] = []
    least: float | None = None
    most: float | None = None

    @field_validator("format")
    @classmethod
    def _know_format(cls, value: str) -> str:
        find_format(value)
        return value

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.area_type is None) != (self.boundary_year is None):
            raise ValueError("`area_type` and `boundary_year` go together")
        if (self.area_type is None) == (not self.levels):
            raise ValueError("needs `area_type` with `boundary_year`, or `levels`; not both")
        if self.aggregate in {"rank", "decile"} and self.ranks is None:
            raise ValueError("`aggregate` by rank or decile needs `ranks`, the indicator ranked")
        if self.aggregate == "mean" and self.denominator == "none":
            raise ValueError("`aggregate` by mean needs a `denominator` to weight by")
        return self

    @property
    def all_levels(self) -> list[Level]:
        """The kinds of area it is published for."""
        if self.area_type is None or self.boundary_year is None:
            return self.levels
        return [Level(area_type=self.area_type, boundary_year=self.boundary_year)]


class CategoriesEntry(FileEntry):
    """Terms by which assets are found, beside those of the reference set.

    Attributes:
        columns: Field of a category to the file's column.
    """

    columns: dict[str, str]

    @field_validator("columns")
    @classmethod
    def _know_fields(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = find_unknown_fields(value)
        if unknown:
            near = difflib.get_close_matches(unknown[0], FIELDS, n=1)
            raise ValueError(
                f"has no meaning for {unknown[0]!r}"
                + (f" (do you mean {near[0]!r}?)" if near else "")
                + f"; it may have: {', '.join(FIELDS)}"
            )
        if "code" not in value:
            raise ValueError("needs `code`, the column of the categories' codes")
        return value


class StreetsEntry(FileEntry):
    """Streets to walk on: corners, or the stretches between them."""

    columns: dict[str, str]


class Basemap(Part):
    """Picture tiles beneath the map, from a server that allows it."""

    url: Annotated[str, Field(pattern=r"^https?://")]
    attribution: str
    max_zoom: Annotated[int, Field(ge=1, le=24)] = 19


class DemandEntry(Part):
    """Who a category is for and how far they go for it, until somebody chooses otherwise."""

    category: str
    people_from: Age = 0
    people_to: Age | None = None
    need: IndicatorCode | None = None
    catchment_m: Annotated[float, Field(gt=0, le=500_000)]
