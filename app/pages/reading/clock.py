"""Times and days as people say them."""

from datetime import date, datetime

from babel.dates import format_date, format_skeleton, format_time

MIDDAY = 12


def write_time(moment: datetime, language: str) -> str:
    """Return the time of day, such as "9 am" or "5:30 pm"; in other languages as they write it."""
    if not language.startswith("en"):
        return format_time(moment, "short", locale=_locale(language))
    if moment.hour in {0, MIDDAY} and moment.minute == 0:
        return "midday" if moment.hour else "midnight"
    hour = moment.hour % MIDDAY or MIDDAY
    half = "am" if moment.hour < MIDDAY else "pm"
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}\N{NO-BREAK SPACE}{half}"


def write_weekday(day: date, language: str) -> str:
    """Return the name of the weekday."""
    return format_date(day, "EEEE", locale=_locale(language))


def write_date(day: date, language: str) -> str:
    """Return weekday, day and month, such as "Friday 4 December"."""
    if language.startswith("en"):
        return format_date(day, "EEEE d MMMM", locale=_locale(language))
    return format_skeleton("MMMEd", day, locale=_locale(language))


def _locale(language: str) -> str:
    return language.replace("-", "_")
