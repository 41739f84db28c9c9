"""Whatever table is written, it reads back the same, with the right row numbers."""

import csv
import io
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.files import FileProblem, open_table
from app.files.columns import name_columns
from app.files.limits import Limits

# Text has no control characters but tabs and line breaks, which cells may hold.
_SPACES = st.sampled_from(" \t\n\r")
_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | _SPACES
_WESTERN = st.characters(codec="cp1252", exclude_categories=["Cc"]) | _SPACES
_ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    encoding = draw(_ENCODINGS)
    letters = _WESTERN if encoding == "cp1252" else _CHARACTERS
    width = draw(st.integers(2, 6))
    row = st.lists(st.text(letters, max_size=12), min_size=width, max_size=width)
    return encoding, draw(st.lists(row, max_size=12))


@given(tables(), st.sampled_from(",\t;|"), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=80, deadline=None)
def test_any_table_reads_back(
    table: tuple[str, list[list[str]]], delimiter: str, line_end: str
) -> None:
    encoding, rows = table
    header = [f"name {place}" for place in range(len(rows[0]) if rows else 3)]
    text = io.StringIO(newline="")
    # The writer leaves a lone carriage return unquoted, which no reader can put right.
    lone = any("\r" in cell for row in rows for cell in row)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if lone else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([header, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        with open_table(path, encoding=encoding, delimiter=delimiter, header_row=1) as reader:
            found = [
                (row.number, row.values) for row in reader if "repeats" not in str(row.problem)
            ]
    cleaned = [[cell.strip() or None for cell in row] for row in rows]
    expected = [
        (number, dict(zip(header, row, strict=True)))
        for number, row in enumerate(cleaned, 2)
        if any(row)
    ]
    assert found == expected


@given(
    st.lists(
        st.lists(st.from_regex(r"[A-Za-z ,;|]{0,8}[a-z]", fullmatch=True), min_size=3, max_size=3),
        min_size=6,
        max_size=20,
    ),
    st.sampled_from(",\t;|"),
)
@settings(max_examples=50, deadline=None)
def test_the_delimiter_is_found_even_when_cells_hold_the_others(
    rows: list[list[str]], delimiter: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["first name", "second name", "third name"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        with open_table(path, header_row=1) as reader:
            assert reader.delimiter == delimiter
            assert [list(row.values.values()) for row in reader] == [
                [cell.strip() for cell in row] for row in rows
            ]


def read_or_refuse(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "anything.bin"
        path.write_bytes(content)
        with suppress(FileProblem), open_table(path) as reader:
            list(reader)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_a_sentence(content: bytes) -> None:
    read_or_refuse(content)


_BEGINNINGS = (
    b"PAR1",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"SQLite format 3\x00",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x00\x00\x27\x0a",
    b'{"type":"FeatureCollection","features":[',
)


@given(st.sampled_from(_BEGINNINGS), st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_after_a_known_beginning(start: bytes, content: bytes) -> None:
    read_or_refuse(start + content)


@given(st.lists(st.text(max_size=4), min_size=1, max_size=12))
def test_column_names_are_unique_and_never_empty(cells: list[str]) -> None:
    names, _ = name_columns(cells, Limits(), "table")
    assert len(set(names)) == len(names) == len(cells)
    assert all(names)
