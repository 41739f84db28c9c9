"""What answers whoever changes a record, or suggests a change: the form, and what it sends."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from app.core.errors import (
    BadRequestError,
    ConflictError,
    PreconditionFailedError,
    TooManyRequestsError,
)
from app.moderation import service, telling
from app.moderation.answers import Sheet
from app.moderation.checking import NO_LISTED, NO_RUNNER, check, settle
from app.moderation.looking import (
    AnyLook,
    Look,
    OrganisationLook,
    find_place,
    name_subject,
    open_earlier,
)
from app.moderation.organisation_parts import list_unseen, write_addresses
from app.moderation.place_parts import GONE, GONE_MEANWHILE, NEW
from app.moderation.service import Sender
from app.moderation.texts import Answer, Answers, tidy
from app.moderation.vocabulary import SuggestionKind, SuggestionStatus
from app.pages.keeping.filling import render_conflict, render_form
from app.pages.keeping.forms import SentForm, check_words, read_sent, read_text
from app.pages.keeping.line import find_following
from app.pages.keeping.mails import Outcome, post_decision
from app.pages.keeping.naming import find_listed, find_runner
from app.pages.keeping.senders import take_sender
from app.pages.keeping.showing import lead_to, read_languages, say_too_many
from app.pages.keeping.visits import ADDITION, Visit
from app.pages.said import mark_sentence
from app.records.vocabulary import Method
from app.records.writing import Deed

SEARCHED: Mapping[str | None, tuple[str, ...]] = {
    None: ("organisation_words",),
    "place": ("place_words", "place_near"),
    "served areas": ("area_words",),
}
"""The boxes that are searched for, by how people get something; None: on the page of the asset."""

_MOVED_ON = mark_sentence(
    "Somebody changed this place while you looked. Look at it once more, then decide."
)
_NOTHING = mark_sentence("You have not changed anything yet. Change what is wrong, then send it.")


async def show_form(visit: Visit) -> HTMLResponse:
    """Show the form, filled with what the visitor may see, or with what they are reviewing."""
    answers = dict(visit.look.sheet.answers)
    if visit.review not in {"", ADDITION}:
        found = await service.open_suggestion(visit.session, visit.actor, UUID(visit.review))
        answers |= _merge_suggested(visit.look, found)
    note = tidy(visit.request.query_params.get("note", ""))[: service.LONGEST_NOTE]
    return await render_form(visit, answers, {}, note=note)


async def take_form(visit: Visit, form: FormData) -> HTMLResponse | RedirectResponse:
    """Save the change where the visitor may, else keep it for a moderator."""
    sent = read_sent(form, visit.look.sheet)
    if _is_search(visit, sent, form):
        return await render_form(visit, _keep_typed(visit, sent), {}, sent, form=form)
    if visit.look.may_edit:
        return await _save(visit, sent)
    changed, problems = await _check(visit, _choose_wanted(visit, sent, sent.changed), sent)
    if not problems and not changed:
        problems = {_choose_field(visit): _NOTHING}
    if problems:
        return await render_form(visit, _keep_typed(visit, sent), problems, sent)
    try:
        sender = read_sender(visit.request, sent)
        await service.suggest(visit.session, visit.actor, visit.look, changed, sender)
    except TooManyRequestsError as error:
        # What was typed stays on the page: waiting is all that it takes.
        page = await render_form(visit, _keep_typed(visit, sent), {"note": error.detail}, sent)
        return say_too_many(page, error)
    return lead_to(f"{visit.path}/thanks?of=suggested")


def _is_search(visit: Visit, sent: SentForm, form: FormData) -> bool:
    """Return whether somebody searches: by its button, or by Enter after words not searched for."""
    action = read_text(form, "action")
    if action != "enter" or not isinstance(visit.look, Look):
        return action == "find"
    page = None if find_place(visit.look.sheet) is None else sent.answers["mode"]
    fields = SEARCHED.get(page, ())
    typed = [read_text(form, name) for name in fields]
    return any(typed) and typed != [read_text(form, f"searched_{name}") for name in fields]


async def offer_anew(visit: Visit, form: FormData) -> HTMLResponse:
    """Show what was sent about a place that was taken off the listing meanwhile, as a new one."""
    sent = read_sent(form, visit.look.sheet)
    return await render_form(visit, sent.answers, {"standing": GONE_MEANWHILE}, sent)


def _choose_wanted(visit: Visit, sent: SentForm, changed: Answers) -> Answers:
    """Return what is to be done: who takes a place off changes nothing else of it."""
    if changed.get("standing") == GONE:
        return {"standing": GONE}
    has_slips = sent.times is not None and bool(sent.times.problems)
    if find_place(visit.look.sheet) == "new" and (changed or has_slips):
        return {**changed, "standing": NEW}
    return changed


def _keep_typed(visit: Visit, sent: SentForm) -> Answers:
    """Return what the form holds when it is shown again: what somebody else saved stays theirs."""
    return visit.look.sheet.answers | sent.changed


def _choose_field(visit: Visit) -> str:
    """Return the question beside which a sentence about the whole stands."""
    return "name" if find_place(visit.look.sheet) is None else "standing"


def read_sender(request: Request, sent: SentForm) -> Sender:
    """Return who sent a form; its words have been checked."""
    email = service.read_sender_email(sent.email)
    return Sender(sent.once, sent.note, email, read_languages(request))


def _merge_suggested(look: AnyLook, found: service.Found) -> Answers:
    """Return suggested answers; what the sender could not see stays among them."""
    answers: Answers = dict(found.row.answers)
    if found.row.saw_private:
        return answers
    if "contacts" in answers:
        unseen = [each for each in look.sheet.answers["contacts"] if each["visibility"] != "public"]
        answers["contacts"] = [*answers["contacts"], *unseen]
    if "addresses" in answers and isinstance(look, OrganisationLook):
        kept = write_addresses(list_unseen(look.document))
        answers["addresses"] = [*answers["addresses"], *kept]
    return answers


async def _check(
    visit: Visit, changed: Mapping[str, Answer], sent: SentForm
) -> tuple[Answers, dict[str, str]]:
    """Return answers as they are kept, and everything there is to put right."""
    settled, problems = await settle(visit.session, visit.look, changed)
    sound = {name: said for name, said in settled.items() if name not in problems}
    unknown = await _find_unknown(visit, sound)
    problems |= unknown
    if sound and not unknown:
        problems |= await check(visit.session, visit.look, sound)
    if sent.times is not None and sent.times.problems:
        problems.pop("hours", None)
        told = sent.times.problems.items()
        problems |= {field: said.write(visit.words.translate) for field, said in told}
    problems |= check_words(sent.note, sent.email)
    now = visit.look.sheet.answers
    return {name: said for name, said in settled.items() if said != now.get(name)}, problems


async def _find_unknown(visit: Visit, changed: Mapping[str, Answer]) -> dict[str, str]:
    """Return what names something that is not there, or is not for the visitor to know."""
    listed, runner = changed.get("listed"), changed.get("organisation")
    problems = {}
    if listed and await find_listed(visit.finder, listed) is None:
        problems["listed"] = NO_LISTED
    if runner and await find_runner(visit.finder, runner) is None:
        problems["organisation"] = NO_RUNNER
    return problems


async def _save(visit: Visit, sent: SentForm) -> HTMLResponse | RedirectResponse:
    """Save what whoever may edit has changed; two editors that met choose first."""
    if sent.times is not None and sent.times.problems:  # the page of a conflict has no room
        _, problems = await _check(visit, _choose_wanted(visit, sent, sent.changed), sent)
        return await render_form(visit, _keep_typed(visit, sent), problems, sent)
    base = sent.conflict_from or sent.revision
    conflicts, earlier = await _find_conflicts(visit, sent, base)
    is_fresh = sent.revision == visit.look.kept.revision
    choices = sent.choices if is_fresh else {}
    if any(choices.get(name) not in {"mine", "theirs"} for name in conflicts):
        return await render_conflict(visit, sent, conflicts, earlier, asked=bool(choices))
    wanted = {name: said for name, said in sent.changed.items() if choices.get(name) != "theirs"}
    changed, problems = await _check(visit, _choose_wanted(visit, sent, wanted), sent)
    if changed.get("standing") == GONE and _has_moved_on(visit, earlier):
        problems["standing"] = _MOVED_ON
    if problems:
        now = visit.look.sheet.answers
        theirs = {name: now[name] for name in conflicts if choices.get(name) == "theirs"}
        return await render_form(visit, _keep_typed(visit, sent) | theirs, problems, sent)
    following = await _find_following(visit) if visit.review else ""
    try:
        async with visit.session.begin_nested():
            await _write(visit, sent, changed)
    except (BadRequestError, PreconditionFailedError, ConflictError) as error:
        problems = {_choose_field(visit): error.detail}
        return await render_form(visit, _keep_typed(visit, sent), problems, sent)
    if visit.review:
        return lead_to(f"{following}?decided=accepted")
    return lead_to(f"{visit.path}/thanks?of=saved")


def _has_moved_on(visit: Visit, earlier: Sheet) -> bool:
    """Return whether somebody changed a place since whoever takes it off looked at it."""
    now = visit.look.sheet
    return any(earlier.answers.get(name) != now.answers.get(name) for name in now.asked)


async def _find_following(visit: Visit) -> str:
    key = visit.look.kept.public_id if visit.review == ADDITION else UUID(visit.review)
    return find_following(await service.list_waiting(visit.session, visit.actor), key)


async def _write(visit: Visit, sent: SentForm, changed: Answers) -> None:
    session, actor, look = visit.session, visit.actor, visit.look
    deed = Deed(actor, "changed", Method.TYPED_IN, sent.note)
    if visit.review and visit.review != ADDITION:
        found = await service.open_suggestion(session, actor, UUID(visit.review), lock=True)
        recipient = await telling.find_recipient(session, found)
        await service.decide(session, actor, found, SuggestionStatus.ACCEPTED, sent.note)
        await service.save(
            session, actor, look, changed, service.write_deed(actor, found, sent.note)
        )
        outcome = _name_outcome(found, changed)
        await post_decision(visit.request, session, recipient, found.name, outcome, sent.note)
        return
    await service.save(session, actor, look, changed, deed)
    if visit.review == ADDITION:
        kept = await service.decide_addition(
            session, actor, name_subject(look), look.kept.public_id, reason=None
        )
        recipient = await take_sender(session, name_subject(look), kept)
        name = look.sheet.answers["name"]
        await post_decision(visit.request, session, recipient, name, "published", sent.note)


def _name_outcome(found: service.Found, changed: Answers) -> Outcome:
    """Return what the sender is told became of what they sent."""
    if found.row.kind != SuggestionKind.CHANGE:
        return "looked at"
    return "accepted" if changed == found.row.answers else "changed"


async def _find_conflicts(visit: Visit, sent: SentForm, base: int) -> tuple[list[str], Sheet]:
    """Return the questions that two editors answered differently, and what was said before."""
    now = visit.look.sheet
    if base == visit.look.kept.revision:
        return [], now
    earlier = await open_earlier(visit.session, visit.look, base)
    if earlier is None:
        return [], now
    return [
        name
        for name, said in sent.changed.items()
        if earlier.answers.get(name) != now.answers.get(name) and said != now.answers.get(name)
    ], earlier
