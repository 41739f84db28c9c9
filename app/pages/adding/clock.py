"""Times and dates as people type them, and times as they read them."""

import re
from collections.abc import Sequence
from datetime import date, time
from itertools import groupby

from babel.dates import format_date, format_time, get_day_names

from app.assets.schedules.model import DAY_MINUTES, Rule, ScheduleProblem
from app.assets.schedules.opening_hours import read_opening_hours

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
NOON = 12 * 60

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[.:h]\s*(?P<minute>\d{2}))?\s*(?P<half>a\.?m\.?|p\.?m\.?|noon)?",
    re.ASCII | re.IGNORECASE,
)
_NAMED = {"noon": NOON, "midday": NOON, "12 noon": NOON, "midnight": 0, "12 midnight": 0}
_EARLIEST_PLAIN = 7
"""From which hour on a plain number before noon is taken for the morning."""

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WRITTEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class AmbiguousTimeError(ValueError):
    """A time that may be one of the morning or of the afternoon."""


def read_clock(text: str) -> int:
    """Return a time of day in minutes after midnight.

    Raises:
        AmbiguousTimeError: A plain "2" may be 2 am or 2 pm.
        ValueError: It is none.
    """
    plain = " ".join(text.lower().split())
    if plain in _NAMED:
        return _NAMED[plain]
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").replace(".", "")
    if minute > 59 or hour > 24 or (hour == 24 and minute):  # noqa: PLR2004 - of a clock
        raise ValueError(text)
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - of a clock
            raise ValueError(text)
        return hour % 12 * 60 + minute + (0 if half == "am" else NOON)
    if 0 < hour < _EARLIEST_PLAIN and not plain.startswith("0"):
        raise AmbiguousTimeError(text)
    return hour % 24 * 60 + minute


def read_date(text: str) -> tuple[date, str] | None:
    """Return the date that a line begins with or holds, and the rest of it; None: there is none.

    Raises:
        ValueError: There is no such day, such as 31 February.
    """
    for pattern, order in ((_ISO, (0, 1, 2)), (_NUMBERS, (2, 1, 0)), (_WRITTEN, (2, 1, 0))):
        if found := pattern.search(text):
            parts = found.groups()
            month = parts[order[1]]
            number = int(month) if month.isdigit() else _find_month(month)
            day = date(int(parts[order[0]]), number, int(parts[order[2]]))
            return day, f"{text[: found.start()]} {text[found.end() :]}".strip(" ,:-–—")
    return None


def _find_month(name: str) -> int:
    for number, month in enumerate(_MONTHS, 1):
        if month.startswith(name.lower()[:9]):
            return number
    raise ValueError(name)


def write_minute(minute: int) -> str:
    """Return minutes after midnight as 09:30; the midnight that ends a day as 24:00."""
    if minute == DAY_MINUTES:
        return "24:00"
    return f"{minute % DAY_MINUTES // 60:02d}:{minute % 60:02d}"


def say_clock(minute: int, language: str) -> str:
    """Return a time of day as people read it: 9.30 am in English."""
    minute %= DAY_MINUTES
    if not language.startswith("en"):
        moment = time(minute // 60, minute % 60)
        return format_time(moment, "short", locale=language.replace("-", "_"))
    if minute % NOON == 0:
        return "12 noon" if minute else "midnight"
    hour, rest = minute // 60, minute % 60
    half = "am" if minute < NOON else "pm"
    return f"{(hour - 1) % 12 + 1}{f'.{rest:02d}' if rest else ''} {half}"


def say_hours(opening_hours: str, language: str, *, is_brief: bool = False) -> list[str]:
    """Return what hours mean, a line for each times of day; as written where that is no week.

    Args:
        opening_hours: As they are kept.
        language: The visitor's.
        is_brief: Say nothing of being closed on public or school holidays.
    """
    try:
        rules = read_opening_hours(opening_hours).rules
        if is_brief:
            rules = tuple(rule for rule in rules if not _is_holiday(rule))
        return _say_rules(rules, language)
    except ScheduleProblem:
        return [opening_hours]


def _say_rules(rules: Sequence[Rule], language: str) -> list[str]:
    plain = [
        rule.says == "open" and rule.season is None and not rule.weeks and not rule.bymonth
        and not rule.bymonthday and rule.public_holidays == "as usual" and rule.interval == 1
        and rule.opens_minute is not None and all(len(day) == 2 for day in rule.byday)  # noqa: PLR2004 - letters of a weekday
        and (bool(rule.byday) or rule.valid_from == rule.valid_to is not None)
        for rule in rules
    ]  # fmt: skip
    if not rules or not all(plain):
        raise ScheduleProblem("It is more than a week.")
    said = [(_say_days(rule, language), _say_times(rule, language), rule.terms) for rule in rules]
    lines = []
    for (times, _), group in groupby(said, key=lambda each: (each[1], each[2])):
        days = list(dict.fromkeys(each[0] for each in group))
        lines.append(f"{_join(days)}, {times}")
    return lines


def _is_holiday(rule: Rule) -> bool:
    """Return whether a rule only says that it is closed on some holidays."""
    is_of_holidays = rule.public_holidays == "only" or rule.terms == "holidays only"
    return rule.says == "closed" and is_of_holidays


def _say_days(rule: Rule, language: str) -> str:
    locale = language.replace("-", "_")
    if rule.valid_from is not None and not rule.byday:
        return format_date(rule.valid_from, "full", locale=locale)
    names = get_day_names("wide", locale=locale)
    numbers = sorted(DAYS.index(day.lower()) for day in rule.byday)
    is_run = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))  # noqa: PLR2004 - a pair is no run
    if is_run:
        return f"{names[numbers[0]]}–{names[numbers[-1]]}"
    return _join([names[number] for number in numbers])


def _say_times(rule: Rule, language: str) -> str:
    begins = say_clock(rule.opens_minute or 0, language)
    if rule.closes_minute is None:
        return begins
    return f"{begins}–{say_clock(rule.closes_minute, language)}"


def _join(words: Sequence[str]) -> str:
    return ", ".join(words)
