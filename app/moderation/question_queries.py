"""Every SELECT, INSERT and UPDATE of questions to those who sent something in."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person
from app.assets.models import Asset
from app.moderation.models import SenderQuestion, Suggestion
from app.moderation.queries import AnyRow, AnySelect
from app.organisations.models import Organisation
from app.records.vocabulary import Status, Subject


async def insert_question(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Keep a question."""
    await session.execute(insert(SenderQuestion).values(**values))


def _is_about(subject: Subject, record_id: int, suggestion_id: int | None) -> ColumnElement[bool]:
    of_suggestion = (
        SenderQuestion.suggestion_id.is_(None)
        if suggestion_id is None
        else SenderQuestion.suggestion_id == suggestion_id
    )
    return (
        (SenderQuestion.subject == subject)
        & (SenderQuestion.subject_id == record_id)
        & of_suggestion
    )


async def fetch_questions(
    session: AsyncSession, subject: Subject, record_id: int, suggestion_id: int | None
) -> Sequence[AnyRow]:
    """Return what was asked about a suggestion or an addition, oldest first.

    Rows have `question`, `asked_at`, `expires_at`, `answer`, `answered_at`, `is_open` and `by`.
    """
    query = (
        select(
            SenderQuestion.question,
            SenderQuestion.asked_at,
            SenderQuestion.expires_at,
            SenderQuestion.answer,
            SenderQuestion.answered_at,
            _is_open().label("is_open"),
            func.coalesce(Person.name, "").label("by"),
        )
        .outerjoin(Person, Person.id == SenderQuestion.asked_by)
        .where(_is_about(subject, record_id, suggestion_id))
        .order_by(SenderQuestion.asked_at, SenderQuestion.id)
    )
    return (await session.execute(query)).all()


def _is_open() -> ColumnElement[bool]:
    return SenderQuestion.answered_at.is_(None) & (SenderQuestion.expires_at > func.now())


async def fetch_latest(session: AsyncSession) -> Sequence[AnyRow]:
    """Return what was asked about additions and about suggestions that wait, the latest last.

    Rows have `suggestion`, the public id of one that waits or None; `subject` and `subject_id` of
    the record; `asked_at`, `answered_at` and `expires_at`.
    """
    query = (
        select(
            Suggestion.public_id.label("suggestion"),
            SenderQuestion.subject,
            SenderQuestion.subject_id,
            SenderQuestion.asked_at,
            SenderQuestion.answered_at,
            SenderQuestion.expires_at,
        )
        .outerjoin(Suggestion, Suggestion.id == SenderQuestion.suggestion_id)
        .where(SenderQuestion.suggestion_id.is_(None) | (Suggestion.status == "waiting"))
        .order_by(SenderQuestion.id)
    )
    return (await session.execute(query)).all()


def _select_by_token(token_hash: bytes) -> AnySelect:
    status = func.coalesce(Asset.status, Organisation.status)
    waits = func.coalesce(Suggestion.status, status) == Status.WAITING
    return (
        select(
            SenderQuestion.id,
            SenderQuestion.question,
            SenderQuestion.expires_at,
            SenderQuestion.answered_at,
            _is_open().label("is_open"),
            func.coalesce(Asset.name, Organisation.name, "").label("name"),
            func.coalesce(waits, False).label("waits"),
        )
        .outerjoin(Suggestion, Suggestion.id == SenderQuestion.suggestion_id)
        .outerjoin(
            Asset,
            (SenderQuestion.subject == Subject.ASSET) & (Asset.id == SenderQuestion.subject_id),
        )
        .outerjoin(
            Organisation,
            (SenderQuestion.subject == Subject.ORGANISATION)
            & (Organisation.id == SenderQuestion.subject_id),
        )
        .where(SenderQuestion.token_hash == token_hash)
    )


async def fetch_by_token(session: AsyncSession, token_hash: bytes) -> AnyRow | None:
    """Return a question by the hash of its link's secret, with `name`, `waits` and `is_open`."""
    return (await session.execute(_select_by_token(token_hash))).one_or_none()


async def update_answer(session: AsyncSession, question_id: int, answer: str) -> bool:
    """Keep the one answer to a question that is open; False where it is not any more."""
    kept = (
        update(SenderQuestion)
        .where(SenderQuestion.id == question_id, _is_open())
        .values(answer=answer, answered_at=func.now())
        .returning(SenderQuestion.id)
    )
    return await session.scalar(kept) is not None
