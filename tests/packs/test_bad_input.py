"""Files that are not what the manifest says: columns, encodings, damage; nothing changes."""

import gzip
import io
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import text

from app.core.database import Database
from app.packs.service import load_pack
from tests.packs.small_pack import CODES, SOURCE, dump, ignore, load_good, of, refuse, write_csv

SPOILT = ("boxes.geojson", "people.csv", "counts.csv")
CORRECT = "Correct `columns` or `where` in pack.toml."


async def test_the_small_place_loads_whole(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    before = await dump(database)
    assert all(before[table] for table in ("areas", "postcodes", "indicator_values", "versions"))
    report = await load_pack(database, pack.folder, ignore, force=True)
    assert report.counts["areas"] == 27
    after = await dump(database)
    # Outlines are cut anew, series and postcodes are written anew; what they say stays.
    renumbered = {"area_parts", "indicator_series", "indicator_values", "packs", "versions"}
    assert {name for name, each in after.items() if before[name] != each} <= renumbered


RENAMED = (
    (
        "on.csv",
        "shelf",
        "shelfs",
        f"'shelf' (do you mean 'shelfs'?). It has: box, shelfs. {CORRECT}",
    ),
    ("people.csv", "age_to", "", "people.csv has no column 'age_to'"),
    ("post.csv", "x", "easting", "post.csv has no column 'x'. It has: p, easting, y."),
    ("middles.csv", "code", "kode", "middles.csv has no column 'code' (do you mean 'kode'?)"),
    ("counts.csv", "poverty", "povery", "counts.csv: no column 'poverty' (did you mean 'povery'?)"),
    ("counts.csv", "code", "kode", "the file has 'kode', 'pupils', 'poverty', 'low', 'high'. Cor"),
)


async def test_a_renamed_column_is_told_with_those_that_are_there(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    for file, old, new, said in RENAMED:
        header = pack.tables[file][0]
        position = header.index(old)
        header[position] = new
        pack.write()
        assert said in await refuse(database, pack)
        header[position] = old


async def test_a_column_that_is_missing_from_outlines_is_told(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    for each in pack.features["boxes.geojson"]:
        each["properties"]["code"] = each["properties"].pop("c")
    pack.write()
    said = await refuse(database, pack)
    assert said.startswith("boxes.geojson has no column 'c'")
    assert said.endswith(f"It has: n, code. {CORRECT}")


async def test_capitals_and_blanks_in_a_header_make_no_difference(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.tables["on.csv"][0] = [" BOX", "Shelf "]
    pack.write()
    assert (await load_pack(database, pack.folder, ignore)).findings == []


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-8-sig"])
async def test_names_in_another_encoding_are_read_right(
    database: Database, tmp_path: Path, encoding: str
) -> None:
    pack = await load_good(database, tmp_path)
    rows = [["c", "called"], *([code, f"São Tomé {code}"] for code in CODES)]
    columns = 'boundary_year = 2021\ncolumns = { code = "c", name = "n" }\n'
    names = 'names = { source = "names", columns = { code = "c", name = "called" } }\n'
    pack.manifest = pack.manifest.replace(columns, columns + names, 1)
    pack.manifest += SOURCE.format(key="names", file="names.csv")
    (tmp_path / "names.csv").write_bytes(write_csv(rows).encode(encoding))
    pack.write()
    await load_pack(database, pack.folder, ignore)
    async with database.sessions() as session:
        found = await session.scalars(text("SELECT name FROM areas WHERE code = 'A0003'"))
        assert "São Tomé A0003" in found.all()


async def test_an_encoding_that_does_not_fit_is_told_by_line_and_byte(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.manifest = pack.manifest.replace(
        'sha256 = "@on.csv"', 'sha256 = "@on.csv"\nencoding = "utf-8"'
    )
    pack.replace("on.csv", write_csv([*pack.tables["on.csv"], ["é", "S100"]]).encode("latin-1"))
    said = await refuse(database, pack)
    assert said.startswith("on.csv: 'on.csv' is not all utf-8: line 14 holds the byte 0xE9")
    assert "save the file as UTF-8" in said


async def test_outlines_in_utf_16_are_told(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    pack.replace("boxes.geojson", (tmp_path / "boxes.geojson").read_text().encode("utf-16"))
    said = await refuse(database, pack)
    assert said == (
        "boxes.geojson: 'boxes.geojson' is JSON in utf-16, but GeoJSON has to be UTF-8. "
        "Save it as UTF-8."
    )


async def test_a_gz_that_is_cut_short_is_told(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    for file in SPOILT:
        pack.write()
        packed = gzip.compress((tmp_path / file).read_bytes())
        pack.replace(file, packed[: len(packed) // 2])
        said = await refuse(database, pack)
        assert said.startswith(f"{file}: '{file}' is a gzip file that is cut short or damaged.")
        assert "Download or make it again" in said


NO_DATA = {
    b"<!DOCTYPE html><html><body>404 Not found</body></html>": "is a web page (HTML), not a table",
    b"": "is empty. Check that it was saved and sent whole.",
    b"\x00\x01\x02\x03" * 400: "holds binary data of an unknown kind. Send CSV, Excel,",
    b"%PDF-1.7 ...": "is a PDF document, not a table or feature file. Save the table as",
    b'{"type": "FeatureCollection", "features": []}': " column",
}


async def test_what_is_no_data_at_all_is_told(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    for file in SPOILT:
        for content, said in NO_DATA.items():
            pack.replace(file, content)
            refused = await refuse(database, pack)
            assert refused.startswith(file)
            assert said in refused


async def test_outlines_that_break_off_are_told_by_feature(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    whole = (tmp_path / "boxes.geojson").read_bytes()
    pack.replace("boxes.geojson", whole[: len(whole) // 2])
    said = await refuse(database, pack)
    assert "boxes.geojson: 'boxes.geojson' breaks off in feature 6" in said
    assert "Download or export the file again" in said


async def test_a_workbook_without_the_sheet_is_told_with_those_it_has(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    workbook = Workbook()
    workbook.create_sheet("Figures")
    written = io.BytesIO()
    workbook.save(written)
    pack.manifest = pack.manifest.replace(
        'sha256 = "@counts.csv"', 'sha256 = "@counts.csv"\nsheet = "Table 1"'
    )
    pack.replace("counts.csv", written.getvalue())
    said = await refuse(database, pack)
    assert said.startswith("counts.csv: 'counts.csv' has no sheet called 'Table 1'.")
    assert "Choose one of: 'Sheet', 'Figures'." in said


async def test_a_file_that_was_changed_after_the_manifest_is_told_with_its_checksum(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    (tmp_path / "on.csv").write_text("box,shelf\nA0001,S100\n")
    said = await refuse(database, pack)
    assert "on.csv is not the file that" in said
    assert "correct `sha256` of `sources.on` if the change is wanted" in said


async def test_a_row_of_too_many_cells_is_told_and_the_others_load(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.tables["post.csv"][4] = ["AB13 1XY", "-1", "965", "50,005"]
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    assert of(report, "post.csv").accepted == 11
    assert [item.row for item in of(report, "post.csv").rejections] == [5]
    assert "has 4 cells where 3 are expected" in of(report, "post.csv").rejections[0].reason
