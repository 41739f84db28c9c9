"""Hours as OpenStreetMap spells them: what they say, and what is refused with which sentence.

2026-11-24 is a Tuesday; 25 December 2026 and 1 January 2027 are Fridays, 28 December is kept for
Boxing Day; 26 March 2027 is Good Friday.
"""

import pytest

from app.assets.schedules.model import Rule
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.tokens import OpeningHoursProblem
from tests.assets.schedules.asking import list_sessions, tell

LUNCH = "Mo-Fr 09:00-12:00,13:00-17:00"

SAYS = [
    ("24/7", "2026-11-24 03:00", "open", None),
    ("Mo-Fr 09:00-17:00", "2026-11-24 09:00", "open", "2026-11-24 17:00"),
    ("Mo-Fr 09:00-17:00", "2026-11-24 17:00", "closed", "2026-11-25 09:00"),
    ("Mo-Fr 09:00-17:00", "2026-11-27 18:00", "closed", "2026-11-30 09:00"),
    ("mo-fr 9:00–17:00", "2026-11-24 08:59", "closed", "2026-11-24 09:00"),
    (LUNCH, "2026-11-24 12:30", "closed", "2026-11-24 13:00"),
    ("Sa-Mo 10:00-16:00", "2026-11-29 09:00", "closed", "2026-11-29 10:00"),
    ("Sa-Mo 10:00-16:00", "2026-11-24 09:00", "closed", "2026-11-28 10:00"),
    ("Mo,We 10:00-11:00", "2026-11-24 09:00", "closed", "2026-11-25 10:00"),
    # ";" puts a rule in the place of earlier ones on its days, "," adds one
    ("Mo-Fr 10:00-12:00; We 18:00-20:00", "2026-11-25 11:00", "closed", "2026-11-25 18:00"),
    ("Mo-Fr 10:00-12:00, We 18:00-20:00", "2026-11-25 11:00", "open", "2026-11-25 12:00"),
    ("Mo-Fr 10:00-12:00; We off", "2026-11-25 11:00", "closed", "2026-11-26 10:00"),
    ("Mo-Fr 10:00-16:00, We 12:00-13:00 off", "2026-11-25 12:00", "closed", "2026-11-25 13:00"),
    ("Mo-Fr 10:00-16:00; We 12:00-13:00 off", "2026-11-25 10:30", "open", "2026-11-25 12:00"),
    ("24/7; Dec 24-26 off", "2026-12-25 10:00", "closed", "2026-12-27 00:00"),
    # a rule without days is about every day
    ("Mo-Sa 08:00-13:00; 15:00-18:00", "2026-11-24 10:00", "closed", "2026-11-24 15:00"),
    # public holidays
    ("Mo-Fr 09:00-17:00; PH off", "2026-12-28 10:00", "closed", "2026-12-29 09:00"),
    ("Mo-Fr,PH 09:00-17:00", "2026-12-26 10:00", "open", "2026-12-26 17:00"),
    ("Mo-Fr,PH 09:00-17:00", "2026-12-27 10:00", "closed", "2026-12-28 09:00"),
    # only said to be closed: nothing is stated of other days
    ("PH off", "2026-12-25 10:00", "closed", "2026-12-27 00:00"),
    ("PH off", "2026-11-24 10:00", "not stated", "2026-12-25 00:00"),
    ("PH 10:00-12:00", "2026-11-24 10:00", "closed", "2026-12-25 10:00"),
    ("PH Mo-Th 10:00-12:00", "2026-11-24 10:00", "closed", "2026-12-28 10:00"),
    # school holidays: 24 October to 1 November, 19 December to 3 January
    ("Mo-Fr 10:00-12:00; SH off", "2026-10-26 10:00", "closed", "2026-11-02 10:00"),
    ("SH Mo-Fr 10:00-12:00", "2026-11-24 10:00", "closed", "2026-12-21 10:00"),
    # counted weekdays: Tuesdays are 3, 10, 17, 24 November and 1 December
    ("Tu[4] 10:00-12:00", "2026-11-24 10:00", "open", "2026-11-24 12:00"),
    ("Tu[-1] 10:00-12:00", "2026-11-24 10:00", "open", "2026-11-24 12:00"),
    ("Tu[1,3] 10:00-12:00", "2026-11-24 10:00", "closed", "2026-12-01 10:00"),
    ("Tu[2-3] 10:00-12:00", "2026-11-24 10:00", "closed", "2026-12-08 10:00"),
    # months, dates, years, weeks (24 November 2026 is in week 48)
    ("Oct-Mar 10:00-12:00", "2026-11-24 10:00", "open", "2026-11-24 12:00"),
    ("Dec 24-Jan 02 10:00-12:00", "2027-01-02 12:00", "closed", "2027-12-24 10:00"),
    ("Dec 24,31 10:00-12:00", "2026-12-25 10:00", "closed", "2026-12-31 10:00"),
    ("2027 Tu 10:00-12:00", "2026-11-24 10:00", "closed", "2027-01-05 10:00"),
    ("2026-2027 Tu 10:00-12:00", "2027-12-28 12:00", "closed", None),
    ("2027 Feb+ Tu 10:00-12:00", "2026-11-24 10:00", "closed", "2027-02-02 10:00"),
    ("2026 Dec 30-2027 Jan 02 10:00-11:00", "2026-11-24 10:00", "closed", "2026-12-30 10:00"),
    ("week 48 Tu 10:00-12:00", "2026-11-24 10:00", "open", "2026-11-24 12:00"),
    ("week 1-53/2 Tu 10:00-12:00", "2026-11-24 10:00", "closed", "2026-12-01 10:00"),
    ("week 50-2 Tu 10:00-12:00", "2026-11-24 10:00", "closed", "2026-12-08 10:00"),
    # after midnight: the session belongs to the day it starts on
    ("Fr 22:00-02:00", "2026-11-28 01:00", "open", "2026-11-28 02:00"),
    ("Fr 22:00-26:00", "2026-11-28 01:00", "open", "2026-11-28 02:00"),
    ("Fr 22:00-02:00; Sa off", "2026-11-28 01:00", "open", "2026-11-28 02:00"),
    ("Fr 22:00-02:00", "2026-11-27 01:00", "closed", "2026-11-27 22:00"),
    # a day that is off has no night either
    ("Th,Fr 22:00-02:00; Fr off", "2026-11-28 01:00", "closed", "2026-12-03 22:00"),
    # ends that are not stated
    ("Tu 14:00+", "2026-11-24 14:00", "not stated", "2026-11-25 00:00"),
    ("Tu 10:00-14:00+", "2026-11-24 13:00", "open", "2026-11-24 14:00"),
    ("Tu 10:00-14:00+", "2026-11-24 15:00", "not stated", "2026-11-25 00:00"),
    # words
    ("Tu 10:00-12:00 unknown", "2026-11-24 11:00", "not stated", "2026-11-24 12:00"),
    ('Tu 10:00-12:00 "ring first"', "2026-11-24 11:00", "not stated", "2026-11-24 12:00"),
    ('Tu 10:00-12:00 open "ring first"', "2026-11-24 11:00", "open", "2026-11-24 12:00"),
    ("off", "2026-11-24 11:00", "closed", None),
    # what holds where the others leave the place closed
    ("Tu 10:00-12:00 || unknown", "2026-11-24 11:00", "open", "2026-11-24 12:00"),
    ("Tu 10:00-12:00 || unknown", "2026-11-24 12:00", "not stated", "2026-12-01 10:00"),
    ("Mo-Fr 08:00-12:00 || 11:00-14:00", "2026-11-24 11:30", "open", "2026-11-24 14:00"),
]


@pytest.mark.parametrize(("hours", "moment", "state", "until"), SAYS)
def test_what_hours_say(hours: str, moment: str, state: str, until: str | None) -> None:
    assert tell(read_opening_hours(hours), moment) == (state, until)


def test_the_night_before_new_year_is_not_the_holiday() -> None:
    schedule = read_opening_hours("Th,Fr 20:00-01:00; PH off")
    # Thursday's session runs into the holiday; Friday 1 January has none
    assert list_sessions(schedule, "2026-12-30 12:00", 2) == [
        "Thu 31 Dec 20:00-01:00",
        "Thu 07 Jan 20:00-01:00",
    ]


def test_a_rule_of_several_days_and_times_is_kept_as_recurrences() -> None:
    schedule = read_opening_hours("Apr-Sep Mo-We,PH 09:00-12:00,18:00-01:00")
    months = (4, 5, 6, 7, 8, 9)
    assert schedule.rules[:2] == (
        Rule(
            freq="WEEKLY",
            byday=("MO", "TU", "WE"),
            bymonth=months,
            opens_minute=540,
            closes_minute=720,
        ),
        Rule(
            freq="WEEKLY",
            byday=("MO", "TU", "WE"),
            bymonth=months,
            opens_minute=1080,
            closes_minute=1500,
            joins="also",
        ),
    )
    assert [rule.public_holidays for rule in schedule.rules] == ["as usual"] * 2 + ["only"] * 2


def test_a_comment_is_kept_with_its_rule() -> None:
    schedule = read_opening_hours('Mo-Fr 10:00-16:00; Sa "by appointment"')
    assert [(rule.says, rule.comment) for rule in schedule.rules] == [
        ("open", ""),
        ("not stated", "by appointment"),
    ]


REFUSED = [
    ("", "There are no hours in the text.", 1),
    ("sunrise-sunset", 'Hours that follow the sun ("sunrise") are not known here.', 1),
    ("Mo-Fr 08:00-dusk", 'Hours that follow the sun ("dusk") are not known here.', 13),
    ("easter off", "Easter is not known here. Give the dates.", 1),
    ("PH +1 day off", "Days before or after another day are not known here.", 7),
    ("PH +1 off", '"+" is not expected here.', 4),
    ("Mo-Fr 09:00", "The end after 09:00 is missing. Write 09:00+ if it is not known.", 7),
    ("Mo 10:00-10:00", "It opens and closes at the same time.", 4),
    ("Mo 10:00-16:00/01:30", "Repeated times are not known here.", 15),
    ("Mo 10am-12pm", '"am" is no word of opening hours.', 6),
    ("Mon 10:00-12:00", '"Mon" is no word of opening hours.', 1),
    ("Mo[6] 10:00-12:00", "A month has weekdays 1 to 5, or -1 to -5.", 1),
    ("Mo 25:00-26:00", "A start must be before 24:00.", 4),
    ("Mo 10:75-12:00", '"10:75" is no time of day.', 4),
    ("Feb 30 10:00-12:00", "The month has no day 30.", 5),
    ("2027 Feb 29 off", "There is no such day in 2027.", 6),
    ("2027-2026 Mo 10:00-12:00", "The years run backwards.", 1),
    ("week 54 10:00-12:00", "Weeks are numbered from 1 to 53.", 6),
    ("Mo 10:00-12:00 || ", "A rule is expected here.", 18),
    ("|| Mo 10:00-12:00", "A day, a time or a word is expected here.", 1),
    ("Mo 10:00-12:00 Tu", '"Tu" is not expected here.', 16),
    ("Mo 10:00-12:00 €", '"€" is not expected here.', 16),
    ("Mo-Fr 09:00-17:00, ", "A rule is expected here.", 19),
]


@pytest.mark.parametrize(("hours", "sentence", "position"), REFUSED)
def test_what_cannot_be_read_is_refused_at_its_place(
    hours: str, sentence: str, position: int
) -> None:
    with pytest.raises(OpeningHoursProblem) as caught:
        read_opening_hours(hours)
    assert caught.value.sentence.startswith(sentence)
    assert caught.value.position == position


def test_no_text_is_too_long_or_too_rich_to_be_refused() -> None:
    with pytest.raises(OpeningHoursProblem, match="longer than 4000"):
        read_opening_hours("Mo 10:00-12:00; " * 300)
    with pytest.raises(OpeningHoursProblem, match="too many rules"):
        read_opening_hours("; ".join(["Mo 10:00-11:00"] * 201))
