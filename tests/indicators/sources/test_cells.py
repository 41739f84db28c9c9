"""What cells of indicator files mean."""

from datetime import date

import pytest

from app.indicators.sources.cells import CellProblem, number_in, text_of


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  a ", "a"),
        (2015.0, "2015"),
        (0.25, "0.25"),
        (7, "7"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2021, 3, 21), "2021-03-21"),
    ],
)
def test_a_cell_is_the_text_a_person_sees(cell: object, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        ("-0.999", -0.999),
        ("+1.5", 1.5),
        ("1e-3", 0.001),
        ("1,296", 1296.0),
        ("-1,234,567.5", -1234567.5),
    ],
)
def test_numbers_are_read_as_publishers_write_them(text: str, number: float) -> None:
    assert number_in(text, "n") == number


@pytest.mark.parametrize("text", ["12,5", "1,29", "1 296", "nan", "inf", "1_000", "n/a", "<5"])
def test_what_is_no_number_is_refused_with_column_value_and_remedy(text: str) -> None:
    with pytest.raises(CellProblem, match="write a number with a point") as caught:
        number_in(text, "Rate")
    assert str(caught.value).startswith(f"'Rate' is {text!r}; ")


def test_a_per_cent_sign_is_not_guessed_at() -> None:
    with pytest.raises(CellProblem, match=r"'Rate' is '12\.5 %'; write the number without the per"):
        number_in("12.5 %", "Rate")
