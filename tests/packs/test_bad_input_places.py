"""Places of other countries and shapes, as strangers write them: loaded, or told what is wrong."""

import hashlib
import io
import json
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyogrio
import pytest
import shapely
from openpyxl import Workbook
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from app.core.database import Database
from app.core.settings import Settings
from app.geo.crs import reproject, wgs84
from app.packs.manifest import PackProblem
from app.packs.service import load_pack
from tests.conftest import ignore_progress, open_client
from tests.packs.small_pack import of, told, write_csv

TYPES = 'area_types = [{ code = "tract", name = "tract", plural = "tracts", position = 1 }]'
TWO_TYPES = TYPES.replace(
    "]",
    ', { code = "county", name = "county", plural = "counties", position = 2, publishing = true }]',
)
BOUNDARY = """
[[boundaries]]
source = "{source}"
area_type = "{kind}"
boundary_year = 2020
columns = {{ code = "{code}", name = "{name}" }}
"""
WITHIN = """
[[lookups]]
source = "tracts"
kind = "within"
from = { area_type = "tract", boundary_year = 2020, column = "GEOID" }
to = { area_type = "county", boundary_year = 2020, column = "COUNTY" }
"""
PEOPLE = """
[[populations]]
source = "acs"
area_type = "tract"
boundary_year = 2020
period = "2020"
columns = { code = "geoid", people = "total" }
"""
INDICATOR = """
[[indicators]]
source = "acs"
code = "income"
name = "Median income"
unit = "dollars"
measure = "other"
polarity = "high is good"
area_type = "tract"
boundary_year = 2020
period = "2020"
columns = { code = "geoid", value = "income" }
"""


class Place:
    """A place in a folder: a manifest, and a source for every file that is put there."""

    def __init__(self, folder: Path, crs: str, zone: str, tables: str) -> None:
        self.folder = folder
        self._head = (
            f'name = "somewhere"\ntitle = "Somewhere"\nprojected_crs = "{crs}"\n'
            f'time_zone = "{zone}"\nlanguages = ["en"]\n'
        )
        self._tables = tables
        self._files: dict[str, str] = {}

    def put(self, key: str, file: str, content: bytes, hints: str = "") -> None:
        """Write a file and its source, in place of what was there."""
        (self.folder / file).write_bytes(content)
        self._files[key] = (
            f'\n[sources.{key}]\ntitle = "{key}"\nlicence = "CC0-1.0"\nvintage = "2020"\n'
            f'file = "{file}"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n{hints}\n'
        )

    def write(self) -> None:
        """Write the manifest."""
        written = f"{self._head}{TYPES_OF[self._tables.count('county') > 0]}\n"
        manifest = written + "".join(self._files.values()) + self._tables
        (self.folder / "pack.toml").write_text(manifest, encoding="utf-8")


TYPES_OF = {False: TYPES, True: TWO_TYPES}


def squares(west: float, south: float, count: int) -> list[BaseGeometry]:
    """Return squares of a hundredth of a degree, side by side."""
    return [
        shapely.box(west + i * 0.01, south, west + (i + 1) * 0.01, south + 0.01)
        for i in range(count)
    ]


def write_features(shapes: list[BaseGeometry], rows: list[dict[str, Any]]) -> bytes:
    """Return GeoJSON of areas with their properties."""
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape, row in zip(shapes, rows, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


async def read(database: Database, settings: Settings, path: str) -> httpx.Response:
    """Return what the service answers."""
    async with open_client(database, settings) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


def write_arkansas(folder: Path, code: type) -> Place:
    """Return two counties of ten tracts in all, codes as text or as numbers."""
    place = Place(folder, "EPSG:26915", "America/Chicago", BOUNDARY.format(
        source="tracts", kind="tract", code="GEOID", name="NAME") + BOUNDARY.format(
        source="counties", kind="county", code="GEOID", name="NAME") + WITHIN + PEOPLE)  # fmt: skip
    tracts = [f"{'05001' if i < 5 else '05003'}{9500 + i:04}00" for i in range(10)]
    rows = [{"GEOID": code(t), "NAME": f"Tract {t}", "COUNTY": code(t[:5])} for t in tracts]
    shapes = squares(-92.5, 34.5, 10)
    place.put("tracts", "tracts.geojson", write_features(shapes, rows))
    counties = [shapely.union_all(shapes[:5]), shapely.union_all(shapes[5:])]
    named = [{"GEOID": code(c), "NAME": f"County {c}"} for c in ("05001", "05003")]
    place.put("counties", "counties.geojson", write_features(counties, named))
    return place


def write_people(place: Place, tracts: list[str]) -> None:
    """Add a population file of these codes, and write the manifest."""
    rows = [["geoid", "total", "income"], *([t, "4000", "52000"] for t in tracts)]
    place.put("acs", "acs.csv", write_csv(rows).encode())
    place.write()


async def test_codes_that_lost_their_leading_zero_are_told(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    full = [f"{'05001' if i < 5 else '05003'}{9500 + i:04}00" for i in range(10)]
    place = write_arkansas(tmp_path, str)
    write_people(place, [code.lstrip("0") for code in full])
    with pytest.raises(PackProblem) as caught:
        await load_pack(database, tmp_path, ignore_progress)
    assert "acs.csv: not one row could be used" in str(caught.value)
    assert (
        "Row 2: 'geoid' is '5001950000', and the area is '05001950000': a zero at the beginning "
        "was lost, as spreadsheets do; write codes in full."
    ) in str(caught.value)
    place = write_arkansas(tmp_path, int)
    write_people(place, full)
    with pytest.raises(PackProblem) as caught:
        await load_pack(database, tmp_path, ignore_progress)
    assert (
        "Row 2: 'geoid' is '05001950000', and the boundary file has '5001950000': there a zero at "
        "the beginning was lost, as spreadsheets do; write codes in full."
    ) in str(caught.value)
    write_people(write_arkansas(tmp_path, str), full)
    report = await load_pack(database, tmp_path, ignore_progress)
    assert report.findings == []
    page = await read(database, settings, "/api/v1/areas?type=county")
    assert [(each["code"], each["people"]) for each in page.json()["items"]] == [
        ("05001", 20_000), ("05003", 20_000),
    ]  # fmt: skip


async def test_codes_that_are_numbers_in_every_file_are_the_same_codes(
    database: Database, tmp_path: Path
) -> None:
    place = write_arkansas(tmp_path, float)
    write_people(place, [f"500{1 if i < 5 else 3}{9500 + i}00" for i in range(10)])
    report = await load_pack(database, tmp_path, ignore_progress)
    assert report.findings == []
    assert of(report, "acs.csv").accepted == 10


def zip_shapefile(folder: Path, shapes: list[BaseGeometry], crs: str, epsg: CRS) -> bytes:
    """Return a zipped shapefile of areas in a system of their own."""
    moved = reproject(np.array(shapes, dtype=object), wgs84(), epsg)
    codes = np.array([f"70{i:05}" for i in range(len(shapes))], dtype=object)
    names = np.array([f"Māngere {i}" for i in range(len(shapes))], dtype=object)
    pyogrio.raw.write(
        folder / "areas.shp", shapely.to_wkb(moved), [codes, names], ["SA2_CODE", "SA2_NAME"],
        driver="ESRI Shapefile", geometry_type="Polygon", crs=crs, encoding="UTF-8",
    )  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in sorted(folder.glob("areas.*")):
            archive.write(part, f"statsnz/{part.name}")
    return packed.getvalue()


async def test_a_place_of_the_south_in_a_shapefile_with_its_own_system(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "parts").mkdir()
    shapes = squares(174.7, -41.3, 6)
    content = zip_shapefile(tmp_path / "parts", shapes, "EPSG:27200", CRS("EPSG:27200"))
    place = Place(tmp_path, "EPSG:2193", "Pacific/Auckland", BOUNDARY.format(
        source="sa2", kind="tract", code="SA2_CODE", name="SA2_NAME"))  # fmt: skip
    place.put("sa2", "sa2.zip", content)
    place.write()
    report = await load_pack(database, tmp_path, ignore_progress)
    assert report.counts["areas"] == 6
    at = await read(database, settings, "/api/v1/areas/at?lon=174.725&lat=-41.295")
    assert [(each["code"], each["name"]) for each in at.json()] == [("7000002", "Māngere 2")]
    place.put("sa2", "sa2.zip", content, 'crs = "EPSG:32760"')
    place.write()
    with pytest.raises(PackProblem, match=r"sa2\.zip: The coordinates lie at longitude"):
        await load_pack(database, tmp_path, ignore_progress)


async def test_a_place_of_one_level_without_people_has_its_pages(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    place = Place(tmp_path, "EPSG:32633", "Europe/Rome", BOUNDARY.format(
        source="zones", kind="tract", code="id", name="id"))  # fmt: skip
    rows = [{"id": i} for i in range(1, 4)]
    place.put("zones", "zones.geojson", write_features(squares(12.5, 41.9, 3), rows))
    place.write()
    report = await load_pack(database, tmp_path, ignore_progress)
    assert report.counts["areas"] == 3
    assert report.findings == []
    assert "Somewhere" in (await read(database, settings, "/")).text
    areas = await read(database, settings, "/api/v1/areas?type=tract")
    assert [(each["code"], each["people"]) for each in areas.json()["items"]] == [
        ("1", None), ("2", None), ("3", None),
    ]  # fmt: skip
    for path in (
        "/sources", "/api/v1/areas/tract/2", "/api/v1/areas/tract/2/indicators",
        "/api/v1/areas/outlines?type=tract", "/api/v1/indicators", "/readyz",
    ):  # fmt: skip
        await read(database, settings, path)


def write_workbook(codes: list[Any], value: Any) -> bytes:  # noqa: ANN401 - any cell
    """Return a workbook as offices make them: titles over merged cells, blank rows, a footnote."""
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Cover"
    sheet = book.create_sheet("Table 2")
    sheet.append(["Income of households, 2020"])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(["geoid", "total", "income"])
    for index, code in enumerate(codes):
        sheet.append([code, 4000, 52000.5 + index if index else value])
        if index == 4:
            sheet.append([])
    sheet.append([])
    sheet.append(["Source: the office of statistics"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def test_a_workbook_with_titles_blank_rows_and_numbers_for_codes(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    rows = [{"id": str(100 + i), "n": f"Tract {i}"} for i in range(12)]
    place = Place(tmp_path, "EPSG:32633", "Europe/Rome", BOUNDARY.format(
        source="zones", kind="tract", code="id", name="n") + PEOPLE + INDICATOR)  # fmt: skip
    place.put("zones", "zones.geojson", write_features(squares(12.5, 41.9, 12), rows))
    book = write_workbook([100.0 + i for i in range(12)], 51234.5)
    place.put("acs", "acs.xlsx", book, 'sheet = "Table 2"')
    place.write()
    report = await load_pack(database, tmp_path, ignore_progress)
    assert told(report, "acs.xlsx") == []
    rows_of = "/api/v1/indicators/income/rows?area_type=tract"
    values = (await read(database, settings, rows_of)).json()["items"]
    assert {each["code"]: each["value"] for each in values} == {
        "100": 51234.5, **{str(100 + i): 52000.5 + i for i in range(1, 12)},
    }  # fmt: skip
    book = write_workbook([100 + i for i in range(12)], "51 234,5")
    place.put("acs", "acs.xlsx", book, 'sheet = "Table 2"')
    place.write()
    report = await load_pack(database, tmp_path, ignore_progress)
    assert any(
        row == 4 and "'income' is '51 234,5'; write a number with a point" in reason
        for row, reason in told(report, "acs.xlsx")
    )


HOSTILE = (
    "<script>alert(1)</script>", "\U0001f3de Parc \U0001f469\u200d\U0001f467", "حي السلام",
    'The "Old" Quarter', "O'Brien's & Sons", "'; DROP TABLE areas; --", "{{ 7*7 }}",
    '=HYPERLINK("http://x")', "\u202egnp.exe", "A" * 400,
)  # fmt: skip


async def test_names_of_any_writing_are_names_and_nothing_else(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    rows = [{"id": f"Z{i:02}", "n": name} for i, name in enumerate(HOSTILE)]
    place = Place(tmp_path, "EPSG:32633", "Europe/Rome", BOUNDARY.format(
        source="zones", kind="tract", code="id", name="n"))  # fmt: skip
    place.put("zones", "zones.geojson", write_features(squares(12.5, 41.9, len(HOSTILE)), rows))
    place.write()
    report = await load_pack(database, tmp_path, ignore_progress)
    assert report.counts["areas"] == len(HOSTILE)
    areas = (await read(database, settings, "/api/v1/areas?type=tract")).json()["items"]
    assert [each["name"] for each in areas] == list(HOSTILE)
    page = (await read(database, settings, "/areas")).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    shown = unescape(page)
    assert [name for name in HOSTILE if name not in shown] == []
