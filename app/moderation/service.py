"""Sending in suggestions and reports, and deciding about them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.addresses import normalise_email
from app.accounts.limiting import count_offer
from app.accounts.permissions import SYSTEM, Actor, AreaRef, Permission, require_permission
from app.assets.service import keep_assets
from app.assets.store import AssetStore
from app.core.errors import BadRequestError, ConflictError, NotFoundError
from app.moderation import queries
from app.moderation.looking import AnyLook, name_subject, write_changes
from app.moderation.models import Suggestion
from app.moderation.texts import Answer, Answers, hash_answer
from app.moderation.vocabulary import SuggestionKind, SuggestionStatus
from app.organisations.service import keep_organisations
from app.organisations.store import OrganisationStore
from app.records.keeping import Claim, Kept
from app.records.queries import fetch_newest_documents
from app.records.service import NOTHING_THERE, Keeper
from app.records.vocabulary import Aspect, Method, Status, Subject
from app.records.writing import Deed

STORES: Mapping[Subject, Any] = {
    Subject.ASSET: AssetStore,
    Subject.ORGANISATION: OrganisationStore,
}
CONFIRMED: Mapping[Subject, tuple[Aspect, ...]] = {
    Subject.ASSET: (Aspect.EXISTENCE, Aspect.HOURS),
    Subject.ORGANISATION: (Aspect.EXISTENCE, Aspect.CONTACT),
}
"""What somebody says is right who says that a listing is."""
LONGEST_NOTE = 2_000  # characters
LONGEST_LANGUAGES = 200  # characters of a header


class Sender(NamedTuple):
    """Who sends something in, and what they say beside it.

    Attributes:
        once: The id of the form: sent again, it counts once.
        note: In their words.
        email: Where a stranger wants to hear of the decision; '' for nowhere.
        languages: The header Accept-Language, for the mail that tells it.
    """

    once: UUID
    note: str
    email: str
    languages: str = ""


class Found(NamedTuple):
    """A suggestion or report, as a moderator of its area sees it.

    Attributes:
        row: The suggestion.
        name: What the record is called.
        record: The record's public id.
        sender: What the sender is called; '' without an account.
        areas: Where the record is.
    """

    row: Suggestion
    name: str
    record: UUID
    sender: str
    areas: set[AreaRef]


class Waiting(NamedTuple):
    """One line of what waits: a suggestion, a report or an addition.

    Attributes:
        kind: A kind of suggestion, or for an addition what it is.
        key: Public id of the suggestion, or of what was added.
        subject: What it is about.
        name: What that is called.
        at: When it was sent.
        note: The sender's words.
        has_account: Whether the sender has one.
        addition_id: Number of what was added; 0 for suggestions and reports.
    """

    kind: str
    key: UUID
    subject: Subject
    name: str
    at: datetime
    note: str
    has_account: bool
    addition_id: int


def read_sender_email(text: str) -> str:
    """Return the address that a stranger gave as it is kept; '' for none.

    Raises:
        BadRequestError: It is no address.
    """
    return normalise_email(text) if text.strip() else ""


async def suggest(
    session: AsyncSession,
    actor: Actor,
    look: AnyLook,
    changed: Mapping[str, Answer],
    sender: Sender,
) -> None:
    """Keep a change for moderators to decide about. The answers have been checked.

    Raises:
        TooManyRequestsError: Too much was offered in the last hour.
    """
    seen = {name: hash_answer(look.sheet.answers.get(name)) for name in changed}
    values: dict[str, Any] = {"answers": dict(changed), "seen": seen, "kind": SuggestionKind.CHANGE}
    values |= {"site": look.sheet.site, "saw_private": look.saw_private}
    await _send(session, actor, look, values, sender)


async def report(
    session: AsyncSession, actor: Actor, look: AnyLook, kind: SuggestionKind, sender: Sender
) -> None:
    """Keep what somebody says of a record for moderators to look at.

    Raises:
        TooManyRequestsError: Too much was offered in the last hour.
    """
    values: dict[str, Any] = {"answers": {}, "seen": {}, "kind": kind, "saw_private": False}
    await _send(session, actor, look, values, sender)


async def _send(
    session: AsyncSession, actor: Actor, look: AnyLook, values: dict[str, Any], sender: Sender
) -> None:
    if await queries.is_known(session, sender.once):
        return
    await count_offer(session, actor)
    row = values | {
        "once": sender.once, "subject": name_subject(look), "subject_id": look.kept.id,
        "revision": look.kept.revision, "note": sender.note[:LONGEST_NOTE],
        "person_id": actor.person_id,
        "email": None if actor.is_signed_in else sender.email or None,
        "languages": sender.languages[:LONGEST_LANGUAGES].replace("\x00", ""),
    }  # fmt: skip
    await queries.insert_suggestion(session, row)


async def confirm_today(
    session: AsyncSession, actor: Actor, subject: Subject, public_id: UUID
) -> None:
    """Say that something was found to be there today, an asset with its hours.

    Raises:
        NotFoundError: It is not there, or not for this person to see.
        ForbiddenError: The person may not.
    """
    today = datetime.now(UTC).date()
    claims = [
        Claim(aspect, is_right=True, asserted_on=today, method=Method.TYPED_IN)
        for aspect in CONFIRMED[subject]
    ]
    await open_keeper(session, actor, subject).confirm(public_id, claims)


async def list_waiting(session: AsyncSession, actor: Actor) -> list[Waiting]:
    """Return what waits in the areas that somebody moderates, oldest first.

    Raises:
        ForbiddenError: They moderate nowhere.
        UnauthorizedError: Nobody is signed in.
    """
    require_permission(actor, Permission.REVIEW)
    rows = await queries.fetch_waiting(session)
    may_see = await _find_reviewable(session, actor, rows)
    return [
        Waiting(
            row.kind, row.public_id, Subject(row.subject), row.name, row.at, row.note,
            row.has_account, row.subject_id if row.kind in set(Subject) else 0,
        )
        for row in rows
        if (row.subject, row.subject_id) in may_see
    ]  # fmt: skip


async def _find_reviewable(
    session: AsyncSession,
    actor: Actor,
    rows: Any,  # noqa: ANN401 - rows of a query
) -> set[tuple[str, int]]:
    every = {(row.subject, row.subject_id) for row in rows}
    if actor.list_areas(Permission.REVIEW) is None:
        return every
    found = set()
    for subject in Subject:
        store: Any = STORES[subject]()
        ids = [number for kind, number in every if kind == subject]
        documents = await fetch_newest_documents(session, subject, ids)
        for number, said in documents.items():
            areas = await store.find_areas(session, store.document_type.model_validate(said))
            if actor.may(Permission.REVIEW, areas):
                found.add((str(subject), number))
    return found


def open_keeper(session: AsyncSession, actor: Actor, subject: Subject) -> Keeper[Any]:
    """Return what somebody may do to the records of a kind."""
    keep: Any = keep_assets if subject is Subject.ASSET else keep_organisations
    keeper: Keeper[Any] = keep(session, actor)
    return keeper


async def open_suggestion(
    session: AsyncSession, actor: Actor, public_id: UUID, *, lock: bool = False
) -> Found:
    """Return a suggestion or report.

    Raises:
        UnauthorizedError: Nobody is signed in.
        ForbiddenError: They moderate nowhere.
        NotFoundError: There is none, or it is about something elsewhere: nobody can tell which.
    """
    require_permission(actor, Permission.REVIEW)
    found = await queries.fetch_suggestion(session, public_id, lock=lock)
    if found is None:
        raise NotFoundError(NOTHING_THERE)
    row: Suggestion = found[0]
    opened = await open_keeper(session, SYSTEM, Subject(row.subject)).open(found.record)
    if not actor.may(Permission.REVIEW, opened.areas):
        raise NotFoundError(NOTHING_THERE)
    sender = await queries.fetch_person_name(session, row.person_id)
    return Found(row, found.name, found.record, sender, opened.areas)


def find_conflicts(found: Found, answers: Answers) -> list[str]:
    """Return the questions whose answers changed since the sender looked.

    Args:
        found: The suggestion.
        answers: What is said now, as the sender would see it.
    """
    wanted = found.row.answers
    return [
        name
        for name, seen in found.row.seen.items()
        if hash_answer(answers.get(name)) != seen and answers.get(name) != wanted.get(name)
    ]


async def decide(
    session: AsyncSession, actor: Actor, found: Found, status: SuggestionStatus, reason: str
) -> None:
    """Note a decision, and forget the address of a stranger: take it before, to write to it.

    Raises:
        ConflictError: Somebody else decided before.
    """
    values = {
        "status": status, "reason": reason, "decided_by": actor.person_id, "email": None,
    }  # fmt: skip
    if not await queries.decide(session, found.row.id, values):
        raise ConflictError("Somebody else has decided about this already.")


async def accept_change(
    session: AsyncSession, actor: Actor, found: Found, look: AnyLook, changed: Mapping[str, Answer]
) -> Kept:
    """Make the record what was suggested, as an edit by the moderator, and note the decision.

    Args:
        session: The transaction.
        actor: The moderator.
        found: The suggestion.
        look: The record as the moderator sees it now.
        changed: The answers to keep, all of what was suggested or a part.

    Raises:
        ConflictError: Somebody else decided before.
        BadRequestError: The answers make no sense any more.
        ForbiddenError: The moderator may not change it so.
    """
    await decide(session, actor, found, SuggestionStatus.ACCEPTED, "")
    return await save(
        session, actor, look, changed, write_deed(actor, found), saw_private=found.row.saw_private
    )


def write_deed(actor: Actor, found: Found, note: str = "") -> Deed:
    """Return what stands in the history of a change that somebody suggested."""
    by = found.sender or "somebody without an account"
    words = " ".join(part for part in (f"Suggested by {by}.", found.row.note, note) if part)
    return Deed(actor, "changed", Method.TYPED_IN, words)


async def save(
    session: AsyncSession,
    actor: Actor,
    look: AnyLook,
    changed: Mapping[str, Answer],
    deed: Deed,
    *,
    saw_private: bool = True,
) -> Kept:
    """Change the answers to some questions, at once.

    Raises:
        PreconditionFailedError: Somebody changed the record since `look`.
        BadRequestError: The answers make no sense together.
        ForbiddenError: The person may not.
    """
    try:
        fields = await write_changes(session, look, changed, saw_private=saw_private)
    except ValueError as error:
        raise BadRequestError(str(error)) from None
    keeper = open_keeper(session, actor, name_subject(look))
    return await keeper.edit(look.kept.public_id, fields, look.kept.revision, deed)


async def decide_addition(
    session: AsyncSession, actor: Actor, subject: Subject, public_id: UUID, *, reason: str | None
) -> Kept:
    """Publish something that waits, or reject it with a reason.

    Raises:
        ConflictError: It does not wait any more.
        NotFoundError: It is not there, or elsewhere.
    """
    keeper = open_keeper(session, actor, subject)
    opened = await keeper.open(public_id, lock=True)
    require_permission(actor, Permission.REVIEW, opened.areas)
    if opened.kept.status is not Status.WAITING:
        raise ConflictError("Somebody else has decided about this already.")
    status = Status.PUBLISHED if reason is None else Status.REJECTED
    return await keeper.move(public_id, status, reason or "")
