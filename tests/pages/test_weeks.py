"""A week of plain times: typed, kept, and written back into the fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assets.schedules.opening_hours import read_opening_hours
from app.pages.typed_times import DAYS, write_minute
from app.pages.weeks import FIELDS, Week, read_week, spell_week


def _read(**typed: str) -> Week:
    return read_week(lambda field: typed.get(field, ""))


def test_times_of_days_are_kept_in_their_order() -> None:
    week = _read(from_tu="9am", to_tu="12 noon", from2_tu="1 pm", to2_tu="5pm", from_mo="10:30")
    assert week == Week("Mo 10:30+; Tu 09:00-12:00,13:00-17:00", {})


def test_a_night_out_ends_on_the_next_day() -> None:
    assert _read(from_fr="7 pm", to_fr="1 am").opening_hours == "Fr 19:00-01:00"
    assert _read(from_fr="7 pm", to_fr="midnight").opening_hours == "Fr 19:00-24:00"


@pytest.mark.parametrize(
    ("typed", "field", "part"),
    [
        ({}, "from_mo", "at least one day"),
        ({"holidays": "closed"}, "from_mo", "at least one day"),
        ({"to_we": "5 pm"}, "from_we", "only its end"),
        ({"from_we": "2", "to_we": "4 pm"}, "from_we", "in the morning or the afternoon"),
        ({"from_we": "soon"}, "from_we", "is not a time"),
        ({"from_we": "5 pm", "to_we": "9 am", "from2_we": "10 pm"}, "from2_we", "before the first"),
        ({"from_we": "5 pm", "to_we": "5 pm"}, "to_we", "not after it begins"),
        ({"from_we": "9 am", "from2_we": "1 pm", "to2_we": "2 pm"}, "from2_we", "before the first"),
    ],
)
def test_a_slip_names_its_field(typed: dict[str, str], field: str, part: str) -> None:
    week = _read(**typed)
    assert week.opening_hours == ""
    assert part in week.problems[field].write(lambda sentence: sentence)


@pytest.mark.parametrize(
    "kept",
    ["Mo[1] 10:00-12:00", "Jun Mo 10:00-12:00", "24/7", "Mo off", "PH off", "Mo 00:00-24:00", "",
     "Mo 10:00-12:00 unknown", 'Mo 10:00-12:00 "ring first"',
     "Mo 08:00-09:00,10:00-11:00,12:00-13:00",
     "PH off; Mo 10:00-12:00", "Mo 10:00-12:00; PH 10:00-11:00", "Mo 10:00-12:00; SH off",
     "Mo 10:00-12:00 || Tu 10:00-12:00", "week 1-10 Mo 10:00-12:00", "whenever"],
)  # fmt: skip
def test_what_is_more_than_a_week_is_not_offered_as_one(kept: str) -> None:
    assert spell_week(kept, "en") is None


def test_later_times_of_a_day_take_the_place_of_earlier_ones() -> None:
    fields = spell_week("Mo-We 09:00-17:00; Tu 10:00-12:00; PH off", "en")
    assert fields == {
        "from_mo": "9 am", "to_mo": "5 pm", "from_tu": "10 am", "to_tu": "12 noon",
        "from_we": "9 am", "to_we": "5 pm", "holidays": "closed",
    }  # fmt: skip


_MINUTES = st.integers(0, 287).map(lambda number: number * 5)


@given(
    st.dictionaries(st.sampled_from(DAYS), st.tuples(_MINUTES, st.integers(1, 216)), min_size=1),
    st.sampled_from(["", "; PH off"]),
    st.sampled_from(["en-GB", "cy", "ar"]),
)
def test_a_week_written_into_fields_is_read_as_the_same(
    days: dict[str, tuple[int, int]], holidays: str, language: str
) -> None:
    """Kept times mean the same after they were shown and sent back unchanged."""
    kept = "; ".join(
        f"{day.capitalize()} {write_minute(begins)}-{write_minute(begins + 5 * fives)}"
        for day in DAYS
        if day in days
        for begins, fives in [days[day]]
    ) + holidays  # fmt: skip
    fields = spell_week(kept, language)
    if language == "en-GB":
        assert fields is not None, "people here read their own times"
    if fields is not None:
        assert set(fields) <= set(FIELDS)
        again = read_week(lambda field: fields.get(field, ""))
        assert read_opening_hours(again.opening_hours) == read_opening_hours(kept)
