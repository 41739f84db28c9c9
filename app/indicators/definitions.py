"""What a pack says about indicators, as the load takes it in."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Measure = Literal["score", "rank", "decile", "count", "share", "rate", "index", "other"]
Polarity = Literal["high is bad", "high is good", "neither"]
Aggregate = Literal["mean", "sum", "rank", "decile", "none"]
DenominatorKind = Literal["people", "indicator", "own", "none"]

SUPPRESSED = "suppressed"
MISSING = "missing"
"""An area that its source names without a value, or a larger one that has too little beneath."""


@dataclass(frozen=True)
class Denominator:
    """What an indicator's values are a share or a mean of.

    Attributes:
        kind: "people" of the place's age bands; "indicator", a count that is loaded for the same
            boundary set, of the same period or the only one; "own", the columns of the indicator's
            own file; or "none".
        words: The same for people to read, such as "people aged 65 and over".
        age_from: For people: youngest age, in years.
        age_to: For people: oldest age, included; None for "and over".
        indicator: For an indicator: its code.
    """

    kind: DenominatorKind
    words: str = ""
    age_from: int = 0
    age_to: int | None = None
    indicator: str | None = None


class NewIndicator(NamedTuple):
    """An indicator to be loaded.

    `ranks` is, for ranks and deciles, the code of the indicator whose values are ranked anew in
    larger areas; without one they are refused there. `scale` is what a numerator over a
    denominator is multiplied by to give a value: 100 for per cent.
    """

    code: str
    name: str
    topic: str
    description: str
    unit: str
    measure: Measure
    polarity: Polarity
    decimals: int
    aggregate: Aggregate
    denominator: Denominator
    ranks: str | None
    source: str
    publisher: str
    licence: str
    licence_url: str | None
    vintage: str
    position: int
    scale: float = 1.0


class NewSeries(NamedTuple):
    """One indicator for one boundary set, period, sex and age; sex and age '' for everybody."""

    indicator: str
    area_type: str
    boundary_year: int
    period: str
    period_sort: str
    sex: str
    age: str


class NewValue(NamedTuple):
    """The value of one area in a series; `status` is '' for a plain value."""

    area_code: str
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    status: str
    note: str | None


class NewComparator(NamedTuple):
    """The value of something wider than the place, such as its country."""

    indicator: str
    period: str
    period_sort: str
    sex: str
    age: str
    code: str
    name: str
    value: float | None
    lower: float | None
    upper: float | None
    method: str | None


class SeriesCount(NamedTuple):
    """What became of the rows of a series.

    `accepted` rows are of areas of the place, `outside` rows name codes that it does not have,
    and `without_value` areas of its study area have no row.
    """

    accepted: int
    outside: int
    without_value: int


class AggregateNote(NamedTuple):
    """What could not be worked out for a kind of larger area, in a sentence.

    `is_refusal` tells that the indicator has no values at all there; else some areas have none.
    """

    indicator: str
    area_type: str
    boundary_year: int
    sentence: str
    is_refusal: bool
