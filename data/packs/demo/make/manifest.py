"""The manifest: which file holds what, where it comes from, and its checksum."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import shapely
import shapely.geometry

from data.packs.demo.make import spec
from data.packs.demo.make.listing import list_indicators
from data.packs.demo.make.streets import EDGE_COLUMNS as STREET_EDGES
from data.packs.demo.make.streets import NODE_COLUMNS as STREET_NODES
from data.packs.demo.make.tables import CHANGES, NESTING, boundary_file, lookup_file
from data.packs.demo.make.toml import Table, write_pairs
from data.packs.demo.make.write import checksum, write_bytes

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
    "holidays": "GB/ENG",
    "currency": "GBP",
    "attribution": f"{spec.PLACE} demonstration data, invented for Hereabouts",
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
BOUNDARIES: Final = (
    ("lsoa", 2011), ("lsoa", 2021), ("msoa", 2011), ("msoa", 2021), ("ward", 2025),
    ("authority", 2025),
)  # fmt: skip

# Beside outlines and lookups.
OTHER_FILES: Final = (
    "populations.csv.gz", "centroids.csv", "postcodes.csv.gz", "water.geojson",
    "indicator_values.csv.gz", "street_nodes.csv.gz", "street_edges.csv.gz", "categories.csv",
    "organisations.csv", "assets.csv", "sites.csv",
)  # fmt: skip
WITH_POINTS: Final = (
    "centroids.csv", "postcodes.csv.gz", "street_nodes.csv.gz", "organisations.csv", "sites.csv",
)  # fmt: skip

# What the service calls a column that has another heading here.
ORGANISATION_NAMES: Final = {
    "registered_role": "role",
    "registered_visibility": "address_visibility",
    "registered_address": "address",
    "registered_postcode": "postcode",
    "registered_lon": "lon",
    "registered_lat": "lat",
}
SITE_NAMES: Final = {"visibility": "site_visibility"}
UNREAD: Final = frozenset({"note", "works_in_boundary_year", "served_boundary_year"})
KINDS: Final[Table] = {
    "CIC": "social enterprise",
    "co-operative": "social enterprise",
    "community benefit society": "social enterprise",
    "community land trust": "social enterprise",
}


SEA_DEGREES: Final = 0.001
"""How far the ring around the sea may leave the shore: what lies between is too thin to be land."""


def write_manifest(out: Path) -> None:
    """Writes pack.toml, with the checksum of every data file."""
    head = f"# Written by data/packs/demo/make from the seed {spec.SEED}: change that, not this."
    lines = [head, "", *write_pairs(HEAD)]
    lines += ["", "[study_area]", *write_pairs({"margin_m": 0, "sea": _sea(out)})]
    for file in _list_files():
        lines += ["", f"[sources.{_key(file)}]", *write_pairs(_source(out, file))]
    for name, tables in _sections(out).items():
        for table in tables:
            lines += ["", f"[[{name}]]", *write_pairs(table)]
    write_bytes(out / "pack.toml", ("\n".join(lines) + "\n").encode())


def _sea(out: Path) -> list[list[list[float]]]:
    """Return rings around the water, drawn roughly: all the rest beyond the areas is land."""
    features = json.loads((out / "water.geojson").read_text())["features"]
    drawn = [shapely.geometry.shape(each["geometry"]).simplify(SEA_DEGREES) for each in features]
    return [
        [[round(lon, 4), round(lat, 4)] for lon, lat in part.exterior.coords[:-1]]
        for shape in drawn
        for part in shapely.get_parts(shape)
    ]


def _list_files() -> Iterator[str]:
    """Every data file, in the order in which the tables below need them."""
    yield from (boundary_file(*key) for key in BOUNDARIES)
    yield from (lookup_file((kind, 2011), (kind, 2021)) for kind in CHANGES)
    yield from (lookup_file(child, parent) for _, child, parent in NESTING)
    yield from OTHER_FILES


def _key(file: str) -> str:
    """The key of a file's source: its name up to the first full stop."""
    return file.split(".", 1)[0]


def _source(out: Path, file: str) -> Table:
    table: Table = {
        "title": spec.SOURCE,
        "licence": spec.LICENCE,
        "licence_url": spec.LICENCE_URL,
        "vintage": spec.VINTAGE,
        "file": file,
        "sha256": checksum(out / file),
    }
    has_places = ".geojson" in file or file in WITH_POINTS
    return {**table, "crs": "EPSG:4326"} if has_places else table


def _sections(out: Path) -> dict[str, list[Table]]:
    return {
        "area_types": list(AREA_TYPES),
        "boundaries": [_boundary(*key) for key in BOUNDARIES],
        "lookups": _lookups(),
        "populations": [_population(year) for year in (2011, 2021)],
        "centroids": [_centroid(year) for year in (2011, 2021)],
        "postcodes": [_postcodes()],
        "backdrops": [{"source": "water", "columns": {"name": "name", "kind": "kind"}}],
        "indicators": list_indicators("indicator_values"),
        "street_nodes": [_table("street_nodes", STREET_NODES)],
        "street_edges": [_table("street_edges", STREET_EDGES)],
        "categories": [_table("categories", _headings(out, "categories.csv"))],
        "organisations": [_organisations(_headings(out, "organisations.csv"))],
        "assets": [_community("assets", _headings(out, "assets.csv"), {})],
        "sites": [_community("sites", _headings(out, "sites.csv"), SITE_NAMES)],
    }


def _boundary(area_type: str, year: int) -> Table:
    return {
        "source": _key(boundary_file(area_type, year)),
        "area_type": area_type,
        "boundary_year": year,
        "columns": {"code": "area_code", "name": "area_name"},
    }


def _lookups() -> list[Table]:
    tables: list[Table] = [
        {
            "source": _key(lookup_file((area_type, 2011), (area_type, 2021))),
            "kind": "change",
            **_ends((area_type, 2011), (area_type, 2021)),
            "columns": {"change": "change", "weight": "weight"},
            "weight_basis": "share of the from area's people of 2011",
        }
        for area_type in CHANGES
    ]
    tables += [
        {"source": _key(lookup_file(child, parent)), "kind": kind, **_ends(child, parent)}
        for kind, child, parent in NESTING
    ]
    return tables


def _ends(child: tuple[str, int], parent: tuple[str, int]) -> Table:
    return {
        "from": {"area_type": child[0], "boundary_year": child[1], "column": "from_code"},
        "to": {"area_type": parent[0], "boundary_year": parent[1], "column": "to_code"},
    }


def _population(year: int) -> Table:
    return {
        "source": "populations",
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
    }


def _centroid(year: int) -> Table:
    return {
        "source": "centroids",
        "area_type": "lsoa",
        "boundary_year": year,
        "where": {"boundary_year": year},
        "columns": {"code": "area_code", "lon": "lon", "lat": "lat", "basis": "basis"},
    }


def _postcodes() -> Table:
    return {
        "source": "postcodes",
        "columns": {"postcode": "postcode", "lon": "lon", "lat": "lat"},
    }


def _headings(out: Path, file: str) -> list[str]:
    return (out / file).read_text().split("\n", 1)[0].split(",")


def _community(source: str, headings: Sequence[str], names: dict[str, str]) -> Table:
    """A table whose headings are the service's fields but for those in `names`."""
    return {"source": source, "columns": _name(headings, names)}


def _organisations(headings: Sequence[str]) -> Table:
    """The table of organisations, whose legal form tells what kind they are."""
    columns = {**_name(headings, ORGANISATION_NAMES), "kind": "legal_form"}
    return {"source": "organisations", "columns": columns, "values": {"kind": KINDS}}


def _name(headings: Sequence[str], names: dict[str, str]) -> dict[str, str]:
    return {names.get(each, each): each for each in headings if each not in UNREAD}


def _table(source: str, columns: Sequence[str]) -> Table:
    """A table of columns whose headings are the service's own words."""
    return {"source": source, "columns": {column: column for column in columns}}
