"""Organisations from outside, many at a time."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.organisations.schemas import OrganisationDocument
from app.organisations.store import OrganisationStore
from app.records.entries import Entry, ImportCounts
from app.records.importing import Importing

OrganisationEntry = Entry[OrganisationDocument]


async def import_organisations(
    session: AsyncSession, entries: Sequence[OrganisationEntry]
) -> ImportCounts:
    """Add the organisations that are new and bring known ones up to date; see `Importing`."""
    return await Importing(session, OrganisationStore()).keep(entries)
