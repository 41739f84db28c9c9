"""What the API says about areas."""

from pydantic import BaseModel, ConfigDict, Field

from app.core.pagination import LARGEST_PAGE
from app.core.parameters import PlainText, Year


class AreaTypeRead(BaseModel):
    """A kind of area and the boundary years held of it, oldest first."""

    code: str
    name: str
    plural: str
    position: int = Field(description="1 is the smallest kind")
    is_publishing: bool = Field(description="the level at which area-only places are shown")
    boundary_years: list[int]


class NameFilters(BaseModel):
    """Which names are asked for."""

    model_config = ConfigDict(extra="forbid")

    type: PlainText = Field(description="kind of area, as in /area-types")
    boundary_year: Year | None = Field(default=None, description="the newest without it")
    from_gid: int = Field(default=1, ge=1, lt=2**30, description="of the first area")
    limit: int = Field(default=5000, ge=1, le=5000, description="how many areas")


class AreaNamePage(BaseModel):
    """Names of areas side by side, in the order of gids."""

    type: str
    boundary_year: int
    first_gid: int = Field(description="gid of the area that the first name is of")
    codes: list[str]
    names: list[str]
    lon: list[float] = Field(description="of a point inside, degrees east")
    lat: list[float] = Field(description="of a point inside, degrees north")


class AreaFilters(BaseModel):
    """Which areas are asked for, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    type: PlainText = Field(description="kind of area, as in /area-types")
    boundary_year: Year | None = Field(
        default=None, description="boundary year of the outlines; the newest without it"
    )
    q: PlainText | None = Field(default=None, description="part of a name, or the start of a code")
    within: PlainText | None = Field(
        default=None, description="kind:code of a larger area that they must belong to"
    )
    cursor: PlainText | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=100, ge=1, le=LARGEST_PAGE)


class AreaRef(BaseModel):
    """Which area is meant: kind, code and boundary year together."""

    type: str
    code: str
    boundary_year: int
    name: str


class ParentRef(BaseModel):
    """A larger area, in a list that says its kind."""

    code: str
    boundary_year: int


class AreaSummary(BaseModel):
    """One line of a list of areas."""

    gid: int = Field(description="position in its kind and year, from 1, by code")
    type: str
    code: str
    boundary_year: int
    name: str
    people: int | None = Field(description="all ages; null when not known")
    parents: dict[str, ParentRef] = Field(description="the area it belongs to, by kind")


class AreaPage(BaseModel):
    """Part of a list of areas, by code."""

    items: list[AreaSummary]
    total: int
    next: str | None = Field(description="cursor of the next page; null on the last")


class AgeBand(BaseModel):
    """People of an age band; both ends included, `age_to` null for 'and over'."""

    age_from: int
    age_to: int | None
    people: int


class AreaChange(BaseModel):
    """An area of another boundary year that shares people with this one."""

    area: AreaRef
    weight: float = Field(
        description="share of the people of the earlier area who are in the later one"
    )
    change_code: str | None = Field(description="U unchanged, S split, M merged, X irregular")
    method: str | None = Field(description="how this was worked out; null: as published")


class Parent(BaseModel):
    """A larger area that this one belongs to."""

    area: AreaRef
    kind: str = Field(description="'within', or 'best fit' where the outlines do not nest")
    method: str | None = Field(description="how this was worked out; null: as published")


class Point(BaseModel):
    """A place on the ground, WGS 84."""

    lon: float
    lat: float


class AreaRead(BaseModel):
    """Everything held about one area itself."""

    gid: int
    type: str
    code: str
    boundary_year: int
    name: str
    people: int | None
    ages: list[AgeBand]
    area_ha: float
    bbox: tuple[float, float, float, float] = Field(description="west, south, east, north")
    centroid: Point
    centroid_method: str = Field(description="how the centroid was had, in words")
    parents: list[Parent]
    became: list[AreaChange] = Field(description="what it became in later boundary years")
    came_from: list[AreaChange] = Field(description="what it was in earlier boundary years")
    repair: str | None = Field(description="what was wrong with the outline as published")


class AreaMatch(BaseModel):
    """An area whose name somebody may have meant."""

    type: str
    kind: str = Field(description="the kind of area in words")
    code: str
    boundary_year: int
    name: str
    within: str | None = Field(description="name of the larger area that tells it from namesakes")
    location: Point = Field(description="a point inside")
    is_exact: bool = Field(description="the whole name, not a part of it or one like it")


class PostcodeSummary(BaseModel):
    """One postcode in a list."""

    postcode: str
    location: Point


class PostcodeRead(BaseModel):
    """A postcode, its point, and the areas there in their newest boundary year."""

    postcode: str
    location: Point
    areas: list[AreaRef] = Field(
        description="smallest kind first; empty for a postcode just outside the place"
    )
