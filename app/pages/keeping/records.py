"""The record that a page of keeping is about, an asset or an organisation, by its address."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor
from app.core.public_reads import PublicReads
from app.moderation.looking import AnyLook, look_at
from app.records.vocabulary import Subject

RecordPath = Annotated[UUID, Path()]


def read_subject(request: Request) -> Subject:
    """Return which kind of record the address that was asked for is about."""
    is_asset = request.scope["route"].path.startswith("/assets/")
    return Subject.ASSET if is_asset else Subject.ORGANISATION


SubjectDep = Annotated[Subject, Depends(read_subject)]


async def see_record(
    request: Request, session: AsyncSession, reads: PublicReads, actor: Actor, record: UUID
) -> AnyLook:
    """Return the record that an address is about as the visitor sees it.

    Raises:
        NotFoundError: There is none, or none for this person to see.
    """
    return await look_at(session, reads, actor, read_subject(request), record)
