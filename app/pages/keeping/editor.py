"""What answers whoever changes a record, or suggests a change: the form, and what it sends."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from app.accounts.permissions import Actor, Permission
from app.core.errors import (
    BadRequestError,
    ConflictError,
    PreconditionFailedError,
    TooManyRequestsError,
)
from app.moderation import service, telling
from app.moderation.answers import QUESTIONS, Answer, Answers, Sheet, tidy
from app.moderation.checking import check, settle
from app.moderation.looking import (
    AnyLook,
    Look,
    OrganisationLook,
    name_subject,
    open_earlier,
)
from app.moderation.organisation_parts import REGISTERS, list_unseen, write_addresses
from app.moderation.organisations import QUESTIONS as ORGANISATION_QUESTIONS
from app.moderation.service import Sender
from app.moderation.vocabulary import SuggestionKind, SuggestionStatus
from app.pages.keeping.forms import (
    SentForm,
    check_words,
    list_inputs,
    offer_rows,
    read_sent,
    write_seen,
)
from app.pages.keeping.line import find_following
from app.pages.keeping.mails import Outcome, post_decision
from app.pages.keeping.offers import find_offers
from app.pages.keeping.senders import take_sender
from app.pages.keeping.showing import (
    lead_to,
    read_languages,
    say_too_many,
    show,
    write_page_path,
    write_record_path,
)
from app.pages.keeping.wording import compare
from app.pages.said import mark_sentence
from app.records.vocabulary import Method, Status
from app.records.writing import Deed
from app.taxonomy.schemas import CategoryRead
from app.taxonomy.service import list_categories

ADDITION = "addition"
"""What `review` says for something that waits to be published."""


class Visit(NamedTuple):
    """Who is at the page of which record, and what it takes to answer them."""

    request: Request
    session: AsyncSession
    actor: Actor
    look: AnyLook
    review: str
    draft: str = ""

    @property
    def path(self) -> str:
        """Where the record's pages are."""
        return write_record_path(name_subject(self.look), self.look.kept.public_id)


_WHICH = mark_sentence("Choose which of the two to keep.")
_NOTHING = mark_sentence("You have not changed anything yet. Change what is wrong, then send it.")


async def show_form(visit: Visit) -> HTMLResponse:
    """Show the form, filled with what the visitor may see, or with what they are reviewing."""
    answers = dict(visit.look.sheet.answers)
    if visit.review not in {"", ADDITION}:
        found = await service.open_suggestion(visit.session, visit.actor, UUID(visit.review))
        answers |= _merge_suggested(visit.look, found)
    note = tidy(visit.request.query_params.get("note", ""))[: service.LONGEST_NOTE]
    return await _render_form(visit, answers, {}, note=note)


async def take_form(visit: Visit, form: FormData) -> HTMLResponse | RedirectResponse:
    """Save the change where the visitor may, else keep it for a moderator."""
    sent = read_sent(form, visit.look.sheet)
    if visit.look.may_edit:
        return await _save(visit, sent)
    changed, problems = await _check(visit, sent.changed, sent)
    if not problems and not changed:
        problems = {"name": _NOTHING}
    if problems:
        return await _render_form(visit, sent.answers, problems, sent)
    try:
        sender = read_sender(visit.request, sent)
        await service.suggest(visit.session, visit.actor, visit.look, changed, sender)
    except TooManyRequestsError as error:
        # What was typed stays on the page: waiting is all that it takes.
        page = await _render_form(visit, sent.answers, {"note": error.detail}, sent)
        return say_too_many(page, error)
    return lead_to(f"{visit.path}/thanks?of=suggested")


def read_sender(request: Request, sent: SentForm) -> Sender:
    """Return who sent a form; its words have been checked."""
    email = service.read_sender_email(sent.email)
    return Sender(sent.once, sent.note, email, read_languages(request))


async def open_visit(
    request: Request,
    session: AsyncSession,
    look: AnyLook,
    actor: Actor,
    review: str,
    draft: str = "",
) -> Visit:
    """Return a visit; what is reviewed is forgotten where it is not theirs to, or not this.

    Args:
        request: The request.
        session: The transaction.
        look: What is changed.
        actor: Who changes it.
        review: What they are reviewing with it; '' for nothing.
        draft: Id of a draft that they came from; '' for none.
    """
    if not (look.may_edit and actor.may(Permission.REVIEW, look.areas)):
        review = ""
    elif review == ADDITION:
        review = ADDITION if look.kept.status is Status.WAITING else ""
    elif review:
        try:
            found = await service.open_suggestion(session, actor, UUID(review))
        except ValueError:
            review = ""
        else:
            is_it = (
                found.record == look.kept.public_id and found.row.status == SuggestionStatus.WAITING
            )
            review = review if is_it else ""
    return Visit(request, session, actor, look, review, draft)


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
    if sound:
        problems |= await check(visit.session, visit.look, sound)
    problems |= check_words(sent.note, sent.email)
    now = visit.look.sheet.answers
    return {name: said for name, said in settled.items() if said != now.get(name)}, problems


async def _save(visit: Visit, sent: SentForm) -> HTMLResponse | RedirectResponse:
    """Save what whoever may edit has changed; two editors that met choose first."""
    base = sent.conflict_from or sent.revision
    conflicts, earlier = await _find_conflicts(visit, sent, base)
    is_fresh = sent.revision == visit.look.kept.revision
    choices = sent.choices if is_fresh else {}
    if any(choices.get(name) not in {"mine", "theirs"} for name in conflicts):
        return await _render_conflict(visit, sent, conflicts, earlier, asked=bool(choices))
    wanted = {name: said for name, said in sent.changed.items() if choices.get(name) != "theirs"}
    changed, problems = await _check(visit, wanted, sent)
    if problems:
        now = visit.look.sheet.answers
        theirs = {name: now[name] for name in conflicts if choices.get(name) == "theirs"}
        return await _render_form(visit, sent.answers | theirs, problems, sent)
    following = await _find_following(visit) if visit.review else ""
    try:
        async with visit.session.begin_nested():
            await _write(visit, sent, changed)
    except (BadRequestError, PreconditionFailedError, ConflictError) as error:
        return await _render_form(visit, sent.answers, {"name": error.detail}, sent)
    if visit.review:
        return lead_to(f"{following}?decided=accepted")
    return lead_to(f"{visit.path}/thanks?of=saved")


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


async def _render_conflict(
    visit: Visit, sent: SentForm, conflicts: list[str], earlier: Sheet, *, asked: bool
) -> HTMLResponse:
    now = visit.look.sheet.answers
    names = {each.code: each.name for each in await list_categories(visit.session)}
    rows = [
        {
            "question": name,
            "was": compare(name, earlier.answers.get(name), now.get(name), names),
            "mine": compare(name, earlier.answers.get(name), sent.answers[name], names),
            "choice": sent.choices.get(name, ""),
        }
        for name in conflicts
    ]
    problems = {}
    if asked:
        problems = {
            f"keep_{name}": _WHICH
            for name in conflicts
            if sent.choices.get(name) not in {"mine", "theirs"}
        }
    last = await telling.tell_addition_decision(
        visit.session, name_subject(visit.look), visit.look.kept.id
    )
    context = {
        **_describe(visit, sent), "rows": rows, "problems": problems, "other": last,
        "conflict_from": sent.conflict_from or sent.revision,
        "inputs": list_inputs(now | sent.changed),
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.CONFLICT
    return await show(visit.request, visit.session, "conflict.html", context, status)


async def _render_form(
    visit: Visit,
    answers: Answers,
    problems: dict[str, str],
    sent: SentForm | None = None,
    *,
    note: str = "",
) -> HTMLResponse:
    categories = await list_categories(visit.session)
    context = {
        **_describe(visit, sent),
        "answers": answers,
        "rows": offer_rows(answers),
        "registers": REGISTERS,
        "groups": group_categories(categories),
        "note": sent.note if sent else note if visit.review else "",
        "draft": visit.draft,
        "offers": await _find_offers(visit, answers),
        "problems": order_problems(problems),
    }
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK
    is_asset = isinstance(visit.look, Look)
    template = "edit.html" if is_asset else "edit_organisation.html"
    return await show(visit.request, visit.session, template, context, status)


async def _find_offers(visit: Visit, answers: Answers) -> dict[str, str]:
    if not (visit.draft and isinstance(visit.look, Look)):
        return {}
    return await find_offers(visit.request, visit.session, visit.actor, visit.draft, answers)


def _describe(visit: Visit, sent: SentForm | None) -> dict[str, Any]:
    look = visit.look
    return {
        "asset": str(look.kept.public_id),
        "path": visit.path,
        "page_path": write_page_path(
            name_subject(look), look.kept.public_id, look.sheet.answers["name"]
        ),
        "name": look.sheet.answers["name"],
        "may_edit": look.may_edit,
        "saw_private": look.saw_private,
        "is_waiting": look.kept.status is Status.WAITING,
        "sites": look.sheet.sites,
        # To strangers a number of revisions would tell that something private has changed.
        "revision": look.kept.revision if look.saw_private else 0,
        "conflict_from": sent.conflict_from if sent else 0,
        "seen": write_seen(look.sheet.answers),
        "note": sent.note if sent else "",
        "email": sent.email if sent else "",
        "review": visit.review,
    }


def group_categories(categories: list[CategoryRead]) -> list[tuple[str, list[CategoryRead]]]:
    """Return categories by the broadest that each is part of, in order of names."""
    groups: dict[str, list[CategoryRead]] = {}
    for each in categories:
        if not each.is_retired:
            groups.setdefault(each.path[0].name if each.path else each.name, []).append(each)
    return [(name, sorted(groups[name], key=lambda each: each.name)) for name in sorted(groups)]


def order_problems(problems: Mapping[str, str]) -> dict[str, str]:
    """Return problems in the order of the questions on the page."""
    order = [*QUESTIONS, *ORGANISATION_QUESTIONS, "note", "email"]
    return {name: problems[name] for name in sorted(problems, key=order.index)}
