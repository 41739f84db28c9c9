"""Times of day and weekdays as people say them."""

from datetime import datetime, timedelta

from babel.dates import format_date, format_time


def write_clock(moment: datetime, language: str) -> str:
    """Return a time of day as the clock of `moment` shows it: "8 pm", "8.30 pm", "noon"."""
    locale = language.replace("-", "_")
    if language.partition("-")[0] != "en":
        return format_time(moment, "short", locale=locale)
    if (moment.hour, moment.minute) == (12, 0):
        return "noon"
    if (moment.hour, moment.minute) == (0, 0):
        return "midnight"
    half = "am" if moment.hour < 12 else "pm"  # noqa: PLR2004 - noon
    minutes = f".{moment.minute:02}" if moment.minute else ""
    return f"{(moment.hour - 1) % 12 + 1}{minutes}\N{NO-BREAK SPACE}{half}"


def write_now(moment: datetime, language: str) -> str:
    """Return a day of this year with a time: "Monday 23 November, 2.10 pm"."""
    locale = language.replace("-", "_")
    pattern = "EEEE d MMMM" if language.partition("-")[0] == "en" else "full"
    return f"{format_date(moment, pattern, locale=locale)}, {write_clock(moment, language)}"


def write_weekday(moment: datetime, language: str) -> str:
    """Return the name of the day of the week, as it stands in a sentence."""
    return format_date(moment, "EEEE", locale=language.replace("-", "_"))


def count_nights(now: datetime, then: datetime) -> int:
    """Return how many midnights lie between two moments, on the clock of `then`.

    What ends in the small hours still belongs to the evening before.
    """
    until = then if then.hour >= 5 else then - timedelta(hours=5)  # noqa: PLR2004 - dawn
    return (until.date() - now.astimezone(then.tzinfo).date()).days
