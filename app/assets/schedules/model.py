"""A schedule as a value: rules in order, dates that differ, and words where nothing else is known.

Everything is local wall time; the time zone belongs to the site. Times of day are minutes after
midnight of the day a session starts on, so that an end after midnight is greater than 1440.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
Says = Literal["open", "closed", "not stated"]
Joins = Literal["instead", "also", "otherwise"]
"""How a rule joins those before it: in their place on its days, besides them, or where they
leave the place closed (`;`, `,` and `||` of OpenStreetMap)."""
PublicHolidayRule = Literal["as usual", "only", "not"]
TermRule = Literal["any", "term only", "holidays only"]

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""Weekdays of RFC 5545, in the order of `date.weekday()`."""

DAY_MINUTES = 1440
LATEST_MINUTE = 2 * DAY_MINUTES
MOST_INTERVAL = 366
MOST_COUNT = 5000
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BYDAY = re.compile(r"([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)")


class ScheduleProblem(ValueError):  # noqa: N818 - the word people read: a problem with hours
    """A schedule that contradicts itself; the sentence names what is wrong and the remedy."""


@lru_cache(maxsize=1024)
def split_weekday(text: str) -> tuple[int, int]:
    """Return the ordinal (0: every) and the weekday (0: Monday) of a BYDAY value such as "-1FR".

    Raises:
        ScheduleProblem: It is no such value.
    """
    found = _BYDAY.fullmatch(text)
    if found is None:
        raise ScheduleProblem(f'"{text}" is no weekday: write MO to SU, or 1MO, -1FR and the like.')
    return int(found[1] or 0), WEEKDAYS.index(found[2])


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of every year. 29 February is only there in leap years."""

    month: int
    day: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.day <= LONGEST_MONTHS[self.month - 1]):  # noqa: PLR2004 - months
            raise ScheduleProblem(f"There is no day {self.day} in month {self.month}.")


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of every year, both days included; it may run over New Year."""

    first: MonthDay
    last: MonthDay

    def holds(self, day: date) -> bool:
        """Return whether `day` is in the season."""
        here = MonthDay(day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class Rule:
    """One recurrence with one stretch of the day.

    Attributes:
        freq: FREQ of RFC 5545; so are `interval`, `byday`, `bymonthday`, `bymonth`, `weeks`
            (BYWEEKNO, ISO 8601), `dtstart`, `until` and `count`.
        season: A stretch of every year outside which the rule does not hold.
        valid_from: First day on which the rule holds; None for always.
        valid_to: Last day on which it holds.
        opens_minute: Start in minutes after midnight; None for the whole day.
        closes_minute: End in minutes after the midnight before the start, up to 2880;
            None with a start: the end is not stated.
        open_ended: It may go on after `closes_minute`.
        says: Whether it is open then, closed, or that this is not stated (by appointment).
        joins: How the rule joins those before it.
        public_holidays: Whether public holidays are like other days, the only days, or left out.
        terms: Whether the rule holds always, in school terms, or in school holidays.
        comment: Words for people; shown with the state.
    """

    freq: Frequency = "DAILY"
    interval: int = 1
    byday: tuple[str, ...] = ()
    bymonthday: tuple[int, ...] = ()
    bymonth: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    dtstart: date | None = None
    until: date | None = None
    count: int | None = None
    season: Season | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    opens_minute: int | None = None
    closes_minute: int | None = None
    open_ended: bool = False
    says: Says = "open"
    joins: Joins = "instead"
    public_holidays: PublicHolidayRule = "as usual"
    terms: TermRule = "any"
    comment: str = ""

    def __post_init__(self) -> None:
        check_vocabularies(self)
        check_numbers(self)
        check_recurrence(self)
        check_order("valid_from", self.valid_from, "valid_to", self.valid_to)
        check_times(self.opens_minute, self.closes_minute)
        if self.open_ended and (self.closes_minute is None or self.says == "closed"):
            raise ScheduleProblem("Only opening hours with an end may go on after their end.")
        if self.says == "closed" and self.opens_minute is not None and self.closes_minute is None:
            raise ScheduleProblem("Hours that are closed need an end. Give the time they end.")

    @property
    def is_whole_day(self) -> bool:
        """Whether the rule is about whole days."""
        return self.opens_minute is None


@dataclass(frozen=True, slots=True)
class ScheduleException:
    """Dates that differ from the rules: closed, or with other hours.

    Several with the same dates add up; otherwise the last one that holds a date decides.
    """

    first: date
    last: date
    says: Says = "closed"
    opens_minute: int | None = None
    closes_minute: int | None = None
    words: str = ""

    def __post_init__(self) -> None:
        check_order("first", self.first, "last", self.last)
        check_word("says", self.says, get_args(Says))
        check_times(self.opens_minute, self.closes_minute)
        if self.says == "closed" and self.opens_minute is not None:
            raise ScheduleProblem("Dates that are closed have no hours. Leave the hours out.")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is open. Without a rule or an exception, nothing is stated.

    Attributes:
        rules: In order; later ones take the place of earlier ones on their days.
        exceptions: Dates that differ, whatever the rules say.
        comment: Words that hold for all of it.
        words: The hours as they were given, where they could not be read; else empty.
    """

    rules: tuple[Rule, ...] = ()
    exceptions: tuple[ScheduleException, ...] = ()
    comment: str = ""
    words: str = ""
    states_hours: bool = field(init=False, repr=False, compare=False, default=False)

    def __post_init__(self) -> None:
        says = [rule.says for rule in self.rules] + [part.says for part in self.exceptions]
        told = any(word != "closed" for word in says)
        object.__setattr__(self, "states_hours", told)


@dataclass(frozen=True, slots=True)
class TermDates:
    """School terms of a place: stretches of dates, first and last day included.

    Before the first and after the last of them nothing is known.
    """

    terms: tuple[tuple[date, date], ...]

    def __post_init__(self) -> None:
        for first, last in self.terms:
            check_order("the first day of a term", first, "its last day", last)

    def is_term(self, day: date) -> bool | None:
        """Return whether `day` is in a term; None where no dates are known."""
        if any(first <= day <= last for first, last in self.terms):
            return True
        known = any(last < day for _, last in self.terms)
        known = known and any(first > day for first, _ in self.terms)
        return False if known else None


def check_word(name: str, value: object, allowed: tuple[object, ...]) -> None:
    """Refuse a word that is not one of `allowed`."""
    if value not in allowed:
        listed = ", ".join(str(word) for word in allowed)
        raise ScheduleProblem(f'{name} is "{value}"; it may be one of: {listed}.')


def check_order(first_name: str, first: date | None, last_name: str, last: date | None) -> None:
    """Refuse a stretch of dates that ends before it begins."""
    if first is not None and last is not None and last < first:
        raise ScheduleProblem(
            f"{last_name} ({last.isoformat()}) is before {first_name} ({first.isoformat()}). "
            "Swap or correct the dates."
        )


def check_times(opens: int | None, closes: int | None) -> None:
    """Refuse times of day that are none, or in the wrong order."""
    if opens is None:
        if closes is not None:
            raise ScheduleProblem("There is an end without a start. Give the time it opens.")
        return
    if not 0 <= opens < DAY_MINUTES:
        raise ScheduleProblem("A start must be between 00:00 and 23:59.")
    if closes is not None and not opens < closes <= LATEST_MINUTE:
        raise ScheduleProblem("An end must be after the start, at most on the following day.")


def check_vocabularies(rule: Rule) -> None:
    """Refuse words that no rule may hold."""
    check_word("freq", rule.freq, get_args(Frequency))
    check_word("says", rule.says, get_args(Says))
    check_word("joins", rule.joins, get_args(Joins))
    check_word("public_holidays", rule.public_holidays, get_args(PublicHolidayRule))
    check_word("terms", rule.terms, get_args(TermRule))


def check_numbers(rule: Rule) -> None:
    """Refuse numbers outside the calendar."""
    if not 1 <= rule.interval <= MOST_INTERVAL:
        raise ScheduleProblem(f"interval is {rule.interval}; it is a number from 1 to 366.")
    if rule.count is not None and not 1 <= rule.count <= MOST_COUNT:
        raise ScheduleProblem(f"count is {rule.count}; it is a number from 1 to {MOST_COUNT}.")
    limits = (("bymonth", rule.bymonth, 1, 12), ("weeks", rule.weeks, 1, 53))
    for name, values, least, most in limits:
        if any(not least <= value <= most for value in values):
            raise ScheduleProblem(f"{name} holds a number outside {least} to {most}.")
    if any(value == 0 or not -31 <= value <= 31 for value in rule.bymonthday):  # noqa: PLR2004 - days
        raise ScheduleProblem("bymonthday holds a number that is no day of a month (1 to 31).")
    for text in rule.byday:
        ordinal, _ = split_weekday(text)
        if ordinal and (rule.freq not in {"MONTHLY", "YEARLY"} or rule.weeks):
            raise ScheduleProblem(
                f'"{text}" counts weekdays, which needs a monthly or yearly rule without weeks.'
            )


def check_recurrence(rule: Rule) -> None:
    """Refuse a recurrence that does not say on which dates it falls."""
    if rule.dtstart is None and (rule.interval > 1 or rule.count is not None):
        raise ScheduleProblem("A rule that skips or counts needs the date it starts. Give dtstart.")
    if rule.count is not None and rule.until is not None:
        raise ScheduleProblem("A rule ends by count or by until, not by both. Remove one.")
    check_order("dtstart", rule.dtstart, "until", rule.until)
    if rule.weeks and rule.freq != "YEARLY":
        raise ScheduleProblem("Weeks of the year need a yearly rule. Set freq to YEARLY.")
    if rule.freq == "WEEKLY" and rule.bymonthday:
        raise ScheduleProblem("A weekly rule cannot name days of the month. Make it monthly.")
    names_days = rule.byday or rule.bymonthday or rule.weeks
    if rule.freq != "DAILY" and not names_days and rule.dtstart is None:
        raise ScheduleProblem(
            "The rule does not say on which days it falls. Name them, or give dtstart."
        )
