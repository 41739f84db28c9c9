"""What may be the same thing as one that somebody is about to add, each with its reasons.

From public views only: a hint must not betray what is hidden, nor where something is of which
only the area is told. What those who may see more are shown besides is in `suspecting`.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby, pairwise
from typing import Literal, NamedTuple
from uuid import UUID

from app.areas.service import normalise_postcode
from app.assets import duplicate_queries as queries
from app.assets.schedules.model import WEEKDAYS, ScheduleProblem
from app.assets.schedules.opening_hours import read_opening_hours
from app.core.public_reads import PublicReads, Record
from app.records.alikeness import compare_names, list_common_words, read_name, simplify
from app.records.documents import Point

MOST_SHOWN = 4
LEAST = 4
"""How much must speak for it, in the sum of what its reasons weigh."""

CLOSE_M = 100
_OUTWARD = 3  # letters that the second half of a British postcode has

ReasonKind = Literal[
    "same name", "names alike", "word in common", "words in common", "same postcode",
    "within 100 m", "within 1 km", "postcode begins alike", "same day", "same category",
]  # fmt: skip

_WEIGHTS: dict[ReasonKind, int] = {
    "same name": 4, "names alike": 3, "word in common": 2, "words in common": 3,
    "same postcode": 3, "within 100 m": 3, "within 1 km": 1,
    "postcode begins alike": 1, "same day": 1, "same category": 1,
}  # fmt: skip

_OF_NAME: frozenset[ReasonKind] = frozenset(
    {"same name", "names alike", "word in common", "words in common"}
)
_OF_PLACE: frozenset[ReasonKind] = frozenset({"same postcode", "within 100 m"})


Standing = Literal["public", "private", "waiting"]

_DAYS = {
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR",
    "saturday": "SA", "sunday": "SU",
}  # fmt: skip
"""Days in names, in English as the words that say little."""
_SPOKEN = frozenset({*_DAYS, *(f"{day}s" for day in _DAYS)})
_MOST_WORDS = 5


class Reason(NamedTuple):
    """Why something looks alike; `value` is the word, postcode or day (as in MO) it is about."""

    kind: ReasonKind
    value: str = ""


class Asked(NamedTuple):
    """What is known so far of the thing to add.

    Attributes:
        name: What it is called.
        postcode: As typed, whole or only its beginning; empty where there is none.
        point: Where it is, if that is known.
        days: Weekdays on which it takes place, as in MO.
        categories: Codes of its categories.
    """

    name: str
    postcode: str = ""
    point: Point | None = None
    days: Collection[str] = ()
    categories: Collection[str] = ()


class Suspect(NamedTuple):
    """An asset that may be the same thing.

    Attributes:
        id: Its public id.
        name: What it is called.
        place: The place that it is at, where that is public.
        address: Likewise.
        postcode: Likewise.
        area: Name of its neighbourhood, where only that is public.
        opening_hours: In OpenStreetMap's spelling; empty where not stated.
        hours_words: In words that could not be read.
        reasons: Why, the weightiest first.
        standing: "public"; "private" of what strangers are told less or nothing of, "waiting" of
            what nobody has looked at yet.
    """

    id: UUID
    name: str
    place: str
    address: str
    postcode: str
    area: str
    opening_hours: str
    hours_words: str
    reasons: tuple[Reason, ...]
    standing: Standing = "public"


class Judged(NamedTuple):
    """A suspect with how much speaks for it and how far away it is, where that is known."""

    weight: int
    distance_m: float
    suspect: Suspect


async def find_duplicates(reads: PublicReads, asked: Asked) -> list[Suspect]:
    """Return what may be the same thing, the likeliest first.

    Raises:
        UnavailableError: The database is away.
    """
    return [each.suspect for each in (await judge_public(reads, asked))[:MOST_SHOWN]]


async def judge_public(reads: PublicReads, asked: Asked) -> list[Judged]:
    """Return all public assets that may be the same thing, the likeliest first.

    Raises:
        UnavailableError: The database is away.
    """
    phrases = list_phrases(asked.name)
    if not phrases and asked.point is None:
        return []
    where = (asked.point.lon, asked.point.lat) if asked.point else (None, None)
    async with reads.look() as reader:
        rows = await reader.fetch(queries.CANDIDATES, phrases, *where, float(queries.NEAREST_M))
    return judge(asked, rows)


def judge(asked: Asked, rows: Iterable[Record]) -> list[Judged]:
    """Return what may be the same thing, the likeliest first.

    Args:
        asked: What is known of the thing to add.
        rows: Sites as `duplicate_queries.CANDIDATES` has them, those of one asset together.
    """
    asked = asked._replace(days={*asked.days, *_read_days(asked.name)})
    judged = []
    for _, sites in groupby(rows, key=lambda row: row["public_id"]):
        found = [(_give_reasons(asked, row), row) for row in sites]
        reasons, row = max(found, key=lambda each: _weigh(each[0]))
        if _weigh(reasons) >= LEAST and _is_alike(reasons):
            far = row["distance_m"] or 0.0
            judged.append(Judged(_weigh(reasons), far, _describe(row, reasons)))
    return sort_judged(judged)


def sort_judged(judged: Iterable[Judged]) -> list[Judged]:
    """Return suspects with the likeliest first."""
    return sorted(
        judged,
        key=lambda each: (-each.weight, each.distance_m, each.suspect.name, str(each.suspect.id)),
    )


def list_days(opening_hours: str) -> set[str]:
    """Return the weekdays of hours in OpenStreetMap's spelling; none where they name none."""
    try:
        schedule = read_opening_hours(opening_hours)
    except ScheduleProblem:
        return set()
    days = [day[-2:] for rule in schedule.rules if rule.says == "open" for day in rule.byday]
    return set(days) if set(days) < set(WEEKDAYS) else set()  # every day tells nothing apart


def list_phrases(name: str) -> list[str]:
    """Return what names are searched for: all the telling words, and each two side by side."""
    words = [word for word in read_name(name).core.split() if word not in _DAYS][:_MOST_WORDS]
    pairs = [" ".join(pair) for pair in pairwise(words)]
    return list(dict.fromkeys([" ".join(words), *pairs])) if words else []


def _read_days(name: str) -> set[str]:
    return {_DAYS[word.removesuffix("s")] for word in simplify(name).split() if word in _SPOKEN}


def _give_reasons(asked: Asked, row: Record) -> tuple[Reason, ...]:
    reasons = [
        *_compare_names(asked.name, row["name"]),
        *_compare_places(asked, row),
    ]
    common = set(asked.days) & list_days(row["opening_hours"] or "")
    reasons += [Reason("same day", day) for day in WEEKDAYS if day in common][:1]
    if set(asked.categories) & set(row["categories"]):
        reasons.append(Reason("same category"))
    return tuple(reasons)


def _compare_names(one: str, other: str) -> list[Reason]:
    alike = compare_names(one, other)
    if alike == "same name":
        return [Reason("same name")]
    if words := list_common_words(one, other):
        said = " ".join(_as_written(word, one) for word in words[:3])
        return [
            Reason("word in common" if len(words) == 1 and not alike else "words in common", said)
        ]
    return [Reason("names alike")] if alike else []


def _as_written(word: str, name: str) -> str:
    """Return a word as it stands in a name: with its capitals."""
    pieces = (piece.strip("(),.:;") for piece in name.split())
    return next((each for each in pieces if each.casefold().startswith(word)), word)


def _compare_places(asked: Asked, row: Record) -> list[Reason]:
    theirs, ours = normalise_postcode(row["postcode"] or ""), normalise_postcode(asked.postcode)
    if ours and ours == theirs:
        return [Reason("same postcode", row["postcode"])]
    distance = row["distance_m"]
    if distance is not None and distance <= CLOSE_M:
        return [Reason("within 100 m")]
    if distance is not None and distance <= queries.NEAREST_M:
        return [Reason("within 1 km")]
    outward = theirs[:-_OUTWARD]
    if outward and ours and (ours == outward or ours[:-_OUTWARD] == outward):
        return [Reason("postcode begins alike", outward)]
    return []


def _weigh(reasons: Sequence[Reason]) -> int:
    return sum(_WEIGHTS[each.kind] for each in reasons)


def _is_alike(reasons: Sequence[Reason]) -> bool:
    """Whether it is more than what happens to be near: alike by name, or same place, day, sort."""
    kinds = {each.kind for each in reasons}
    return bool(kinds & _OF_NAME) or (
        bool(kinds & _OF_PLACE) and {"same day", "same category"} <= kinds
    )


def _describe(row: Record, reasons: tuple[Reason, ...]) -> Suspect:
    return Suspect(
        id=row["public_id"],
        name=row["name"],
        place=row["place"] or "",
        address=row["address"] or "",
        postcode=row["postcode"] or "",
        area=row["area"] or "" if row["level"] == "area only" else "",
        opening_hours=row["opening_hours"] or "",
        hours_words=row["hours_words"] or "",
        reasons=reasons,
        standing=row["standing"],
    )
