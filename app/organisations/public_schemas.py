"""What the API tells everybody about organisations."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.parameters import PlainText, Year
from app.organisations.vocabulary import OrganisationKind, Reason

Relation = Literal["works_in", "registered_in", "any"]
Standing = Literal["confirmed", "unconfirmed", "found wrong"]


class OrganisationFilters(BaseModel):
    """Which organisations are asked for, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    kind: OrganisationKind | None = Field(default=None, description="what sort of organisation")
    social_enterprise: Literal["yes", "no"] | None = Field(
        default=None, description="whether it is listed as one; each says why"
    )
    q: PlainText | None = Field(
        default=None,
        description="words of its name in any of its languages, or how they begin; accents and "
        "capitals do not matter, small slips are forgiven",
    )
    area: PlainText | None = Field(
        default=None, description="type:code of an area, such as ward:E05000001"
    )
    relation: Relation = Field(
        default="any",
        description="with `area`: that it works in it (it says so of that area, of one that holds "
        "it or of one in it, or something it runs is there), or that it is registered in it",
    )
    identifier: PlainText | None = Field(
        default=None, description="SCHEME:NUMBER on a register, such as GB-CHC:1234567"
    )
    cursor: str | None = Field(
        default=None, max_length=2000, description="from the link `next` of the page before"
    )
    limit: int = Field(default=50, ge=1, le=200)


class OrganisationCountFilters(BaseModel):
    """Which organisations are counted, in which areas."""

    model_config = ConfigDict(extra="forbid")

    area_type: PlainText = Field(description="kind of area, as in /area-types")
    boundary_year: Year | None = Field(
        default=None, description="of the outlines; the newest without it"
    )
    relation: Literal["works_in", "registered_in"] = Field(
        description="whether they work in an area (they say so of it, of one that holds it or of "
        "one in it, or something they run is there) or are registered in it"
    )
    kind: list[OrganisationKind] = Field(
        default=[], max_length=20, description="of these kinds only; may be repeated"
    )


class OrganisationCountsByArea(BaseModel):
    """How many organisations of each kind there are in every area of a kind.

    One of which only the area is told is counted at that level and above.
    """

    layer: str = Field(description="kind and boundary year of the areas, such as lsoa-2021")
    area_type: str
    boundary_year: int
    relation: Literal["works_in", "registered_in"]
    first_gid: int = Field(description="gid of the area that the first count is of")
    counts: dict[str, list[int]] = Field(description="by kind: one an area, in gid order")
    social_enterprises: list[int] = Field(
        description="of those counted, how many are listed as social enterprises, of any kind"
    )
    totals: dict[str, int] = Field(
        description="by kind, in the whole place; who works in two areas counts once"
    )
    total_social_enterprises: int
    version: str = Field(description="changes whenever a count does")


class NamedArea(BaseModel):
    """An area by kind, code and name."""

    model_config = ConfigDict(from_attributes=True)

    type: str
    code: str
    name: str = Field(description="empty for one that this place does not have any more")


class WorksInArea(NamedArea):
    """An area that an organisation works in, and how we know."""

    basis: Literal["stated", "from what it runs"]


class SocialEnterprise(BaseModel):
    """Whether an organisation is listed as a social enterprise, and why."""

    model_config = ConfigDict(serialize_by_alias=True)

    is_listed: bool = Field(serialization_alias="is")
    reason: Reason | None = Field(
        description="its legal form says so, a register of members does, or it does itself"
    )


class SourceRead(BaseModel):
    """Where what is said comes from."""

    source: str
    source_id: str | None = Field(
        description="its identifier there; null: none, or one that could tell what is not public"
    )
    licence: str | None = Field(description="null: the source states none")
    method: str = Field(description="how they knew")
    is_main: bool = Field(description="false: another list that has the same organisation")


class OrganisationSummary(BaseModel):
    """One line of a list of organisations."""

    id: UUID
    name: str
    kind: OrganisationKind
    legal_form: str = Field(description="in words; empty where not stated")
    social_enterprise: SocialEnterprise
    level: Literal["public", "area only"] = Field(description="how closely it may be shown")
    works_in: list[WorksInArea] = Field(
        description="as stated, and where what it runs is to be had; smallest kind first"
    )
    registered_in: list[NamedArea] = Field(
        description="areas around its registered address, from the publishing level upwards"
    )
    source: str | None = Field(description="whose list it comes from")
    licence: str | None = Field(description="of that list; null: none is stated")


class ContactRead(BaseModel):
    """A public way to reach somebody."""

    kind: Literal["phone", "email", "web"]
    value: str
    label: str


class FindableOrganisation(BaseModel):
    """One that is not listed, and wants to be found by its name for an area that it works in."""

    name: str
    contacts: list[ContactRead]


class Link(BaseModel):
    """A link of RFC 8288."""

    rel: str
    href: str
    type: str = "application/json"


class OrganisationPage(BaseModel):
    """Part of a list of organisations: best match first with `q`, else by name."""

    items: list[OrganisationSummary]
    findable: list[FindableOrganisation] = Field(
        description="on the first page, with `q` and `area` alone: organisations that are not "
        "listed but wish to be found so; a contact, and nothing about where they are"
    )
    number_matched: int = Field(description="on all pages; without those under `findable`")
    links: list[Link]


class IdentifierRead(BaseModel):
    """A number on a register."""

    scheme: str = Field(description="the register's code on org-id.guide")
    identifier: str
    url: str = Field(description="its entry there; empty where not known")


class PointRead(BaseModel):
    """A place on the ground, WGS 84."""

    lon: float
    lat: float


class AddressRead(BaseModel):
    """An address as closely as it may be shown."""

    role: Literal["delivery", "registered", "correspondence"]
    level: Literal["public", "area only"]
    address: str | None = Field(description="null where only the area is shown")
    postcode: str | None = Field(description="null where only the area is shown")
    location: PointRead | None = Field(description="null where only the area is shown")
    area: NamedArea | None = Field(description="in place of the address, where it is not public")


class AssetRef(BaseModel):
    """Something that an organisation runs."""

    id: UUID
    name: str
    kind: str
    level: Literal["public", "area only"]


class AssertionRead(BaseModel):
    """When one aspect was last looked at, and how far that can be relied on."""

    aspect: Literal["existence", "hours", "contact"]
    standing: Standing = Field(description="unconfirmed: the date has passed")
    asserted_on: date
    holds_until: date | None
    method: str


class OrganisationDetail(OrganisationSummary):
    """Everything about one organisation that is public."""

    translations: dict[str, Any] = Field(description="name and description by language")
    description: str
    founded: int | None = Field(description="the year")
    identifiers: list[IdentifierRead]
    addresses: list[AddressRead]
    contacts: list[ContactRead]
    assets: list[AssetRef] = Field(description="what it runs, by name; the first 200")
    number_of_assets: int
    sources: list[SourceRead] = Field(description="the main one first")
    freshness: list[AssertionRead]
    changed_at: datetime | None = Field(description="when anything of this last changed")


class FieldChange(BaseModel):
    """One field that a change of an organisation was about."""

    field: str
    before: Any = Field(description="null: nothing, or nothing public")
    after: Any


class PublicRevision(BaseModel):
    """One change that everybody may know of."""

    number: int = Field(description="1 is the first that everybody may know of")
    at: datetime
    action: str
    method: str
    changes: list[FieldChange]


class OrganisationCounts(BaseModel):
    """How many organisations there are, by kind."""

    total: int
    by_kind: dict[OrganisationKind, int]
    social_enterprises: int = Field(description="of any kind that are listed as social enterprises")


class AreaOrganisations(BaseModel):
    """Organisations of an area: where they work, and where they are registered, apart."""

    area: NamedArea
    boundary_year: int
    works_in: OrganisationCounts
    registered_in: OrganisationCounts
