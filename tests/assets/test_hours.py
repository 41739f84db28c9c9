"""What a schedule says of the coming days, in the way that a page needs it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.assets.hours import SiteHours, describe_hours, lasts_over_midnight
from app.assets.schedules.opening_hours import read_opening_hours
from app.pages.reading.words import join_days, list_words

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
WORDS = list_words("en-GB", "GBP")


def tell(opening_hours: str, now: datetime = MONDAY) -> SiteHours:
    """Return what is said at a moment of hours as OpenStreetMap spells them."""
    return describe_hours(read_opening_hours(opening_hours), now, LONDON)


def test_a_day_of_which_nothing_is_said_is_not_called_closed() -> None:
    week = tell("Mo-Fr 09:00-17:00; We off").week
    assert [day.says for day in week] == [
        "open", "open", "closed", "open", "open", "not listed", "not listed",
    ]  # fmt: skip


def test_today_stands_alone_and_days_alike_are_joined() -> None:
    lines = join_days(tell("Mo-Fr 09:00-17:00; Sa 10:00-12:00").week)
    assert [(line.first.day, line.last.day, line.says) for line in lines] == [
        (30, 30, "open"), (1, 4, "open"), (5, 5, "open"), (6, 6, "not listed"),
    ]  # fmt: skip


def test_a_session_over_midnight_belongs_to_the_day_it_starts() -> None:
    hours = tell("Mo-Su 20:00-02:00")
    (monday,) = hours.week[0].sessions
    assert monday.end is not None
    assert (monday.start.hour, monday.end.hour, monday.end.day) == (20, 2, 1)
    assert lasts_over_midnight(monday)
    late = tell("Mo-Su 20:00-02:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    assert late.now.state == "open"
    assert late.now.until is not None
    assert (late.now.until.day, late.now.until.hour) == (1, 2)


def test_an_end_at_midnight_is_no_next_day() -> None:
    (session,) = tell("Mo 20:00-24:00").week[0].sessions
    assert not lasts_over_midnight(session)


def test_two_stretches_of_a_day_are_two_sessions() -> None:
    first, second = tell("Mo 09:00-12:30,13:30-17:00").week[0].sessions
    assert first.end is not None
    assert (first.end.hour, second.start.hour) == (12, 13)


def test_an_end_that_is_not_stated_is_missing() -> None:
    (session,) = tell("Mo 19:00+").week[0].sessions
    assert session.end is None


def test_what_is_only_perhaps_is_said_to_be_so() -> None:
    (session,) = tell('Mo 14:00-16:00 unknown "fortnightly"').week[0].sessions
    assert (session.is_doubtful, session.words) == (True, "fortnightly")


def test_weeks_that_differ_give_dates() -> None:
    monthly = tell("Mo[1] 10:00-12:00")
    assert not monthly.is_weekly
    assert [each.start.day for each in monthly.dates][:2] == [7, 4]
    assert tell("Mo 10:00-12:00").is_weekly


def test_dates_that_differ_are_told_until_they_are_over() -> None:
    hours = tell("Mo-Fr 09:00-17:00; 2026 Dec 24-2026 Dec 28 off; 2026 Nov 02 off")
    assert [(each.first.day, each.last.day) for each in hours.exceptions] == [(24, 28)]
    assert hours.is_weekly
    assert hours.opens is not None
    assert hours.opens.start.day == 1


def test_by_appointment_is_not_called_open() -> None:
    hours = describe_hours(read_opening_hours('"by appointment"'), MONDAY, LONDON)
    assert hours.now.state == "not stated"
    sessions = [session for day in hours.week for session in day.sessions]
    assert all(session.is_doubtful for session in sessions)


def test_times_are_written_as_people_say_them() -> None:
    clock = WORDS["clock"]
    said = [clock(datetime(2026, 1, 1, *at, tzinfo=UTC)) for at in ((9, 0), (17, 30), (12, 0))]
    assert said == ["9\N{NO-BREAK SPACE}am", "5:30\N{NO-BREAK SPACE}pm", "midday"]
    assert clock(datetime(2026, 1, 1, tzinfo=UTC)) == "midnight"
    assert list_words("cy")["clock"](datetime(2026, 1, 1, 17, 30, tzinfo=UTC)) == "17:30"


def test_what_rests_in_school_holidays_is_said_to() -> None:
    assert tell("Mo 10:00-12:00; SH off").terms == "term only"
    assert tell("Mo 10:00-12:00").terms == ""
