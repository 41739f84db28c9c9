"""The manifest: which file holds what, where it comes from, and its checksum."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from data.packs.demo.make import spec
from data.packs.demo.make.indicators import VALUE_COLUMNS as INDICATOR_VALUES
from data.packs.demo.make.streets import EDGE_COLUMNS as STREET_EDGES
from data.packs.demo.make.streets import NODE_COLUMNS as STREET_NODES
from data.packs.demo.make.tables import CHANGES, NESTING, boundary_file, lookup_file
from data.packs.demo.make.write import checksum, write_bytes

Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]
Table = dict[str, Value]

HEAD: Final[Table] = {
    "name": "demo",
    "title": spec.PLACE,
    "label": "demonstration data",
    "invented": True,
    "description": (
        f"{spec.PLACE} is an invented town on an invented estuary, with its villages. It is drawn "
        "about 70 km out in the North Sea, so that nobody takes it for a real place. Every "
        "outline, figure, name, address and number is made up by a program from a seed."
    ),
    "projected_crs": "EPSG:27700",
    "time_zone": "Europe/London",
    "languages": ["en-GB"],
    "licence": spec.LICENCE,
    "attribution": f"{spec.PLACE} demonstration data, invented for Hereabouts",
    "vintage": spec.VINTAGE,
    "seed": spec.SEED,
}
AREA_TYPES: Final[tuple[Table, ...]] = (
    {
        "code": "lsoa",
        "name": "neighbourhood",
        "plural": "neighbourhoods",
        "position": 1,
        "publishing": False,
    },
    {"code": "msoa", "name": "district", "plural": "districts", "position": 2, "publishing": True},
    {"code": "ward", "name": "ward", "plural": "wards", "position": 3, "publishing": False},
    {
        "code": "authority",
        "name": "council",
        "plural": "councils",
        "position": 4,
        "publishing": False,
    },
)
WITH_LISTS: Final = ("organisations.csv", "assets.csv", "sites.csv")
BOUNDARIES: Final = (
    ("lsoa", 2011), ("lsoa", 2021), ("msoa", 2011), ("msoa", 2021), ("ward", 2025),
    ("authority", 2025),
)  # fmt: skip


def write_manifest(out: Path) -> None:
    """Writes pack.toml, with the checksum of every data file that it names."""
    lines = ["# Written by data/packs/demo/make: change that, not this.", "", *_pairs(HEAD)]
    study: Table = {
        "area_type": "authority",
        "boundary_year": 2025,
        "margin_m": 0,
        **_file(out, "study_area.geojson"),
    }
    lines += ["", "[study_area]", *_pairs(study)]
    for name, tables in _sections(out).items():
        for table in tables:
            lines += ["", f"[[{name}]]", *_pairs(table)]
    write_bytes(out / "pack.toml", ("\n".join(lines) + "\n").encode())


def _sections(out: Path) -> dict[str, list[Table]]:
    return {
        "area_types": list(AREA_TYPES),
        "boundaries": [_boundary(out, *key) for key in BOUNDARIES],
        "lookups": _lookups(out),
        "populations": [_population(out, year) for year in (2011, 2021)],
        "centroids": [_centroid(out, year) for year in (2011, 2021)],
        "postcodes": [_postcodes(out)],
        "indicators": [_table(out, "indicators.csv")],
        "indicator_values": [_table(out, "indicator_values.csv.gz", INDICATOR_VALUES)],
        "street_nodes": [_table(out, "street_nodes.csv.gz", STREET_NODES)],
        "street_edges": [_table(out, "street_edges.csv.gz", STREET_EDGES)],
        "categories": [_table(out, "categories.csv")],
        "organisations": [_table(out, "organisations.csv")],
        "assets": [_table(out, "assets.csv")],
        "sites": [_table(out, "sites.csv")],
        "backdrops": [{"columns": {"name": "name", "kind": "kind"}, **_file(out, "water.geojson")}],
    }


def _file(out: Path, name: str) -> Table:
    kind = "geojson" if ".geojson" in name else "csv"
    table: Table = {"file": name, "format": kind}
    if kind == "geojson":
        table["crs"] = "EPSG:4326"
    return table | {
        "source": spec.SOURCE,
        "licence": spec.LICENCE,
        "vintage": spec.VINTAGE,
        "sha256": checksum(out / name),
    }


def _boundary(out: Path, area_type: str, year: int) -> Table:
    return {
        "area_type": area_type,
        "boundary_year": year,
        "columns": {"code": "area_code", "name": "area_name"},
        **_file(out, boundary_file(area_type, year)),
    }


def _lookups(out: Path) -> list[Table]:
    tables: list[Table] = [
        {
            "kind": "change",
            **_ends((area_type, 2011), (area_type, 2021)),
            "columns": {"change": "change", "weight": "weight"},
            "weight_basis": "share of the from area's people of 2011",
            **_file(out, lookup_file((area_type, 2011), (area_type, 2021))),
        }
        for area_type in CHANGES
    ]
    tables += [
        {"kind": kind, **_ends(child, parent), **_file(out, lookup_file(child, parent))}
        for kind, child, parent in NESTING
    ]
    return tables


def _ends(child: tuple[str, int], parent: tuple[str, int]) -> Table:
    return {
        "from": {"area_type": child[0], "boundary_year": child[1], "column": "from_code"},
        "to": {"area_type": parent[0], "boundary_year": parent[1], "column": "to_code"},
    }


def _population(out: Path, year: int) -> Table:
    return {
        "area_type": "lsoa",
        "boundary_year": year,
        "period": f"{year}-03",
        "where": {"boundary_year": year},
        "columns": {
            "code": "area_code",
            "age_from": "age_from",
            "age_to": "age_to",
            "people": "people",
        },
        **_file(out, "populations.csv.gz"),
    }


def _centroid(out: Path, year: int) -> Table:
    return {
        "area_type": "lsoa",
        "boundary_year": year,
        "where": {"boundary_year": year},
        "columns": {"code": "area_code", "lon": "lon", "lat": "lat", "basis": "basis"},
        "crs": "EPSG:4326",
        **_file(out, "centroids.csv"),
    }


def _postcodes(out: Path) -> Table:
    return {
        "area_type": "lsoa",
        "boundary_year": 2021,
        "columns": {"postcode": "postcode", "lon": "lon", "lat": "lat", "code": "area_code"},
        "crs": "EPSG:4326",
        **_file(out, "postcodes.csv.gz"),
    }


def _table(out: Path, name: str, columns: Sequence[str] = ()) -> Table:
    found = columns or (out / name).read_text().split("\n", 1)[0].split(",")
    lists: Table = {"list_separator": ";"} if name in WITH_LISTS else {}
    crs: Table = {"crs": "EPSG:4326"} if any("lon" in c.split("_") for c in found) else {}
    return {"columns": _same(found), **lists, **crs, **_file(out, name)}


def _same(columns: Sequence[str]) -> Table:
    """Columns whose headings are the service's own words."""
    return {column: column for column in columns}


def _pairs(table: Mapping[str, Value]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_pairs(value)) + " }"
    return "[" + ", ".join(_value(item) for item in value) + "]"
