"""Schedules as calendars keep them: read by another library, the same sessions come out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings

from app.assets.schedules.calendar import Timeline, list_sessions
from app.assets.schedules.model import Schedule
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.recurrences import Recurrence, join_recurrences, read_recurrence
from app.assets.schedules.series import Series, Validity, list_series
from tests.assets.schedules.asking import ENGLAND, TERMS, ZONE
from tests.assets.schedules.making import schedules

NOW = datetime(2026, 11, 30, 14, tzinfo=UTC)
TODAY = datetime(2026, 11, 30, tzinfo=ZONE)
DAYS = 120


def lay(schedule: Schedule) -> Timeline:
    """Return a schedule on the clock of the tests."""
    return Timeline(schedule, ZONE, ENGLAND, TERMS)


def unroll(series: Series) -> list[tuple[datetime, timedelta | None]]:
    """Return beginnings on the wall clock and lengths, as python-dateutil understands them."""
    start = series.start.replace(tzinfo=None)
    length = None
    if series.end is not None:
        length = series.end.replace(tzinfo=None) - start
    if not series.rrule:
        return [(start, length)]
    end = f";UNTIL={series.until:%Y%m%dT%H%M%S}" if series.until else ""
    ahead = start + timedelta(days=10 * 366)
    without = {each.replace(tzinfo=None) for each in series.without}
    found = rrulestr(f"RRULE:{series.rrule}{end}", dtstart=start).between(start, ahead, inc=True)
    assert without <= set(found), "a day is left out that the rule does not have"
    return [(each, length) for each in found if each not in without]


def list_expected(schedule: Schedule) -> list[tuple[datetime, timedelta | None]]:
    """Return the sessions as the schedule itself tells them."""
    before = TODAY - timedelta(microseconds=1)
    return sorted(
        (each.start.replace(tzinfo=None), None if each.end is None else
         each.end.replace(tzinfo=None) - each.start.replace(tzinfo=None))
        for each in list_sessions(lay(schedule), before, 5000, DAYS)
    )  # fmt: skip


HOURS = [
    ("Mo-Fr 09:00-17:00", 1),
    ("Mo-Fr 09:00-17:00; PH off", 1),
    ("Mo-Fr 09:00-17:00; Sa 10:00-13:00; Dec 24-26 off", 2),
    ("Mo-Fr 09:00-12:00,13:00-17:00", 2),
    ("Fr 22:00-02:00", 1),
    ("Mo 10:00+", 1),
    ("Mo[1] 10:00-12:00", 4),
    ("Tu 10:00-12:00; SH off", 1),
]


@pytest.mark.parametrize(("hours", "count"), HOURS)
def test_another_library_reads_the_same_sessions(hours: str, count: int) -> None:
    schedule = read_opening_hours(hours)
    found = list_series(lay(schedule), NOW, DAYS)
    assert sorted(each for series in found for each in unroll(series)) == list_expected(schedule)
    assert len(found) == count
    assert len({each.key for each in found}) == len(found)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(schedule=schedules())
def test_any_schedule_has_the_same_sessions(schedule: Schedule) -> None:
    found = list_series(lay(schedule), NOW, DAYS)
    if any("rule-" in each.key for each in found):
        return  # said as recurrences, and not bounded by days
    told = sorted((each for series in found for each in unroll(series)), key=str)
    assert told == sorted(list_expected(schedule), key=str)
    assert len({each.key for each in found}) == len(found)


def test_days_that_are_left_out_are_said() -> None:
    schedule = read_opening_hours("Th,Fr 10:00-12:00; PH off")
    (series,) = list_series(lay(schedule), NOW, DAYS)
    assert series.rrule == "FREQ=WEEKLY;BYDAY=TH,FR"
    assert [f"{each:%Y-%m-%d %H:%M}" for each in series.without] == [
        "2026-12-25 10:00", "2027-01-01 10:00",
    ]  # fmt: skip


def test_what_was_said_as_recurrences_stays_so() -> None:
    first = Recurrence(
        read_recurrence("FREQ=MONTHLY;BYDAY=1MO", date(2026, 9, 1), "14:00", "16:00"),
        (date(2026, 12, 7),),
    )
    other = Recurrence(
        read_recurrence(
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270131", date(2026, 11, 3), "22:00", "01:00"
        )
    )
    over = Recurrence(read_recurrence("FREQ=DAILY;UNTIL=20261001", date(2026, 9, 1), "08:00", None))
    found = list_series(lay(join_recurrences([first, other, over])), NOW, DAYS)
    assert [(each.key, each.rrule) for each in found] == [
        ("rule-1", "FREQ=MONTHLY;BYDAY=1MO"), ("rule-2", "FREQ=WEEKLY;INTERVAL=2"),
    ]  # fmt: skip
    assert found[0].start == datetime(2026, 9, 7, 14, tzinfo=ZONE)
    assert found[0].without == (datetime(2026, 12, 7, 14, tzinfo=ZONE),)
    assert found[1].until == datetime(2027, 1, 31, 22, tzinfo=ZONE)
    assert found[1].end == datetime(2026, 11, 4, 1, tzinfo=ZONE)


def test_nothing_takes_place_outside_the_days_of_its_site() -> None:
    schedule = read_opening_hours("Mo 10:00-12:00")
    valid = Validity(date(2026, 12, 7), date(2026, 12, 21))
    (series,) = list_series(lay(schedule), NOW, DAYS, valid)
    assert [each.date() for each, _ in unroll(series)] == [
        date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21),
    ]  # fmt: skip


@pytest.mark.parametrize("hours", ["24/7", "Mo-Fr off", '"by appointment"'])
def test_what_never_begins_or_is_not_known_has_no_dates(hours: str) -> None:
    assert list_series(lay(read_opening_hours(hours)), NOW, DAYS) == []


def test_names_of_series_stay_from_day_to_day() -> None:
    schedule = read_opening_hours("Mo-Fr 09:00-17:00; Sa 10:00-13:00; PH off")
    keys = [
        {each.key for each in list_series(lay(schedule), NOW + timedelta(days=step), DAYS)}
        for step in range(9)
    ]
    assert all(each == keys[0] for each in keys)
