"""What the API says about indicators."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.areas.schemas import AreaRef
from app.core.pagination import LARGEST_PAGE
from app.core.parameters import PlainText, Year

AREA_TYPE = "kind of area, as in /area-types"
SEX = "as listed with the indicator; empty: everybody"
AGE = "as listed with the indicator; empty: all ages"


class IndicatorFilters(BaseModel):
    """Which indicators are asked for, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    q: PlainText | None = Field(default=None, description="part of a name, or the start of a code")
    topic: PlainText | None = Field(default=None, description="exactly as listed")
    area_type: PlainText | None = Field(default=None, description=f"known for this {AREA_TYPE}")
    boundary_year: Year | None = Field(default=None, description="known for areas of this year")
    cursor: PlainText | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=100, ge=1, le=LARGEST_PAGE)


class SeriesFilters(BaseModel):
    """Which series of an indicator is meant; the newest, of everybody, without more."""

    model_config = ConfigDict(extra="forbid")

    area_type: PlainText = Field(description=AREA_TYPE)
    boundary_year: Year | None = Field(
        default=None, description="of the outlines; the newest that has it without it"
    )
    period: PlainText | None = Field(default=None, description="as listed; the newest without it")
    sex: PlainText | None = Field(default=None, description=SEX)
    age: PlainText | None = Field(default=None, description=AGE)


class ValueFilters(SeriesFilters):
    """Which series, and which state of it."""

    version: PlainText | None = Field(
        default=None,
        description="`version` of an earlier answer: this address then answers the same for good, "
        "or 404 with `current_version`",
    )


class RowFilters(SeriesFilters):
    """Which rows of which series, and how they are to be written."""

    format: Literal["json", "csv"] = Field(default="json", description="csv: all rows, as a file")
    cursor: PlainText | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=100, ge=1, le=LARGEST_PAGE)


class AreaSeriesFilters(SeriesFilters):
    """Which area, in which series."""

    code: PlainText = Field(description="of the area")


class AreaTrendFilters(BaseModel):
    """Which area, for whom, in all periods."""

    model_config = ConfigDict(extra="forbid")

    area_type: PlainText = Field(description=AREA_TYPE)
    code: PlainText = Field(description="of the area")
    boundary_year: Year | None = Field(
        default=None, description="of the outlines; the newest that has it without it"
    )
    sex: PlainText | None = Field(default=None, description=SEX)
    age: PlainText | None = Field(default=None, description=AGE)


class IndicatorRef(BaseModel):
    """Which indicator, with what is needed to read its numbers."""

    code: str
    name: str
    topic: str
    unit: str
    measure: str
    polarity: str
    direction: str = Field(description="polarity as a sentence would say it")
    decimals: int = Field(description="how many are worth showing")


class Level(BaseModel):
    """A boundary set that an indicator is known for; counts are of the series given by default."""

    area_type: str
    boundary_year: int
    periods: list[str] = Field(description="newest first")
    sexes: list[str] = Field(description="empty: everybody")
    ages: list[str] = Field(description="empty: all ages")
    method: str | None = Field(description="how it was worked out; null: as published")
    value_count: int
    missing_count: int
    suppressed_count: int


class Refusal(BaseModel):
    """A boundary set that an indicator cannot be worked out for, and why."""

    area_type: str
    boundary_year: int
    reason: str


class IndicatorRead(IndicatorRef):
    """Everything held about an indicator but its values."""

    description: str
    aggregate: str = Field(description="how values of larger areas are worked out")
    denominator: str | None = Field(description="what it is a share or a mean of")
    source: str
    publisher: str
    licence: str
    licence_url: str | None
    vintage: str
    levels: list[Level]
    refusals: list[Refusal]


class IndicatorPage(BaseModel):
    """Part of a list of indicators, in the order of the pack."""

    items: list[IndicatorRead]
    total: int
    next: str | None = Field(description="cursor of the next page; null on the last")


class SeriesRead(BaseModel):
    """Which series numbers are of."""

    indicator: IndicatorRef
    area_type: str
    boundary_year: int
    period: str
    sex: str = Field(description="empty: everybody")
    age: str = Field(description="empty: all ages")
    method: str | None = Field(description="how it was worked out; null: as published")
    denominator: str | None
    source: str
    publisher: str
    licence: str
    licence_url: str | None


class Division(BaseModel):
    """A way to divide values into classes, numbered from the lowest values.

    Class i holds edges[i - 1] <= value < edges[i].
    """

    edges: list[float] = Field(description="between the classes, increasing")
    needs: list[int] = Field(
        description="how much need each class stands for, one more than there are edges: 5 most "
        "and 1 least, of three classes 3 most; where neither end is better, the highest is most"
    )


class PublishedDivision(Division):
    """As the published tenths divide them, two tenths a class."""

    levels: list[str] = Field(description="each class in words")
    exceptions: dict[str, int] = Field(
        description="need of areas, by gid, whose tenth is of another class than the value says: "
        "published values are rounded, their tenths are not"
    )


class Breaks(BaseModel):
    """Where to divide the values for a map: at most five classes, fewer where values repeat."""

    quantile: Division = Field(description="about as many areas in each class")
    equal: Division = Field(description="equal steps from the lowest to the highest value")
    published: PublishedDivision | None = Field(
        description="null where no published tenths go with these values"
    )
    thirds: Division = Field(description="about as many areas in each of three classes")
    published_thirds: PublishedDivision | None = Field(
        description="the two tenths with most need, the next two, the other six"
    )


class IndicatorValues(SeriesRead):
    """All values of a series, in the order of the areas' gids."""

    version: str = Field(description="to ask for this state of it by")
    breaks: Breaks
    first_gid: int = Field(description="gid of the area that the first value is of")
    values: list[float | None] = Field(description="one an area, in gid order; null: none")
    statuses: dict[str, str] = Field(description="why there is none, or what else is said, by gid")
    minimum: float | None
    maximum: float | None
    value_count: int
    missing_count: int
    suppressed_count: int


class AreaValue(BaseModel):
    """The value of one area with all that is published with it."""

    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    status: str = Field(description="empty for a plain value; suppressed, missing or other words")
    note: str | None


class ValueRow(AreaValue):
    """One area of a series."""

    gid: int
    code: str
    name: str


class ValueRows(BaseModel):
    """Part of a series as rows, in the order of gids."""

    series: SeriesRead
    items: list[ValueRow]
    total: int
    next: str | None = Field(description="cursor of the next page; null on the last")


class ComparatorValue(BaseModel):
    """The value of something wider than the place, such as its country."""

    code: str
    name: str
    value: float | None
    lower: float | None
    upper: float | None
    method: str | None = Field(description="how it was worked out; null: as published")


class TrendPoint(AreaValue):
    """One period of an area, and of what it is compared with."""

    period: str
    method: str | None = Field(description="how it was worked out; null: as published")
    comparators: list[ComparatorValue]


class Trend(BaseModel):
    """An indicator of one area over time, within one boundary year."""

    indicator: IndicatorRef
    area: AreaRef
    sex: str
    age: str
    points: list[TrendPoint] = Field(description="oldest first")
    other_boundary_years: list[int] = Field(
        description="years that hold further periods, for areas with other outlines"
    )


class ParentValue(AreaValue):
    """The value of a larger area that an area belongs to."""

    area: AreaRef
    method: str | None = Field(description="how it was worked out; null: as published")


class Spread(BaseModel):
    """How the values of all areas of the place lie, each area counting once."""

    value_count: int
    minimum: float
    median: float
    maximum: float


class Standing(BaseModel):
    """Where an area stands among all of its kind in the place that have a value."""

    from_highest: int = Field(description="1 is the highest; equal values share the better")
    from_lowest: int = Field(description="1 is the lowest")
    same_value: int = Field(description="how many areas have this value, itself included")
    of: int
    percentile: float = Field(
        description="100 (areas below + half of those equal, itself included) / of"
    )


class Comparison(BaseModel):
    """An area beside what it belongs to, what it is compared with, and the rest of the place."""

    series: SeriesRead
    area: AreaRef
    own: AreaValue
    parents: list[ParentValue]
    comparators: list[ComparatorValue]
    spread: Spread | None
    standing: Standing | None = Field(description="null for an area without a value")


class AreaIndicator(AreaValue):
    """The newest value of one indicator for an area."""

    indicator: IndicatorRef
    period: str
    sex: str
    age: str
    method: str | None = Field(description="how it was worked out; null: as published")
    comparators: list[ComparatorValue]


class AreaIndicators(BaseModel):
    """What all indicators say about one area."""

    area: AreaRef
    items: list[AreaIndicator]
