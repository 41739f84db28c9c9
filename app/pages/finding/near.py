"""What is near: the search of the API, as a page says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.areas.customs import PlaceCustoms, fetch_customs
from app.assets.opening import tell_openings
from app.assets.paging import Address
from app.assets.search import search_assets
from app.assets.search_schemas import LARGEST_RADIUS_M, AssetFilters
from app.assets.showing import list_languages, read_showing_stamp
from app.core.errors import BadRequestError
from app.core.public_reads import PublicReads
from app.pages.cards import Card, Clock, write_cards
from app.pages.finding.asked import (
    DAYS,
    IN_THE_AREA,
    KILOMETRES,
    MINUTES,
    WITHIN,
    Asked,
    Wrong,
    check_asked,
    read_asked,
)
from app.pages.finding.remembering import Memory
from app.pages.finding.where import Found, Here, find_here
from app.taxonomy import service as taxonomy
from app.taxonomy.schemas import CategoryRead

A_PAGE = 20
LARGEST_FIRST = 100_000
WHAT = ("q", "when", "free", "step_free", "language", "age", "category")
"""Fields that ask for what, not where."""


@dataclass(frozen=True)
class Choices:
    """What there is to choose from.

    Attributes:
        categories: By code, in their order.
        languages: Tags of languages that are spoken somewhere.
        customs: How the place reckons.
    """

    categories: Mapping[str, CategoryRead]
    languages: Sequence[str]
    customs: PlaceCustoms


@dataclass(frozen=True)
class Dropped:
    """What would be found without one of the things asked for.

    Attributes:
        field: Which one.
        value: What it was; of `within`, what it would be.
        path: The address without it.
        count: How many would be found.
    """

    field: str
    value: str
    path: str
    count: int


@dataclass(frozen=True)
class Result:
    """A page of the list.

    Attributes:
        cards: The rows.
        matched: How many there are on all pages.
        not_stated: How many more might match, were their hours known; None: hours not asked for.
        is_widened: Whether nothing has the words, and names like them are shown.
        next_path: The address of the next page; '' on the last.
        data_path: The address of the same rows as data.
        dropped: Ways to ask for less, where nothing was found.
        features: The rows as the API sends them.
    """

    cards: Sequence[Card]
    matched: int
    not_stated: int | None
    is_widened: bool
    next_path: str
    data_path: str
    dropped: Sequence[Dropped] = ()
    features: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class NearPage:
    """The page: what was asked, what there is to choose, and the result or what is wrong."""

    asked: Asked
    choices: Choices
    found: Found
    wrong: Sequence[Wrong]
    now: datetime
    result: Result | None = None
    days: Sequence[str] = DAYS
    minutes: Sequence[int] = MINUTES
    kilometres: Sequence[int] = KILOMETRES
    language_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def here(self) -> Here | None:
        """The place that is measured from."""
        return self.found.here

    @property
    def is_question(self) -> bool:
        """Whether it only asks where."""
        return not (self.asked.has_place or self.asked.has_filter or self.wrong)


@dataclass(frozen=True)
class Asking:
    """What a search needs besides the question; `most` is how many rows a page has."""

    session: AsyncSession
    reads: PublicReads
    sessions: async_sessionmaker[AsyncSession]
    memory: Memory
    language: str
    most: int = A_PAGE


async def describe_near(asking: Asking, parameters: Mapping[str, str], now: datetime) -> NearPage:
    """Return the page for an address."""
    asked, wrong = read_asked(parameters)
    choices = await _list_choices(asking)
    local = now.astimezone(ZoneInfo(choices.customs.time_zone))
    problems = [*wrong, *check_asked(asked, choices.categories, choices.languages)]
    found = await find_here(asking.session, asked)
    asked = asked.reaching(is_area=found.here is not None and found.here.area is not None)
    if found.wrong is not None:
        problems.append(found.wrong)
    if parameters and not (asked.has_place or asked.has_filter) and not problems:
        problems.append(Wrong("where", "empty"))
    problems.sort(key=_find_place_on_page)
    page = NearPage(asked, choices, found, problems, local)
    if problems or page.is_question or found.areas:
        return page
    try:
        result = await _search(asking, page)
    except BadRequestError:
        # All else has been checked: an old list's next page.
        if not asked.cursor:
            raise
        return NearPage(asked, choices, found, [Wrong("cursor", "unknown")], local)
    return NearPage(asked, choices, found, (), local, result)


def _find_place_on_page(wrong: Wrong) -> int:
    """Return where the field that a problem is about stands; those that say where come first."""
    order = ("category", "when", "within", "q", "language", "age", "sort", "free", "step_free")
    return order.index(wrong.field) if wrong.field in order else -1


async def _list_choices(asking: Asking) -> Choices:
    async def make() -> Choices:
        categories = await taxonomy.list_categories(asking.session)
        return Choices(
            {each.code: each for each in categories},
            await list_languages(asking.reads),
            await fetch_customs(asking.session),
        )

    stamp = await read_showing_stamp(asking.reads)
    return await asking.memory.recall("choices", stamp, make)


async def _search(asking: Asking, page: NearPage) -> Result:
    asked = page.asked
    moment = _read_moment(asked, page.now)
    filters = write_filters(asked, page.here, moment)
    document = await _ask(asking, filters, asked.cursor, asking.most)
    features = document["features"]
    sites = [UUID(each["properties"]["site_id"]) for each in features]
    openings = await tell_openings(asking.reads, asking.session, sites, page.now)
    first = read_first(asked)
    cards = write_cards(
        features, first, page.choices.categories, openings, Clock(page.now, asking.language)
    )
    following = next((link["href"] for link in document["links"] if link["rel"] == "next"), "")
    next_path = ""
    if following:
        cursor = following.partition("cursor=")[2]
        at = moment.isoformat(timespec="minutes") if asked.when == "now" else ""
        onwards = asked.having(at=at, first=str(first + len(cards)))
        next_path = f"{onwards.path}{'&' if '?' in onwards.path else '?'}cursor={cursor}"
    return Result(
        cards=cards,
        matched=document["number_matched"],
        not_stated=document["not_stated"],
        is_widened=document["note"] is not None,
        next_path=next_path,
        data_path=f"/api/v1/assets?{urlencode(filters)}",
        dropped=() if document["number_matched"] else await _drop(asking, page, moment),
        features=features,
    )


def write_filters(asked: Asked, here: Here | None, moment: datetime) -> list[tuple[str, str]]:
    """Return what the API is asked for the same rows: names and values of its parameters."""
    pairs = {
        "category": asked.category,
        "cost": "free" if asked.free else "",
        "step_free": asked.step_free,
        "language": asked.language,
        "age": asked.age,
        "q": asked.q,
        "bbox": asked.bbox,
        "sort": asked.sort if here or asked.sort != "distance" else "",
    }
    if asked.when == "now":
        pairs["open_at"] = moment.isoformat(timespec="minutes")
    elif asked.when:
        pairs["open_on"] = find_day(asked.when, moment.date()).isoformat()
    if here is not None:
        pairs["near"] = f"{here.point.lon:.6f},{here.point.lat:.6f}"
        is_anywhere = asked.within == IN_THE_AREA or bool(asked.bbox)
        radius = LARGEST_RADIUS_M if is_anywhere else WITHIN[asked.within]
        pairs["radius_m"] = f"{radius:.0f}"
        if here.area is not None and asked.within == IN_THE_AREA and not asked.bbox:
            pairs["area"] = ":".join(here.area)
    return [(name, value) for name, value in pairs.items() if value]


def find_day(weekday: str, today: date) -> date:
    """Return the next such day of the week: today, if it is one."""
    return today + timedelta(days=(DAYS.index(weekday) - today.weekday()) % 7)


def read_first(asked: Asked) -> int:
    """Return the number of the first row; nonsense is the first page."""
    first = int(asked.first) if asked.first.isdecimal() and len(asked.first) < 9 else 1  # noqa: PLR2004
    return first if asked.cursor and 0 < first < LARGEST_FIRST else 1


def _read_moment(asked: Asked, now: datetime) -> datetime:
    """Return the moment that a list is of: that of its first page."""
    if asked.cursor and asked.at:
        try:
            at = datetime.fromisoformat(asked.at)
        except ValueError:
            return now
        return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    return now


async def _ask(
    asking: Asking, pairs: Sequence[tuple[str, str]], cursor: str = "", limit: int = A_PAGE
) -> dict[str, Any]:
    asked: dict[str, Any] = dict(pairs)
    if "category" in asked:
        asked["category"] = [asked["category"]]
    filters = AssetFilters(**asked, limit=limit, cursor=cursor or None)
    answer = await search_assets(
        asking.reads, asking.sessions, filters, Address("/near", list(pairs))
    )
    document: dict[str, Any] = orjson.loads(answer.body)
    return document


async def _drop(asking: Asking, page: NearPage, moment: datetime) -> list[Dropped]:
    """Return ways to ask for less that would find something: one thing fewer, or farther away."""
    asked = page.asked
    found = []
    for name in (*WHAT, "bbox"):
        if value := getattr(asked, name):
            fewer = asked.without(name)
            if fewer.has_place or fewer.has_filter:
                found.append((name, value, fewer))
    if page.here is not None and asked.within != IN_THE_AREA and not asked.bbox:
        wider = [key for key, metres in WITHIN.items() if metres > WITHIN[asked.within]]
        found += [("within", key, asked.having(within=key)) for key in wider]
    ways: list[Dropped] = []
    for name, value, fewer in found:
        if name == "within" and any(way.field == "within" for way in ways):
            break  # the nearest that has any will do
        document = await _ask(asking, write_filters(fewer, page.here, moment), limit=1)
        if document["number_matched"]:
            ways.append(Dropped(name, value, fewer.path, document["number_matched"]))
    if not ways and page.here is not None and asked.has_filter:
        anything = asked.without(*WHAT, "bbox")
        document = await _ask(asking, write_filters(anything, page.here, moment), limit=1)
        if document["number_matched"]:
            ways.append(Dropped("all", "", anything.path, document["number_matched"]))
    return ways
