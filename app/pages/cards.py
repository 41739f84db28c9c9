"""What the list says of each asset: one card a row of the search."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.assets.opening import SiteOpening
from app.assets.reading_schemas import FreshnessRead
from app.pages.clock_words import count_nights, write_clock, write_weekday
from app.pages.freshness import Stamp, describe_freshness
from app.pages.paths import write_asset_path
from app.pages.signs import Sign, find_sign
from app.records.vocabulary import Aspect
from app.taxonomy.schemas import CategoryRead

METRES_A_MINUTE = 80.0
"""Walked: 4.8 km an hour."""

DETOUR = 1.3
"""How much longer streets are than the straight line."""

LONGEST_WALK_MIN = 60
"""Farther away, minutes on foot are of no use."""


@dataclass(frozen=True)
class OpenWords:
    """Whether it is open, in parts of a sentence.

    Attributes:
        about: `open`, `closed`, `not stated`.
        clock: When that changes; '' where it does not within a week, or is not known.
        day: The weekday of that, unless it is today; '' else.
        nights: How many nights off that is.
        is_doubted: Whether somebody found the hours to be wrong.
    """

    about: str
    clock: str = ""
    day: str = ""
    nights: int = 0
    is_doubted: bool = False


@dataclass(frozen=True)
class Card:
    """One row of the list.

    Attributes:
        number: Its number in the list and on the map.
        id: Its public id.
        path: Of its page.
        name: What it is called.
        sign: Of its main category.
        what: Its main category.
        runner: Who runs it; '' for nobody in particular.
        metres: How far away, rounded; None where that is not told.
        minutes: On foot; None where that is not told, or too far.
        area: Where it is, of one told by area only.
        opening: Whether it is open.
        hours_words: Hours that could not be read as times.
        cost: `free`, `paid`, `donation` or `not stated`.
        cost_words: What it costs, in words.
        cost_amount: What it costs; None where that is not told.
        min_age: The youngest it is for; None where that is not told.
        max_age: The oldest.
        alert: A warning that stands in front of everything else.
        stamp: How fresh this is.
        lon: Of its point; None where there is none.
        lat: Of its point.
    """

    number: int
    id: UUID
    path: str
    name: str
    sign: Sign
    what: str
    runner: str
    metres: int | None
    minutes: int | None
    area: str
    opening: OpenWords
    hours_words: str
    cost: str
    cost_words: str
    cost_amount: float | None
    min_age: int | None
    max_age: int | None
    alert: str
    stamp: Stamp
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Clock:
    """The moment that a list is of.

    Attributes:
        now: On the clock of the place.
        language: Of the words.
    """

    now: datetime
    language: str


def write_cards(
    features: Sequence[Mapping[str, Any]],
    first: int,
    categories: Mapping[str, CategoryRead],
    openings: Mapping[UUID, SiteOpening],
    clock: Clock,
) -> list[Card]:
    """Return the cards of the rows of a search.

    Args:
        features: As `/api/v1/assets` sends them.
        first: The number of the first.
        categories: By code.
        openings: What is known of their sites at the moment of `clock`, by the sites' public ids.
        clock: The moment, and the language of its words.
    """
    return [
        _write_card(each, number, categories, openings, clock)
        for number, each in enumerate(features, first)
    ]


def _write_card(
    feature: Mapping[str, Any],
    number: int,
    categories: Mapping[str, CategoryRead],
    openings: Mapping[UUID, SiteOpening],
    clock: Clock,
) -> Card:
    said = feature["properties"]
    category = next((categories[code] for code in said["categories"] if code in categories), None)
    freshness = [FreshnessRead(**each) for each in said["freshness"]]
    metres = said["distance_m"]
    lon, lat = (feature["geometry"] or {"coordinates": (None, None)})["coordinates"]
    is_doubted = any(each.aspect is Aspect.HOURS and not each.is_right for each in freshness)
    return Card(
        number=number,
        id=UUID(feature["id"]),
        path=write_asset_path(feature["id"], said["name"]),
        name=said["name"],
        sign=find_sign(category),
        what=category.name if category else "",
        runner=(said["organisation"] or {}).get("name", ""),
        metres=None if metres is None else round_metres(metres),
        minutes=None if metres is None else count_minutes(metres),
        area=(said["area"] or {}).get("name", "") if said["visibility"] == "area only" else "",
        opening=_tell_opening(openings.get(UUID(said["site_id"])), is_doubted, clock),
        hours_words=said["hours_words"] or "",
        cost=said["cost"],
        cost_words=said["cost_words"] or "",
        cost_amount=None if said["cost_amount"] is None else float(said["cost_amount"]),
        min_age=said["min_age"],
        max_age=said["max_age"],
        alert=said["alert"] or "",
        stamp=describe_freshness(freshness, said["source"]),
        lon=lon,
        lat=lat,
    )


def count_minutes(metres: float) -> int | None:
    """Return minutes on foot for a straight distance, rounded up; None where it is too far."""
    minutes = max(1, math.ceil(round(metres * DETOUR / METRES_A_MINUTE, 6)))
    return minutes if minutes <= LONGEST_WALK_MIN else None


def round_metres(metres: float) -> int:
    """Return a distance to ten metres, and from a kilometre on to a hundred."""
    step = 10 if metres < 995 else 100  # noqa: PLR2004 - 995 m are 1.0 km
    return max(10, round(metres / step) * step)


def _tell_opening(found: SiteOpening | None, is_doubted: bool, clock: Clock) -> OpenWords:  # noqa: FBT001
    if found is None:
        return OpenWords("not stated")
    about = str(found.state)
    until = found.until
    nights = count_nights(clock.now, until) if until is not None else 0
    is_told = about == "open" or (about == "closed" and found.opens)
    if until is None or not is_told or nights > 6:  # noqa: PLR2004 - a week
        return OpenWords(about, is_doubted=is_doubted)
    return OpenWords(
        about,
        write_clock(until, clock.language),
        write_weekday(until, clock.language) if nights else "",
        nights,
        is_doubted,
    )
