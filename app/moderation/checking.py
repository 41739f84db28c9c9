"""Whether answers make sense, each with its own sentence."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import SYSTEM
from app.areas.service import find_areas_at, read_postcode
from app.assets.schedules.loose import read_hours
from app.assets.schedules.writing import write_opening_hours
from app.assets.schemas import AssetDocument
from app.assets.store import AssetStore
from app.core.errors import BadRequestError, NotFoundError
from app.geo.distances import measure_m
from app.moderation.answers import ACCESS
from app.moderation.looking import AnyLook, OrganisationLook, write_changes
from app.moderation.organisations import AreaWordsError, settle_areas
from app.moderation.place_parts import NEW, RECURRING, WHERE
from app.moderation.texts import Answer, Answers, read_point, write_point
from app.organisations.schemas import OrganisationDocument
from app.organisations.store import OrganisationStore
from app.records.writing import dump

Problems = dict[str, str]

_LONGEST_HOURS = 1000
MOVED_M = 500
"""A point farther than this from the middle of a new postcode is that of the old one."""
_QUESTION_OF = {
    "opening_hours": "hours", "recurrences": "hours", "location": "point",
    **dict.fromkeys(
        ("hours_words", "contacts", "address", "postcode", "mode", "capacity", "capacity_unit",
         "alert", "alert_until")
    ),
}  # fmt: skip
UNREADABLE_HOURS = (
    "We cannot read these hours. Write days and times, such as Mon to Fri 9am to 5pm; "
    "Sat 10am to 1pm, or write them in your own words in the next box and empty this one."
)
OUTSIDE = (
    "This point lies outside the place of this service, in the sea or in another place. Move it "
    "onto the land here, or leave it empty to take the middle of the postcode."
)
OUTSIDE_POSTCODE = (
    "This postcode lies outside the place of this service. Only what is in it can be listed here."
)
NOWHERE = "Say where the place is: its address, its postcode or a point on the map."
NO_LISTED = "Search for the listed place that it is at, and choose it."
NO_RUNNER = (
    "Search for the organisation that runs it and choose it, or choose that nobody in particular "
    "does."
)
NO_AREAS = "Search for the areas that it comes to, and tick at least one."
SENTENCES = {
    "name": "Give it a name, in one line of at most 200 characters.",
    "description": "Shorten the description to at most 5,000 characters.",
    "alert": "Write the notice in one line of at most 300 characters.",
    "alert_until": (
        "Write the last day of the notice as 12 December 2026, or leave it empty to take the "
        "notice away yourself."
    ),
    "capacity": "Write how many it has room for in figures, such as 25, or leave it empty.",
    "capacity_unit": "Say of what there is room for so many, such as places a week, in one line.",
    "mode": "Choose how people get it there.",
    "kind": "Choose what kind of thing it is.",
    "translations": (
        "Write each language by its short code, such as cy, each once, the name in one line of at "
        "most 300 characters."
    ),
    "categories": "Choose at least one category, and at most 12.",
    "min_age": "Write the youngest age as a whole number from 0 to 120, or leave it empty.",
    "max_age": "Write the oldest age as a whole number from 0 to 120, or leave it empty.",
    "cost_amount": "Write the amount in figures, such as 2.50, or leave it empty.",
    "languages": "Write languages by their short codes with commas between, such as en, cy, pl.",
    "address": "Write the address in one line of at most 300 characters.",
    "postcode": "Write the postcode in one line.",
    "cost_words": "Say what it costs in one line of at most 300 characters.",
    "organisation_kind": "Choose what kind of organisation it is from the list.",
    "legal_form": "Write the legal form in one line of at most 300 characters.",
    "addresses": (
        "Write each address in one line of at most 300 characters, its postcode beside it."
    ),
    "identifiers": (
        "Choose a register for each number, and write the number without spaces, in at most 60 "
        "characters."
    ),
    "contacts": "One of the ways to get in touch cannot be read.",
}
TOGETHER = {
    "max_age": "The oldest age is below the youngest. Check both.",
    "cost_amount": (
        "There is an amount, but the cost is not “paid”. Choose “paid” or empty the amount."
    ),
}


async def settle(
    session: AsyncSession, look: AnyLook, changed: Mapping[str, Answer]
) -> tuple[Answers, Problems]:
    """Return changed answers as they are kept, and what is to be put right, by question.

    Areas named in words become those that they name, hours in people's own spelling those of the
    listing. Who gives a new postcode and no point gets the middle of it, and so does who leaves a
    point that is not near it.
    """
    settled = dict(changed)
    problems: Problems = {}
    if "works_in" in settled:
        try:
            settled["works_in"] = await settle_areas(session, settled["works_in"])
        except AreaWordsError as error:
            problems["works_in"] = str(error)
    if settled.get("hours", RECURRING) not in {"", RECURRING}:
        _settle_hours(settled, problems)
    tags = [each["language"] for each in settled.get("translations", ())]
    if len(set(tags)) < len(tags):  # the first of two would be lost
        problems["translations"] = SENTENCES["translations"]
    if "point" in settled and (problem := await _check_point(session, settled["point"])):
        problems["point"] = problem
    if settled.get("postcode"):
        await _settle_point(session, look, settled, problems)
    return settled, problems


async def check(session: AsyncSession, look: AnyLook, changed: Mapping[str, Answer]) -> Problems:
    """Return why a record with these answers is none, by question; nothing where it is one.

    Whether the sender may know of what they name, a listed place or who runs it, is not asked here.
    """
    if nowhere := _find_nowhere(look, changed):
        return nowhere
    try:
        fields = await write_changes(session, look, changed, saw_private=look.saw_private)
        wanted = dump(look.document) | fields
        if isinstance(look, OrganisationLook):
            organisation = OrganisationDocument.model_validate(wanted)
            await OrganisationStore().check(session, SYSTEM, organisation)
        else:
            await AssetStore().check(session, SYSTEM, AssetDocument.model_validate(wanted))
    except ValidationError as error:
        return _say(error, changed)
    except BadRequestError as error:
        return {_guess(error.detail, changed): error.detail}
    except ValueError as error:  # of the place that is asked about
        return {"standing": str(error)}
    return {}


async def _check_point(session: AsyncSession, text: str) -> str:
    """Return why a point is none, or is none here; '' where it is one."""
    try:
        point = read_point(text)
    except ValueError as error:
        return str(error)
    is_here = point is None or await find_areas_at(session, point["lon"], point["lat"])
    return "" if is_here else OUTSIDE


async def _settle_point(
    session: AsyncSession, look: AnyLook, settled: Answers, problems: Problems
) -> None:
    """Give a new postcode its middle where there is no point, or an old one that is far from it."""
    said = look.sheet.answers | settled
    if said.get("mode", "address") != "address" or "point" in problems:
        return
    point = read_point(said.get("point", ""))
    if point is not None and "point" in settled:
        return
    try:
        found = await read_postcode(session, settled["postcode"])
    except NotFoundError as error:
        if point is None:
            problems["postcode"] = error.detail
        return
    middle = found.location
    here = (point["lon"], point["lat"]) if point is not None else None
    if not found.areas:
        problems["postcode"] = OUTSIDE_POSTCODE
    elif here is None or measure_m(here, (middle.lon, middle.lat)) > MOVED_M:
        settled["point"] = write_point(middle.lat, middle.lon)


def _find_nowhere(look: AnyLook, changed: Mapping[str, Answer]) -> Problems:
    """Return what is missing of where a place is, for how people are said to get it there."""
    said = {**look.sheet.answers, **changed}
    if changed.get("standing") == NEW and said.get("mode") == "address":
        return {} if any(said.get(name) for name in WHERE) else {"address": NOWHERE}
    if not changed.keys() & {"standing", "mode", "listed", "areas"}:
        return {}
    if said.get("mode") == "place" and not said.get("listed"):
        return {"listed": NO_LISTED}
    if said.get("mode") == "served areas" and not said.get("areas"):
        return {"areas": NO_AREAS}
    return {}


def _settle_hours(settled: Answers, problems: Problems) -> None:
    said = settled["hours"]
    schedule = read_hours(said) if len(said) <= _LONGEST_HOURS else None
    if schedule is None or not schedule.rules:
        problems["hours"] = UNREADABLE_HOURS
        return
    settled["hours"] = write_opening_hours(schedule)


def _say(error: ValidationError, changed: Mapping[str, Answer]) -> Problems:
    problems: Problems = {}
    for each in error.errors(include_url=False, include_input=False):
        message = each["msg"].removeprefix("Value error, ")
        question = _name_question(each["loc"], message, changed)
        sentence = SENTENCES.get(question, f"{message[:1].upper()}{message[1:]}.")
        if not each["loc"]:
            sentence = TOGETHER.get(question, sentence)
        if question == "contacts" and "is not a" in message:
            sentence = message
        problems.setdefault(question, sentence)
    return problems


def _name_question(loc: tuple[Any, ...], message: str, changed: Mapping[str, Answer]) -> str:
    names = [str(part) for part in loc]
    if names == ["kind"]:
        return "organisation_kind"
    if names[:1] == ["addresses"]:
        return "addresses"
    for name in names:
        if name in _QUESTION_OF:
            return _QUESTION_OF[name] or name
    if names and names[0] in changed:
        return names[0]
    if len(names) > 1 and names[1] in ACCESS:
        return names[1]
    return _guess(message, changed)


def _guess(message: str, changed: Mapping[str, Answer]) -> str:
    """Return the question that a sentence about several fields is best said beside."""
    for part, question in (
        ("not at another place", "mode"), ("max_age", "max_age"), ("cost_amount", "cost_amount"),
        ("categor", "categories"), ("pening hours", "hours"), ("ecurrence", "hours"),
    ):  # fmt: skip
        if part in message:
            return question
    return next(iter(changed), "name")
