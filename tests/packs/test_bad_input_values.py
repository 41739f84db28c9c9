"""People and indicator values that are wrong: told by row, column, value and remedy."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.packs.service import load_pack
from tests.packs.small_pack import ignore, load_good, of, read_people, refuse, told

DECIMALS = (
    "write a number with a point for decimals, or name this mark under `missing` or `suppressed`"
)


async def read_values(database: Database, code: str) -> dict[str, float | None]:
    """Return the values of an indicator by area code."""
    query = text(
        "SELECT a.code, v.value FROM indicator_values AS v "
        "JOIN indicator_series AS s ON s.id = v.series_id "
        "JOIN indicators AS i ON i.id = s.indicator_id "
        "JOIN areas AS a ON a.gid = v.gid AND a.boundary_set_id = s.boundary_set_id "
        "WHERE i.code = :code"
    )
    async with database.sessions() as session:
        return {row[0]: row[1] for row in await session.execute(query, {"code": code})}


async def test_a_column_of_text_where_numbers_belong_is_refused(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    for row in pack.tables["counts.csv"][1:]:
        row[1] = "many"
    pack.write()
    said = await refuse(database, pack)
    assert said.startswith(
        "counts.csv: `indicators` (pupils) has no value for any box of 2021 of this place."
    )
    assert f"Row 2: 'pupils' is 'many'; {DECIMALS}." in said
    for row in pack.tables["people.csv"][1:]:
        row[3] = "many"
    pack.write()
    said = await refuse(database, pack)
    assert said.startswith("people.csv: not one row could be used.")
    assert "Row 2: 'people' is 'many'; write a number, with a point for decimals." in said


@pytest.mark.parametrize("mark", ["-999", "-999.0", "-99", "9999", "-9,999"])
async def test_a_column_of_a_number_that_stands_for_none_is_refused(
    database: Database, tmp_path: Path, mark: str
) -> None:
    pack = await load_good(database, tmp_path)
    number = float(mark.replace(",", ""))
    limit = "least" if number < 0 else "most"
    for row in pack.tables["counts.csv"][1:3]:
        row[1] = mark
    pack.write()
    said = await refuse(database, pack)
    assert said == (
        f"counts.csv: 'pupils' is {number:g} in 2 of 12 areas. If that stands for no value, say "
        f'`missing = ["{number:g}"]` in `indicators` (pupils); if it is one, say `{limit} = '
        f"{number:g}`."
    )
    pack.manifest = pack.manifest.replace('code = "pupils"', f'code = "pupils"\n{limit} = {number}')
    pack.write()
    await load_pack(database, pack.folder, ignore)
    assert (await read_values(database, "pupils"))["A0001"] == number
    pack.manifest = pack.manifest.replace(f"{limit} = {number}", f'missing = ["{number:g}"]')
    pack.write()
    await load_pack(database, pack.folder, ignore)
    values = await read_values(database, "pupils")
    assert values.get("A0001") is None
    assert values["A0003"] == 52


async def test_minus_999_where_nothing_is_below_nought_is_told_by_row(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.set("counts.csv", 4, "poverty", "-999")
    pack.set("people.csv", 4, "people", "-999")
    report = await load_pack(database, pack.folder, ignore)
    row, reason = told(report, "counts.csv")[0]
    assert row == 4
    assert reason == (
        "'poverty' is '-999'; it must lie from 0 to 100. If -999 stands for no value, name it "
        "under `missing`"
    )
    assert told(report, "people.csv") == [
        (4, "'people' is '-999'; it must lie from 0 to 2,000,000,000")
    ]
    assert (await read_people(database))["A0002"] == 400


async def test_thousands_separators_are_read_and_what_may_be_decimals_is_asked(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.set("people.csv", 3, "people", "1,400")
    pack.set("counts.csv", 2, "pupils", "1,234,567.5")
    await load_pack(database, pack.folder, ignore)
    assert (await read_people(database))["A0001"] == 1500
    assert (await read_values(database, "pupils"))["A0001"] == 1_234_567.5
    for mark in ("1.400,5", "1 400", "12,5", "1'400", "1_400"):
        pack.set("people.csv", 3, "people", mark)
        pack.set("counts.csv", 2, "pupils", mark)
        report = await load_pack(database, pack.folder, ignore)
        assert told(report, "people.csv") == [
            (3, f"'people' is {mark!r}; write a number, with a point for decimals")
        ]
        assert told(report, "counts.csv") == [(2, f"'pupils' is {mark!r}; {DECIMALS}")]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("poverty", "12 %", "'poverty' is '12 %'; write the number without the per cent sign"),
        ("poverty", "110", "'poverty' is '110'; it must lie from 0 to 100"),
        ("poverty", "nan", f"'poverty' is 'nan'; {DECIMALS}"),
        ("low", "99", "'low' is 99, above the value, 11; check which columns are value, lower"),
        ("code", "", "'code' is empty; give the area's code"),
        ("pupils", "1e30", "A0002 has a number beyond 1e+18; correct it"),
        ("pupils", "1e999", f"'pupils' is '1e999'; {DECIMALS}"),
    ],
)
async def test_one_bad_value_is_told_and_the_others_load(
    database: Database, tmp_path: Path, column: str, cell: str, said: str
) -> None:
    pack = await load_good(database, tmp_path)
    pack.set("counts.csv", 3, column, cell)
    report = await load_pack(database, pack.folder, ignore)
    ((row, reason), *_) = told(report, "counts.csv")
    assert row == 3
    assert said in reason
    assert of(report, "counts.csv").accepted >= 22
    assert (await read_values(database, "pupils"))["A0001"] == 50


async def test_more_people_than_there_can_be_are_refused(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.set("people.csv", 5, "people", "1999999999")
    said = await refuse(database, pack)
    assert said == (
        "people.csv: its people add up to more than 2,000,000,000; A0002 alone has 1,999,999,999 "
        "in one age band. Correct it, or check `columns`."
    )


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("age_from", "old", "'age_from' is 'old'; write a number, with a point for decimals"),
        ("age_from", "", "'age_from' is empty; fill it in"),
        ("age_from", "151", "'age_from' is '151'; it must lie from 0 to 150"),
        ("age_from", "16.5", "'age_from' is '16.5'; an age is a whole number of years"),
        ("age_to", "3", "'age_to' is '3'; it must lie from 16 to 150"),
        ("people", "", "'people' is empty; fill it in"),
        ("people", "3e9", "'people' is '3e9'; it must lie from 0 to 2,000,000,000"),
    ],
)
async def test_one_bad_age_band_is_told_and_the_others_load(
    database: Database, tmp_path: Path, column: str, cell: str, said: str
) -> None:
    pack = await load_good(database, tmp_path)
    pack.set("people.csv", 3, column, cell)
    report = await load_pack(database, pack.folder, ignore)
    assert told(report, "people.csv") == [(3, said)]
    assert (await read_people(database))["A0001"] == 100


async def test_a_tenth_of_bad_rows_loads_and_more_is_refused(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.set("people.csv", 2, "people", "?")
    pack.set("people.csv", 9, "people", "?")
    assert of(await load_pack(database, pack.folder, ignore), "people.csv").rejected == 2
    pack.set("people.csv", 20, "people", "?")
    said = await refuse(database, pack)
    assert said.startswith("people.csv: 3 of 24 rows cannot be used. Check `columns` and `where`")
    assert "Row 20: 'people' is '?'" in said


async def test_a_where_that_names_no_column_or_no_row_is_refused(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    good = pack.manifest
    for source, where, said in (
        ("people", '{ sex = "all" }', "people.csv has no column 'sex'. It has: code, age_from,"),
        ("people", '{ code = "none" }', "people.csv: not one row could be used. Check `columns`"),
        ("counts", '{ sex = "all" }', "counts.csv: no column 'sex'; the file has 'code', 'pupils'"),
        ("counts", '{ code = "none" }', "no row where 'code' is 'none'; check `where` of pupils"),
    ):
        tables = good.index("[[boundaries]]")
        entry = f'source = "{source}"'
        changed = good[tables:].replace(entry, f"{entry}\nwhere = {where}", 1)
        pack.manifest = good[:tables] + changed
        pack.write()
        assert said in await refuse(database, pack)
