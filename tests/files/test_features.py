"""Features and columns with types: GeoJSON, GeoPackage, shapefile, Parquet."""

import json
import sqlite3
import warnings
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from app.files import FileProblem, LimitPassed, Limits, UnknownFormat, UnsafeFile, open_table

INPUTS = Path(__file__).parent / "inputs"


def halls(crs: str | None = "EPSG:3857") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["Hütte", " Shed "], "seats": [40, 12]},
        geometry=[shapely.Point(1, 2), shapely.Point(3, 4)],
        crs=crs,
    )


def write(path: Path, crs: str | None = "EPSG:3857", layer: str | None = None) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a shapefile without .prj, which is the point
        halls(crs).to_file(path, layer=layer)
    return path


def shapefile_parts(folder: Path, crs: str | None = "EPSG:3857") -> list[Path]:
    folder.mkdir()
    write(folder / "halls.shp", crs)
    return sorted(folder.iterdir())


def zipped(path: Path, parts: list[Path], folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for part in parts:
            package.write(part, folder + part.name)
    return path


def run(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_geojson_streams_features_and_reads_the_legacy_crs_at_the_end() -> None:
    with open_table(INPUTS / "mixed.geojson") as reader:
        rows = list(reader)
    assert reader.format == "geojson"
    assert reader.crs == "EPSG:3857"
    assert reader.has_geometry
    assert reader.header_row is None
    assert reader.columns == ["id", "name", "size"]
    assert rows[0].number == 1
    assert rows[0].values == {"id": 7, "name": "Hut", "size": None}
    assert rows[0].geometry == shapely.Point(-1.5, 52.1)
    assert rows[1] == (2, {"id": None, "name": None, "size": None}, None, None)


def test_geojson_with_faults_in_features_goes_on() -> None:
    with open_table(INPUTS / "mixed.geojson") as reader:
        rows = list(reader)
    assert rows[2].values == {"id": None, "name": "Ring", "size": 3}
    assert rows[2].geometry is None
    assert rows[2].problem is not None
    assert "Row 3: the geometry (Polygon) is not valid GeoJSON" in rows[2].problem
    assert rows[3].problem is not None
    assert "Row 4 is not a GeoJSON feature" in rows[3].problem


def test_geojson_cut_in_the_middle_gives_what_is_whole_and_says_where_it_breaks() -> None:
    with open_table(INPUTS / "cut.geojson") as reader:
        rows = iter(reader)
        assert next(rows).values == {"name": "Hut"}
        with pytest.raises(FileProblem, match="breaks off in feature 2; 1 before it is") as caught:
            next(rows)
    assert caught.value.row == 2
    assert "Download or export the file again" in caught.value.sentence


def test_json_that_is_not_geojson_is_told_what_it_has() -> None:
    with pytest.raises(UnknownFormat) as caught:
        open_table(INPUTS / "not_geojson.json")
    assert "JSON but not GeoJSON: its top level has 'generator', 'elements'" in str(caught.value)
    assert "Export it as GeoJSON" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"name": "Hut"}]', "its top level is a list"),
        ('{"type": "Topology", "objects": {}}', "its type is 'Topology'"),
        ('{"type": "FeatureCollection"}', "its type is 'FeatureCollection'"),
        ("{", "breaks off before its first member"),
    ],
)
def test_other_json(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(UnknownFormat, match=sentence):
        open_table(path)


def test_a_collection_whose_type_stands_last_and_a_byte_order_mark(tmp_path: Path) -> None:
    point = {"geometry": {"coordinates": [1, 2], "type": "Point"}, "properties": {"a": 1}}
    text = json.dumps({"features": [{**point, "type": "Feature"}], "type": "FeatureCollection"})
    path = tmp_path / "last.geojson"
    path.write_text("\ufeff" + text, encoding="utf-8")
    with open_table(path) as reader:
        assert [row.geometry for row in reader] == [shapely.Point(1, 2)]
        assert reader.crs == "OGC:CRS84"


def test_a_single_feature_and_a_bare_geometry(tmp_path: Path) -> None:
    path = tmp_path / "one.geojson"
    path.write_text('{"type": "Point", "coordinates": [1, 2]}')
    with open_table(path) as reader:
        assert [(row.number, row.geometry) for row in reader] == [(1, shapely.Point(1, 2))]


def test_geojson_by_line_names_the_broken_line_and_goes_on() -> None:
    with open_table(INPUTS / "by_line.geojsonl") as reader:
        rows = list(reader)
    assert reader.format == "geojson-lines"
    assert reader.columns == ["name", "town"]
    assert [row.number for row in rows] == [1, 2, 4]
    assert rows[1].problem is not None
    assert "Row 2 is not valid JSON" in rows[1].problem
    assert rows[2].values == {"name": None, "town": "Anytown"}


@pytest.mark.parametrize("opening", ["[", '{"a":', "[1,"])
def test_nesting_without_end_is_refused(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "deep.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        + opening * 50_000
    )
    with pytest.raises(UnsafeFile, match="nests brackets more than 300 deep"):
        open_table(path)


def test_a_geometry_nested_too_deep_for_its_kind_is_left_out(tmp_path: Path) -> None:
    deep = "[" * 280 + "]" * 280
    path = tmp_path / "deep.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
        '"geometry": {"type": "Polygon", "coordinates": ' + deep + "}}]}"
    )
    with open_table(path) as reader:
        (row,) = reader
    assert row.geometry is None
    assert row.problem is not None
    assert "not valid GeoJSON" in row.problem


def test_brackets_in_texts_do_not_add_up(tmp_path: Path) -> None:
    feature = '{"type": "Feature", "properties": {"a": "[Read more"}, "geometry": null}'
    path = tmp_path / "texts.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [' + ",\n".join([feature] * 3000))
    with open_table(path) as reader, pytest.raises(FileProblem, match="in feature 3001; 3,000"):
        list(reader)


def test_a_feature_with_too_many_coordinates(tmp_path: Path) -> None:
    path = tmp_path / "long.geojson"
    line = shapely.LineString([(place, 0) for place in range(600)])
    gpd.GeoDataFrame({"a": [1]}, geometry=[line], crs="OGC:CRS84").to_file(path)
    with open_table(path, limits=Limits(coordinates=500)) as reader:
        (row,) = reader
    assert row.geometry is None
    assert row.problem is not None
    assert "Row 1: the geometry has 600 coordinates, more than the 500 allowed" in row.problem
    with pytest.raises(LimitPassed, match="without a feature being complete"):
        open_table(path, limits=Limits(line_characters=2_000))


def test_geopackage_with_two_layers(tmp_path: Path) -> None:
    path = write(tmp_path / "two.gpkg", layer="halls")
    write(path, "EPSG:4326", layer="others")
    with open_table(path) as reader:
        rows = list(reader)
    assert (reader.format, reader.layer, reader.layers) == (
        "geopackage",
        "halls",
        ["halls", "others"],
    )
    assert reader.crs == "EPSG:3857"
    assert reader.columns == ["fid", "name", "seats"]
    assert rows[1].values == {"fid": 2, "name": "Shed", "seats": 12}
    assert rows[1].geometry == shapely.Point(3, 4)
    assert any("there is also 'others'" in note for note in reader.notes)
    with open_table(path, layer="others") as reader:
        assert reader.crs == "EPSG:4326"
    with pytest.raises(FileProblem, match="no layer called 'shops'"):
        open_table(path, layer="shops")


def test_a_database_that_is_no_geopackage(tmp_path: Path) -> None:
    path = run(tmp_path / "plain.gpkg", "CREATE TABLE halls (name TEXT)")
    with pytest.raises(UnknownFormat, match="SQLite database but not a GeoPackage") as caught:
        open_table(path)
    assert "Export the layer as GeoPackage" in caught.value.sentence


def test_a_geopackage_layer_that_is_a_query_is_not_run(tmp_path: Path) -> None:
    path = write(tmp_path / "view.gpkg", layer="halls")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    run(
        path,
        f"CREATE VIEW trap AS {endless}",
        "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('trap', 'attributes')",
    )
    with pytest.raises(UnsafeFile, match=r"Layer 'trap' of 'view.gpkg' is a saved query"):
        open_table(path, layer="trap")


def test_a_geopackage_whose_catalogue_is_a_query_calling_functions(tmp_path: Path) -> None:
    path = write(tmp_path / "trap.gpkg", layer="halls")
    run(
        path,
        "ALTER TABLE gpkg_contents RENAME TO kept",
        "CREATE VIEW gpkg_contents AS SELECT lower('HALLS') AS table_name, "
        "'features' AS data_type FROM kept",
    )
    with pytest.raises(UnsafeFile, match="wants more than to be read"):
        open_table(path)


def test_a_geopackage_column_that_is_computed(tmp_path: Path) -> None:
    path = write(tmp_path / "computed.gpkg", layer="halls")
    run(path, "ALTER TABLE halls ADD COLUMN big AS (hex(zeroblob(400000000)))")
    with open_table(path) as reader:
        assert "big" not in reader.columns
        assert len(list(reader)) == 2


def test_a_damaged_geopackage(tmp_path: Path) -> None:
    path = write(tmp_path / "cut.gpkg", layer="halls")
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(FileProblem, match=r"'cut.gpkg' is a GeoPackage that is cut short"):
        open_table(path)


def test_a_geopackage_geometry_of_nonsense(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.gpkg", layer="halls")
    run(
        path,
        *(
            f"DROP TRIGGER {name}"
            for (name,) in sqlite3.connect(path).execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'halls'"
            )
        ),
        "UPDATE halls SET geom = x'0102' WHERE fid = 1",
    )
    with open_table(path) as reader:
        rows = list(reader)
    assert rows[0].problem is not None
    assert "Row 1: the geometry cannot be understood" in rows[0].problem
    assert rows[1].problem is None


def test_a_zipped_shapefile_in_a_folder(tmp_path: Path) -> None:
    path = zipped(tmp_path / "halls.zip", shapefile_parts(tmp_path / "parts"), "data/")
    with open_table(path) as reader:
        rows = list(reader)
    assert (reader.format, reader.member, reader.crs) == (
        "shapefile",
        "data/halls.shp",
        "EPSG:3857",
    )
    assert reader.columns == ["name", "seats"]
    assert [row.values["name"] for row in rows] == ["Hütte", "Shed"]
    assert rows[1].geometry == shapely.Point(3, 4)
    assert rows[1].number == 2


def test_a_shapefile_beside_its_parts_without_projection(tmp_path: Path) -> None:
    shapefile_parts(tmp_path / "parts", crs=None)
    with open_table(tmp_path / "parts" / "halls.shp") as reader:
        assert reader.crs is None
        assert any("does not state its coordinate system" in note for note in reader.notes)
        assert len(list(reader)) == 2


@pytest.mark.parametrize("ending", [".dbf", ".shx"])
def test_a_shapefile_without_one_of_its_parts(tmp_path: Path, ending: str) -> None:
    parts = [part for part in shapefile_parts(tmp_path / "parts") if part.suffix != ending]
    with pytest.raises(FileProblem, match=f"a shapefile without its {ending} file") as caught:
        open_table(zipped(tmp_path / "halls.zip", parts))
    assert "into one zip" in caught.value.sentence
    assert caught.value.field == ending


def test_a_shapefile_whose_parts_come_from_two_exports(tmp_path: Path) -> None:
    parts = shapefile_parts(tmp_path / "parts")
    halls().iloc[:1].to_file(tmp_path / "other.shp")
    (tmp_path / "parts" / "halls.dbf").write_bytes((tmp_path / "other.dbf").read_bytes())
    with pytest.raises(FileProblem, match=r"lists 2 shapes and its .dbf 1 records"):
        open_table(zipped(tmp_path / "halls.zip", parts))


def test_a_shapefile_cut_short(tmp_path: Path) -> None:
    shapefile_parts(tmp_path / "parts")
    path = tmp_path / "parts" / "halls.shp"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FileProblem, match="should have 156 bytes and has 136"):
        open_table(path)


def test_a_virtual_data_source_named_like_a_shapefile_is_not_opened() -> None:
    with pytest.raises(UnknownFormat, match=r"'virtual.shp' is an XML file"):
        open_table(INPUTS / "virtual.shp")


def test_parquet_keeps_types(tmp_path: Path) -> None:
    table = pa.table({"name": [" Hut ", None], "seats": [40, 12], "tags": [["a", "b"], []]})
    pq.write_table(table, tmp_path / "t.parquet")
    with open_table(tmp_path / "t.parquet") as reader:
        rows = list(reader)
    assert (reader.format, reader.crs, reader.has_geometry) == ("parquet", None, False)
    assert rows[0] == (1, {"name": "Hut", "seats": 40, "tags": ["a", "b"]}, None, None)


@pytest.mark.parametrize("crs", ["EPSG:3857", "OGC:CRS84"])
def test_geoparquet(tmp_path: Path, crs: str) -> None:
    halls(crs).to_parquet(tmp_path / "g.parquet")
    with open_table(tmp_path / "g.parquet") as reader:
        rows = list(reader)
    assert reader.crs == crs
    assert reader.columns == ["name", "seats"]
    assert rows[1].geometry == shapely.Point(3, 4)


def test_truncated_parquet(tmp_path: Path) -> None:
    halls().to_parquet(tmp_path / "g.parquet")
    content = (tmp_path / "g.parquet").read_bytes()
    (tmp_path / "g.parquet").write_bytes(content[: len(content) // 2])
    with pytest.raises(FileProblem, match="a Parquet file that is cut short") as caught:
        open_table(tmp_path / "g.parquet")
    assert "compare its size" in caught.value.sentence


def test_parquet_that_would_unpack_too_far(tmp_path: Path) -> None:
    table = pa.table({"a": ["x" * 1000 + str(place) for place in range(5_000)]})
    pq.write_table(table, tmp_path / "b.parquet", compression="zstd", use_dictionary=False)
    with pytest.raises(LimitPassed, match="unpacks to 5 MB, more than the 1 MB allowed"):
        open_table(tmp_path / "b.parquet", limits=Limits(unpacked_bytes=1_000_000))


def test_objects_inside_properties_become_columns_of_both_names(tmp_path: Path) -> None:
    path = tmp_path / "spaces.geojson"
    features = [
        {"name": "Hut", "hours": {"words": "Mondays", "times": " Mo 10:00-12:00 "}},
        {"name": "Barn", "hours": None, "people": [{"role": "key"}, {"role": "tea"}]},
    ]
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": None, "properties": f} for f in features],
    }
    path.write_text(json.dumps(collection))
    with open_table(path) as table:
        assert table.columns == ["name", "hours.words", "hours.times", "hours", "people.role"]
        hut, barn = (row.values for row in table)
    assert hut["hours.times"] == "Mo 10:00-12:00"
    assert barn["people.role"] == "key; tea"
    assert barn["hours.words"] is None


def test_records_in_a_list_that_the_caller_names(tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    grants = [
        {"id": "1", "recipient": [{"name": "The Reader", "id": "GB-CHC-1126806"}]},
        "not an object",
        {"id": "3", "recipient": []},
    ]
    path.write_text(json.dumps({"publisher": "A fund", "grants": grants}))
    with open_table(path, layer="grants") as table:
        assert table.columns == ["id", "recipient.name", "recipient.id", "recipient"]
        rows = list(table)
    assert rows[0].values["recipient.id"] == "GB-CHC-1126806"
    assert rows[1].problem == "Row 2 is no object with names and values."
    assert rows[2].values["recipient.name"] is None
    with pytest.raises(FileProblem, match="no list 'grant' at its top; it has 'publisher'"):
        open_table(path, layer="grant")
