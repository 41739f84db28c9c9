"""Outlines, codes, points and lookups that are wrong: told by row, value and remedy."""

import copy
from pathlib import Path
from typing import Any

import pytest

from app.core.database import Database
from app.packs.service import load_pack
from tests.packs.small_pack import (
    CODES,
    SmallPack,
    ignore,
    load_good,
    of,
    read_people,
    refuse,
    told,
)

AREA = "outside the area of EPSG:32630 (longitude -6.0 to 0.0, latitude 0.0 to 84.0)"


def rings(pack: SmallPack, file: str) -> list[Any]:
    """Return the outlines of a file, to be changed."""
    return [each["geometry"]["coordinates"][0] for each in pack.features[file]]


def turn(pack: SmallPack, files: tuple[str, ...], x_factor: int, y_factor: int) -> None:
    """Change the signs of all coordinates."""
    for file in files:
        for ring in rings(pack, file):
            ring[:] = [[x * x_factor, y * y_factor] for x, y in ring]


async def test_outlines_that_are_missing_empty_or_no_area_are_told_by_row(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    good = copy.deepcopy(pack.features["old.geojson"])
    point = {"type": "Point", "coordinates": [-1.985, 50.015]}
    line = {"type": "Polygon", "coordinates": [[[-2, 50], [-1.9, 50], [-2, 50]]]}
    again = "; draw it again, or leave it out"
    for geometry, said in (
        (None, f"'A0005' has no boundary{again}"),
        ({"type": "Polygon", "coordinates": []}, f"'A0005' has no boundary{again}"),
        (point, f"'A0005' is a point, not an area{again}"),
        (line, f"'A0005' is a polygon, not an area{again}"),
    ):
        pack.features["old.geojson"] = copy.deepcopy(good)
        pack.features["old.geojson"][4]["geometry"] = geometry
        # The lookup leads from an area less; that it does is told as well.
        pack.write()
        report = await load_pack(database, pack.folder, ignore)
        assert [row for row, _ in told(report, "old.geojson")] == [5]
        assert said in told(report, "old.geojson")[0][1]
        assert of(report, "old.geojson").accepted == 11
        found = {item.sentence: item.examples for item in report.findings}
        assert found == {
            "Areas that a lookup names and no boundary file holds:": ["box 2011 A0005"]
        }


async def test_an_outline_that_crosses_itself_is_mended_and_told(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    ring = rings(pack, "boxes.geojson")[2]
    ring[1], ring[2] = ring[2], ring[1]
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    assert [(item.row, item.reason[:26]) for item in of(report, "boxes.geojson").repairs] == [
        (3, "A0003: Self-intersection[-")
    ]
    assert of(report, "boxes.geojson").accepted == 12


async def test_a_missing_outline_that_a_lookup_needs_is_told(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    del pack.features["shelves.geojson"][1]
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    found = {item.sentence: item.examples for item in report.findings}
    assert found["Areas that a lookup names and no boundary file holds:"] == ["shelf 2021 S200"]


@pytest.mark.parametrize("x_factor", [1, -1])
@pytest.mark.parametrize("y_factor", [1, -1])
async def test_outlines_of_another_hemisphere_are_told_with_the_sign_to_change(
    database: Database, tmp_path: Path, x_factor: int, y_factor: int
) -> None:
    pack = await load_good(database, tmp_path)
    if (x_factor, y_factor) == (1, 1):
        for ring in rings(pack, "boxes.geojson"):
            ring[:] = [[y, x] for x, y in ring]
    turn(pack, ("boxes.geojson",), x_factor, y_factor)
    pack.write()
    remedy = {
        (1, 1): "the two axes look swapped; write the easting or longitude first.",
        (-1, 1): "the longitude looks to have the wrong sign; west of Greenwich it is negative.",
        (1, -1): "the latitude looks to have the wrong sign; south of the equator it is negative.",
        (-1, -1): "longitude and latitude both look to have the wrong sign.",
    }[x_factor, y_factor]
    said = await refuse(database, pack)
    assert said.startswith("boxes.geojson: The coordinates lie at longitude ")
    assert AREA in said
    assert said.endswith(remedy)


async def test_metres_that_pass_for_degrees_are_told(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    for ring in rings(pack, "boxes.geojson"):
        ring[:] = [[571_000 + x * 70_000, 5_540_000 + y * 111_000] for x, y in ring]
    pack.write()
    said = await refuse(database, pack)
    assert said.startswith("boxes.geojson: The coordinates lie at longitude 432")
    assert said.endswith("the file looks to be in another system than it says; state `crs`.")


async def test_one_outline_with_its_axes_swapped_is_left_out_and_told(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    ring = rings(pack, "old.geojson")[6]
    ring[:] = [[y, x] for x, y in ring]
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    ((row, reason),) = told(report, "old.geojson")
    assert row == 7
    assert reason.startswith("'A0007': The coordinates lie at longitude 50.0, latitude -2.0")
    assert reason.endswith("the two axes look swapped; write the easting or longitude first")
    assert of(report, "old.geojson").accepted == 11


async def test_one_corner_at_the_end_of_the_world_costs_its_area_only(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    for corner in ([1e30, 50.0], [-1.99, 1e9]):
        before = list(rings(pack, "old.geojson")[3][1])
        rings(pack, "old.geojson")[3][1][:] = corner
        pack.write()
        report = await load_pack(database, pack.folder, ignore)
        ((row, reason),) = told(report, "old.geojson")
        assert row == 4
        assert reason == (
            "'A0004' has coordinates that lie nowhere near the place; "
            "check that they are in WGS 84 (CRS84)"
        )
        rings(pack, "old.geojson")[3][1][:] = before


@pytest.mark.parametrize("file", ["post.csv", "middles.csv"])
async def test_points_with_swapped_axes_or_signs_are_told(
    database: Database, tmp_path: Path, file: str
) -> None:
    pack = await load_good(database, tmp_path)
    good = copy.deepcopy(pack.tables[file])
    pack.tables[file][1:] = [[name, y, x] for name, x, y in good[1:]]
    pack.write()
    said = await refuse(database, pack)
    assert said.startswith(f"{file}: The coordinates lie at longitude 50.0, latitude -2.0, {AREA}")
    assert "the two axes look swapped" in said
    pack.tables[file][1:] = [[name, x.lstrip("-"), y] for name, x, y in good[1:]]
    pack.write()
    assert "the longitude looks to have the wrong sign" in await refuse(database, pack)
    pack.tables[file] = good
    pack.tables[file][5][1:] = reversed(pack.tables[file][5][1:])
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    ((row, reason),) = told(report, file)
    assert row == 6
    assert "the two axes look swapped" in reason
    assert of(report, file).accepted == 11


async def test_postcodes_of_a_whole_country_are_no_mistake(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.tables["post.csv"] += [[f"ZZ{i} 9ZZ", str(20 + i / 10), "48.5"] for i in range(99)]
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    assert told(report, "post.csv") == []
    ((sentence, count),) = [(item.sentence, item.count) for item in report.findings]
    assert sentence.startswith("Postcodes left out, since they lie outside the place")
    assert count == 99


async def test_outlines_that_lie_over_each_other_are_told_by_how_much(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    rings(pack, "old.geojson")[9][:] = rings(pack, "old.geojson")[8]
    east = rings(pack, "old.geojson")[1]
    east[:] = [[x - 0.002, y] if x < -1.985 else [x, y] for x, y in east]
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    found = {item.sentence: item.examples for item in report.findings}
    assert found["Areas of one kind and year whose outlines overlap:"] == [
        "box 2011 A0001 and A0002 (20%)", "box 2011 Z0009 and Z0010 (100%)",
    ]  # fmt: skip


async def test_a_code_that_stands_twice_is_told_with_both_rows(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.features["boxes.geojson"].append(pack.features["boxes.geojson"][3])
    pack.tables["counts.csv"].append(pack.tables["counts.csv"][2])
    pack.tables["post.csv"].append(["ab111xy", "-1.99", "50.001"])
    pack.tables["middles.csv"].append(pack.tables["middles.csv"][1])
    pack.tables["people.csv"].append(["A0002", "0", "15", "7"])
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    assert told(report, "boxes.geojson") == [(13, "'A0004' stands in row 4 already; keep one")]
    assert told(report, "post.csv") == [(14, "'AB111XY' stands in row 3 already; keep one")]
    assert told(report, "middles.csv") == [(14, "'A0001' stands in row 2 already; keep one")]
    assert told(report, "people.csv") == [(26, "('A0002', 0) stands in row 4 already; keep one")]
    assert [row for row, _ in told(report, "counts.csv")] == [14, 14]
    assert "A0002 has a value of pupils for the same period" in told(report, "counts.csv")[0][1]
    assert "in row 3 already" in told(report, "counts.csv")[0][1]
    assert (await read_people(database))["A0002"] == 500


async def test_a_code_one_character_short_is_told(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    short = "is 'A001', an area's code with a character missing at its end or beginning; write it"
    for file, column, row in (("people.csv", "code", 21), ("middles.csv", "code", 11),
                              ("counts.csv", "code", 11)):  # fmt: skip
        pack.set(file, row, column, "A001")
    report = await load_pack(database, pack.folder, ignore)
    for file in ("people.csv", "middles.csv", "counts.csv"):
        assert short in told(report, file)[0][1]
    pack.set("on.csv", 11, "box", "A001")
    said = await refuse(database, pack)
    assert said.startswith("on.csv (box 2021 within shelf 2021) leaves out 1 of 12 areas, such as "
                           "A0010. Add them; or say `fill")  # fmt: skip


async def test_codes_that_are_all_short_are_refused(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    for row in pack.tables["people.csv"][1:]:
        row[0] = row[0][:-1] if row[0] != "A0010" else "A001"
    pack.write()
    said = await refuse(database, pack)
    assert said.startswith("people.csv: not one row could be used. Check `columns` and `where`")
    assert "Row 2: 'code' is 'A000', an area's code with a character missing" in said


async def test_codes_of_another_boundary_year_are_refused(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    swap = dict(zip(CODES[8:], ["Z0009", "Z0010", "Z0011", "Z0012"], strict=True))
    for file in ("people.csv", "middles.csv", "counts.csv"):
        good = copy.deepcopy(pack.tables[file])
        pack.tables[file] = [[swap.get(row[0], row[0]), *row[1:]] for row in good]
        pack.write()
        said = await refuse(database, pack)
        assert said == (
            f"{file}: its codes fit the areas of 2011 (100.0% of them) better than box 2021 "
            "(66.7%); 4 of them, such as Z0009, are no box 2021. Correct `boundary_year` in "
            "pack.toml."
        )
        pack.tables[file] = good


async def test_a_lookup_that_leaves_areas_out_is_refused(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    del pack.tables["on.csv"][3:6]
    pack.write()
    said = await refuse(database, pack)
    assert said == (
        "on.csv (box 2021 within shelf 2021) leaves out 3 of 12 areas, such as A0003, A0004, "
        'A0005. Add them; or say `fill = "overlap"`, and they go where they overlap most; or '
        "`partial = true`, and they belong nowhere."
    )


async def test_a_lookup_that_says_two_things_of_one_pair_is_told(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    pack.manifest = pack.manifest.replace(
        'column = "shelf" }', 'column = "shelf" }\ncolumns = { weight = "share" }'
    )
    rows = pack.tables["on.csv"]
    rows[:] = [[*row, "1" if row[0] != "box" else "share"] for row in rows]
    rows.append(["A0001", "S100", "0.5"])
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    assert told(report, "on.csv") == [(14, "A0001 to S100 stands twice, and differs; keep one")]
    rows[13] = ["A0001", "S200", "0.5"]
    pack.write()
    report = await load_pack(database, pack.folder, ignore)
    found = {item.sentence: item.examples for item in report.findings}
    assert found["Areas whose lookup weights do not add up to 1:"] == ["box 2021 A0001 1.5000"]


async def test_names_that_no_text_can_hold_are_told(database: Database, tmp_path: Path) -> None:
    pack = await load_good(database, tmp_path)
    for name in ("Box\x00 4",):
        pack.features["old.geojson"][4]["properties"]["n"] = name
        pack.write()
        report = await load_pack(database, pack.folder, ignore)
        ((row, reason),) = told(report, "old.geojson")
        assert row == 5
        assert reason == "'n' holds a character that is none; take it out, or write the name anew"
