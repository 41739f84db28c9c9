"""Where a listing is and where it would be: on a small still map, and in words."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.schemas import AreaTypeRead
from app.areas.service import find_areas_at, list_area_types
from app.geo.distances import measure_m
from app.moderation.texts import Answer, read_point
from app.pages.signs import find_sign
from app.pages.spot_map import SpotMap, draw_spots, find_surroundings
from app.taxonomy.service import list_categories

Point = tuple[float, float]
"""Longitude and latitude."""

MOST_APART_M = 8_000
"""Points further apart are not drawn together: between them would be nothing to see."""

DIRECTIONS = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip


class AreaMove(NamedTuple):
    """The areas of one kind that a listing is in and would be in.

    Attributes:
        kind: What such areas are called.
        before: Name of the one it is in; '' for none.
        after: Name of the one it would be in; '' for none.
        is_publishing: Whether those that are seen by area only are said to be in such a one.
    """

    kind: str
    before: str
    after: str
    is_publishing: bool


class Where(NamedTuple):
    """Where a listing is, and where it would be.

    Attributes:
        now: Its point; None for none, and for what was not there before.
        then: The point it would have.
        map: Both of them, as far as they are in the place and near each other.
        marks: What the marks on the map stand for: "now", "then".
        moved_m: Metres between the two; None where there are not two.
        direction: From the one to the other, one of `DIRECTIONS`; '' where there are not two.
        areas: By kind, smallest first; of points only.
    """

    now: Point | None
    then: Point | None
    map: SpotMap | None
    marks: list[str]
    moved_m: int | None
    direction: str
    areas: list[AreaMove]

    def find_publishing(self) -> AreaMove | None:
        """Return the areas that everybody may know of what is shown by area only."""
        return next((each for each in self.areas if each.is_publishing), None)


async def find_where(
    session: AsyncSession,
    app: FastAPI,
    before: Mapping[str, Answer] | None,
    after: Mapping[str, Answer],
) -> Where:
    """Return where a listing is and would be. For those only who may see its private details.

    Args:
        session: The transaction.
        app: Remembers the areas around.
        before: Its answers as they are; None for one that is not there yet.
        after: Its answers as they would be.
    """
    now = read_spot(before) if before is not None else None
    then = read_spot(after)
    kinds = [each for each in await list_area_types(session) if each.boundary_years]
    here = await _name_areas(session, now)
    there = await _name_areas(session, then) if then != now else here
    moved = measure_m(now, then) if now and then and now != then else None
    marks = _choose_marks(now, then, moved, is_here=bool(here), is_there=bool(there))
    points = [point for mark in marks if (point := now if mark == "now" else then) is not None]
    known = {each.code: each for each in await list_categories(session)}
    sign = find_sign(next((known[code] for code in after["categories"] if code in known), None))
    labels = ["1" if mark == "now" else "2" for mark in marks] if moved is not None else []
    return Where(
        now, then,
        await draw_spots(session, find_surroundings(app), points, sign, labels),
        marks, moved,
        find_direction(now, then) if now and then and moved is not None else "",
        _compare_areas(kinds, here, there),
    )  # fmt: skip


def read_spot(answers: Mapping[str, Answer]) -> Point | None:
    """Return the point among answers; None for none, or for one that cannot be read."""
    try:
        said = read_point(answers.get("point") or "")
    except ValueError:
        return None
    return (said["lon"], said["lat"]) if said else None


def find_direction(start: Point, end: Point) -> str:
    """Return in which of eight directions one sees a point from another."""
    east = (end[0] - start[0]) * math.cos(math.radians((start[1] + end[1]) / 2))
    turn = math.degrees(math.atan2(east, end[1] - start[1]))
    return DIRECTIONS[round(turn / 45) % 8]


def _choose_marks(
    now: Point | None, then: Point | None, moved: int | None, *, is_here: bool, is_there: bool
) -> list[str]:
    """Return which points are drawn, of those in the place."""
    if moved is None:
        return ["then"] if then and is_there else ["now"] if now and is_here else []
    if moved > MOST_APART_M:
        return ["then"] if is_there else ["now"] if is_here else []
    return [mark for mark, is_in in (("now", is_here), ("then", is_there)) if is_in]


async def _name_areas(session: AsyncSession, point: Point | None) -> dict[str, str]:
    """Return the names of the areas at a point, by kind."""
    if point is None:
        return {}
    return {each.type: each.name for each in await find_areas_at(session, *point)}


def _compare_areas(
    kinds: list[AreaTypeRead], here: Mapping[str, str], there: Mapping[str, str]
) -> list[AreaMove]:
    return [
        AreaMove(kind.name, here.get(kind.code, ""), there.get(kind.code, ""), kind.is_publishing)
        for kind in kinds
        if kind.code in here or kind.code in there
    ]
