"""The dates of a recurrence: worked out by hand, and held against python-dateutil."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assets.schedules.model import WEEKDAYS, Rule, ScheduleProblem
from app.assets.schedules.recurring import list_dates, recurs_on
from app.assets.schedules.rrule import read_rrule, write_rrule

WINDOW_DAYS = 900
YEARS_AHEAD = date(2036, 1, 1)

BY_HAND = [
    ("FREQ=WEEKLY;BYDAY=TU,TH", "2026-11-24", ["11-24", "11-26", "12-01"]),
    # the week of the start counts, whichever day of it the start is
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "2026-11-24", ["11-25", "12-07", "12-09"]),
    ("FREQ=WEEKLY", "2026-11-24", ["11-24", "12-01", "12-08"]),
    ("FREQ=DAILY;INTERVAL=10", "2026-11-24", ["11-24", "12-04", "12-14"]),
    ("FREQ=DAILY;BYMONTH=12", "2026-11-24", ["12-01", "12-02", "12-03"]),
    ("FREQ=MONTHLY;BYDAY=1MO", "2026-11-24", ["12-07", "01-04", "02-01"]),
    ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-24", ["11-27", "12-25", "01-29"]),
    # November and February have four Thursdays, December five
    ("FREQ=MONTHLY;BYDAY=5TH", "2026-11-24", ["12-31", "04-29", "07-29"]),
    ("FREQ=MONTHLY", "2026-10-31", ["10-31", "12-31", "01-31"]),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-24", ["11-30", "12-31", "01-31"]),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,15", "2026-11-10", ["11-15", "02-01", "02-15"]),
    # a Friday that is the 13th
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-11-01", ["11-13", "08-13", "10-13"]),
    ("FREQ=YEARLY", "2024-02-29", ["02-29", "02-29", "02-29"]),
    ("FREQ=YEARLY;BYMONTH=5;BYDAY=1MO", "2026-11-24", ["05-03", "05-01", "05-07"]),
    ("FREQ=YEARLY;BYDAY=-1MO", "2026-11-24", ["12-28", "12-27", "12-25"]),
    ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2026-11-24", ["01-04", "01-03", "01-01"]),
    ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "2026-11-24", ["11-24", "12-01"]),
    ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201", "2026-11-24", ["11-24", "12-01"]),
    # "plain" and "counted" weekdays of one rule are both meant
    ("FREQ=MONTHLY;BYDAY=MO,1TU", "2026-11-24", ["11-30", "12-01", "12-07"]),
]


@pytest.mark.parametrize(("text", "start", "dates"), BY_HAND)
def test_dates_worked_out_by_hand(text: str, start: str, dates: list[str]) -> None:
    rule = read_rrule(text, date.fromisoformat(start))
    found = list_dates(rule, date.fromisoformat(start), YEARS_AHEAD)
    assert [f"{day:%m-%d}" for day in islice(found, 3)] == dates


def test_a_rule_without_a_start_falls_in_every_week_of_all_time() -> None:
    rule = Rule(freq="WEEKLY", byday=("TU",))
    assert recurs_on(rule, date(1999, 11, 23))
    assert not recurs_on(rule, date(1999, 11, 24))


def test_a_count_that_is_never_reached_goes_on() -> None:
    # 29 February is a Monday in 2044 and not again before 2072
    rule = Rule(
        freq="YEARLY", byday=("MO",), bymonth=(2,), bymonthday=(29,), dtstart=date(2026, 1, 1),
        count=50,
    )  # fmt: skip
    found = list(list_dates(rule, date(2026, 1, 1), date(2060, 12, 31)))
    assert found == [date(2044, 2, 29)]


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"freq": "HOURLY"}, "freq is"),
        ({"freq": "WEEKLY"}, "does not say on which days"),
        ({"freq": "WEEKLY", "byday": ("1MO",)}, "monthly or yearly rule"),
        ({"freq": "WEEKLY", "bymonthday": (1,)}, "Make it monthly"),
        ({"freq": "DAILY", "interval": 2}, "needs the date it starts"),
        ({"freq": "DAILY", "interval": 0, "dtstart": date(2026, 1, 1)}, "interval is 0"),
        ({"freq": "MONTHLY", "bymonthday": (0,)}, "no day of a month"),
        ({"freq": "MONTHLY", "weeks": (3,)}, "need a yearly rule"),
        (
            {"dtstart": date(2026, 1, 2), "until": date(2026, 1, 1)},
            "until .2026-01-01. is before dtstart",
        ),
        (
            {"dtstart": date(2026, 1, 2), "until": date(2026, 1, 3), "count": 2},
            "not by both",
        ),
    ],
)
def test_a_recurrence_that_makes_no_sense_is_refused(parts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ScheduleProblem, match=sentence):
        Rule(**parts)


@st.composite
def recurrences(draw: st.DrawFn) -> Rule:
    """Return a rule with a start; plain and counted weekdays apart, which dateutil ANDs."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    start = draw(st.dates(date(2019, 1, 1), date(2029, 12, 31)))
    values: dict[str, Any] = {"freq": freq, "dtstart": start}
    values["interval"] = draw(st.one_of(st.just(1), st.integers(1, 6)))
    values["bymonth"] = tuple(draw(st.lists(st.integers(1, 12), max_size=3, unique=True)))
    if freq == "YEARLY" and draw(st.booleans()):
        values["weeks"] = tuple(
            draw(st.lists(st.integers(1, 53), min_size=1, max_size=3, unique=True))
        )
    counted = freq in {"MONTHLY", "YEARLY"} and not values.get("weeks") and draw(st.booleans())
    numbers = st.integers(-5, 5) if freq == "MONTHLY" or values["bymonth"] else st.integers(-53, 53)
    days = draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True))
    if counted:
        ordinals = [draw(numbers.filter(bool)) for _ in days]
        values["byday"] = tuple(f"{n}{day}" for n, day in zip(ordinals, days, strict=True))
    else:
        values["byday"] = tuple(days)
    if freq != "WEEKLY" and draw(st.booleans()):
        month_days = st.integers(-31, 31).filter(bool)
        values["bymonthday"] = tuple(draw(st.lists(month_days, max_size=3, unique=True)))
    ends = draw(st.sampled_from(["never", "until", "count"]))
    if ends == "until":
        values["until"] = start + timedelta(days=draw(st.integers(0, WINDOW_DAYS)))
    elif ends == "count":
        values["count"] = draw(st.integers(1, 40))
    return Rule(**values)


@settings(
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(recurrences())
def test_dates_are_those_of_dateutil(rule: Rule) -> None:
    assert rule.dtstart is not None
    last = rule.dtstart + timedelta(days=WINDOW_DAYS)
    theirs = rrulestr(write_rrule(rule), dtstart=datetime.combine(rule.dtstart, time()))
    expected = [
        moment.date()
        for moment in theirs.between(
            datetime.combine(rule.dtstart, time()), datetime.combine(last, time()), inc=True
        )
    ]
    assert list(list_dates(rule, rule.dtstart, last)) == expected


@settings(max_examples=500, deadline=None)
@given(recurrences())
def test_an_rrule_reads_back_to_the_same_rule(rule: Rule) -> None:
    assert read_rrule(write_rrule(rule), rule.dtstart) == rule
