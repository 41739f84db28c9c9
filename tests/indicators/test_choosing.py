"""Which series is given when not all of it is asked for."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.indicators.choosing import NotHeldError, Wanted, choose_series, list_levels


def hold(*series: str) -> list[Any]:
    """Return series written as "year period sex age"; a dash is everybody."""
    rows = []
    for each in series:
        year, period, sex, age = (part.replace("-", "") for part in each.split())
        rows.append(
            SimpleNamespace(
                area_type="box", boundary_year=int(year), period=period, period_sort=period,
                sex=sex, age=age, method=None, value_count=int(period), missing_count=0,
                suppressed_count=0,
            )
        )  # fmt: skip
    return rows


def choose(held: list[Any], **wanted: Any) -> str:  # noqa: ANN401 - any field of Wanted
    """Return the series that is chosen, written as in `hold`."""
    found = choose_series("Tried", held, Wanted("box", **wanted))
    return " ".join(
        str(part or "-") for part in (found.boundary_year, found.period, found.sex, found.age)
    )


@pytest.mark.parametrize(
    ("held", "chosen"),
    [
        (["2021 2024 - -", "2021 2025 - -"], "2021 2025 - -"),
        (["2011 2025 - -", "2021 2024 - -"], "2021 2024 - -"),
        (["2021 2025 Male -", "2021 2024 - -"], "2021 2024 - -"),
        (["2021 2025 Female 65+", "2021 2025 Persons 65+"], "2021 2025 Persons 65+"),
        (["2021 2025 Male -", "2021 2025 Female -"], "2021 2025 Female -"),
        (["2021 2025 - 65+", "2021 2025 - 0to15"], "2021 2025 - 0to15"),
    ],
)
def test_the_newest_of_everybody_is_given(held: list[str], chosen: str) -> None:
    assert choose(hold(*held)) == chosen
    assert choose(hold(*reversed(held))) == chosen


def test_what_is_asked_for_is_given_even_from_an_earlier_boundary_year() -> None:
    held = hold("2021 2025 - -", "2011 2019 - -", "2021 2025 Male -")
    assert choose(held, period="2019") == "2011 2019 - -"
    assert choose(held, sex="Male") == "2021 2025 Male -"
    assert choose(held, sex="") == "2021 2025 - -"
    with pytest.raises(NotHeldError, match=r"period '2019' \(box of 2021\)\. Held: 2025"):
        choose(held, period="2019", boundary_year=2021)
    with pytest.raises(NotHeldError, match=r"age '65\+'.*Held: everybody"):
        choose(held, age="65+")


def test_a_level_counts_the_series_that_is_given_by_default() -> None:
    level, older = list_levels(hold("2021 25 - -", "2021 24 - -", "2021 26 Male -", "2011 19 - -"))
    assert (level.value_count, older.value_count) == (25, 19)
    assert (level.periods, level.sexes) == (["25", "24", "26"], ["", "Male"])
