"""Hours as people type them in English, cut into the words that matter.

Nothing is guessed: a word that is not known here makes the whole text unread.
"""

import html
import re
from dataclasses import dataclass
from typing import Literal

from app.assets.schedules.model import DAY_MINUTES, WEEKDAYS

WordKind = Literal["days", "times", "closed", "limit", "doubt", "colon", "break"]
Limit = Literal["", "term only", "holidays only"]

_DAY = (
    r"(?:mon(?:day)?|tues?(?:day)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)s?\b"
)
_TIME = (
    r"(?:(?:12\s*)?(?:noon|mid-?day)|(?:12\s*)?midnight"
    r"|\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\b\.?)|\d{1,2}[:.]\d{2}|\d{1,2})(?:hrs|h)?"
)
_TO = r"\s*(?:-|to|until|till|til)\s*"
_ORDINAL = r"(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|last)"
_MONTHLY = r"(?:\s+(?:of|in|every)?\s*(?:the|each|every|a)?\s*(?:calendar\s+)?month(?:ly)?)"
_HOLIDAYS_OFF = (
    r"(?:except|excluding|excl\.?|not|closed)(?:\s+(?:on|for|all))?\s+"
    r"(?:bank|public)(?:\s+holidays?)"
)
_TERM = (
    r"(?:during\s+|in\s+)?(?:school\s+)?term[\s-]*time(?:s)?(?:\s+only)?"
    r"|during\s+(?:school\s+)?term(?:\s+only)?"
    r"|(?:except|excluding|not)(?:\s+(?:in|during|on))?\s+(?:the\s+)?school\s+holidays"
)
_VACATION = r"(?:during|in)\s+(?:the\s+)?school\s+holidays(?:\s+only)?|school\s+holidays\s+only"
_DOUBT = (
    rf"(?:every|each)\s+(?:other|second|2nd|two)\s+(?:weeks?|{_DAY})(?!{_MONTHLY})"
    rf"|alternate\s+(?:weeks?|{_DAY})|fortnightly|monthly|bi-?weekly"
    r"|(?:on\s+)?a\s+fortnightly\s+basis|every\s+fortnight"
)
_COUNTED = (
    rf"(?:every\s+|each\s+)?(?:the\s+)?{_ORDINAL}"
    rf"(?:\s*(?:,|and|&|\+)\s*(?:the\s+)?{_ORDINAL})*\s+{_DAY}(?:{_MONTHLY})?\b"
)
_FILLER_WORDS = "and|weekly|on|open|opening|hours|times?|every|each|from|at|is|are|we|the"
_FILLER = rf"(?:(?:{_FILLER_WORDS})(?![a-z])|[&/+:-])"
_PATTERNS = {
    "holidays_off": _HOLIDAYS_OFF,
    "term": _TERM,
    "vacation": _VACATION,
    "doubt": _DOUBT,
    "ordinal": _COUNTED,
    "everyday": r"daily|every\s*day|(?:7|seven)\s+days(?:\s+(?:a|per)\s+week)?|all\s+week",
    "weekdays": r"weekdays",
    "weekends": r"weekends",
    "range": rf"{_DAY}{_TO}{_DAY}",
    "day": _DAY,
    "always": r"24/7|24\s*hours",
    "times": (
        rf"(?:between\s+{_TIME}\s+and\s+|(?:from\s+|between\s+)?{_TIME}{_TO}){_TIME}(?![\d:])"
    ),
    "closed": r"closed\b",
}
"""What is looked for, in this order; each has to begin where a word does."""
_BREAK = r"[,;.|\n]+"
_WORD = re.compile(
    "|".join(
        [
            *(f"(?P<{name}>(?<![a-z0-9])(?:{text}))" for name, text in _PATTERNS.items()),
            f"(?P<filler>{_FILLER})",
            f"(?P<break>{_BREAK})",
        ]
    )
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?")
_ORDINALS = {
    "1st": "1", "first": "1", "2nd": "2", "second": "2", "3rd": "3", "third": "3",
    "4th": "4", "fourth": "4", "5th": "5", "fifth": "5", "last": "-1",
}  # fmt: skip
_TAGS = re.compile(r"<[^>]*>")
_DASHES = re.compile("[‐‑‒–—−]")
NOON = 12 * 60
EARLY = 7 * 60
"""Before that, 24 hours on the clock are seldom meant, even where they are written."""
MORNING = 9 * 60
"""From then on a time without am or pm is one of the morning: nothing begins at nine at night."""
LATE = 13 * 60


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that a text says.

    Attributes:
        kind: What sort of thing.
        days: BYDAY values of days; "PH" for public holidays.
        times: Start and end in minutes; both None for all day.
        text: As written; a limit is one of `Limit`.
    """

    kind: WordKind
    text: str
    days: tuple[str, ...] = ()
    times: tuple[int | None, int | None] = (None, None)


def cut_into_words(text: str) -> list[Word] | None:
    """Return what `text` says, in order; None where any of it is not understood."""
    plain = html.unescape(_TAGS.sub("\n", text)).replace("\u00a0", " ").lower()
    plain = re.sub(r"[ \t()\u202f]+", " ", _DASHES.sub("-", plain)).strip()
    words: list[Word] = []
    place = 0
    while place < len(plain):
        if plain[place] in " \r":
            place += 1
            continue
        found = _WORD.match(plain, place)
        if found is None or found.lastgroup is None:
            return None
        made = make_words(found.lastgroup, found[0])
        if made is None:
            return None
        words += made
        place = found.end()
    return words


def make_words(group: str, text: str) -> list[Word] | None:
    """Return what one match says; None where it is in doubt."""
    if group == "times":
        times = read_times(text)
        return None if times is None else [Word("times", text, times=times)]
    if group == "doubt":
        return make_doubt(text)
    if group == "ordinal":
        return make_counted(text)
    return make_plain(group, text)


def make_plain(group: str, text: str) -> list[Word]:
    """Return what a match says that leaves no doubt."""
    plain = {
        "filler": [Word("colon", text)] if text == ":" else [],
        "term": [Word("limit", "term only")],
        "vacation": [Word("limit", "holidays only")],
        "holidays_off": [Word("closed", text, days=("PH",))],
        "closed": [Word("closed", text)],
        "break": [Word("break", text)],
        "always": [Word("times", text)],
    }
    if text == "24/7":
        return [Word("days", text, days=WEEKDAYS), Word("times", text)]
    return plain[group] if group in plain else [Word("days", text, days=name_days(group, text))]


def name_days(group: str, text: str) -> tuple[str, ...]:
    """Return the weekdays that a word for days means."""
    if group == "everyday":
        return WEEKDAYS
    if group == "weekdays":
        return WEEKDAYS[:5]
    if group == "weekends":
        return WEEKDAYS[5:]
    names = [find_weekday(name) for name in re.findall(_DAY, text)]
    if group == "day":
        return (WEEKDAYS[names[0]],)
    first, last = names
    return tuple(WEEKDAYS[(first + step) % 7] for step in range((last - first) % 7 + 1))


def find_weekday(name: str) -> int:
    """Return the number of a weekday by its first two letters."""
    return WEEKDAYS.index(name[:2].upper())


def make_doubt(text: str) -> list[Word]:
    """Return words for "every other Thursday": the day, and that not every one is meant."""
    day = re.search(rf"{_DAY}$", text)
    doubt = Word("doubt", text)
    if day is None:
        return [doubt]
    return [Word("days", text, days=(WEEKDAYS[find_weekday(day[0])],)), doubt]


def make_counted(text: str) -> list[Word] | None:
    """Return words for "1st and 3rd Tuesday of the month".

    "Every 2nd Thursday" may be one a month or every other week, so that it stays in doubt.
    """
    names = re.findall(_DAY, text)
    weekday = WEEKDAYS[find_weekday(names[-1])]
    numbers = re.findall(_ORDINAL, text)
    if text.startswith(("every", "each")) and "month" not in text and len(numbers) == 1:
        return [Word("days", text, days=(weekday,)), Word("doubt", text)]
    days = tuple(f"{_ORDINALS[number]}{weekday}" for number in numbers)
    return [Word("days", text, days=days)]


def read_times(text: str) -> tuple[int, int] | None:
    """Return start and end in minutes; None where morning or afternoon is in doubt."""
    plain = re.sub(r"^(?:from|between)\s+", "", text)
    plain = re.sub(r"(?:12\s*)?(?:noon|mid-?day)", "12:00pm", plain)
    plain = re.sub(r"(?:12\s*)?midnight", "12:00am", plain)
    if re.search(r"\b12(?:[:.]00)?\s*a", text) and not re.search(r"p.*\D12", text):
        return None  # "10am-12am", "12am-4pm": noon is often meant
    clocks = _CLOCK.findall(plain)
    if len(clocks) != 2:  # noqa: PLR2004 - start and end
        return None
    (hour, minute, half), (last_hour, last_minute, last_half) = clocks
    if not (half or last_half):
        return read_plain_times(plain, clocks)
    end = read_clock(last_hour, last_minute, last_half or "")
    start = read_clock(hour, minute, half or "")
    if half and start is not None and not last_half:
        end = find_later(start, last_hour, last_minute)
    if last_half and end is not None and not half:
        start = find_earlier(end, hour, minute)
    if start is None or end is None or start == end:
        return None
    return start, end if end > start else end + DAY_MINUTES


def read_plain_times(text: str, clocks: list[tuple[str, str, str]]) -> tuple[int, int] | None:
    """Return times without am and pm, where they can only be of 24 hours.

    That is: with an end of 13:00 or later; or in a morning, which "7 - 9" need not be.
    "09:00 - 05:00" nearly always means five in the afternoon, and "02:00 - 04:00" two: they are
    left in doubt, as is every end that would be after the start with twelve hours more.
    """
    (hour, minute, _), (last_hour, last_minute, _) = clocks
    start, end = read_clock(hour, minute, ""), read_clock(last_hour, last_minute, "")
    if start is None or end is None or start == end:
        return None
    full = re.fullmatch(r"\D*\d\d[:.]\d\d\D+\d\d[:.]\d\d\D*", text) is not None
    if end < start:
        return (start, end + DAY_MINUTES) if full and end + NOON <= start else None
    is_late = end >= LATE and (full or start >= EARLY)
    is_morning = start >= (EARLY if full else MORNING) and end < LATE
    return (start, end) if is_late or is_morning else None


def read_clock(hour: str, minute: str, half: str) -> int | None:
    """Return minutes after midnight; None where there is no such time."""
    hours, minutes = int(hour), int(minute or 0)
    if minutes > 59 or hours > 24 or (half and not 1 <= hours <= 12):  # noqa: PLR2004 - a clock
        return None
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    total = hours * 60 + minutes
    return total if total < DAY_MINUTES else None


def find_later(start: int, hour: str, minute: str) -> int | None:
    """Return the first time after `start` that a clock of 12 hours shows as `hour`."""
    end = read_clock(hour, minute, "")
    if end is None:
        return None
    if int(hour) > 12 or end > start:  # noqa: PLR2004 - hours of a clock
        return end
    later = end + NOON
    return later if start < later < DAY_MINUTES else None


def find_earlier(end: int, hour: str, minute: str) -> int | None:
    """Return the last time before `end` that a clock of 12 hours shows as `hour`."""
    if not 1 <= int(hour) <= 12:  # noqa: PLR2004 - hours of a clock
        return read_clock(hour, minute, "")
    morning = read_clock(hour, minute, "a")
    evening = read_clock(hour, minute, "p")
    before = [time for time in (morning, evening) if time is not None and time < end]
    return max(before, default=None)
