"""Asking those who sent something in: one question at a time, answered once by a link."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, Permission, require_permission
from app.accounts.tokens import hash_token, make_token
from app.core.errors import ConflictError, NotFoundError
from app.moderation import question_queries as queries
from app.moderation.service import Found, Waiting
from app.records.keeping import Kept
from app.records.vocabulary import Subject

ANSWERABLE = timedelta(days=21)
"""How long the link of a question takes an answer."""

LONGEST_ANSWER = 2_000  # characters
NO_QUESTION = (
    "There is no question here. Open the whole address from the mail; a question that was taken "
    "back is not kept."
)
_ASKED_BEFORE = "A question waits for its answer already. Wait for that first."
_SPENT = "This question takes no answer any more."

Standing = Literal["open", "answered", "expired"]


class About(NamedTuple):
    """What a question is about: a record, and a suggestion to it unless it is an addition."""

    subject: Subject
    record_id: int
    suggestion_id: int | None


class Asked(NamedTuple):
    """A question as moderators see it.

    Attributes:
        question: In the moderator's words.
        by: What the moderator is called; '' for somebody who is gone.
        asked_at: When.
        expires_at: Until when it can be answered.
        answer: In the sender's words; '' for none.
        answered_at: When it was answered.
        standing: Whether it still waits for its answer.
    """

    question: str
    by: str
    asked_at: datetime
    expires_at: datetime
    answer: str
    answered_at: datetime | None
    standing: Standing


class Put(NamedTuple):
    """A question as its link shows it to whoever sent something in.

    Attributes:
        id: Its number.
        name: What it is about.
        question: In the moderator's words.
        standing: Whether it still takes an answer.
        waits: Whether nothing was decided yet.
    """

    id: int
    name: str
    question: str
    standing: Standing
    waits: bool


def name_suggestion(found: Found) -> About:
    """Return what a question about a suggestion or report is about."""
    return About(Subject(found.row.subject), found.row.subject_id, found.row.id)


def name_addition(subject: Subject, kept: Kept) -> About:
    """Return what a question about an addition is about."""
    return About(subject, kept.id, None)


async def ask(
    session: AsyncSession, actor: Actor, about: About, question: str
) -> tuple[str, datetime]:
    """Keep a question, and return the secret of the link that answers it and when that ends.

    The caller has found out that the moderator may decide about it, and holds it locked.

    Raises:
        ConflictError: One waits for its answer already.
    """
    require_permission(actor, Permission.REVIEW)
    if any(each.standing == "open" for each in await list_asked(session, about)):
        raise ConflictError(_ASKED_BEFORE)
    token = make_token()
    expires_at = datetime.now(UTC) + ANSWERABLE
    values = {
        "suggestion_id": about.suggestion_id, "subject": about.subject,
        "subject_id": about.record_id, "question": question, "asked_by": actor.person_id,
        "token_hash": hash_token(token), "expires_at": expires_at,
    }  # fmt: skip
    await queries.insert_question(session, values)
    return token, expires_at


async def list_asked(session: AsyncSession, about: About) -> list[Asked]:
    """Return what was asked about something, oldest first, with the answers."""
    return [
        Asked(
            row.question, row.by, row.asked_at, row.expires_at, row.answer, row.answered_at,
            _judge(row.answered_at, is_open=row.is_open),
        )
        for row in await queries.fetch_questions(session, *about)
    ]  # fmt: skip


async def find_latest(
    session: AsyncSession, line: list[Waiting]
) -> Mapping[UUID, tuple[Standing, datetime]]:
    """Return how the latest question about each thing that waits stands, and since when.

    Args:
        session: The transaction.
        line: What waits; by its key, what nothing was asked about is left out.
    """
    rows = {
        row.suggestion or (row.subject, row.subject_id): row
        for row in await queries.fetch_latest(session)
    }
    latest: dict[UUID, tuple[Standing, datetime]] = {}
    for each in line:
        row = rows.get(each.key) or rows.get((str(each.subject), each.addition_id))
        if row is not None:
            standing = _judge(row.answered_at, is_open=row.expires_at > datetime.now(UTC))
            latest[each.key] = (standing, row.answered_at or row.asked_at)
    return latest


async def open_question(session: AsyncSession, token: str) -> Put:
    """Return the question that a link leads to.

    Raises:
        NotFoundError: There is none.
    """
    hashed = hash_token(token)
    row = await queries.fetch_by_token(session, hashed) if hashed else None
    if row is None:
        raise NotFoundError(NO_QUESTION)
    standing = _judge(row.answered_at, is_open=row.is_open)
    return Put(row.id, row.name, row.question, standing, row.waits)


async def answer(session: AsyncSession, put: Put, words: str) -> None:
    """Keep the answer to a question, once.

    Raises:
        ConflictError: It was answered before, or too late, or it has been decided meanwhile.
    """
    if not put.waits or not await queries.update_answer(session, put.id, words):
        raise ConflictError(_SPENT)


def _judge(answered_at: datetime | None, *, is_open: bool) -> Standing:
    return "answered" if answered_at else "open" if is_open else "expired"
