"""Asking schedules in local time, for tests: the calendar of England, Liverpool's clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.assets.schedules.calendar import OpenState, next_dates, state_at
from app.assets.schedules.model import Schedule, TermDates
from app.assets.schedules.public_holidays import open_holidays

ZONE = ZoneInfo("Europe/London")
ENGLAND = open_holidays("GB", "ENG")
TERMS = TermDates(
    (
        (date(2026, 9, 2), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 4), date(2027, 2, 12)),
    )
)
"""An autumn and half a spring; before and after, nothing is known."""


def at(text: str, fold: int = 0) -> datetime:
    """Return the local time "2026-11-24 10:00"; `fold=1` is the second of two."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold)


def ask(schedule: Schedule, moment: str, terms: TermDates | None = TERMS) -> OpenState:
    """Return what `schedule` says of a local time."""
    return state_at(schedule, at(moment), ZONE, ENGLAND, terms)


def tell(schedule: Schedule, moment: str) -> tuple[str, str | None]:
    """Return the state at a local time, and the local time at which it changes."""
    found = ask(schedule, moment)
    until = None if found.until is None else f"{found.until:%Y-%m-%d %H:%M}"
    return str(found.state), until


def list_sessions(schedule: Schedule, after: str, count: int) -> list[str]:
    """Return the next sessions as "Tue 24 Nov 10:00-12:00"; "?" for an end not stated."""
    found = next_dates(schedule, at(after), count, ZONE, ENGLAND, TERMS)
    return [
        f"{part.start:%a %d %b %H:%M}-{'?' if part.end is None else f'{part.end:%H:%M}'}"
        for part in found
    ]


def list_states(schedule: Schedule, moments: list[datetime]) -> list[str]:
    """Return the state of each moment."""
    return [str(state_at(schedule, m.astimezone(UTC), ZONE, ENGLAND, TERMS).state) for m in moments]
