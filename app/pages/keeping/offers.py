"""What somebody typed into a draft before they found the listing: offered, never filled in."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor
from app.core.errors import NotFoundError
from app.core.settings import Settings
from app.drafts import service as drafts
from app.moderation.answers import ACCESS
from app.moderation.texts import Answer, tidy, write_point
from app.pages.holding import read_visitor
from app.pages.keeping.times import ALWAYS
from app.pages.weeks import read_week

AS_THEY_ARE = (
    "name", "description", "hours_words", "address", "postcode", "cost", "cost_amount",
    "cost_words", "min_age", "max_age", "eligibility", "how_to_join", *ACCESS,
)  # fmt: skip
"""Questions that a draft calls by the same name and answers in the same way."""

REACH = ("phone", "email", "web")
"""Ways to get in touch that a draft asks for, one of each."""

LONGEST = 5_000  # characters


async def find_offers(
    request: Request, session: AsyncSession, actor: Actor, draft: str, now: Mapping[str, Answer]
) -> dict[str, str]:
    """Return what a draft of this visitor's says otherwise than the listing, by question.

    Args:
        request: Its cookie tells whose drafts may be read.
        session: The transaction.
        actor: Who asks.
        draft: Id of the draft; without one of theirs nothing is offered.
        now: The answers on the page: questions that it does not ask are left out.
    """
    settings: Settings = request.app.state.settings
    try:
        visitor = read_visitor(request, actor)
        found = await drafts.find(session, UUID(draft), visitor, settings.draft_days)
    except (ValueError, NotFoundError):
        return {}
    said = {name: tidy((found.answers.get(name) or [""])[0]) for name in AS_THEY_ARE}
    said["address"] = said["address"] or tidy((found.answers.get("street") or [""])[0])
    said["point"] = _read_point(found.answers)
    said["hours"] = _read_hours(found.answers)
    said |= _read_contacts(found.answers, now)
    return {
        name: text[:LONGEST]
        for name, text in said.items()
        if text
        and text != "not stated"
        and (name in REACH or name in now)
        and text != now.get(name)
    }


def _read_point(answers: drafts.Answers) -> str:
    """Return the point of a draft as the form has it; '' for none."""
    try:
        lat, lon = (float((answers.get(name) or [""])[0]) for name in ("lat", "lon"))
    except ValueError:
        return ""
    return write_point(lat, lon)


def _read_hours(answers: drafts.Answers) -> str:
    """Return the hours of a draft as they are kept; '' where it has none that a week says."""
    when = (answers.get("when") or [""])[0]
    if when == "always":
        return ALWAYS
    if when != "weekly":
        return ""
    return read_week(lambda field: " ".join((answers.get(field) or [""])[0].split())).opening_hours


def _read_contacts(answers: drafts.Answers, now: Mapping[str, Answer]) -> dict[str, str]:
    """Return the ways to get in touch of a draft that are for everybody and not there yet."""
    known = {each["value"] for each in now.get("contacts", ())}
    private = set(answers.get("private") or ())
    typed = {kind: tidy((answers.get(kind) or [""])[0]) for kind in REACH if kind not in private}
    return {kind: value for kind, value in typed.items() if value not in known}
