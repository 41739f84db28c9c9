"""A manifest with a slip in it: every sentence names the file, the key, and what to do."""

from pathlib import Path

import pytest

from app.packs.finding import Shelves
from app.packs.manifest import PackProblem, read_manifest
from app.packs.service import check_pack
from tests.packs.small_pack import SmallPack

BOX = 'source = "boxes"\narea_type = "box"'
POVERTY = 'code = "poverty"'
FOR_EACH = f'for_each = [{{ what = "a" }}]\n{POVERTY}'

SLIPS = [
    ("[[boundaries]]", "[[boundarys]]", "no such key; do you mean `boundaries`?"),
    (
        'kind = "within"',
        'kind = "within"\nweigths = 1',
        "`lookups.0.weigths` (on): there is no such key",
    ),
    ('title = "Twelve boxes"', "", "`title`: is missing."),
    (
        'boundary_year = 2021\nperiod = "2021"\ncolumns = { code = "code", age',
        'boundary_year = 2021\ncolumns = { code = "code", age',
        "`populations.0.period` (people): is missing.",
    ),
    (
        "boundary_year = 2011",
        'boundary_year = "two"',
        "`boundaries.1.boundary_year` (old): input should be a valid integer",
    ),
    (
        "position = 2",
        "position = 200",
        "`area_types.1.position` (shelf): input should be less than",
    ),
    ("position = 2", "position = 1", "`area_types`: position 1 stands twice."),
    (
        BOX,
        BOX.replace('"boxes"', '"boxs"'),
        "source 'boxs' is not among `sources`; do you mean 'boxes'?",
    ),
    (
        BOX,
        BOX.replace('"box"', '"bix"'),
        "`boundaries`: 'bix' is not among `area_types`; do you mean 'box'?",
    ),
    (
        'boundary_year = 2021\nperiod = "2021"\ncolumns = { code = "code", age',
        'boundary_year = 2022\nperiod = "2021"\ncolumns = { code = "code", age',
        "names box 2022, of which there are no boundaries; there are box 2021",
    ),
    (
        POVERTY,
        f'{POVERTY}\nformat = "nomiss"',
        ("`indicators.1.format` (poverty): no format 'nomiss'; choose one of plain, iod, nomis"),
    ),
    (
        POVERTY,
        f"{FOR_EACH}\ntopic = '{{which}}'",
        "`indicators`: {which} in '{which}' is none of: what.",
    ),
    (POVERTY, f"for_each = 3\n{POVERTY}", "`indicators`: write `for_each` as a list of tables"),
    (POVERTY, f'for_each = ["a"]\n{POVERTY}', "`indicators`: write `for_each` as a list of tables"),
    (
        POVERTY,
        f'ranks = "poverti"\n{POVERTY}',
        (
            "`indicators` (poverty) ranks names 'poverti', which is "
            "not among `indicators`; do you mean 'poverty'?"
        ),
    ),
    (
        'denominator = "people"',
        'denominator = { indicator = "pupil" }',
        (
            "`indicators` (poverty) "
            "denominator names 'pupil', which is not among `indicators`; do you mean 'pupils'?"
        ),
    ),
    (
        'denominator = "people"',
        'denominator = "peple"',
        (
            "`indicators.1.denominator` (poverty): input "
            "should be 'people', 'own' or 'none' (it is 'peple')."
        ),
    ),
    (
        'denominator = "people"',
        "",
        "`indicators.1` (poverty): `aggregate` by mean needs a `denominator`",
    ),
    (
        '"high is bad"',
        '"bad"',
        "`indicators.1.polarity` (poverty): input should be 'high is bad', ",
    ),
    (
        "position = 1 }",
        "position = 1, publishing = true }",
        ("`area_types`: only one may be publishing, not box, shelf."),
    ),
    (
        "EPSG:32630",
        "EPSG:4326",
        (
            "`projected_crs`: 'EPSG:4326' does not measure in metres on a plane. "
            "Name the national grid, or a UTM zone"
        ),
    ),
    (
        "EPSG:32630",
        "EPSG:99",
        "`projected_crs`: 'EPSG:99' is not a coordinate system we know. Write",
    ),
    ('file = "on.csv"', 'file = "on.csv"\ncrs = "grid"', "`sources.on.crs`: 'grid' is not a coord"),
    (
        'file = "on.csv"',
        'file = "../on.csv"',
        "`sources.on.file`: must lie inside the folder of the",
    ),
    ('file = "on.csv"\n', "", "`sources.on`: needs `file` with its `sha256`, or several `files`"),
    ('sha256 = "@on.csv"', 'sha256 = "12ab"', "`sources.on.sha256`: string should match pattern"),
    (BOX, f"{BOX}\nwhere = {{ kind = 1.5 }}", "`boundaries.0.where.kind` (boxes): "),
    (
        BOX.replace("boxes", "old"),
        BOX.replace("boxes", "old") + "\nmember_column = 'x'",
        "`boundaries.1` (old): `dissolve` and `member_column` go together",
    ),
    ('name = "twelve-boxes"', 'name = "Twelve boxes"', "`name`: string should match pattern"),
    ('name = "twelve-boxes"', "name = twelve", "cannot be read as TOML"),
    ('languages = ["en-GB"]', "languages = []", "`languages`: list should have at least 1 item"),
    (
        'time_zone = "Europe/London"',
        'time_zone = "Europe/Londn"',
        "is no time zone; do you mean 'Europe/London'?",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS)
def test_a_slip_is_told_by_file_key_and_remedy(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = tmp_path / "boxes-pack"
    folder.mkdir()
    pack = SmallPack(folder)
    assert old in pack.manifest
    pack.write_manifest(lambda manifest: manifest.replace(old, new, 1))
    with pytest.raises(PackProblem) as caught:
        read_manifest(folder)
    lines = str(caught.value).splitlines()
    assert all(line.startswith("boxes-pack/pack.toml") for line in lines)
    assert any(said in line for line in lines), lines
    assert not any("literal[" in line or "Entry" in line for line in lines)


def test_boundaries_that_stand_twice_are_told(tmp_path: Path) -> None:
    pack = SmallPack(tmp_path)
    pack.write_manifest(
        lambda manifest: manifest.replace("year = 2011\ncol", "year = 2021\ncol", 1)
    )
    with pytest.raises(PackProblem, match=r"`boundaries`: box 2021 stands twice\."):
        read_manifest(tmp_path)


def test_a_mark_at_the_beginning_as_windows_editors_write_it_does_no_harm(tmp_path: Path) -> None:
    pack = SmallPack(tmp_path)
    pack.write_manifest(lambda manifest: f"\ufeff{manifest}")
    assert read_manifest(tmp_path).name == "twelve-boxes"


def test_a_manifest_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    SmallPack(tmp_path)
    (tmp_path / "pack.toml").write_bytes('title = "São"'.encode("latin-1"))
    with pytest.raises(PackProblem, match=r"pack.toml cannot be read as TOML: 'utf-8' codec"):
        read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackProblem, match=r"is not a pack: it has no pack\.toml"):
        read_manifest(tmp_path)


def test_every_slip_is_told_at_once(tmp_path: Path) -> None:
    pack = SmallPack(tmp_path)
    pack.write_manifest(
        lambda manifest: (
            manifest.replace('kind = "within"', 'kind = "inside"')
            .replace("boundary_year = 2011", "boundary_year = 11")
            .replace('unit = "pupils"', "")
        )
    )
    with pytest.raises(PackProblem) as caught:
        read_manifest(tmp_path)
    said = str(caught.value)
    for key in ("`lookups.0.kind` (on)", "`boundaries.1.boundary_year` (old)",
                "`indicators.0.unit` (pupils): is missing"):  # fmt: skip
        assert key in said


def test_a_checksum_that_differs_is_told_with_the_one_there_is(tmp_path: Path) -> None:
    pack = SmallPack(tmp_path)
    pack.write_manifest(lambda manifest: manifest.replace("@on.csv", "0" * 64))
    with pytest.raises(PackProblem) as caught:
        check_pack(tmp_path, Shelves())
    said = str(caught.value)
    assert said.startswith(f"on.csv is not the file that {tmp_path.name}/pack.toml describes (its")
    assert "correct `sha256` of `sources.on` if the change is wanted" in said


def test_a_file_that_is_missing_is_told_with_where_it_was_looked_for(tmp_path: Path) -> None:
    SmallPack(tmp_path)
    (tmp_path / "on.csv").unlink()
    with pytest.raises(PackProblem) as caught:
        check_pack(tmp_path, Shelves())
    assert "on.csv" in str(caught.value)
    assert "MIRROR=" in str(caught.value)


def test_a_null_that_no_database_can_keep_is_told(tmp_path: Path) -> None:
    pack = SmallPack(tmp_path)
    pack.write_manifest(lambda manifest: manifest.replace("Twelve boxes", "Twelve\\u0000"))
    with pytest.raises(PackProblem, match=r"pack\.toml holds \\u0000, which no text can hold"):
        read_manifest(tmp_path)
