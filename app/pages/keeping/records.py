"""The record that a page of keeping is about, an asset or an organisation, by its address."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from app.accounts.dependencies import ActorDep
from app.core.database import SessionDep
from app.core.public_reads import PublicReadsDep
from app.moderation.looking import AnyLook, look_at
from app.records.vocabulary import Subject

RecordPath = Annotated[UUID, Path()]


def read_subject(request: Request) -> Subject:
    """Return which kind of record the address that was asked for is about."""
    is_asset = request.scope["route"].path.startswith("/assets/")
    return Subject.ASSET if is_asset else Subject.ORGANISATION


async def see_record(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
) -> AnyLook:
    """Return the record as the visitor sees it.

    Raises:
        NotFoundError: There is none, or none for this person to see.
    """
    return await look_at(session, reads, actor, read_subject(request), record)


LookDep = Annotated[AnyLook, Depends(see_record)]
SubjectDep = Annotated[Subject, Depends(read_subject)]
