"""Where an organisation is registered and writes from: on a small still map, and in words."""

from collections.abc import Sequence
from typing import NamedTuple

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.service import find_areas_at, list_area_types
from app.geo.distances import measure_m
from app.moderation.looking import OrganisationLook, write_changes
from app.moderation.service import Found
from app.organisations.schemas import OrganisationDocument
from app.pages.keeping.places import MOST_APART_M, Point
from app.pages.signs import find_sign
from app.pages.spot_map import SpotMap, draw_spots, find_surroundings
from app.records.vocabulary import Visibility, strictest
from app.records.writing import dump


class AddressSpot(NamedTuple):
    """One address.

    Attributes:
        role: What it is for.
        text: As it is written, with its postcode.
        level: What everybody sees of it: the organisation's own visibility bears on it.
        area: Name of the neighbourhood around it; '' for none here.
        point: Where it is; None where that is not known.
        mark: The numeral that it has on the map; '' where it is not on it.
    """

    role: str
    text: str
    level: Visibility
    area: str
    point: Point | None
    mark: str = ""


class Addresses(NamedTuple):
    """The addresses of an organisation, and a map of those that are near each other."""

    spots: Sequence[AddressSpot]
    map: SpotMap | None


async def plan_document(
    session: AsyncSession, look: OrganisationLook, found: Found | None
) -> OrganisationDocument:
    """Return the organisation as it would be; as it is where nothing was suggested.

    Args:
        session: The transaction.
        look: The organisation.
        found: The suggestion; None for one that was added.
    """
    if found is None or not found.row.answers:
        return look.document
    wanted = found.row.answers
    try:
        fields = await write_changes(session, look, wanted, saw_private=found.row.saw_private)
        return OrganisationDocument.model_validate(dump(look.document) | fields)
    except ValueError:  # it makes no sense any more: accepting it says so
        return look.document


async def list_spots(session: AsyncSession, document: OrganisationDocument) -> list[AddressSpot]:
    """Return the addresses of an organisation. For those only who may see private details."""
    kinds = {each.code for each in await list_area_types(session) if each.is_publishing}
    spots = []
    for each in document.addresses:
        point = (each.location.lon, each.location.lat) if each.location else None
        around = await find_areas_at(session, *point) if point else []
        names = [area.name for area in around if area.type in kinds]
        text = ", ".join(part for part in (each.address, each.postcode) if part)
        level = strictest(document.visibility, each.level)
        spots.append(AddressSpot(each.role, text, level, (names or [""])[0], point))
    return spots


async def draw_addresses(
    session: AsyncSession, app: FastAPI, spots: Sequence[AddressSpot]
) -> Addresses:
    """Return addresses with a map of those in the place that are near the first of them.

    Args:
        session: The transaction.
        app: Remembers the areas around.
        spots: The addresses.
    """
    near: dict[int, Point] = {}
    for number, each in enumerate(spots):
        if each.point and each.area:
            first = next(iter(near.values()), each.point)
            if measure_m(first, each.point) < MOST_APART_M:
                near[number] = each.point
    marks = {number: str(mark) for mark, number in enumerate(near, 1)} if len(near) > 1 else {}
    drawn = await draw_spots(
        session, find_surroundings(app), list(near.values()), find_sign(None), list(marks.values())
    )
    marked = [each._replace(mark=marks.get(number, "")) for number, each in enumerate(spots)]
    return Addresses(marked, drawn)
