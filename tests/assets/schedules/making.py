"""Rules and schedules of every sort, for tests that hold whatever the schedule."""

from datetime import date, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from app.assets.schedules.model import (
    WEEKDAYS,
    MonthDay,
    Rule,
    Says,
    Schedule,
    ScheduleException,
    Season,
)
from tests.assets.schedules.asking import ZONE

FORTNIGHTS = (date(2026, 10, 18), date(2026, 12, 20), date(2027, 3, 20))
"""Around the end of summer time, Christmas, and the start of summer time with Easter."""
HOURS = st.integers(0, 23).map(lambda hour: hour * 60)
LENGTHS = st.integers(1, 24).map(lambda hour: hour * 60)
WINTER_DATES = st.dates(date(2026, 10, 1), date(2027, 4, 10))
MONTH_DAYS = st.sampled_from([MonthDay(1, 5), MonthDay(3, 26), MonthDay(10, 24), MonthDay(12, 24)])


def list_moments() -> list[datetime]:
    """Return every half past of the fortnights, in local time."""
    noons = [datetime(day.year, day.month, day.day, 12, 30, tzinfo=ZONE) for day in FORTNIGHTS]
    starts = [noon.timestamp() - 12 * 3600 for noon in noons]
    return [
        datetime.fromtimestamp(start, ZONE) + timedelta(hours=hour)
        for start in starts
        for hour in range(14 * 24)
    ]


@st.composite
def times(draw: st.DrawFn) -> dict[str, Any]:
    """Return a whole day, a stretch, one that may go on, or one without an end."""
    kind = draw(st.sampled_from(["day", "stretch", "stretch", "stretch", "longer", "start"]))
    if kind == "day":
        return {}
    opens = draw(HOURS)
    if kind == "start":
        return {"opens_minute": opens}
    closes = min(opens + draw(LENGTHS), 2880)
    return {"opens_minute": opens, "closes_minute": closes, "open_ended": kind == "longer"}


@st.composite
def recurrences(draw: st.DrawFn) -> dict[str, Any]:
    """Return RFC 5545 parts that opening_hours has words for, mostly."""
    kind = draw(st.sampled_from(["daily", "weekly", "weekly", "counted", "dates", "weeks"]))
    byday = tuple(draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True)))
    months = tuple(draw(st.lists(st.integers(1, 12), max_size=3, unique=True)))
    if kind == "daily":
        return {"freq": "DAILY", "bymonth": months}
    if kind == "weekly":
        return {"freq": "WEEKLY", "byday": byday, "bymonth": months}
    if kind == "counted":
        number = draw(st.sampled_from([1, 2, 3, 4, 5, -1, -2]))
        return {"freq": "MONTHLY", "byday": (f"{number}{byday[0]}",), "bymonth": months}
    if kind == "dates":
        days = draw(st.lists(st.integers(1, 31), min_size=1, max_size=2, unique=True))
        return {"freq": "YEARLY", "bymonth": months, "bymonthday": tuple(days)}
    weeks = draw(st.lists(st.integers(1, 53), min_size=1, max_size=3, unique=True))
    return {"freq": "YEARLY", "weeks": tuple(weeks), "byday": draw(st.sampled_from([(), byday]))}


@st.composite
def limits(draw: st.DrawFn) -> dict[str, Any]:
    """Return at most one sort of limit on the dates."""
    kind = draw(st.sampled_from(["none", "none", "season", "valid", "until", "count"]))
    first, last = sorted((draw(WINTER_DATES), draw(WINTER_DATES)))
    if kind == "season":
        return {"season": Season(draw(MONTH_DAYS), draw(MONTH_DAYS))}
    if kind == "valid":
        return {"valid_from": first, "valid_to": draw(st.sampled_from([last, None]))}
    if kind == "until":
        return {"dtstart": first, "until": last}
    if kind == "count":
        return {"dtstart": first, "count": draw(st.integers(1, 12))}
    return {}


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Return a rule of any sort."""
    values: dict[str, Any] = {
        **draw(recurrences()),
        **draw(limits()),
        **draw(times()),
        "says": draw(st.sampled_from(["open", "open", "closed", "not stated"])),
        "joins": draw(st.sampled_from(["instead", "also", "otherwise"])),
        "public_holidays": draw(st.sampled_from(["as usual", "as usual", "only", "not"])),
        "terms": draw(st.sampled_from(["any", "any", "any", "term only", "holidays only"])),
        "comment": draw(st.sampled_from(["", "", 'ask for "Jo"'])),
    }
    if values["says"] == "closed":
        values["open_ended"] = False
        if values.get("closes_minute") is None:
            values.pop("opens_minute", None)
    return Rule(**values)


@st.composite
def exceptions(draw: st.DrawFn) -> ScheduleException:
    """Return dates that differ."""
    first, last = sorted((draw(WINTER_DATES), draw(WINTER_DATES)))
    hours = draw(times())
    hours.pop("open_ended", None)
    says: Says = draw(st.sampled_from(get_args(Says)))
    if says == "closed":
        hours = {}
    return ScheduleException(first=first, last=last, says=says, **hours)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Return a schedule of one to three rules, some with exceptions."""
    return Schedule(
        rules=tuple(draw(st.lists(rules(), min_size=1, max_size=3))),
        exceptions=tuple(draw(st.lists(exceptions(), max_size=2))),
    )
