"""Finding columns whose names were padded, cut or changed."""

import pytest

from app.indicators.sources import MissingColumnError
from app.indicators.sources.columns import Columns

RANK = "Income Rank (where 1 is most deprived)"
WORKING = "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022"


def columns(*names: str, cut: bool = False, **synonyms: tuple[str, ...]) -> Columns:
    return Columns(names, cut=cut, synonyms=synonyms)


def refusal(found: Columns, *wanted: str) -> MissingColumnError:
    for name in wanted:
        found.find(name)
    with pytest.raises(MissingColumnError) as caught:
        found.check()
    return caught.value


def test_the_exact_name_comes_before_one_that_differs_in_case() -> None:
    found = columns("Value", "value")
    assert found.find("value") == "value"
    assert found.find("Value") == "Value"
    found.check()


@pytest.mark.parametrize(
    "wanted", ["LSOA CODE (2011)", " LSOA  code\n(2011) ", "\ufeffLSOA code (2011)"]
)
def test_case_blanks_and_byte_order_marks_do_not_count(wanted: str) -> None:
    assert columns("LSOA code (2011)", "b").find(wanted) == "LSOA code (2011)"


def test_two_that_differ_in_case_only_are_not_chosen_between() -> None:
    error = refusal(columns("Value", "value"), "VALUE")
    assert "'VALUE' (it could be 'Value', 'value'; write the whole name)" in str(error)


def test_the_beginning_is_enough_only_where_headers_are_cut() -> None:
    assert columns("Income Score (rate)", RANK, cut=True).find("Income Rank") == RANK
    assert refusal(columns("Income Score (rate)", RANK), "Income Rank").missing == ("Income Rank",)


def test_a_header_cut_in_the_file_is_found_by_the_official_name() -> None:
    assert columns("LSOA code", WORKING[:40], cut=True).find(WORKING) == WORKING[:40]
    # Too short to say which of the official names it was.
    assert refusal(columns("LSOA code", "Working age", cut=True), WORKING).missing == (WORKING,)


def test_a_beginning_that_several_share_is_refused() -> None:
    error = refusal(columns("Income Score (rate)", RANK, cut=True), "Income")
    assert "'Income' (it could be 'Income Score (rate)', 'Income Rank" in str(error)


def test_all_missing_columns_are_named_with_what_there_is_and_what_was_meant() -> None:
    error = refusal(columns("IMD_score", "code"), "IMD scor", "xyzzy")
    assert error.missing == ("IMD scor", "xyzzy")
    assert str(error) == (
        "no columns 'IMD scor' (did you mean 'IMD_score'?); 'xyzzy'; "
        "the file has 'IMD_score', 'code'"
    )


def test_a_synonym_serves_where_the_name_is_not_there() -> None:
    other = ("geography code", "area")
    assert columns("AREA", mnemonic=other).find("mnemonic") == "AREA"
    assert columns("area", "Geography Code", mnemonic=other).find("mnemonic") == "Geography Code"
    assert columns("area", "mnemonic", mnemonic=other).find("mnemonic") == "mnemonic"
