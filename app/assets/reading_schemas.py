"""What the API says of assets to everybody."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.assets.vocabulary import AssetKind, Cost, Mode
from app.records.vocabulary import Aspect, ContactKind, Method, Stated, Visibility


class OrganisationRef(BaseModel):
    """Who runs something."""

    id: UUID
    name: str


class PlaceRef(BaseModel):
    """The place asset that something is at."""

    id: UUID
    name: str


class AreaRef(BaseModel):
    """An area by kind, code and name."""

    type: str
    code: str
    name: str | None = Field(description="null: not an area of the place")


class FreshnessRead(BaseModel):
    """When one respect of it was last made sure of."""

    aspect: Aspect
    is_right: bool = Field(description="false: it was found to be wrong")
    confirmed_on: date
    holds_until: date | None = Field(description="last day on which it can be relied on")
    method: Method
    is_unconfirmed: bool = Field(description="that day is over, or it was found to be wrong")


class AssetProperties(BaseModel):
    """An asset in a list, at its nearest or first site that matches.

    Of a hidden asset that may be found by those it serves there are only `name`, `categories`,
    `visibility` and `contacts`.
    """

    name: str
    kind: AssetKind
    categories: list[str] = Field(description="codes, the main one first")
    organisation: OrganisationRef | None
    distance_m: float | None = Field(
        description="in a straight line; null without a point to measure from, where only the area "
        "is told, and where there is no place"
    )
    visibility: Visibility = Field(description="'area only': said to be in `area`, nothing finer")
    area: AreaRef | None = Field(description="where it is, of those told by area only")
    mode: Mode = Field(description="how it is to be had")
    address: str | None
    postcode: str | None
    place: PlaceRef | None = Field(description="the place asset that it is at")
    site_id: UUID
    sites: int = Field(description="how many of its sites match")
    opening_hours: str | None = Field(
        description="in OpenStreetMap's spelling; null: not stated, or a recurrence that it has no "
        "words for, which the asset itself says"
    )
    hours_words: str | None = Field(description="hours that could not be read as times")
    cost: Cost
    cost_amount: Decimal | None
    cost_words: str | None
    languages: list[str]
    min_age: int | None
    max_age: int | None
    term_time_only: Stated
    step_free: Stated
    accessible_toilet: Stated
    hearing_loop: Stated
    parking: Stated
    alert: str | None = Field(description="a warning that stands in front of everything else")
    source: str | None = Field(description="whose list it comes from")
    licence: str | None = Field(description="null: none is stated")
    freshness: list[FreshnessRead] = Field(description="when each respect was last made sure of")


class PointGeometry(BaseModel):
    """A point, RFC 7946."""

    type: Literal["Point"]
    coordinates: tuple[float, float] = Field(description="longitude, latitude")


class AssetFeature(BaseModel):
    """One asset of a list."""

    type: Literal["Feature"]
    id: UUID
    geometry: PointGeometry | None = Field(description="null: no place, or only its area is told")
    properties: AssetProperties


class Link(BaseModel):
    """A link, RFC 8288."""

    rel: Literal["self", "next"]
    href: str
    type: str


class AssetCollection(BaseModel):
    """A page of a search, RFC 7946."""

    type: Literal["FeatureCollection"]
    number_matched: int = Field(description="assets on all pages")
    number_returned: int
    not_stated: int | None = Field(
        description="with `open_at` or `open_on`: how many more match but do not say their hours"
    )
    note: str | None = Field(description="how the search was widened, if it was")
    links: list[Link]
    features: list[AssetFeature]


class CategoryName(BaseModel):
    """A category."""

    code: str
    name: str


class ContactRead(BaseModel):
    """A way to reach somebody."""

    kind: ContactKind
    value: str
    label: str


class SessionRead(BaseModel):
    """A time at which something is open or happens."""

    start: datetime
    end: datetime | None = Field(description="null: not stated")
    words: str


class RecurrenceRead(BaseModel):
    """A session that recurs, RFC 5545, on the wall clock of its site."""

    rrule: str
    dtstart: date
    starts: str = Field(description="time of day", examples=["14:00"])
    ends: str | None = Field(
        description="time of day, of the following day if it is not after `starts`; null: not "
        "stated",
        examples=["16:00"],
    )
    except_dates: list[date] = Field(description="on which it does not take place")


class LonLatRead(BaseModel):
    """A place on the ground, WGS 84."""

    lon: float
    lat: float


class SiteRead(BaseModel):
    """Where, when and how an asset is to be had, as far as everybody may know."""

    id: UUID
    role: str
    mode: Mode
    visibility: Visibility
    location: LonLatRead | None
    area: AreaRef | None = Field(description="where it is, if only that is told")
    address: str | None
    postcode: str | None
    place: PlaceRef | None
    opening_hours: str | None = Field(
        description="in OpenStreetMap's spelling; null: not stated, or only to be said as "
        "`recurrences`"
    )
    recurrences: list[RecurrenceRead] = Field(
        description="when, where it was said in recurrences; they add up"
    )
    hours_words: str | None
    time_zone: str
    capacity: float | None
    capacity_unit: str | None
    valid_from: date | None
    valid_to: date | None
    contacts: list[ContactRead]
    served_areas: list[AreaRef] = Field(description="where the people live whom it serves")
    next_dates: list[SessionRead] = Field(
        description="the next five from the beginning of the hour"
    )


class OriginRead(BaseModel):
    """Where what is said of it comes from."""

    source: str
    source_id: str | None = Field(description="its identifier there")
    licence: str | None = Field(description="null: none is stated")
    method: Method
    is_main: bool = Field(description="false: another list that has the same thing")


class AccessRead(BaseModel):
    """What there is for people who need it."""

    step_free: Stated
    accessible_toilet: Stated
    hearing_loop: Stated
    parking: Stated


class AssetRead(BaseModel):
    """Everything that everybody may know of an asset."""

    id: UUID
    kind: AssetKind
    name: str
    visibility: Visibility
    is_listed: bool = Field(
        default=True,
        description="false: it lies in the margin round the place, and no list or count has it",
    )
    translations: dict[str, Any] = Field(description="name and description, by language")
    description: str
    organisation: OrganisationRef | None
    categories: list[CategoryName] = Field(description="the main one first")
    min_age: int | None
    max_age: int | None
    eligibility: str
    cost: Cost
    cost_amount: Decimal | None
    cost_words: str
    languages: list[str]
    how_to_join: str
    term_time_only: Stated
    access: AccessRead
    alert: str | None
    alert_until: date | None
    sites: list[SiteRead]
    origins: list[OriginRead]
    freshness: list[FreshnessRead]
    changed_at: datetime


class FindableAsset(BaseModel):
    """All that is said of a hidden asset whose owner lets those it serves find it."""

    id: UUID
    name: str
    visibility: Literal["hidden"]
    categories: list[CategoryName]
    contacts: list[ContactRead]
    served_areas: list[AreaRef]


class FieldChange(BaseModel):
    """One field that changed."""

    field: str
    before: Any = Field(description="null: nothing")
    after: Any


class PublicRevision(BaseModel):
    """What changed at one time."""

    at: datetime
    action: str
    method: str = Field(description="how somebody came to know")
    changes: list[FieldChange]


class AssetHistory(BaseModel):
    """How an asset changed, newest first."""

    revisions: list[PublicRevision]


class AreaNamed(BaseModel):
    """Which area is meant."""

    type: str
    code: str
    boundary_year: int
    name: str


class CategoryCount(BaseModel):
    """How many assets are in a category, its narrower ones included."""

    code: str
    name: str
    broader: str | None = Field(description="code of the category that it is part of")
    assets: int
    area_only: int = Field(description="of these, how many are told by area only")


class AreaAssets(BaseModel):
    """How many assets are in an area; hidden ones are not among them."""

    area: AreaNamed
    assets: int = Field(description="each counted once")
    area_only: int = Field(description="of these, how many are told by area only")
    categories: list[CategoryCount] = Field(
        description="in their order; an asset counts in each of its categories and theirs above"
    )
