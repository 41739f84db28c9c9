"""What may be asked of an analysis, and what it answers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.analysis.change_schemas import MOST_CHANGES, ChangeAsked, Figures, WhatIf
from app.analysis.methods.need import Combination, Normalisation
from app.analysis.question import KernelName, Method
from app.core.parameters import PlainText, Year

FARTHEST_M = 100_000
"""The largest catchment: beyond it everything is within reach of everything."""

MOST_MEASURES = 10
"""Of need."""


class MeasureAsked(BaseModel):
    """An indicator, and its part where several are put together."""

    model_config = ConfigDict(extra="forbid")

    indicator: PlainText = Field(description="its code, as in /indicators")
    period: PlainText | None = None
    sex: PlainText | None = None
    age: PlainText | None = None
    weight: float = Field(default=1, gt=0, le=1000, allow_inf_nan=False)


class NeedAsked(MeasureAsked):
    """Which indicator is need, alone or put together with others."""

    others: list[MeasureAsked] = Field(
        default_factory=list,
        max_length=MOST_MEASURES - 1,
        description="put together with it; an area that lacks one of them has no need",
    )
    normalisation: Normalisation = Field(
        default="rank", description="how several are made comparable"
    )
    combination: Combination = Field(default="arithmetic", description="which mean of several")

    @property
    def measures(self) -> list[MeasureAsked]:
        """All that it is made of."""
        return [self, *self.others]


class AnalysisAsked(BaseModel):
    """What is asked. What is left out is settled by the category, and said in the answer."""

    model_config = ConfigDict(extra="forbid")

    category: PlainText = Field(description="code, narrower ones included")
    method: Method = "e2sfca"
    area_type: PlainText | None = Field(default=None, description="the smallest kind without it")
    boundary_year: Year | None = Field(default=None, description="the newest without it")
    everyone: bool = Field(default=False, description="whoever the category is for")
    from_age: int | None = Field(default=None, ge=0, le=120)
    to_age: int | None = Field(default=None, ge=0, le=120, description="included")
    need: NeedAsked | None = None
    catchment_m: Annotated[float, Field(gt=0, le=FARTHEST_M, allow_inf_nan=False)] | None = Field(
        default=None, description="how far people go; that of the category without it"
    )
    travel: Literal["straight", "walked"] = Field(
        default="straight", description="how `catchment_m` is measured"
    )
    detour: float = Field(default=1.3, ge=1, le=5, description="walked metres a straight metre")
    speed_km_h: float = Field(default=4.8, gt=0, le=30)
    kernel: KernelName = "gaussian"
    supply: Literal["auto", "one each", "stated"] = Field(
        default="auto", description="auto: stated where all sites state it in one unit"
    )
    standard: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        default=None, description="supply for each 1,000 people that everybody should have"
    )
    within_area: bool = Field(
        default=False,
        description="an area's own or nearest site is as far as its people are from its middle",
    )
    changes: list[ChangeAsked] = Field(
        default_factory=list,
        max_length=MOST_CHANGES,
        description="what if all of these were done; `what_if` then says what would come of it",
    )


class Settled(BaseModel):
    """The question with everything settled."""

    category: str
    category_name: str
    method: Method
    area_type: str
    areas: str = Field(description="what several are called")
    boundary_year: int
    from_age: int | None
    to_age: int | None
    people: str = Field(description="who is counted, in words")
    need: str | None = Field(description="name of the indicator, with its period")
    need_period: str | None
    need_made: str | None = Field(description="how it was put together; null of one indicator")
    catchment_straight_m: float
    catchment_walked_m: float
    catchment_minutes: int = Field(description="walking, rounded up")
    detour: float
    speed_km_h: float
    kernel: KernelName
    supply: Literal["one each", "stated"]
    supply_unit: str
    standard: float | None = Field(description="supply for each 1,000 people; null: people counted")
    within_area: bool
    distances: str = Field(description="how distances are measured, in words")
    changes: list[ChangeAsked]


class Estimate(BaseModel):
    """A number and between what it lies with 95 % confidence; null where it cannot be told."""

    value: float | None
    low: float | None
    high: float | None


class Tenth(BaseModel):
    """A tenth of the people, by need."""

    people: float
    value: float | None
    areas: int


class EquityRead(BaseModel):
    """How reach goes with need."""

    of: str = Field(description="what is compared, in words")
    tenths: list[Tenth] = Field(description="most need first")
    sii: Estimate = Field(description="slope index of inequality by ridits: most need less least")
    rii: Estimate = Field(description="value at most need for each at least need, same line")
    concentration: Estimate = Field(
        description="below 0: those with most need have more than their share; bounded values "
        "by Erreygers"
    )


class AreaFigures(BaseModel):
    """Columns of the areas of the place, in gid order."""

    codes: list[str]
    names: list[str]
    people: Figures
    access: Figures = Field(description="what the method measures, in `unit`")
    distance_m: Figures = Field(description="straight, to the nearest site")
    covered: Figures = Field(description="people within the catchment of a site")
    is_uncovered: list[bool] = Field(description="nothing reaches it; it is counted all the same")
    edge_uncertain: list[bool] = Field(
        description="within twice the catchment of land that nothing is known of"
    )
    shortfall: Figures
    need: Figures
    rank_gap: Figures = Field(description="from -1 to 1; above 0: more need than reach")
    ratio: Figures = Field(description="provision beside what would be in proportion to need")


class UnreachedSite(BaseModel):
    """A site that nobody, or hardly anybody, is within reach of."""

    site: UUID
    asset: UUID
    name: str


class AnalysisRead(BaseModel):
    """An answer, with everything that is needed to work it out again."""

    id: str = Field(description="under which it is kept: /api/v1/analyses/{id}")
    hash: str = Field(description="of the question and of the data; the same for the same answer")
    asked: Settled
    data: dict[str, str] = Field(
        description="hashes of the areas with their people, of the sites, and of the need"
    )
    seed: str = Field(description="of the draws of intervals")
    method_version: str = Field(description="another one where the arithmetic became another")
    unit: str = Field(description="of `access`")
    shortfall_unit: str
    finding: str = Field(description="in one sentence")
    people: float = Field(description="of the place")
    covered: float = Field(description="people within the catchment of a site")
    covered_share: Estimate
    covered_if_unconfirmed_closed: float = Field(
        description="people covered if every site that is not confirmed has closed"
    )
    shortfall: float = Field(description="of all areas together")
    areas: AreaFigures
    equity: EquityRead | None
    ratio_refused: str = Field(description="why there is no ratio; empty where there is")
    sites: int
    sites_confirmed: int
    sites_at_area_points: int = Field(
        description="of these only the area is told; they are taken to be at its own point"
    )
    left_out: dict[str, int]
    unreached_sites: list[UnreachedSite] = Field(description="the first hundred")
    thin_sites: int = Field(description="reached by fewer than 500 people; not to be relied on")
    areas_without_people: int
    areas_edge_uncertain: int = Field(
        description="so near to where the data stop that what lies beyond may change their figures"
    )
    notes: list[str] = Field(description="what else must be said")
    what_if: WhatIf | None = Field(description="null without changes")
