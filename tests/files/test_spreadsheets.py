"""Excel and OpenDocument, new and old, with what people do to sheets."""

import datetime as dt
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.files import FileProblem, LimitPassed, Limits, UnsafeFile, open_table

INPUTS = Path(__file__).parent / "inputs"
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>
"""


def save(path: Path, rows: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        active(workbook).append(row)
    workbook.save(path)
    return path


def active(workbook: openpyxl.Workbook) -> Worksheet:
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    return sheet


def replace_part(path: Path, part: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, old in parts.items():
            package.writestr(name, content if name == part else old)


def compound_file(stream_name: str, stream: bytes) -> bytes:
    """Return an Office compound file with one stream: header, FAT, directory, stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\x00")
    sectors = len(stream) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (4 * 108)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\x00\x00"
        where = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (
            text.ljust(64, b"\x00")
            + struct.pack("<H", len(text))
            + where
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(
        stream_name, 2, 0xFFFFFFFF, 2, len(stream)
    )
    return header + table + directory.ljust(512, b"\x00") + stream


def biff_workbook(rows: list[list[str | float]]) -> bytes:
    """Return the Workbook stream of an Excel 97 file with one sheet, first cell in B3."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    begin = struct.pack("<HHHHII", 0x0600, 0, 0x0DBB, 0x07CC, 0, 6)
    sheet = record(0x0809, begin[:2] + struct.pack("<H", 0x0010) + begin[4:])
    for row, cells in enumerate(rows, 2):
        for column, cell in enumerate(cells, 1):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                sheet += record(0x0204, place + text)
            else:
                sheet += record(0x0203, place + struct.pack("<d", cell))
    sheet += record(0x000A, b"")
    start = record(0x0809, begin[:2] + struct.pack("<H", 0x0005) + begin[4:])
    name = b"Halls"
    length = len(start) + 4 + 8 + len(name) + 4
    bound = record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name)
    return start + bound + record(0x000A, b"") + sheet


def open_document(path: Path, rows: str) -> Path:
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Halls">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def ods_row(*texts: str, attributes: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


def test_types_numbers_as_text_and_row_numbers(tmp_path: Path) -> None:
    path = save(
        tmp_path / "halls.xlsx",
        [
            ["Halls of Anytown", None, None, None],
            [],
            ["Name ", "Seats", "Phone", "Opened"],
            [" Hut ", 40, "01234", dt.datetime(1999, 5, 1)],  # noqa: DTZ001  # Excel knows no zones
            [],
            ["Shed", 12.5, None, None],
        ],
    )
    with open_table(path) as reader:
        rows = list(reader)
    assert reader.format == "xlsx"
    assert reader.columns == ["Name", "Seats", "Phone", "Opened"]
    assert reader.header_row == 3
    assert [row.number for row in rows] == [4, 6]
    assert rows[0].values == {
        "Name": "Hut",
        "Seats": 40,
        "Phone": "01234",
        "Opened": dt.datetime(1999, 5, 1),  # noqa: DTZ001  # Excel knows no zones
    }
    assert rows[1].values == {"Name": "Shed", "Seats": 12.5, "Phone": None, "Opened": None}


def test_hidden_empty_and_cover_sheets_are_passed_over(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    hidden = active(workbook)
    hidden.title = "Lists"
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Empty")
    workbook.create_sheet("Cover").append(["About these data"])
    halls = workbook.create_sheet("Halls")
    halls.append(["name", "town"])
    halls.append(["Hut", "Anytown"])
    workbook.create_sheet("More").append(["x", "y"])
    workbook.save(tmp_path / "book.xlsx")
    with open_table(tmp_path / "book.xlsx") as reader:
        assert reader.sheet == "Halls"
        assert reader.sheets == ["Lists", "Empty", "Cover", "Halls", "More"]
        assert [row.values["name"] for row in reader] == ["Hut"]
        notes = " ".join(reader.notes)
    assert "'Empty', 'Cover' hold no table" in notes
    assert "Hidden and passed over: 'Lists'" in notes
    assert "there is also 'More'" in notes
    with open_table(tmp_path / "book.xlsx", sheet="Lists") as reader:
        assert reader.columns == ["a", "b"]
    with pytest.raises(FileProblem, match="no sheet called 'Shops'") as caught:
        open_table(tmp_path / "book.xlsx", sheet="Shops")
    assert "'Halls'" in caught.value.sentence


def test_merged_cells_are_named(tmp_path: Path) -> None:
    path = save(tmp_path / "m.xlsx", [["town", "name"], ["Anytown", "Hut"], [None, "Shed"]])
    workbook = openpyxl.load_workbook(path)
    active(workbook).merge_cells("A2:A3")
    workbook.save(path)
    with open_table(path) as reader:
        rows = list(reader)
    assert rows[1].values == {"town": None, "name": "Shed"}
    assert any("1 merged block ('A2:A3')" in note for note in reader.notes)


def test_errors_of_formulas_are_left_empty_and_named(tmp_path: Path) -> None:
    path = save(tmp_path / "e.xlsx", [["name", "share"], ["Hut", "#DIV/0!"], ["Shed", 0.5]])
    with open_table(path) as reader:
        rows = list(reader)
    assert rows[0].values == {"name": "Hut", "share": None}
    assert rows[0].problem is not None
    assert "Row 2: the cell 'share' holds the spreadsheet error #DIV/0!" in rows[0].problem
    assert rows[1].problem is None


def test_a_stray_cell_beside_the_table_is_named(tmp_path: Path) -> None:
    path = save(tmp_path / "s.xlsx", [["a", "b"], [1, 2], [3, 4, None, "look!"], [5, 6], [7, 8]])
    with open_table(path) as reader:
        rows = list(reader)
    assert reader.columns == ["a", "b"]
    assert rows[1].problem is not None
    assert "Row 3 has cells to the right of the table ('look!')" in rows[1].problem


def test_a_workbook_named_csv_is_read_and_the_name_is_remarked_on(tmp_path: Path) -> None:
    path = save(tmp_path / "halls.csv", [["a", "b"], [1, 2]])
    with open_table(path) as reader:
        assert reader.format == "xlsx"
        assert len(list(reader)) == 1
        assert "'halls.csv' ends as delimited text would, but it is an Excel" in reader.notes[0]


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"'none.xlsx' has no row in any of its sheets"):
        open_table(save(tmp_path / "none.xlsx", []))


def test_entity_expansion_in_a_workbook_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "laughs.xlsx", [["a", "b"], ["text", "more"]])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&lol3;</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    replace_part(path, "xl/worksheets/sheet1.xml", LAUGHS + sheet)
    with pytest.raises(UnsafeFile, match="declares XML entities") as caught:
        open_table(path)
    assert caught.value.field == "xl/worksheets/sheet1.xml"
    assert "save it again" in caught.value.sentence


@pytest.mark.parametrize("codec", ["utf-16", "cp1252"])
def test_entities_do_not_hide_in_another_encoding(tmp_path: Path, codec: str) -> None:
    path = save(tmp_path / "laughs.xlsx", [["a", "b"], ["text", "more"]])
    text = LAUGHS.decode().replace('version="1.0"', f'version="1.0" encoding="{codec}"')
    replace_part(path, "xl/worksheets/sheet1.xml", (text + "<worksheet/>").encode(codec))
    with pytest.raises(UnsafeFile, match="declares XML entities"):
        open_table(path)


def test_an_external_entity_in_an_open_document_is_refused(tmp_path: Path) -> None:
    path = open_document(tmp_path / "x.ods", ods_row("a", "b"))
    replace_part(
        path,
        "content.xml",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    )
    with pytest.raises(UnsafeFile, match="declares XML entities"):
        open_table(path)


def test_a_workbook_that_unpacks_to_a_bomb_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "bomb.xlsx", [["a", "b"], [1, 2]])
    replace_part(path, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 30_000_000)
    with pytest.raises(LimitPassed, match="more than 200 times its size"):
        open_table(path)


def test_a_row_number_beyond_all_sheets(tmp_path: Path) -> None:
    path = save(tmp_path / "far.xlsx", [["a", "b"], [1, 2]])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        b'<row r="900000000000"><c r="A900000000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    replace_part(path, "xl/worksheets/sheet1.xml", sheet)
    with (
        open_table(path, header_row=1) as reader,
        pytest.raises(FileProblem, match="it is damaged"),
    ):
        list(reader)


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = save(tmp_path / "cut.xlsx", [["a", "b"], [1, 2]])
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(FileProblem, match="cut short or damaged"):
        open_table(path)


def test_a_workbook_with_broken_xml(tmp_path: Path) -> None:
    path = save(tmp_path / "broken.xlsx", [["a", "b"], [1, 2]])
    replace_part(path, "xl/workbook.xml", b"<workbook><sheets><sheet")
    with pytest.raises(FileProblem, match="spreadsheet but it is damaged"):
        open_table(path)


def test_old_excel_keeps_the_row_numbers_of_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "halls.xls"
    stream = biff_workbook([["Name", "Seats"], ["Hütte", 40.0], ["Shed", 12.5]])
    path.write_bytes(compound_file("Workbook", stream))
    with open_table(path) as reader:
        rows = list(reader)
    assert (reader.format, reader.sheet, reader.header_row) == ("xls", "Halls", 3)
    assert [row.number for row in rows] == [4, 5]
    assert rows[0].values["Name"] == "Hütte"
    assert rows[0].values["Seats"] == 40
    assert isinstance(rows[0].values["Seats"], int)
    assert rows[1].values["Seats"] == 12.5


def test_a_locked_workbook_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(compound_file("EncryptedPackage", b"\x00" * 5000))
    with pytest.raises(FileProblem, match="locked with a password") as caught:
        open_table(path)
    assert "remove the password" in caught.value.sentence


def test_an_older_office_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "letter.xls"
    path.write_bytes(compound_file("WordDocument", b"\x00" * 5000))
    with pytest.raises(FileProblem, match="not a spreadsheet"):
        open_table(path)


def test_an_old_workbook_that_is_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "cut.xls"
    path.write_bytes(compound_file("Workbook", biff_workbook([["a"]]))[:2000])
    with pytest.raises(FileProblem, match="spreadsheet but it is damaged"):
        open_table(path)


def test_open_document(tmp_path: Path) -> None:
    rows = ods_row("Name", "Town") + ods_row("Hut", "Anytown") + ods_row("Shed", "Othertown")
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    blank += 'table:number-columns-repeated="16384"/></table:table-row>'
    with open_table(open_document(tmp_path / "halls.ods", rows + blank)) as reader:
        found = list(reader)
    assert (reader.format, reader.sheet, reader.columns) == ("ods", "Halls", ["Name", "Town"])
    assert [(row.number, row.values["Name"]) for row in found] == [(2, "Hut"), (3, "Shed")]


def test_a_row_repeated_a_million_times_is_refused(tmp_path: Path) -> None:
    rows = ods_row("a", "b", "c", "d", "e", "f") * 2
    rows += ods_row(*"abcdef", attributes=' table:number-rows-repeated="1048576"')
    path = open_document(tmp_path / "bomb.ods", rows)
    with pytest.raises(LimitPassed, match="unfolds into more than the 5,000,000 cells") as caught:
        open_table(path)
    assert ".xlsx or CSV" in caught.value.sentence


def test_limits_on_sheets(tmp_path: Path) -> None:
    path = save(tmp_path / "wide.xlsx", [[f"c{place}" for place in range(30)], [1] * 30])
    with pytest.raises(LimitPassed, match="30 columns, more than the 20 allowed"):
        open_table(path, limits=Limits(columns=20))


def test_a_web_page_saved_as_xls() -> None:
    with pytest.raises(FileProblem, match=r"'web_page.xls' is a web page \(HTML\)") as caught:
        open_table(INPUTS / "web_page.xls")
    assert "save it as .xlsx or CSV" in caught.value.sentence
