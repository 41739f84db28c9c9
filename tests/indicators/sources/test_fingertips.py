"""Fingertips downloads: many areas and periods, repeats, breakdowns, suppression."""

from app.indicators.sources import Measure, Reading, find_format
from tests.indicators.sources.conftest import Read

HEADER = (
    "Indicator ID,Parent Code,Area Code,Area Type,Sex,Age,Category Type,Category,Time period,"
    "Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Denominator,Value note,"
    "Time period Sortable\n"
)
ENGLAND = "1,,E92000001,England,Persons,15+ yrs,,,2022/23,14.5,14.4,14.6,145,1000,,20220000\n"
HALTON = "1,E92000001,E06000006,UA,Persons,15+ yrs,,,2022/23,16.5,16,17,33,200,,20220000\n"
ANY = Measure("smoking", {})


def test_all_columns_are_known_by_name(read: Read) -> None:
    readings, problems = read(HEADER + ENGLAND + HALTON, "fingertips", ANY)
    assert problems == []
    assert readings[1] == Reading(
        0, 3, "E06000006", "2022/23", "20220000", "Persons", "15+ yrs",
        16.5, 16, 17, 33, 200, "known", "",
    )  # fmt: skip


def test_breakdowns_are_left_out_unless_asked_for(read: Read) -> None:
    tenth = HALTON.replace(",,,2022/23", ",Deprivation deciles,Most deprived,2022/23", 1)
    text = HEADER + ENGLAND + HALTON + tenth.replace("16.5", "16.9")
    readings, problems = read(text, "fingertips", ANY)
    assert [each.row for each in readings] == [2, 3]
    assert problems == []
    chosen = Measure("smoking", {}, where={"category type": ("Deprivation deciles",)})
    readings, problems = read(text, "fingertips", chosen)
    assert [each.value for each in readings] == [16.9]


def test_the_same_area_under_two_parents_is_read_once(read: Read) -> None:
    again = ENGLAND.replace("1,,", "1,E92000001,", 1).replace("14.5,", "14.50000001,")
    readings, problems = read(HEADER + ENGLAND + HALTON + again, "fingertips", ANY)
    assert [each.row for each in readings] == [2, 3]
    assert problems == []


def test_two_values_of_one_area_are_a_problem(read: Read) -> None:
    other = ENGLAND.replace("1,,", "2,,", 1).replace("14.5,", "14.6,")
    readings, problems = read(HEADER + ENGLAND + HALTON + other, "fingertips", ANY)
    assert [each.value for each in readings] == [14.5, 16.5]
    assert problems[0].row == 4
    assert problems[0].reason.startswith(
        "E92000001 has 14.6 (14.4 to 14.6; 145 of 1000) here and 14.5 (14.4 to 14.6; 145 of 1000) "
        "in row 2 for the same period, sex and age"
    )


def test_a_value_withheld_here_and_given_there_is_a_problem(read: Read) -> None:
    withheld = HALTON.replace("16.5,16,17,33", ",,,").replace("200,,", "200,small numbers,")
    readings, problems = read(HEADER + ENGLAND + HALTON + withheld, "fingertips", ANY)
    assert len(readings) == 2
    assert [each.row for each in problems] == [4]


def test_other_periods_sexes_and_ages_are_kept_as_given(read: Read) -> None:
    text = HEADER + HALTON
    text += HALTON.replace("2022/23", "2021/22").replace("20220000", "20210000")
    text += HALTON.replace("Persons", "Female").replace("16.5", "16.2")
    text += HALTON.replace("15+ yrs", "").replace("16.5", "16.3")
    readings, problems = read(text, "fingertips", ANY)
    assert problems == []
    assert [(each.period, each.sex, each.age) for each in readings] == [
        ("2022/23", "Persons", "15+ yrs"),
        ("2021/22", "Persons", "15+ yrs"),
        ("2022/23", "Female", "15+ yrs"),
        ("2022/23", "Persons", ""),
    ]


def test_no_value_with_a_note_was_withheld_and_without_one_is_missing(read: Read) -> None:
    noted = HALTON.replace("16.5,16,17,33,200,", ",,,,200,Withheld: small numbers")
    bare = HALTON.replace("16.5,16,17,33,200", ",,,,200").replace("2022/23", "2021/22")
    given = ENGLAND.replace("1000,,", "1000,Estimated,")
    readings, problems = read(HEADER + noted + bare + given, "fingertips", ANY)
    assert problems == []
    assert [(each.value, each.status, each.note, each.denominator) for each in readings] == [
        (None, "suppressed", "Withheld: small numbers", 200),
        (None, "missing", "", 200),
        (14.5, "known", "Estimated", 1000),
    ]


def test_several_indicators_of_one_file_are_told_apart(read: Read) -> None:
    measures = [Measure(name, {}, where={"Indicator ID": (name,)}) for name in ("1", "2")]
    text = HEADER + HALTON + HALTON.replace("1,", "2,", 1).replace("16.5", "16.1")
    readings, problems = read(text, "fingertips", *measures)
    assert problems == []
    assert [(each.measure, each.value) for each in readings] == [(0, 16.5), (1, 16.1)]


def test_the_manifest_has_the_last_word_on_columns() -> None:
    complete = find_format("fingertips").complete
    measure = complete(Measure("x", {"lower": "Lower CI 99.8 limit", "note": ""}))
    assert measure.columns["lower"] == "Lower CI 99.8 limit"
    assert measure.columns["note"] == ""
    assert measure.columns["code"] == "Area Code"
    summed = complete(Measure("x", {}, numerator_columns=("a", "b")))
    assert "numerator" not in summed.columns
