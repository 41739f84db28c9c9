"""The real region's files, read where they lie: mended, told, and in the right place."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import text

from app.areas.service import read_area, read_postcode
from app.core.database import Database
from app.packs.service import load_pack

HEAD = """
name = "region"
title = "Cheshire and Merseyside"
projected_crs = "EPSG:27700"
time_zone = "Europe/London"
languages = ["en-GB"]
postcode_ending = 3
area_types = [
    { code = "lsoa", name = "neighbourhood", plural = "neighbourhoods", position = 1 },
    { code = "msoa", name = "district", plural = "districts", position = 2, publishing = true },
]
"""

BOUNDARIES = """
area_type = "{kind}"
boundary_year = {year}
columns = {{ code = "{code}", name = "{name}" }}
"""

CHANGES = """
kind = "change"
from = { area_type = "lsoa", boundary_year = 2011, column = "lsoa11_code" }
to = { area_type = "lsoa", boundary_year = 2021, column = "lsoa21_code" }
columns = { change = "change_code" }
"""

POSTCODES = """
columns = { postcode = "column_1", lon = "column_3", lat = "column_4" }
"""


async def ignore(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


def write_entry(folder: Path, table: str, source: Path, rest: str, reading: str = "") -> str:
    """Link a file into the pack's folder and return its source and entry in the manifest."""
    (folder / source.name).symlink_to(source)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    key = source.name.split(".")[0]
    return (
        f'\n[sources.{key}]\ntitle = "ONS and Ordnance Survey"\nlicence = "OGL v3"\n'
        f'vintage = "various"\nfile = "{source.name}"\nsha256 = "{sha256}"\n{reading}'
        f'\n[[{table}]]\nsource = "{key}"\n{rest}'
    )


def write_region(folder: Path, realdata: Path) -> None:
    """Write a pack of the region's neighbourhoods, districts, lookup and Liverpool's postcodes."""
    manifest = HEAD
    for kind, year, code, name in (
        ("lsoa", 2011, "LSOA11CD", "LSOA11NM"),
        ("lsoa", 2021, "LSOA21CD", "LSOA21NM"),
        ("msoa", 2021, "MSOA21CD", "MSOA21NM"),
    ):
        source = realdata / f"boundaries/{kind}{year}_cheshire_merseyside.geojson.gz"
        rest = BOUNDARIES.format(kind=kind, year=year, code=code, name=name)
        manifest += write_entry(folder, "boundaries", source, rest)
    lookup = realdata / "lookups/lookup_lsoa11_lsoa21_ltla22.csv.gz"
    manifest += write_entry(folder, "lookups", lookup, CHANGES)
    postcodes = realdata / "postcodes/codepoint_open_2014_l.csv.gz"
    manifest += write_entry(folder, "postcodes", postcodes, POSTCODES, 'crs = "EPSG:27700"\n')
    (folder / "pack.toml").write_text(manifest)


@pytest.mark.realdata
async def test_the_region_loads_with_its_oddities_mended_and_told(
    database: Database, realdata: Path, tmp_path: Path
) -> None:
    write_region(tmp_path, realdata)
    report = await load_pack(database, tmp_path, ignore)
    files = {file.file.split(".")[0]: file for file in report.files}
    assert files["lsoa2011_cheshire_merseyside"].accepted == 1562
    assert files["lsoa2021_cheshire_merseyside"].accepted == 1601
    assert files["msoa2021_cheshire_merseyside"].accepted == 325
    assert files["msoa2021_cheshire_merseyside"].repaired == 1
    findings = {finding.sentence: finding for finding in report.findings}
    # The lookup is England's and Wales's, the outlines the region's.
    lookup = files["lookup_lsoa11_lsoa21_ltla22"]
    assert lookup.outside > 30_000
    assert lookup.accepted > 1601
    assert lookup.rejected == 0
    # It has no weights, so what was split is shared out, and the load says how.
    split = next(each for each in findings if each.startswith("Lookup lsoa 2011 change lsoa 2021"))
    assert "rows worked out by the surface of each part" in split
    assert findings[split].count > 0
    assert "Areas whose lookup weights do not add up to 1:" not in findings
    # Code-Point's area L reaches beyond the region.
    assert findings["Postcodes left out, since they lie outside the place and its margin:"].count
    async with database.sessions() as session:
        invalid = text("SELECT count(*) FROM areas WHERE NOT ST_IsValid(boundary)")
        assert (await session.scalars(invalid)).one() == 0
        # Liverpool Central Library.
        library = await read_postcode(session, "l38ew")
        assert library.postcode == "L3 8EW"
        assert library.location.lon == pytest.approx(-2.980, abs=0.01)
        assert [area.name[:9] for area in library.areas] == ["Liverpool", "Liverpool"]
        assert library.areas[0].boundary_year == 2021
        code = library.areas[0].code
        read = await read_area(session, "lsoa", code, None)
        assert {change.area.boundary_year for change in read.came_from} == {2011}
