"""What a manifest can have worked out: margins, larger areas, names, weights, age bands."""

import re
from pathlib import Path

import pytest

from app.core.database import Database
from app.packs.manifest import PackProblem
from tests.packs.worked_out import (
    CODES,
    TABLES,
    ask,
    load,
    load_written,
    write_files,
    write_manifest,
    write_table,
)

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


async def test_a_country_has_one_value_of_a_file_of_two_levels(
    database: Database, tmp_path: Path
) -> None:
    """The file tells of the larger areas as well; the first level makes the country."""
    write_files(tmp_path)
    kinds = [[code, "20", "box"] for code in CODES] + [[f"R{n}", "50", "row"] for n in (1, 2, 3)]
    write_table(tmp_path, "poverty.csv", ["code", "poverty", "kind"], *kinds)
    level = 'area_type = "box"\nboundary_year = 2021\nperiod'
    start = TABLES.index("[[indicators]]")
    levels = """levels = [
    { area_type = "box", boundary_year = 2021, where = { kind = "box" } },
    { area_type = "row", boundary_year = 2021, where = { kind = "row" } },
]
period"""
    write_manifest(tmp_path, TABLES[:start] + TABLES[start:].replace(level, levels))
    await load_written(database, tmp_path)
    assert await ask(database, "SELECT code, value FROM indicator_comparators") == [("ALL", 20.0)]


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
