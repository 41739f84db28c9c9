"""Hours as people type them: what is read, and what stays in words since it could mean two things.

The spellings are of the kinds found on notice boards and in directories of warm spaces.
"""

import pytest

from app.assets.schedules.loose import read_hours
from app.assets.schedules.writing import write_opening_hours
from tests.assets.schedules.asking import tell

READ = [
    ("Monday to Friday, 2:00pm to 8:00pm", "Mo-Fr 14:00-20:00"),
    ("Mon-Fri 9am - 5pm", "Mo-Fr 09:00-17:00"),
    ("Mondays 10.00 - 11.45 ", "Mo 10:00-11:45"),
    ("Mondays 10am to 12noon", "Mo 10:00-12:00"),
    ("Tuesday 10am until midday", "Tu 10:00-12:00"),
    ("Every Wednesday, from 1.30pm–3.30pm", "We 13:30-15:30"),
    ("9:00-17:00 daily", "Mo-Su 09:00-17:00"),
    ("Weekdays 8.30am-6pm", "Mo-Fr 08:30-18:00"),
    ("10am-4pm Saturdays and Sundays", "Sa,Su 10:00-16:00"),
    ("Thursday &amp; Saturday, 9.30am - 12.30pm", "Th,Sa 09:30-12:30"),
    ("Tues, Weds & Thurs 1-3pm", "Tu-Th 13:00-15:00"),
    ("Monday - Saturday 11 - 4pm", "Mo-Sa 11:00-16:00"),
    ("Friday 11am - 2", "Fr 11:00-14:00"),
    ("Friday 7-9pm", "Fr 19:00-21:00"),
    ("Mon-Fri 9am-5pm, Wed 6pm-8pm", "Mo-Fr 09:00-17:00, We 18:00-20:00"),
    ("Closed", "off"),
    ("Sunday 10 - 12", "Su 10:00-12:00"),
    ("Monday 9.30 - 12.30", "Mo 09:30-12:30"),
    ("Tuesday: 08:00 - 09:30, Friday: 09:30 - 12:30", "Tu 08:00-09:30, Fr 09:30-12:30"),
    ("Sunday 10 to 16", "Su 10:00-16:00"),
    ("Saturday 10pm-2am", "Sa 22:00-02:00"),
    ("Saturday 22:00 - 02:00", "Sa 22:00-02:00"),
    ("Monday: 06:00 - 20:00", "Mo 06:00-20:00"),
    ("Mondays between 10am and 12pm", "Mo 10:00-12:00"),
    ("Daily 10am-4pm, Wednesdays closed", "Mo-Su 10:00-16:00; We off"),
    ("Mon 10:00 - 12:00 / 14:00 - 16:00", "Mo 10:00-12:00,14:00-16:00"),
    ("Monday: 09:00 - 17:00, Tuesday: 10:00 - 13:00", "Mo 09:00-17:00, Tu 10:00-13:00"),
    ("Monday 9am-1pm and 2pm-5pm; Tuesday 9am-1pm", "Mo 09:00-13:00,14:00-17:00, Tu 09:00-13:00"),
    ("<p>Monday: 10am&nbsp;- 2pm</p><p>Friday: 1pm - 3pm</p>", "Mo 10:00-14:00, Fr 13:00-15:00"),
    ("Mon to Sat 10am-4pm, Sunday closed", "Mo-Sa 10:00-16:00; Su off"),
    ("1st and 3rd Tuesday of the month 2pm-4pm", "Tu[1,3] 14:00-16:00"),
    ("Last Friday of each month, 10am-12pm", "Fr[-1] 10:00-12:00"),
    ("First Saturday of the month: 10:00 - 13:00", "Sa[1] 10:00-13:00"),
    ("Thursdays 10am-12pm except bank holidays", "Th 10:00-12:00; PH off"),
    ("Tuesday 1.30pm–3.30pm term time only", "Tu 13:30-15:30; SH off"),
    ("Wednesdays 1pm-3pm during school holidays", "SH We 13:00-15:00"),
    ("24/7", "24/7"),
    ("Mo-Fr 09:00-17:00; PH off", "Mo-Fr 09:00-17:00; PH off"),
    ("Tuesday: 10:00 - 12:00 Monthly", 'Tu 10:00-12:00 unknown "monthly"'),
    ("Every other Thursday 10am-12pm", 'Th 10:00-12:00 unknown "every other thursday"'),
    ("Mondays fortnightly 2pm-4pm", 'Mo 14:00-16:00 unknown "fortnightly"'),
    ("Every 2nd Thursday 2pm-4pm", 'Th 14:00-16:00 unknown "every 2nd thursday"'),
]


@pytest.mark.parametrize(("text", "hours"), READ)
def test_what_is_understood(text: str, hours: str) -> None:
    schedule = read_hours(text)
    assert schedule is not None
    assert schedule.words == ""
    assert write_opening_hours(schedule) == hours


NOT_UNDERSTOOD = [
    # morning or afternoon?
    "Wednesday 12 - 2",
    "Monday 9-5",
    "Tuesday 2-4",
    "Monday 7:30 - 9:30 and 2:30 - 4",
    "Friday 10am-12am",
    "Friday 12am - 4pm",
    "Friday 7 - 9",
    "Friday 7.30 - 9.30",
    "Monday: 09:00 - 05:00",
    "Friday: 12:30 - 02:30",
    "Thursday: 02:00 - 04:00",
    "Monday 00:00 - 00:00",
    # which days?
    "10am-12pm",
    "10-12 noon",
    "Monday",
    "Open Tuesdays",
    # which of them?
    "Mon 10am-12pm, Tue 1-3pm term time only",
    "Tuesday 10am-12pm, Thursday 2pm-4pm fortnightly",
    "Mon-Fri 9am-5pm, Wed 9am-1pm",
    "Mon-Sat 10am-4pm, Saturday 10am-12pm",
    "Monday; Tuesday; Saturday Mon-Tue: 9am-5pm",
    "Daily Monday - Thursday 11am - 11pm",
    # the second stretch is the lunch break here, and hours elsewhere
    "Monday: 09:30 - 17:30 / 13:00 - 14:00",
    "Friday: 10am to 1pm and 2pm and 5pm",
    "Sunday 9am-3pm, Sunday closed",
    # something else besides
    "Monday 10am-12pm (see notes)",
    "Monday 10am-12pm by appointment",
    "Usually the fourth Monday of the month 14.00 - 16.00",
    "Monday 10am-12pm until March",
    "Tuesday 10am to 11:30am (April to September)",
    "Thursday 10am-12pm from 5 January",
    "Monday 10am-12pm, lunch 1pm",
    "Monday 10am-12pm not 25th December",
    "Dydd Llun 10-4",
    "Monday from 10am",
    "Monday 10am - late",
    "Thurs morning 10 -12",
    "Phone for opening times",
    "Monday 25:00 - 26:00",
    "Monday 10:75 - 12:00",
    "Monday 10:00 - 10:00",
    "Monday 10am-4pm, first Monday of the month 10am-12pm",
    "Monday closed",
    "Monday 10am-12pm, and the first Sunday",
    "Weekdays except Wednesday 10am-4pm",
    "Monday and/or Tuesday 10am-4pm",
    "two Saturdays per month 10am-12pm",
    "Mon 10am-12pm" * 100,
]


@pytest.mark.parametrize("text", NOT_UNDERSTOOD, ids=lambda text: text[:60])
def test_what_could_mean_two_things_stays_in_words_and_states_nothing(text: str) -> None:
    schedule = read_hours(text)
    assert schedule is not None
    assert (schedule.rules, schedule.words) == ((), text)
    assert tell(schedule, "2026-11-23 10:30") == ("not stated", None)


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_of_blank_text_there_is_no_schedule(text: str) -> None:
    assert read_hours(text) is None


def test_every_other_week_says_that_other_days_are_closed() -> None:
    schedule = read_hours("Every other Thursday 10am-12pm")
    assert schedule is not None
    assert tell(schedule, "2026-11-24 10:00") == ("closed", "2026-11-26 10:00")
    assert tell(schedule, "2026-11-26 11:00") == ("not stated", "2026-11-26 12:00")


def test_term_time_only_needs_the_dates_of_terms() -> None:
    schedule = read_hours("Tuesday 10am-12pm term time only")
    assert schedule is not None
    assert tell(schedule, "2026-11-24 11:00") == ("open", "2026-11-24 12:00")
    assert tell(schedule, "2026-10-27 11:00") == ("closed", "2026-11-03 10:00")
    # after the last term of which dates are known
    assert tell(schedule, "2027-06-01 11:00") == ("not stated", "2027-06-01 12:00")
