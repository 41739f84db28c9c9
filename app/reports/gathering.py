"""Everything that a report is made of, read anew but for the answer itself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.analysis.downloads import About, describe
from app.analysis.keeping import Desk, read_kept, unpack
from app.analysis.models import KeptAnalysis
from app.analysis.schemas import AnalysisAsked, AnalysisRead, Settled
from app.areas import naming
from app.areas import service as areas
from app.areas.schemas import NameFilters
from app.core.errors import BadRequestError, NotFoundError
from app.core.public_reads import Record
from app.indicators.layers import Layer, read_layer
from app.indicators.schemas import SeriesFilters
from app.reports import queries
from app.taxonomy.service import read_category

MOST_AREAS = areas.MOST_OUTLINES
"""Areas beyond which one file would be too much for a browser to draw."""

FEW = 30
"""Areas that have room for their own names."""

MOST_NAMED = 60
"""Larger areas whose edges and names can lie over the others."""

ALIKE = 1e-8
"""Figures of answers are rounded to nine digits."""

Geometry = Mapping[str, Any]
"""As in GeoJSON."""


@dataclass(frozen=True)
class Larger:
    """An area that others lie in, to find one's way by.

    Attributes:
        name: What it is called.
        outline: Its edge.
        lon: Of a point inside, in degrees.
        lat: Likewise.
    """

    name: str
    outline: Geometry
    lon: float
    lat: float


@dataclass(frozen=True)
class Gathered:
    """What a report is made of.

    Attributes:
        kept: The answer as it is kept.
        asked: The question as it was put.
        answer: The answer.
        about: What its files say of it: method, hashes, sources, licences, notes.
        place: What the place is called; '' where that is not known.
        label: What must be said of the place as a whole; '' for nothing.
        colour: Token of the style sheet that the category is drawn in.
        need: The figures of need; None where there is none, where it is several put together, or
            where it is not the one of the answer any more.
        outlines: Of the areas, by their codes.
        districts: Names of the areas of the publishing level around them, by their codes.
        larger: Areas whose names and edges lie over the others; none where they are too many.
        sites: Public id, name, level, lon and lat of each site that strangers may see on a map.
    """

    kept: KeptAnalysis
    asked: AnalysisAsked
    answer: AnalysisRead
    about: About
    place: str
    label: str
    colour: str
    need: Layer | None
    outlines: Mapping[str, Geometry]
    districts: Mapping[str, str]
    larger: Sequence[Larger]
    sites: Sequence[Record]


async def gather(desk: Desk, analysis_id: str) -> Gathered:
    """Return what a report is made of.

    Raises:
        NotFoundError: No such answer is kept, or not any more.
        BadRequestError: It is of too many areas.
    """
    kept = await read_kept(desk, analysis_id)
    answer = AnalysisRead.model_validate_json(await asyncio.to_thread(unpack, kept))
    asked = AnalysisAsked.model_validate(kept.asked)
    _check_size(answer)
    kind, year = answer.asked.area_type, answer.asked.boundary_year
    async with desk.reads.look() as reader:
        about = await describe(desk, reader, kept, answer)
        sites = await reader.fetch(queries.SITES, [*kept.sites, *kept.area_sites])
    async with desk.sessions() as session:
        place, label = await queries.fetch_place(session)
        names = await naming.list_names(session, kind, year)
        return Gathered(
            kept=kept,
            asked=asked,
            answer=answer,
            about=about,
            place=place,
            label=label,
            colour=await _find_colour(session, answer.asked.category),
            need=await _find_need(session, asked, answer),
            outlines=_read_outlines(await areas.write_outlines(session, kind, year)),
            districts=dict(zip(names.codes, names.districts, strict=True)),
            larger=await _list_larger(session, answer.asked),
            sites=sites,
        )


def _check_size(answer: AnalysisRead) -> None:
    count = len(answer.areas.codes)
    if count > MOST_AREAS:
        raise BadRequestError(
            f"This answer is of {count:,} {answer.asked.areas}; a report draws at most "
            f"{MOST_AREAS:,}. Ask for a larger kind of area in `area_type`, or take .csv or .gpkg."
        )


async def _find_colour(session: AsyncSession, code: str) -> str:
    try:
        return (await read_category(session, code)).colour
    except NotFoundError:
        return ""


async def _find_need(
    session: AsyncSession, asked: AnalysisAsked, answer: AnalysisRead
) -> Layer | None:
    """Return the figures of need with their published tenths, if they still are the answer's."""
    if asked.need is None or asked.need.others:
        return None
    settled = answer.asked
    filters = SeriesFilters(
        area_type=settled.area_type,
        boundary_year=settled.boundary_year,
        period=settled.need_period,
        sex=asked.need.sex,
        age=asked.need.age,
    )
    try:
        layer = await read_layer(session, asked.need.indicator, filters)
    except NotFoundError:
        return None
    sign = 1 if layer.indicator.polarity == "high is bad" else -1
    told = np.array(answer.areas.need, dtype=np.float64)
    if len(layer.values) != len(told):
        return None
    is_same = np.allclose(sign * layer.values, told, rtol=ALIKE, atol=ALIKE, equal_nan=True)
    return layer if is_same else None


async def _list_larger(session: AsyncSession, settled: Settled) -> list[Larger]:
    """Return areas to find one's way by: the same where they are few, else larger ones."""
    kinds = [kind for kind in await areas.list_area_types(session) if kind.boundary_years]
    own = next((kind.position for kind in kinds if kind.code == settled.area_type), 0)
    wanted = [(settled.area_type, settled.boundary_year, FEW)]
    wanted += [
        (kind.code, kind.boundary_years[-1], MOST_NAMED) for kind in kinds if kind.position > own
    ]
    for code, year, most in wanted:
        named = await naming.read_name_page(session, NameFilters(type=code, boundary_year=year))
        if 1 < len(named.codes) <= most:
            outlines = _read_outlines(await areas.write_outlines(session, code, year))
            told = zip(named.codes, named.names, named.lon, named.lat, strict=True)
            return [
                Larger(name, outlines[code], lon, lat)
                for code, name, lon, lat in told
                if code in outlines
            ]
    return []


def _read_outlines(collection: bytes) -> dict[str, Geometry]:
    features = orjson.loads(collection)["features"]
    return {each["properties"]["code"]: each["geometry"] for each in features if each["geometry"]}
