"""What is told of decisions, of what somebody sent before, and to whom."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor
from app.moderation import queries
from app.moderation.service import Found
from app.records.keeping import Kept
from app.records.vocabulary import Subject

MOST_OWN = 50


class Recipient(NamedTuple):
    """Where somebody wants to hear what became of what they sent.

    Attributes:
        email: The address.
        languages: The header Accept-Language that it came with; '' where not known.
    """

    email: str
    languages: str = ""


class Decided(NamedTuple):
    """What somebody decided before: who, what, when and why."""

    name: str
    action: str
    at: datetime | None
    reason: str


class Own(NamedTuple):
    """Something that a person sent: what, about what, when, and how it stands."""

    kind: str
    subject: str
    key: UUID
    name: str
    at: datetime
    status: str
    reason: str


async def list_own(session: AsyncSession, actor: Actor) -> list[Own]:
    """Return what the person who asks added, suggested and reported, newest first."""
    if actor.person_id is None:
        return []
    sent = await queries.fetch_of_person(session, actor.person_id, MOST_OWN)
    added = await queries.fetch_additions_of(session, actor.person_id, MOST_OWN)
    own = [
        Own(said.kind, said.subject, record, name, said.created_at, said.status, said.reason)
        for said, name, record, _ in sent
    ]
    own += [
        Own(row.subject, row.subject, row.public_id, row.name, row.at, row.status, "")
        for row in added
    ]
    return sorted(own, key=lambda each: each.at, reverse=True)[:MOST_OWN]


async def tell_decision(session: AsyncSession, found: Found) -> Decided:
    """Return what was decided about a suggestion before."""
    row = found.row
    name = await queries.fetch_person_name(session, row.decided_by)
    return Decided(name, row.status, row.decided_at, row.reason)


async def tell_addition_decision(
    session: AsyncSession, subject: Subject, record_id: int
) -> Decided | None:
    """Return what was decided about an addition before."""
    row = await queries.fetch_newest_revision(session, subject, record_id)
    return Decided(row.author, row.action, row.at, row.note) if row else None


async def tell_addition(session: AsyncSession, subject: Subject, kept: Kept) -> Decided:
    """Return who added a record and when; '' for somebody without an account."""
    name = await queries.fetch_person_name(session, kept.author_id)
    at = await queries.fetch_added_at(session, subject, kept.public_id)
    return Decided(name, "added", at, "")


async def find_recipient(session: AsyncSession, found: Found) -> Recipient | None:
    """Return where the sender of a suggestion wants to hear of the decision; None: nowhere."""
    email = found.row.email
    if found.row.person_id is not None:
        email = await queries.fetch_email(session, found.row.person_id)
    return Recipient(email, found.row.languages) if email else None


async def find_author_address(session: AsyncSession, kept: Kept) -> str | None:
    """Return the mail address of who added a record with an account; None where nobody did."""
    if kept.author_id is not None:
        return await queries.fetch_email(session, kept.author_id)
    return None
