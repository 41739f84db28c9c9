"""The questions of the walk, in their order, and what of them is done."""

from typing import Literal, NamedTuple

from app.pages.adding.answers import DONE, SITES, Answers
from app.pages.said import mark_sentence
from app.pages.typed_times import DAYS

Standing = Literal["done", "now", "to come"]


class Step(NamedTuple):
    """One question page.

    Attributes:
        slug: In its address.
        title: The question.
        short: What it is called beside the others.
        fields: Names of what is typed there.
    """

    slug: str
    title: str
    short: str
    fields: tuple[str, ...]


WHERE_FIELDS = (
    "where", "postcode", "street", "lat", "lon", "point_words", "address", "place_words",
    "place_near", "listed", "area_words", "areas",
)  # fmt: skip
"""How it is said where one place is."""

WHEN_FIELDS = (
    "when", *(f"{edge}_{day}" for day in DAYS for edge in ("from", "to")), "hours_words", "dates",
)  # fmt: skip
REACH_FIELDS = ("phone", "email", "web", "private")

STEPS = (
    Step(
        "kind",
        mark_sentence("What kind of thing is it?"),
        mark_sentence("What kind of thing"),
        ("kind", "category", "category_words", "category_found"),
    ),
    Step(
        "place",
        mark_sentence("What is it called, and where does it happen?"),
        mark_sentence("Name and place"),
        ("name", *WHERE_FIELDS, "dup", "dup_seen"),
    ),
    Step(
        "time",
        mark_sentence("When does it happen?"),
        mark_sentence("When it happens"),
        (*WHEN_FIELDS, "term_time"),
    ),
    Step(
        "places",
        mark_sentence("Is it held anywhere else?"),
        mark_sentence("Other places"),
        ("more",),
    ),
    Step(
        "people",
        mark_sentence("Who is it for, and what should they know?"),
        mark_sentence("Who it is for, cost, getting in"),
        ("description", "eligibility", "min_age", "max_age", "cost", "cost_amount", "cost_words",
         "languages", "other_languages", "step_free", "accessible_toilet", "hearing_loop",
         "parking", "how_to_join"),
    ),
    Step(
        "contact",
        mark_sentence("How can people get in touch, and who may see where it is?"),
        mark_sentence("Contact, and who may see it"),
        (*REACH_FIELDS, "organisation_words", "organisation", "visibility", "findable"),
    ),
    Step(
        "check",
        mark_sentence("Check your answers before you send them"),
        mark_sentence("Check and send"),
        ("hear",),
    ),
)  # fmt: skip

BY_SLUG = {step.slug: step for step in STEPS}
QUESTIONS = STEPS[:-1]
CHECK = STEPS[-1].slug


class Rung(NamedTuple):
    """A question as the panel beside lists it."""

    step: Step
    standing: Standing
    summary: str


def list_steps(answers: Answers) -> list[Step]:
    """Return the questions that are asked of such a thing: a place is nowhere else."""
    is_place = answers.one("kind") == "place" and not answers.every(SITES)
    return [step for step in STEPS if step.slug != "places" or not is_place]


def list_done(answers: Answers) -> set[str]:
    """Return the questions that were answered well."""
    return set(answers.every(DONE)) & {step.slug for step in QUESTIONS}


def find_first(answers: Answers) -> str:
    """Return the first question that is not answered yet, or the check."""
    done = list_done(answers)
    return next((step.slug for step in list_steps(answers) if step.slug not in done), CHECK)


def find_next(answers: Answers, slug: str) -> str:
    """Return the question that follows: the next that is not answered yet, or the check."""
    done = list_done(answers) | {slug, CHECK}
    steps = [step.slug for step in list_steps(answers)]
    place = steps.index(slug) if slug in steps else 0
    order = [*steps[place + 1 :], *steps[:place]]
    return next((each for each in order if each not in done), CHECK)


def find_before(answers: Answers, slug: str) -> str | None:
    """Return the question before; None for the first."""
    steps = [step.slug for step in list_steps(answers)]
    place = steps.index(slug) if slug in steps else 0
    return steps[place - 1] if place else None


def pick_fields(slug: str, sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what was typed on a page; what it has and was not sent is empty."""
    return {name: sent.get(name, []) for name in BY_SLUG[slug].fields}
