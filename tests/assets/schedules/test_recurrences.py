"""Recurrences joined into one schedule, what it says of a date, and recurrences from it again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assets.schedules.calendar import Timeline, next_dates
from app.assets.schedules.days import State
from app.assets.schedules.model import Rule, Schedule, ScheduleProblem
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.recurrences import (
    Recurrence,
    join_recurrences,
    read_recurrence,
    split_recurrences,
)
from app.assets.schedules.recurring import recurs_on
from app.assets.schedules.rrule import write_rrule
from app.assets.schedules.writing import CannotBeWritten, write_opening_hours
from tests.assets.schedules.asking import ZONE

START = date(2026, 11, 30)
RRULES = (
    "FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
    "FREQ=DAILY;COUNT=9", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270131",
)  # fmt: skip
HOURS = ((600, 720), (840, 960), (1320, 1560), (600, None))
DAYS = [START + timedelta(days=number) for number in range(60)]


def read(rrule: str, starts: str = "14:00", ends: str | None = "16:00") -> Rule:
    """Return a rule from the end of November 2026 on."""
    return read_recurrence(rrule, START, starts, ends)


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    """Return a recurrence that often falls with others, some dates left out."""
    opens, closes = draw(st.sampled_from(HOURS))
    text = draw(st.sampled_from(RRULES))
    starts = f"{opens // 60:02d}:00"
    ends = None if closes is None else f"{closes // 60 % 24:02d}:00"
    dates = draw(st.lists(st.sampled_from(DAYS[:20]), max_size=4, unique=True))
    return Recurrence(read(text, starts, ends), tuple(sorted(dates)))


def list_sessions(items: list[Recurrence]) -> set[tuple[date, int | None, int | None]]:
    """Return what recurrences mean, without a schedule: date, start and end of each session."""
    return {
        (day, each.rule.opens_minute, each.rule.closes_minute)
        for each in items
        for day in DAYS
        if recurs_on(each.rule, day) and day not in each.except_dates
    }


def list_open(schedule: Schedule) -> set[tuple[date, int]]:
    """Return the hours of the first fortnight that are open, those after midnight as 24 and on."""
    timeline = Timeline(schedule, ZONE)
    found = set()
    for day in DAYS[:15]:
        for hour in range(2, 26):
            moment = datetime(day.year, day.month, day.day, 0, 30, tzinfo=ZONE)
            if timeline.judge(moment + timedelta(hours=hour)).state == State.OPEN:
                found.add((day, hour))
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(recurrences(), min_size=1, max_size=4))
def test_a_schedule_has_the_sessions_of_its_recurrences_and_gives_them_back(
    items: list[Recurrence],
) -> None:
    schedule = join_recurrences(items)
    sessions = list_sessions(items)
    assert list_open(schedule) == {
        (day, hour)
        for day, opens, closes in sessions
        if closes and day in DAYS[:15]
        for hour in range((opens or 0) // 60, closes // 60)
    }
    again = split_recurrences(schedule)
    assert again
    assert list_sessions(again) == sessions
    assert join_recurrences(again) == schedule


@settings(max_examples=100, deadline=None)
@given(st.lists(recurrences(), min_size=1, max_size=3))
def test_what_openstreetmap_can_say_it_says_alike(items: list[Recurrence]) -> None:
    schedule = join_recurrences(items)
    try:
        written = write_opening_hours(schedule)
    except CannotBeWritten:
        return
    one, other = Timeline(schedule, ZONE), Timeline(read_opening_hours(written), ZONE)
    for day in DAYS[:40]:
        for hour in range(24):
            moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZONE)
            assert one.judge(moment).state == other.judge(moment).state, (written, moment)


def test_one_left_out_date_leaves_the_others_alone() -> None:
    monday = Recurrence(read("FREQ=MONTHLY;BYDAY=1MO"), (date(2026, 12, 7),))
    weekly = Recurrence(read("FREQ=WEEKLY;BYDAY=MO", "10:00", "11:00"))
    after = datetime(2026, 12, 1, tzinfo=UTC)
    found = next_dates(join_recurrences([monday, weekly]), after, 4, ZONE)
    assert [f"{each.start:%d %H}" for each in found] == ["07 10", "14 10", "21 10", "28 10"]


def test_an_end_after_midnight_belongs_to_the_day_it_starts() -> None:
    rule = read("FREQ=WEEKLY;BYDAY=FR", "22:00", "02:00")
    assert (rule.opens_minute, rule.closes_minute) == (1320, 1560)
    schedule = join_recurrences([Recurrence(rule, (date(2026, 12, 5), date(2026, 12, 11)))])
    found = next_dates(schedule, datetime(2026, 12, 1, tzinfo=UTC), 2, ZONE)
    ends = [each.end for each in found]
    assert [f"{end:%d %H}" for end in ends if end] == ["05 02", "19 02"]


def test_the_whole_day_and_an_end_that_is_not_stated() -> None:
    assert read("FREQ=DAILY", "00:00", "00:00").closes_minute == 1440
    assert read("FREQ=DAILY", "09:00", None).closes_minute is None


def test_equal_recurrences_are_one_schedule_however_they_are_spelled() -> None:
    one = join_recurrences([Recurrence(read("FREQ=WEEKLY;BYDAY=TU"))] * 2)
    assert one == join_recurrences([Recurrence(read("rrule:byday=tu;freq=weekly;wkst=mo"))])


@pytest.mark.parametrize(
    "hours", ["Mo 14:00-16:00", "2026 Nov 30+ Mo 14:00-16:00", "PH off", "24/7"]
)
def test_hours_that_were_not_said_in_recurrences_are_none(hours: str) -> None:
    assert split_recurrences(read_opening_hours(hours)) == []
    assert split_recurrences(Schedule(words="ring the bell")) == []


def test_what_comes_back_is_written_as_usual() -> None:
    [found] = split_recurrences(join_recurrences([Recurrence(read("byday=mo;freq=weekly"))]))
    assert (write_rrule(found.rule), found.except_dates) == ("FREQ=WEEKLY;BYDAY=MO", ())


@pytest.mark.parametrize(
    ("rrule", "starts", "sentence"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "14:00", "falls on no date in the ten years"),
        ("FREQ=YEARLY;COUNT=50", "14:00", "COUNT=50 goes on for more than ten years"),
        ("FREQ=WEEKLY;UNTIL=20261101", "14:00", "is before dtstart"),
        ("FREQ=WEEKLY;UNTIL=20261231\x00", "14:00", "write it as 20261231"),
        ("FREQ=WEEKLY;UNTIL=20261231T25", "14:00", "write it as 20261231"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", "14:00", "the first Monday of a month is BYDAY=1MO"),
        ("FREQ=DAILY", "9:00", "'9:00' is no time of day on the local clock"),
        ("FREQ=DAILY", "24:00", "midnight as 00:00"),
        ("FREQ=DAILY", "14:00Z", "is no time of day"),
    ],
)
def test_what_makes_no_sense_is_refused(rrule: str, starts: str, sentence: str) -> None:
    with pytest.raises(ScheduleProblem, match=sentence):
        read_recurrence(rrule, START, starts, "16:00")
