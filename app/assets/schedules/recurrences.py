"""Sessions that recur, each an RRULE with its times of day; a schedule of several, and back.

Several add up. A date on which one of them does not take place leaves the others alone.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from app.assets.schedules.model import (
    DAY_MINUTES,
    Rule,
    Schedule,
    ScheduleException,
    ScheduleProblem,
)
from app.assets.schedules.recurring import find_last_counted, list_dates, recurs_on
from app.assets.schedules.rrule import read_rrule

LONGEST = timedelta(days=10 * 366)
"""A recurrence falls for the first time, and where it is counted for the last, by then."""

_PARTS = (
    "freq", "interval", "byday", "bymonthday", "bymonth", "weeks", "dtstart", "until", "count",
    "opens_minute", "closes_minute",
)  # fmt: skip
"""What of a rule a recurrence sets."""

_Hours = tuple[int | None, int | None]

_WALL_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class Recurrence(NamedTuple):
    """One recurrence, and the dates on which it does not take place after all.

    Attributes:
        rule: With `dtstart` and a start; nothing of it but the RRULE and the times of day is set.
        except_dates: In order.
    """

    rule: Rule
    except_dates: tuple[date, ...] = ()


def read_recurrence(rrule: str, dtstart: date, starts: str, ends: str | None) -> Rule:
    """Return the rule of a recurrence.

    Args:
        rrule: Such as "FREQ=MONTHLY;BYDAY=1MO".
        dtstart: The first date on which it may fall.
        starts: Local wall time, such as "14:00".
        ends: Likewise; at or before the start it is of the following day. None: not stated.

    Raises:
        ScheduleProblem: The RRULE cannot be read, never falls, or is counted too far.
    """
    opens = read_wall_time(starts)
    closes = None
    if ends is not None:
        closes = read_wall_time(ends)
        closes += 0 if closes > opens else DAY_MINUTES
    rule = read_rrule(rrule, dtstart, Rule(opens_minute=opens, closes_minute=closes))
    latest = dtstart + LONGEST
    if next(list_dates(rule, dtstart, latest), None) is None:
        raise ScheduleProblem(
            f"It falls on no date in the ten years from {dtstart}. Correct the rule or `dtstart`."
        )
    last = find_last_counted(rule)
    if rule.count is not None and (last is None or last > latest):
        raise ScheduleProblem(
            f"COUNT={rule.count} goes on for more than ten years. Give UNTIL, or leave the end out."
        )
    return rule


def read_wall_time(text: str) -> int:
    """Return a local time of day such as "14:00" in minutes after midnight.

    Raises:
        ScheduleProblem: It is none.
    """
    found = _WALL_TIME.fullmatch(text)
    if found is None:
        raise ScheduleProblem(
            f"{text!r} is no time of day on the local clock. Write it as 09:00 or 23:30, and "
            "midnight as 00:00."
        )
    return int(found[1]) * 60 + int(found[2])


def write_wall_time(minute: int | None) -> str | None:
    """Return minutes after a midnight, be it of the day before, as a local time of day."""
    if minute is None:
        return None
    hour, rest = divmod(minute % DAY_MINUTES, 60)
    return f"{hour:02d}:{rest:02d}"


def join_recurrences(recurrences: Sequence[Recurrence]) -> Schedule:
    """Return the schedule of recurrences that add up.

    An exception of a schedule is about a whole day: where other recurrences fall on the date, it
    says their hours.
    """
    distinct = dict.fromkeys(_strip(each.rule) for each in recurrences)
    rules = [
        replace(rule, joins="also" if place else "instead") for place, rule in enumerate(distinct)
    ]
    dates = sorted({day for each in recurrences for day in each.except_dates})
    exceptions = [part for day in dates for part in _list_exceptions(day, recurrences)]
    return Schedule(rules=tuple(rules), exceptions=tuple(exceptions))


def _strip(rule: Rule) -> Rule:
    """Return a rule with nothing but its RRULE and its times of day."""
    return Rule(**{name: getattr(rule, name) for name in _PARTS})


def _list_exceptions(day: date, recurrences: Sequence[Recurrence]) -> list[ScheduleException]:
    """Return what is said of a date on which at least one recurrence does not take place."""
    falling = [each for each in recurrences if recurs_on(each.rule, day)]
    hours = dict.fromkeys(_hours(each.rule) for each in falling)
    left = {_hours(each.rule) for each in falling if day not in each.except_dates}
    if not left:
        return [ScheduleException(day, day)]
    if len(left) == len(hours):
        return []
    return [ScheduleException(day, day, "open", *each) for each in hours if each in left]


def split_recurrences(schedule: Schedule) -> list[Recurrence]:
    """Return the recurrences that a schedule was joined from, or others that mean the same.

    Empty for a schedule that was not said in recurrences.
    """
    rules = [_strip(rule) for rule in schedule.rules]
    if any(rule.dtstart is None or rule.is_whole_day for rule in rules):
        return []
    dates = {
        day: {_hours(part) for part in parts if part.says == "open"}
        for day, parts in groupby(schedule.exceptions, key=lambda part: part.first)
    }
    found = [
        Recurrence(rule, tuple(day for day in dates if _is_off(rule, day, dates[day], rules)))
        for rule in rules
    ]
    return found if join_recurrences(found) == schedule else []


def _is_off(rule: Rule, day: date, hours: Collection[_Hours], rules: Collection[Rule]) -> bool:
    """Return whether a rule does not take place on a date that has these hours and no others."""
    if not recurs_on(rule, day):
        return not any(recurs_on(other, day) for other in rules)
    return _hours(rule) not in hours


def _hours(part: Rule | ScheduleException) -> _Hours:
    return part.opens_minute, part.closes_minute
