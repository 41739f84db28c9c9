"""Starting organisations and assets: whole or told, twice the same as once, private by default."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.packs.manifest import PackProblem, read_manifest
from app.packs.report import LoadReport
from app.packs.service import load_pack
from tests.packs.small_pack import SOUTH, WEST, SmallPack, ignore, of, refuse, told

COMMUNITY = """
[sources.halls]
title = "Halls of the boxes"
licence = "CC0-1.0"
vintage = "2026"
file = "halls.csv"
sha256 = "@halls.csv"

[sources.warm]
title = "Warm rooms"
licence = "none stated"
vintage = "2026"
file = "warm.csv"
sha256 = "@warm.csv"

[sources.groups]
title = "Register of groups"
licence = "CC-BY-4.0"
vintage = "2026"
file = "groups.csv"
sha256 = "@groups.csv"

[[organisations]]
source = "groups"

[organisations.columns]
source_id = "no"
name = "name"
postcode = "post"
identifier = "number"
visibility = "seen"

[[assets]]
source = "halls"
category = "hall"
exclude = { hall = ["*car park*"] }

[assets.columns]
source_id = "no"
name = "hall"
kind = "kind"
postcode = "post"
lon = "x"
lat = "y"
phone = "tel"
min_age = "from"
organisation_id = "by"
place_asset_id = "at"
mode = "mode"
visibility = "seen"

[[assets]]
source = "warm"
category = "warm-space"
joins = true
repeats = true
columns = { name = "room", postcode = "post", lon = "x", lat = "y" }
"""

HALLS = ["no", "hall", "post", "x", "y", "tel", "from", "by", "at", "mode", "seen", "kind"]
ALIKE = "same name and place (within 60 m)"
SQL = {
    "assets": """
        SELECT a.name, s.source, s.source_id, s.licence, a.public_id::text AS id, a.visibility,
            (SELECT string_agg(c.code, ';' ORDER BY ac.position) FROM asset_categories AS ac
             JOIN categories AS c ON c.id = ac.category_id WHERE ac.asset_id = a.id) AS categories
        FROM assets AS a JOIN record_sources AS s
            ON (s.subject, s.subject_id) = ('asset', a.id) AND s.reason IS NULL
        ORDER BY s.source, s.source_id""",
    "organisations": "SELECT name, public_id::text AS id FROM organisations ORDER BY name",
    "joined": "SELECT source, source_id, reason FROM record_sources WHERE reason IS NOT NULL"
    " ORDER BY 1, 2",
}


def place(index: int) -> tuple[str, str]:
    """Return the middle of one of the twelve boxes."""
    return f"{WEST + (index % 4 + 0.5) * 0.01:.4f}", f"{SOUTH + (index // 4 + 0.5) * 0.01:.4f}"


def hall(number: int, **cells: str) -> list[str]:
    """Return a row of a hall in a box of its own."""
    x, y = place(number % 12)
    row = {"no": f"H{number}", "hall": f"Hall {number}", "x": x, "y": y, **cells}
    return [row.get(column, "") for column in HALLS]


class CommunityPack(SmallPack):
    """The twelve boxes with twenty halls, two warm rooms and three groups."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.manifest += COMMUNITY
        self.tables["halls.csv"] = [HALLS, *(hall(number) for number in range(20))]
        self.tables["warm.csv"] = [
            ["room", "post", "x", "y"],
            ["HALL 1 (Warm Space)", "", *place(1)],
            ["The Lamp", "AB10 1XY", "", ""],
        ]
        self.tables["groups.csv"] = [
            ["no", "name", "post", "number", "seen"],
            ["1", "Net Menders", "AB11 1XY", "GB-CHC-77", ""],
            ["2", "Net Menders Limited", "AB12 1XY", "GB-CHC-77", ""],
            ["3", "Safe Door", "AB13 1XY", "", "hidden"],
        ]
        self.write()

    def add_halls(self, *rows: list[str]) -> None:
        """Append halls and write the files anew."""
        self.tables["halls.csv"] += rows
        self.write()


@pytest.fixture
def pack(tmp_path: Path) -> CommunityPack:
    """A pack with a community."""
    return CommunityPack(tmp_path)


async def load(database: Database, pack: CommunityPack, *, force: bool = False) -> LoadReport:
    """Return the report of a load."""
    return await load_pack(database, pack.folder, ignore, force=force)


async def ask(database: Database, what: str) -> list[Any]:
    """Return the rows of one of the queries of `SQL`."""
    async with database.sessions() as session:
        return list((await session.execute(text(SQL[what]))).all())


def found(report: LoadReport, beginning: str) -> list[str]:
    """Return the examples of a finding."""
    return next((f.examples for f in report.findings if f.sentence.startswith(beginning)), [])


async def test_every_row_comes_with_source_identifier_and_licence(
    database: Database, pack: CommunityPack
) -> None:
    report = await load(database, pack)
    assets = await ask(database, "assets")
    halls = [row for row in assets if row.source == "Halls of the boxes"]
    assert len(halls) == 20
    assert {row.licence for row in halls} == {"CC0-1.0"}
    assert {row.source_id for row in halls} == {f"H{number}" for number in range(20)}
    (lamp,) = (row for row in assets if row.source == "Warm rooms")
    assert lamp.licence is None  # none stated: kept out of bulk exports
    assert lamp.source_id == "the-lamp ab101xy"  # made, the file having none
    assert [row.name for row in await ask(database, "organisations")] == [
        "Net Menders",
        "Safe Door",
    ]
    assert (of(report, "halls.csv").read, of(report, "halls.csv").accepted) == (20, 20)


async def test_the_same_thing_in_two_files_is_one_asset_and_says_why(
    database: Database, pack: CommunityPack
) -> None:
    report = await load(database, pack)
    (first,) = (row for row in await ask(database, "assets") if row.source_id == "H1")
    assert first.categories == "hall;warm-space"
    joined = {(row.source, row.reason) for row in await ask(database, "joined")}
    assert joined == {
        ("Warm rooms", ALIKE),
        ("Register of groups", "same register number"),
    }
    assert found(report, "Rows about the same thing, joined into one of the assets") == [
        f"HALL 1 (Warm Space) (warm.csv) into Hall 1 (halls.csv): {ALIKE}"
    ]


async def test_a_second_load_changes_nothing(database: Database, pack: CommunityPack) -> None:
    await load(database, pack)
    before = [await ask(database, what) for what in SQL]
    revisions = text("SELECT count(*), max(id) FROM revisions")
    async with database.sessions() as session:
        written = (await session.execute(revisions)).one()
    await load(database, pack, force=True)
    assert [await ask(database, what) for what in SQL] == before
    async with database.sessions() as session:
        assert (await session.execute(revisions)).one() == written


async def test_what_a_file_says_anew_changes_the_record_that_is_there(
    database: Database, pack: CommunityPack
) -> None:
    await load(database, pack)
    before = {row.source_id: row.id for row in await ask(database, "assets")}
    pack.set("halls.csv", 2, "hall", "The Great Hall")
    await load(database, pack)
    after = {row.source_id: row for row in await ask(database, "assets")}
    assert after["H0"].name == "The Great Hall"
    assert {key: row.id for key, row in after.items()} == before


async def test_a_bad_row_is_told_and_the_others_go_on(
    database: Database, pack: CommunityPack
) -> None:
    pack.set("halls.csv", 3, "from", "ten")
    pack.set("halls.csv", 4, "by", "somebody")
    report = await load(database, pack)
    assert told(report, "halls.csv") == [
        (3, "`min_age` is 'ten'; write a number, with a point for decimals and no unit"),
        (4, "`organisation_id` is 'somebody', which no row is called; correct it or leave it out"),
    ]
    assert of(report, "halls.csv").accepted == 18


async def test_a_file_of_which_too_much_is_bad_changes_nothing(
    database: Database, pack: CommunityPack
) -> None:
    await load(database, pack)
    for row in range(2, 6):
        pack.set("halls.csv", row, "mode", "by boat")
    said = await refuse(database, pack)
    assert "halls.csv: 4 of 20 rows cannot be used" in said
    assert "Row 2: `mode` is 'by boat'; it may be one of: address, place, served areas" in said


async def test_rows_of_other_places_and_rows_left_out_are_counted(
    database: Database, pack: CommunityPack
) -> None:
    far = ["H30", "Far Hall", "", "1.0", "51.0"]
    parking = hall(31, hall="Hall CAR PARK")
    twice = hall(1, hall="Again")
    pack.add_halls([*far, *[""] * 7], parking, twice)
    report = await load(database, pack)
    halls = of(report, "halls.csv")
    assert (halls.read, halls.accepted, halls.outside, halls.rejected) == (22, 20, 1, 1)
    assert found(report, "Rows of the place that the manifest leaves out") == [
        "halls.csv: hall is *car park*: 1"
    ]
    assert told(report, "halls.csv") == [(24, "`source_id` stands in row 3 already; keep one")]


async def test_a_place_that_cannot_be_used_is_nobodys_place(
    database: Database, pack: CommunityPack
) -> None:
    guest = {"x": "", "y": "", "mode": "place", "kind": "activity"}
    pack.add_halls(
        hall(40, at="H2", **guest), hall(41, **{"from": "ten"}), hall(42, at="H41", **guest)
    )
    report = await load(database, pack)
    assert told(report, "halls.csv") == [
        (23, "`min_age` is 'ten'; write a number, with a point for decimals and no unit"),
        (24, "`place_asset_id` is 'H41', which no row is called; correct it or leave it out"),
    ]
    async with database.sessions() as session:
        places = text(
            "SELECT a.name, p.name FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id "
            "JOIN assets AS p ON p.id = s.place_id"
        )
        assert (await session.execute(places)).all() == [("Hall 40", "Hall 2")]


async def test_the_report_is_the_same_with_and_without_a_hidden_asset(
    database: Database, pack: CommunityPack
) -> None:
    without = await load(database, pack)
    pack.add_halls(
        hall(50, hall="Alder House", seen="hidden", tel="no number"),
        hall(51, **{"seen": "hidden", "from": "ten"}),  # cannot be used: the log says so
        hall(52, seen="hidden", x="", y="", post="AB10 9ZZ"),  # nobody knows where
    )
    within = await load(database, pack)
    names = {row.name for row in await ask(database, "assets")}
    assert "Alder House" in names
    for report in (without, within):
        report.took_s = report.swap_s = report.peak_mb = 0
    assert within == without


async def test_newer_postcodes_come_from_another_table(
    database: Database, pack: CommunityPack
) -> None:
    pack.tables["newer.csv"] = [
        ["p", "x", "y"],
        ["AB10 1XY", "9", "9"],  # held already: what the first table says stays
        ["AB10 9ZZ", *place(3)],
    ]
    pack.manifest = pack.manifest.replace(
        "[[organisations]]",
        '[sources.newer]\ntitle = "Newer"\nlicence = "CC0-1.0"\nvintage = "2026"\n'
        'file = "newer.csv"\nsha256 = "@newer.csv"\n\n[[postcodes]]\nsource = "newer"\n'
        'columns = { postcode = "p", lon = "x", lat = "y" }\nfill = true\n\n[[organisations]]',
        1,
    )
    pack.add_halls(hall(60, x="", y="", post="ab109zz"))
    report = await load(database, pack)
    assert report.counts["postcodes"] == 13
    assert of(report, "halls.csv").accepted == 21
    async with database.sessions() as session:
        query = text(
            "SELECT s.postcode, round(ST_X(location)::numeric, 4)::text FROM asset_sites AS s "
            "JOIN assets AS a ON a.id = s.asset_id WHERE a.name = 'Hall 60'"
        )
        assert (await session.execute(query)).all() == [("AB10 9ZZ", place(3)[0])]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "hall"', 'nam = "hall"', "'nam' is no field of a table of assets; do you mean"),
        ('category = "hall"', "", "needs `category`, or a column for `category_ids`."),
        ('category = "hall"', 'category = "hal"', "names the category 'hal', which is none"),
        ("joins = true", "authoritative = false", "`match` says how rows that only add to others"),
        ("joins = true", 'format = "osm"', "no format 'osm'; choose one of plain"),
        ("joins = true", 'keep = "town"', "`assets.1.keep`"),
        ("repeats = true", "repeat = true", "there is no such key; do you mean `repeats`?"),
        ("repeats = true", 'extract.phone = { column = "room", pattern = "(" }',
         "'(' is no regular expression"),
        ('lon = "x", lat = "y" }\n', 'lon = "east", lat = "y" }\n', "has no column 'east'"),
    ],
)  # fmt: skip
async def test_slips_in_the_manifest_are_told(
    database: Database, pack: CommunityPack, old: str, new: str, sentence: str
) -> None:
    assert old in pack.manifest
    pack.write_manifest(lambda manifest: manifest.replace(old, new, 1))
    with pytest.raises(PackProblem) as caught:
        await load(database, pack)
    assert sentence in str(caught.value)


def test_organisations_have_no_category(pack: CommunityPack) -> None:
    pack.write_manifest(
        lambda manifest: manifest.replace(
            'source = "groups"', 'source = "groups"\ncategory = "hall"'
        )
    )
    with pytest.raises(PackProblem, match="only assets have a `category`"):
        read_manifest(pack.folder)
