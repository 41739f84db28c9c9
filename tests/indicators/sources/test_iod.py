"""Indices of Deprivation: padded and cut headers."""

import pytest

from app.indicators.sources import Measure, MissingColumnError
from tests.indicators.sources.conftest import Read

HEADER = (
    '\ufeffLSOA code (2021),Index of Multiple Deprivation (IMD) Score ,"Income\nScore (rate)",'
    "Income Rank (where 1 is most deprived),Working age population 18-66 (for use\n"
)
TEXT = HEADER + 'E01000001,8.742,0.013,33730,"1,296"\nE01000002,4.722,0.018,33669,820\n'


def measure(value: str) -> Measure:
    return Measure("x", {"code": "LSOA code (2021)", "value": value})


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        ("Index of Multiple Deprivation (IMD) Score", 8.742),
        ("index of multiple deprivation", 8.742),
        ("Income Score (rate)", 0.013),
        ("Income Rank", 33730),
        ("Working age population 18-66 (for use with Employment Domain): mid 2022", 1296),
    ],
)
def test_official_names_find_their_columns(read: Read, wanted: str, value: float) -> None:
    readings, problems = read(TEXT, "iod", measure(wanted))
    assert problems == []
    assert readings[0].value == value


def test_a_beginning_of_two_names_is_refused(read: Read) -> None:
    with pytest.raises(MissingColumnError, match=r"'Income' \(it could be 'Income Score"):
        read(TEXT, "iod", measure("Income"))


def test_a_plain_table_wants_whole_names(read: Read) -> None:
    with pytest.raises(MissingColumnError, match="no column 'Income Rank'"):
        read(TEXT, "plain", measure("Income Rank"))
