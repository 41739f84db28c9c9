"""Organisations from outside, many at a time."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.organisations.schemas import OrganisationDocument
from app.organisations.store import OrganisationStore
from app.records.entries import Entry, ImportCounts
from app.records.importing import Importing

OrganisationEntry = Entry[OrganisationDocument]


async def import_organisations(
    session: AsyncSession, entries: Sequence[OrganisationEntry], collection: str = ""
) -> ImportCounts:
    """Add the organisations that are new and bring known ones up to date; see `Importing`."""
    return await Importing(session, OrganisationStore(), collection).keep(entries)


async def remove_other_organisations(session: AsyncSession, collection: str) -> ImportCounts:
    """Remove the organisations of other collections of the family that nobody worked on."""
    return await Importing(session, OrganisationStore(), collection).remove_others()
