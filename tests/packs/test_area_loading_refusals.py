"""What would mislead is refused, or left unknown, before it does."""

import hashlib
import json
from pathlib import Path

import pytest

from app.core.database import Database
from app.packs.manifest import PackProblem
from tests.packs.worked_out import (
    CODES,
    TABLES,
    ask,
    load_written,
    write_files,
    write_manifest,
    write_table,
)


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
