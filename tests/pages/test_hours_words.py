"""Hours as people read them."""

import pytest

from app.pages.hours_words import say_clock, say_hours


def _as_written(sentence: str) -> str:
    return sentence


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Mo 10:00-12:00; Th 10:00-12:00", ["Monday, Thursday, 10 am–12 noon"]),
        ("Mo-Fr 09:30-17:00", ["Monday–Friday, 9.30 am–5 pm"]),
        ("Tu 10:00+", ["Tuesday, 10 am"]),
        ("2026 Dec 12 14:00-16:00", ["Saturday, 12 December 2026, 2 pm–4 pm"]),
        ("Mo-Fr 09:00-17:00; PH off", ["Monday–Friday, 9 am–5 pm", "Not on public holidays"]),
        ("Mo[1] 14:00-16:00", ["First Monday of the month, 2 pm–4 pm"]),
        ("Tu[1,3] 10:00-12:00",
         ["First Tuesday of the month, third Tuesday of the month, 10 am–12 noon"]),
        ("Fr[-1] 19:00-21:00", ["Last Friday of the month, 7 pm–9 pm"]),
        ('Sa 10:00-12:00 unknown "monthly"', ["Saturday, 10 am–12 noon (monthly)"]),
        ("Fr 19:00-01:00; PH off; 2026 Dec 25 off",
         ["Friday, 7 pm–1 am", "Not on public holidays", "Not on Friday, 25 December 2026"]),
        ("24/7", ["At any time, day and night"]),
        ("Jun-Aug Mo 10:00-12:00", ["Jun-Aug Mo 10:00-12:00"]),
        ("Mo 10:00-12:00 unknown", ["Mo 10:00-12:00 unknown"]),
        ("whenever", ["whenever"]),
    ],
)  # fmt: skip
def test_hours_are_said_in_words_or_left_as_they_are(kept: str, said: list[str]) -> None:
    assert say_hours(kept, "en-GB", _as_written) == said


def test_a_short_form_leaves_holidays_out() -> None:
    kept = "Mo 10:00-12:00; PH off; SH off"
    assert say_hours(kept, "en", _as_written, is_brief=True) == ["Monday, 10 am–12 noon"]


def test_other_languages_write_times_in_their_way() -> None:
    assert say_clock(14 * 60 + 5, "fr") == "14:05"
