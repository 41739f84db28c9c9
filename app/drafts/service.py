"""Drafts: begun, kept as typed, sent once, forgotten. Nobody but who holds one ever reads it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.limiting import Limit, count
from app.accounts.permissions import Actor
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.core.errors import NotFoundError
from app.drafts import queries
from app.drafts.models import Draft
from app.drafts.queries import Answers, Visitor
from app.records.vocabulary import Method, Subject

__all__ = ["Answers", "Draft", "Visitor"]

MOST_LISTED = 20
MOST_BEGUN = 60
"""How many drafts may be begun in an hour from one network address or by one person."""

CONTACTS_KEPT = timedelta(days=180)
"""How long an address waits for a decision, unless whoever decides forgets it sooner."""

LONGEST_LANGUAGES = 200  # characters of a header

NO_DRAFT = (
    "There is no such draft here. Drafts are kept for the browser or the person that began them, "
    "and not for ever."
)
_TOO_MANY = (
    "Many drafts were begun from your network address in the last hour. Carry on with one of "
    "yours, or begin this one {when}."
)


class Sent(NamedTuple):
    """What a draft became.

    Attributes:
        public_id: Of the asset.
        status: "published" or "waiting".
        is_new: Whether this very call sent it.
    """

    public_id: UUID
    status: str
    is_new: bool


def name_visitor(actor: Actor, token: str) -> Visitor:
    """Return whose drafts they are, from who is signed in and what the browser's cookie holds."""
    holder = hashlib.sha256(token.encode()).digest() if token else b""
    return Visitor(actor.person_id, holder)


async def begin(session: AsyncSession, actor: Actor, visitor: Visitor, answers: Answers) -> UUID:
    """Keep the first answers and return the id of the new draft.

    Raises:
        TooManyRequestsError: Many were begun from the same network address in the last hour.
    """
    if actor.allowance is not None:
        who = hashlib.sha256(b"hereabouts.draft\n" + actor.allowance.who).digest()
        await count(session, [Limit(who, MOST_BEGUN)], _TOO_MANY)
    draft_id = uuid4()
    await queries.insert_draft(session, draft_id, visitor, clean(answers))
    return draft_id


async def find(
    session: AsyncSession, draft_id: UUID, visitor: Visitor, days: int, *, lock: bool = False
) -> Draft:
    """Return a draft of this visitor's; one begun before signing in becomes the person's.

    Raises:
        NotFoundError: There is none, it is somebody else's, or it was kept for too long.
    """
    kept = timedelta(days=days)
    draft = await queries.fetch_draft(session, draft_id, visitor, kept, lock=lock)
    if draft is None:
        raise NotFoundError(NO_DRAFT)
    if draft.person_id is None and visitor.person_id is not None:
        await queries.update_draft(session, draft_id, person_id=visitor.person_id)
        await session.refresh(draft)
    return draft


async def list_own(session: AsyncSession, visitor: Visitor, days: int) -> Sequence[Draft]:
    """Return this visitor's drafts that are not sent yet, the latest first."""
    return await queries.fetch_drafts(session, visitor, timedelta(days=days), MOST_LISTED)


async def keep(
    session: AsyncSession,
    draft_id: UUID,
    visitor: Visitor,
    days: int,
    fresh: Answers | Callable[[Answers], Answers],
) -> Draft | None:
    """Keep answers as typed beside those there are, and return the draft.

    Somebody whose session ended while they typed loses nothing: what they type in the browser
    that they began in is kept, and shown once they sign in again. What is to be kept may depend on
    what there is: then `fresh` is called with it, the draft locked.

    Returns:
        None where it was kept for somebody who has to sign in to see it.

    Raises:
        NotFoundError: There is no such draft of theirs.
    """
    draft = await queries.fetch_draft(session, draft_id, visitor, timedelta(days=days), lock=True)
    orphan = None
    if draft is None and visitor.person_id is None and visitor.holder:
        orphan = await queries.fetch_orphan(session, draft_id, visitor, timedelta(days=days))
    held = draft or orphan
    if held is None:
        raise NotFoundError(NO_DRAFT)
    if held.sent_id is None:
        more = fresh(held.answers) if callable(fresh) else fresh
        answers = {**held.answers, **clean(more)}
        owner = held.person_id or visitor.person_id
        await queries.update_draft(session, draft_id, answers=answers, person_id=owner)
        await session.refresh(held)
    return draft


async def send(
    session: AsyncSession,
    actor: Actor,
    draft: Draft,
    document: AssetDocument,
    email: str = "",
    languages: str = "",
) -> Sent:
    """Offer what a draft describes, once, however often it is sent; its answers are forgotten.

    Args:
        session: The caller's.
        actor: Who sends it.
        draft: Locked by `find`.
        document: What its answers say.
        email: Where a stranger wants to hear of the decision; empty: nowhere.
        languages: The header Accept-Language, for the mail that tells it.

    Raises:
        BadRequestError: It refers to something that is not there any more.
        TooManyRequestsError: They have offered too much in the last hour; the draft stays.
    """
    if draft.sent_id is not None:
        return Sent(draft.sent_id, draft.sent_status or "", is_new=False)
    kept = await keep_assets(session, actor).submit(document, Method.TYPED_IN)
    status = str(kept.status)
    await queries.update_draft(
        session, draft.id, answers={}, sent_id=kept.public_id, sent_status=status
    )
    if email and not actor.is_signed_in:
        said = languages[:LONGEST_LANGUAGES].replace("\x00", "")
        await queries.insert_contact(session, Subject.ASSET, kept.id, email, said)
    return Sent(kept.public_id, status, is_new=True)


async def discard(session: AsyncSession, draft: Draft) -> None:
    """Forget a draft for good."""
    await queries.delete_draft(session, draft.id)


async def forget_old(session: AsyncSession, days: int) -> int:
    """Forget drafts that nobody touched for that many days; return how many."""
    return await queries.delete_old(session, timedelta(days=days), CONTACTS_KEPT)


async def find_contact(session: AsyncSession, subject: Subject, subject_id: int) -> str | None:
    """Return where a stranger wants to hear what became of what they sent; None: nowhere.

    Args:
        session: The caller's.
        subject: Kind of the record.
        subject_id: Its number, as `Kept.id`.
    """
    return await queries.fetch_contact(session, subject, subject_id)


async def find_languages(session: AsyncSession, subject: Subject, subject_id: int) -> str:
    """Return the header Accept-Language of whoever left the address; '' where not known."""
    return await queries.fetch_languages(session, subject, subject_id)


async def forget_contact(session: AsyncSession, subject: Subject, subject_id: int) -> None:
    """Forget that address; for whoever has told the decision."""
    await queries.delete_contact(session, subject, subject_id)


def clean(answers: Mapping[str, Sequence[str]]) -> Answers:
    """Return answers without the one character that the database cannot hold."""
    return {
        name: [value.replace("\x00", "") for value in values] for name, values in answers.items()
    }
