"""Answers to take along: tables with units in the names of columns, and where all of it is from."""

import asyncio
import csv
import io
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import orjson
import pyogrio
import shapely
from numpy.typing import NDArray

from app.analysis import ground_queries
from app.analysis.keeping import Desk, read_kept, unpack
from app.analysis.models import KeptAnalysis
from app.analysis.schemas import AnalysisRead, NeedAsked
from app.core.public_reads import Reader
from app.geo.crs import wgs84
from app.indicators.service import read_indicator
from app.indicators.tabulating import FORMULA_STARTS

Form = Literal["csv", "geojson", "gpkg"]

MEDIA_TYPES: dict[Form, str] = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}

LONGEST = 60
"""Of the name of a column: some programs cut longer ones."""

DIGITS = 6
"""Of a degree in GeoJSON: a hand's breadth."""

Cell = str | float | None
"""Or a bool, which is a number too."""

Column = Sequence[Cell]
About = list[tuple[str, str]]


class Download(NamedTuple):
    """A file to take along."""

    name: str
    body: bytes
    media_type: str


async def write_download(desk: Desk, analysis_id: str, form: Form) -> Download:
    """Return an answer that is kept as a file.

    Raises:
        NotFoundError: There is none, or none any more.
    """
    kept = await read_kept(desk, analysis_id)
    answer = AnalysisRead.model_validate_json(await asyncio.to_thread(unpack, kept))
    asked = answer.asked
    async with desk.reads.look() as reader:
        shapes = {}
        if form != "csv":
            rows = await reader.fetch(ground_queries.SHAPES, asked.area_type, asked.boundary_year)
            shapes = {row["code"]: row["boundary"] for row in rows}
        about = await describe(desk, reader, kept, answer)
    outlines = shapely.from_wkb(
        np.array([shapes.get(code) for code in answer.areas.codes], dtype=object)
    )
    body = await asyncio.to_thread(_WRITERS[form], list_columns(answer), about, outlines)
    name = f"{slug(asked.category)}-{asked.method}-{analysis_id[:8]}.{form}"
    return Download(name, body, MEDIA_TYPES[form])


def list_columns(answer: AnalysisRead) -> dict[str, Column]:
    """Return the columns of an answer by their names, which say their units."""
    areas, asked = answer.areas, answer.asked
    people, unit = slug(asked.people), slug(answer.unit)
    short = slug(answer.shortfall_unit)
    names = {
        "access": f"access_{unit}",
        "distance_m": "distance_straight_m",
        "covered": f"covered_{people}",
        "is_uncovered": "is_uncovered",
        "shortfall": f"shortfall_{short}",
        "rank_gap": "rank_gap_minus_1_to_1",
    }
    columns: dict[str, Column] = {
        "code": areas.codes, "name": areas.names, people: areas.people,
        "edge_uncertain": areas.edge_uncertain,
    }  # fmt: skip
    columns |= {name[:LONGEST]: getattr(areas, field) for field, name in names.items()}
    if asked.need is not None:
        columns[f"need_{slug(asked.need)}"[:LONGEST]] = areas.need
        columns["provision_to_need_ratio"] = areas.ratio
    if answer.what_if is not None:
        after = answer.what_if.areas
        columns |= {
            f"after_{name}"[:LONGEST]: getattr(after, field) for field, name in names.items()
        }
    return columns


async def describe(desk: Desk, reader: Reader, kept: KeptAnalysis, answer: AnalysisRead) -> About:
    """Return what a file says of itself: question, method, data, sources, licences, notes."""
    asked = answer.asked
    said: About = [
        ("finding", answer.finding),
        ("analysis", f"/api/v1/analyses/{kept.id}"),
        ("hash of question and data", answer.hash),
        ("method", f"{asked.method}, version {answer.method_version}"),
        ("question as settled", asked.model_dump_json()),
        ("hashes of data", json.dumps(answer.data)),
        ("seed of intervals", answer.seed),
        ("answered", kept.kept_at.isoformat(timespec="seconds")),
        ("unit of access", answer.unit),
        ("unit of shortfall", answer.shortfall_unit),
    ]  # fmt: skip
    source = await reader.fetchval(ground_queries.AREA_SOURCE, asked.area_type, asked.boundary_year)
    said.append(("source of areas", f"{source or 'not kept any more'}; licence: see /sources"))
    if kept.asked["need"] is not None:
        async with desk.sessions() as session:
            for measure in NeedAsked.model_validate(kept.asked["need"]).measures:
                told = await read_indicator(session, measure.indicator)
                of = f"{told.name}, {asked.need_period}: {told.source}; licence: {told.licence}"
                said.append(("source of need", of))
    rows = await reader.fetch(ground_queries.SITE_SOURCES, [*kept.sites, *kept.area_sites])
    said += [
        ("source of places",
         f"{row['source']} ({row['places']}); licence: {row['licence'] or 'none stated'}")
        for row in rows
    ]  # fmt: skip
    said += [("note", note) for note in answer.notes]
    if answer.what_if is not None:
        said.append(("what if", answer.what_if.finding))
        said += [("change", words) for words in answer.what_if.changes]
        said += [("note", note) for note in answer.what_if.notes]
    return said


def slug(words: str) -> str:
    """Return words as the name of a column."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _write_csv(columns: dict[str, Column], about: About, _: NDArray[np.object_]) -> bytes:
    """Write lines that begin with # and say what it is, then RFC 4180 in UTF-8."""
    text = io.StringIO(newline="")
    for key, value in about:
        text.write(f"# {key}: {' '.join(value.split())}\r\n")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_disarm(cell) for cell in row] for row in zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def _write_geojson(
    columns: dict[str, Column], about: About, outlines: NDArray[np.object_]
) -> bytes:
    shapes = shapely.to_geojson(shapely.transform(outlines, lambda xy: np.round(xy, DIGITS)))
    features = [
        {
            "type": "Feature",
            "id": columns["code"][n],
            "geometry": None if shape is None else orjson.Fragment(shape),
            "properties": {name: column[n] for name, column in columns.items()},
        }
        for n, shape in enumerate(shapes.tolist())
    ]
    about_it = [{"what": key, "said": value} for key, value in about]
    return orjson.dumps({"type": "FeatureCollection", "about": about_it, "features": features})


def _write_geopackage(
    columns: dict[str, Column], about: About, outlines: NDArray[np.object_]
) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "analysis.gpkg"
        pyogrio.raw.write(
            path, shapely.to_wkb(outlines), [_stack(column) for column in columns.values()],
            list(columns), layer="areas", driver="GPKG", geometry_type="MultiPolygon",
            crs=wgs84().to_string(), promote_to_multi=True,
        )  # fmt: skip
        keys, values = zip(*about, strict=True)
        pyogrio.raw.write(
            path, None, [np.array(keys, dtype=object), np.array(values, dtype=object)],
            ["what", "said"], layer="about", driver="GPKG", geometry_type=None, crs=None,
            append=True,
        )  # fmt: skip
        return path.read_bytes()


def _stack(column: Column) -> NDArray[np.generic]:
    if all(isinstance(each, bool) for each in column):
        return np.array(column, dtype=bool)
    if any(isinstance(each, str) for each in column):
        return np.array(column, dtype=object)
    return np.array(column, dtype=np.float64)


def _disarm(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return str(cell).lower() if isinstance(cell, bool) else cell


_WRITERS = {"csv": _write_csv, "geojson": _write_geojson, "gpkg": _write_geopackage}
