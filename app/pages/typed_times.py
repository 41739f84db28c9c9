"""Times and dates as people type them."""

import re
from datetime import date

from app.assets.schedules.model import DAY_MINUTES

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
