"""Schedules written as OpenStreetMap spells them, and read again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.assets.schedules.calendar import Timeline
from app.assets.schedules.model import MonthDay, Rule, Schedule, ScheduleException, Season
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.writing import CannotBeWritten, write_opening_hours
from tests.assets.schedules.asking import ENGLAND, TERMS, ZONE, tell
from tests.assets.schedules.making import list_moments, schedules

MOMENTS = [moment.astimezone(UTC) for moment in list_moments()]

AS_THEY_ARE = [
    "24/7",
    "Mo-Fr 09:00-17:00",
    "Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00; PH off",
    "Mo,We,Fr 10:00-14:00, Tu 18:00-20:00",
    "Tu[1,3] 10:00-12:00",
    "Su[-1] 10:00-12:00",
    "Apr-Sep Mo-Fr 09:00-17:00",
    "Dec 24-Jan 02 off",
    "Dec 25 12:00-14:00",
    "2026 Dec 24-2027 Jan 02 off",
    "week 01-03,48 Mo 10:00-12:00",
    "PH Mo-Fr 10:00-12:00",
    "SH Mo-Fr 10:00-12:00",
    "Fr,Sa 22:00-02:00",
    "Fr 10:00-34:00",
    "Tu 14:00+",
    "Tu 10:00-14:00+",
    'Sa unknown "by appointment"',
    'Mo-Fr 08:00-12:00 || unknown "ring first"',
    "00:00-24:00; Dec 24-Dec 26 off",
]


@pytest.mark.parametrize("hours", AS_THEY_ARE)
def test_hours_in_the_usual_spelling_come_back_as_they_are(hours: str) -> None:
    written = write_opening_hours(read_opening_hours(hours))
    assert written == hours


def test_of_the_usual_weekly_hours_each_day_is_said_once() -> None:
    tuesday = Rule(freq="WEEKLY", byday=("TU",), opens_minute=600, closes_minute=720)
    sunday = Rule(freq="WEEKLY", byday=("SU", "SA"), opens_minute=600, closes_minute=720)
    assert write_opening_hours(Schedule(rules=(tuesday, sunday))) == (
        "Tu 10:00-12:00; Sa,Su 10:00-12:00"
    )


def test_exceptions_come_after_all_rules() -> None:
    weekly = Rule(freq="WEEKLY", byday=("TH",), opens_minute=600, closes_minute=720)
    schedule = Schedule(
        rules=(weekly,),
        exceptions=(
            ScheduleException(date(2026, 12, 24), date(2026, 12, 24), "open", 600, 660),
            ScheduleException(date(2026, 12, 31), date(2027, 1, 8), "closed", words="Holidays"),
        ),
    )
    written = write_opening_hours(schedule)
    assert written == (
        'Th 10:00-12:00; 2026 Dec 24 10:00-11:00; 2026 Dec 31-2027 Jan 08 off "Holidays"'
    )
    assert tell(read_opening_hours(written), "2026-12-24 11:30") == ("closed", "2027-01-14 10:00")


def test_not_on_public_holidays_is_said_by_closing_them() -> None:
    rule = Rule(
        freq="WEEKLY", byday=("FR",), opens_minute=600, closes_minute=720, public_holidays="not"
    )
    assert write_opening_hours(Schedule(rules=(rule,))) == "Fr 10:00-12:00; PH off"


def test_what_comes_before_a_rule_for_term_holds_on_in_the_school_holidays() -> None:
    always = Rule(freq="WEEKLY", byday=("TU",), opens_minute=600, closes_minute=720)
    term = replace(always, opens_minute=840, closes_minute=900, terms="term only")
    written = write_opening_hours(Schedule(rules=(always, term)))
    assert written == "Tu 10:00-12:00; Tu 14:00-15:00; SH off; SH Tu 10:00-12:00"
    # 27 October 2026 is in the half-term week, 3 November is not
    again = read_opening_hours(written)
    assert tell(again, "2026-10-27 09:00") == ("closed", "2026-10-27 10:00")
    assert tell(again, "2026-11-03 09:00") == ("closed", "2026-11-03 14:00")


TUESDAY: dict[str, Any] = {
    "freq": "WEEKLY",
    "byday": ("TU",),
    "opens_minute": 600,
    "closes_minute": 720,
}
HAS_NO_WORDS: list[tuple[str, Callable[[], Schedule], str]] = [
    ("nothing", Schedule, "No hours are stated"),
    ("words", lambda: Schedule(words="ring us"), "No hours are stated"),
    (
        "every second week",
        lambda: Schedule(rules=(Rule(**TUESDAY, interval=2, dtstart=date(2026, 9, 1)),)),
        "cannot skip days, weeks or months",
    ),
    (
        "last day of the month",
        lambda: Schedule(rules=(Rule(freq="MONTHLY", bymonthday=(-1,)),)),
        "days from the end of a month",
    ),
    (
        "twentieth Monday",
        lambda: Schedule(rules=(Rule(freq="YEARLY", byday=("20MO",)),)),
        "weekdays of a year",
    ),
    (
        "months from a date on",
        lambda: Schedule(rules=(Rule(**TUESDAY, bymonth=(4,), valid_from=date(2026, 9, 1)),)),
        "without an end",
    ),
    (
        "closed in term",
        lambda: Schedule(rules=(Rule(says="closed", terms="term only"),)),
        "on which days nothing is stated",
    ),
]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [pytest.param(make, sentence, id=name) for name, make, sentence in HAS_NO_WORDS],
)
def test_what_openstreetmap_has_no_words_for_is_refused(
    make: Callable[[], Schedule], sentence: str
) -> None:
    with pytest.raises(CannotBeWritten, match=sentence):
        write_opening_hours(make())


def test_a_counted_rule_ends_with_its_last_date() -> None:
    # Tuesdays from 1 September 2026: the third is the 15th
    rule = Rule(**TUESDAY, dtstart=date(2026, 9, 1), count=3)
    assert write_opening_hours(Schedule(rules=(rule,))) == (
        "2026 Sep 01-2026 Sep 15 Tu 10:00-12:00"
    )


def test_a_season_within_dates_is_written_as_dates() -> None:
    rule = Rule(
        **TUESDAY,
        season=Season(MonthDay(12, 20), MonthDay(1, 5)),
        valid_from=date(2026, 12, 1),
        valid_to=date(2027, 12, 31),
    )
    assert write_opening_hours(Schedule(rules=(rule,))) == (
        "2026 Dec 20-2026 Dec 31,2027 Dec 20-2027 Dec 31,2027 Jan 01-2027 Jan 05 Tu 10:00-12:00"
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedules())
def test_what_is_written_reads_to_the_same_states(schedule: Schedule) -> None:
    """Every hour of three fortnights: both clock changes, Christmas, Easter, school holidays."""
    try:
        written = write_opening_hours(schedule)
    except CannotBeWritten:
        return
    given_times = Timeline(schedule, ZONE, ENGLAND, TERMS)
    written_times = Timeline(read_opening_hours(written), ZONE, ENGLAND, TERMS)
    for moment in MOMENTS:
        states = (given_times.judge(moment).state, written_times.judge(moment).state)
        assert states[0] == states[1], (written, moment.astimezone(ZONE), states)
