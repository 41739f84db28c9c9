"""When a row says that something is open."""

from typing import NamedTuple

from app.imports.rows import Draft

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Times(NamedTuple):
    """When, in OpenStreetMap's spelling, and what could not be read as that."""

    opening_hours: str
    words: str


def read_hours(draft: Draft) -> Times:
    """Return when a row's site is open: as times where that is safe, else in its own words."""
    days = {day: draft.get(f"hours_{day}") for day in DAYS}
    words = draft.get("hours_words")
    if not words and any(days.values()):
        words = "; ".join(f"{day.capitalize()} {text}" for day, text in days.items() if text)
    return Times(draft.get("opening_hours"), words)
