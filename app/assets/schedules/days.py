"""What a schedule says of one day, as stretches of real time.

A stretch belongs to the day it starts on, also where it ends after midnight. Clock changes follow
RFC 5545: a local time that does not exist is moved on by the hour that is missing, one that comes
twice is the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.assets.schedules.model import (
    DAY_MINUTES,
    LATEST_MINUTE,
    Rule,
    Says,
    Schedule,
    ScheduleException,
)
from app.assets.schedules.recurring import recurs_on

EVENING_MINUTE = 17 * 60
NIGHT_MINUTE = 22 * 60
END_NOT_STATED = "The end is not stated."


class State(StrEnum):
    """What is known of a moment."""

    OPEN = "open"
    CLOSED = "closed"
    NOT_STATED = "not stated"


STATES: dict[Says, State] = {
    "open": State.OPEN,
    "closed": State.CLOSED,
    "not stated": State.NOT_STATED,
}


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What kind of day it is: true, false, never unknown."""

    is_holiday: bool
    is_term: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a day about which a rule says something.

    Attributes:
        start: First moment.
        end: First moment after it.
        starts_only: A session begins at `start` and its end is not stated.
        after_end: The time after a stated end, in which it may go on.
        fallback: It decides only where those before leave the place closed.
    """

    start: datetime
    end: datetime
    state: State
    comment: str = ""
    starts_only: bool = False
    after_end: bool = False
    fallback: bool = False


def holds_on(rule: Rule, day: date, facts: DayFacts) -> bool:
    """Return whether `rule` is about `day`."""
    if rule.valid_from is not None and day < rule.valid_from:
        return False
    if rule.valid_to is not None and day > rule.valid_to:
        return False
    if rule.public_holidays != "as usual" and facts.is_holiday != (rule.public_holidays == "only"):
        return False
    if rule.terms != "any" and facts.is_term != (rule.terms == "term only"):
        return False
    if rule.season is not None and not rule.season.holds(day):
        return False
    return recurs_on(rule, day)


def list_stretches(schedule: Schedule, day: date, zone: ZoneInfo, facts: DayFacts) -> list[Stretch]:
    """Return what is said of the sessions that start on `day`, in the order that decides.

    A whole day that is closed puts aside what was before it on that day only: a session of the
    evening before goes on to its end.
    """
    exceptions = [part for part in schedule.exceptions if part.first <= day <= part.last]
    if exceptions:
        return list_exceptional(exceptions, day, zone)
    found: list[Stretch] = []
    for rule in schedule.rules:
        if not holds_on(rule, day, facts):
            continue
        closes_day = rule.says == "closed" and rule.is_whole_day and rule.joins != "otherwise"
        if closes_day:
            found = [cover_day(day, zone, State.CLOSED, rule.comment)]
            continue
        if rule.joins == "instead" and rule.says != "closed":
            found = []
        found += list_of_rule(rule, day, zone)
    return found


def list_of_rule(rule: Rule, day: date, zone: ZoneInfo) -> list[Stretch]:
    """Return the one or two stretches of a rule on a day on which it holds."""
    state = STATES[rule.says]
    fallback = rule.joins == "otherwise"
    opens, closes = rule.opens_minute, rule.closes_minute
    if opens is None:
        return [cover_day(day, zone, state, rule.comment, fallback=fallback)]
    if closes is None:
        start, end = place_in_time(day, opens, guess_end(opens), zone)
        words = rule.comment or END_NOT_STATED
        only = rule.says == "open"
        return [Stretch(start, end, State.NOT_STATED, words, starts_only=only, fallback=fallback)]
    start, end = place_in_time(day, opens, closes, zone)
    found = [Stretch(start, end, state, rule.comment, fallback=fallback)]
    if rule.open_ended:
        days, minute = divmod(closes, DAY_MINUTES)
        latest = min(days * DAY_MINUTES + guess_end(minute), LATEST_MINUTE)
        last = place_in_time(day, opens, latest, zone)[1]
        words = rule.comment or END_NOT_STATED
        if last > end:
            found.append(
                Stretch(end, last, State.NOT_STATED, words, after_end=True, fallback=fallback)
            )
    return found


def list_exceptional(
    exceptions: Iterable[ScheduleException], day: date, zone: ZoneInfo
) -> list[Stretch]:
    """Return the stretches of a day whose date is an exception."""
    found: list[Stretch] = []
    dates = None
    for part in exceptions:
        if (part.first, part.last) != dates or part.says == "closed":
            found = []
        dates = (part.first, part.last)
        if part.says == "closed":
            found = [cover_day(day, zone, State.CLOSED, part.words)]
            continue
        rule = Rule(
            opens_minute=part.opens_minute,
            closes_minute=part.closes_minute,
            says=part.says,
            comment=part.words,
        )
        found += list_of_rule(rule, day, zone)
    return found


def guess_end(opens: int) -> int:
    """Return until when it is not stated whether something without an end goes on, in minutes.

    Midnight, or ten hours from 17:00 on, or eight from 22:00 on: what the reference reader of
    `opening_hours` takes, so that maps agree.
    """
    if opens >= NIGHT_MINUTE:
        return opens + 8 * 60
    if opens >= EVENING_MINUTE:
        return opens + 10 * 60
    return DAY_MINUTES


def cover_day(
    day: date, zone: ZoneInfo, state: State, comment: str, *, fallback: bool = False
) -> Stretch:
    """Return a stretch from midnight to midnight, be that 23, 24 or 25 hours."""
    start, end = place_in_time(day, 0, DAY_MINUTES, zone)
    return Stretch(start, end, state, comment, fallback=fallback)


def place_in_time(day: date, opens: int, closes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments, in UTC, of two local times counted from the midnight `day` begins with.

    Where a clock change would put the end before the start, the length is kept.
    """
    start = to_moment(day, opens, zone)
    end = to_moment(day, closes, zone)
    if end <= start:
        end = start + timedelta(minutes=closes - opens)
    return start, end


def to_moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, of a local time; see the module for clock changes."""
    days, minutes = divmod(minute, DAY_MINUTES)
    if days:
        day = date.fromordinal(day.toordinal() + days)
    # fold=0 is RFC 5545: the first of two, and before a gap the offset that held until then
    local = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    return local.astimezone(UTC)
