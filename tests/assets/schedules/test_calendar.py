"""What a schedule says of a moment: clock changes, midnight, holidays, terms, exceptions.

Summer time ends on Sunday 25 October 2026, when 01:00 to 02:00 comes twice, and begins on Sunday
28 March 2027, when 01:00 to 02:00 does not come.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.assets.schedules.calendar import Timeline, is_open_on, next_dates, state_at
from app.assets.schedules.days import State
from app.assets.schedules.model import Rule, Schedule, ScheduleException, ScheduleProblem
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.public_holidays import open_holidays
from tests.assets.schedules.asking import ENGLAND, TERMS, ZONE, ask, at, list_sessions, tell
from tests.assets.schedules.making import list_moments, schedules

TUESDAYS = "Tu 10:00-12:00"


def list_utc(hours: str, after: str) -> list[str]:
    """Return start and end, in UTC, of the next session."""
    found = next_dates(read_opening_hours(hours), at(after), 1, ZONE, ENGLAND, TERMS)
    ends = [found[0].start, found[0].end or found[0].start]
    return [f"{moment.astimezone(UTC):%d %H:%M}" for moment in ends]


CLOCK_CHANGES = [
    # 01:30 does not exist on the 28th: an hour later on the clock, 02:30 in summer time
    ("Su 01:30-03:00", "2027-03-27 12:00", ["28 01:30", "28 02:00"]),
    # both ends are missing: the length is kept
    ("Su 01:00-02:00", "2027-03-27 12:00", ["28 01:00", "28 02:00"]),
    ("Sa 22:00-01:30", "2027-03-27 12:00", ["27 22:00", "28 01:30"]),
    ("Su 00:00-24:00", "2027-03-27 12:00", ["28 00:00", "28 23:00"]),
    # 01:30 comes twice on the 25th: the first counts, which is still summer time
    ("Su 01:30-03:00", "2026-10-24 12:00", ["25 00:30", "25 03:00"]),
    ("Sa 22:00-01:30", "2026-10-24 12:00", ["24 21:00", "25 00:30"]),
    ("Su 00:00-24:00", "2026-10-24 12:00", ["24 23:00", "26 00:00"]),
    # weekly hours keep their place on the clock
    ("Su 10:00-12:00", "2026-10-17 12:00", ["18 09:00", "18 11:00"]),
    ("Su 10:00-12:00", "2026-10-24 12:00", ["25 10:00", "25 12:00"]),
]


@pytest.mark.parametrize(("hours", "after", "utc"), CLOCK_CHANGES)
def test_clock_changes(hours: str, after: str, utc: list[str]) -> None:
    assert list_utc(hours, after) == utc


def test_the_second_of_two_equal_times_is_after_the_end() -> None:
    schedule = read_opening_hours("Sa 22:00-01:30")
    states = [state_at(schedule, at("2026-10-25 01:15", fold), ZONE).state for fold in (0, 1)]
    assert states == [State.OPEN, State.CLOSED]


def test_the_same_hours_are_other_moments_in_another_zone() -> None:
    schedule = read_opening_hours(TUESDAYS)
    moment = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert state_at(schedule, moment, ZONE).state == State.CLOSED
    found = state_at(schedule, moment, ZoneInfo("America/New_York"))
    assert found.state == State.OPEN
    assert found.until is not None
    assert found.until.isoformat() == "2026-11-24T12:00:00-05:00"


def test_a_session_after_midnight_belongs_to_the_day_it_starts_on() -> None:
    schedule = read_opening_hours("Fr 22:00-02:00")
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    assert is_open_on(schedule, friday, ZONE) == State.OPEN
    assert is_open_on(schedule, saturday, ZONE) == State.CLOSED
    assert list_sessions(schedule, "2026-11-28 01:00", 1) == ["Fri 04 Dec 22:00-02:00"]


def test_exceptions_decide_whatever_the_rules_say() -> None:
    christmas = date(2026, 12, 22)
    schedule = Schedule(
        rules=(*read_opening_hours("Tu 10:00-12:00; Mo 22:00-02:00").rules,),
        exceptions=(
            ScheduleException(christmas, christmas, "open", 600, 660),
            ScheduleException(christmas, christmas, "open", 840, 900),
            ScheduleException(date(2026, 12, 29), date(2027, 1, 4), "closed", words="Holidays"),
            ScheduleException(date(2027, 1, 4), date(2027, 1, 4), "open", 720, 780),
        ),
    )
    assert list_sessions(schedule, "2026-12-21 23:00", 6) == [
        "Tue 22 Dec 10:00-11:00",
        "Tue 22 Dec 14:00-15:00",
        # Monday's session ends on the closed Tuesday; the Monday after has other hours
        "Mon 28 Dec 22:00-02:00",
        "Mon 04 Jan 12:00-13:00",
        "Tue 05 Jan 10:00-12:00",
        "Mon 11 Jan 22:00-02:00",
    ]
    assert ask(schedule, "2026-12-29 10:30").words == "Holidays"


def test_dates_that_are_open_all_day_or_not_stated() -> None:
    day = date(2026, 11, 24)
    rules = read_opening_hours(TUESDAYS).rules
    opened = Schedule(rules=rules, exceptions=(ScheduleException(day, day, "open"),))
    assert tell(opened, "2026-11-24 05:00") == ("open", "2026-11-25 00:00")
    doubtful = Schedule(rules=rules, exceptions=(ScheduleException(day, day, "not stated"),))
    assert tell(doubtful, "2026-11-24 11:00") == ("not stated", "2026-11-25 00:00")
    assert is_open_on(doubtful, day, ZONE) == State.NOT_STATED


def test_nothing_known_is_not_stated_and_never_closed() -> None:
    assert tell(Schedule(), "2026-11-24 10:00") == ("not stated", None)
    assert ask(Schedule(), "2026-11-24 10:00").words == "No hours are given."
    words = Schedule(words="ring the bell")
    assert ask(words, "2026-11-24 10:00").words == "The hours are given in words only."
    assert is_open_on(words, date(2026, 11, 24), ZONE) == State.NOT_STATED
    assert list_sessions(words, "2026-11-24 10:00", 3) == []


def test_where_it_is_not_known_which_days_are_holidays_they_are_in_doubt() -> None:
    schedule = read_opening_hours("Tu 10:00-12:00; PH off")
    in_doubt = state_at(schedule, at("2026-11-24 11:00"), ZONE, None)
    assert in_doubt.state == State.NOT_STATED
    assert in_doubt.words == "It is not known whether this is a public holiday."
    # closed either way
    assert state_at(schedule, at("2026-11-24 13:00"), ZONE, None).state == State.CLOSED
    assert is_open_on(schedule, date(2026, 11, 24), ZONE, None) == State.NOT_STATED
    # and a schedule that does not ask for holidays is not in doubt
    plain = read_opening_hours(TUESDAYS)
    assert state_at(plain, at("2026-11-24 11:00"), ZONE, None).state == State.OPEN


def test_outside_the_known_terms_term_time_is_in_doubt() -> None:
    rule = Rule(
        freq="WEEKLY", byday=("TU",), opens_minute=600, closes_minute=720, terms="term only"
    )
    schedule = Schedule(rules=(rule,))
    assert tell(schedule, "2026-11-24 11:00") == ("open", "2026-11-24 12:00")
    assert tell(schedule, "2026-10-27 11:00") == ("closed", "2026-11-03 10:00")
    assert tell(schedule, "2026-08-25 11:00") == ("not stated", "2026-08-25 12:00")
    found = ask(schedule, "2026-11-24 11:00", None)
    assert (found.state, found.words) == (
        State.NOT_STATED,
        "It is not known whether this is in term.",
    )


def test_a_rule_not_on_public_holidays_leaves_them_to_the_rules_before() -> None:
    friday = Rule(freq="WEEKLY", byday=("FR",), opens_minute=600, closes_minute=720)
    longer = Rule(
        freq="WEEKLY", byday=("FR",), opens_minute=540, closes_minute=1020, public_holidays="not"
    )
    schedule = Schedule(rules=(friday, longer))
    assert list_sessions(schedule, "2026-12-17 10:00", 3) == [
        "Fri 18 Dec 09:00-17:00",
        "Fri 25 Dec 10:00-12:00",
        "Fri 01 Jan 10:00-12:00",
    ]


def test_sessions_that_touch_are_one_and_comments_keep_them_apart() -> None:
    touching = read_opening_hours("Tu 10:00-12:00,12:00-14:00")
    assert list_sessions(touching, "2026-11-24 09:00", 1) == ["Tue 24 Nov 10:00-14:00"]
    apart = read_opening_hours('Tu 10:00-12:00 open "Lunch", Tu 12:00-14:00 open "Games"')
    assert list_sessions(apart, "2026-11-24 09:00", 2) == [
        "Tue 24 Nov 10:00-12:00",
        "Tue 24 Nov 12:00-14:00",
    ]


def test_a_session_without_a_stated_end_has_none() -> None:
    assert list_sessions(read_opening_hours("Tu 14:00+"), "2026-11-24 09:00", 2) == [
        "Tue 24 Nov 14:00-?",
        "Tue 01 Dec 14:00-?",
    ]
    assert list_sessions(read_opening_hours("Tu 14:00-16:00+"), "2026-11-24 09:00", 1) == [
        "Tue 24 Nov 14:00-?"
    ]


def test_a_session_under_way_is_not_a_next_one() -> None:
    schedule = read_opening_hours(TUESDAYS)
    assert list_sessions(schedule, "2026-11-24 10:00", 1) == ["Tue 01 Dec 10:00-12:00"]
    assert list_sessions(schedule, "2026-11-24 09:59", 1) == ["Tue 24 Nov 10:00-12:00"]
    assert list_sessions(schedule, "2026-11-24 09:59", 0) == []


def test_a_moment_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        state_at(Schedule(), datetime(2026, 11, 24, 10, 0), ZONE)  # noqa: DTZ001 - that is the test


def test_holidays_are_those_of_the_part_of_the_country() -> None:
    scotland = open_holidays("GB", "SCT")
    st_andrew = date(2026, 11, 30)
    assert scotland.is_holiday(st_andrew)
    assert not ENGLAND.is_holiday(st_andrew)
    # kept for Boxing Day, which is a Saturday in 2026
    assert ENGLAND.is_holiday(date(2026, 12, 28))
    assert ENGLAND.name_holiday(date(2027, 3, 26)) == "Good Friday"
    assert ENGLAND.name_holiday(st_andrew) is None
    with pytest.raises(ScheduleProblem, match='No public holidays are known for "XX"'):
        open_holidays("XX")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedules(), st.sampled_from(list_moments()))
def test_a_state_holds_until_the_moment_that_is_told(schedule: Schedule, moment: datetime) -> None:
    """Asked again every hour until then, the answer is the same; then it is another."""
    first = state_at(schedule, moment, ZONE, ENGLAND, TERMS)
    assume(first.until is not None)
    assert first.until is not None
    timeline = Timeline(schedule, ZONE, ENGLAND, TERMS)
    asked = moment.astimezone(UTC)
    while asked < min(first.until, moment + timedelta(days=5)):
        assert timeline.judge(asked).state == first.state
        asked += timedelta(hours=1)
    assert timeline.judge(first.until.astimezone(UTC)).state != first.state
