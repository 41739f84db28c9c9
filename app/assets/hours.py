"""When the sites of an asset are open: now, on the coming days, on dates that differ."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.assets import reading_queries as queries
from app.assets.schedules.calendar import (
    DAY,
    Occurrence,
    OpenState,
    Timeline,
    Verdict,
    judge_stretches,
    next_dates,
    state_at,
)
from app.assets.schedules.days import State, Stretch
from app.assets.schedules.keeping import fetch_schedules
from app.assets.schedules.model import Rule, Schedule, ScheduleException, TermDates, split_weekday
from app.assets.schedules.place_days import open_place_days
from app.assets.schedules.public_holidays import HolidayCalendar
from app.core.public_reads import PublicReads

DAYS = 7
NEXT_DATES = 5
MOST_EXCEPTIONS = 8
LONGEST_EXCEPTION_DAYS = 31

Says = Literal["open", "closed", "not listed", "not stated"]


class Session(NamedTuple):
    """One stretch of a day, on the wall clock of the site.

    Attributes:
        start: When it begins.
        end: When it ends, perhaps on the following day; None: not stated.
        may_go_on: Whether it may go on after its end.
        is_doubtful: Whether it is not stated that it takes place, as by appointment.
        words: Its comment; may be empty.
    """

    start: datetime
    end: datetime | None
    may_go_on: bool
    is_doubtful: bool
    words: str


class Day(NamedTuple):
    """What is said of one day.

    Attributes:
        day: The date.
        says: open: at `sessions`; closed: said so; not listed: nothing is said of such a day;
            not stated: it cannot be known, as where public holidays are not.
        sessions: Those that start on this day, the earliest first.
    """

    day: date
    says: Says
    sessions: Sequence[Session]


class SiteHours(NamedTuple):
    """What is known of when a site is open.

    Attributes:
        now: Whether it is open, and until when that stays so.
        opens: The next session that starts; None where none is stated.
        week: Seven days, today first; none where no day is told.
        dates: The next sessions; useful where weeks are not alike.
        is_weekly: Whether every week is like the others.
        exceptions: Dates still to come that differ.
        holidays: closed: it is said to be closed on public holidays; else ''.
        terms: As a rule says it, where all rules say the same; '' for always.
        words: Hours that could not be read as times.
    """

    now: OpenState
    opens: Occurrence | None
    week: Sequence[Day]
    dates: Sequence[Occurrence]
    is_weekly: bool
    exceptions: Sequence[ScheduleException]
    holidays: str
    terms: str
    words: str


async def read_hours(
    reads: PublicReads, session: AsyncSession, asset: UUID, now: datetime
) -> Mapping[UUID, SiteHours]:
    """Return when each public site of an asset is open, by its public id; sites without: none.

    Args:
        reads: For what is public.
        session: For schedules, which hold nothing private.
        asset: Its public id.
        now: With a time zone.
    """
    sites = await reads.fetch(queries.ASSET_SCHEDULES, asset)
    if not sites:
        return {}
    schedules = await fetch_schedules(session, {site["schedule_id"] for site in sites})
    _, holidays, terms = await open_place_days(session)
    return {
        site["public_id"]: describe_hours(
            schedules[site["schedule_id"]], now, ZoneInfo(site["time_zone"]), holidays, terms
        )
        for site in sites
        if site["schedule_id"] in schedules
    }


def describe_hours(
    schedule: Schedule,
    now: datetime,
    zone: ZoneInfo,
    holidays: HolidayCalendar | None = None,
    terms: TermDates | None = None,
) -> SiteHours:
    """Return what a schedule says, for reading.

    Args:
        schedule: What is known of the hours.
        now: With a time zone, any.
        zone: Of the site.
        holidays: Public holidays of the place; None where they are not known.
        terms: School terms of the place; None where they are not known.
    """
    today = now.astimezone(zone).date()
    dates = next_dates(schedule, now, NEXT_DATES, zone, holidays, terms)
    timeline = Timeline(schedule, zone, holidays, terms)
    has_days = bool(schedule.rules or schedule.exceptions)
    days = [_describe_day(timeline, today + step * DAY) for step in range(DAYS)]
    special = [each for rule in schedule.rules if (each := _read_special(rule)) is not None]
    coming = [part for part in (*schedule.exceptions, *special) if part.last >= today]
    usual = [rule for rule in schedule.rules if rule.says != "closed" and not _read_special(rule)]
    return SiteHours(
        now=state_at(schedule, now, zone, holidays, terms),
        opens=dates[0] if dates else None,
        week=days if has_days and any(day.says != "not listed" for day in days) else (),
        dates=dates,
        is_weekly=has_days and all(map(_is_weekly, usual)),
        exceptions=sorted(coming, key=lambda part: (part.first, part.opens_minute or 0))[
            :MOST_EXCEPTIONS
        ],
        holidays=_find_holidays(schedule.rules),
        terms=_find_terms(schedule.rules),
        words=schedule.words or "",
    )


def _describe_day(timeline: Timeline, day: date) -> Day:
    possible = [days[0] for days in timeline.list_possible((day,))]
    told = [_list_sessions(stretches, timeline.zone) for stretches in possible]
    if any(sessions != told[0] for sessions in told):
        return Day(day, "not stated", ())
    if told[0]:
        return Day(day, "open", told[0])
    return Day(day, "closed" if possible[0] else "not listed", ())


def _list_sessions(stretches: Sequence[Stretch], zone: ZoneInfo) -> list[Session]:
    """Return the sessions of one day, those that run on without a break as one."""
    edges = sorted({edge for part in stretches for edge in (part.start, part.end)})
    found: list[Session] = []
    for start, end in pairwise(edges):
        verdict = judge_stretches(list(stretches), start)
        decides = verdict.decides if verdict else None
        if verdict is None or decides is None or verdict.state is State.CLOSED:
            continue
        begins, ends = start.astimezone(zone), end.astimezone(zone)
        last = found[-1] if found else None
        goes_on = last is not None and last.end == begins
        if decides.starts_only:
            if decides.start == start:
                found.append(_begin(begins, None, verdict))
        elif decides.after_end:
            if last is not None and goes_on:
                found[-1] = last._replace(may_go_on=True)
        elif last is not None and goes_on and _is_alike(last, verdict):
            found[-1] = last._replace(end=ends)
        else:
            found.append(_begin(begins, ends, verdict))
    return found


def _begin(start: datetime, end: datetime | None, verdict: Verdict) -> Session:
    doubtful = verdict.state is State.NOT_STATED
    if end is None:
        # What is not stated is its end, which the missing end says already.
        words = "" if doubtful else verdict.words
        return Session(start, None, may_go_on=False, is_doubtful=False, words=words)
    return Session(start, end, may_go_on=False, is_doubtful=doubtful, words=verdict.words)


def _is_alike(session: Session, verdict: Verdict) -> bool:
    doubtful = verdict.state is State.NOT_STATED
    return (session.is_doubtful, session.words) == (doubtful, verdict.words)


def _read_special(rule: Rule) -> ScheduleException | None:
    """Return a rule that is about a few dates only as what it is: an exception."""
    first, last = rule.valid_from, rule.valid_to
    if first is None or last is None or (last - first).days > LONGEST_EXCEPTION_DAYS:
        return None
    return ScheduleException(
        first, last, rule.says, rule.opens_minute, rule.closes_minute, rule.comment
    )


def _is_weekly(rule: Rule) -> bool:
    limits = (
        rule.bymonthday, rule.bymonth, rule.weeks, rule.until, rule.count, rule.season,
        rule.valid_from, rule.valid_to,
    )  # fmt: skip
    return (
        rule.interval == 1
        and rule.freq in {"DAILY", "WEEKLY"}
        and not any(limits)
        and not any(split_weekday(each)[0] for each in rule.byday)
        and rule.terms == "any"
    )


def _find_holidays(rules: Sequence[Rule]) -> str:
    is_closed = any(
        rule.public_holidays == "not" or (rule.public_holidays == "only" and rule.says == "closed")
        for rule in rules
    )
    return "closed" if is_closed else ""


def _find_terms(rules: Sequence[Rule]) -> str:
    """Return in which part of the school year it is open at all; '' for all of it."""
    if any(rule.says == "closed" and rule.terms == "holidays only" for rule in rules):
        return "term only"
    said = {rule.terms for rule in rules if rule.says != "closed"}
    (only,) = said if len(said) == 1 else ("any",)
    return "" if only == "any" else only


def lasts_over_midnight(session: Session) -> bool:
    """Return whether a session ends on the following day, after midnight itself."""
    if session.end is None:
        return False
    midnight = (session.start + timedelta(days=1)).date()
    return session.end.date() == midnight and (session.end.hour, session.end.minute) != (0, 0)
