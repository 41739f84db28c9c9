"""Manifests written short: `for_each` and `include`."""

from pathlib import Path

import pytest

from app.packs.expanding import PlaceholderError, expand, merge
from app.packs.finding import checksum_pack
from app.packs.manifest import PackProblem, read_manifest

PLACE = """
name = "here"
title = "Here"
projected_crs = "EPSG:32630"
time_zone = "Europe/London"
languages = ["en-GB"]
include = ["../shared.toml"]
area_types = [{ code = "box", name = "box", plural = "boxes", position = 1 }]

[[boundaries]]
source = "boxes"
area_type = "box"
boundary_year = 2021
columns = { code = "c" }
"""

SHARED = """
title = "Elsewhere"

[sources.boxes]
title = "Boxes"
licence = "CC0-1.0"
vintage = "2021"
file = "boxes.csv"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
"""


def test_each_line_makes_a_table_and_fills_its_words() -> None:
    table = {
        "code": "{key}_score",
        "name": "{name}: score",
        "unit": "score",
        "columns": {"value": "{column}_score", "code": "area"},
        "for_each": [
            {"key": "income", "name": "Income", "column": "Income"},
            {"key": "crime", "name": "Crime", "column": "C", "unit": "per 1,000"},
        ],
    }
    assert expand([table, {"code": "plain"}]) == [
        {
            "code": "income_score",
            "name": "Income: score",
            "unit": "score",
            "columns": {"value": "Income_score", "code": "area"},
        },
        {
            "code": "crime_score",
            "name": "Crime: score",
            "unit": "per 1,000",
            "columns": {"value": "C_score", "code": "area"},
        },
        {"code": "plain"},
    ]


def test_a_word_that_no_line_has_is_told() -> None:
    with pytest.raises(PlaceholderError, match=r"\{nmae\} in '\{nmae\}: score' is none of: name"):
        expand([{"name": "{nmae}: score", "for_each": [{"name": "Income"}]}])


def test_an_included_file_comes_first_and_the_manifest_counts() -> None:
    below = {"title": "Below", "sources": {"a": 1, "b": 2}, "lookups": [1]}
    above = {"title": "Above", "sources": {"b": 3}, "lookups": [2]}
    assert merge(below, above) == {
        "title": "Above",
        "sources": {"a": 1, "b": 3},
        "lookups": [1, 2],
    }


def write(folder: Path, place: str = PLACE, shared: str = SHARED) -> Path:
    """Write a pack that includes a file beside its folder."""
    pack = folder / "packs" / "here"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "pack.toml").write_text(place)
    (pack.parent / "shared.toml").write_text(shared)
    return pack


def test_sources_may_stand_in_a_file_that_packs_share(tmp_path: Path) -> None:
    manifest = read_manifest(write(tmp_path))
    assert manifest.title == "Here"
    assert manifest.sources["boxes"].file == "boxes.csv"


def test_a_change_of_the_shared_file_is_a_change_of_the_pack(tmp_path: Path) -> None:
    before = checksum_pack(write(tmp_path), {})
    after = checksum_pack(write(tmp_path, shared=SHARED.replace("Boxes", "Crates")), {})
    assert before != after


@pytest.mark.parametrize(
    ("include", "said"),
    [
        ('["../../secret.toml"]', "lies outside the folder of the packs"),
        ('["/etc/passwd"]', "lies outside the folder of the packs"),
        ('["../gone.toml"]', "there is no file ../gone.toml"),
        ('"../shared.toml"', "must be a list of file names"),
    ],
)
def test_what_cannot_be_included_is_told(tmp_path: Path, include: str, said: str) -> None:
    pack = write(tmp_path, PLACE.replace('["../shared.toml"]', include))
    with pytest.raises(PackProblem, match=said):
        read_manifest(pack)


def test_a_broken_included_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackProblem, match=r"packs/shared\.toml cannot be read as TOML"):
        read_manifest(write(tmp_path, shared="title = "))
