"""How organisations are kept, for the rules that they share with assets."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, AreaRef
from app.organisations import queries, rows
from app.organisations.models import (
    OrganisationAddress,
    OrganisationContact,
    OrganisationIdentifier,
    OrganisationWorksIn,
)
from app.organisations.schemas import OrganisationDocument
from app.records.keeping import Kept, NewRecord, read_kept
from app.records.places import check_areas, find_areas
from app.records.vocabulary import Aspect, Status, Subject

MONTHS = 24
"""How long it can be relied on that an organisation is there and is reached so."""


class OrganisationStore:
    """The tables of organisations."""

    @property
    def subject(self) -> Subject:
        """Which kind of record."""
        return Subject.ORGANISATION

    @property
    def document_type(self) -> type[OrganisationDocument]:
        """What their documents are made of."""
        return OrganisationDocument

    async def check(
        self, session: AsyncSession, _actor: Actor, document: OrganisationDocument
    ) -> OrganisationDocument:
        """Return the document, once its areas are known to be there."""
        await check_areas(session, document.works_in)
        return document

    async def find_areas(
        self, session: AsyncSession, document: OrganisationDocument
    ) -> set[AreaRef]:
        """Return the areas of its addresses and those it works in."""
        points = [each.location for each in document.addresses if each.location]
        return await find_areas(session, points, document.works_in)

    async def fetch_kept(
        self, session: AsyncSession, public_id: UUID, *, lock: bool = False
    ) -> Kept | None:
        """Return how an organisation stands, or None."""
        row = await queries.fetch_kept(session, public_id, lock=lock)
        return read_kept(row) if row else None

    async def fetch_standing(self, session: AsyncSession, record_id: int) -> tuple[int, Status]:
        """Return the newest revision and how it stands, locked until the end."""
        revision, status = await queries.fetch_standing(session, record_id)
        return revision, Status(status)

    async def is_public(self, session: AsyncSession, record_id: int) -> bool:
        """Return whether strangers can see that it exists."""
        return await queries.is_public(session, record_id)

    async def insert(
        self, session: AsyncSession, records: Sequence[NewRecord[OrganisationDocument]]
    ) -> list[int]:
        """Add organisations and return their numbers, in order."""
        ids = await queries.insert_organisations(
            session,
            [
                {
                    **rows.write_organisation(record.document),
                    "public_id": record.public_id,
                    "status": record.status,
                    "author_id": record.author_id,
                    "revision": 1,
                }
                for record in records
            ],
        )
        documents = [record.document for record in records]
        await self._insert_parts(session, list(zip(ids, documents, strict=True)))
        return ids

    async def replace(
        self,
        session: AsyncSession,
        record_id: int,
        document: OrganisationDocument,
        revision: int,
    ) -> None:
        """Make the organisation what the document says."""
        values = {**rows.write_organisation(document), "revision": revision}
        await queries.update_organisation(session, record_id, values)
        await queries.delete_parts(session, record_id)
        await self._insert_parts(session, [(record_id, document)])

    async def set_status(
        self, session: AsyncSession, record_id: int, status: Status, revision: int
    ) -> None:
        """Change how it stands."""
        values = {"status": status, "revision": revision}
        await queries.update_organisation(session, record_id, values)

    async def count_months(
        self, _session: AsyncSession, _document: OrganisationDocument, _aspect: Aspect
    ) -> int:
        """Return for how many months a confirmation holds."""
        return MONTHS

    async def delete(self, session: AsyncSession, ids: Collection[int]) -> list[int]:
        """Remove organisations; what they ran stays, run by nobody in particular."""
        return await queries.delete_organisations(session, ids)

    def translate(
        self, document: OrganisationDocument, _names: Mapping[UUID, UUID]
    ) -> OrganisationDocument:
        """Return the document: organisations refer to no other record."""
        return document

    def keep_parts(
        self, fresh: OrganisationDocument, _current: OrganisationDocument
    ) -> OrganisationDocument:
        """Return the document: its parts have no names of their own."""
        return fresh

    def list_references(self, _document: OrganisationDocument) -> set[tuple[Subject, UUID]]:
        """Return nothing: organisations refer to no other record."""
        return set()

    async def fetch_public_ids(
        self, session: AsyncSession, references: Collection[tuple[Subject, UUID]]
    ) -> dict[UUID, UUID]:
        """Return the public ids that references stand for."""
        wanted = [each for subject, each in references if subject is Subject.ORGANISATION]
        return await queries.fetch_public_ids(session, wanted)

    async def _insert_parts(
        self, session: AsyncSession, kept: Sequence[tuple[int, OrganisationDocument]]
    ) -> None:
        writers = (
            (OrganisationIdentifier, rows.write_identifiers),
            (OrganisationAddress, rows.write_addresses),
            (OrganisationContact, rows.write_contacts),
            (OrganisationWorksIn, rows.write_works_in),
        )
        for table, write in writers:
            made = [row for number, document in kept for row in write(number, document)]
            await queries.insert_parts(session, table, made)
