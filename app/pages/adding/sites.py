"""The places of one thing besides the first: where, when and how to get in touch, each its own."""

from collections.abc import Mapping
from typing import NamedTuple

from app.pages.adding.answers import DONE, FIRST, SITES, Answers
from app.pages.adding.walk import REACH_FIELDS, WHEN_FIELDS, WHERE_FIELDS
from app.pages.said import mark_sentence

MOST_SITES = 20
"""How many places are asked for by hand; whoever has more has a list to import."""

NO_SITE = "There is no such place in this draft. It may have been removed in another window."

SAME = "same"
"""The answer that times or contacts are those of the first place."""


class SitePage(NamedTuple):
    """One page of questions about a place.

    Attributes:
        slug: In its address, and the template's name.
        title: The question.
        short: What it is called beside the others.
        fields: Names of what is typed there.
    """

    slug: str
    title: str
    short: str
    fields: tuple[str, ...]


PAGES = (
    SitePage(
        "place",
        mark_sentence("Where else is it held?"),
        mark_sentence("Where"),
        (*WHERE_FIELDS, "dup", "dup_seen"),
    ),
    SitePage(
        "time",
        mark_sentence("When does it happen there?"),
        mark_sentence("When"),
        WHEN_FIELDS,
    ),
    SitePage(
        "contact",
        mark_sentence("How can people get in touch about it there?"),
        mark_sentence("Contact"),
        ("reach", *REACH_FIELDS),
    ),
)
BY_SLUG = {page.slug: page for page in PAGES}


def list_numbers(answers: Answers) -> list[str]:
    """Return the numbers of all places, the first first."""
    return [FIRST, *answers.every(SITES)]


def find_new_number(answers: Answers) -> str:
    """Return the number that the next place gets."""
    return str(max(map(int, list_numbers(answers))) + 1)


def is_known(answers: Answers, number: str) -> bool:
    """Whether questions may be asked about such a place: a further one, or one to add now."""
    if number == FIRST:
        return False
    others = list_numbers(answers)
    return number in others or (number == find_new_number(answers) and len(others) < MOST_SITES)


def is_full(answers: Answers) -> bool:
    """Whether there are as many places as may be."""
    return len(list_numbers(answers)) >= MOST_SITES


def mark_done(number: str, slug: str) -> str:
    """Return what stands for a page about a place among what was answered well."""
    return slug if number == FIRST else f"{number}.{slug}"


def is_done(answers: Answers, number: str) -> bool:
    """Whether all about a further place was answered well."""
    done = set(answers.every(DONE))
    return all(mark_done(number, page.slug) in done for page in PAGES)


def pick_site_fields(
    answers: Answers, number: str, slug: str, sent: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """Return what was typed about a place as the draft keeps it; what was not sent is empty."""
    others = answers.every(SITES)
    numbers = others if number in others else [*others, number]
    typed = {f"{number}.{name}": sent.get(name, []) for name in BY_SLUG[slug].fields}
    return {**typed, SITES: numbers}


def write_removal(answers: Answers, number: str) -> dict[str, list[str]]:
    """Return what a draft is to keep once a place is removed."""
    mark = f"{number}."
    emptied: dict[str, list[str]] = {name: [] for name in answers.kept if name.startswith(mark)}
    return {
        **emptied,
        SITES: [each for each in answers.every(SITES) if each != number],
        DONE: [each for each in answers.every(DONE) if not each.startswith(mark)],
    }


def write_first_removal(answers: Answers, _number: str = FIRST) -> dict[str, list[str]]:
    """Return what a draft is to keep once its first place is removed: the next becomes the first.

    Times and contacts that others have "as at the first place" stay what they were. The thing's
    name and who may see it are no part of a place and stay.
    """
    number, *others = answers.every(SITES)
    said, done = answers.at(number), set(answers.every(DONE))
    is_same = {"when": said.one("when") == SAME, "reach": said.one("reach") in {"", SAME}}
    fresh = write_removal(answers, number)
    fresh |= {name: said.kept.get(name, []) for name in WHERE_FIELDS}
    if not is_same["when"]:
        fresh |= {name: said.kept.get(name, []) for name in WHEN_FIELDS}
    if not is_same["reach"]:
        is_own = said.one("reach") == "own"
        fresh |= {name: said.kept.get(name, []) if is_own else [] for name in REACH_FIELDS}
    for other in others:
        fresh |= _write_out(answers, other, is_same)
    left = {page.slug for page in PAGES if mark_done(number, page.slug) not in done}
    if is_same["reach"]:
        left -= {"contact"}  # those of the thing, answered for or still to be asked
    fresh[DONE] = [each for each in fresh[DONE] if each not in left]
    return fresh


def _write_out(answers: Answers, number: str, is_same: Mapping[str, bool]) -> dict[str, list[str]]:
    """Return what a place has as the first had it, in full, where the new one has it otherwise."""
    said = answers.at(number)
    fresh: dict[str, list[str]] = {}
    if said.one("when") == SAME and not is_same["when"]:
        fresh |= {f"{number}.{name}": answers.kept.get(name, []) for name in WHEN_FIELDS}
    if said.one("reach") == SAME and not is_same["reach"]:
        has_any = any(answers.one(name) for name in REACH_FIELDS)
        fresh |= {f"{number}.{name}": answers.kept.get(name, []) for name in REACH_FIELDS}
        fresh[f"{number}.reach"] = ["own" if has_any else "none"]
    return fresh


def find_next_page(answers: Answers, number: str, slug: str) -> str:
    """Return the page about a place that follows; empty after the last."""
    done = set(answers.every(DONE)) | {mark_done(number, slug)}
    left = [page.slug for page in PAGES if mark_done(number, page.slug) not in done]
    return left[0] if left else ""


def find_page_before(slug: str) -> str:
    """Return the page before; empty before the first."""
    order = [page.slug for page in PAGES]
    place = order.index(slug)
    return order[place - 1] if place else ""
