"""A schedule in the spelling of OpenStreetMap (`opening_hours`).

What is written reads back to the same states. OpenStreetMap has no way to say "not on public
holidays" or "in term only" of one rule: such a rule is followed by "PH off" or "SH off" and by the
earlier rules, said again for these days.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from app.assets.schedules.model import (
    DAY_MINUTES,
    LONGEST_MONTHS,
    WEEKDAYS,
    MonthDay,
    Rule,
    Schedule,
    ScheduleException,
    ScheduleProblem,
    Season,
    split_weekday,
)
from app.assets.schedules.recurring import find_last_counted
from app.assets.schedules.tokens import MONTH_NAMES

DAY = timedelta(days=1)
MARKS = {"instead": "; ", "also": ", ", "otherwise": " || "}
MODIFIERS = {"open": "open", "closed": "off", "not stated": "unknown"}
DAY_WORDS = tuple(name.title() for name in WEEKDAYS)
FIRST_YEAR = 1900
LAST_YEAR = 2099
"""OpenStreetMap's years; a stretch without a beginning is written from the first."""
MOST_YEARS = 20
MOST_WRITTEN = 200


class CannotBeWritten(ScheduleProblem):
    """OpenStreetMap has no spelling for this schedule; the sentence says what it lacks."""


def write_opening_hours(schedule: Schedule) -> str:
    """Return `schedule` as an `opening_hours` value.

    Raises:
        CannotBeWritten: There is nothing to write, or OpenStreetMap has no words for it: every
            second week from a date, days counted from the end of a month, a year's nth weekday.
    """
    plain = spell_out(schedule.rules)
    rules = plain + list_exceptions(schedule.exceptions)
    if not rules:
        raise CannotBeWritten("No hours are stated.")
    if plain != [*schedule.rules] and not schedule.states_hours:
        raise CannotBeWritten("opening_hours cannot say on which days nothing is stated.")
    if len(rules) > MOST_WRITTEN:
        raise CannotBeWritten("There are too many rules for opening_hours.")
    pieces: list[str] = []
    place = 0
    while place < len(rules):
        rule = rules[place]
        dates, days = write_dates(rule), write_days(rule)
        spans = [write_span(rule)]
        place += 1
        while place < len(rules) and continues(rule, rules[place]):
            spans.append(write_span(rules[place]))
            place += 1
        text = assemble(rule, dates, days, ",".join(spans), alone=len(rules) == 1)
        pieces.append((MARKS[rule.joins] if pieces else "") + text)
    return "".join(pieces)


def spell_out(rules: Sequence[Rule]) -> list[Rule]:
    """Return rules that mean the same without "not on public holidays" and "in term only"."""
    found: list[Rule] = []
    for rule in rules:
        limits: list[Rule] = []
        if rule.public_holidays == "not":
            limits.append(Rule(says="closed", public_holidays="only"))
        if rule.terms == "term only":
            limits.append(Rule(says="closed", terms="holidays only"))
        if not limits:
            found.append(rule)
            continue
        if len(limits) > 1 or rule.joins == "otherwise":
            raise CannotBeWritten(
                "opening_hours cannot say that a rule holds on school days only but for public "
                "holidays, or of times that are left over."
            )
        plain = replace(
            rule,
            public_holidays="as usual" if rule.public_holidays == "not" else rule.public_holidays,
            terms="any" if rule.terms == "term only" else rule.terms,
        )
        again = [restrict(earlier, limits[0]) for earlier in found]
        found = [*found, plain, limits[0], *again]
        if len(found) > MOST_WRITTEN:
            raise CannotBeWritten("There are too many rules for opening_hours.")
    return found


def restrict(rule: Rule, limit: Rule) -> Rule:
    """Return `rule` for the public or school holidays only that `limit` is about."""
    if limit.public_holidays == "only":
        if rule.terms != "any":
            raise CannotBeWritten("opening_hours cannot say public holidays in school holidays.")
        return replace(rule, public_holidays="only")
    if rule.public_holidays != "as usual":
        raise CannotBeWritten("opening_hours cannot say public holidays in school holidays.")
    return replace(rule, terms="holidays only")


def list_exceptions(exceptions: Sequence[ScheduleException]) -> list[Rule]:
    """Return exceptions as rules of their dates; those with the same dates add up."""
    found: list[Rule] = []
    before: ScheduleException | None = None
    for part in exceptions:
        adds = before is not None and (before.first, before.last) == (part.first, part.last)
        adds = adds and part.says != "closed"
        found.append(
            Rule(
                valid_from=part.first,
                valid_to=part.last,
                says=part.says,
                joins="also" if adds else "instead",
                opens_minute=part.opens_minute,
                closes_minute=part.closes_minute,
                comment=part.words,
            )
        )
        before = part
    return found


def continues(rule: Rule, following: Rule) -> bool:
    """Return whether `following` only adds a time to the days of `rule`."""
    if rule.is_whole_day or following.is_whole_day or following.says != rule.says:
        return False
    joins = "otherwise" if rule.joins == "otherwise" else "also"
    return following.joins == joins and following == replace(
        rule,
        joins=joins,
        opens_minute=following.opens_minute,
        closes_minute=following.closes_minute,
        open_ended=following.open_ended,
    )


def assemble(rule: Rule, dates: str, days: str, times: str, *, alone: bool) -> str:
    """Return one rule sequence from its parts."""
    if not dates and not days and not times and rule.says == "open":
        times = "24/7" if alone else "00:00-24:00"
    elif not times and rule.says == "open":
        times = "00:00-24:00"
    if rule.joins == "also" and not alone and not dates and not days and times:
        days = "Mo-Su"
    words = [part for part in (dates, days, times) if part]
    comment = rule.comment.replace('"', "'").strip()
    if rule.says != "open" or comment:
        words.append(MODIFIERS[rule.says])
    if comment:
        words.append(f'"{comment}"')
    return " ".join(words)


def write_span(rule: Rule) -> str:
    """Return the times of a rule; empty for the whole day."""
    if rule.opens_minute is None:
        return ""
    start = write_time(rule.opens_minute)
    if rule.closes_minute is None:
        return f"{start}+"
    closes = rule.closes_minute
    # "10:00-34:00" is how an end at or after the time of the start, a day later, is told apart
    later = closes > DAY_MINUTES and closes - DAY_MINUTES < rule.opens_minute
    end = write_time(closes - DAY_MINUTES if later else closes)
    return f"{start}-{end}{'+' if rule.open_ended else ''}"


def write_time(minute: int) -> str:
    """Return minutes after midnight as "09:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def write_days(rule: Rule) -> str:
    """Return weekdays and holidays; empty for all days."""
    holidays = []
    if rule.public_holidays == "only":
        holidays.append("PH")
    if rule.terms == "holidays only":
        holidays.append("SH")
    if len(holidays) > 1:
        raise CannotBeWritten("opening_hours cannot say public holidays in school holidays.")
    byday = rule.byday
    start = rule.dtstart
    if start is not None and rule.freq == "WEEKLY" and not byday:
        byday = (WEEKDAYS[start.weekday()],)
    if rule.freq == "YEARLY" and not rule.bymonth and any(split_weekday(d)[0] for d in byday):
        raise CannotBeWritten("opening_hours cannot count the weekdays of a year.")
    return " ".join([*holidays, *([write_weekdays(byday)] if byday else [])])


def write_weekdays(byday: Iterable[str]) -> str:
    """Return weekdays in ranges, such as "Mo-Fr,Su[1]"."""
    found = sorted({split_weekday(text) for text in byday}, key=lambda pair: (pair[1], pair[0]))
    plain = [weekday for ordinal, weekday in found if not ordinal]
    pieces = [write_range(run, [*DAY_WORDS]) for run in list_runs(plain)]
    for weekday, pairs in groupby((p for p in found if p[0]), key=lambda pair: pair[1]):
        ordinals = [ordinal for ordinal, _ in pairs]
        if any(abs(ordinal) > 5 for ordinal in ordinals):  # noqa: PLR2004 - weeks of a month
            raise CannotBeWritten("opening_hours counts weekdays of a month up to 5.")
        pieces.append(f"{DAY_WORDS[weekday]}[{','.join(str(number) for number in ordinals)}]")
    return ",".join(pieces)


def list_runs(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers in stretches without a gap."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def write_range(run: Sequence[int], names: Sequence[str]) -> str:
    """Return one name, two with a comma, or a range."""
    if len(run) == 1:
        return names[run[0]]
    return f"{names[run[0]]}{'-' if len(run) > 2 else ','}{names[run[-1]]}"  # noqa: PLR2004


def write_dates(rule: Rule) -> str:
    """Return years, months, dates and weeks; empty for all dates."""
    if rule.interval > 1:
        raise CannotBeWritten("opening_hours cannot skip days, weeks or months from a date on.")
    first = max((day for day in (rule.valid_from, rule.dtstart) if day), default=None)
    ends = [rule.valid_to, rule.until]
    if rule.count is not None:
        ends.append(find_last_counted(rule))
    last = min((day for day in ends if day), default=None)
    if first and last and last < first:
        raise CannotBeWritten("The rule holds on no date.")
    parts = list_yearly(rule)
    if not parts:
        dates = write_bounds(first, last)
    elif not first and not last:
        dates = ",".join(parts_to_text(parts, rule))
    else:
        dates = ",".join(write_bounded(parts, first, last))
    weeks = ",".join(write_weeks(rule.weeks))
    return " ".join(part for part in (dates, f"week {weeks}" if weeks else "") if part)


def write_weeks(weeks: Iterable[int]) -> list[str]:
    """Return weeks in ranges."""
    names = [f"{number:02d}" for number in range(54)]
    return [write_range(run, names) for run in list_runs(weeks)]


def list_yearly(rule: Rule) -> list[tuple[MonthDay, MonthDay]]:
    """Return the stretches of every year that a rule is limited to, each within a year."""
    months = rule.bymonth
    days = rule.bymonthday
    start = rule.dtstart
    bare = not (rule.byday or days or rule.weeks) and start is not None
    if bare and start is not None and rule.freq in {"MONTHLY", "YEARLY"}:
        days = (start.day,)
        if rule.freq == "YEARLY" and not months:
            months = (start.month,)
    if any(day < 0 for day in days):
        raise CannotBeWritten("opening_hours cannot count days from the end of a month.")
    parts = cut_year(months, days)
    if rule.season is None:
        return parts
    if not parts:
        return split_season(rule.season)
    both = [
        (max(first, begins), min(last, ends))
        for first, last in parts
        for begins, ends in split_season(rule.season)
        if max(first, begins) <= min(last, ends)
    ]
    if not both:
        raise CannotBeWritten("The rule holds on no date.")
    return both


def cut_year(months: Sequence[int], days: Sequence[int]) -> list[tuple[MonthDay, MonthDay]]:
    """Return the days of the months, or the months in stretches; none for the whole year."""
    if days:
        return [
            (MonthDay(month, day), MonthDay(month, day))
            for month in (months or range(1, 13))
            for day in days
            if day <= LONGEST_MONTHS[month - 1]
        ]
    return [
        (MonthDay(run[0], 1), MonthDay(run[-1], LONGEST_MONTHS[run[-1] - 1]))
        for run in list_runs(months)
    ]


def split_season(season: Season) -> list[tuple[MonthDay, MonthDay]]:
    """Return a season as stretches that do not run over New Year."""
    if season.first <= season.last:
        return [(season.first, season.last)]
    return [(season.first, MonthDay(12, 31)), (MonthDay(1, 1), season.last)]


def parts_to_text(parts: list[tuple[MonthDay, MonthDay]], rule: Rule) -> list[str]:
    """Return stretches of every year as written; a season over New Year stays one."""
    season = rule.season
    if season and not rule.bymonth and not rule.bymonthday and season.first > season.last:
        return [f"{write_month_day(season.first)}-{write_month_day(season.last)}"]
    return [write_yearly(first, last) for first, last in parts]


def write_yearly(first: MonthDay, last: MonthDay) -> str:
    """Return a stretch of every year: months where it is whole ones."""
    if first == last:
        return write_month_day(first)
    if first.day == 1 and last.day == LONGEST_MONTHS[last.month - 1]:
        if first.month == last.month:
            return MONTH_NAMES[first.month - 1]
        return f"{MONTH_NAMES[first.month - 1]}-{MONTH_NAMES[last.month - 1]}"
    return f"{write_month_day(first)}-{write_month_day(last)}"


def write_month_day(day: MonthDay) -> str:
    """Return a day of every year."""
    return f"{MONTH_NAMES[day.month - 1]} {day.day:02d}"


def write_bounds(first: date | None, last: date | None) -> str:
    """Return a stretch of dates, open on either side."""
    if first is None and last is None:
        return ""
    begins = first or date(FIRST_YEAR, 1, 1)
    if last is None:
        return f"{write_date(begins)}+"
    return write_date(begins) if begins == last else f"{write_date(begins)}-{write_date(last)}"


def write_date(day: date) -> str:
    """Return a date."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CannotBeWritten(f"opening_hours has no year {day.year}.")
    return f"{day.year} {MONTH_NAMES[day.month - 1]} {day.day:02d}"


def write_bounded(
    parts: list[tuple[MonthDay, MonthDay]], first: date | None, last: date | None
) -> list[str]:
    """Return stretches of every year between two dates, as dates."""
    if first is None or last is None or last.year - first.year > MOST_YEARS:
        raise CannotBeWritten(
            "opening_hours cannot limit months to dates without an end. Give first and last date."
        )
    found = []
    for year in range(first.year, last.year + 1):
        for begins, ends in parts:
            days = (clip(year, begins, up=True), clip(year, ends, up=False))
            start, end = max(days[0], first), min(days[1], last)
            if start <= end:
                found.append(write_bounds(start, end))
    if not found:
        raise CannotBeWritten("The rule holds on no date.")
    return found


def clip(year: int, day: MonthDay, *, up: bool) -> date:
    """Return a day of a year; 29 February of a short year is the day after or before."""
    if day.day > calendar.monthrange(year, day.month)[1]:
        return date(year, day.month + 1, 1) if up else date(year, day.month, day.day - 1)
    return date(year, day.month, day.day)
