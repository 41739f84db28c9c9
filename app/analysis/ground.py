"""What an analysis is made of, as arrays: areas with their people, sites with their supply."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.analysis import ground_queries as queries
from app.analysis.methods.kernels import Floats
from app.analysis.methods.pairs import Places
from app.core.errors import BadRequestError, NotFoundError, UnavailableError
from app.core.public_reads import Reader, Record
from app.geo.crs import move_points, parse_projected_crs, reproject, wgs84
from app.geo.edges import measure_to_edge

PLACED = frozenset({"address", "place"})
"""Modes of a site that people go to."""


class Tokens(NamedTuple):
    """Which state of everything is read: what is kept belongs to one.

    Attributes:
        areas: Of areas, their people and lookups.
        assets: Of everything about assets.
        projected_crs: Where distances are measured.
        sea: Of where the sea is; '' where the pack does not say.
    """

    areas: str
    assets: str
    projected_crs: str
    sea: str


@dataclass(frozen=True)
class AreaGround:
    """The areas of one boundary set, those of the margin last.

    Attributes:
        area_type: The kind.
        boundary_year: The year of the outlines.
        plural: What several are called.
        codes: In gid order.
        names: Likewise.
        study_count: How many are in the place itself; the others are its margin.
        places: Where their people are, in projected metres.
        people: Of the ages that are asked for; 0 where the publisher gives none.
        unknown_people: Areas of the place that the publisher gives no people for.
        size_m2: Of each.
        edge_m: Straight metres from there to the nearest land that nothing is known of.
        is_coast_known: Whether the pack says where the sea is; else coasts count as such land.
    """

    area_type: str
    boundary_year: int
    plural: str
    codes: Sequence[str]
    names: Sequence[str]
    study_count: int
    places: Places
    people: Floats
    unknown_people: int
    size_m2: Floats
    edge_m: Floats
    is_coast_known: bool


class Spot(NamedTuple):
    """A point that a change names.

    Attributes:
        lon: In degrees.
        lat: In degrees.
        place: In projected metres.
        area: Number of the area that it lies in.
        area_name: What that is called.
        is_inside: Whether that is in the place itself; else it is in its margin.
    """

    lon: float
    lat: float
    place: tuple[float, float]
    area: int
    area_name: str
    is_inside: bool


@dataclass(frozen=True)
class SupplyGround:
    """The sites of a category that are provision.

    Attributes:
        ids: Public ids of the sites.
        assets: Public ids of what is had there.
        names: What it is called.
        places: In projected metres.
        capacity: As stated; NaN where it is not.
        capacity_units: Of the stated ones; '' where none is.
        owner: Number of the area that each lies in; -1: in none, or in one that is not told.
        is_area: Whether only its area is told: it stands at that area's own point.
        is_confirmed: Whether it is known to be there still.
        served: Shares of areas (rows) that sites (columns) serve wherever they are; None: none do.
        left_out: How many were left out, by why: 'not for delivery', 'online or by phone only'.
    """

    ids: Sequence[UUID]
    assets: Sequence[UUID]
    names: Sequence[str]
    places: Places
    capacity: Floats
    capacity_units: Sequence[str]
    owner: NDArray[np.int64]
    is_area: NDArray[np.bool_]
    is_confirmed: NDArray[np.bool_]
    served: csr_array | None
    left_out: dict[str, int]


async def read_tokens(reader: Reader) -> Tokens:
    """Return which state of everything is being read.

    Raises:
        UnavailableError: The place was loaded before it said where distances are measured.
    """
    row = await reader.fetchrow(queries.TOKENS)
    if not row["projected_crs"]:
        raise UnavailableError(
            "This place does not say in which coordinate system distances are measured. Load its "
            "pack again: hereabouts pack load."
        )
    return Tokens(row["areas"], row["assets"], row["projected_crs"], row["sea"] or "")


async def find_boundary_set(
    reader: Reader, area_type: str | None, boundary_year: int | None
) -> Record:
    """Return the boundary set of a kind of area: the smallest kind and the newest year without.

    Raises:
        NotFoundError: There is none.
    """
    found = await reader.fetchrow(queries.BOUNDARY_SET, area_type, boundary_year)
    if found is None:
        year = "" if boundary_year is None else f" of {boundary_year}"
        raise NotFoundError(
            f"There are no areas of kind {area_type or 'any'!r}{year} here; kinds are at "
            "/api/v1/area-types."
        )
    return found


async def find_category(reader: Reader, code: str) -> Record:
    """Return a category with what it is usually asked with.

    Raises:
        NotFoundError: There is none of this code.
    """
    found = await reader.fetchrow(queries.CATEGORY, code)
    if found is None:
        raise NotFoundError(
            f"There is no category {code!r}; all of them are at /api/v1/categories."
        )
    return found


class Edge(NamedTuple):
    """Where the data stop, of one boundary set.

    Attributes:
        away_m: Of each area, straight metres from where its people are to the nearest land that
            nothing is known of.
        is_coast_known: Whether the pack says where the sea is.
    """

    away_m: Floats
    is_coast_known: bool


async def read_edge(reader: Reader, found: Record, projected_crs: str) -> Edge:
    """Return where the data of a boundary set stop; it takes a second, and is worth keeping."""
    outlines = await reader.fetchrow(queries.OUTLINES, found["id"])
    centres = await reader.fetchrow(queries.CENTRES, found["id"])
    places = _project(centres["lons"], centres["lats"], projected_crs)

    def measure() -> Edge:
        crs = parse_projected_crs(projected_crs)
        shapes = reproject(shapely.from_wkb(outlines["outlines"]), wgs84(), crs)
        rings = None if outlines["sea"] is None else json.loads(outlines["sea"])
        sea = np.array([shapely.Polygon(ring) for ring in rings or ()], dtype=object)
        if len(sea):
            sea = reproject(shapely.segmentize(sea, SHORT_DEGREES), wgs84(), crs)
        away_m = measure_to_edge(shapes, places, sea.tolist())
        return Edge(away_m, is_coast_known=rings is not None)

    return await asyncio.to_thread(measure)


SHORT_DEGREES = 0.05
"""Straight lines of degrees are bent in metres; pieces this short are as good as straight."""


class Survey(NamedTuple):
    """How much a question takes, looked at before it is answered.

    Attributes:
        areas: How many take part.
        sites: Likewise.
        state: Another one for another state of everything that it is answered from.
    """

    areas: int
    sites: int
    state: str


async def read_state(reader: Reader) -> str:
    """Return a text that is another one for another state of everything."""
    state: str = await reader.fetchval(queries.STATE)
    return state


async def look_over(reader: Reader, category_id: int, set_id: int, state: str) -> Survey:
    """Return how much a question takes in a state of everything."""
    row = await reader.fetchrow(queries.COUNTS, category_id, set_id)
    return Survey(row["areas"], row["sites"], state)


async def read_areas(
    reader: Reader, found: Record, ages: tuple[int | None, int | None], projected_crs: str,
    edge: Edge,
) -> AreaGround:  # fmt: skip
    """Return the areas of a boundary set with their people of some ages.

    Args:
        reader: Sees one state of everything.
        found: From `find_boundary_set`.
        ages: Youngest and oldest, both included; None: no limit.
        projected_crs: Where distances are measured.
        edge: From `read_edge`.

    Raises:
        BadRequestError: The publisher's bands of age do not divide where the ages do.
    """
    row = await reader.fetchrow(queries.AREAS, found["id"], *ages)
    if row["straddles"]:
        raise BadRequestError(await _say_bands(reader, found["id"]))
    people = np.array(row["people"], dtype=np.float64)
    inside = np.array(row["is_inside"])
    return AreaGround(
        area_type=found["area_type"],
        boundary_year=found["boundary_year"],
        plural=found["plural"],
        codes=row["codes"],
        names=row["names"],
        study_count=int(inside.sum()),
        places=_project(row["lons"], row["lats"], projected_crs),
        people=np.nan_to_num(people),
        unknown_people=int(np.isnan(people[inside]).sum()),
        size_m2=np.array(row["hectares"], dtype=np.float64) * 1e4,
        edge_m=edge.away_m,
        is_coast_known=edge.is_coast_known,
    )


async def read_supply(
    reader: Reader, category_id: int, found: Record, area_count: int, projected_crs: str
) -> SupplyGround:
    """Return the sites of a category, narrower ones included, that people go to or that serve them.

    What is only registered somewhere is no provision, nor is what is had online or by phone alone,
    unless it says which areas it serves.
    """
    rows = await reader.fetch(queries.SITES, category_id, found["id"])
    delivering = [row for row in rows if row["role"] == "delivery"]
    serving = await reader.fetch(queries.SERVED, found["id"], [row["id"] for row in delivering])
    server_ids = {row["site_id"] for row in serving}
    kept = [
        row
        for row in delivering
        if row["id"] in server_ids or (row["mode"] in PLACED and row["lon"] is not None)
    ]
    columns = {row["id"]: number for number, row in enumerate(kept)}
    places = _project([row["lon"] or 0 for row in kept], [row["lat"] or 0 for row in kept],
                      projected_crs)  # fmt: skip
    # Who is served at home has no place to go to: nowhere is near it.
    places[[columns[each] for each in server_ids]] = FAR_AWAY_M
    return SupplyGround(
        ids=[row["public_id"] for row in kept],
        assets=[row["asset"] for row in kept],
        names=[row["name"] for row in kept],
        places=places,
        capacity=np.array([_or_nan(row["capacity"]) for row in kept], dtype=np.float64),
        capacity_units=[
            row["capacity_unit"] if row["capacity"] is not None else "" for row in kept
        ],
        owner=np.array([(row["owner"] or 0) - 1 for row in kept], dtype=np.int64),
        is_area=np.array([row["level"] == "area only" for row in kept], dtype=bool),
        is_confirmed=np.array([row["is_confirmed"] for row in kept], dtype=bool),
        served=_spread(serving, columns, area_count),
        left_out={
            "not for delivery": len(rows) - len(delivering),
            "online or by phone only": len(delivering) - len(kept),
        },
    )


async def find_spots(
    reader: Reader, found: Record, points: Sequence[tuple[float, float]], projected_crs: str
) -> list[Spot | None]:
    """Return where points of longitude and latitude lie; None for one that lies in no area."""
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    rows = {
        row["number"] - 1: row for row in await reader.fetch(queries.SPOTS, found["id"], lons, lats)
    }
    # Only those in the place: others may lie where its projection has no metres for them.
    inside = sorted(rows)
    projected = _project([lons[n] for n in inside], [lats[n] for n in inside], projected_crs)
    places = dict(zip(inside, projected.tolist(), strict=True))
    return [
        Spot(lons[n], lats[n], (places[n][0], places[n][1]), rows[n]["gid"] - 1, rows[n]["name"],
             rows[n]["in_study_area"]) if n in rows else None
        for n in range(len(points))
    ]  # fmt: skip


FAR_AWAY_M = 1e9
"""Where a site stands that nobody goes to: farther than anything on Earth."""


def _spread(serving: Sequence[Record], columns: dict[int, int], areas: int) -> csr_array | None:
    if not serving:
        return None
    shares = np.array([row["share"] for row in serving])
    rows = np.array([row["gid"] - 1 for row in serving])
    sites = np.array([columns[row["site_id"]] for row in serving])
    return csr_array((shares, (rows, sites)), shape=(areas, len(columns)))


def _project(lons: Sequence[float], lats: Sequence[float], crs: str) -> Places:
    degrees = np.column_stack([np.array(lons, dtype=np.float64), np.array(lats, dtype=np.float64)])
    return move_points(degrees.reshape(-1, 2), parse_projected_crs(crs))


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


async def _say_bands(reader: Reader, set_id: int) -> str:
    rows = await reader.fetch(queries.BANDS, set_id)
    bands = [
        f"{row['age_from']} and over" if row["age_to"] is None
        else f"{row['age_from']} to {row['age_to']}"
        for row in rows
    ]  # fmt: skip
    return (
        "People are known in bands of age that these ages cut through. Choose ages that begin and "
        f"end with the bands: {', '.join(bands)}."
    )
