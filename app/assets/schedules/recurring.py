"""Does a rule fall on a date? Our own reading of RFC 5545, for dates only.

Weeks begin on Monday (WKST=MO).
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from app.assets.schedules.model import Rule, split_weekday

DAY = timedelta(days=1)
LONGEST_COUNT = timedelta(days=100 * 366)
"""A counted rule that has not fallen often enough by then has no end worth knowing."""


def recurs_on(rule: Rule, day: date) -> bool:
    """Return whether the recurrence of `rule` falls on `day`.

    Validity, season, public holidays and terms are not part of a recurrence.
    """
    if rule.dtstart is not None and day < rule.dtstart:
        return False
    if rule.until is not None and day > rule.until:
        return False
    if not matches_pattern(rule, day):
        return False
    if rule.count is None:
        return True
    last = find_last_counted(rule)
    return last is None or day <= last


def list_dates(rule: Rule, first: date, last: date) -> Iterator[date]:
    """Yield the dates from `first` to `last`, both included, on which `rule` falls."""
    day = first
    while day <= last:
        if recurs_on(rule, day):
            yield day
        day += DAY


@lru_cache(maxsize=4096)
def find_last_counted(rule: Rule) -> date | None:
    """Return the date on which a counted rule falls for the last time; None if not in 100 years."""
    if rule.dtstart is None or rule.count is None:
        return None
    left = rule.count
    day = rule.dtstart
    end = min(date.max - DAY, rule.dtstart + LONGEST_COUNT)
    while day < end:
        if matches_pattern(rule, day):
            left -= 1
            if not left:
                return day
        day += DAY
    return None


def matches_pattern(rule: Rule, day: date) -> bool:
    """Return whether `day` fits freq, interval and the BY parts."""
    if rule.bymonth and day.month not in rule.bymonth:
        return False
    if rule.byday and not any(falls_on(rule, text, day) for text in rule.byday):
        return False
    if rule.bymonthday and not falls_in_month(rule.bymonthday, day):
        return False
    if rule.weeks and day.isocalendar().week not in rule.weeks:
        return False
    if rule.dtstart is None:
        return True
    return is_in_step(rule, rule.dtstart, day) and repeats_start(rule, rule.dtstart, day)


def falls_on(rule: Rule, text: str, day: date) -> bool:
    """Return whether `day` is the weekday `text`, counted in its month or year."""
    ordinal, weekday = split_weekday(text)
    if day.weekday() != weekday:
        return False
    if not ordinal:
        return True
    if rule.freq == "YEARLY" and not rule.bymonth:
        place = day.timetuple().tm_yday
        length = 366 if calendar.isleap(day.year) else 365
    else:
        place = day.day
        length = calendar.monthrange(day.year, day.month)[1]
    if ordinal > 0:
        return (place - 1) // 7 + 1 == ordinal
    return -((length - place) // 7 + 1) == ordinal


def falls_in_month(numbers: tuple[int, ...], day: date) -> bool:
    """Return whether `day` is one of the days of its month; negative ones count from the end."""
    length = calendar.monthrange(day.year, day.month)[1]
    return day.day in numbers or day.day - length - 1 in numbers


def is_in_step(rule: Rule, start: date, day: date) -> bool:
    """Return whether the interval of `rule`, counted from `start`, takes in `day`."""
    if rule.interval == 1:
        return True
    if rule.freq == "DAILY":
        steps = (day - start).days
    elif rule.freq == "WEEKLY":
        steps = (monday_of(day) - monday_of(start)).days // 7
    elif rule.freq == "MONTHLY":
        steps = (day.year - start.year) * 12 + day.month - start.month
    else:
        steps = day.year - start.year
    return steps % rule.interval == 0


def repeats_start(rule: Rule, start: date, day: date) -> bool:
    """Return whether `day` takes from the start what the rule does not name itself."""
    if rule.freq == "DAILY" or rule.byday or rule.bymonthday or rule.weeks:
        return True
    if rule.freq == "WEEKLY":
        return day.weekday() == start.weekday()
    if day.day != start.day:
        return False
    return rule.freq == "MONTHLY" or bool(rule.bymonth) or day.month == start.month


def monday_of(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return date.fromordinal(day.toordinal() - day.weekday())
