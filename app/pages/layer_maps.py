"""The still map of a layer: the same outlines for every indicator, coloured by class."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.schemas import AreaTypeRead
from app.pages.outline_map import Drawing, draw_outlines, thin_outlines

MOST_DRAWN = 2500
"""Areas beyond which a drawing would weigh more than the rest of the page tenfold."""

MOST_EDGES = 60
"""Larger areas whose edges and names can lie over the others."""

STEPS = 900
"""How finely outlines are drawn: about a pixel where the map is widest."""


@dataclass(frozen=True)
class StillMap:
    """A drawing of a boundary set.

    Attributes:
        drawing: The outlines, with the names of larger areas.
        codes: The code of each shape, as the drawing has them, to its gid.
    """

    drawing: Drawing
    codes: dict[str, int]


async def draw_areas(
    session: AsyncSession, kinds: Sequence[AreaTypeRead], area_type: str, boundary_year: int
) -> StillMap | None:
    """Return the drawing of the areas of a kind and year; None where they are too many."""
    summaries = await areas.summarise_areas(session, area_type, boundary_year)
    if not 0 < len(summaries) <= MOST_DRAWN:
        return None
    outlines = await areas.write_outlines(session, area_type, boundary_year)
    larger = await _write_larger(session, kinds, area_type)
    backdrops = await areas.write_backdrops(session)
    drawing = await asyncio.to_thread(_draw, outlines, larger, backdrops)
    if drawing is None:
        return None
    return StillMap(drawing, {area.code: area.gid for area in summaries})


async def _write_larger(
    session: AsyncSession, kinds: Sequence[AreaTypeRead], area_type: str
) -> bytes | None:
    """Return the outlines of the next larger kind that is few enough to be named on the map."""
    position = next(kind.position for kind in kinds if kind.code == area_type)
    for kind in kinds:
        if kind.position <= position:
            continue
        count = len(await areas.summarise_areas(session, kind.code))
        if 1 < count <= MOST_EDGES:
            return await areas.write_outlines(session, kind.code)
    return None


def _draw(outlines: bytes, larger: bytes | None, backdrops: bytes) -> Drawing | None:
    return draw_outlines(
        thin_outlines(json.loads(outlines), STEPS),
        json.loads(backdrops),
        thin_outlines(json.loads(larger), STEPS) if larger else None,
    )
