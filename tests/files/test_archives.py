"""Archives and files that are not what they say, hostile or merely broken."""

import gzip
import io
import os
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest

from app.files import FileProblem, LimitPassed, Limits, UnknownFormat, UnsafeFile, open_table

INPUTS = Path(__file__).parent / "inputs"
TABLE = b"name,town\nHut,Anytown\n"


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


def opened(path: Path, **wishes: str) -> list[dict[str, object]]:
    with open_table(path, member=wishes.get("member")) as reader:
        return [row.values for row in reader]


def test_gz_and_zip_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(TABLE))
    clutter = {"__MACOSX/._t.csv": b"x", "in/t.csv": TABLE, "in/licence.txt": b"Open."}
    path = archive(tmp_path / "t.zip", clutter)
    expected = [{"name": "Hut", "town": "Anytown"}]
    assert opened(tmp_path / "t.csv.gz") == expected
    assert opened(path) == expected
    with open_table(path) as reader:
        assert (reader.format, reader.member) == ("csv", "in/t.csv")
    with open_table(tmp_path / "t.csv.gz") as reader:
        assert reader.member == "t.csv"


def test_several_tables_in_a_zip_have_to_be_chosen_from(tmp_path: Path) -> None:
    path = archive(tmp_path / "t.zip", {"a.csv": TABLE, "b.csv": b"x,y\n1,2\n"})
    with pytest.raises(FileProblem, match="holds 2 files that could be meant") as caught:
        open_table(path)
    assert "'a.csv', 'b.csv'" in caught.value.sentence
    assert opened(path, member="b.csv") == [{"x": "1", "y": "2"}]
    with pytest.raises(FileProblem, match=r"holds no file called 'c.csv'"):
        open_table(path, member="c.csv")


def test_what_was_unpacked_is_private_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    path = archive(tmp_path / "t.zip", {"t.csv": TABLE})
    with open_table(path):
        (folder,) = (tmp_path / "private").iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list((tmp_path / "private").iterdir()) == []
    with pytest.raises(FileProblem):
        open_table(archive(tmp_path / "j.zip", {"j.csv": b"\x00\x01\x02\x03" * 50}))
    assert list((tmp_path / "private").iterdir()) == []


def test_a_truncated_gz(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(5_000))
    (tmp_path / "cut.csv.gz").write_bytes(packed[:3_000])
    with pytest.raises(
        FileProblem, match=r"'cut.csv.gz' is a gzip file that is cut short"
    ) as caught:
        open_table(tmp_path / "cut.csv.gz")
    assert "compare its size" in caught.value.sentence


def test_a_gz_that_unfolds_without_end_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(bytes(30_000_000)))
    with pytest.raises(LimitPassed, match="more than 200 times its size"):
        open_table(tmp_path / "bomb.csv.gz")


def test_a_zip_that_lies_about_its_size_is_found_out(tmp_path: Path) -> None:
    path = archive(tmp_path / "liar.zip", {"t.csv": TABLE + b"Shed,Anytown\n" * 1000})
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (50).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(FileProblem, match="a zip file that is cut short or damaged at its member"):
        open_table(path)


def test_the_unpacked_size_is_counted(tmp_path: Path) -> None:
    path = archive(tmp_path / "big.zip", {"t.csv": os.urandom(3_000_000).hex().encode()})
    with pytest.raises(LimitPassed, match="unpacks to more than the 2 MB allowed"):
        open_table(path, limits=Limits(unpacked_bytes=2_000_000))


def test_the_size_on_disk_is_limited(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(TABLE * 100)
    with pytest.raises(LimitPassed, match="has 2,200 bytes, more than the 1,000 bytes allowed"):
        open_table(tmp_path / "t.csv", limits=Limits(file_bytes=1_000))


def test_an_archive_of_very_many_files(tmp_path: Path) -> None:
    path = archive(tmp_path / "many.zip", {f"{place}.csv": b"" for place in range(60)})
    with pytest.raises(LimitPassed, match="holds 60 files, more than the 50 allowed"):
        open_table(path, limits=Limits(members=50))


@pytest.mark.parametrize(
    "name",
    ["../t.csv", "a/../../t.csv", "/etc/t.csv", "C:/t.csv", "..\\t.csv", "\\\\server\\t.csv"],
)
def test_paths_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "t.zip", {"ok.csv": TABLE, name: TABLE})
    with pytest.raises(UnsafeFile, match="path leads outside the archive") as caught:
        open_table(path, member="ok.csv")
    assert caught.value.field == name


def test_links_are_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("t.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as package:
        package.writestr(info, "/etc/hostname")
    with pytest.raises(UnsafeFile, match=r"holds a link instead of a file \('t.csv'\)"):
        open_table(tmp_path / "t.zip")


def test_an_encrypted_zip(tmp_path: Path) -> None:
    path = archive(tmp_path / "t.zip", {"t.csv": TABLE})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(FileProblem, match="locked with a password") as caught:
        open_table(path)
    assert "Make the archive again without a password" in caught.value.sentence


def test_archives_inside_archives(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("t.csv", TABLE)
    nested = {
        "zip.zip": archive(tmp_path / "zip.zip", {"inner.zip": inner.getvalue()}),
        "hidden.zip": archive(tmp_path / "hidden.zip", {"inner.csv": inner.getvalue()}),
        "gz.zip": archive(tmp_path / "gz.zip", {"t.csv.gz": gzip.compress(TABLE)}),
    }
    for name, content in (("zip.gz", inner.getvalue()), ("gz.gz", gzip.compress(TABLE))):
        nested[name] = tmp_path / name
        nested[name].write_bytes(gzip.compress(content))
    for path in nested.values():
        with pytest.raises(UnsafeFile, match=r"holds another archive.*only one level is opened"):
            open_table(path)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "'t.zip' is an empty archive"),
        ({"a.txt": b"x", "b.pdf": b"y"}, "holds no table or feature file, only 'a.txt', 'b.pdf'"),
        ({"word/document.xml": b"<a/>"}, "'t.zip' is a Word document"),
        ({"xl/workbook.bin": b""}, r"a binary Excel workbook \(.xlsb\)"),
    ],
)
def test_zips_without_a_table(tmp_path: Path, members: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(FileProblem, match=sentence):
        open_table(archive(tmp_path / "t.zip", members))


def test_a_zip_cut_short(tmp_path: Path) -> None:
    path = archive(tmp_path / "t.zip", {"t.csv": TABLE * 50})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FileProblem, match="a zip file that is cut short"):
        open_table(path)


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf\n"])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "none.csv").write_bytes(content)
    with pytest.raises(FileProblem, match=r"'none.csv' is empty"):
        open_table(tmp_path / "none.csv")


def test_a_table_of_nothing_but_delimiters(tmp_path: Path) -> None:
    (tmp_path / "blank.csv").write_text(",,,\n,,,\n")
    with pytest.raises(FileProblem, match=r"'blank.csv' holds no rows"):
        open_table(tmp_path / "blank.csv")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"'gone.csv' cannot be opened"):
        open_table(tmp_path / "gone.csv")
    with pytest.raises(FileProblem, match="cannot be opened"):
        open_table(tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bytes(range(256)) * 20, "holds binary data of an unknown kind"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture"),
        (b'<?xml version="1.0"?><kml/>', "is an XML file"),
        (b"<OGRVRTDataSource>\n</OGRVRTDataSource>", "is an XML file"),
        (b"<!DOCTYPE html>\n<html>", r"is a web page \(HTML\)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "spreadsheet of 2003"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "archive of a kind"),
        (b"t.csv".ljust(257, b"\x00") + b"ustar" + bytes(250), "is a tar archive"),
        (b"ARROW1\x00\x00" + bytes(50), "Arrow or Feather"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + bytes(50), "OpenStreetMap extract"),
    ],
)
def test_other_kinds_named_csv(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "junk.csv").write_bytes(content)
    with pytest.raises(UnknownFormat, match=sentence) as caught:
        open_table(tmp_path / "junk.csv")
    assert "'junk.csv'" in caught.value.sentence
    assert caught.value.remedy


def test_a_csv_named_xlsx_is_read_and_the_name_is_remarked_on(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(TABLE)
    with open_table(tmp_path / "t.xlsx") as reader:
        assert reader.format == "csv"
        assert "but it is delimited text and was read as that" in reader.notes[0]
