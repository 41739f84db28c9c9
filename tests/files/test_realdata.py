"""The reader on published open data, as it was published.

Set REALDATA to the folder that holds the files and SOURCES.md, which states their rows.
"""

import os
from pathlib import Path

import pytest

from app.files import FileProblem, Row, TableReader, UnknownFormat, open_table

ROOT = Path(os.environ.get("REALDATA", "/nonexistent"))

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif("REALDATA" not in os.environ, reason="REALDATA names no folder"),
]

#: Files that are neither tables nor features and have to be answered in a sentence.
_OTHERS = (".pbf", ".json", ".json.gz")

_FILES = sorted(
    str(path.relative_to(ROOT))
    for path in ROOT.rglob("*")
    if path.is_file() and path.suffix != ".md"
)
_TABLES = [name for name in _FILES if not name.endswith(_OTHERS)]


def read(name: str) -> tuple[TableReader, list[Row]]:
    with open_table(ROOT / name) as reader:
        return reader, list(reader)


@pytest.mark.parametrize("name", _TABLES)
def test_every_table_and_feature_file_reads_to_its_end(name: str) -> None:
    with open_table(ROOT / name) as reader:
        count = 0
        number = 0
        for row in reader:
            assert list(row.values) == reader.columns
            assert row.number > number
            number = row.number
            count += 1
    assert len(reader.columns) > 1
    assert len(set(reader.columns)) == len(reader.columns)
    assert all(column == column.strip() and "\ufeff" not in column for column in reader.columns)
    # One sample of Open Referral has column names only.
    assert count or name.endswith("services_taxonomy.csv")


@pytest.mark.parametrize("name", [name for name in _FILES if name.endswith(_OTHERS)])
def test_everything_else_gets_a_sentence(name: str) -> None:
    with pytest.raises(UnknownFormat) as caught:
        open_table(ROOT / name)
    assert caught.value.remedy
    assert ("JSON but not GeoJSON" if ".json" in name else "OpenStreetMap") in caught.value.sentence


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("boundaries/lsoa2021_england_simplified.geojson.gz", 33_755, ["lsoa21_code"]),
        ("boundaries/lsoa2011_cheshire_merseyside.geojson.gz", 1_562, ["LSOA11CD", "LSOA11NM"]),
        ("boundaries/msoa2021_cheshire_merseyside.geojson.gz", 325, ["MSOA21CD", "MSOA21NM"]),
        ("assets/warm_spaces_uk_2026_08.geojson.gz", 7_956, ["title", "address", "hours.opening"]),
        ("lookups/lookup_lsoa11_lsoa21_ltla22.csv.gz", 35_795, ["change_code"]),
        ("lookups/lsoa2011_population_weighted_centroids.csv.gz", 34_753, ["X", "Y", "lsoa11cd"]),
        ("lookups/msoa_la_names.csv.gz", 10_404, ["MSOACD", "MSOANM", "MSOAHCLNM"]),
        (
            "deprivation/imd2019_File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx",
            32_844,
            ["LSOA code (2011)"],
        ),
        (
            "deprivation/imd2019_File_9_-_IoD2019_Transformed_Scores.xlsx",
            32_844,
            ["LSOA code (2011)"],
        ),
        ("deprivation/imd2019_File_7_Warrington_only.csv", 127, ["LSOA code (2011)"]),
        ("deprivation/imd2025_england_lsoa21.csv.gz", 33_755, ["lsoa21_code", "IMD_decile"]),
        ("population/census2021_population_broad_age_lsoa21.csv.gz", 214_032, ["age_group"]),
        (
            "population/mid2020_population_single_year_lsoa11.csv.gz",
            34_753,
            ["lsoa11_code", "total_population", "0", "89", "90+"],
        ),
        ("health/census2021_disability_lsoa21.csv.gz", 71_344, ["disability", "n"]),
        ("health/ons_health_index_indicators_la.csv.gz", 120_344, ["indicator", "value"]),
        ("health/fingertips_export_smoking_qof_prevalence.csv.gz", 17_627, ["Indicator ID"]),
        ("assets/libraries_england_2023_basic_dataset.csv.gz", 3_487, ["reporting", "name"]),
        ("assets/community_amateur_sports_clubs_uk_hmrc.csv.gz", 7_761, ["Postcode"]),
        ("assets/schools_gias_england_2025_05_24.csv.gz", 27_153, ["urn", "easting"]),
        ("assets/cooperatives_uk_open_data_2023_q2.csv.gz", 7_387, ["Street Address"]),
        ("assets/nhs_hospital_sites_great_britain_ahah_v5.csv.gz", 18_105, ["Name", "Latitude"]),
        ("network/sao_paulo_r5r_hexgrid.csv", 323, ["id", "lon", "lat"]),
    ],
)
def test_rows_and_columns_as_the_publisher_states_them(
    name: str, rows: int, columns: list[str]
) -> None:
    reader, found = read(name)
    assert len(found) == rows
    assert [row.problem for row in found if row.problem] == []
    assert set(columns) <= set(reader.columns)


def test_the_nomis_export_with_title_lines_and_footnotes() -> None:
    reader, rows = read("population/census2021_RM121_age65plus_lsoa21_nomis_export.csv.gz")
    good = [row for row in rows if row.problem is None]
    assert reader.header_row == 8
    assert reader.columns[:2] == ["2021 super output area - lower layer", "Total"]
    assert len(good) == 35_672
    assert good[0].number == 10
    assert good[0].values["2021 super output area - lower layer"] == "E01011954 : Hartlepool 001A"
    notes = [row for row in rows if row.problem]
    assert len(notes) == 4
    assert all("footnote" in str(row.problem) for row in notes)
    assert notes[-1].values["Total"] == "affected."


@pytest.mark.parametrize(
    ("name", "rows", "width", "first"),
    [
        ("postcodes/codepoint_open_2014_l.csv.gz", 20_309, 10, "L1  0AB"),
        ("assets/nhs_epraccur_gp_practices_no_header.csv.gz", 15_971, 26, "A81001"),
        ("assets/nhs_pharmacies_2020_no_header.csv.gz", 11_206, 10, "FA512"),
        ("assets/food_banks_uk_2015_messy_no_header.csv", 961, 4, "Trussell Trust"),
    ],
)
def test_files_without_a_header_lose_no_row(name: str, rows: int, width: int, first: str) -> None:
    reader, found = read(name)
    assert reader.header_row == 0
    assert len(found) == rows
    assert reader.columns == [f"column_{place}" for place in range(1, width + 1)]
    assert found[0].number == 1
    assert found[0].values["column_1"] == first


def test_all_postcodes() -> None:
    names = [name for name in _TABLES if name.endswith(".csv.gz") and "codepoint_open" in name]
    assert sum(len(read(name)[1]) for name in names) == 133_114


def test_the_volunteers_sheet() -> None:
    reader, rows = read("assets/newcastle_community_groups_mapjam_2019_messy.csv")
    assert reader.columns[:5] == ["Contacted", "Responded", "Met", "Name", "Postcode"]
    assert len(rows) == 183 - 4  # four of the 183 rows are blank
    assert rows[0].values["Tags"] == "Environmental; Permaculture; Food; Learning/Training/Skills"
    assert rows[0].values["Met"] == "3011/2018 phone"


def test_the_council_file_in_windows_encoding_with_repeated_names() -> None:
    reader, rows = read("assets/cheltenham_council_land_and_assets_2021.csv")
    assert reader.encoding == "cp1252"
    assert reader.columns[:4] == [
        "Organisation",
        "OrganisationLabel",
        "Organisation (2)",
        "OrganisationLabel (2)",
    ]
    assert len(rows) == 498
    assert rows[0].values["PostCode"] == "GL50 1DY"


def test_a_workbook_with_a_cover_sheet_and_padded_headers() -> None:
    path = next(ROOT.glob("deprivation/imd2019_File_10*.xlsx"))
    with open_table(path, sheet="Income") as reader:
        assert "Income - Average rank" in reader.columns
        assert len(list(reader)) == 317
    with open_table(path) as reader:
        assert reader.sheet == "IMD"
        assert reader.sheets[:3] == ["Notes", "IMD", "Income"]
    with pytest.raises(FileProblem, match="holds no rows"):
        open_table(path, sheet="Notes")


def test_polygons_come_with_the_system_that_geojson_means() -> None:
    reader, rows = read("boundaries/la2024_england_simplified.geojson.gz")
    assert reader.crs in {"OGC:CRS84", "EPSG:4326"}
    assert len(rows) == 296
    assert {row.geometry.geom_type for row in rows if row.geometry} == {"MultiPolygon"}
