"""Starting assets and organisations of the region, counted anew from their files by other means.

Where a row lies is worked out here from the published outlines and postcode files; nothing of the
service's own reading, placing or joining is used.
"""

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psycopg
import pytest
import shapely
from pyproj import Transformer

from tests.packs import test_cheshire_merseyside as whole
from tests.packs.test_cheshire_merseyside import AUTHORITIES, read_csv

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("cheshire-merseyside")]

region_template, region, table = whole.region_template, whole.region, whole.table

Table = psycopg.Connection[tuple[Any, ...]]
Point = tuple[float, float]

BY_AUTHORITY = """
    SELECT ar.code, count(*) FROM assets AS a
    JOIN asset_categories AS ac ON ac.asset_id = a.id
    JOIN categories AS c ON c.id = ac.category_id AND c.code = %s
    JOIN asset_sites AS s ON s.asset_id = a.id AND s.position = 0
    JOIN record_sources AS r ON (r.subject, r.subject_id) = ('asset', a.id) AND r.reason IS NULL
    JOIN areas AS ar ON ST_Intersects(ar.boundary, s.location) AND ar.in_study_area
    JOIN boundary_sets AS bs ON bs.id = ar.boundary_set_id AND bs.area_type = 'authority'
    WHERE r.source = %s GROUP BY ar.code"""

HOSPITAL = re.compile(
    r"^\s*(?!.*(TEAM|COVID|VIRTUAL| AT | - |, |^\s*ICC |^\s*AIRS ))"
    r"(?!\s*ROYAL LIVERPOOL CHILDRENS)(.*HOSPITAL|.*INFIRMARY|ABBEY HOSPITALS)\s*$"
)
WARM = ("Warm Welcome", "Sefton Council", "Sefton CVS", "St Helens Borough Council")


class Files(NamedTuple):
    """The open data, and where things lie by it.

    Attributes:
        folder: Of the files.
        tree: Outlines of the neighbourhoods.
        codes: The authority of each.
        postcodes: Points by postcode, those of 2014 before later ones.
    """

    folder: Path
    tree: shapely.STRtree
    codes: list[str]
    postcodes: dict[str, Point]

    def find_authorities(self, points: Iterable[Point | None]) -> list[str | None]:
        """Return the authority at each point; None outside the region."""
        given = list(points)
        found: list[str | None] = [None] * len(given)
        having = [index for index, point in enumerate(given) if point]
        geometries = shapely.points(np.array([given[index] for index in having]))
        for one, area in self.tree.query(geometries, predicate="intersects").T:
            found[having[one]] = self.codes[area]
        return found

    def tally(self, points: Iterable[Point | None]) -> Counter[str]:
        """Return how many points lie in each authority."""
        return Counter(code for code in self.find_authorities(points) if code)

    def read_sites(self, kind: str) -> list[dict[str, str]]:
        """Return the rows of a file of NHS sites."""
        return read_csv(self.folder / f"assets/nhs_{kind}_sites_great_britain_ahah_v5.csv.gz")


def read_plain(path: Path) -> list[list[str]]:
    """Return the rows of a compressed CSV file without a header."""
    return list(csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode(), newline="")))


def shorten(postcode: str) -> str:
    """Return a postcode in capitals without blanks."""
    return re.sub(r"\W", "", postcode).upper()


def read_postcodes(folder: Path) -> dict[str, Point]:
    """Return the points of Code-Point Open, and of NHS sites where it has none."""
    move = Transformer.from_crs(27700, 4326, always_xy=True)
    found: dict[str, Point] = {}
    for area in ("ch", "cw", "l", "m", "pr", "sk", "wa", "wn"):
        rows = read_plain(folder / f"postcodes/codepoint_open_2014_{area}.csv.gz")
        rows = [row for row in rows if row[1] != "90"]
        lon, lat = move.transform([float(r[2]) for r in rows], [float(r[3]) for r in rows])
        found |= {shorten(row[0]): (x, y) for row, x, y in zip(rows, lon, lat, strict=True)}
    for kind in ("gp", "pharmacy", "dentist", "hospital"):
        path = folder / f"assets/nhs_{kind}_sites_great_britain_ahah_v5.csv.gz"
        for row in read_csv(path):
            point = (float(row["Longitude"]), float(row["Latitude"]))
            found.setdefault(shorten(row["Postcode"]), point)
    return found


@pytest.fixture(scope="module")
def files(realdata: Path) -> Files:
    """The files, read once."""
    path = realdata / "boundaries/lsoa2021_cheshire_merseyside.geojson.gz"
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    outlines = [shapely.from_geojson(json.dumps(each["geometry"])) for each in features]
    codes = [each["properties"]["LADCD_ACTIVE"] for each in features]
    return Files(realdata, shapely.STRtree(outlines), codes, read_postcodes(realdata))


def served(table: Table, category: str, source: str) -> Counter[str]:
    """Return how many assets of a category and source there are in each authority."""
    return Counter(dict(table.execute(BY_AUTHORITY, [category, source]).fetchall()))


def lon_lat(rows: Iterable[dict[str, str]], lon: str, lat: str) -> Iterator[Point | None]:
    """Yield the rows' own points."""
    for row in rows:
        yield (float(row[lon]), float(row[lat])) if row[lon] else None


def test_schools(table: Table, files: Files) -> None:
    rows = [
        row
        for row in read_csv(files.folder / "assets/schools_gias_england_2025_05_24.csv.gz")
        if row["establishment_type_group"] != "Universities"
        and row["establishment_type"] != "Secure units"
    ]
    wanted = files.tally(lon_lat(rows, "longitude", "latitude"))
    assert wanted.total() == 1104
    assert served(table, "school", "Get Information about Schools") == wanted


def test_dentists(table: Table, files: Files) -> None:
    wanted = files.tally(lon_lat(files.read_sites("dentist"), "Longitude", "Latitude"))
    assert wanted.total() == 373
    assert served(table, "dentist", "AHAH dentists") == wanted


def test_pharmacies_of_one_postcode_are_told_apart(table: Table, files: Files) -> None:
    rows = [
        row
        for row in files.read_sites("pharmacy")
        for _ in {" ".join(part.split()).casefold() for part in row["Name"].split("|")}
    ]
    wanted = files.tally(lon_lat(rows, "Longitude", "Latitude"))
    assert wanted.total() > 524  # rows of the region, of which some hold two pharmacies
    assert served(table, "pharmacy", "AHAH pharmacies") == wanted


def test_hospitals_are_what_is_called_so(table: Table, files: Files) -> None:
    rows = files.read_sites("hospital")
    inside = files.find_authorities(lon_lat(rows, "Longitude", "Latitude"))
    here = [row for row, code in zip(rows, inside, strict=True) if code]
    assert len(here) == 1019
    called = [row for row in here if any(map(HOSPITAL.search, row["Name"].split("|")))]
    assert len([row for row in here if "AMBULANCE" in row["Name"] and row not in called]) == 42
    # Two postcodes are second entries of hospitals that stand elsewhere.
    called = [row for row in called if row["Postcode"] not in {"CW12LZ", "L392JW"}]
    wanted = files.tally(lon_lat(called, "Longitude", "Latitude"))
    assert wanted.total() == 51
    assert served(table, "hospital", "AHAH hospitals") == wanted
    names = table.execute("SELECT name FROM assets WHERE name ~* 'ambulance'").fetchall()
    assert names == []


def test_surgeries_are_the_practices_of_the_register(table: Table, files: Files) -> None:
    path = files.folder / "assets/nhs_epraccur_gp_practices_no_header.csv.gz"
    rows = [row for row in read_plain(path) if row[12] == "A" and row[25] == "4"]
    wanted = files.tally(files.postcodes.get(shorten(row[9])) for row in rows)
    assert served(table, "surgery", "NHS Organisation Data Service") == wanted
    codes = {row[0] for row in rows}
    kept = table.execute(
        "SELECT source_id FROM record_sources WHERE source = 'NHS Organisation Data Service'"
    )
    assert {row[0] for row in kept} <= codes


def test_libraries_are_open_static_and_of_the_nine(table: Table, files: Files) -> None:
    names = {name: code for code, (name, _) in AUTHORITIES.items()}
    rows = [
        row
        for row in read_csv(files.folder / "assets/libraries_england_2023_basic_dataset.csv.gz")
        if row["authority"] in names
    ]
    assert len(rows) == 148
    kept = [
        row
        for row in rows
        if not row["closed"].strip()
        and row["operation_23"] != "Closed"
        and row["type"] == "Static Library"
    ]
    assert len(kept) == 112
    unknown = [row["name"] for row in kept if shorten(row["postcode"]) not in files.postcodes]
    assert unknown == ["Alsager Library"]  # its postcode is in none of the files at hand
    wanted = Counter(names[row["authority"]] for row in kept if row["name"] not in unknown)
    assert served(table, "library", "Public libraries basic dataset") == wanted


def test_every_warm_space_is_there_or_joined(table: Table, files: Files) -> None:
    path = files.folder / "assets/warm_spaces_uk_2026_08.geojson.gz"
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    points = [tuple(each["geometry"]["coordinates"]) for each in features]
    inside = files.find_authorities(points)
    here = [each for each, code in zip(features, inside, strict=True) if code]
    assert len(here) == 291
    kept = table.execute(
        "SELECT count(*) FILTER (WHERE reason IS NULL), count(*) FILTER (WHERE reason IS NOT NULL),"
        " count(licence) FROM record_sources WHERE source = ANY(%s)", [list(WARM)],
    ).fetchone()  # fmt: skip
    assert kept is not None
    alone, joined, licensed = kept
    assert alone + joined >= 291 - 1  # one is called "1"; and those of the margin
    assert licensed == 0
    both = table.execute(
        "SELECT count(*) FROM assets AS a WHERE 2 = (SELECT count(*) FROM asset_categories AS ac "
        "JOIN categories AS c ON c.id = ac.category_id AND c.code IN ('library', 'warm-space') "
        "WHERE ac.asset_id = a.id)"
    ).fetchone()
    assert both is not None
    assert both[0] > 40


def test_organisations_are_at_register_addresses_and_never_pinpointed(table: Table) -> None:
    rows: dict[str, int] = dict(
        table.execute(
            "SELECT r.source, count(*) FROM organisations AS o JOIN record_sources AS r "
            "ON (r.subject, r.subject_id) = ('organisation', o.id) AND r.reason IS NULL GROUP BY 1"
        ).fetchall()
    )
    assert rows == {
        "Co-operatives UK": 205,
        "Power to Change grants": 37,
        "Lloyds Bank Foundation grants": 180,
        "HMRC community amateur sports clubs": 180,
    }
    public = table.execute(
        "SELECT count(*) FROM organisation_addresses WHERE role = 'delivery' "
        "OR public_level = 'public'"
    ).fetchone()
    assert public == (0,)
    assets = table.execute(
        "SELECT count(*) FROM record_sources "
        "WHERE subject = 'asset' AND source ~ 'HMRC|grants|Co-op'"
    ).fetchone()
    assert assets == (0,)


def test_nothing_without_source_and_identifier_and_no_masked_number(table: Table) -> None:
    bare = table.execute(
        "SELECT count(*) FROM record_sources WHERE source = '' OR coalesce(source_id, '') = ''"
    ).fetchone()
    assert bare == (0,)
    masked = table.execute("SELECT count(*) FROM site_contacts WHERE value ~ '\\*'").fetchone()
    assert masked == (0,)
