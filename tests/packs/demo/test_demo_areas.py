"""The invented town's areas: one coverage in two years, and lookups that lose nobody."""

import gzip
import hashlib
import importlib
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from app.packs.manifest import read_manifest

ROOT = Path(__file__).parents[3]
PACK = ROOT / "data" / "packs" / "demo"
LEVELS = ("lsoa_2011", "lsoa_2021", "msoa_2011", "msoa_2021", "ward_2025", "authority_2025")
# Stated growth of the town between the two boundary years.
PEOPLE = {2011: 179_400, 2021: 190_300}


def outlines(level: str) -> dict[str, shapely.geometry.base.BaseGeometry]:
    text = gzip.decompress((PACK / f"{level}.geojson.gz").read_bytes())
    return {
        feature["properties"]["area_code"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in json.loads(text)["features"]
    }


@pytest.fixture(scope="module")
def levels() -> dict[str, dict[str, shapely.geometry.base.BaseGeometry]]:
    return {level: outlines(level) for level in LEVELS}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return tomllib.loads((PACK / "pack.toml").read_text())


def people() -> pd.Series:
    """People of each small area, by boundary year and code."""
    table = pd.read_csv(PACK / "populations.csv.gz")
    return table.groupby(["boundary_year", "area_code"])["people"].sum()


def test_running_the_generator_again_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    importlib.import_module("data.packs.demo.make.build").build(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in PACK.iterdir() if path.is_file()}
    kept.pop("README.md")
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_the_pack_is_small() -> None:
    assert sum(path.stat().st_size for path in PACK.iterdir() if path.is_file()) < 1_200_000


def test_the_manifest_says_invented_and_gives_true_checksums(manifest: dict[str, Any]) -> None:
    assert manifest["invented"] is True
    assert manifest["label"] == "demonstration data"
    for source in manifest["sources"].values():
        content = (PACK / source["file"]).read_bytes()
        assert source["sha256"] == hashlib.sha256(content).hexdigest(), source["file"]
        assert source["licence"] == "CC0-1.0"
        assert source["title"]
    files = {path.name for path in PACK.iterdir() if path.is_file()} - {"README.md", "pack.toml"}
    assert {source["file"] for source in manifest["sources"].values()} == files


def test_the_manifest_names_columns_that_exist(manifest: dict[str, Any]) -> None:
    tables = [table for part in manifest.values() if isinstance(part, list) for table in part]
    reading = [table for table in tables if "source" in table]
    assert {table["source"] for table in reading} == set(manifest["sources"])
    for table in reading:
        file = manifest["sources"][table["source"]]["file"]
        if ".csv" not in file:
            continue
        found = set(pd.read_csv(PACK / file, nrows=1).columns)
        columns = {*table.get("columns", {}).values(), *table.get("where", {})}
        columns |= {table[end]["column"] for end in ("from", "to") if end in table}
        assert columns <= found, file


def test_the_manifest_is_one_that_loads() -> None:
    """Tables that are kept for later are read as well, and none has a key that means nothing."""
    read = read_manifest(PACK)
    assert len(read.indicators) == 46
    assert read.organisations[0].columns["name"] == "name"


@pytest.mark.parametrize("level", LEVELS)
def test_areas_cover_without_gap_or_overlap(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]], level: str
) -> None:
    areas = levels[level]
    invalid = [code for code, shape in areas.items() if not shape.is_valid]
    assert len(invalid) == (1 if level == "lsoa_2011" else 0)
    repaired = np.array([shapely.make_valid(shape) for shape in areas.values()])
    assert shapely.coverage_is_valid(repaired)
    assert not any(part.interiors for part in shapely.get_parts(shapely.union_all(repaired)))


def test_every_level_and_year_has_the_same_outline(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    faulty = [code for code, shape in levels["lsoa_2011"].items() if not shape.is_valid]
    whole = shapely.union_all(list(levels["lsoa_2021"].values()))
    for level, areas in levels.items():
        mended = {code: levels["lsoa_2021"][code] for code in faulty if code in areas}
        outline = shapely.union_all(list((areas | mended).values()))
        # Square degrees: 1e-11 is under a tenth of a square metre here.
        assert outline.symmetric_difference(whole).area < 1e-11, level


def test_the_fault_is_a_bow_tie_of_a_few_metres(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    code, shape = next((c, s) for c, s in levels["lsoa_2011"].items() if not s.is_valid)
    assert "Self-intersection" in shapely.is_valid_reason(shape)
    repaired = shapely.make_valid(shape)
    good = levels["lsoa_2021"][code]
    assert repaired.symmetric_difference(good).area < 1e-4 * good.area


def test_small_areas_are_neither_slivers_nor_squares(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    shapes = shapely.transform(
        list(levels["lsoa_2021"].values()), lambda xy: xy * np.array([65_600.0, 111_300.0])
    )
    round_share = np.array([4 * np.pi * s.area / s.length**2 for s in shapes])
    assert round_share.min() > 0.05
    assert np.median([len(shapely.get_coordinates(s)) for s in shapes]) > 30
    assert max(s.area for s in shapes) > 10 * np.median([s.area for s in shapes])


def test_people_of_an_area_are_plausible_and_add_up_to_the_stated_totals() -> None:
    counts = people()
    for year, total in PEOPLE.items():
        areas = counts.loc[year]
        assert areas.sum() == total
        assert areas[areas > 0].between(1000, 3000).all()
    assert (counts.loc[2011] == 0).sum() == 0
    assert (counts.loc[2021] == 0).sum() == 1


def test_changed_areas_share_out_all_their_people() -> None:
    changes = pd.read_csv(PACK / "lookup_lsoa_2011_lsoa_2021.csv")
    assert changes.groupby("from_code")["weight"].sum().round(6).eq(1).all()
    before = people().loc[2011]
    moved = changes["weight"] * changes["from_code"].map(before)
    assert moved.sum() == pytest.approx(PEOPLE[2011], abs=0.01)
    # A weight of nought is a real share: the docks had nobody.
    assert (changes["weight"] == 0).sum() == 1


def test_unchanged_areas_keep_code_and_outline_and_changed_ones_do_not(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    changes = pd.read_csv(PACK / "lookup_lsoa_2011_lsoa_2021.csv")
    by_kind = changes.groupby("change")["from_code"].nunique()
    assert by_kind["S"] >= 5
    assert by_kind["M"] == 6
    assert by_kind["X"] == 2
    unchanged = changes[changes["change"] == "U"]
    assert (unchanged["from_code"] == unchanged["to_code"]).all()
    for code in unchanged["from_code"]:
        old, new = levels["lsoa_2011"][code], levels["lsoa_2021"][code]
        assert not old.is_valid or old.equals(new)
    changed = changes[changes["change"] != "U"]
    assert not set(changed["from_code"]) & set(changed["to_code"])


def test_every_lookup_knows_every_area_once(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]], manifest: dict[str, Any]
) -> None:
    for lookup in manifest["lookups"]:
        table = pd.read_csv(PACK / manifest["sources"][lookup["source"]]["file"])
        ends = [lookup[end] for end in ("from", "to")]
        child, parent = (f"{end['area_type']}_{end['boundary_year']}" for end in ends)
        assert set(table["from_code"]) == set(levels[child])
        assert set(table["to_code"]) == set(levels[parent])
        if lookup["kind"] != "change":
            assert table["from_code"].is_unique


def test_larger_areas_are_made_of_the_smaller_ones(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    table = pd.read_csv(PACK / "lookup_lsoa_2021_msoa_2021.csv")
    for code, members in table.groupby("to_code")["from_code"]:
        joined = shapely.union_all([levels["lsoa_2021"][member] for member in members])
        assert joined.symmetric_difference(levels["msoa_2021"][str(code)]).area < 1e-12


def test_a_publishing_area_is_never_too_small_to_hide_in(manifest: dict[str, Any]) -> None:
    publishing = [t["code"] for t in manifest["area_types"] if t["publishing"]]
    assert publishing == ["msoa"]
    for year in (2011, 2021):
        table = pd.read_csv(PACK / f"lookup_lsoa_{year}_msoa_{year}.csv")
        counts = table["from_code"].map(people().loc[year]).groupby(table["to_code"]).sum()
        assert counts.min() >= 1000


def test_centroids_lie_in_their_areas(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    table = pd.read_csv(PACK / "centroids.csv")
    for row in table.itertuples():
        shape = shapely.make_valid(levels[f"lsoa_{row.boundary_year}"][str(row.area_code)])
        assert shape.contains(shapely.Point(float(str(row.lon)), float(str(row.lat))))
    assert table["basis"].eq("area").sum() == 1


def test_the_place_lies_in_the_open_sea_off_england(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    west, south, east, north = shapely.total_bounds(list(levels["authority_2025"].values()))
    # Holderness ends west of 0.2 degrees east at these latitudes.
    assert 1.0 < west < east < 1.4
    assert 53.7 < south < north < 54.0


def test_postcodes_lie_in_their_area_but_for_one_on_a_border(
    levels: dict[str, dict[str, shapely.geometry.base.BaseGeometry]],
) -> None:
    table = pd.read_csv(PACK / "postcodes.csv.gz")
    tidy = table["postcode"].str.upper().str.replace(" ", "")
    assert len(table) == 2500
    assert tidy.is_unique
    assert tidy.str.fullmatch(r"HF\d{1,2}\d[ABD-HJLNP-UW-Z]{2}").all()
    assert (~table["postcode"].str.contains(" ")).sum() == 1
    assert (table["postcode"] != table["postcode"].str.upper()).sum() == 1
    shapes = np.array([levels["lsoa_2021"][code] for code in table["area_code"]])
    points = np.array(
        [shapely.Point(spot) for spot in zip(table["lon"], table["lat"], strict=True)]
    )
    assert (~shapely.contains(shapes, points)).sum() == 1
    border = int(np.flatnonzero(~shapely.contains(shapes, points))[0])
    touching = [s for s in levels["lsoa_2021"].values() if s.touches(points[border])]
    assert len(touching) == 2
