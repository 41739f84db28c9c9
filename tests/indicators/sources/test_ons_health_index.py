"""ONS Health Index: the long file and the wide one."""

import pytest

from app.indicators.sources import Measure
from tests.indicators.sources.conftest import Read

LONG = (
    "ltla21_code,year,indicator,value\nE06000006,2015,Sleep,90.5\n"
    "E06000006,2016,Sleep,91\nE06000006,2015,Walks,102\n"
)
WIDE = "ltla21_code,year,overall_score,homes_score\nE06000006,2015,95.1,101\nE06000007,2015,103,\n"


def test_an_indicator_of_the_long_file_has_its_years(read: Read) -> None:
    readings, problems = read(
        LONG, "ons_health_index", Measure("sleep", {}, where={"indicator": ("Sleep",)})
    )
    assert problems == []
    assert [(each.period, each.period_sort, each.value) for each in readings] == [
        ("2015", "2015", 90.5),
        ("2016", "2016", 91),
    ]


def test_scores_of_the_wide_file_are_columns(read: Read) -> None:
    scores = [Measure(name, {"value": name}) for name in ("overall_score", "homes_score")]
    readings, _ = read(WIDE, "ons_health_index", *scores)
    assert [(each.measure, each.value, each.status) for each in readings] == [
        (0, 95.1, "known"),
        (1, 101, "known"),
        (0, 103, "known"),
        (1, None, "missing"),
    ]


@pytest.mark.parametrize("columns", [{}, {"value": "Value"}])
def test_indicators_are_never_mixed(read: Read, columns: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="sleep: choose an indicator under `where`"):
        read(LONG, "ons_health_index", Measure("sleep", columns))
