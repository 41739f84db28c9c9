"""What a moderator is told beside a suggestion: does it agree, and what is near and alike."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.areas.service import read_postcode
from app.assets.paging import Address
from app.assets.search import search_assets
from app.assets.search_schemas import AssetFilters
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads
from app.geo.distances import measure_m
from app.moderation.place_parts import GONE
from app.moderation.texts import Answer
from app.pages.keeping.places import Point, read_spot
from app.records.alikeness import compare_names

RADIUS_M = 1_600
FAR_M = 500
"""A point so far from the middle of its postcode is worth a look."""
MOST_NEARBY = 5


class Check(NamedTuple):
    """One check; the template has its words.

    Attributes:
        about: What was looked at and found.
        is_well: Whether nothing speaks against it.
        distance_m: Of what is too far apart.
        value: The postcode.
    """

    about: Literal["agrees", "far", "moved", "unknown postcode", "no point"]
    is_well: bool
    value: str = ""
    distance_m: int = 0


class Near(NamedTuple):
    """A public listing near what is reviewed, and how it is alike.

    Attributes:
        key: Its public id.
        name: What it is called.
        where: Its address in short.
        distance_m: How far away.
        alike: "same name", "names alike", or "" for one of the same category only.
    """

    key: str
    name: str
    where: str
    distance_m: int
    alike: str


async def check_place(
    session: AsyncSession, answers: Mapping[str, Answer], now: Mapping[str, Answer]
) -> list[Check]:
    """Return whether the point agrees with the postcode; nothing where neither is asked about.

    Args:
        session: The transaction.
        answers: As they would be.
        now: As they are.
    """
    if "point" not in answers or answers["mode"] != "address" or answers["standing"] == GONE:
        return []
    point, before = read_spot(answers), read_spot(now)
    if point is None:
        return [Check("no point", is_well=False)]
    checks = []
    if before and point != before:
        apart = measure_m(before, point)
        if apart > FAR_M:
            checks.append(Check("moved", is_well=False, distance_m=round(apart, -1)))
    return checks + await _check_postcode(session, answers.get("postcode", ""), point)


async def _check_postcode(session: AsyncSession, postcode: str, point: Point) -> list[Check]:
    if not postcode:
        return []
    try:
        found = await read_postcode(session, postcode)
    except NotFoundError:
        return [Check("unknown postcode", is_well=False, value=postcode)]
    middle = found.location
    apart = measure_m(point, (middle.lon, middle.lat))
    if apart > FAR_M:
        return [Check("far", is_well=False, value=found.postcode, distance_m=round(apart, -1))]
    return [Check("agrees", is_well=True, value=found.postcode)]


async def find_nearby(
    reads: PublicReads,
    sessions: async_sessionmaker[AsyncSession],
    answers: Mapping[str, Answer],
    own_key: str,
) -> list[Near]:
    """Return public listings near a point that have a name alike or the same main category.

    Args:
        reads: For what is public.
        sessions: As the search wants them.
        answers: Point, name and categories of what is reviewed.
        own_key: Its public id: it is not near itself.
    """
    point = read_spot(answers)
    if point is None:
        return []
    near = f"{point[0]},{point[1]}"
    filters = AssetFilters(near=near, radius_m=RADIUS_M, limit=100)
    found = await search_assets(reads, sessions, filters, Address("/api/v1/assets", []))
    features = orjson.loads(found.body)["features"]
    rows = [_describe(each, answers) for each in features if each["id"] != own_key]
    kept = [row for row in rows if row is not None]
    kept.sort(key=lambda each: (not each.alike, each.distance_m))
    return kept[:MOST_NEARBY]


def _describe(feature: dict[str, Any], answers: Mapping[str, Answer]) -> Near | None:
    said = feature["properties"]
    if said.get("distance_m") is None:
        return None
    alike = compare_names(answers["name"], said["name"]) or ""
    if not alike and answers["categories"][:1] != said["categories"][:1]:
        return None
    place = said["place"]["name"] if said.get("place") else said.get("address")
    where = ", ".join(part for part in (place, said.get("postcode")) if part)
    return Near(feature["id"], said["name"], where, round(said["distance_m"], -1), alike)
