"""The forms on published files, checked against what the csv module reads from them."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from app.files import open_table
from app.indicators.sources import Measure, Reading
from tests.indicators.sources.conftest import Read

pytestmark = pytest.mark.realdata

NINE = (
    *("E06000006", "E06000007", "E06000049", "E06000050"),
    *(f"E0800001{place}" for place in range(1, 6)),
)
IOD19 = "deprivation/imd2019_File_"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows as the standard library reads them."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    yield from csv.DictReader(text.decode("utf-8-sig").splitlines())


def by_area(readings: list[Reading], measure: int = 0) -> dict[str, float | None]:
    return {each.area_code: each.value for each in readings if each.measure == measure}


def total(readings: list[Reading], measure: int = 0) -> float:
    return sum(each.value or 0 for each in readings if each.measure == measure)


def test_imd_2025_with_its_24_columns(realdata: Path, read_file: Read) -> None:
    path = realdata / "deprivation/imd2025_england_lsoa21.csv.gz"
    expected = [*rows_of(path)]
    names = [name for name in expected[0] if name != "lsoa21_code"]
    measures = [Measure(name, {"code": "LSOA21_CODE", "value": name.upper()}) for name in names]
    readings, problems = read_file(path, "iod", *measures)
    assert problems == []
    assert len(readings) == 24 * 33_755
    assert {each.status for each in readings} == {"known"}
    for position, name in enumerate(names):
        assert total(readings, position) == pytest.approx(sum(float(row[name]) for row in expected))
    first = by_area(readings[:24], names.index("IMD_score"))
    last = by_area(readings[-24:], names.index("Crime_score"))
    assert first == {"E01000001": 8.742}
    assert last == {"E01035762": -0.999}
    assert readings[-1].row == 33_756


def test_imd_2025_indicators_have_blanks(realdata: Path, read_file: Read) -> None:
    path = realdata / "deprivation/imd2025_england_lsoa21_indicators.csv.gz"
    names = ("income_deprivation_affecting_children_index_idaci_numerator", "patient_to_gp_ratio")
    measures = [Measure(name, {"code": "lsoa21_code", "value": name}) for name in names]
    readings, problems = read_file(path, "iod", *measures)
    assert problems == []
    for position, name in enumerate(names):
        blank = sum(row[name] == "" for row in rows_of(path))
        statuses = Counter(each.status for each in readings if each.measure == position)
        assert statuses["missing"] == blank
        assert statuses["known"] == 33_755 - blank
    assert readings[0].status == "missing"


def test_iod_2019_domains_and_denominators(realdata: Path, read_file: Read) -> None:
    code = "LSOA code (2011)"
    ranks = [
        Measure("crime", {"code": code, "value": "Crime Rank"}),
        Measure("living", {"code": code, "value": "Living Environment Decile"}),
    ]
    readings, problems = read_file(
        realdata / f"{IOD19}2_-_IoD2019_Domains_of_Deprivation.csv.gz", "iod", *ranks
    )
    assert problems == []
    assert len(readings) == 2 * 32_844
    assert [each.value for each in readings[:2]] == [32662, 3]
    path = realdata / f"{IOD19}6_-_IoD2019_Population_Denominators.csv.gz"
    people = Measure("people", {"code": code, "value": "Total population: mid 2015"})
    readings, problems = read_file(path, "iod", people)
    assert problems == []
    assert by_area(readings)["E01000001"] == 1296
    column = "Total population: mid 2015 (excluding prisoners)"
    assert total(readings) == sum(int(row[column].replace(",", "")) for row in rows_of(path))


def test_iod_2019_file_7_by_the_beginnings_of_its_headers(realdata: Path, read_file: Read) -> None:
    names = (
        "Index of Multiple Deprivation (IMD) Score",
        "Income Score",
        "Older population aged 60",
    )
    measures = [Measure(name, {"code": "LSOA code", "value": name}) for name in names]
    path = realdata / f"{IOD19}7_Warrington_only.csv"
    readings, problems = read_file(path, "iod", *measures)
    assert problems == []
    assert [each.value for each in readings[:3]] == [5.427, 0.036, 380]
    assert len(readings) == 3 * 127


@pytest.mark.parametrize(
    ("name", "value", "rows"),
    [
        (
            "1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx:IMD2019",
            "Index of Multiple Deprivation (IMD) Rank",
            32_844,
        ),
        (
            "9_-_IoD2019_Transformed_Scores.xlsx:IoD2019 Transformed Scores",
            "Crime Score - exponentially transformed",
            32_844,
        ),
        (
            "10_-_IoD2019_Local_Authority_District_Summaries__lower-tier__.xlsx:Income",
            "Income - Average score",
            317,
        ),
    ],
)
def test_iod_2019_workbooks(
    realdata: Path, read_file: Read, name: str, value: str, rows: int
) -> None:
    name, sheet = name.split(":")
    path = realdata / f"{IOD19}{name}"
    book = openpyxl.load_workbook(path, read_only=True)
    header, first = book[sheet].iter_rows(max_row=2, values_only=True)
    book.close()
    place = [str(cell).strip() for cell in header].index(value)
    code = "LSOA code" if rows == 32_844 else "Local Authority District code"
    measure = Measure("m", {"code": code, "value": value.upper()})
    readings, problems = read_file(path, "iod", measure, sheet=sheet)
    assert problems == []
    assert len(readings) == rows
    assert (readings[0].area_code, readings[0].value) == (first[0], first[place])


def test_sub_domains_of_both_editions(realdata: Path, read_file: Read) -> None:
    for year, area, rows in ((2019, "lsoa11", 32_844), (2025, "lsoa21", 33_755)):
        path = realdata / f"deprivation/imd{year}_england_{area}_subdomains.csv.gz"
        measure = Measure("wider", {"code": f"{area}_code", "value": "Wider_barriers_rank"})
        readings, problems = read_file(path, "iod", measure)
        assert problems == []
        assert len({each.area_code for each in readings}) == rows
        # Ranks without a gap; ties share the better one.
        assert max(each.value or 0 for each in readings) == pytest.approx(rows, abs=20)


def test_the_nomis_download_of_people_over_65(realdata: Path, read_file: Read) -> None:
    path = realdata / "population/census2021_RM121_age65plus_lsoa21_nomis_export.csv.gz"
    with open_table(path) as table:
        ages = tuple(name for name in table.columns if name.startswith("Aged"))
    older = Measure(
        "older",
        {"denominator": "Total"},
        numerator_columns=ages,
        derive="ratio",
        scale=100,
        most=100,
    )
    readings, problems = read_file(path, "nomis", older)
    assert problems == []
    assert len(ages) == 6
    assert len(readings) == 35_672
    assert (readings[0].row, readings[0].area_code) == (10, "E01011954")
    assert (readings[0].numerator, readings[0].denominator) == (324, 2280)
    assert readings[0].value == pytest.approx(100 * 324 / 2280)
    lines = [
        line for line in gzip.decompress(path.read_bytes()).decode().splitlines() if " : " in line
    ]
    cells = [row[1:] for row in csv.reader(lines)]
    assert sum(each.denominator or 0 for each in readings) == sum(int(row[0]) for row in cells)
    assert sum(each.numerator or 0 for each in readings) == sum(
        sum(map(int, row[1:])) for row in cells
    )


def test_fingertips_smoking(realdata: Path, read_file: Read) -> None:
    path = realdata / "health/fingertips_export_smoking_qof_prevalence.csv.gz"
    readings, problems = read_file(path, "fingertips", Measure("smoking", {}))
    assert problems == []
    plain = [row for row in rows_of(path) if row["Category Type"] == ""]
    assert len(readings) == len(plain)
    assert Counter(each.status for each in readings) == {
        "known": sum(row["Value"] != "" for row in plain),
        "suppressed": sum(row["Value"] == "" for row in plain),
    }
    ours = [each for each in readings if each.area_code in NINE]
    assert len(ours) == 99
    assert Counter(each.area_code for each in ours) == dict.fromkeys(NINE, 11)
    # 2015/16 stands there for two ages with one value, and a manifest has to choose.
    assert {each.age for each in ours} == {"15+ yrs", "Not applicable"}
    england = [each for each in readings if each.area_code == "E92000001"]
    assert england[-1][3:] == (
        "2022/23", "20220000", "Persons", "15+ yrs",
        14.71089355, 14.70127795, 14.72051436, 7664426, 52100343, "known", "",
    )  # fmt: skip


def test_fingertips_repeats_england_with_and_without_a_parent(
    realdata: Path, read_file: Read
) -> None:
    path = realdata / "health/fingertips_export_dementia_qof.csv"
    readings, problems = read_file(path, "fingertips", Measure("dementia", {}))
    assert problems == []
    rows = [row for row in rows_of(path) if row["Category Type"] == ""]
    england = [row for row in rows if row["Area Code"] == "E92000001"]
    periods = {row["Time period"] for row in england}
    assert len(england) > len(periods)
    found = [each.period for each in readings if each.area_code == "E92000001"]
    assert sorted(found) == sorted(periods)


def test_the_21_conditions_of_qof(realdata: Path, read_file: Read) -> None:
    path = realdata / "health/qof_2019_20_prevalence_by_la_house_of_commons_library.csv.gz"
    rows = [*rows_of(path)]
    conditions = sorted({row["group_code"] for row in rows})
    measures = [
        Measure(name, {}, where={"group_code": (name,)}, scale=100, least=0, most=100)
        for name in conditions
    ]
    readings, problems = read_file(path, "qof", *measures)
    assert problems == []
    assert len(conditions) == 21
    assert len(readings) == len(rows) == 6_741
    for position, name in enumerate(conditions):
        wanted = [float(row["prevalence"]) for row in rows if row["group_code"] == name]
        assert total(readings, position) == pytest.approx(100 * sum(wanted))


def test_the_health_index_in_both_forms(realdata: Path, read_file: Read) -> None:
    path = realdata / "health/ons_health_index_indicators_la.csv.gz"
    rows = [*rows_of(path)]
    names = sorted({row["indicator"] for row in rows})[:20]
    measures = [Measure(name, {}, where={"indicator": (name,)}) for name in names]
    readings, problems = read_file(path, "ons_health_index", *measures)
    assert problems == []
    assert Counter(each.measure for each in readings) == dict.fromkeys(range(20), 2_149)
    wanted = [float(row["value"]) for row in rows if row["indicator"] == names[7]]
    assert total(readings, 7) == pytest.approx(sum(wanted))
    overall = Measure("overall", {"value": "overall_score"})
    readings, problems = read_file(
        realdata / "health/ons_health_index_la.csv", "ons_health_index", overall
    )
    assert problems == []
    assert len(readings) == 2_149
    assert (readings[0].value, readings[0].period_sort) == (88.3, "2015")


def test_disabled_people_from_the_long_census_file(realdata: Path, read_file: Read) -> None:
    path = realdata / "health/census2021_disability_lsoa21.csv.gz"
    disabled = Measure(
        "disabled",
        {"code": "lsoa21_code", "numerator": "n", "denominator": "total_residents"},
        where={"disability": ("Disabled under the Equality Act",)},
        derive="ratio",
        scale=100,
        least=0,
        most=100,
    )
    readings, problems = read_file(path, "plain", disabled)
    assert problems == []
    assert len(readings) == 35_672
    assert by_area(readings)["E01000001"] == pytest.approx(100 * 152 / 1475)


def test_the_community_needs_index(realdata: Path, read_file: Read) -> None:
    path = realdata / "deprivation/community_needs_index_2023_england_lsoa21.csv.gz"
    columns = {"code": "lsoa21_code", "value": "Civic Assets Domain Score"}
    behind = Measure("behind", columns, where={"left behind area?": ("TRUE",)})
    readings, problems = read_file(path, "plain", Measure("assets", columns), behind)
    assert problems == []
    assert by_area(readings)["E01026129"] == 1.52
    rows = [*rows_of(path)]
    assert total(readings) == pytest.approx(sum(float(row[columns["value"]]) for row in rows))
    assert len(by_area(readings, 1)) == sum(row["Left Behind Area?"] == "TRUE" for row in rows)
