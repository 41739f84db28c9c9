"""The sessions of a schedule as calendars keep them: series that recur, and single ones.

What was said as recurrences stays so. From all else (opening hours with public holidays, school
terms and dates that differ) the sessions of the time ahead are worked out and gathered into weekly
series, each with the days on which it does not take place.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from app.assets.schedules.calendar import DAY, Occurrence, Timeline, list_sessions
from app.assets.schedules.days import to_moment
from app.assets.schedules.model import WEEKDAYS, Rule
from app.assets.schedules.recurrences import LONGEST, split_recurrences
from app.assets.schedules.recurring import find_last_counted, list_dates, recurs_on
from app.assets.schedules.rrule import write_rrule

MOST_SESSIONS = 2000
FEWEST_OF_SERIES = 3


class Series(NamedTuple):
    """Sessions that are alike.

    Attributes:
        key: Names it among those of its site, and stays when others come and go.
        start: When the first one begins, on the clock of its site.
        end: When the first one ends; None: not stated.
        rrule: Such as "FREQ=WEEKLY;BYDAY=MO,TU", without an end; '' for a single session.
        until: The beginning of the last one; None: no end is known, or `rrule` counts them.
        without: Beginnings that the rule has and that do not take place.
        words: A comment; may be empty.
    """

    key: str
    start: datetime
    end: datetime | None
    rrule: str = ""
    until: datetime | None = None
    without: tuple[datetime, ...] = ()
    words: str = ""


class Validity(NamedTuple):
    """The first and the last day on which sessions of a site take place; None: no such day."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether `day` is between them."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


def list_series(
    timeline: Timeline, now: datetime, days: int, validity: Validity | None = None
) -> list[Series]:
    """Return the sessions of today and later, those that begin first first.

    Args:
        timeline: A schedule on the clock of its site.
        now: With a time zone.
        days: How far ahead sessions are worked out, where they were not said as recurrences.
        validity: On which days sessions take place at all.
    """
    validity = validity or Validity()
    today = now.astimezone(timeline.zone).date()
    if validity == Validity() and (told := _list_told(timeline, today)):
        return sorted(told, key=lambda each: each.start)
    # A session that begins with the day begins after the moment before it.
    before = to_moment(today, 0, timeline.zone) - timedelta(microseconds=1)
    found = list_sessions(timeline, before, MOST_SESSIONS, days)
    held = [each for each in found if validity.holds(each.start.date())]
    return sorted(_gather(held), key=lambda each: each.start)


def _list_told(timeline: Timeline, today: date) -> list[Series]:
    """Return what was said as recurrences and is not over; nothing where RFC 5545 has no word."""
    recurrences = split_recurrences(timeline.schedule)
    if any(each.rule.weeks and each.rule.freq != "YEARLY" for each in recurrences):
        return []
    found = []
    for number, (rule, without) in enumerate(recurrences, 1):
        last = rule.until if rule.count is None else find_last_counted(rule)
        first = _find_first(rule)
        if first is None or (last is not None and last < today):
            continue
        start, end = _lay(timeline, rule, first)
        off = [_lay(timeline, rule, day)[0] for day in without if recurs_on(rule, day)]
        found.append(
            Series(
                key=f"rule-{number}",
                start=start,
                end=end,
                rrule=write_rrule(replace(rule, until=None)),
                until=None if rule.until is None else _lay(timeline, rule, rule.until)[0],
                without=tuple(off),
                words=rule.comment,
            )
        )
    return found


def _find_first(rule: Rule) -> date | None:
    """Return the first date on which a rule falls: a calendar counts DTSTART as one."""
    start = rule.dtstart
    return None if start is None else next(list_dates(rule, start, start + LONGEST), None)


def _lay(timeline: Timeline, rule: Rule, day: date) -> tuple[datetime, datetime | None]:
    """Return when a session of a rule begins and ends on a date."""
    zone = timeline.zone
    start = to_moment(day, rule.opens_minute or 0, zone).astimezone(zone)
    if rule.closes_minute is None:
        return start, None
    return start, to_moment(day, rule.closes_minute, zone).astimezone(zone)


def _gather(sessions: Iterable[Occurrence]) -> list[Series]:
    alike: defaultdict[str, list[Occurrence]] = defaultdict(list)
    for each in sessions:
        alike[_write_key(each)].append(each)
    found: list[Series] = []
    for key, those in alike.items():
        weekly = _find_weekly([each.start.date() for each in those])
        found += [
            Series(f"{each.start:%Y%m%dT%H%M}", each.start, each.end, words=each.words)
            for each in those
            if each.start.weekday() not in weekly
        ]
        if weekly:
            found.append(
                _join_weekly(key, [each for each in those if each.start.weekday() in weekly])
            )
    return found


def _write_key(session: Occurrence) -> str:
    """Return what is the same for sessions that differ in nothing but their day."""
    length = ""
    if session.end is not None:
        length = f"{(_wall(session.end) - _wall(session.start)) // timedelta(minutes=1)}"
    words = hashlib.sha256(session.words.encode()).hexdigest()[:8] if session.words else ""
    return "-".join(filter(None, ("weekly", f"{session.start:%H%M}", length, words)))


def _find_weekly(days: Sequence[date]) -> set[int]:
    """Return the weekdays that fall in at least half of the weeks between their first and last."""
    by_weekday: defaultdict[int, list[date]] = defaultdict(list)
    for day in days:
        by_weekday[day.weekday()].append(day)
    return {
        weekday
        for weekday, those in by_weekday.items()
        if len(those) >= FEWEST_OF_SERIES
        and 2 * len(those) >= (those[-1] - those[0]) // timedelta(weeks=1) + 1
    }


def _join_weekly(key: str, sessions: Sequence[Occurrence]) -> Series:
    first, last = sessions[0], sessions[-1]
    weekdays = {each.start.weekday() for each in sessions}
    days = {each.start.date() for each in sessions}
    span = (last.start.date() - first.start.date()).days
    every = [first.start.date() + step * DAY for step in range(span + 1)]
    missing = [day for day in every if day.weekday() in weekdays and day not in days]
    return Series(
        key=key,
        start=first.start,
        end=first.end,
        rrule=f"FREQ=WEEKLY;BYDAY={','.join(WEEKDAYS[each] for each in sorted(weekdays))}",
        until=last.start,
        without=tuple(
            datetime.combine(day, first.start.time(), first.start.tzinfo) for day in missing
        ),
        words=first.words,
    )


def _wall(moment: datetime) -> datetime:
    """Return what clocks show, to be counted with."""
    return moment.replace(tzinfo=UTC)
