"""What searches of assets may ask for."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.assets.vocabulary import AssetKind, Cost
from app.core.parameters import PlainText, Year
from app.records.vocabulary import Language, Stated

LARGEST_RADIUS_M = 50_000
USUAL_RADIUS_M = 1600
MOST_A_PAGE = 100

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,20})?"
_POINT = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_BOX = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*,\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_LON, _LAT = 180, 90


class LonLat(NamedTuple):
    """A place on the ground in degrees, WGS 84."""

    lon: float
    lat: float


class SearchBox(NamedTuple):
    """A box in degrees; one whose west is east of its east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


class AreaCode(NamedTuple):
    """An area by kind and code."""

    area_type: str
    code: str


def read_point(value: str) -> LonLat:
    """Return the point that "-2.96,53.39" is.

    Raises:
        ValueError: It is none; the sentence says how to write one.
    """
    found = _POINT.fullmatch(value)
    if found is None:
        raise ValueError(
            "write it as longitude,latitude in degrees, longitude first, such as -2.96,53.39"
        )
    point = LonLat(*map(float, found.groups()))
    if abs(point.lon) > _LON or abs(point.lat) > _LAT:
        raise ValueError(
            "a longitude lies between -180 and 180 and a latitude between -90 and 90; "
            "the longitude stands first"
        )
    return point


def read_box(value: str) -> SearchBox:
    """Return the box that "-3.05,53.35,-2.85,53.45" is.

    Raises:
        ValueError: It is none; the sentence says how to write one.
    """
    found = _BOX.fullmatch(value)
    if found is None:
        raise ValueError(
            "write it as west,south,east,north in degrees, such as -3.05,53.35,-2.85,53.45"
        )
    box = SearchBox(*map(float, found.groups()))
    if max(abs(box.west), abs(box.east)) > _LON or max(abs(box.south), abs(box.north)) > _LAT:
        raise ValueError(
            "longitudes lie between -180 and 180 and latitudes between -90 and 90; "
            "write west,south,east,north"
        )
    if box.south > box.north:
        raise ValueError("its south lies north of its north; write west,south,east,north")
    return box


def read_area(value: str) -> AreaCode:
    """Return the kind and code that "ward:W01" are.

    Raises:
        ValueError: They are none; the sentence says how to write them.
    """
    area_type, separator, code = value.strip().partition(":")
    if not separator or not area_type or not code:
        raise ValueError("write it as kind:code, such as ward:W01; kinds are at /api/v1/area-types")
    return AreaCode(area_type, code)


def _check(read: Callable[[str], object]) -> AfterValidator:
    """Return what refuses what `read` cannot read, and leaves the rest as it is."""

    def check(value: str) -> str:
        read(value)
        return value

    return AfterValidator(check)


Point = Annotated[PlainText, _check(read_point)]
Box = Annotated[PlainText, _check(read_box)]
Area = Annotated[PlainText, _check(read_area)]


class AssetConditions(BaseModel):
    """Which assets are asked for, wherever they are."""

    model_config = ConfigDict(extra="forbid")

    category: list[PlainText] = Field(
        default=[],
        max_length=20,
        description="code of a category, with its narrower ones; several: any of them",
    )
    q: PlainText | None = Field(
        default=None,
        description='words; the last may be unfinished; "in quotes" as one, -without, or',
    )
    open_at: datetime | None = Field(
        default=None,
        description="open at this moment, on the clocks of the place unless it says its offset",
    )
    open_on: date | None = Field(
        default=None, description="open at some time of this day, on the calendar of the place"
    )
    kind: AssetKind | None = None
    cost: Cost | None = None
    step_free: Stated | None = None
    accessible_toilet: Stated | None = None
    hearing_loop: Stated | None = None
    parking: Stated | None = None
    term_time: Stated | None = Field(
        default=None, description="'yes': rests in school holidays; 'no': does not"
    )
    language: Language | None = Field(default=None, description="spoken there, such as cy")
    age: int | None = Field(
        default=None,
        ge=0,
        le=120,
        description="open to people of this age; what states no ages (`min_age` and `max_age` are "
        "null) stays in the list",
    )
    organisation: UUID | None = Field(default=None, description="run by the one with this id")


class AssetFilters(AssetConditions):
    """Which assets are asked for, where, in which order, and which page of them."""

    near: Point | None = Field(
        default=None, description="longitude,latitude in degrees: nearest first, within `radius_m`"
    )
    postcode: PlainText | None = Field(
        default=None, description="in place of `near`; spaced or not"
    )
    radius_m: float = Field(
        default=USUAL_RADIUS_M,
        gt=0,
        le=LARGEST_RADIUS_M,
        allow_inf_nan=False,
        description="how far away at most, in a straight line",
    )
    bbox: Box | None = Field(
        default=None,
        description="west,south,east,north in degrees; west east of east crosses longitude 180",
    )
    area: Area | None = Field(
        default=None,
        description="kind:code of an area: what is in it, and what serves its people",
    )
    boundary_year: Year | None = Field(
        default=None, description="of `area`; the newest that has the kind without it"
    )
    map_number: list[Annotated[int, Field(ge=0, lt=2**52)]] = Field(
        default=[], max_length=MOST_A_PAGE, description="as map tiles number assets; any of them"
    )
    sort: Literal["distance", "relevance", "name"] | None = Field(
        default=None,
        description="without it: distance where there is a point, relevance with words, else name",
    )
    limit: int = Field(default=20, ge=1, le=MOST_A_PAGE)
    cursor: Annotated[str, Field(max_length=600)] | None = Field(
        default=None, description="from the link `next` of the page before"
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.near is not None and self.postcode is not None:
            raise ValueError("give `near` or `postcode`, not both")
        has_point = self.near is not None or self.postcode is not None
        if "radius_m" in self.model_fields_set and not has_point:
            raise ValueError("`radius_m` needs a point: give `near` or `postcode` with it")
        if self.sort == "distance" and not has_point:
            raise ValueError("`sort=distance` needs a point: give `near` or `postcode` with it")
        if self.sort == "relevance" and not (self.q or "").strip():
            raise ValueError("`sort=relevance` needs words: give `q` with it")
        if self.boundary_year is not None and self.area is None:
            raise ValueError("`boundary_year` is that of `area`: give `area` with it")
        return self
