"""Every INSERT of organisations, and the SELECTs of those who may see private details.

What strangers read comes from public views: `reading.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, any_, cast, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from app.organisations.models import (
    Organisation,
    OrganisationAddress,
    OrganisationContact,
    OrganisationIdentifier,
    OrganisationWorksIn,
)
from app.records.models import RecordSource
from app.records.vocabulary import Subject

PARTS = (OrganisationIdentifier, OrganisationAddress, OrganisationContact, OrganisationWorksIn)
"""Tables whose rows belong to one organisation and are written anew with it."""

AnyRow = Row[*tuple[Any, ...]]


async def fetch_kept(session: AsyncSession, public_id: UUID, *, lock: bool) -> AnyRow | None:
    """Return id, public_id, revision, status and author_id, the row locked if asked; or None."""
    query = select(
        Organisation.id,
        Organisation.public_id,
        Organisation.revision,
        Organisation.status,
        Organisation.author_id,
    ).where(Organisation.public_id == public_id)
    return (await session.execute(query.with_for_update() if lock else query)).one_or_none()


async def fetch_standing(session: AsyncSession, organisation_id: int) -> tuple[int, str]:
    """Return revision and status of an organisation, its row locked."""
    query = (
        select(Organisation.revision, Organisation.status)
        .where(Organisation.id == organisation_id)
        .with_for_update()
    )
    row = (await session.execute(query)).one()
    return row.revision, row.status


async def is_public(session: AsyncSession, organisation_id: int) -> bool:
    """Whether strangers can see that the organisation exists."""
    query = select(Organisation.public_level != "hidden").where(Organisation.id == organisation_id)
    return bool(await session.scalar(query))


async def insert_organisations(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Add organisations and return their numbers, in order."""
    add = insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True)
    return list(await session.scalars(add, rows))


async def update_organisation(
    session: AsyncSession, organisation_id: int, values: Mapping[str, Any]
) -> None:
    """Change columns of an organisation."""
    await session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id)
        .values(**values, updated_at=func.now())
    )


async def insert_parts(
    session: AsyncSession, table: type[Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Add rows to one of `PARTS`."""
    if rows:
        await session.execute(insert(table), rows)


async def delete_parts(session: AsyncSession, organisation_id: int) -> None:
    """Remove everything that belongs to an organisation, before it is written anew."""
    for table in PARTS:
        await session.execute(delete(table).where(table.organisation_id == organisation_id))


async def delete_organisations(session: AsyncSession, ids: Collection[int]) -> list[int]:
    """Remove organisations and return the numbers of those that were there."""
    wanted = cast(list(ids), postgresql.ARRAY(postgresql.BIGINT))
    gone = delete(Organisation).where(Organisation.id == any_(wanted)).returning(Organisation.id)
    return list(await session.scalars(gone))


async def fetch_public_ids(session: AsyncSession, references: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the public ids of organisations by the references of their sources."""
    if not references:
        return {}
    query = (
        select(RecordSource.reference, Organisation.public_id)
        .join(Organisation, Organisation.id == RecordSource.subject_id)
        .where(
            RecordSource.subject == Subject.ORGANISATION,
            RecordSource.reference
            == any_(cast(list(references), postgresql.ARRAY(postgresql.UUID))),
        )
    )
    return {row.reference: row.public_id for row in await session.execute(query)}
