"""Every SELECT, INSERT, UPDATE and DELETE of drafts and of the contacts of what was sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.drafts.models import Draft, SubmissionContact

Answers = dict[str, list[str]]


class Visitor(NamedTuple):
    """Whose drafts they are.

    Attributes:
        person_id: The number of whoever is signed in; None for strangers.
        holder: Hash of what the browser's cookie holds; empty without one.
    """

    person_id: int | None
    holder: bytes


def _is_held(visitor: Visitor) -> ColumnElement[bool]:
    """Whether a draft is this visitor's: their own, or nobody's that this browser began."""
    of_browser = Draft.person_id.is_(None) & (Draft.holder == visitor.holder)
    if not visitor.holder:
        of_browser = Draft.person_id.is_(None) & (Draft.holder == b"\x00")
    if visitor.person_id is None:
        return of_browser
    return (Draft.person_id == visitor.person_id) | of_browser


def _is_fresh(kept: timedelta) -> ColumnElement[bool]:
    return Draft.updated_at > func.now() - kept


async def insert_draft(
    session: AsyncSession, draft_id: UUID, visitor: Visitor, answers: Answers
) -> None:
    """Begin a draft."""
    await session.execute(
        insert(Draft).values(
            id=draft_id, person_id=visitor.person_id, holder=visitor.holder, answers=answers
        )
    )


async def fetch_draft(
    session: AsyncSession, draft_id: UUID, visitor: Visitor, kept: timedelta, *, lock: bool
) -> Draft | None:
    """Return a draft of this visitor's, locked until the transaction ends if asked; or None."""
    query = select(Draft).where(Draft.id == draft_id, _is_held(visitor), _is_fresh(kept))
    query = query.execution_options(populate_existing=True)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def fetch_orphan(
    session: AsyncSession, draft_id: UUID, visitor: Visitor, kept: timedelta
) -> Draft | None:
    """Return, locked, a draft that somebody signed in began in this browser; or None."""
    query = select(Draft).where(
        Draft.id == draft_id,
        Draft.person_id.is_not(None),
        Draft.holder == visitor.holder,
        Draft.sent_id.is_(None),
        _is_fresh(kept),
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def fetch_drafts(
    session: AsyncSession, visitor: Visitor, kept: timedelta, most: int
) -> Sequence[Draft]:
    """Return this visitor's drafts that are not sent yet, the latest first."""
    query = (
        select(Draft)
        .where(_is_held(visitor), _is_fresh(kept), Draft.sent_id.is_(None))
        .order_by(Draft.updated_at.desc(), Draft.id)
        .limit(most)
    )
    return (await session.scalars(query)).all()


async def update_draft(session: AsyncSession, draft_id: UUID, **values: object) -> None:
    """Change columns of a draft."""
    await session.execute(
        update(Draft).where(Draft.id == draft_id).values(**values, updated_at=func.now())
    )


async def delete_draft(session: AsyncSession, draft_id: UUID) -> None:
    """Forget a draft."""
    await session.execute(delete(Draft).where(Draft.id == draft_id))


async def delete_old(session: AsyncSession, kept: timedelta, contacts_kept: timedelta) -> int:
    """Forget drafts and contacts that are older than they are kept; return how many drafts."""
    old = SubmissionContact.created_at <= func.now() - contacts_kept
    await session.execute(delete(SubmissionContact).where(old))
    done = await session.execute(delete(Draft).where(Draft.updated_at <= func.now() - kept))
    return done.rowcount if isinstance(done, CursorResult) else 0


async def insert_contact(
    session: AsyncSession, subject: str, subject_id: int, email: str, languages: str = ""
) -> None:
    """Keep where somebody wants to hear of a decision; the latest address counts."""
    fresh = {"email": email, "languages": languages}
    values = {"subject": subject, "subject_id": subject_id, **fresh}
    await session.execute(
        upsert(SubmissionContact)
        .values(values)
        .on_conflict_do_update(index_elements=["subject", "subject_id"], set_=fresh)
    )


async def fetch_contact(session: AsyncSession, subject: str, subject_id: int) -> str | None:
    """Return the address, or None."""
    query = select(SubmissionContact.email).where(
        SubmissionContact.subject == subject, SubmissionContact.subject_id == subject_id
    )
    found: str | None = await session.scalar(query)
    return found


async def fetch_languages(session: AsyncSession, subject: str, subject_id: int) -> str:
    """Return the header Accept-Language that came with the address; '' for none."""
    query = select(SubmissionContact.languages).where(
        SubmissionContact.subject == subject, SubmissionContact.subject_id == subject_id
    )
    return await session.scalar(query) or ""


async def delete_contact(session: AsyncSession, subject: str, subject_id: int) -> None:
    """Forget the address."""
    await session.execute(
        delete(SubmissionContact).where(
            SubmissionContact.subject == subject, SubmissionContact.subject_id == subject_id
        )
    )
