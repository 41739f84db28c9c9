"""What a schedule says of a moment, and when it is open next.

Three answers: open, closed, not stated. Where it is not known whether a day is a public holiday
or in term, both are tried; if they differ, the answer is "not stated".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, product
from zoneinfo import ZoneInfo

from app.assets.schedules.days import (
    END_NOT_STATED,
    DayFacts,
    State,
    Stretch,
    list_stretches,
    to_moment,
)
from app.assets.schedules.model import Schedule, TermDates
from app.assets.schedules.public_holidays import HolidayCalendar

DAY = timedelta(days=1)
HORIZON_DAYS = 400
"""How far ahead a change is looked for: a little over a year."""
OCCURRENCE_HORIZON_DAYS = 800
PRECEDENCE = (State.OPEN, State.NOT_STATED, State.CLOSED)
"""Where sessions of two days meet, the one that is open decides."""

HOURS_IN_WORDS = "The hours are given in words only."
HOURS_NOT_GIVEN = "No hours are given."
HOLIDAY_NOT_KNOWN = "It is not known whether this is a public holiday."
TERM_NOT_KNOWN = "It is not known whether this is in term."
NOT_KNOWN = {
    (True, False): HOLIDAY_NOT_KNOWN,
    (False, True): TERM_NOT_KNOWN,
    (True, True): "It is not known whether this is in term, or a public holiday.",
}


@dataclass(frozen=True, slots=True)
class OpenState:
    """What is known of a moment.

    Attributes:
        state: Open, closed, or not stated.
        until: The first moment with another state, in the zone asked for; None where none comes
            within 400 days.
        words: A comment, or why it is not stated; may be empty.
    """

    state: State
    until: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One session.

    Attributes:
        start: In the zone asked for.
        end: None where the end is not stated.
        words: The comment of its rule; may be empty.
    """

    start: datetime
    end: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one moment, with the stretch that decides; None where none does."""

    state: State
    words: str = ""
    decides: Stretch | None = None


class Timeline:
    """A schedule laid along real time in one zone; works out each day once."""

    def __init__(
        self,
        schedule: Schedule,
        zone: ZoneInfo,
        holidays: HolidayCalendar | None = None,
        terms: TermDates | None = None,
    ) -> None:
        self.schedule = schedule
        self.zone = zone
        self.holidays = holidays
        self.terms = terms
        self._asks_holidays = any(rule.public_holidays != "as usual" for rule in schedule.rules)
        self._asks_terms = any(rule.terms != "any" for rule in schedule.rules)
        self._days: dict[tuple[date, DayFacts], list[Stretch]] = {}

    def judge(self, moment: datetime) -> Verdict:
        """Return what is said of `moment`."""
        if not self.schedule.rules and not self.schedule.exceptions:
            return Verdict(
                State.NOT_STATED, HOURS_IN_WORDS if self.schedule.words else HOURS_NOT_GIVEN
            )
        today = moment.astimezone(self.zone).date()
        days = (today - DAY, today)
        verdicts = [self.combine(found, moment) for found in self.list_possible(days)]
        first = verdicts[0]
        if all(verdict.state == first.state for verdict in verdicts):
            return first
        unknown = (
            self._asks_holidays and None in {self.find_holiday(day) for day in days},
            self._asks_terms and None in {self.find_term(day) for day in days},
        )
        return Verdict(State.NOT_STATED, NOT_KNOWN[unknown])

    def combine(self, days: list[list[Stretch]], moment: datetime) -> Verdict:
        """Return what sessions of any of `days` say of `moment`: open, before any doubt.

        Where none says anything it is closed; but a schedule that only says when it is closed
        states nothing of other times.
        """
        verdicts = [judge_stretches(stretches, moment) for stretches in days]
        found = [verdict for verdict in verdicts if verdict is not None]
        if found:
            return min(found, key=lambda verdict: PRECEDENCE.index(verdict.state))
        return Verdict(State.CLOSED if self.schedule.states_hours else State.NOT_STATED)

    def list_possible(self, days: tuple[date, ...]) -> list[list[list[Stretch]]]:
        """Return the stretches of each of `days`, once for each thing that may be true of them."""
        holidays = [self.find_holiday(day) for day in days]
        terms = [self.find_term(day) for day in days]
        guesses = product(
            (True, False) if None in holidays else (False,),
            (True, False) if None in terms else (False,),
        )
        found = []
        for holiday_guess, term_guess in guesses:
            stretches = []
            for day, holiday, term in zip(days, holidays, terms, strict=True):
                facts = DayFacts(
                    holiday_guess if holiday is None else holiday,
                    term_guess if term is None else term,
                )
                stretches.append(self.list_day(day, facts))
            found.append(stretches)
        return found

    def list_day(self, day: date, facts: DayFacts) -> list[Stretch]:
        """Return the stretches of sessions that start on `day`."""
        key = (day, facts)
        if key not in self._days:
            self._days[key] = list_stretches(self.schedule, day, self.zone, facts)
        return self._days[key]

    def find_holiday(self, day: date) -> bool | None:
        """Return whether `day` is a public holiday, as far as the schedule needs to know."""
        if not self._asks_holidays:
            return False
        return None if self.holidays is None else self.holidays.is_holiday(day)

    def find_term(self, day: date) -> bool | None:
        """Return whether `day` is in term, as far as the schedule needs to know."""
        if not self._asks_terms:
            return False
        return None if self.terms is None else self.terms.is_term(day)

    def list_changes(self, after: datetime, days: int) -> Iterator[tuple[datetime, Verdict]]:
        """Yield the moments after `after` at which something begins or ends, for so many days."""
        today = after.astimezone(self.zone).date()
        for step in range(days):
            day = today + step * DAY
            start, end = to_moment(day, 0, self.zone), to_moment(day + DAY, 0, self.zone)
            moments = {start}
            for stretch in chain.from_iterable(
                chain.from_iterable(self.list_possible((day - DAY, day)))
            ):
                moments |= {stretch.start, stretch.end}
            for moment in sorted(moments):
                if moment > after and start <= moment < end:
                    yield moment, self.judge(moment)
            self._days = {key: found for key, found in self._days.items() if key[0] >= day}


def judge_stretches(stretches: list[Stretch], moment: datetime) -> Verdict | None:
    """Return what the stretches of one day say of `moment`; None where they say nothing."""
    verdict = None
    for stretch in stretches:
        if not stretch.start <= moment < stretch.end:
            continue
        if stretch.fallback and verdict is not None and verdict.state != State.CLOSED:
            continue
        is_doubt = stretch.starts_only or stretch.after_end
        if is_doubt and verdict is not None and verdict.state == State.OPEN:
            continue
        verdict = Verdict(stretch.state, stretch.comment, stretch)
    return verdict


def state_at(
    schedule: Schedule,
    moment: datetime,
    zone: ZoneInfo,
    holidays: HolidayCalendar | None = None,
    terms: TermDates | None = None,
) -> OpenState:
    """Return whether it is open at `moment`, and until when that stays so.

    Args:
        schedule: What is known of the hours.
        moment: With a time zone, any.
        zone: Of the site.
        holidays: Public holidays of the place; None where they are not known.
        terms: School terms of the place; None where they are not known.

    Raises:
        ValueError: `moment` has no time zone.
    """
    moment = require_zone(moment)
    timeline = Timeline(schedule, zone, holidays, terms)
    now = timeline.judge(moment)
    until = None
    if schedule.rules or schedule.exceptions:
        for change, verdict in timeline.list_changes(moment, HORIZON_DAYS):
            if verdict.state != now.state:
                until = change.astimezone(zone)
                break
    return OpenState(now.state, until, now.words)


def is_open_on(
    schedule: Schedule,
    day: date,
    zone: ZoneInfo,
    holidays: HolidayCalendar | None = None,
    terms: TermDates | None = None,
) -> State:
    """Return whether any session starts on `day`, is closed all day, or this is not stated."""
    timeline = Timeline(schedule, zone, holidays, terms)
    if not schedule.rules and not schedule.exceptions:
        return State.NOT_STATED
    answers = set()
    for found in timeline.list_possible((day,)):
        moments = {to_moment(day, 0, zone)}
        moments |= {edge for part in found[0] for edge in (part.start, part.end)}
        verdicts = [timeline.combine(found, moment) for moment in moments]
        states = {verdict.state for verdict in verdicts}
        starts = any(part.decides is not None and part.decides.starts_only for part in verdicts)
        if State.OPEN in states or starts:
            answers.add(State.OPEN)
        else:
            answers.add(State.NOT_STATED if State.NOT_STATED in states else State.CLOSED)
    return answers.pop() if len(answers) == 1 else State.NOT_STATED


def next_dates(
    schedule: Schedule,
    after: datetime,
    count: int,
    zone: ZoneInfo,
    holidays: HolidayCalendar | None = None,
    terms: TermDates | None = None,
) -> list[Occurrence]:
    """Return the next sessions that start after `after`, at most `count` of them.

    One that runs on without a break is one session; comments that differ keep them apart. Only
    what is stated to be open counts; 800 days ahead are looked at.
    """
    timeline = Timeline(schedule, zone, holidays, terms)
    return list_sessions(timeline, after, count, OCCURRENCE_HORIZON_DAYS)


def list_sessions(timeline: Timeline, after: datetime, count: int, days: int) -> list[Occurrence]:
    """Return sessions as `next_dates` does, looking only so many days ahead."""
    after = require_zone(after)
    schedule, zone = timeline.schedule, timeline.zone
    found: list[Occurrence] = []
    if not schedule.states_hours or count < 1:
        return found
    current = timeline.judge(after)
    start: datetime | None = None
    for moment, verdict in timeline.list_changes(after, days):
        goes_on = verdict.state == current.state and verdict.words == current.words
        if start is not None and not (goes_on and verdict.state == State.OPEN):
            open_end = verdict.decides is not None and verdict.decides.after_end
            found.append(make_occurrence(start, None if open_end else moment, current.words, zone))
            start = None
        begins = verdict.state == State.OPEN and not goes_on
        decides = verdict.decides
        if decides is not None and decides.starts_only and decides.start == moment:
            words = "" if verdict.words == END_NOT_STATED else verdict.words
            found.append(make_occurrence(moment, None, words, zone))
        elif begins:
            start = moment
        current = verdict
        if len(found) >= count:
            break
    return found[:count]


def make_occurrence(
    start: datetime, end: datetime | None, words: str, zone: ZoneInfo
) -> Occurrence:
    """Return a session in the zone asked for."""
    local_end = None if end is None else end.astimezone(zone)
    return Occurrence(start.astimezone(zone), local_end, words)


def require_zone(moment: datetime) -> datetime:
    """Return `moment` in UTC; a moment without a time zone is none."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)
