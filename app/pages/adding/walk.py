"""The questions of the walk, in their order, and what of them is done."""

from typing import Literal, NamedTuple

from app.pages.adding.answers import Answers, mark_sentence
from app.pages.adding.clock import DAYS

DONE = "_done"
"""Under which a draft keeps which questions were answered well."""

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
        ("name", "where", "postcode", "street", "lat", "lon", "point_words", "address", "dup",
         "dup_seen"),
    ),
    Step(
        "time",
        mark_sentence("When does it happen?"),
        mark_sentence("When it happens"),
        ("when", *(f"{edge}_{day}" for day in DAYS for edge in ("from", "to")), "hours_words",
         "dates", "term_time"),
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
        ("phone", "email", "web", "private", "organisation_words", "organisation", "visibility",
         "findable"),
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


class Rung(NamedTuple):
    """A question as the panel beside lists it."""

    step: Step
    standing: Standing
    summary: str


def list_done(answers: Answers) -> set[str]:
    """Return the questions that were answered well."""
    return set(answers.every(DONE)) & {step.slug for step in QUESTIONS}


def find_next(answers: Answers, slug: str) -> str:
    """Return the question that follows: the next that is not answered yet, or the check."""
    done = list_done(answers) | {slug}
    place = [step.slug for step in STEPS].index(slug)
    order = [*QUESTIONS[place + 1 :], *QUESTIONS[:place]]
    return next((step.slug for step in order if step.slug not in done), STEPS[-1].slug)


def find_before(slug: str) -> str | None:
    """Return the question before; None for the first."""
    place = [step.slug for step in STEPS].index(slug)
    return STEPS[place - 1].slug if place else None


def pick_fields(slug: str, sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what was typed on a page; what it has and was not sent is empty."""
    return {name: sent.get(name, []) for name in BY_SLUG[slug].fields}
