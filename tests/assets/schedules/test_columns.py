"""Hours in one column for each weekday."""

import pytest

from app.assets.schedules.columns import read_weekday_columns
from app.assets.schedules.tokens import OpeningHoursProblem
from app.assets.schedules.writing import write_opening_hours
from tests.assets.schedules.asking import tell

LIBRARY = {
    "Monday": "10:00-17:00",
    "Tuesday": "09:30-13:00,14:00-19:00",
    "Wednesday": "closed",
    "Thursday": "",
    "Friday": None,
    "Saturday": " 10:00 - 13:00 ",
    "Sunday": "-",
}


def test_a_library_is_open_as_its_columns_say() -> None:
    schedule = read_weekday_columns(LIBRARY)
    assert schedule is not None
    assert write_opening_hours(schedule) == (
        "Mo 10:00-17:00; Tu 09:30-13:00,14:00-19:00; We off; Sa 10:00-13:00; Su off"
    )
    assert tell(schedule, "2026-11-24 13:30") == ("closed", "2026-11-24 14:00")
    # an empty cell beside filled ones is a day without hours
    assert tell(schedule, "2026-11-26 12:00") == ("closed", "2026-11-28 10:00")


def test_names_of_days_may_be_spelled_in_any_case_and_order() -> None:
    schedule = read_weekday_columns({" sunday ": "22:00-01:00", "MONDAY": "10:00-12:00"})
    assert schedule is not None
    assert write_opening_hours(schedule) == "Mo 10:00-12:00; Su 22:00-01:00"


@pytest.mark.parametrize("cells", [{}, {"Monday": "", "Tuesday": None, "Sunday": "  "}])
def test_without_a_filled_cell_nothing_is_stated(cells: dict[str, str | None]) -> None:
    assert read_weekday_columns(cells) is None


def test_closed_every_day_is_closed_and_not_unknown() -> None:
    schedule = read_weekday_columns({"Monday": "Closed", "Tuesday": "Closed"})
    assert schedule is not None
    assert tell(schedule, "2026-11-24 12:00")[0] == "closed"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9 to 5", '"to" is no word of opening hours'),
        ("Mo 10:00-12:00", "Times such as 09:30-17:00 are expected here"),
        ("10:00", "The end after 10:00 is missing"),
        ("10:00-12:00 off", "Times such as 09:30-17:00 are expected here"),
        ("by appointment", '"by" is no word of opening hours'),
    ],
)
def test_a_cell_that_cannot_be_read_names_its_weekday(text: str, sentence: str) -> None:
    with pytest.raises(OpeningHoursProblem, match=f"Tuesday: {sentence}"):
        read_weekday_columns({"Monday": "10:00-12:00", "Tuesday": text})
