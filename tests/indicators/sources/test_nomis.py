"""Nomis downloads: title lines, codes with names, footnotes."""

from app.indicators.sources import Measure
from tests.indicators.sources.conftest import Read

AREA = "2021 super output area - lower layer"
TITLES = "TS999 - Cups of tea,,,\nCrown copyright,,,\n,,,\nDate       :,2021,,\n,,,\n"
#: As long as it takes for the names to stand out from the titles.
TEXT = (
    TITLES
    + f"{AREA},Total,Green,Black\n,,,\n"
    + 'E01000001 : Little Brewing 001A,"1,000",10,90\n'
    + "E01000002 : Little Brewing 001B,500,5,45\n"
    + ",,,\nE01000003 : Empty Place 001A,,,\nE01000005 : Empty Place 001B,,,\n"
    + "E01000004 : Little Brewing 001C,200,0,-\n"
    + "".join(f"W0100000{place} : Te Mawr 00{place}A,100,4,6\n" for place in range(1, 9))
    + ",,,\n,,,\nCounts were changed by small amounts.,,,\n"
    + ',"Some were swapped, as every year",,\n,affected.,,\n'
)
TEA = Measure(
    "tea",
    {"denominator": "Total"},
    numerator_columns=("Green", "Black"),
    derive="ratio",
    scale=100,
    missing=("-",),
)


def test_titles_and_footnotes_are_passed_over_and_codes_freed_of_names(read: Read) -> None:
    readings, problems = read(TEXT, "nomis", TEA)
    assert problems == []
    assert [(each.row, each.area_code, each.value, each.status) for each in readings] == [
        (8, "E01000001", 10, "known"),
        (9, "E01000002", 10, "known"),
        (11, "E01000003", None, "missing"),
        (12, "E01000005", None, "missing"),
        (13, "E01000004", None, "missing"),
        *((13 + place, f"W0100000{place}", 10, "known") for place in range(1, 9)),
    ]


def test_a_total_without_a_code_is_passed_over(read: Read) -> None:
    text = f"{AREA},Total,Green,Black\nE01000001 : A 001A,10,1,2\n,30,3,6\nE01000002 : B,5,1,1\n"
    readings, problems = read(text, "nomis", TEA)
    assert [each.area_code for each in readings] == ["E01000001", "E01000002"]
    assert problems == []


def test_a_row_out_of_step_is_still_a_problem(read: Read) -> None:
    text = f"{AREA},Total,Green,Black\nE01000001 : A,10,1,2\nE01000002 : B,5\nE01000003 : C,5,1,1\n"
    readings, problems = read(text, "nomis", TEA)
    assert [each.area_code for each in readings] == ["E01000001", "E01000003"]
    assert [each.row for each in problems] == [3]


def test_the_column_of_codes_has_a_name_for_each_kind_of_download(read: Read) -> None:
    measure = Measure("n", {"value": "OBS_VALUE"}, where={"C_AGE": ("200",)})
    text = "DATE,GEOGRAPHY_CODE,GEOGRAPHY_NAME,C_AGE,OBS_VALUE\n2024,E01000001,A,200,9\n"
    text += "2024,E01000001,A,201,2\n2024,E01000002,B,200,8\n"
    readings, problems = read(text, "nomis", measure)
    assert problems == []
    assert [(each.area_code, each.value) for each in readings] == [
        ("E01000001", 9),
        ("E01000002", 8),
    ]


def test_the_column_of_codes_comes_before_that_of_names(read: Read) -> None:
    text = f"{AREA},mnemonic,Total\nLittle Brewing 001A,E01000001,5\nB 001A,E01000002,6\n"
    readings, _ = read(text, "nomis", Measure("n", {"value": "Total"}))
    assert [each.area_code for each in readings] == ["E01000001", "E01000002"]
