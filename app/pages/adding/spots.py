"""Where something is, from how it is said: a postcode, a point, a listed place, areas."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.areas import service as areas
from app.assets.place_finding import ListedPlace, find_place, find_places
from app.core.errors import NotFoundError
from app.pages.adding import checks
from app.pages.adding.answers import Answers
from app.pages.adding.ground import Ground
from app.pages.adding.served import read_areas
from app.pages.said import Problems, Said, mark_sentence
from app.pages.served_areas import NamedArea
from app.records.documents import Point

_HALF = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_SECOND_HALF = 3  # letters
_MOST_LIKE = 300


class Spot(NamedTuple):
    """Where it is.

    Attributes:
        point: On the map; None where it is nowhere there.
        postcode: As it is written; empty without one.
        neighbourhood: The name of the smallest area with a name that people know.
        listed: The listed place that it is at.
        areas: The areas that it comes to.
    """

    point: Point | None = None
    postcode: str = ""
    neighbourhood: str = ""
    listed: ListedPlace | None = None
    areas: tuple[NamedArea, ...] = ()


async def find_spot(ground: Ground, answers: Answers) -> tuple[Spot, Problems]:
    """Return where one place is, and what is wrong with how that is said.

    Args:
        ground: What it is read against.
        answers: About that place, as `Answers.at` gives them.
    """
    match answers.one("where"):
        case "postcode" if typed := answers.one("postcode"):
            return await _find_postcode(ground, typed)
        case "point":
            return await _find_point(ground, answers)
        case "listed":
            return await _find_listed(ground, answers)
        case "comes":
            chosen, problems = await read_areas(ground, answers)
            return Spot(areas=chosen), problems
        case _:
            return Spot(), {}


async def _find_point(ground: Ground, answers: Answers) -> tuple[Spot, Problems]:
    found, problems = checks.read_point(answers)
    if found is None:
        return Spot(), problems
    at = await areas.find_areas_at(ground.session, *found)
    if at:
        return Spot(Point(lon=found[0], lat=found[1]), "", await _name(ground, at)), {}
    sentence = mark_sentence(
        "This point lies outside %(place)s, in the sea or in another place. Move it onto the land "
        "here, or choose another way to say where it is."
    )
    return Spot(), {"lat": Said(sentence, {"place": ground.title})}


async def _find_postcode(ground: Ground, typed: str) -> tuple[Spot, Problems]:
    values: dict[str, str] = {"typed": typed[:20], "place": ground.title}
    try:
        found = await areas.read_postcode(ground.session, typed)
    except NotFoundError:
        wanted = areas.normalise_postcode(typed)
        sentence = mark_sentence(
            "We do not know the postcode “%(typed)s” in %(place)s. Check it for a slip, or choose "
            "another way to say where it is."
        )
        if whole := await _find_whole(ground, wanted):
            values["whole"] = whole
            sentence = mark_sentence(
                "Enter the whole postcode, such as %(whole)s. “%(typed)s” is only the first half."
            )
        elif longer := await areas.search_postcodes(ground.session, typed, 1) if wanted else []:
            values["whole"] = longer[0].postcode
            sentence = mark_sentence(
                "Enter the whole postcode, such as %(whole)s. “%(typed)s” is only its beginning."
            )
        return Spot(), {"postcode": Said(sentence, values)}
    if not found.areas:
        sentence = mark_sentence(
            "The postcode “%(typed)s” lies outside %(place)s. Only what is in it can be added here."
        )
        return Spot(), {"postcode": Said(sentence, values)}
    point = Point(lon=found.location.lon, lat=found.location.lat)
    return Spot(point, found.postcode, await _name(ground, found.areas)), {}


async def _find_whole(ground: Ground, half: str) -> str:
    """Return a postcode whose first half this is; empty where there is none.

    HF1 is the first half of HF1 1AA, and not that of HF10 1AA.
    """
    for digit in "1234567890" if _HALF.fullmatch(half) else "":
        for each in await areas.search_postcodes(ground.session, f"{half}{digit}", _MOST_LIKE):
            if len(areas.normalise_postcode(each.postcode)) == len(half) + _SECOND_HALF:
                return each.postcode
    return ""


async def _name(ground: Ground, at: Sequence[Any]) -> str:
    """Return the name of the publishing area at a point, else of the smallest."""
    kinds = await areas.list_area_types(ground.session)
    publishing = {kind.code for kind in kinds if kind.is_publishing}
    named = [area.name for area in at if area.type in publishing] or [at[0].name]
    return str(named[0])


async def search_places(ground: Ground, answers: Answers) -> list[ListedPlace]:
    """Return listed places that fit the words and the postcode typed; none before either is."""
    point = None
    if typed := answers.one("place_near"):
        found, _ = await _find_postcode(ground, typed)
        point = found.point
    return await find_places(ground.finder, answers.one("place_words"), point)


def read_listed(answers: Answers) -> UUID | None:
    """Return the id of the listed place that was chosen; None: none was."""
    try:
        return UUID(answers.one("listed"))
    except ValueError:
        return None


async def _find_listed(ground: Ground, answers: Answers) -> tuple[Spot, Problems]:
    """Return the listed place that was chosen, or what stands in the way."""
    if near := answers.one("place_near"):
        _, problems = await _find_postcode(ground, near)
        if problems:
            return Spot(), {"place_near": problems["postcode"]}
    chosen = read_listed(answers)
    place = await find_place(ground.finder, chosen) if chosen else None
    if place is not None:
        return Spot(listed=place), {}
    words = answers.one("place_words")
    values = {"words": words[:80]}
    if not words and not near:
        sentence = mark_sentence("Enter the name of the listed place, or a postcode near it.")
    elif await search_places(ground, answers):
        sentence = mark_sentence("Choose the place it is at, or another way to say where it is.")
        return Spot(), {"listed": Said(sentence)}
    elif words:
        sentence = mark_sentence(
            "No place called “%(words)s” is listed. Try another word of its name, or choose "
            "another way to say where it is."
        )
    else:
        sentence = mark_sentence(
            "No place is listed near that postcode. Enter a name, or choose another way to say "
            "where it is."
        )
    return Spot(), {"place_words": Said(sentence, values)}
