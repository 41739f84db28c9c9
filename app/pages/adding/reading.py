"""What the answers of a draft come to: a document to send, or what is still to be put right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import service as areas
from app.areas.customs import PlaceCustoms, fetch_customs
from app.assets.duplicates import Asked, Suspect, find_duplicates, list_days
from app.assets.schemas import AssetDocument
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads
from app.organisations.public_schemas import OrganisationFilters, OrganisationSummary
from app.organisations.reading import list_organisations
from app.pages.adding import checks
from app.pages.adding.answers import Answers, Problems, Said, mark_sentence
from app.pages.adding.times import Times
from app.records.documents import Point
from app.taxonomy.schemas import CategoryRead
from app.taxonomy.service import list_categories

NOBODY = "none"
"""The answer that nobody in particular runs it."""

MOST_ORGANISATIONS = 6
MOST_CATEGORIES = 8
_LONGEST_WORDS = 100
_HALF = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_SECOND_HALF = 3  # letters
_MOST_LIKE = 300


class Spot(NamedTuple):
    """Where it is.

    Attributes:
        point: On the map; None where it is nowhere there.
        postcode: As it is written; empty without one.
        neighbourhood: The name of the smallest area with a name that people know.
    """

    point: Point | None = None
    postcode: str = ""
    neighbourhood: str = ""


@dataclass(frozen=True)
class Ground:
    """What answers are read against."""

    session: AsyncSession
    reads: PublicReads
    title: str
    customs: PlaceCustoms
    categories: Sequence[CategoryRead]

    @property
    def today(self) -> date:
        """Today on the calendar of the place."""
        return datetime.now(ZoneInfo(self.customs.time_zone)).date()

    @property
    def spoken(self) -> tuple[str, ...]:
        """Languages of the place, without their countries, the main one first."""
        return tuple(dict.fromkeys(tag.split("-")[0] for tag in self.customs.languages))

    @property
    def by_code(self) -> Mapping[str, CategoryRead]:
        """Categories by their codes."""
        return {each.code: each for each in self.categories}


async def survey(session: AsyncSession, reads: PublicReads, title: str) -> Ground:
    """Return what answers are read against."""
    customs = await fetch_customs(session)
    return Ground(session, reads, title, customs, await list_categories(session))


async def check_step(ground: Ground, slug: str, answers: Answers) -> Problems:
    """Return what is wrong with the answers of one question."""
    match slug:
        case "kind":
            return checks.check_kind(answers, ground.by_code)
        case "place":
            return {**checks.check_name(answers), **(await find_spot(ground, answers))[1]}
        case "time":
            return Times(answers, ground.today).problems
        case "people":
            return checks.check_people(answers, ground.spoken)[1]
        case _:
            problems = checks.check_contact(answers)[1]
            return {**problems, **(await _check_organisation(ground, answers))}


async def find_spot(ground: Ground, answers: Answers) -> tuple[Spot, Problems]:
    """Return where it is, and what is wrong with how that is said."""
    where = answers.one("where")
    if where == "postcode" and answers.one("postcode"):
        return await _find_postcode(ground, answers.one("postcode"))
    if where == "point":
        found, problems = checks.read_point(answers)
        if found is None:
            return Spot(), problems
        at = await areas.find_areas_at(ground.session, *found)
        if not at:
            return Spot(), {
                "lat": Said(
                    mark_sentence(
                        "This point lies outside %(place)s, in the sea or in another place. Move "
                        "it onto the land here, or choose another way to say where it is."
                    ),
                    {"place": ground.title},
                )
            }
        return Spot(Point(lon=found[0], lat=found[1]), "", await _name(ground, at)), {}
    return Spot(), {}


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


async def suspect(ground: Ground, answers: Answers) -> list[Suspect]:
    """Return what may be the same thing, the likeliest first."""
    if not answers.one("name"):
        return []
    spot, _ = await find_spot(ground, answers)
    is_typed = answers.one("where") == "postcode"
    times = Times(answers, ground.today)
    asked = Asked(
        answers.one("name")[:200],
        answers.one("postcode")[:10] if is_typed else "",
        spot.point,
        list_days(times.opening_hours) if times.opening_hours else (),
        [checks.choose_category(answers)],
    )
    return await find_duplicates(ground.reads, asked)


async def search_categories(ground: Ground, answers: Answers) -> list[CategoryRead]:
    """Return the categories that the words typed fit best."""
    words = answers.one("category_words")[:_LONGEST_WORDS]
    if not words:
        return []
    found = await list_categories(ground.session, words)
    if not found:  # "weekly lunch club": whatever any of its words finds
        each = [await list_categories(ground.session, word) for word in words.split()[:6]]
        found = list({row.code: row for rows in each for row in rows[:4]}.values())
    return found[:MOST_CATEGORIES]


async def search_organisations(ground: Ground, answers: Answers) -> list[OrganisationSummary]:
    """Return the organisations whose names the words typed fit; public ones only."""
    words = answers.one("organisation_words")[:_LONGEST_WORDS]
    if not any(map(str.isalnum, words)):
        return []
    filters = OrganisationFilters(q=words, limit=MOST_ORGANISATIONS)
    async with ground.reads.look() as reader:
        return list((await list_organisations(reader, filters)).items)


async def _check_organisation(ground: Ground, answers: Answers) -> Problems:
    words, chosen = answers.one("organisation_words"), answers.one("organisation")
    if chosen == NOBODY or not words:
        return {}
    found = await search_organisations(ground, answers)
    if chosen in {str(each.id) for each in found}:
        return {}
    if found:
        sentence = mark_sentence("Choose which of these runs it, or that none of them does.")
        return {"organisation": Said(sentence)}
    sentence = mark_sentence(
        "We know nobody called “%(words)s”. Try another word of the name, or leave this empty and "
        "name them in the description."
    )
    return {"organisation_words": Said(sentence, {"words": words[:80]})}


async def assemble(
    ground: Ground, answers: Answers, *, to_look: bool = False
) -> tuple[AssetDocument | None, dict[str, Problems]]:
    """Return what the answers say as a document, and by question what is wrong with them.

    The document is None where anything is; `to_look` leaves contacts out that are wrong.
    """
    found = {}
    for slug in ("kind", "place", "time", "people", "contact"):
        problems = await check_step(ground, slug, answers)
        if slug == "contact" and to_look:
            problems = {name: said for name, said in problems.items() if name == "visibility"}
        if problems:
            found[slug] = problems
    if found:
        return None, found
    spot, _ = await find_spot(ground, answers)
    try:
        return AssetDocument.model_validate(_write(ground, answers, spot)), {}
    except ValidationError:
        sentence = mark_sentence(
            "These answers cannot be kept together. Look through them once more."
        )
        return None, {"kind": {"kind": Said(sentence)}}


def _write(ground: Ground, answers: Answers, spot: Spot) -> dict[str, Any]:
    times = Times(answers, ground.today)
    people, _ = checks.check_people(answers, ground.spoken)
    contacts, _ = checks.check_contact(answers)
    where = answers.one("where")
    site = {
        "mode": where if where in {"online", "phone"} else "address",
        "address": _say_address(answers, where), "postcode": spot.postcode,
        "location": spot.point, "opening_hours": times.opening_hours, "hours_words": times.words,
        "contacts": contacts, "valid_to": times.last,
    }  # fmt: skip
    level = answers.one("visibility")
    return {
        "kind": answers.one("kind"), "name": answers.one("name"),
        "categories": [checks.choose_category(answers)], **people,
        "organisation": read_organisation(answers),
        "term_time_only": "yes" if answers.one("term_time") == "yes" else "not stated",
        "visibility": level,
        "findable": level == "hidden" and answers.one("findable") == "yes",
        "sites": [site],
    }  # fmt: skip


def _say_address(answers: Answers, where: str) -> str:
    fields = {"postcode": "street", "address": "address", "point": "point_words"}
    return answers.one(fields[where]) if where in fields else ""


def read_organisation(answers: Answers) -> UUID | None:
    """Return who runs it; None: nobody that is known."""
    if not answers.one("organisation_words"):
        return None
    try:
        return UUID(answers.one("organisation"))
    except ValueError:
        return None
