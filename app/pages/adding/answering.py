"""What happens to an answer: kept, checked, held against what there is; at the end sent."""

import math
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from app.accounts.permissions import Actor
from app.core.errors import BadRequestError, TooManyRequestsError
from app.drafts import service as drafts
from app.pages.adding import checks, sites
from app.pages.adding.answers import DONE, FIRST, SITES, Answers
from app.pages.adding.assembling import assemble
from app.pages.adding.desks import Desk, Shown
from app.pages.adding.previews import preview
from app.pages.adding.reading import DIFFERENT, check_site_page, check_step
from app.pages.adding.showing import show_suspects
from app.pages.said import Problems, Said, mark_sentence
from app.records.documents import Contact

FOUND = {"listed": "adding/found_places.html", "areas": "adding/found_areas.html"}
"""Templates of what a search finds, by what a script that asks while somebody types calls it."""


@dataclass
class Answered:
    """What an answer leads to.

    Attributes:
        is_right: It is right, and the next question follows.
        path: Where it leads instead.
        shown: Else how the same page is shown again.
    """

    is_right: bool = False
    path: str = ""
    shown: Shown = field(default_factory=Shown)


async def answer_step(
    desk: Desk, slug: str, draft: drafts.Draft, visitor: drafts.Visitor, action: str
) -> Answered:
    """Do with an answer, which is kept already, what its sender wants.

    Args:
        desk: What pages are made with.
        slug: Which question.
        draft: With the answer in it.
        visitor: Whose it is.
        action: "enter" for Enter in a field; "save" to leave; "find" to see what a search finds;
            "preview" to see what the public will; "alike" to see what looks alike; else to go on.
    """
    action = _read_enter(action, slug, Answers(draft.answers))
    if action == "save":
        return Answered(path=f"/add/{draft.id}/saved")
    if action in {"find", "alike", "preview", "seen", *FOUND}:
        return Answered(shown=await _look(desk, Answers(draft.answers), action))
    if slug == "places":
        return await _answer_places(desk, draft, visitor)
    return await _check(desk, slug, draft, visitor)


async def answer_site_page(
    desk: Desk, number: str, slug: str, draft: drafts.Draft, visitor: drafts.Visitor, action: str
) -> Answered:
    """Do with an answer about a further place, which is kept already, what its sender wants.

    Args:
        desk: What pages are made with.
        number: Which place.
        slug: Which page about it.
        draft: With the answer in it.
        visitor: Whose it is.
        action: As in `answer_step`.
    """
    answers = Answers(draft.answers)
    action = _read_enter(action, slug, answers.at(number))
    if action == "save":
        return Answered(path=f"/add/{draft.id}/saved")
    if action in {"find", "alike", *FOUND}:
        return Answered(shown=await _look(desk, answers, action, number))
    problems = await check_site_page(desk.ground, number, slug, answers)
    done = sites.mark_done(number, slug)
    more: dict[str, object] = {}
    if slug == "place":
        if chosen := _read_choice(answers.at(number)):
            return Answered(path=f"/assets/{chosen}/edit?draft={draft.id}")
        more = await show_suspects(desk, answers, number)
        if waits := _hold_against(answers.at(number), more, problems):
            return Answered(shown=waits)
    await _mark(desk, draft, visitor, done, is_done=not problems)
    if problems:
        return Answered(shown=Shown(problems, HTTPStatus.BAD_REQUEST, more=more))
    following = sites.find_next_page(answers, number, slug)
    path = f"/add/{draft.id}/places"
    return Answered(path=f"{path}/{number}/{following}" if following else path)


def _read_enter(action: str, slug: str, said: Answers) -> str:
    """Return what Enter in a field means: a search for what is not chosen yet, else to go on."""
    if action != "enter":
        return action
    where = said.one("where") if slug == "place" else slug
    is_open = {
        "kind": said.one("category_words") and not checks.choose_category(said),
        "listed": (said.one("place_words") or said.one("place_near")) and not said.one("listed"),
        "comes": said.one("area_words"),
        "contact": said.one("organisation_words") and not said.one("organisation"),
    }
    return "find" if is_open.get(where) else "continue"


async def remove_site(
    desk: Desk, draft: drafts.Draft, visitor: drafts.Visitor, number: str
) -> None:
    """Forget a place; the one after the first takes its place."""
    write = sites.write_first_removal if number == FIRST else sites.write_removal
    fresh = write(Answers(draft.answers), number)
    days = desk.settings.draft_days
    await drafts.keep(desk.ground.session, draft.id, visitor, days, fresh)


async def _answer_places(desk: Desk, draft: drafts.Draft, visitor: drafts.Visitor) -> Answered:
    """Go on to another place, or past them; the question is asked anew after each."""
    answers = Answers(draft.answers)
    problems = await check_step(desk.ground, "places", answers)
    if not problems and answers.one("more") == "yes":
        if sites.is_full(answers):
            sentence = mark_sentence(
                "%(most)s places are the most that can be added here. Choose No, and tell us of "
                "the others in the description."
            )
            problems = {"more": Said(sentence, {"most": sites.MOST_SITES})}
        else:
            number = sites.find_new_number(answers)
            days = desk.settings.draft_days
            await drafts.keep(desk.ground.session, draft.id, visitor, days, {"more": []})
            await _mark(desk, draft, visitor, "places", is_done=False)
            return Answered(path=f"/add/{draft.id}/places/{number}/place")
    unfinished = [number for number in answers.every(SITES) if not sites.is_done(answers, number)]
    if not problems and unfinished:
        sentence = mark_sentence("Finish or remove the places that are marked as not finished.")
        problems = {"sites": Said(sentence)}
    await _mark(desk, draft, visitor, "places", is_done=not problems)
    if problems:
        return Answered(shown=Shown(problems, HTTPStatus.BAD_REQUEST))
    return Answered(is_right=True)


async def _look(desk: Desk, answers: Answers, action: str, number: str = FIRST) -> Shown:
    """Return what somebody wants to see before they go on: nothing is checked for it."""
    if action == "alike":
        more = await show_suspects(desk, answers, number)
        return Shown(fragment="adding/alike.html", more=more)
    if action == "find" or action in FOUND:
        return Shown(fragment=FOUND.get(action))
    document, _ = await assemble(desk.ground, answers, to_look=True)
    more = {"preview": await preview(desk, document), "wants_card": True}
    return Shown(fragment="adding/preview.html" if action == "seen" else None, more=more)


async def _check(desk: Desk, slug: str, draft: drafts.Draft, visitor: drafts.Visitor) -> Answered:
    """Say what is wrong with an answer, or go on; first to what looks alike."""
    answers = Answers(draft.answers)
    problems = await check_step(desk.ground, slug, answers)
    more: dict[str, object] = {}
    if slug == "place":
        if chosen := _read_choice(answers):
            await _mark(desk, draft, visitor, slug, is_done=not problems)
            return Answered(path=f"/assets/{chosen}/edit?draft={draft.id}")
        more = await show_suspects(desk, answers)
        if waits := _hold_against(answers, more, problems):
            return Answered(shown=waits)
    await _mark(desk, draft, visitor, slug, is_done=not problems)
    if problems:
        return Answered(shown=Shown(problems, HTTPStatus.BAD_REQUEST, more=more))
    return Answered(is_right=True)


def _read_choice(answers: Answers) -> UUID | None:
    """Return which of those that look alike it is; None: none of them."""
    try:
        return UUID(answers.one("dup"))
    except ValueError:
        return None


def _hold_against(answers: Answers, more: dict[str, object], problems: Problems) -> Shown | None:
    """Return the page with what looks alike, if there is anything that was not answered for."""
    found = {each["id"] for each in more["suspects"]}  # type: ignore[attr-defined]
    seen = set(answers.one("dup_seen").split())
    if not found or problems or (answers.one("dup") == DIFFERENT and found <= seen):
        return None
    if not found <= seen:  # shown for the first time: nothing is wrong yet
        return Shown(more=more)
    sentence = mark_sentence("Choose whether yours is one of these, or a different thing.")
    return Shown({"dup": Said(sentence)}, HTTPStatus.BAD_REQUEST, more=more)


async def _mark(
    desk: Desk, draft: drafts.Draft, visitor: drafts.Visitor, slug: str, *, is_done: bool
) -> None:
    """Keep whether a question is answered well."""
    done = [each for each in draft.answers.get(DONE, []) if each != slug]
    fresh = {DONE: [*done, slug] if is_done else done}
    days = desk.settings.draft_days
    await drafts.keep(desk.ground.session, draft.id, visitor, days, fresh)


async def send_draft(desk: Desk, actor: Actor, draft: drafts.Draft) -> Answered:
    """Send what a draft describes; say what stands in the way, and lose nothing."""
    answers = Answers(draft.answers)
    document, wrong = await assemble(desk.ground, answers)
    problems: Problems = {}
    email = "" if actor.is_signed_in else answers.one("hear")
    if email and not _is_email(email):
        problems["hear"] = Said(
            mark_sentence("“%(value)s” is not an e-mail address. Write it as name@example.org."),
            {"value": email[:80]},
        )
    if document is None or wrong:
        problems["answers"] = Said(
            mark_sentence("Some answers are missing or not right yet. They are marked below.")
        )
    if problems or document is None:
        return Answered(shown=Shown(problems, HTTPStatus.BAD_REQUEST))
    try:
        languages = desk.request.headers.get("accept-language", "")
        await drafts.send(desk.ground.session, actor, draft, document, email, languages)
    except TooManyRequestsError as error:
        return _stay(_say_too_many(actor, error), HTTPStatus.TOO_MANY_REQUESTS)
    except BadRequestError as error:
        said = Said(mark_sentence("%(why)s Your draft is kept."), {"why": error.detail})
        return _stay(said, HTTPStatus.BAD_REQUEST)
    return Answered(path=f"/add/{draft.id}/sent")


def _say_too_many(actor: Actor, error: TooManyRequestsError) -> Said:
    minutes = {"minutes": math.ceil(error.retry_after_s / 60)}
    if actor.is_signed_in:
        sentence = mark_sentence(
            "You have sent as much in the last hour as somebody without a role here may. Your "
            "draft is kept: send it again in %(minutes)s minutes."
        )
        return Said(sentence, minutes)
    sentence = mark_sentence(
        "As much was sent from your network address in the last hour as may be without an account. "
        "Your draft is kept: send it again in %(minutes)s minutes, or sign in and send it now."
    )
    return Said(sentence, minutes)


def _stay(said: Said, status: HTTPStatus) -> Answered:
    return Answered(shown=Shown({"answers": said}, status))


def _is_email(text: str) -> bool:
    try:
        Contact(kind="email", value=text)
    except ValueError:
        return False
    return True
