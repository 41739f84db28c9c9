"""Larger areas of the region and what they are compared with, worked out anew from the files."""

from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import httpx
import psycopg
import pytest

from tests.packs import test_cheshire_merseyside as whole
from tests.packs.test_cheshire_merseyside import (
    AUTHORITIES,
    ICB,
    find_parents,
    get,
    read_csv,
    read_rows,
    read_values,
    refuse,
    walk,
)

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("cheshire-merseyside")]

region_template, region = whole.region_template, whole.region
api, table = whole.api, whole.table

Table = psycopg.Connection[tuple[Any, ...]]
Rows = list[dict[str, str]]

CENSUS = "population/census2021_population_broad_age_lsoa21.csv.gz"
SMOKING = "health/fingertips_export_smoking_qof_prevalence.csv.gz"
QOF = "health/qof_2019_20_prevalence_by_la_house_of_commons_library.csv.gz"
DENOMINATORS = "deprivation/imd2019_File_6_-_IoD2019_Population_Denominators.csv.gz"
PEOPLE_2015 = "Total population: mid 2015 (excluding prisoners)"


def weigh(pairs: list[tuple[float, float]]) -> float:
    """Return the mean of values with their weights."""
    return sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs)


def read_people_2015(realdata: Path) -> dict[str, float]:
    """Return the people by whom the index of 2019 was averaged, by neighbourhood."""
    rows = read_csv(realdata / DENOMINATORS)
    return {row["LSOA code (2011)"]: float(row[PEOPLE_2015].replace(",", "")) for row in rows}


def read_census(realdata: Path) -> dict[str, float]:
    """Return the census's residents by neighbourhood."""
    people: dict[str, float] = defaultdict(float)
    for row in read_csv(realdata / CENSUS):
        people[row["lsoa21_code"]] += float(row["usual_residents"])
    return people


async def find_comparator(
    api: httpx.AsyncClient, code: str, area_type: str = "authority", **asked: str
) -> Any:  # noqa: ANN401 - JSON
    """Return what an area of the place is compared with for an indicator."""
    area = {"authority": "E08000012", "lsoa": "E01006776"}[area_type]
    answer = await get(
        api, f"indicators/{code}/comparison", area_type=area_type, code=area, **asked
    )
    (england,) = answer["comparators"]
    assert (england["code"], england["name"]) == ("E92000001", "England")
    return england


async def test_people_of_2015_add_up_at_every_level(api: httpx.AsyncClient, realdata: Path) -> None:
    file = read_people_2015(realdata)
    small = await read_values(api, "imd_2019_people", "lsoa")
    assert small == {code: file[code] for code in small}
    for kind in ("msoa", "authority", "icb"):
        sums: dict[str, float] = defaultdict(float)
        for code, larger in (await find_parents(api, "lsoa", 2011, kind)).items():
            sums[larger] += file[code]
        assert await read_values(api, "imd_2019_people", kind) == sums
    said = await refuse(api, "indicators/imd_2019_people/rows", area_type="ward")
    assert "No lookup leads" in said


def test_no_mean_lies_outside_what_it_is_the_mean_of(table: Table) -> None:
    query = """
        SELECT i.code, large.code, v.value, min(sv.value), max(sv.value), count(*)
        FROM indicators AS i
        JOIN indicator_series AS s ON s.indicator_id = i.id AND s.method IS NOT NULL
        JOIN indicator_values AS v ON v.series_id = s.id
        JOIN areas AS large ON large.boundary_set_id = s.boundary_set_id AND large.gid = v.gid
        JOIN area_lookups AS l ON l.to_area_id = large.id AND l.kind <> 'change'
        JOIN areas AS small ON small.id = l.from_area_id
        JOIN indicator_series AS ss ON ss.indicator_id = i.id AND ss.method IS NULL
            AND ss.boundary_set_id = small.boundary_set_id
            AND (ss.period, ss.sex, ss.age) = (s.period, s.sex, s.age)
        JOIN indicator_values AS sv ON sv.series_id = ss.id AND sv.gid = small.gid
        WHERE i.aggregate = 'mean'
        GROUP BY i.code, large.code, large.id, v.value, s.id"""
    rows = table.execute(query).fetchall()
    assert len({code for code, *_ in rows}) > 45
    assert len(rows) > 17_000
    for code, area, value, least, most, count in rows:
        assert count >= 1
        assert least - 1e-9 <= value <= most + 1e-9, (code, area)


@pytest.mark.parametrize(
    ("district", "name"),
    [
        ("E02001347", "Liverpool 001"),
        ("E02003841", "Cheshire West and Chester 001"),
        ("E02001467", "Wirral 001"),
    ],
)
async def test_districts_are_what_one_works_out_by_hand(
    api: httpx.AsyncClient, realdata: Path, district: str, name: str
) -> None:
    census = read_census(realdata)
    disabled = [
        row
        for row in read_csv(realdata / "health/census2021_disability_lsoa21.csv.gz")
        if row["disability"] == "Disabled under the Equality Act"
    ]
    scores = read_csv(realdata / "deprivation/imd2025_england_lsoa21.csv.gz")
    names = {
        row["lsoa21_code"]: row["lsoa21_name"]
        for row in read_csv(realdata / "lookups/lookup_lsoa21_ward24_ltla24.csv.gz")
    }
    inside = {code for code, full in names.items() if full[:-1] == name}
    assert len(inside) in range(4, 8)
    expected = weigh(
        [
            (float(row["IMD_score"]), census[row["lsoa21_code"]])
            for row in scores
            if row["lsoa21_code"] in inside
        ]
    )
    served = await read_values(api, "imd_2025_score", "msoa", boundary_year=2021)
    assert served[district] == pytest.approx(expected, abs=1e-9)
    found = [row for row in disabled if row["lsoa21_code"] in inside]
    above = sum(float(row["n"]) for row in found)
    below = sum(float(row["total_residents"]) for row in found)
    rows = await read_rows(api, "disabled_people_2021", "msoa", boundary_year=2021)
    assert rows[district]["value"] == pytest.approx(100 * above / below, abs=1e-9)
    assert (rows[district]["numerator"], rows[district]["denominator"]) == (above, below)
    old = {
        row["lsoa11_code"]
        for row in read_csv(realdata / "lookups/lookup_lsoa11_msoa11.csv.gz")
        if row["msoa11_code"] == district
    }
    people = read_people_2015(realdata)
    expected = weigh(
        [
            (float(row["overall_local_score"]), people[row["lsoa"]])
            for row in read_csv(realdata / "deprivation/imd2019_england_overall_score.csv.gz")
            if row["lsoa"] in old
        ]
    )
    served = await read_values(api, "imd_2019_score", "msoa", boundary_year=2011)
    assert served[district] == pytest.approx(expected, abs=1e-9)


async def test_wards_of_2025_that_the_lookup_of_2024_does_not_know_are_filled_and_say_so(
    api: httpx.AsyncClient, table: Table, realdata: Path
) -> None:
    rows = read_csv(realdata / "lookups/lookup_lsoa21_ward24_ltla24.csv.gz")
    official = {row["lsoa21_code"]: row["ward24_code"] for row in rows}
    wards = await find_parents(api, "lsoa", 2021, "ward")
    changed = {code: ward for code, ward in wards.items() if official[code] != ward}
    assert changed == dict.fromkeys(("E01006776", "E01006778"), "E05015332")
    for code in changed:
        area = await get(api, f"areas/lsoa/{code}")
        (ward,) = [each for each in area["parents"] if each["area"]["type"] == "ward"]
        assert ward["area"]["name"] == "Waterfront North"
        assert ward["kind"] == "best fit"
        assert ward["method"] == "largest overlap by the postcodes in it, derived"
    # By surface the third that Waterfront North touches would go there too; its homes do not.
    assert find_best_wards(table, "ST_Area(ground)") == {**changed, "E01033751": "E05015332"}
    by_homes = find_best_wards(
        table, "(SELECT count(*) FROM postcodes WHERE ST_Intersects(location, ground))"
    )
    assert by_homes == {**changed, "E01033751": official["E01033751"]}
    assert len(await read_values(api, "imd_2025_score", "ward")) == len(set(wards.values())) == 278


def find_best_wards(table: Table, measure: str) -> dict[str, str]:
    """Return the ward of which each of three neighbourhoods holds most, by a measure of ground."""
    query = f"""
        SELECT DISTINCT ON (small.code) small.code, ward.code
        FROM areas AS small JOIN boundary_sets AS sb ON sb.id = small.boundary_set_id
        JOIN areas AS ward ON ST_Intersects(small.boundary, ward.boundary)
        JOIN boundary_sets AS wb ON wb.id = ward.boundary_set_id
        CROSS JOIN LATERAL ST_Intersection(small.boundary, ward.boundary) AS ground
        WHERE sb.area_type = 'lsoa' AND sb.boundary_year = 2021 AND wb.area_type = 'ward'
            AND small.code IN ('E01006776', 'E01006778', 'E01033751')
        ORDER BY small.code, {measure} DESC"""  # noqa: S608 - the measures stand in this file
    return dict(table.execute(query.encode()).fetchall())


async def test_england_of_2019_is_the_mean_over_the_people_of_2015(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    people = read_people_2015(realdata)
    rows = read_csv(realdata / "deprivation/imd2019_england_overall_score.csv.gz")
    expected = weigh([(float(row["overall_local_score"]), people[row["lsoa"]]) for row in rows])
    england = await find_comparator(api, "imd_2019_score")
    assert england["value"] == pytest.approx(expected, abs=1e-9)
    assert england["value"] == pytest.approx(21.722, abs=0.001)
    assert "people of mid-2015 of the 32,844 areas" in england["method"]


async def test_england_of_2025_is_the_mean_over_the_census(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    people = read_census(realdata)
    rows = read_csv(realdata / "deprivation/imd2025_england_lsoa21.csv.gz")
    expected = weigh([(float(row["IMD_score"]), people[row["lsoa21_code"]]) for row in rows])
    england = await find_comparator(api, "imd_2025_score")
    assert england["value"] == pytest.approx(expected, abs=1e-9)
    assert "people of the 33,755 areas" in england["method"]


async def test_england_holds_no_welsh_neighbourhood(api: httpx.AsyncClient, realdata: Path) -> None:
    rows = read_csv(realdata / "health/census2021_disability_lsoa21.csv.gz")
    english = [
        row
        for row in rows
        if row["disability"] == "Disabled under the Equality Act" and row["lsoa21_code"][0] == "E"
    ]
    above = sum(float(row["n"]) for row in english)
    below = sum(float(row["total_residents"]) for row in english)
    england = await find_comparator(api, "disabled_people_2021")
    assert england["value"] == pytest.approx(100 * above / below, abs=1e-9)


@pytest.mark.parametrize(("code", "group"), [("dementia", "DEM"), ("diabetes", "DM")])
async def test_england_of_disease_registers_is_registers_over_lists(
    api: httpx.AsyncClient, realdata: Path, code: str, group: str
) -> None:
    rows = [row for row in read_csv(realdata / QOF) if row["group_code"] == group]
    above = sum(float(row["register"]) for row in rows)
    below = sum(float(row["list"]) for row in rows)
    england = await find_comparator(api, f"qof_{code}")
    # Some 14,000 patients of English practices live in Wales; they change the fourth decimal.
    assert england["value"] == pytest.approx(100 * above / below, abs=0.0005)
    assert england["value"] != pytest.approx(
        100 * fmean(float(row["prevalence"]) for row in rows), abs=0.0005
    )
    here = {row["lad_code"]: row for row in rows if row["lad_code"] in AUTHORITIES}
    served = await read_values(api, f"qof_{code}", "authority")
    assert served == pytest.approx(
        {area: 100 * float(row["prevalence"]) for area, row in here.items()}, abs=1e-9
    )
    board = (await read_values(api, f"qof_{code}", "icb"))[ICB]
    above = sum(float(row["register"]) for row in here.values())
    below = sum(float(row["list"]) for row in here.values())
    assert board == pytest.approx(100 * above / below, abs=1e-9)


async def test_smoking_keeps_its_limits_and_periods_and_the_published_england(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    rows = read_csv(realdata / SMOKING)
    wanted = [row for row in rows if row["Age"] == "15+ yrs" and not row["Category"]]
    for area in AUTHORITIES:
        published = {row["Time period"]: row for row in wanted if row["Area Code"] == area}
        trend = await get(api, "indicators/smoking_qof/trend", area_type="authority", code=area)
        points = {point["period"]: point for point in trend["points"]}
        assert list(points) == sorted(published)
        assert len(points) == 10
        for period, point in points.items():
            check_point(point, published[period])
    england = {row["Time period"]: row for row in wanted if row["Area Code"] == "E92000001"}
    for period, point in points.items():
        (country,) = point["comparators"]
        assert country["value"] == float(england[period]["Value"])
        assert country["lower"] == float(england[period]["Lower CI 95.0 limit"])
        assert country["upper"] == float(england[period]["Upper CI 95.0 limit"])
        assert country["method"] is None
    served = await read_rows(api, "smoking_qof", "authority")
    newest = {row["Area Code"]: row for row in wanted if row["Time period"] == "2022/23"}
    for area, row in served.items():
        check_point(row, newest[area])


def check_point(point: dict[str, Any], published: dict[str, str]) -> None:
    """Compare value, limits and counts with the row of the export."""
    for ours, theirs in (
        ("value", "Value"),
        ("lower", "Lower CI 95.0 limit"),
        ("upper", "Upper CI 95.0 limit"),
        ("numerator", "Count"),
        ("denominator", "Denominator"),
    ):
        assert point[ours] == float(published[theirs]), ours
    assert point["lower"] < point["value"] < point["upper"]
    assert point["status"] == ""
    assert (point["note"] or "") == published["Value note"]


async def test_the_boards_smoking_is_counts_over_counts_without_limits(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    rows = [
        row
        for row in read_csv(realdata / SMOKING)
        if row["Area Code"] in AUTHORITIES and row["Age"] == "15+ yrs"
    ]
    trend = await get(api, "indicators/smoking_qof/trend", area_type="icb", code=ICB)
    for point in trend["points"]:
        held = [row for row in rows if row["Time period"] == point["period"]]
        below = sum(float(row["Denominator"]) for row in held)
        assert point["value"] == pytest.approx(
            100 * sum(float(row["Count"]) for row in held) / below, abs=1e-9
        )
        assert (point["lower"], point["upper"]) == (None, None)
        assert point["method"].startswith("Sum of numerators over sum of denominators")


async def test_what_is_published_for_liverpool_alone_is_missing_elsewhere_and_says_so(
    api: httpx.AsyncClient, realdata: Path
) -> None:
    rows = read_csv(realdata / "health/liverpool_msoa11_life_expectancy.csv")
    published = {row["msoa11cd"]: float(row["leb_est"]) for row in rows}
    served = await read_rows(api, "life_expectancy_liverpool_2017", "msoa")
    known = {code: row["value"] for code, row in served.items() if row["value"] is not None}
    assert known == published
    without = [row for row in served.values() if row["value"] is None]
    assert len(without) == 323 - 61
    found = await get(api, "indicators/life_expectancy_liverpool_2017")
    (level,) = found["levels"]
    assert (level["value_count"], level["missing_count"]) == (61, 262)
    said = await refuse(
        api, "indicators/life_expectancy_liverpool_2017/rows", area_type="authority"
    )
    assert "can be neither added nor averaged" in said


async def test_what_cannot_be_worked_out_is_refused_with_the_reason(
    api: httpx.AsyncClient,
) -> None:
    refused = {
        "imd_2025_decile": ("authority", "too few local authorities of 2024"),
        "imd_education_2019_rank": ("msoa", "can be neither added nor averaged"),
    }
    for code, (area_type, reason) in refused.items():
        said = await refuse(api, f"indicators/{code}/rows", area_type=area_type)
        assert reason in said
    held = {item["code"] for item in await walk(api, "indicators", area_type="ward")}
    assert not any("2019" in code for code in held)
