"""What the templates of these pages call: times, prices and names in the visitor's language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from app.assets.hours import Day, Session, SiteHours, lasts_over_midnight
from app.pages.paths import write_area_path, write_asset_path, write_organisation_path
from app.pages.reading.clock import write_date, write_time, write_weekday

LONGEST_WEB_NAME = 60
METRES_A_KM = 1000
TEN_M = 10
WHOLE_DAY = timedelta(days=1)


class Named(Protocol):
    """An area, perhaps without a name."""

    code: str

    @property
    def name(self) -> str | None:
        """What it is called."""


class DayLine(NamedTuple):
    """Days one after the other of which the same is said."""

    first: date
    last: date
    says: str
    sessions: Sequence[Session]


def list_words(language: str, currency: str = "") -> Mapping[str, Callable[..., Any]]:
    """Return the functions, by the names that templates call them.

    Args:
        language: The visitor's, by its tag.
        currency: Of prices, by ISO 4217; '' where it is not known.
    """
    return {
        "clock": lambda moment: write_time(moment, language),
        "minute_words": lambda minute: write_time(_at_minute(minute), language),
        "weekday": lambda day: write_weekday(day, language),
        "date_words": lambda day: write_date(day, language),
        "until_words": lambda moment: _write_until(moment, language),
        "opens_when": lambda moment: _find_opening(moment, language),
        "money": lambda amount: _write_money(amount, currency, language),
        "name_languages": lambda tags: ", ".join(name_language(tag, language) for tag in tags),
        "name_areas": _name_areas,
        "join_words": lambda words: format_list(
            [str(each) for each in words], style="or", locale=language.replace("-", "_")
        ),
        "distance": lambda metres: _write_distance(metres, language),
        "join_days": join_days,
        "over_midnight": lasts_over_midnight,
        "is_all_day": _is_all_day,
        "is_all_week": _is_all_week,
        "paragraphs": lambda text: [each for part in text.split("\n") if (each := part.strip())],
        "dialled": lambda number: "".join(c for c in number if c.isdigit() or c == "+"),
        "mail_address": lambda address: quote(address, safe="@"),
        "is_web": lambda address: address.startswith(("https://", "http://")),
        "web_name": _name_web,
        "moment_day": lambda moment, zone: moment.astimezone(ZoneInfo(zone)).date().isoformat(),
        "asset_path": write_asset_path,
        "organisation_path": write_organisation_path,
        "area_path": write_area_path,
    }


def name_language(tag: str, language: str) -> str:
    """Return what a language is called in another; its tag where nobody knows."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return tag
    return name or tag


def join_days(days: Iterable[Day]) -> list[DayLine]:
    """Return days with those one after the other joined that say the same, never today's."""
    lines: list[DayLine] = []
    for each in days:
        line = DayLine(each.day, each.day, each.says, each.sessions)
        before = lines[-1] if len(lines) > 1 else None
        if before is not None and _say(before) == _say(line):
            lines[-1] = before._replace(last=each.day)
        else:
            lines.append(line)
    return lines


def _say(line: DayLine) -> tuple[object, ...]:
    """Return what is said of a day, whichever it is."""
    told = [
        (
            each.start.time(),
            None if each.end is None else each.end.time(),
            None if each.end is None else each.end.date() - each.start.date(),
            each.may_go_on,
            each.is_doubtful,
            each.words,
        )
        for each in line.sessions
    ]
    return (line.says, *told)


def _is_all_day(session: Session) -> bool:
    if session.end is None or session.start.time() != time():
        return False
    return session.end.replace(tzinfo=None) - session.start.replace(tzinfo=None) == WHOLE_DAY


def _is_all_week(hours: SiteHours) -> bool:
    return bool(hours.week) and all(
        len(day.sessions) == 1 and _is_all_day(day.sessions[0]) for day in hours.week
    )


def _at_minute(minute: int) -> datetime:
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)


def _find_opening(moment: datetime, language: str) -> tuple[str, str]:
    """Return whether a moment is today or tomorrow, else its day in words; and its time."""
    ahead = (moment.date() - datetime.now(UTC).astimezone(moment.tzinfo).date()).days
    near = {0: "today", 1: "tomorrow"}
    write = write_weekday if ahead < 7 else write_date  # noqa: PLR2004 - days of a week
    return near.get(ahead) or write(moment, language), write_time(moment, language)


def _write_until(moment: datetime, language: str) -> str:
    """Return a time with its day, unless that is today or the small hours of tonight."""
    now = datetime.now(UTC).astimezone(moment.tzinfo)
    ahead = (moment.date() - now.date()).days
    said = write_time(moment, language)
    if ahead == 0 or (ahead == 1 and moment.time() < time(6) and now.time() >= time(12)):
        return said
    if ahead == 1:
        tomorrow = "tomorrow" if language.startswith("en") else write_weekday(moment, language)
        return f"{tomorrow} {said}"
    if ahead < 7:  # noqa: PLR2004 - days of a week
        return f"{write_weekday(moment, language)} {said}"
    return f"{write_date(moment, language)} {said}"


def _write_money(amount: Decimal, currency: str, language: str) -> str:
    locale = language.replace("-", "_")
    if not currency:
        return format_decimal(amount, locale=locale)
    return format_currency(amount, currency, locale=locale)


def _write_distance(metres: float, language: str) -> str:
    """Return tens of metres below a kilometre, else kilometres with one decimal."""
    locale = language.replace("-", "_")
    if metres < METRES_A_KM:
        return f"{max(TEN_M, round(metres / TEN_M) * TEN_M)}\N{NO-BREAK SPACE}m"
    return f"{format_decimal(round(metres / METRES_A_KM, 1), locale=locale)}\N{NO-BREAK SPACE}km"


def _name_areas(areas: Iterable[Named]) -> str:
    return ", ".join(dict.fromkeys(area.name or area.code for area in areas))


def _name_web(address: str) -> str:
    """Return a web address as people say it: without scheme, www and a bare slash at the end."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or address).removeprefix("www.")
    except ValueError:
        return address
    name = f"{host}{parts.path.rstrip('/')}"
    return (
        name
        if len(name) <= LONGEST_WEB_NAME
        else f"{name[: LONGEST_WEB_NAME - 1]}\N{HORIZONTAL ELLIPSIS}"
    )


__all__ = ["DayLine", "join_days", "list_words", "name_language"]
