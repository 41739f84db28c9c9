"""What is said of an asset: written in, and kept in its revisions."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from app.assets.schedules import recurrences as schedules
from app.assets.vocabulary import AssetKind, Cost, Mode
from app.records.documents import (
    AreaName,
    Contact,
    Document,
    Point,
    Translations,
)
from app.records.vocabulary import AddressRole, Language, Line, Name, Stated, Visibility, Words

CategoryCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
Age = Annotated[int, Field(ge=0, le=120)]

MOST_RECURRENCES = 100
"""Of all sites of an asset: each is worked out when it is written."""
MOST_EXCEPT_DATES = 200
"""Of a site: every question about its hours looks through them."""


def _check_wall_time(text: str) -> str:
    schedules.read_wall_time(text)
    return text


WallTime = Annotated[
    str, AfterValidator(_check_wall_time), Field(examples=["14:00"], max_length=20)
]
"""A time of day on a local clock, in hours and minutes."""


class Access(Document):
    """What there is for people who need it."""

    step_free: Stated = "not stated"
    accessible_toilet: Stated = "not stated"
    hearing_loop: Stated = "not stated"
    parking: Stated = "not stated"


class Recurrence(Document):
    """One session that recurs, in the words of RFC 5545; on the wall clock of the site.

    Attributes:
        rrule: When, such as FREQ=MONTHLY;BYDAY=1MO; the day of UNTIL is included.
        dtstart: The first date on which it may fall, and what INTERVAL and COUNT count from.
        starts: Time of day, such as 14:00.
        ends: Time of day; at or before `starts` it is of the following day, and the session still
            belongs to the day it starts. None: not stated. 00:00 to 00:00 is the whole day.
        except_dates: On which it does not take place (EXDATE).
    """

    rrule: Annotated[Line, Field(min_length=1)]
    dtstart: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2099, 12, 31))]
    starts: WallTime
    ends: WallTime | None = None
    except_dates: tuple[date, ...] = Field(default=(), max_length=100)

    @model_validator(mode="after")
    def _last_a_while(self) -> Self:
        if self.starts == self.ends != "00:00":
            raise ValueError(
                f"`starts` and `ends` are both {self.starts}. Give the time it ends, null where "
                "that is not known, or 00:00 for both for the whole day"
            )
        return self

    def read(self) -> schedules.Recurrence:
        """Return what it means.

        Raises:
            ScheduleProblem: The RRULE cannot be read, never falls, or is counted too far.
        """
        rule = schedules.read_recurrence(self.rrule, self.dtstart, self.starts, self.ends)
        return schedules.Recurrence(rule, tuple(sorted(set(self.except_dates))))


class SiteDocument(Document):
    """Where, when and how an asset is to be had.

    Attributes:
        id: Its public id; None for a new one.
        role: What goes on there; only sites of delivery are provision.
        mode: How it is to be had.
        place: Public id of the place asset it is at, in that mode.
        address: As people write it, without the postcode.
        postcode: As people write it.
        location: Its point.
        served_areas: Where the people live whom it serves; None of them: wherever they live.
        opening_hours: When, in OpenStreetMap's spelling; empty where not stated.
        recurrences: When, as RRULEs that add up, in the place of `opening_hours`.
        hours_words: When, in words that could not be read as times.
        time_zone: Of its wall clock; None takes the place's own.
        capacity: How many it can take, in its unit.
        capacity_unit: Of what, for how long.
        contacts: How to reach this site.
        visibility: Who may see where it is; None takes the default of its role.
        valid_from: First day; None: since ever.
        valid_to: Last day; None: until further notice.
    """

    id: UUID | None = None
    role: AddressRole = "delivery"
    mode: Mode = "address"
    place: UUID | None = None
    address: Line = ""
    postcode: Line = ""
    location: Point | None = None
    served_areas: list[AreaName] = Field(default=[], max_length=500)
    opening_hours: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    recurrences: tuple[Recurrence, ...] = Field(default=(), max_length=20)
    hours_words: Words = ""
    time_zone: Line | None = None
    capacity: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    capacity_unit: Line = "places a week"
    contacts: list[Contact] = Field(default=[], max_length=10)
    visibility: Visibility | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def level(self) -> Visibility:
        """Its visibility, the default of its role filled in."""
        if self.visibility is not None:
            return self.visibility
        return Visibility.PUBLIC if self.role == "delivery" else Visibility.AREA_ONLY

    @field_validator("time_zone")
    @classmethod
    def _know_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(
                    f"{value!r} is not a time zone. Write it as Europe/London."
                ) from None
        return value

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.mode == "place") != (self.place is not None):
            raise ValueError(
                "`place` names the place asset of a site in mode 'place', and only there"
            )
        if self.mode == "place" and (self.location or self.address or self.postcode):
            raise ValueError("a site at a place takes its address from the place; leave it out")
        if self.mode == "served areas" and not self.served_areas:
            raise ValueError("a site that comes to people needs `served_areas`, where they live")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(
                f"`valid_to` {self.valid_to} lies before `valid_from` {self.valid_from}"
            )
        return self

    @model_validator(mode="after")
    def _say_hours_once(self) -> Self:
        if self.opening_hours and self.recurrences:
            raise ValueError(
                "a site says its hours once: give `opening_hours` or `recurrences`, not both"
            )
        left_out = sum(len(each.except_dates) for each in self.recurrences)
        if left_out > MOST_EXCEPT_DATES:
            raise ValueError(
                f"its `recurrences` have {left_out} `except_dates`; {MOST_EXCEPT_DATES} are the "
                "most. Leave those that are over out, or end a recurrence with UNTIL"
            )
        return self


class AssetDocument(Document):
    """Everything that can be said of an asset.

    Attributes:
        kind: A place, an activity, a service, or a resource on offer.
        name: What it is called.
        translations: Name and description in other languages, by language.
        description: What it is.
        organisation: Public id of who runs it; None: nobody in particular.
        categories: Codes of its categories, the main one first.
        min_age: Youngest age it is for.
        max_age: Oldest age it is for.
        eligibility: For whom else, in words.
        cost: What it costs.
        cost_amount: In the place's currency, where it is paid.
        cost_words: What it costs, in words.
        languages: Languages spoken there.
        how_to_join: What to do to come.
        term_time_only: Whether it rests in school holidays.
        access: What there is for people who need it.
        alert: A warning that stands in front of everything else.
        alert_until: Last day of the warning.
        visibility: Who may see where it is.
        findable: Hidden, but to be found by name or category for the areas it serves, with a
            contact only.
        sites: Where it is to be had; at least one.
    """

    kind: AssetKind
    name: Name
    translations: Translations = {}
    description: Words = ""
    organisation: UUID | None = None
    categories: list[CategoryCode] = Field(min_length=1, max_length=12)
    min_age: Age | None = None
    max_age: Age | None = None
    eligibility: Words = ""
    cost: Cost = "not stated"
    cost_amount: Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=2)] | None = None
    cost_words: Line = ""
    languages: list[Language] = Field(default=[], max_length=50)
    how_to_join: Words = ""
    term_time_only: Stated = "not stated"
    access: Access = Access()
    alert: Line = ""
    alert_until: date | None = None
    visibility: Visibility = Visibility.PUBLIC
    findable: bool = False
    sites: list[SiteDocument] = Field(min_length=1, max_length=200)

    @field_validator("categories")
    @classmethod
    def _be_distinct(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.min_age is not None and self.max_age is not None and self.max_age < self.min_age:
            raise ValueError(f"`max_age` {self.max_age} is below `min_age` {self.min_age}")
        if self.cost_amount and self.cost != "paid":
            raise ValueError("`cost_amount` is given, but `cost` is not 'paid'")
        if self.kind == "place" and any(site.mode == "place" for site in self.sites):
            raise ValueError("a place is not at another place; give its own address")
        recurring = sum(len(site.recurrences) for site in self.sites)
        if recurring > MOST_RECURRENCES:
            raise ValueError(
                f"its sites have {recurring} `recurrences`; {MOST_RECURRENCES} are the most. Say "
                "several days in one: FREQ=WEEKLY;BYDAY=MO,TU"
            )
        return self
