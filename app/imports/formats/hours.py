"""When a row says that something is open."""

from typing import NamedTuple

from app.assets.schedules.columns import read_weekday_columns
from app.assets.schedules.loose import read_hours as read_any_hours
from app.assets.schedules.model import Schedule, ScheduleProblem
from app.assets.schedules.writing import write_opening_hours
from app.imports.rows import Draft

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Times(NamedTuple):
    """When, in OpenStreetMap's spelling, and what could not be read as that."""

    opening_hours: str
    words: str


def read_hours(draft: Draft) -> Times:
    """Return when a row's site is open: as times where that is safe, else in its own words."""
    days = {day: draft.get(f"hours_{day}") for day in DAYS}
    words = draft.get("opening_hours") or draft.get("hours_words")
    if words:
        return _write(read_any_hours(words), words)
    if not any(days.values()):
        return Times("", "")
    words = "; ".join(f"{day.capitalize()} {text}" for day, text in days.items() if text)
    try:
        return _write(read_weekday_columns(days), words)
    except ScheduleProblem:
        return Times("", words)


def _write(schedule: Schedule | None, words: str) -> Times:
    if schedule is None or not schedule.rules:
        return Times("", words)
    try:
        return Times(write_opening_hours(schedule), "")
    except ScheduleProblem:
        return Times("", words)
