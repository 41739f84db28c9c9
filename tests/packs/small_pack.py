"""A small invented place in a folder, to be spoilt one way at a time: twelve boxes, three shelves.

Twelve, so that one bad row is fewer than the tenth of a file that may be bad.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.packs.manifest import PackProblem
from app.packs.report import FileReport, LoadReport
from app.packs.service import load_pack

WEST, SOUTH, SIDE = -2.0, 50.0, 0.01
COLUMNS, LINES = 4, 3
CODES = [f"A{number:04}" for number in range(1, 13)]
OLD_CODES = [*CODES[:8], "Z0009", "Z0010", "Z0011", "Z0012"]
SHELVES = ["S100", "S200", "S300"]

HEAD = """
name = "twelve-boxes"
title = "Twelve boxes"
projected_crs = "EPSG:32630"
time_zone = "Europe/London"
languages = ["en-GB"]
postcode_ending = 3
area_types = [
    { code = "box", name = "box", plural = "boxes", position = 1 },
    { code = "shelf", name = "shelf", plural = "shelves", position = 2, publishing = true },
]
"""

SOURCE = """
[sources.{key}]
title = "{key}"
licence = "CC0-1.0"
vintage = "2021"
file = "{file}"
sha256 = "@{file}"
"""

TABLES = """
[[boundaries]]
source = "boxes"
area_type = "box"
boundary_year = 2021
columns = { code = "c", name = "n" }

[[boundaries]]
source = "old"
area_type = "box"
boundary_year = 2011
columns = { code = "c", name = "n" }

[[boundaries]]
source = "shelves"
area_type = "shelf"
boundary_year = 2021
columns = { code = "c", name = "n" }

[[lookups]]
source = "on"
kind = "within"
from = { area_type = "box", boundary_year = 2021, column = "box" }
to = { area_type = "shelf", boundary_year = 2021, column = "shelf" }

[[lookups]]
source = "became"
kind = "change"
from = { area_type = "box", boundary_year = 2011, column = "old" }
to = { area_type = "box", boundary_year = 2021, column = "new" }

[[populations]]
source = "people"
area_type = "box"
boundary_year = 2021
period = "2021"
columns = { code = "code", age_from = "age_from", age_to = "age_to", people = "people" }

[[centroids]]
source = "middles"
area_type = "box"
boundary_year = 2021
columns = { code = "code", lon = "x", lat = "y" }

[[postcodes]]
source = "post"
columns = { postcode = "p", lon = "x", lat = "y" }

[[indicators]]
source = "counts"
code = "pupils"
name = "Pupils"
unit = "pupils"
measure = "count"
polarity = "neither"
aggregate = "sum"
area_type = "box"
boundary_year = 2021
period = "2021"
columns = { code = "code", value = "pupils" }

[[indicators]]
source = "counts"
code = "poverty"
name = "Poverty"
unit = "%"
measure = "share"
polarity = "high is bad"
aggregate = "mean"
denominator = "people"
area_type = "box"
boundary_year = 2021
period = "2021"
columns = { code = "code", value = "poverty", lower = "low", upper = "high" }
least = 0
most = 100
"""

FILES = {
    "boxes": "boxes.geojson", "old": "old.geojson", "shelves": "shelves.geojson", "on": "on.csv",
    "became": "became.csv", "people": "people.csv", "middles": "middles.csv", "post": "post.csv",
    "counts": "counts.csv",
}  # fmt: skip

TOUCHED = (
    "area_types", "boundary_sets", "areas", "area_parts", "area_lookups", "area_populations",
    "postcodes", "backdrops", "indicators", "indicator_series", "indicator_values",
    "indicator_comparators", "categories", "category_closure", "organisations", "assets",
    "asset_sites", "record_sources", "revisions", "packs", "versions",
)  # fmt: skip
"""Every table that a load may change."""

BANDS = (["0", "15", "100"], ["16", "", "400"])

Ring = list[list[float]]


async def ignore(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


def draw_box(index: int, wide: int = 1) -> Ring:
    """Return the outline of one box of the grid, or of several side by side."""
    west = WEST + index % COLUMNS * SIDE
    south = SOUTH + index // COLUMNS * SIDE
    east, north = west + wide * SIDE, south + SIDE
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return [[round(x, 6), round(y, 6)] for x, y in ring]


def feature(code: str, name: str, ring: Ring) -> dict[str, Any]:
    """Return an area as a feature of GeoJSON."""
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"c": code, "n": name}, "geometry": geometry}


def write_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


class SmallPack:
    """The place in a folder, with what may be changed of it.

    Attributes:
        folder: Where it lies.
        manifest: Its manifest, with `@file` where a checksum goes.
        features: The outlines by file.
        tables: The rows of the CSV files, header included, by file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        sources = (SOURCE.format(key=key, file=file) for key, file in FILES.items())
        self.manifest = "\n".join([HEAD, *sources, TABLES])
        self.features = {
            "boxes.geojson": [feature(c, f"Box {i}", draw_box(i)) for i, c in enumerate(CODES)],
            "old.geojson": [feature(c, f"Box {i}", draw_box(i)) for i, c in enumerate(OLD_CODES)],
            "shelves.geojson": [
                feature(code, f"Shelf {i}", draw_box(i * COLUMNS, COLUMNS))
                for i, code in enumerate(SHELVES)
            ],
        }
        middles = [(WEST + (i % 4 + 0.5) * SIDE, SOUTH + (i // 4 + 0.5) * SIDE) for i in range(12)]
        points = [(f"{lon:.4f}", f"{lat:.4f}") for lon, lat in middles]
        numbered = list(enumerate(CODES))
        self.tables: dict[str, list[list[str]]] = {
            "on.csv": [["box", "shelf"], *([c, SHELVES[i // COLUMNS]] for i, c in numbered)],
            "became.csv": [["old", "new"], *([OLD_CODES[i], c] for i, c in numbered)],
            "people.csv": [
                ["code", "age_from", "age_to", "people"],
                *([c, *band] for _, c in numbered for band in BANDS),
            ],
            "middles.csv": [["code", "x", "y"], *([c, *points[i]] for i, c in numbered)],
            "post.csv": [["p", "x", "y"], *([f"AB{i + 10} 1XY", *points[i]] for i, _ in numbered)],
            "counts.csv": [
                ["code", "pupils", "poverty", "low", "high"],
                *([c, str(50 + i), str(10 + i), str(9 + i), str(12 + i)] for i, c in numbered),
            ],
        }  # fmt: skip
        self.write()

    def write(self, change: Callable[[str], str] = str) -> None:
        """Write every file anew, and the manifest as changed by `change`, checksums filled in."""
        for file, features in self.features.items():
            collection = {"type": "FeatureCollection", "features": features}
            (self.folder / file).write_text(json.dumps(collection), encoding="utf-8")
        for file, rows in self.tables.items():
            (self.folder / file).write_bytes(write_csv(rows).encode())
        self.write_manifest(change)

    def write_manifest(self, change: Callable[[str], str] = str) -> None:
        """Write the manifest with the checksums of the files as they lie there."""

        def checksum(match: re.Match[str]) -> str:
            path = self.folder / match[1]
            return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "0" * 64

        filled = re.sub(r"@([\w.-]+)", checksum, change(self.manifest))
        (self.folder / "pack.toml").write_text(filled, encoding="utf-8")

    def replace(self, file: str, content: bytes) -> None:
        """Put other bytes in place of a file, and write the manifest that describes them."""
        self.write()
        (self.folder / file).write_bytes(content)
        self.write_manifest()

    def set(self, file: str, row: int, column: str, cell: str) -> None:
        """Write one cell; rows as a spreadsheet counts them, the header being 1."""
        rows = self.tables[file]
        rows[row - 1][rows[0].index(column)] = cell
        self.write()


async def load_good(database: Database, folder: Path) -> SmallPack:
    """Return the small pack, loaded without a complaint."""
    pack = SmallPack(folder)
    report = await load_pack(database, folder, ignore)
    assert report.findings == []
    assert sum(each.rejected + each.repaired + each.outside for each in report.files) == 0
    return pack


async def dump(database: Database) -> dict[str, str]:
    """Return a checksum of every table that a load may change, its rows in a fixed order."""
    sums = {}
    async with database.sessions() as session:
        for table in TOUCHED:
            query = text(f"SELECT t::text FROM {table} AS t ORDER BY 1")  # noqa: S608 - our own
            rows = "\n".join(row[0] for row in await session.execute(query))
            sums[table] = hashlib.sha256(rows.encode()).hexdigest() if rows else ""
    return sums


async def refuse(database: Database, pack: SmallPack) -> str:
    """Return the sentences with which a load over a good one fails, once nothing has changed."""
    before = await dump(database)
    assert before["packs"]
    with pytest.raises(PackProblem) as caught:
        await load_pack(database, pack.folder, ignore)
    assert await dump(database) == before
    return str(caught.value)


async def read_people(database: Database) -> dict[str, int | None]:
    """Return people by area code, of the newest boundary year."""
    query = "SELECT code, people FROM areas JOIN boundary_sets AS s ON s.id = boundary_set_id"
    async with database.sessions() as session:
        rows = await session.execute(text(f"{query} WHERE boundary_year = 2021"))
        return {row.code: row.people for row in rows}


def of(report: LoadReport, file: str) -> FileReport:
    """Return the first report on a file."""
    return next(each for each in report.files if each.file == file)


def told(report: LoadReport, file: str) -> list[tuple[int, str]]:
    """Return row and reason of what was rejected of a file."""
    return [(item.row, item.reason) for each in report.files if each.file == file
            for item in each.rejections]  # fmt: skip
