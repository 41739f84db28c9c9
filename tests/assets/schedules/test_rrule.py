"""RRULE of RFC 5545 as text."""

from datetime import date

import pytest

from app.assets.schedules.model import Rule, ScheduleProblem
from app.assets.schedules.rrule import read_rrule, write_rrule

START = date(2026, 11, 24)


def test_each_part_of_an_rrule_has_its_place() -> None:
    rule = read_rrule("RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,-1FR;BYMONTH=1,3;COUNT=4", START)
    assert rule == Rule(
        freq="MONTHLY",
        interval=2,
        byday=("1MO", "-1FR"),
        bymonth=(1, 3),
        count=4,
        dtstart=START,
    )
    assert write_rrule(rule) == "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYMONTH=1,3;BYDAY=1MO,-1FR"


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("freq=weekly;byday=tu", "FREQ=WEEKLY;BYDAY=TU"),
        (" FREQ=WEEKLY;BYDAY=TU;WKST=MO; ", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=MONTHLY;BYDAY=+1MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=DAILY;INTERVAL=1;UNTIL=20261231T235959Z", "FREQ=DAILY;UNTIL=20261231"),
        ("FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO", "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO"),
    ],
)
def test_other_spellings_are_read_and_the_usual_one_written(text: str, usual: str) -> None:
    assert write_rrule(read_rrule(text, START)) == usual


def test_times_of_day_and_limits_come_from_the_rule_that_is_given() -> None:
    base = Rule(opens_minute=600, closes_minute=720, terms="term only", comment="Hall")
    rule = read_rrule("FREQ=WEEKLY;BYDAY=TU", None, base)
    assert (rule.opens_minute, rule.closes_minute, rule.terms, rule.comment) == (
        600,
        720,
        "term only",
        "Hall",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("BYDAY=TU", "lacks FREQ"),
        ("FREQ=HOURLY", "freq is"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9", "holds BYHOUR, which this service does not know"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", "holds BYSETPOS"),
        ("FREQ=WEEKLY;BYDAY=TU;WKST=SU", "another day than Monday"),
        ("FREQ=WEEKLY;BYDAY=XX", '"XX" is no weekday'),
        ("FREQ=WEEKLY;BYDAY=TU;BYDAY=WE", "holds BYDAY twice"),
        ("FREQ=WEEKLY;BYDAY", "is no part of an RRULE"),
        ("FREQ=DAILY;INTERVAL=two", "INTERVAL holds"),
        ("FREQ=DAILY;UNTIL=tomorrow", "write it as 20261231"),
        ("", "is no part of an RRULE"),
    ],
)
def test_what_an_rrule_may_not_hold(text: str, sentence: str) -> None:
    with pytest.raises(ScheduleProblem, match=sentence):
        read_rrule(text, START)
