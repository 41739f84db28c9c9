"""What the answers of a draft come to: a document to send, or what is still to be put right."""

from typing import Any

from pydantic import ValidationError

from app.assets.schemas import AssetDocument
from app.pages.adding import checks, sites
from app.pages.adding.answers import FIRST, Answers
from app.pages.adding.ground import Ground
from app.pages.adding.reading import check_site_page, check_step, read_organisation, read_times
from app.pages.adding.spots import find_spot
from app.pages.adding.walk import QUESTIONS
from app.pages.said import Problems, Said, mark_sentence

MODES = {"online": "online", "phone": "phone", "listed": "place", "comes": "served areas"}
"""How it is to be had, by how it is said where it is; all else is at an address."""


async def assemble(
    ground: Ground, answers: Answers, *, to_look: bool = False
) -> tuple[AssetDocument | None, dict[str, Problems]]:
    """Return what the answers say as a document, and by page what is wrong with them.

    Pages are named as in their addresses below that of the draft: "time", "places/2/time". The
    document is None where anything is; `to_look` leaves contacts out that are wrong.
    """
    found: dict[str, Problems] = {}
    for step in QUESTIONS:
        problems = await check_step(ground, step.slug, answers)
        if step.slug == "contact" and to_look:
            problems = {name: said for name, said in problems.items() if name == "visibility"}
        # Whether there is more is no part of what is sent.
        if problems and step.slug != "places":
            found[step.slug] = problems
    for number in sites.list_numbers(answers)[1:]:
        for page in sites.PAGES:
            if problems := await check_site_page(ground, number, page.slug, answers):
                found[write_page(number, page.slug)] = problems
    if found:
        return None, found
    try:
        return AssetDocument.model_validate(await _write(ground, answers)), {}
    except ValidationError:
        sentence = mark_sentence(
            "These answers cannot be kept together. Look through them once more."
        )
        return None, {"kind": {"kind": Said(sentence)}}


def write_page(number: str, slug: str) -> str:
    """Return a page of questions about a place, as in its address below that of the draft."""
    return slug if number == FIRST else f"places/{number}/{slug}"


async def _write(ground: Ground, answers: Answers) -> dict[str, Any]:
    people, _ = checks.check_people(answers, ground.spoken)
    level = answers.one("visibility")
    numbers = sites.list_numbers(answers)
    return {
        "kind": answers.one("kind"), "name": answers.one("name"),
        "categories": [checks.choose_category(answers)], **people,
        "organisation": read_organisation(answers),
        "term_time_only": "yes" if answers.one("term_time") == "yes" else "not stated",
        "visibility": level,
        "findable": level == "hidden" and answers.one("findable") == "yes",
        "sites": [await _write_site(ground, answers, number) for number in numbers],
    }  # fmt: skip


async def _write_site(ground: Ground, answers: Answers, number: str) -> dict[str, Any]:
    said = answers.at(number)
    where = said.one("where")
    spot, _ = await find_spot(ground, said)
    times = read_times(ground, number, answers)
    return {
        "mode": MODES.get(where, "address"),
        "place": spot.listed.id if spot.listed else None,
        "address": say_address(said), "postcode": spot.postcode, "location": spot.point,
        "served_areas": [{"type": each.type, "code": each.code} for each in spot.areas],
        "opening_hours": times.opening_hours, "hours_words": times.words,
        "contacts": read_contacts(answers, number), "valid_to": times.last,
    }  # fmt: skip


def read_contacts(answers: Answers, number: str) -> list[dict[str, Any]]:
    """Return the contacts of a place; "same" are those of the first."""
    said = answers.at(number)
    reach = said.one("reach")
    if number == FIRST or reach == sites.SAME:
        said = answers
    elif reach != "own":
        return []
    return checks.read_contacts(said)[0]


def say_address(answers: Answers) -> str:
    """Return what was typed as the address of a place, by the way that was chosen to say it."""
    fields = {"postcode": "street", "address": "address", "point": "point_words"}
    where = answers.one("where")
    return answers.one(fields[where]) if where in fields else ""
