"""Schedules as rows of their tables, and back."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from app.assets.schedules.canonical import hash_schedule
from app.assets.schedules.model import (
    DAY_MINUTES,
    MonthDay,
    Rule,
    Schedule,
    ScheduleException,
    Season,
)
from app.assets.schedules.writing import CannotBeWritten, write_opening_hours

LISTS = ("byday", "bymonthday", "bymonth", "weeks")
SAME = (
    "freq", "interval", "dtstart", "until", "count", "valid_from", "valid_to", "open_ended",
    "says", "joins", "public_holidays", "terms", "comment",
)  # fmt: skip
"""Columns that are spelled as the attributes of a rule."""

Values = dict[str, Any]


def to_schedule_row(schedule: Schedule) -> Values:
    """Return the row of a schedule itself, without id."""
    try:
        opening_hours = write_opening_hours(schedule)
    except CannotBeWritten:
        opening_hours = None
    return {
        "hash": hash_schedule(schedule),
        "opening_hours": opening_hours,
        "words": schedule.words or None,
        "comment": schedule.comment or None,
    }


def to_rule_rows(schedule_id: int, schedule: Schedule) -> list[Values]:
    """Return a row for each rule of a schedule."""
    return [
        {
            "schedule_id": schedule_id,
            "position": position,
            **{name: getattr(rule, name) for name in SAME},
            **{name: list(getattr(rule, name)) for name in LISTS},
            "season_first": write_month_day(rule.season.first) if rule.season else None,
            "season_last": write_month_day(rule.season.last) if rule.season else None,
            **to_times(rule.opens_minute, rule.closes_minute),
        }
        for position, rule in enumerate(schedule.rules)
    ]


def to_exception_rows(schedule_id: int, schedule: Schedule) -> list[Values]:
    """Return a row for each exception of a schedule."""
    return [
        {
            "schedule_id": schedule_id,
            "position": position,
            "first_date": part.first,
            "last_date": part.last,
            "says": part.says,
            "words": part.words,
            **to_times(part.opens_minute, part.closes_minute),
        }
        for position, part in enumerate(schedule.exceptions)
    ]


def to_schedule(
    row: Mapping[str, Any],
    rules: Iterable[Mapping[str, Any]],
    exceptions: Iterable[Mapping[str, Any]],
) -> Schedule:
    """Return the schedule of a row, with its rules and exceptions in order."""
    return Schedule(
        rules=tuple(to_rule(rule) for rule in rules),
        exceptions=tuple(to_exception(part) for part in exceptions),
        comment=row["comment"] or "",
        words=row["words"] or "",
    )


def to_rule(row: Mapping[str, Any]) -> Rule:
    """Return the rule of a row."""
    season = None
    if row["season_first"] is not None:
        season = Season(read_month_day(row["season_first"]), read_month_day(row["season_last"]))
    parts: Values = {name: row[name] for name in SAME}
    parts |= {name: tuple(row[name]) for name in LISTS}
    return Rule(
        **parts,
        season=season,
        opens_minute=read_opens(row),
        closes_minute=read_closes(row),
    )


def to_exception(row: Mapping[str, Any]) -> ScheduleException:
    """Return the exception of a row."""
    return ScheduleException(
        first=row["first_date"],
        last=row["last_date"],
        says=row["says"],
        opens_minute=read_opens(row),
        closes_minute=read_closes(row),
        words=row["words"],
    )


def to_times(opens: int | None, closes: int | None) -> Values:
    """Return times of day with the days between them."""
    days, minute = divmod(closes, DAY_MINUTES) if closes is not None else (None, None)
    return {
        "opens": None if opens is None else time(opens // 60, opens % 60),
        "closes": None if minute is None else time(minute // 60, minute % 60),
        "closes_days_later": days,
    }


def read_opens(row: Mapping[str, Any]) -> int | None:
    """Return the start of a row in minutes after midnight."""
    return None if row["opens"] is None else row["opens"].hour * 60 + row["opens"].minute


def read_closes(row: Mapping[str, Any]) -> int | None:
    """Return the end of a row in minutes after the midnight before its start."""
    if row["closes"] is None:
        return None
    minute: int = row["closes"].hour * 60 + row["closes"].minute
    return minute + DAY_MINUTES * int(row["closes_days_later"])


def write_month_day(day: MonthDay) -> str:
    """Return a day of every year as "12-24"."""
    return f"{day.month:02d}-{day.day:02d}"


def read_month_day(text: str) -> MonthDay:
    """Return the day of every year that "12-24" is."""
    return MonthDay(int(text[:2]), int(text[3:]))
