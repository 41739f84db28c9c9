"""What a manifest can have worked out: margins, larger areas, names, weights, age bands."""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.packs.manifest import PackProblem
from app.packs.report import LoadReport
from app.packs.service import load_pack

SIDE = 0.01
CODES = [f"A{number:02}" for number in range(1, 13)]

HEAD = """
name = "worked-out"
title = "Worked out"
projected_crs = "EPSG:32630"
time_zone = "Europe/London"
languages = ["en-GB"]
study_area = { margin_m = 900 }
country = { code = "ALL", name = "Everywhere" }
area_types = [
    { code = "box", name = "box", plural = "boxes", position = 1 },
    { code = "row", name = "row", plural = "rows", position = 2, publishing = true },
    { code = "ward", name = "ward", plural = "wards", position = 3 },
    { code = "town", name = "town", plural = "towns", position = 4 },
]
"""

TABLES = """
[[boundaries]]
source = "wide"
area_type = "box"
boundary_year = 2021
columns = { code = "c", name = "n" }
within = { source = "belongs", column = "box" }

[[boundaries]]
source = "wide"
area_type = "box"
boundary_year = 2021
columns = { code = "c", name = "n" }
margin = true

[[boundaries]]
source = "rows"
area_type = "row"
boundary_year = 2021
columns = { code = "c", name = "n" }
names = { source = "friendly", columns = { code = "code", name = "called" } }

[[boundaries]]
source = "wards"
area_type = "ward"
boundary_year = 2025
columns = { code = "c", name = "n" }

[[boundaries]]
source = "belongs"
area_type = "town"
boundary_year = 2024
columns = { code = "town", name = "town_name" }
dissolve = { area_type = "box", boundary_year = 2021 }
member_column = "box"

[[lookups]]
source = "wide"
kind = "within"
from = { area_type = "box", boundary_year = 2021, column = "c" }
to = { area_type = "row", boundary_year = 2021, column = "n", by = "name", drop_last = 1 }

[[lookups]]
source = "belongs"
kind = "within"
from = { area_type = "box", boundary_year = 2021, column = "box" }
to = { area_type = "town", boundary_year = 2024, column = "town" }

[[lookups]]
source = "belongs"
kind = "best fit"
from = { area_type = "box", boundary_year = 2021, column = "box" }
to = { area_type = "ward", boundary_year = 2025, column = "ward" }
fill = "overlap"

[[populations]]
source = "people"
area_type = "box"
boundary_year = 2021
period = "2021"
columns = { code = "code" }
single_years_to = 4
group_from = [0, 2, 4]

[[centroids]]
area_type = "box"
boundary_year = 2021
from_postcodes = true

[[postcodes]]
source = "post"
columns = { postcode = "column_1", lon = "column_3", lat = "column_4" }
unless = { column_2 = 90 }

[[indicators]]
code = "poverty"
name = "Poverty"
unit = "%"
measure = "share"
polarity = "high is bad"
aggregate = "mean"
denominator = { people_from = 2 }
source = "poverty"
area_type = "box"
boundary_year = 2021
period = "2021"
columns = { code = "code", value = "poverty" }
country_from_rows = true
"""


def draw(code: str, name: str, column: int, row: int, wide: int = 1) -> dict[str, Any]:
    """Return an area of the grid as a feature."""
    west, south, east, north = -2 + column * SIDE, 50 + row * SIDE, -2 + (column + wide) * SIDE, 0.0
    north = south + SIDE
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}
    return {"type": "Feature", "properties": {"c": code, "n": name}, "geometry": geometry}


def write_collection(folder: Path, file: str, features: list[dict[str, Any]]) -> None:
    """Write features as GeoJSON."""
    collection = {"type": "FeatureCollection", "features": features}
    (folder / file).write_text(json.dumps(collection))


def write_table(folder: Path, file: str, *rows: list[str]) -> None:
    """Write rows as CSV."""
    with (folder / file).open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)


def write_files(folder: Path) -> None:
    """Write a grid of 4 by 3 boxes inside one of 8 by 7: three rows, three wards, two towns."""
    inside = [(i % 4, i // 4) for i in range(12)]
    around = [(x, y) for y in range(-2, 5) for x in range(-2, 6) if (x, y) not in inside]
    boxes = [
        draw(code, f"Row {y + 1}{'ABCD'[x]}", x, y)
        for code, (x, y) in zip(CODES, inside, strict=True)
    ]
    outside = [f"M{number:02}" for number in range(len(around))]
    boxes += [draw(code, f"{code}X", *place) for code, place in zip(outside, around, strict=True)]
    write_collection(folder, "wide.geojson", boxes)
    write_collection(
        folder, "rows.geojson", [draw(f"R{y + 1}", f"Row {y + 1}", 0, y, 4) for y in range(3)]
    )
    # The northern row's ward was cut in two after the lookup was made: its eastern half is new.
    write_collection(
        folder, "wards.geojson",
        [draw("W1", "South", 0, 0, 4), draw("W2", "Middle", 0, 1, 4), draw("W3", "North", 0, 2, 2),
         draw("W4", "New", 2, 2, 2)],
    )  # fmt: skip
    belongs = [
        [code, f"W{i // 4 + 1}", "T1" if i < 6 else "T2", "Onetown" if i < 6 else "Twotown"]
        for i, code in enumerate(CODES)
    ]
    write_table(folder, "belongs.csv", ["box", "ward", "town", "town_name"], *belongs)
    write_table(folder, "friendly.csv", ["code", "called"], ["R1", "Riverside"], ["R9", "Nowhere"])
    everybody = [*CODES, *outside]
    people = [[code, "10", "20", "30", "40", "300"] for code in everybody]
    write_table(folder, "people.csv", ["code", "0", "1", "2", "3", "4+"], *people)
    poverty = [[code, "20" if code in CODES else "5"] for code in everybody]
    write_table(folder, "poverty.csv", ["code", "poverty"], *poverty)
    spots = [["AA1 1AA", "10", "-1.998", "50.002"], ["AA1 1AB", "10", "-1.996", "50.004"],
             ["AA1 1AC", "90", "0", "0"], ["AA9 9AA", "10", "-1.9", "50.2"]]  # fmt: skip
    write_table(folder, "post.csv", *spots)


FILES = {
    "wide": "wide.geojson", "rows": "rows.geojson", "wards": "wards.geojson",
    "belongs": "belongs.csv", "friendly": "friendly.csv", "people": "people.csv",
    "poverty": "poverty.csv", "post": "post.csv",
}  # fmt: skip


def write_manifest(folder: Path, tables: str = TABLES) -> None:
    """Write the manifest of the files as they lie there."""
    sources = ""
    for key, file in FILES.items():
        checksum = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        sources += (
            f'\n[sources.{key}]\ntitle = "{key}"\nlicence = "CC0-1.0"\nvintage = "2021"\n'
            f'file = "{file}"\nsha256 = "{checksum}"\n'
        )
        sources += "header_row = 0\n" if key == "post" else ""
    (folder / "pack.toml").write_text(f"{HEAD}{sources}{tables}")


async def load_written(database: Database, folder: Path) -> LoadReport:
    """Load the place as it was written."""

    async def ignore(_step: str, _done: int, _total: int | None) -> None:
        pass

    return await load_pack(database, folder, ignore)


async def load(database: Database, folder: Path, tables: str = TABLES) -> LoadReport:
    """Write the place and load it."""
    write_files(folder)
    write_manifest(folder, tables)
    return await load_written(database, folder)


async def ask(database: Database, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    async with database.sessions() as session:
        return [tuple(row) for row in await session.execute(text(query))]


AREAS = "areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id"


async def test_the_list_makes_the_study_area_and_the_rest_near_it_the_margin(
    database: Database, tmp_path: Path
) -> None:
    """900 m reach the boxes next to the place (1.1 km high, 0.7 km wide) and two to the sides."""
    await load(database, tmp_path)
    inside = await ask(database, f"SELECT code FROM {AREAS} WHERE in_study_area AND area_type = 'box' ORDER BY 1")  # fmt: skip # noqa: E501, S608
    assert [code for (code,) in inside] == CODES
    count = await ask(database, "SELECT count(*) FROM areas WHERE NOT in_study_area")
    assert count == [(8 * 5 - 12,)]


async def test_larger_areas_are_made_of_smaller_ones(database: Database, tmp_path: Path) -> None:
    await load(database, tmp_path)
    query = f"""
        SELECT a.code, a.name, a.people, round(a.area_ha::numeric), (
            SELECT round(sum(s.area_ha)::numeric) FROM areas AS s
            JOIN area_lookups AS l ON l.from_area_id = s.id WHERE l.to_area_id = a.id)
        FROM {AREAS} WHERE area_type = 'town' ORDER BY 1
    """  # noqa: S608
    first, second = await ask(database, query)
    assert first[:3] == ("T1", "Onetown", 6 * 400)
    assert second[:3] == ("T2", "Twotown", 6 * 400)
    assert first[3] == first[4]


async def test_names_come_from_another_file_and_lookups_still_go_by_the_old(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path)
    rows = await ask(database, f"SELECT code, name, people FROM {AREAS} WHERE area_type = 'row' ORDER BY 1")  # fmt: skip # noqa: E501, S608
    assert rows == [("R1", "Riverside", 1600), ("R2", "Row 2", 1600), ("R3", "Row 3", 1600)]


async def test_a_ward_that_the_lookup_lacks_gets_the_areas_that_overlap_it_most(
    database: Database, tmp_path: Path
) -> None:
    report = await load(database, tmp_path)
    query = """
        SELECT f.code, t.code, l.method FROM area_lookups AS l
        JOIN areas AS f ON f.id = l.from_area_id JOIN areas AS t ON t.id = l.to_area_id
        WHERE l.kind = 'best fit' AND t.code IN ('W3', 'W4') ORDER BY 1
    """
    assert await ask(database, query) == [
        ("A09", "W3", None),
        ("A10", "W3", None),
        ("A11", "W4", "largest overlap, derived"),
        ("A12", "W4", "largest overlap, derived"),
    ]
    told = [each for each in report.findings if "worked out largest overlap" in each.sentence]
    assert [(each.count, each.examples) for each in told] == [(2, ["A11 to W4", "A12 to W4"])]


async def test_fine_ages_are_added_up_to_the_bands_asked_for(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path)
    query = """
        SELECT age_from, age_to, p.people FROM area_populations AS p
        JOIN areas AS a ON a.id = p.area_id WHERE a.code = 'A01' ORDER BY 1
    """
    assert await ask(database, query) == [(0, 1, 30), (2, 3, 70), (4, None, 300)]


async def test_centres_are_the_mean_of_the_postcodes_inside_and_say_so(
    database: Database, tmp_path: Path
) -> None:
    report = await load(database, tmp_path)
    query = """
        SELECT round(ST_X(centroid)::numeric, 4)::float, round(ST_Y(centroid)::numeric, 4)::float,
               centroid_method
        FROM areas WHERE code IN ('A01', 'A02') ORDER BY code
    """
    first, second = await ask(database, query)
    assert first == (-1.997, 50.003, "derived: mean of 2 postcodes inside")
    assert second[2] == "point on surface"
    assert await ask(database, "SELECT postcode FROM postcodes ORDER BY 1") == [
        ("AA11AA",),
        ("AA11AB",),
    ]
    left_out = [each for each in report.findings if each.sentence.startswith("Postcodes left out")]
    assert [each.examples for each in left_out] == [["AA9 9AA"]]


async def test_larger_areas_and_the_country_are_weighted_by_the_people_meant(
    database: Database, tmp_path: Path
) -> None:
    """Every box has 370 people of 2 and over; the country is all 56 boxes of the file."""
    await load(database, tmp_path)
    values = """
        SELECT v.value FROM indicator_values AS v JOIN indicator_series AS s ON s.id = v.series_id
        JOIN boundary_sets AS b ON b.id = s.boundary_set_id WHERE b.area_type = 'town' ORDER BY 1
    """
    assert await ask(database, values) == [(20.0,), (20.0,)]
    ((value, method),) = await ask(database, "SELECT value, method FROM indicator_comparators")
    assert value == pytest.approx((12 * 20 + 44 * 5) / 56)
    assert method == "worked out: mean by people aged 2 and over of the 56 areas in the file"


async def test_a_lookup_that_leaves_out_areas_is_refused_unless_that_is_meant(
    database: Database, tmp_path: Path
) -> None:
    tables = TABLES.replace(
        '\n[[lookups]]\nsource = "belongs"\nkind = "within"',
        '\n[[lookups]]\nsource = "belongs"\nwhere = { town = "T1" }\nkind = "within"',
    )
    with pytest.raises(PackProblem) as caught:
        await load(database, tmp_path, tables)
    said = str(caught.value)
    assert "belongs.csv (box 2021 within town 2024) leaves out 6 of 12 areas, such as A07" in said
    assert 'fill = "overlap"' in said
    await load(
        database, tmp_path, re.sub(r'(where = \{ town = "T1" \})', r"\1\npartial = true", tables)
    )
    assert await ask(database, "SELECT count(*) FROM packs") == [(1,)]


async def test_bands_in_words_are_numbers_in_the_manifest(
    database: Database, tmp_path: Path
) -> None:
    start = TABLES.index("[[populations]]")
    end = TABLES.index("[[centroids]]")
    table = """[[populations]]
source = "people"
area_type = "box"
boundary_year = 2021
period = "2021"
columns = { code = "code", people = "people", age = "age" }
bands = { "Up to 1" = [0, 1], "2 and over" = [2] }

"""
    write_files(tmp_path)
    rows = [
        [code, age, count]
        for code in CODES
        for age, count in (("Up to 1", "100"), ("2 and over", "300"))
    ]
    write_table(tmp_path, "people.csv", ["code", "age", "people"], *rows)
    write_manifest(tmp_path, TABLES[:start] + table + TABLES[end:])
    await load_written(database, tmp_path)
    query = """
        SELECT age_from, age_to, p.people FROM area_populations AS p
        JOIN areas AS a ON a.id = p.area_id WHERE a.code = 'A01' ORDER BY 1
    """
    assert await ask(database, query) == [(0, 1, 100), (2, None, 300)]


async def test_a_larger_area_with_a_part_of_unknown_people_has_none(
    database: Database, tmp_path: Path
) -> None:
    """403 people of three boxes would pass for those of the four in the row."""
    write_files(tmp_path)
    lines = (tmp_path / "people.csv").read_text().splitlines()
    (tmp_path / "people.csv").write_text("\n".join(line for line in lines if line[:3] != "A01"))
    write_manifest(tmp_path)
    await load_written(database, tmp_path)
    rows = await ask(
        database,
        "SELECT code, people FROM areas WHERE code IN ('R1', 'R2', 'T1', 'T2') ORDER BY 1",
    )
    assert rows == [("R1", None), ("R2", 1600), ("T1", None), ("T2", 2400)]


async def test_a_name_of_two_areas_leads_to_neither(database: Database, tmp_path: Path) -> None:
    write_files(tmp_path)
    rows = json.loads((tmp_path / "rows.geojson").read_text())
    rows["features"][1]["properties"]["n"] = "Row 1"
    (tmp_path / "rows.geojson").write_text(json.dumps(rows))
    write_manifest(tmp_path)
    with pytest.raises(PackProblem) as caught:
        await load_written(database, tmp_path)
    assert "'n' is 'Row 1', the name of several areas; use their codes" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'dissolve = { area_type = "box", boundary_year = 2021 }',
            'dissolve = { area_type = "town", boundary_year = 2024 }',
            "town 2024 is dissolved from itself",
        ),
        ("single_years_to = 4", "single_years_to = 4\nbands = { a = [0, 9], b = [9] }", "overlap"),
        (
            "single_years_to = 4\ngroup_from = [0, 2, 4]",
            'bands = { "0" = [0, 3], "4+" = [4] }\ngroup_from = [0, 2, 4]',
            "`group_from` cuts the band that begins at 0 in two",
        ),
        ("{ people_from = 2 }", "{}", "needs `people_from`, `people_to` or both; or `indicator`"),
        ("margin_m = 900", "margin_m = 0", r"is a margin, and `study_area.margin_m` is 0"),
    ],
)
async def test_what_cannot_be_meant_is_refused_before_anything_is_read(
    database: Database, tmp_path: Path, old: str, new: str, said: str
) -> None:
    write_files(tmp_path)
    write_manifest(tmp_path)
    path = tmp_path / "pack.toml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(PackProblem, match=said):
        await load_written(database, tmp_path)


async def test_ages_of_rows_that_overlap_are_told(database: Database, tmp_path: Path) -> None:
    start, end = TABLES.index("[[populations]]"), TABLES.index("[[centroids]]")
    table = """[[populations]]
source = "people"
area_type = "box"
boundary_year = 2021
period = "2021"
columns = { code = "code", people = "people", age_from = "from", age_to = "to" }

"""
    write_files(tmp_path)
    bands = (("0", "64", "100"), ("60", "", "300"))
    rows = [[code, *band] for code in CODES for band in bands]
    write_table(tmp_path, "people.csv", ["code", "from", "to", "people"], *rows)
    write_manifest(tmp_path, TABLES[:start] + table + TABLES[end:])
    with pytest.raises(PackProblem) as caught:
        await load_written(database, tmp_path)
    assert "people.csv: the ages of A01 overlap: 0 to 64, and from 60" in str(caught.value)


async def test_a_checksum_that_is_not_known_yet_is_told(database: Database, tmp_path: Path) -> None:
    write_files(tmp_path)
    write_manifest(tmp_path)
    path = tmp_path / "pack.toml"
    checksum = hashlib.sha256((tmp_path / "post.csv").read_bytes()).hexdigest()
    path.write_text(path.read_text().replace(checksum, "..."))
    with pytest.raises(PackProblem, match=checksum):
        await load_written(database, tmp_path)
