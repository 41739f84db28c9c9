"""Loading a pack: whole or not at all, twice the same as once, every bad row told."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.database import Database, DatabaseAddress
from app.core.errors import UnavailableError
from app.core.settings import Settings
from app.packs.manifest import PackProblem, read_manifest
from app.packs.service import check_pack, find_pack, get_current_pack, list_packs, load_pack

Rewrite = Callable[[str], str]

BOX = """{{"type": "Feature", "properties": {{"c": "{code}", "n": "{name}"}}, "geometry":
{{"type": "Polygon",
"coordinates": [[[{w}, 50], [{e}, 50], [{e}, 50.01], [{w}, 50.01], [{w}, 50]]]}}}}"""

MANIFEST = """
name = "two-boxes"
title = "Two boxes"
projected_crs = "EPSG:32630"
time_zone = "Europe/London"
languages = ["en-GB"]
postcode_ending = 2

[[area_types]]
code = "box"
name = "box"
plural = "boxes"
position = 1

[[area_types]]
code = "shelf"
name = "shelf"
plural = "shelves"
position = 2
publishing = true
"""

SOURCE = """
[sources.{key}]
title = "Tests"
licence = "CC0-1.0"
vintage = "2026"
file = "{file}"
sha256 = "{sha256}"
"""

ENTRY = """
[[{table}]]
source = "{key}"
{rest}
"""

GOOD_PEOPLE = "".join(f"B2,{age},{age},1\n" for age in range(20, 40))
GOOD_POSTCODES = "".join(f"AB2{number}XY,-1.995,50.005\n" for number in range(20))
"""Rows enough that two bad ones beside them are under a tenth, above which a file is refused."""


async def ignore(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


class Pack:
    """A small pack in a folder: two boxes side by side on one shelf."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources: dict[str, str] = {}
        self.entries: dict[str, str] = {}
        boxes = [("B1", "Left", -2.0, -1.99), ("B2", "Right", -1.99, -1.98)]
        self.write_boxes("boxes.geojson", "box", boxes)
        self.write_boxes("shelves.geojson", "shelf", [("S1", "Shelf", -2.0, -1.98)])
        self.add_lookup("B1,S1\nB2,S1\n")
        self.add_people("B1,0,15,400\nB1,16,,800\nB2,0,15,100\nB2,16,,300\n")

    def write_boxes(self, file: str, kind: str, boxes: list[tuple[str, str, float, float]]) -> None:
        """Add a boundary file of squares, each from a western to an eastern longitude."""
        features = ", ".join(BOX.format(code=c, name=n, w=w, e=e) for c, n, w, e in boxes)
        self.add(
            "boundaries",
            file,
            f'{{"type": "FeatureCollection", "features": [{features}]}}',
            f'area_type = "{kind}"\nboundary_year = 2021\ncolumns = {{ code = "c", name = "n" }}',
        )

    def add_lookup(self, rows: str) -> None:
        """Add the lookup of boxes on shelves."""
        self.add(
            "lookups",
            "on.csv",
            f"box,shelf\n{rows}",
            'kind = "within"\n'
            'from = { area_type = "box", boundary_year = 2021, column = "box" }\n'
            'to = { area_type = "shelf", boundary_year = 2021, column = "shelf" }',
        )

    def add_people(self, rows: str) -> None:
        """Add the population file."""
        self.add(
            "populations",
            "people.csv",
            f"code,age_from,age_to,people\n{rows}",
            'area_type = "box"\nboundary_year = 2021\nperiod = "2021"\ncolumns = { code = "code", '
            'age_from = "age_from", age_to = "age_to", people = "people" }',
        )

    def add_postcodes(self, rows: str) -> None:
        """Add a postcode file."""
        columns = '{ postcode = "p", lon = "x", lat = "y" }'
        self.add("postcodes", "post.csv", f"p,x,y\n{rows}", f"columns = {columns}")

    def add(self, table: str, file: str, content: str, rest: str) -> None:
        """Write a file, its source and its entry in the manifest, replacing earlier ones."""
        (self.folder / file).write_text(content)
        sha256 = hashlib.sha256(content.encode()).hexdigest()
        key = file.split(".", maxsplit=1)[0]
        self.sources[key] = SOURCE.format(key=key, file=file, sha256=sha256)
        self.entries[key] = ENTRY.format(table=table, key=key, rest=rest)
        self.write()

    def write(self, change: Rewrite = str) -> None:
        """Write the manifest, changed by `change`."""
        manifest = MANIFEST + "".join([*self.sources.values(), *self.entries.values()])
        (self.folder / "pack.toml").write_text(change(manifest))


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A small pack that loads."""
    return Pack(tmp_path)


async def dump(database: Database) -> list[str]:
    """Return every row that a load may change, as text, in a fixed order."""
    rows: list[str] = []
    async with database.sessions() as session:
        for table in ("area_types", "boundary_sets", "areas", "area_parts", "area_lookups",
                      "area_populations", "postcodes"):  # fmt: skip
            found = await session.execute(text(f"SELECT t::text FROM {table} AS t ORDER BY 1"))  # noqa: S608
            rows += [f"{table} {row[0]}" for row in found]
    return rows


async def read_people(database: Database) -> dict[str, int | None]:
    """Return people by area code."""
    async with database.sessions() as session:
        rows = await session.execute(text("SELECT code, people FROM areas"))
        return {row.code: row.people for row in rows}


async def test_people_add_up_to_the_shelf(database: Database, pack: Pack) -> None:
    report = await load_pack(database, pack.folder, ignore)
    assert await read_people(database) == {"B1": 1200, "B2": 400, "S1": 1600}
    accepted = {file.file: file.accepted for file in report.files}
    assert accepted == {"boxes.geojson": 2, "shelves.geojson": 1, "on.csv": 2, "people.csv": 4}
    assert report.findings == []


async def test_an_area_is_measured_on_the_ground(database: Database, pack: Pack) -> None:
    """0.01 by 0.01 degrees at 50 N: 1,112 m by 717 m by the usual lengths of a degree."""
    await load_pack(database, pack.folder, ignore)
    async with database.sessions() as session:
        hectares = await session.scalar(text("SELECT area_ha FROM areas WHERE code = 'B1'"))
    assert hectares == pytest.approx(111.23 * 71.70 / 100, rel=0.005)


async def test_loading_twice_leaves_everything_as_it_was(database: Database, pack: Pack) -> None:
    await load_pack(database, pack.folder, ignore)
    before = await dump(database)
    again = await load_pack(database, pack.folder, ignore)
    assert again.is_unchanged
    forced = await load_pack(database, pack.folder, ignore, force=True)
    assert not forced.is_unchanged
    after = await dump(database)
    without_ids = [row for row in after if not row.startswith("area_parts")]
    assert without_ids == [row for row in before if not row.startswith("area_parts")]


async def test_an_area_that_stays_keeps_its_id_and_one_that_goes_is_gone(
    database: Database, pack: Pack
) -> None:
    await load_pack(database, pack.folder, ignore)
    query = text(
        "SELECT code, areas.id, gid FROM areas JOIN boundary_sets AS b ON b.id = boundary_set_id "
        "WHERE area_type = 'box'"
    )
    async with database.sessions() as session:
        before = {row.code: row.id for row in await session.execute(query)}
    boxes = [("A0", "New", -2.0, -1.99), ("B2", "Right", -1.99, -1.98)]
    pack.write_boxes("boxes.geojson", "box", boxes)
    pack.add_lookup("A0,S1\nB1,S1\nB2,S1\n")
    report = await load_pack(database, pack.folder, ignore)
    async with database.sessions() as session:
        after = {row.code: row for row in await session.execute(query)}
    assert set(after) == {"A0", "B2"}
    assert after["B2"].id == before["B2"]
    assert {code: row.gid for code, row in after.items()} == {"A0": 1, "B2": 2}
    findings = {item.sentence: item.examples for item in report.findings}
    assert findings["Areas that a lookup names and no boundary file holds:"] == ["box 2021 B1"]


async def test_a_load_that_fails_changes_nothing(database: Database, pack: Pack) -> None:
    await load_pack(database, pack.folder, ignore)
    before = await dump(database)
    pack.add_people("B1,zero,15,many\n")
    with pytest.raises(PackProblem, match=r"people.csv: not one row could be used"):
        await load_pack(database, pack.folder, ignore)
    assert await dump(database) == before
    async with database.sessions() as session:
        assert (await get_current_pack(session)).data_version == 1


async def test_a_load_that_breaks_in_the_swap_changes_nothing(
    database: Database, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load_pack(database, pack.folder, ignore)
    before = await dump(database)

    async def break_off(*_: object, **__: object) -> None:
        raise ConnectionError("the wire was cut")

    monkeypatch.setattr("app.packs.service.raise_version", break_off)
    with pytest.raises(ConnectionError):
        await load_pack(database, pack.folder, ignore, force=True)
    assert await dump(database) == before


async def test_bad_rows_are_told_by_number_and_the_good_ones_load(
    database: Database, pack: Pack
) -> None:
    pack.add_people("B1,0,15,400\nB1,16,,eight hundred\nB2,0,15,100\n,16,,5\n" + GOOD_PEOPLE)
    pack.add_postcodes(
        "AB11XY,-1.995,50.005\nab1 1xy,-1.995,50.005\nAB12XY,,50\nAB13XY,9,50\n" + GOOD_POSTCODES
    )
    report = await load_pack(database, pack.folder, ignore)
    files = {file.file: file for file in report.files}
    people, postcodes = files["people.csv"], files["post.csv"]
    assert (people.read, people.accepted, people.rejected) == (24, 22, 2)
    assert [item.row for item in people.rejections] == [3, 5]
    assert "eight hundred" in people.rejections[0].reason
    assert [item.row for item in postcodes.rejections] == [3, 4]
    assert "stands in row 2 already" in postcodes.rejections[0].reason
    outside = next(item for item in report.findings if item.sentence.startswith("Postcodes"))
    assert outside.examples == ["AB13 XY"]
    assert any("row 3" in line for line in report.summarise())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("B1,16,,nan", "'people' is 'nan'; write a number"),
        ("B1,16,,1e400", "'people' is '1e400'; write a number"),
        ("B1,16,,0,5", "has 5 cells where 4 are expected"),
        ('B1,16,,"2,98"', "'people' is '2,98'; write a number"),
        ("B1,16,,-3", "'people' is '-3'; it must lie from 0"),
        ("B1,99999,,3", "'age_from' is '99999'; it must lie from 0 to 150"),
        ("B1,16,fifteen,3", "'age_to' is 'fifteen'; write a number"),
        ("B1,16,12,3", "'age_to' is '12'; it must lie from 16"),
        ("B1,0,15,7", "stands in row 2 already"),
        (",16,,3", "'code' is empty"),
    ],
)
async def test_a_bad_row_is_told_by_column_value_and_remedy(
    database: Database, pack: Pack, row: str, said: str
) -> None:
    pack.add_people(f'B1,0,15,"1,400"\nB2,0,15,1\n{row}\n{GOOD_PEOPLE}')
    report = await load_pack(database, pack.folder, ignore)
    rejected = next(file.rejections for file in report.files if file.file == "people.csv")
    assert [item.row for item in rejected] == [4]
    assert said in rejected[0].reason
    assert (await read_people(database))["B1"] == 1400


async def test_the_same_in_two_files_is_a_sentence_and_changes_nothing(
    database: Database, pack: Pack
) -> None:
    await load_pack(database, pack.folder, ignore)
    before = await dump(database)
    pack.entries["again"] = pack.entries["on"]
    pack.write()
    with pytest.raises(PackProblem, match="two files hold the same"):
        await load_pack(database, pack.folder, ignore)
    assert await dump(database) == before


async def test_a_manifest_of_another_release_does_not_stop_the_service(
    database: Database, pack: Pack
) -> None:
    await load_pack(database, pack.folder, ignore)
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE packs SET manifest = '{\"renamed\": 1}'"))
    async with database.sessions() as session:
        assert (await get_current_pack(session)).title == "Two boxes"


async def test_temporary_tables_left_on_a_connection_do_not_stop_the_next_load(
    address: DatabaseAddress, pack: Pack
) -> None:
    pooled = Database(address, pool_size=2)
    async with pooled.engine.connect() as one, pooled.engine.connect() as other:
        for connection in (one, other):
            await connection.execute(text("CREATE TEMPORARY TABLE staged_areas (left_over int)"))
            await connection.commit()
    report = await load_pack(pooled, pack.folder, ignore)
    await pooled.close()
    assert not report.is_unchanged


async def test_an_outline_that_crosses_itself_is_mended_and_said_to_be(
    database: Database, pack: Pack
) -> None:
    path = pack.folder / "boxes.geojson"
    crossed = path.read_text().replace("[-2.0, 50]]", "[-1.985, 50.005], [-2.0, 50]]")
    pack.add("boundaries", "boxes.geojson", crossed, 'area_type = "box"\nboundary_year = 2021\n'
             'columns = { code = "c", name = "n" }')  # fmt: skip
    report = await load_pack(database, pack.folder, ignore)
    repairs = next(file.repairs for file in report.files if file.file == "boxes.geojson")
    assert len(repairs) == 1
    assert "Self-intersection" in repairs[0].reason
    async with database.sessions() as session:
        valid = await session.execute(text("SELECT ST_IsValid(boundary), repair FROM areas"))
        assert all(row[0] for row in valid)


async def test_a_publishing_area_of_under_a_thousand_people_is_told(
    database: Database, pack: Pack
) -> None:
    pack.add_people("B1,0,,600\nB2,0,,399\n")
    report = await load_pack(database, pack.folder, ignore)
    assert [item.sentence for item in report.findings] == [
        "Areas of the publishing level with under 1,000 people:"
    ]
    assert report.findings[0].examples == ["shelf 2021 S1 999"]


async def test_before_any_load_the_service_says_that_it_is_being_set_up(
    database: Database,
) -> None:
    async with database.sessions() as session:
        with pytest.raises(UnavailableError, match="still being set up"):
            await get_current_pack(session)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Two boxes"', "", "`title`: is missing"),
        ("EPSG:32630", "EPSG:4326", "does not measure in metres"),
        ("EPSG:32630", "EPSG:99", "not a coordinate system"),
        ('"within"', '"inside"', "`lookups.0.kind`"),
        ("position = 2", "position = 1", "position 1 stands twice"),
        ('2021\nperiod = "2021"', '2022\nperiod = "2021"', "names box 2022"),
        ('code = "c"', 'kode = "c"', "columns.kode"),
        ('file = "on.csv"', 'file = "../on.csv"', "inside the folder of the pack"),
        ('name = "two-boxes"', "name = two", "cannot be read as TOML"),
    ],
)
def test_a_wrong_manifest_names_the_key(pack: Pack, old: str, new: str, said: str) -> None:
    pack.write(lambda manifest: manifest.replace(old, new, 1))
    with pytest.raises(PackProblem) as caught:
        read_manifest(pack.folder)
    assert said in str(caught.value)
    assert "pack.toml" in str(caught.value)


def test_a_file_that_is_missing_or_another_is_named(pack: Pack) -> None:
    (pack.folder / "on.csv").write_text("box,shelf\nB1,S1\n")
    (pack.folder / "people.csv").unlink()
    with pytest.raises(PackProblem) as caught:
        check_pack(pack.folder)
    said, name = str(caught.value), pack.folder.name
    assert f"on.csv is not the file that {name}/pack.toml describes" in said
    assert f"{name} needs files that are not in its folder" in said
    assert "have no address to be fetched from: people.csv." in said


async def test_a_column_that_is_not_there_is_told_with_those_that_are(
    database: Database, pack: Pack
) -> None:
    pack.write(lambda manifest: manifest.replace('column = "shelf"', 'column = "rack"'))
    with pytest.raises(PackProblem, match=r"on.csv has no column 'rack'. It has: box, shelf"):
        await load_pack(database, pack.folder, ignore)


def test_packs_are_listed_and_an_unknown_one_is_told_which_there_are(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Pack(tmp_path / name)
    (tmp_path / "two/pack.toml").write_text("nonsense")
    settings = Settings(_env_file=None, packs_dir=tmp_path)
    assert [name for name, _ in list_packs(settings)] == ["one", "two"]
    assert find_pack(settings, "one") == tmp_path / "one"
    with pytest.raises(PackProblem, match="There are: one, two"):
        find_pack(settings, "three")
