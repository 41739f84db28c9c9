"""The one loop, on invented tables with everything that goes wrong in real ones."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from app.files import open_table
from app.indicators.sources import (
    Measure,
    MissingColumnError,
    Reading,
    ReadingProblem,
    find_format,
    read_measures,
)
from tests.indicators.sources.conftest import Read

SCORE = Measure("score", {"code": "area", "value": "score"}, period="2025")
FULL = Measure(
    "rate",
    {
        "code": "area",
        "value": "rate",
        "lower": "low",
        "upper": "high",
        "numerator": "cases",
        "denominator": "people",
        "period": "year",
        "sex": "sex",
        "note": "note",
    },
    scale=100,
    age="All ages",
)
FULL_HEADER = "area,rate,low,high,cases,people,year,sex,note\n"


def test_unknown_forms_are_refused_naming_those_there_are() -> None:
    with pytest.raises(ValueError, match="no format 'csv'; choose one of plain, iod, nomis, finge"):
        find_format("csv")
    assert find_format("plain").complete(SCORE) == SCORE


def test_a_plain_table_gives_one_reading_an_area_with_the_row_a_person_sees(read: Read) -> None:
    readings, problems = read("area,score\nA1,4.5\n\nA2,-0.999\n", "plain", SCORE)
    assert problems == []
    assert readings[0] == Reading(
        0, 2, "A1", "2025", "", "", "", 4.5, None, None, None, None, "known", ""
    )
    assert [(each.row, each.area_code, each.value) for each in readings] == [
        (2, "A1", 4.5),
        (4, "A2", -0.999),
    ]


def test_every_role_is_read_and_scaled(read: Read) -> None:
    text = FULL_HEADER + 'A1,0.12,0.1,0.15,"1,200",10000,2023/24,Female,provisional\n'
    readings, problems = read(text, "plain", replace(FULL, period="never", period_sort="20230000"))
    assert problems == []
    assert readings == [
        Reading(
            0, 2, "A1", "2023/24", "20230000", "Female", "All ages",
            12, 10, 15, 1200, 10000,
            "known", "provisional",
        )
    ]  # fmt: skip


def test_an_empty_label_falls_back_on_what_the_measure_says(read: Read) -> None:
    readings, _ = read(FULL_HEADER + "A1,0.1,,,,,,,\n", "plain", replace(FULL, period="2024"))
    assert (readings[0].period, readings[0].sex) == ("2024", "")


def test_missing_and_suppressed_are_told_apart(read: Read) -> None:
    measure = replace(SCORE, missing=("-999", "NE"), suppressed=("c", "[x]"))
    text = "area,score\nA1,\nA2,-999\nA3,-999.0\nA4,NE\nA5,c\nA6,[x]\nA7,1\n"
    readings, problems = read(text, "plain", measure)
    assert problems == []
    assert [(each.value, each.status) for each in readings] == [
        *[(None, "missing")] * 4,
        *[(None, "suppressed")] * 2,
        (1.0, "known"),
    ]


def test_a_withheld_value_does_not_come_back_through_its_counts(read: Read) -> None:
    columns = {"code": "area", "value": "share", "numerator": "n", "denominator": "all"}
    measure = Measure("share", columns, suppressed=("c",))
    text = "area,share,n,all\nA1,c,1,10\nA2,20,2,10\n"
    readings, problems = read(text, "plain", measure)
    assert problems == []
    assert [(each.value, each.numerator, each.status) for each in readings] == [
        (None, None, "suppressed"),
        (20.0, 2.0, "known"),
    ]


def test_a_plain_note_beside_no_value_does_not_make_it_suppressed(read: Read) -> None:
    readings, _ = read(FULL_HEADER + "A1,,0.1,0.2,,,,,not collected\n", "plain", FULL)
    only = readings[0]
    assert (only.status, only.note, only.lower, only.upper) == (
        "missing",
        "not collected",
        None,
        None,
    )


def test_a_column_of_statuses_counts_where_its_word_is_a_mark(read: Read) -> None:
    measure = Measure(
        "s", {"code": "area", "value": "v", "status": "flag"}, missing=("m",), suppressed=("supp",)
    )
    readings, _ = read("area,v,flag\nA1,3,supp\nA2,4,m\nA3,5,estimate\nA4,6,\n", "plain", measure)
    assert [(each.value, each.status, each.note) for each in readings] == [
        (None, "suppressed", ""),
        (None, "missing", ""),
        (5.0, "known", "estimate"),
        (6.0, "known", ""),
    ]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("n/a", "'score' is 'n/a'; write a number"),
        ("12%", "'score' is '12%'; write the number without the per cent sign"),
        ('"12,5"', "'score' is '12,5'; write a number with a point for decimals"),
        ("-999", "'score' is '-999'; it must lie from 0 to 100. If -999 stands for no value, name"),
        ("100.1", "'score' is '100.1'; it must lie from 0 to 100"),
    ],
)
def test_a_bad_value_is_a_problem_of_its_row_and_no_other(
    read: Read, cell: str, reason: str
) -> None:
    measure = replace(SCORE, least=0, most=100)
    readings, problems = read(f"area,score\nA1,1\nA2,{cell}\nA3,3\n", "plain", measure)
    assert [each.area_code for each in readings] == ["A1", "A3"]
    assert problems[0].row == 3
    assert problems[0].reason.startswith(reason)


def test_bounds_are_those_of_the_scaled_value(read: Read) -> None:
    measure = replace(SCORE, scale=100, most=100)
    readings, problems = read("area,score\nA1,1\nA2,1.5\n", "plain", measure)
    assert readings[0].value == 100
    assert problems[0].reason.startswith(
        "'score' is '1.5', which gives 150; it must be 100 at most"
    )


@pytest.mark.parametrize(
    ("low", "high", "reason"),
    [
        ("0.13", "0.15", "'low' is 0.13, above the value, 0.12; check which columns"),
        ("0.10", "0.11", "'high' is 0.11, below the value, 0.12; check which columns"),
        ("low", "0.2", "'low' is 'low'; write a number"),
    ],
)
def test_a_value_outside_its_interval_is_refused(
    read: Read, low: str, high: str, reason: str
) -> None:
    text = FULL_HEADER + f"A1,0.12,{low},{high},,,,,\nA2,0.12,0.12,0.12,,,,,\n"
    readings, problems = read(text, "plain", FULL)
    assert [each.area_code for each in readings] == ["A2"]
    assert [each.row for each in problems] == [2]
    assert problems[0].reason.startswith(reason)


def test_a_share_is_made_from_counts(read: Read) -> None:
    measure = Measure(
        "old",
        {"code": "area", "denominator": "all"},
        numerator_columns=("65", "85"),
        derive="ratio",
        scale=100,
        suppressed=("c",),
    )
    text = 'area,all,65,85\nA1,"1,000",150,50\nA2,0,0,0\nA3,500,c,5\nA4,500,,5\nA5,-5,1,1\n'
    readings, problems = read(text, "plain", measure)
    assert [(each.value, each.numerator, each.denominator, each.status) for each in readings] == [
        (20, 200, 1000, "known"),
        (None, 0, 0, "missing"),
        (None, None, 500, "suppressed"),
        (None, None, 500, "missing"),
    ]
    assert problems[0].row == 6
    assert problems[0].reason.startswith("2 of -5 ('all'), which gives -40; it must")


def test_a_share_beyond_its_bounds_is_refused(read: Read) -> None:
    columns = {"code": "area", "numerator": "n", "denominator": "all"}
    measure = Measure("old", columns, derive="ratio", scale=100, least=0, most=100)
    readings, problems = read("area,n,all\nA1,12,10\nA2,1,10\n", "plain", measure)
    assert [each.value for each in readings] == [10]
    assert "12 of 10 ('all'), which gives 120; it must lie from 0 to 100" in problems[0].reason


def test_a_long_file_gives_each_measure_its_own_rows(read: Read) -> None:
    columns = {"code": "area", "value": "v"}
    measures = (
        Measure("a", columns, where={"what": ("apples",)}),
        Measure("b", columns, where={"What": ("pears", "quinces")}),
        Measure("c", columns, where={"what": (" apples ",), "kind": ("",)}),
        Measure("d", columns),
    )
    text = "area,what,kind,v\nA1,apples,red,1\nA1,pears,,2\nA1,quinces,,3\nA2,apples,,4\n"
    readings, problems = read(text, "plain", *measures)
    assert problems == []
    assert sorted((each.measure, each.row) for each in readings) == [
        (0, 2), (0, 5), (1, 3), (1, 4), (2, 5), (3, 2), (3, 3), (3, 4), (3, 5),
    ]  # fmt: skip


def test_a_selection_that_meets_no_row_is_told(read: Read) -> None:
    measure = replace(SCORE, where={"Kind": ("pears", "figs")})
    readings, problems = read("area,kind,score\nA1,apples,1\nA2,plums,2\n", "plain", measure)
    assert readings == []
    assert problems == [
        ReadingProblem(0, "no row where 'kind' is 'pears' or 'figs'; check `where` of score")
    ]


def test_a_row_without_code_and_a_row_out_of_step_are_problems(read: Read) -> None:
    text = "area,score,name\nA1,1,x\n,2,y\nA3,3\nA4,4,z,9\nA5,5,w\n"
    readings, problems = read(text, "plain", SCORE)
    assert [each.area_code for each in readings] == ["A1", "A5"]
    assert [each.row for each in problems] == [3, 4, 5]
    assert problems[0].reason == "'area' is empty; give the area's code"
    assert "'name' was read as empty" in problems[1].reason


def test_a_column_full_of_minus_999_is_asked_about_once(read: Read) -> None:
    rows = [f"A{place},{-999 if place % 50 == 7 else place}" for place in range(150)]
    text = "area,score\n" + "\n".join(rows)
    readings, problems = read(text, "plain", SCORE)
    assert len(readings) == 150
    assert problems == [
        ReadingProblem(
            9,
            "'score' is -999 in 3 of 150 rows with a number; if that stands for no value, name it "
            "under `missing`, otherwise leave it",
        )
    ]
    readings, problems = read(text, "plain", replace(SCORE, missing=("-999",)))
    assert [each.status for each in readings].count("missing") == 3
    assert problems == []


def test_a_rare_9999_is_a_number(read: Read) -> None:
    text = "area,score\n" + "\n".join(f"A{place},{place + 9900}" for place in range(100))
    assert read(text, "plain", SCORE)[1] == []


def test_missing_columns_are_told_before_the_first_row(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("area,scores\nA1,1\nA2,2\n")
    with open_table(path) as table, pytest.raises(MissingColumnError, match="did you mean 'scores"):
        read_measures(table, "plain", [SCORE])
    missing = replace(SCORE, where={"kind": ("a",)}, numerator_columns=("n",))
    with open_table(path) as table, pytest.raises(MissingColumnError) as caught:
        read_measures(table, "plain", [missing])
    assert set(caught.value.missing) == {"score", "kind", "n"}


def test_any_form_may_be_in_a_workbook(tmp_path: Path, read_file: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Notes"])
    data = book.create_sheet("Data")
    data.append(["Title of the table"])
    data.append(["area", "year", "kind", "score", "note"])
    data.append(["A1", 2024, True, 4.5, None])
    data.append(["A2", 2024.0, False, -999, "none"])
    data.append(["A3", 2024, True, "n/a", None])
    path = tmp_path / "book.xlsx"
    book.save(path)
    measure = Measure(
        "s",
        {"code": "area", "value": "score", "period": "year"},
        where={"kind": ("TRUE", "FALSE")},
        missing=("-999",),
    )
    readings, problems = read_file(path, "plain", measure, sheet="Data")
    assert [(each.row, each.period, each.value) for each in readings] == [
        (3, "2024", 4.5),
        (4, "2024", None),
    ]
    assert [each.row for each in problems] == [5]
