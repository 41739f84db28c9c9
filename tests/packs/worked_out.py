"""A small invented place in which much is worked out; written to a folder, and loaded."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.core.database import Database
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
