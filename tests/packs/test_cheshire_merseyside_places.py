"""Where things lie in the region: schools, what areas became, the margin, the middles of areas."""

import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import numpy as np
import psycopg
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape

from app.areas.service import find_areas_at
from app.core.database import Database, DatabaseAddress
from tests.packs import test_cheshire_merseyside as whole
from tests.packs.test_cheshire_merseyside import AUTHORITIES, SETS, get, read_csv, refuse, walk

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("cheshire-merseyside")]

region_template, region = whole.region_template, whole.region
api, table = whole.api, whole.table

Table = psycopg.Connection[tuple[Any, ...]]

MARGIN_M = 5000
CHANGES = """
    SELECT f.code, t.code, l.weight, l.change_code, l.method, f.people, t.people
    FROM area_lookups AS l
    JOIN areas AS f ON f.id = l.from_area_id JOIN boundary_sets AS fs ON fs.id = f.boundary_set_id
    JOIN areas AS t ON t.id = l.to_area_id
    WHERE l.kind = 'change' AND fs.area_type = %s AND f.in_study_area"""


def read_schools(realdata: Path) -> dict[str, dict[str, str]]:
    """Return the schools that are said to lie in one of the nine authorities, by number."""
    rows = read_csv(realdata / "lookups/lookup_lsoa21_ward24_ltla24.csv.gz")
    here = {row["lsoa21_code"] for row in rows if row["ltla24_code"] in AUTHORITIES}
    schools = read_csv(realdata / "assets/schools_gias_england_2025_05_24.csv.gz")
    return {school["urn"]: school for school in schools if school["lsoa_code"] in here}


async def place_schools(
    region: DatabaseAddress, schools: dict[str, dict[str, str]]
) -> dict[str, str]:
    """Return the neighbourhood that the service finds at each school."""
    database = Database(region, pool_size=1)
    placed: dict[str, str] = {}
    async with database.sessions() as session:
        for urn, school in schools.items():
            lon, lat = float(school["longitude"]), float(school["latitude"])
            found = await find_areas_at(session, lon, lat)
            (placed[urn],) = [area.code for area in found if area.type == "lsoa"]
    await database.close()
    return placed


async def test_schools_lie_where_the_service_says_and_an_eighth_are_coded_elsewhere(
    region: DatabaseAddress, table: Table, realdata: Path
) -> None:
    schools = read_schools(realdata)
    assert len(schools) == 1110
    placed = await place_schools(region, schools)
    columns = (
        list(placed),
        [placed[urn] for urn in placed],
        [schools[urn]["lsoa_code"] for urn in placed],
        [float(schools[urn]["easting"]) for urn in placed],
        [float(schools[urn]["northing"]) for urn in placed],
    )
    # By the grid reference here, where the service was asked by longitude and latitude.
    query = """
        SELECT ours.code = stated.code, ST_Covers(ours.ground, point),
            ST_Distance(stated.ground, point), ST_DWithin(ours.ground, stated.ground, 1)
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::float[], %s::float[])
            AS school (urn, placed, said, easting, northing)
        CROSS JOIN LATERAL ST_SetSRID(ST_Point(easting, northing), 27700) AS point
        JOIN (SELECT code, ST_Transform(boundary, 27700) AS ground FROM areas
            JOIN boundary_sets ON boundary_sets.id = boundary_set_id
            WHERE area_type = 'lsoa' AND boundary_year = 2021 OFFSET 0) AS ours
            ON ours.code = placed
        JOIN (SELECT code, ST_Transform(boundary, 27700) AS ground FROM areas
            JOIN boundary_sets ON boundary_sets.id = boundary_set_id
            WHERE area_type = 'lsoa' AND boundary_year = 2021 OFFSET 0) AS stated
            ON stated.code = said"""
    rows = table.execute(query, columns).fetchall()
    assert len(rows) == len(schools)
    assert all(is_inside for _, is_inside, _, _ in rows)
    assert all(distance == 0 for agrees, _, distance, _ in rows if agrees)
    elsewhere = [(distance, touches) for agrees, _, distance, touches in rows if not agrees]
    assert 1 - len(elsewhere) / len(rows) == pytest.approx(0.879, abs=0.005)
    # The stated code is that of the school's postcode, whose own point lies a little way off:
    # almost always the neighbourhood next door.
    assert sum(touches for _, touches in elsewhere) >= len(elsewhere) - 4
    assert median(distance for distance, _ in elsewhere) == pytest.approx(39, abs=2)
    assert sorted(round(distance, -2) for distance, _ in elsewhere if distance > 500) == [
        2300,
        3100,
        3900,
        16700,
    ]


async def test_the_api_finds_the_areas_of_every_kind_at_a_school(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    schools = read_schools(realdata)
    for urn in sorted(schools)[::111]:
        school = schools[urn]
        point = {"lon": school["longitude"], "lat": school["latitude"]}
        found = await get(api, "areas/at", **point)
        assert [area["type"] for area in found] == ["lsoa", "msoa", "ward", "authority", "icb"]
        assert [area["boundary_year"] for area in found] == [2021, 2021, 2025, 2024, 2024]
        old = await get(api, "areas/at", **point, boundary_year=2011)
        assert [area["type"] for area in old] == ["lsoa", "msoa"]


def test_what_neighbourhoods_became_is_the_official_lookup_shared_by_people(
    table: Table, realdata: Path
) -> None:
    rows = read_csv(realdata / "lookups/lookup_lsoa11_lsoa21_ltla22.csv.gz")
    official = {
        (row["lsoa11_code"], row["lsoa21_code"]): row["change_code"]
        for row in rows
        if row["ltla22_code"] in AUTHORITIES
    }
    served = table.execute(CHANGES, ["lsoa"]).fetchall()
    assert {(old, new): change for old, new, _, change, *_ in served} == official
    assert Counter(official.values()) == {"U": 1518, "S": 79, "M": 8}
    sums: dict[str, float] = defaultdict(float)
    for old, _, weight, *_ in served:
        sums[old] += weight
    assert sums == pytest.approx(dict.fromkeys(sums, 1.0), abs=1e-12)
    assert len(sums) == SETS["lsoa", 2011]
    parts: dict[str, int] = defaultdict(int)
    for old, _, _, change, _, _, people in served:
        parts[old] += people if change == "S" else 0
    for old, _, weight, change, method, _, people in served:
        # A part of a split area comes from that area alone, so that its people are known.
        assert weight == pytest.approx(people / parts[old] if change == "S" else 1, abs=1e-12)
        assert (method is not None) == (change == "S")


def test_people_carried_over_to_2021_come_near_the_census(table: Table) -> None:
    carried: dict[str, float] = defaultdict(float)
    census: dict[str, int] = {}
    changes: dict[str, str] = {}
    for _, new, weight, change, _, before, after in table.execute(CHANGES, ["lsoa"]):
        carried[new] += weight * before
        census[new], changes[new] = after, change
    assert len(census) == SETS["lsoa", 2021]
    assert sum(carried.values()) == pytest.approx(2_503_902)
    errors = {code: abs(carried[code] - people) / people for code, people in census.items()}
    assert median(errors.values()) == pytest.approx(0.035, abs=0.002)
    # Estimates of mid-2020 drift furthest where areas were split, and in the middle of Liverpool;
    # the sums agree, so that it is the people who differ and not the lookup.
    assert median(errors[code] for code in errors if changes[code] == "S") < 0.1
    assert sum(error > 0.5 for error in errors.values()) < 12


async def test_districts_that_the_lookup_leaves_without_an_origin(
    api: httpx.AsyncClient, table: Table
) -> None:
    """The mirror's lookup of districts is a best fit: a district split in two goes to one part.

    The other part is then said to have come from nothing. If this fails, that was mended.
    """
    served = table.execute(CHANGES, ["msoa"]).fetchall()
    assert all(row[2] == 1 for row in served)
    districts = await walk(api, "areas", type="msoa", boundary_year=2021)
    orphans = {area["code"] for area in districts} - {row[1] for row in served}
    assert orphans == {"E02006936", "E02007030"}


def read_grounds(path: Path, column: str) -> tuple[list[str], Any]:
    """Return codes and outlines of a file in metres of the national grid."""
    to_grid = Transformer.from_crs("OGC:CRS84", "EPSG:27700", always_xy=True)
    with gzip.open(path, "rt") as file:
        features = json.load(file)["features"]
    grounds = shapely.make_valid([shape(feature["geometry"]) for feature in features])
    places = shapely.get_coordinates(grounds)
    on_grid = np.column_stack(to_grid.transform(places[:, 0], places[:, 1]))
    moved = shapely.set_coordinates(grounds, on_grid)
    return [feature["properties"][column] for feature in features], moved


@pytest.mark.parametrize("year", [2011, 2021])
def test_the_margin_is_every_neighbourhood_within_five_kilometres(
    table: Table, realdata: Path, year: int
) -> None:
    folder = realdata / "boundaries"
    study, inside = read_grounds(
        folder / f"lsoa{year}_cheshire_merseyside.geojson.gz", f"LSOA{year % 100}CD"
    )
    codes, grounds = read_grounds(
        folder / f"lsoa{year}_england_simplified.geojson.gz", f"lsoa{year % 100}_code"
    )
    near = shapely.STRtree(inside).query(grounds, predicate="dwithin", distance=MARGIN_M)[0]
    expected = {codes[index] for index in near} - set(study)
    query = """
        SELECT code, people FROM areas JOIN boundary_sets ON boundary_sets.id = boundary_set_id
        WHERE area_type = 'lsoa' AND boundary_year = %s AND NOT in_study_area"""
    held: dict[str, int] = dict(table.execute(query, [year]).fetchall())
    assert set(held) == expected
    assert len(held) == {2011: 582, 2021: 583}[year]
    assert all(people > 0 for people in held.values())


def read_margin(table: Table) -> list[tuple[Any, ...]]:
    """Return year, code, and longitude and latitude of the middle of each area of the margin."""
    query = """
        SELECT boundary_year, a.code, ST_X(a.centroid), ST_Y(a.centroid) FROM areas AS a
        JOIN boundary_sets ON boundary_sets.id = boundary_set_id WHERE NOT in_study_area"""
    return table.execute(query).fetchall()


async def test_the_margin_is_in_no_list(api: httpx.AsyncClient, table: Table) -> None:
    codes = {code for _, code, *_ in read_margin(table)}
    for area_type, year in SETS:
        outlines = await get(api, "areas/outlines", type=area_type, boundary_year=year)
        listed = [feature["properties"]["code"] for feature in outlines["features"]]
        listed += [
            area["code"] for area in await walk(api, "areas", type=area_type, boundary_year=year)
        ]
        assert len(listed) == 2 * SETS[area_type, year]
        assert not codes & set(listed)
    for kind in ("lsoa", "msoa", "ward", "authority"):
        path = f"areas/icb/{whole.ICB}/children"
        children = {area["code"] for area in await get(api, path, type=kind)}
        assert not codes & children
    for code, year in (("imd_2019_score", 2011), ("imd_2025_score", 2021)):
        rows = await whole.read_rows(api, code, "lsoa", boundary_year=year)
        document = await get(api, f"indicators/{code}/values", area_type="lsoa")
        assert len(document["values"]) == len(rows) == SETS["lsoa", year]
        assert not codes & set(rows)
        file = await api.get(f"/api/v1/indicators/{code}/rows?area_type=lsoa&format=csv")
        assert file.status_code == 200
        assert not [each for each in codes if each in file.text]


async def test_nothing_is_told_about_an_area_of_the_margin(
    api: httpx.AsyncClient, table: Table
) -> None:
    for year, code, lon, lat in read_margin(table)[::40]:
        index = "imd_2019_score" if year == 2011 else "imd_2025_score"
        asked = {"area_type": "lsoa", "code": code, "boundary_year": str(year)}
        for tail in ("", "/boundary", "/children", "/indicators"):
            await refuse(api, f"areas/lsoa/{code}{tail}", boundary_year=year)
        for question in ("trend", "comparison"):
            await refuse(api, f"indicators/{index}/{question}", **asked)
        assert (await get(api, "areas", type="lsoa", boundary_year=year, q=code))["items"] == []
        assert await get(api, "areas/at", lon=lon, lat=lat, boundary_year=year) == []
        assert await get(api, "areas/at", lon=lon, lat=lat) == []


def test_the_margin_has_the_values_that_analysis_needs(table: Table) -> None:
    query = """
        SELECT count(v.value) FROM indicator_values AS v
        JOIN indicator_series AS s ON s.id = v.series_id
        JOIN indicators AS i ON i.id = s.indicator_id
        JOIN areas AS a ON a.boundary_set_id = s.boundary_set_id AND a.gid = v.gid
        WHERE NOT a.in_study_area AND i.code = %s"""
    for code, count in (("imd_2019_score", 582), ("imd_2025_score", 583)):
        assert table.execute(query, [code]).fetchone() == (count,)


def test_middles_of_2021_say_how_many_postcodes_they_are_of(table: Table, realdata: Path) -> None:
    query = """
        SELECT code, centroid_method, ST_X(middle), ST_Y(middle),
            ST_Covers(boundary, centroid)
        FROM areas JOIN boundary_sets ON boundary_sets.id = boundary_set_id
        CROSS JOIN LATERAL ST_Transform(centroid, 27700) AS middle
        WHERE area_type = 'lsoa' AND boundary_year = %s AND in_study_area"""
    # A postcode may lie on a seam between two parts of an area, and on a shared edge.
    counted = """
        SELECT code, count(*), avg(ST_X(point)), avg(ST_Y(point)) FROM (
            SELECT DISTINCT ON (postcode) postcode, code, ST_Transform(location, 27700) AS point
            FROM postcodes
            JOIN area_parts AS part ON ST_Intersects(location, part.part)
            JOIN areas AS a ON a.id = part.area_id
            JOIN boundary_sets ON boundary_sets.id = boundary_set_id
            WHERE area_type = 'lsoa' AND boundary_year = 2021
            ORDER BY postcode, code) AS placed
        GROUP BY code"""
    inside = {code: rest for code, *rest in table.execute(counted)}
    bare = 0
    for code, method, easting, northing, is_covered in table.execute(query, [2021]):
        if code not in inside:
            assert (method, is_covered) == ("point on surface", True)
            bare += 1
            continue
        count, mean_easting, mean_northing = inside[code]
        assert method == f"derived: mean of {count} postcodes inside"
        assert (easting, northing) == pytest.approx((mean_easting, mean_northing), abs=0.5)
    assert bare == 8  # without the postcodes of NHS sites since 2014 there were 14
    rows = read_csv(realdata / "lookups/lsoa2011_population_weighted_centroids.csv.gz")
    official = {row["lsoa11cd"]: (float(row["X"]), float(row["Y"])) for row in rows}
    for code, method, easting, northing, _ in table.execute(query, [2011]):
        assert method == "population weighted"
        assert (easting, northing) == pytest.approx(official[code], abs=0.01)
