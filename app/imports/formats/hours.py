"""When a row says that something is open."""

from typing import NamedTuple

from app.assets.schedules.columns import read_weekday_columns
from app.assets.schedules.loose import read_hours as read_any_hours
from app.assets.schedules.model import Schedule, ScheduleProblem
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.writing import write_opening_hours
from app.imports.rows import Draft

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Times(NamedTuple):
    """When, in OpenStreetMap's spelling, and what could not be read as that."""

    opening_hours: str
    words: str


def read_hours(draft: Draft) -> Times:
    """Return when a row's site is open: as times where that leaves no doubt, else in its own words.

    The row's `opening_hours` come before its columns by weekday, and these before its words.
    """
    stated = draft.get("opening_hours")
    if stated and _is_readable(stated):
        return Times(stated, "")
    days = {day: text for day in DAYS if (text := draft.get(f"hours_{day}"))}
    if days:
        words = "; ".join(f"{day.capitalize()} {text}" for day, text in days.items())
        try:
            return _write(read_weekday_columns(days), words)
        except ScheduleProblem:
            return Times("", words)
    words = "; ".join(text for text in (stated, draft.get("hours_words")) if text)
    return _write(read_any_hours(words), words)


def _is_readable(text: str) -> bool:
    try:
        read_opening_hours(text)
    except ScheduleProblem:
        return False
    return True


def _write(schedule: Schedule | None, words: str) -> Times:
    """Return a schedule as text; the words where that cannot be written."""
    try:
        written = write_opening_hours(schedule) if schedule and schedule.rules else ""
    except ScheduleProblem:
        written = ""
    return Times(written, "" if written else words)
