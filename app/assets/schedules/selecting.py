"""Which dates a rule of `opening_hours` is about: years, months, dates, weeks, days, holidays.

Each selector is a dictionary of attributes of `Rule`; several stand for "any of these".
"""

import calendar
from datetime import date
from typing import Any

from app.assets.schedules.model import LONGEST_MONTHS, WEEKDAYS, MonthDay, Season
from app.assets.schedules.tokens import Kind, OpeningHoursProblem, Token

Selector = dict[str, Any]
LAST_WEEK = 53


class TokenReader:
    """Goes along tokens, one after the other."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def look(self) -> Token:
        """Return the token that is read next, and stay."""
        return self.tokens[self.place]

    def peek(self, ahead: int = 1) -> Token:
        """Return a token further on."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Return the next token and go on."""
        token = self.look()
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def take_mark(self, mark: str) -> bool:
        """Go past `mark` if it is next, and say whether it was."""
        if self.look().kind == "mark" and self.look().text == mark:
            self.take()
            return True
        return False

    def expect(self, kind: Kind, what: str) -> Token:
        """Return the next token, which has to be of `kind`."""
        if self.look().kind != kind:
            raise OpeningHoursProblem(f"{what} is expected here.", self.look().position)
        return self.take()

    def is_list_of(self, *kinds: Kind) -> bool:
        """Return whether a comma and something of `kinds` come next."""
        comma = self.look().kind == "mark" and self.look().text == ","
        return comma and self.peek().kind in kinds


def read_date_selectors(reader: TokenReader) -> list[Selector]:
    """Return what years, months, dates and weeks allow; one empty selector for all dates."""
    found: list[Selector] = []
    months: list[int] = []
    if reader.look().kind in {"year", "month"}:
        while True:
            selector = read_dates(reader)
            if set(selector) == {"bymonth"}:
                months += selector["bymonth"]
            else:
                found.append(selector)
                found += read_more_days(reader, selector)
            if not reader.is_list_of("year", "month"):
                break
            reader.take()
        reader.take_mark(":")
    if months:
        found.append({"bymonth": tuple(dict.fromkeys(months))})
    if reader.look().kind == "week":
        weeks = read_weeks(reader)
        found = [{**selector, "weeks": weeks} for selector in found or [{}]]
    return found or [{}]


def read_more_days(reader: TokenReader, selector: Selector) -> list[Selector]:
    """Return further days of the same month, as in "Dec 24,26"."""
    more: list[Selector] = []
    while "bymonthday" in selector and reader.is_list_of("number"):
        reader.take()
        day = reader.take()
        check_day(selector["bymonth"][0], day)
        more.append({**selector, "bymonthday": (day.value,)})
    return more


def read_dates(reader: TokenReader) -> Selector:
    """Return one selector of years, months or dates."""
    if reader.look().kind == "month":
        return read_yearly(reader)
    start = reader.look()
    year = reader.take().value
    if reader.take_mark("+"):
        bounds: Selector = {"valid_from": date(year, 1, 1)}
    elif is_dash(reader.look()) and reader.peek().kind == "year":
        reader.take()
        last = reader.take().value
        if last < year:
            raise OpeningHoursProblem("The years run backwards.", start.position)
        bounds = {"valid_from": date(year, 1, 1), "valid_to": date(last, 12, 31)}
    elif reader.look().kind == "month":
        return read_dated(reader, year)
    else:
        bounds = {"valid_from": date(year, 1, 1), "valid_to": date(year, 12, 31)}
    if reader.look().kind == "month":
        return {**bounds, **read_yearly(reader)}
    return bounds


def read_yearly(reader: TokenReader) -> Selector:
    """Return months or days of every year: "Apr-Sep", "Dec 25", "Dec 24-Jan 02"."""
    month = reader.take()
    day = read_day(reader, month)
    if not is_dash(reader.look()):
        if day is None:
            return {"bymonth": (month.value,)}
        return {"bymonth": (month.value,), "bymonthday": (day,)}
    reader.take()
    if day is not None and reader.look().kind == "number":
        last = MonthDay(month.value, check_day(month.value, reader.take()))
        if last.day < day:
            raise OpeningHoursProblem("The days run backwards.", month.position)
        return {"season": Season(MonthDay(month.value, day), last)}
    last_month = reader.expect("month", "A month")
    last_day = read_day(reader, last_month)
    if day is None and last_day is None:
        length = (last_month.value - month.value) % 12 + 1
        return {"bymonth": tuple((month.value - 1 + step) % 12 + 1 for step in range(length))}
    first = MonthDay(month.value, day or 1)
    end = last_day or LONGEST_MONTHS[last_month.value - 1]
    return {"season": Season(first, MonthDay(last_month.value, end))}


def read_dated(reader: TokenReader, year: int) -> Selector:
    """Return dates of one year: "2026 Dec 25", "2026 Dec 24-2027 Jan 02", "2026 Sep 01+"."""
    month = reader.take()
    day = read_day(reader, month)
    first = make_date(year, month, day or 1)
    if reader.take_mark("+"):
        return {"valid_from": first}
    if not is_dash(reader.look()):
        return {"valid_from": first, "valid_to": end_of(year, month, day)}
    reader.take()
    if day is not None and reader.look().kind == "number":
        return {"valid_from": first, "valid_to": make_date(year, month, reader.take().value)}
    last_year = reader.take().value if reader.look().kind == "year" else None
    last_month = reader.expect("month", "A month")
    last_day = read_day(reader, last_month)
    last = end_of(last_year or year, last_month, last_day)
    if last < first and last_year is None:
        last = end_of(year + 1, last_month, last_day)
    return {"valid_from": first, "valid_to": last}


def read_day(reader: TokenReader, month: Token) -> int | None:
    """Return the day of the month that comes next, if one does."""
    if reader.look().kind != "number":
        return None
    return check_day(month.value, reader.take())


def check_day(month: int, day: Token) -> int:
    """Return the number of a day that its month has."""
    if not 1 <= day.value <= LONGEST_MONTHS[month - 1]:
        raise OpeningHoursProblem(f"The month has no day {day.value}.", day.position)
    return day.value


def make_date(year: int, month: Token, day: int) -> date:
    """Return a date that exists."""
    try:
        return date(year, month.value, day)
    except ValueError:
        raise OpeningHoursProblem(f"There is no such day in {year}.", month.position) from None


def end_of(year: int, month: Token, day: int | None) -> date:
    """Return a date, or the last one of its month."""
    return make_date(year, month, day or calendar.monthrange(year, month.value)[1])


def read_weeks(reader: TokenReader) -> tuple[int, ...]:
    """Return the ISO weeks of "week 1-53/2,10"."""
    weeks: list[int] = []
    reader.take()
    while True:
        first = read_week(reader)
        last, step = first, 1
        if is_dash(reader.look()):
            reader.take()
            last = read_week(reader)
            if reader.take_mark("/"):
                step = reader.expect("number", "The step between weeks").value
        if step < 1:
            raise OpeningHoursProblem("The step between weeks is 0.", reader.look().position)
        if last >= first:
            weeks += range(first, last + 1, step)
        elif step > 1:
            raise OpeningHoursProblem("Steps cannot run over New Year.", reader.look().position)
        else:
            weeks += [*range(first, LAST_WEEK + 1), *range(1, last + 1)]
        if not reader.is_list_of("number"):
            break
        reader.take()
    reader.take_mark(":")
    return tuple(dict.fromkeys(weeks))


def read_week(reader: TokenReader) -> int:
    """Return the number of a week."""
    token = reader.expect("number", "The number of a week")
    if not 1 <= token.value <= LAST_WEEK:
        raise OpeningHoursProblem("Weeks are numbered from 1 to 53.", token.position)
    return token.value


def read_day_selectors(reader: TokenReader) -> list[Selector]:
    """Return what weekdays and holidays allow; one empty selector for all days."""
    if reader.look().kind not in {"weekday", "holiday"}:
        return [{}]
    start = reader.look()
    days, holidays = read_day_list(reader)
    if reader.look().kind in {"weekday", "holiday"}:
        # "PH Mo-Fr": holidays that fall on these weekdays
        more_days, more_holidays = read_day_list(reader)
        if (days and holidays) or (more_days and more_holidays) or bool(days) == bool(more_days):
            raise OpeningHoursProblem(
                "Which of these days are meant is not clear. Separate them by a comma.",
                start.position,
            )
        both = days or more_days
        reader.take_mark(":")
        return [{**holiday, "byday": both} for holiday in holidays or more_holidays]
    reader.take_mark(":")
    return [*([{"byday": days}] if days else []), *holidays]


def read_day_list(reader: TokenReader) -> tuple[tuple[str, ...], list[Selector]]:
    """Return the weekdays, as BYDAY values, and the holidays of a list with commas."""
    days: list[str] = []
    holidays: list[Selector] = []
    while True:
        token = reader.take()
        if token.kind == "weekday":
            days += read_weekdays(reader, token)
        elif token.text == "PH":
            holidays.append({"public_holidays": "only"})
        else:
            holidays.append({"terms": "holidays only"})
        if not reader.is_list_of("weekday", "holiday"):
            return tuple(dict.fromkeys(days)), holidays
        reader.take()


def read_weekdays(reader: TokenReader, first: Token) -> list[str]:
    """Return one weekday, a range of them, or counted ones such as "Mo[1,-1]"."""
    name = WEEKDAYS[first.value]
    if is_dash(reader.look()):
        reader.take()
        last = reader.expect("weekday", "A weekday")
        length = (last.value - first.value) % 7 + 1
        return [WEEKDAYS[(first.value + step) % 7] for step in range(length)]
    if not reader.take_mark("["):
        return [name]
    numbers: list[int] = []
    while True:
        sign = -1 if reader.take_mark("-") else 1
        token = reader.expect("number", "Which weekday of the month (1 to 5, or -1)")
        last_number = token.value
        if sign == 1 and reader.take_mark("-"):
            last_number = reader.expect("number", "Which weekday of the month").value
        numbers += [sign * number for number in range(token.value, last_number + 1)]
        if not reader.take_mark(","):
            break
    if not numbers or any(not 1 <= abs(number) <= 5 for number in numbers):  # noqa: PLR2004
        raise OpeningHoursProblem("A month has weekdays 1 to 5, or -1 to -5.", first.position)
    if not reader.take_mark("]"):
        raise OpeningHoursProblem('"]" is expected here.', reader.look().position)
    return [f"{number}{name}" for number in numbers]


def is_dash(token: Token) -> bool:
    """Return whether `token` is a dash."""
    return token.kind == "mark" and token.text == "-"
