"""What if: changes that may be asked for, and what would come of them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

MOST_CHANGES = 50
LARGEST_CAPACITY = 1_000_000_000

Figures = list[float | None]
"""One number an area of the place in gid order; null where there is none."""

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Capacity = Annotated[float, Field(ge=0, le=LARGEST_CAPACITY, allow_inf_nan=False)]

SITE = "public id of a site that takes part in the question, as in /assets/{asset}"


class AddSite(BaseModel):
    """A new site."""

    model_config = ConfigDict(extra="forbid")

    change: Literal["add"]
    lon: Longitude
    lat: Latitude
    capacity: Capacity | None = Field(
        default=None, description="in the unit of the others; not where each site counts as one"
    )


class MoveSite(BaseModel):
    """A site somewhere else, with as much as it has or with another capacity."""

    model_config = ConfigDict(extra="forbid")

    change: Literal["move"]
    site: UUID = Field(description=SITE)
    lon: Longitude
    lat: Latitude
    capacity: Capacity | None = None


class CloseSite(BaseModel):
    """A site no more."""

    model_config = ConfigDict(extra="forbid")

    change: Literal["close"]
    site: UUID = Field(description=SITE)


class SetCapacity(BaseModel):
    """A site with another capacity."""

    model_config = ConfigDict(extra="forbid")

    change: Literal["capacity"]
    site: UUID = Field(description=SITE)
    capacity: Capacity


ChangeAsked = Annotated[AddSite | MoveSite | CloseSite | SetCapacity, Field(discriminator="change")]


class AreaFiguresAfter(BaseModel):
    """Columns of the areas of the place after all changes, in the order of `areas`."""

    access: Figures = Field(description="in `unit`")
    distance_m: Figures
    covered: Figures
    is_uncovered: list[bool]
    shortfall: Figures = Field(description="to the same standard as before")
    rank_gap: Figures


class WhatIf(BaseModel):
    """What would come of all changes together. What there is now stands outside of it."""

    finding: str = Field(description="in one sentence")
    changes: list[str] = Field(description="each in words")
    sites: int
    covered: float
    covered_share: float | None
    newly_reached: float = Field(description="people who would be covered and are not")
    no_longer_reached: float = Field(description="people who are covered and would not be")
    areas_newly_reached: int = Field(description="that nothing reaches now")
    areas_no_longer_reached: int
    shortfall: float
    shortfall_closed: float = Field(description="less than before; below 0: more than before")
    areas: AreaFiguresAfter
    notes: list[str]
