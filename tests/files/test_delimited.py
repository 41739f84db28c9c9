"""Delimited text: what people send, read the way they meant it."""

from pathlib import Path

import pytest

from app.files import FileProblem, LimitPassed, Limits, Row, TableReader, open_table

INPUTS = Path(__file__).parent / "inputs"


def read(path: Path, **wishes: object) -> tuple[TableReader, list[Row]]:
    with open_table(path, **wishes) as reader:  # type: ignore[arg-type]  # wishes as in the signature
        return reader, list(reader)


def test_title_lines_are_left_out_and_row_numbers_stay_those_of_the_spreadsheet() -> None:
    reader, rows = read(INPUTS / "title_lines_and_footnote.csv")
    assert reader.format == "csv"
    assert reader.header_row == 4
    assert reader.columns == ["Place", "Postcode", "Seats", "Seats (2)"]
    assert [row.number for row in rows] == [5, 6, 7, 9]
    assert rows[0].values == {
        "Place": "Hall, the old one",
        "Postcode": "ZZ1 1AA",
        "Seats": "40",
        "Seats (2)": "38",
    }
    assert rows[1].values["Place"] == "Chapel\r\nback room"
    assert any("row 4" in note and "2 title lines" in note for note in reader.notes)
    assert any("'Seats (2)'" in note for note in reader.notes)


def test_a_footnote_is_handed_over_with_a_sentence() -> None:
    _, rows = read(INPUTS / "title_lines_and_footnote.csv")
    assert [row.problem for row in rows[:3]] == [None, None, None]
    assert rows[3].problem is not None
    assert "Row 9" in rows[3].problem
    assert "footnote" in rows[3].problem
    assert "Counts are rounded." in rows[3].problem


def test_windows_text_with_semicolons_and_decimal_commas() -> None:
    reader, rows = read(INPUTS / "semicolon_cp1252.csv")
    assert (reader.encoding, reader.delimiter) == ("cp1252", ";")
    assert rows[0].values == {"Name": "Café Zoë", "Town": "Anytown", "Fee": "1,50"}
    assert rows[1].values["Name"] == "Bäckerei €uro"
    assert any("cp1252" in note and "guess" in note for note in reader.notes)


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    reader, rows = read(INPUTS / "byte_order_mark.tsv")
    assert reader.columns == ["id", "name"]
    assert (reader.encoding, reader.delimiter) == ("utf-8", "\t")
    assert rows == [
        Row(2, {"id": "1", "name": "Hut"}, None, None),
        Row(3, {"id": "2", "name": "Shed"}, None, None),
    ]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_known_with_and_without_a_mark(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes("name,town\nHütte,Anytown\nShed,Łódź\n".encode(codec))
    _, rows = read(path)
    assert [row.values["name"] for row in rows] == ["Hütte", "Shed"]
    assert rows[1].values["town"] == "Łódź"


def test_writing_that_is_not_latin_is_guessed_from_its_letters(tmp_path: Path) -> None:
    path = tmp_path / "greek.csv"
    line = "Βιβλιοθήκη της γειτονιάς,Θεσσαλονίκη και τα περίχωρα της πόλης\n"
    path.write_bytes(("όνομα,πόλη\n" + line * 30).encode("cp1253"))
    _, rows = read(path)
    assert rows[0].values["πόλη"] == "Θεσσαλονίκη και τα περίχωρα της πόλης"


def test_a_few_broken_characters_do_not_spoil_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"name\n" + "Café\n".encode() * 20 + b"Caf\xe9\n")
    reader, rows = read(path)
    assert reader.encoding == "utf-8"
    assert rows[0].values["name"] == "Café"
    assert rows[0].problem is None
    assert rows[20].problem is not None
    assert "Row 22" in rows[20].problem


def test_the_first_accent_may_stand_in_the_last_row(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"name,town\n" + b"Hut,Anytown\n" * 100_000 + b"Caf\xe9,Anytown\n")
    reader, rows = read(path)
    assert reader.encoding == "cp1252"
    assert rows[-1].values["name"] == "Café"


def test_a_file_without_header_gets_numbered_columns_and_keeps_its_first_row() -> None:
    reader, rows = read(INPUTS / "no_header.csv")
    assert reader.header_row == 0
    assert reader.columns == ["column_1", "column_2", "column_3", "column_4"]
    assert rows[0] == Row(
        1,
        {"column_1": "AB123", "column_2": "Hut", "column_3": "52.1001", "column_4": "-1.5000"},
        None,
        None,
    )
    assert any("looks like data" in note and "header row" in note for note in reader.notes)


def test_the_caller_decides_on_the_header() -> None:
    reader, rows = read(INPUTS / "no_header.csv", header_row=1)
    assert reader.columns == ["AB123", "Hut", "52.1001", "-1.5000"]
    assert rows[0].number == 2
    reader, rows = read(INPUTS / "byte_order_mark.tsv", header_row=0)
    assert reader.columns == ["column_1", "column_2"]
    assert [row.values["column_1"] for row in rows] == ["id", "1", "2"]


def test_numbers_as_column_names_are_still_names(tmp_path: Path) -> None:
    path = tmp_path / "ages.csv"
    path.write_text("code,2021,2022,0,1\nA1,105,110,12,13\nA2,205,210,22,23\nA3,305,310,2,3\n")
    reader, rows = read(path)
    assert reader.columns == ["code", "2021", "2022", "0", "1"]
    assert len(rows) == 3


def test_ragged_rows_come_through_with_a_sentence() -> None:
    _, rows = read(INPUTS / "ragged.csv")
    assert [row.number for row in rows] == [2, 3, 4, 5, 6]
    short, long, padded = rows[1], rows[2], rows[3]
    assert short.values == {"a": "4", "b": "5", "c": None}
    assert short.problem is not None
    assert "Row 3 has 2 cells where 3 are expected" in short.problem
    assert "'c'" in short.problem
    assert long.problem is not None
    assert "Row 4 has 4 cells where 3 are expected: '9' was left out" in long.problem
    assert padded.problem is None


def test_a_repeated_header_is_named() -> None:
    _, rows = read(INPUTS / "repeated_header.csv")
    assert rows[1].problem == "Row 3 repeats the column names. Remove it from the file."
    assert rows[2].problem is None


def test_the_line_by_which_excel_announces_a_delimiter() -> None:
    reader, rows = read(INPUTS / "announced_delimiter.csv")
    assert (reader.delimiter, reader.header_row) == ("|", 2)
    assert rows == [Row(3, {"name": "Hut", "town": "Any, old town"}, None, None)]


def test_nul_characters_are_taken_out_and_the_row_says_so() -> None:
    reader, rows = read(INPUTS / "nul.csv")
    assert rows[0].values["town"] == "Anytown"
    assert rows[0].problem is not None
    assert "Row 2" in rows[0].problem
    assert "NUL" in rows[0].problem
    assert rows[1].problem is None
    assert any("NUL" in note for note in reader.notes)


def test_column_names_only() -> None:
    reader, rows = read(INPUTS / "header_only.csv")
    assert reader.columns == ["name", "town", "postcode"]
    assert rows == []
    assert "There are column names in row 1 and no rows below them." in reader.notes


def test_unnamed_and_blank_edge_columns(tmp_path: Path) -> None:
    path = tmp_path / "edge.csv"
    path.write_text("name,,town,,\nHut,x,Anytown,,\nShed,y,Anytown,z,\n")
    reader, rows = read(path)
    assert reader.columns == ["name", "column_2", "town", "column_4"]
    assert rows[1].values["column_4"] == "z"
    assert any("no name (number 2, 4)" in note for note in reader.notes)


def test_old_macintosh_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "mac.csv"
    path.write_bytes(b"name,town\rHut,Anytown\rShed,Othertown\r")
    _, rows = read(path)
    assert [row.number for row in rows] == [2, 3]


def test_an_unclosed_quotation_mark_is_reported_where_it_opens() -> None:
    with open_table(INPUTS / "unclosed_quote.csv") as reader:
        rows = iter(reader)
        assert next(rows).values["name"] == "Hut"
        with pytest.raises(FileProblem, match="never closed") as caught:
            next(rows)
    assert caught.value.row == 3
    assert caught.value.field == "cell 1"
    assert "Row 3" in caught.value.sentence
    assert "Close the quotation mark" in caught.value.sentence


def test_an_encoding_that_does_not_fit_is_answered_with_line_and_byte() -> None:
    with pytest.raises(FileProblem) as caught:
        open_table(INPUTS / "semicolon_cp1252.csv", encoding="utf-8")
    assert caught.value.row == 2
    assert caught.value.value == "0xE9"
    assert "line 2 holds the byte 0xE9" in caught.value.sentence
    assert "Leave the encoding open" in caught.value.sentence


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13"])
def test_an_encoding_that_does_not_exist(encoding: str) -> None:
    with pytest.raises(FileProblem, match=f"no text encoding called '{encoding}'"):
        open_table(INPUTS / "ragged.csv", encoding=encoding)


def test_a_delimiter_has_to_be_one_character() -> None:
    with pytest.raises(FileProblem, match="cannot separate cells"):
        open_table(INPUTS / "ragged.csv", delimiter="||")


def test_a_header_row_with_nothing_in_it() -> None:
    with pytest.raises(FileProblem, match="nothing in row 40") as caught:
        open_table(INPUTS / "ragged.csv", header_row=40)
    assert caught.value.row == 40


def test_too_many_columns(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{place}" for place in range(301)) + "\n")
    with pytest.raises(LimitPassed, match="has 301 columns, more than the 300 allowed"):
        open_table(path, limits=Limits(columns=300))


def test_too_many_columns_further_down(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("a,b\n" + "1,2\n" * 200 + "1," * 400 + "\n")
    with (
        open_table(path, limits=Limits(columns=300)) as reader,
        pytest.raises(LimitPassed, match="401 columns"),
    ):
        list(reader)


def test_too_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 20)
    with open_table(path, limits=Limits(rows=10)) as reader:
        rows = iter(reader)
        assert len([next(rows) for _ in range(10)]) == 10
        with pytest.raises(LimitPassed, match="more than the 10 rows allowed") as caught:
            next(rows)
    assert caught.value.row == 12


def test_a_cell_that_is_too_long_is_left_empty_and_named(tmp_path: Path) -> None:
    path = tmp_path / "cell.csv"
    path.write_text("name,notes\nHut,short\nShed," + "x" * 500 + "\nBarn,short\n")
    _, rows = read(path, limits=Limits(cell_characters=100))
    assert rows[1].values == {"name": "Shed", "notes": None}
    assert rows[1].problem is not None
    assert "Row 3: the cell 'notes' holds 500 characters" in rows[1].problem
    assert rows[2].problem is None


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    path.write_text("name,town\n" + "x" * 5_000)
    with pytest.raises(LimitPassed, match=r"Line 2 of 'endless.csv' is longer than the 1,000"):
        open_table(path, limits=Limits(line_characters=1_000))


def test_rows_can_be_read_again_and_in_batches() -> None:
    with open_table(INPUTS / "ragged.csv") as reader:
        assert list(reader) == list(reader)
        assert [len(batch) for batch in reader.batches(2)] == [2, 2, 1]


def test_a_wish_without_use_is_noted() -> None:
    with open_table(INPUTS / "ragged.csv", sheet="Sheet1") as reader:
        assert "A choice of 'sheet' means nothing for delimited text." in reader.notes
