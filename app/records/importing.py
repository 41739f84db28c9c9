"""Many records from outside at a time: new ones added, known ones brought up to date.

Doing it again changes nothing. What people edited since is kept, field by field; what somebody took
down stays down.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import act_for_service
from app.records import queries
from app.records.changes import merge_edits
from app.records.entries import Entry, ImportCounts
from app.records.identity import name_imported, name_new
from app.records.keeping import D, NewRecord, Store
from app.records.vocabulary import Method, Status
from app.records.writing import Deed, add_months, dump, write_revision, write_source

IMPORTER = act_for_service("")
"""Imports have no author: their records say whose list they come from."""

GONE = "no longer in its source"
BACK = "in its source again"


class _Known(NamedTuple, Generic[D]):
    entry: Entry[D]
    record_id: int
    reference: UUID
    row: Row[tuple[object, ...]]


class Importing(Generic[D]):
    """One import into one kind of record, in the caller's transaction.

    Args:
        session: The caller's; nothing is committed here.
        store: The tables.
        collection: What the entries are the whole of, such as `pack:demo`: what was imported with
            it before and is not among them any more has gone from its source. Empty: they are
            not the whole of anything.
    """

    def __init__(self, session: AsyncSession, store: Store[D], collection: str = "") -> None:
        self._session = session
        self._store = store
        self._collection = collection

    async def keep(self, entries: Sequence[Entry[D]]) -> ImportCounts:
        """Add the entries that are new, and bring those that are known up to date.

        Args:
            entries: Each with the `source_id` of its origin; what they refer to is among them or
                kept already.

        Raises:
            ValueError: An entry has no `source_id`, or refers to what is not there.
        """
        wanted, taken_down = await self._leave_out_taken_down(entries)
        references = {self._refer(entry): entry for entry in wanted}
        known = await queries.fetch_sources(self._session, self._store.subject, references)
        fresh = {ref: entry for ref, entry in references.items() if ref not in known}
        names = {reference: name_new() for reference in fresh}
        names |= await self._name_references(references.values(), names)
        await self._add(fresh, names)
        counts = ImportCounts(added=len(fresh), taken_down=taken_down)
        current = await queries.fetch_newest_documents(
            self._session, self._store.subject, [row.subject_id for row in known.values()]
        )
        joined = []
        for reference, row in known.items():
            if row.is_main:
                entry = references[reference]
                joined += self._list_joined(row.subject_id, entry)
                item = _Known(entry, row.subject_id, reference, row)
                document = self._store.document_type.model_validate(current[row.subject_id])
                counts += await self._update(item, document, names)
        await queries.insert_sources(self._session, joined)
        if self._collection:
            counts += await self._close_missing(references)
        return counts

    async def remove_others(self) -> ImportCounts:
        """Remove what came with other collections of the same family and nobody worked on.

        What belongs to another place goes when the place is changed. What people edited or
        confirmed stays, and so does what it needs.
        """
        subject = self._store.subject
        rows = await queries.fetch_of_others(self._session, subject, self._collection)
        idle = [row.subject_id for row in rows if not row.is_worked_on]
        removed = await self._store.delete(self._session, idle)
        await queries.delete_notes(self._session, subject, removed)
        return ImportCounts(removed=len(removed))

    async def _close_missing(self, references: Iterable[UUID]) -> ImportCounts:
        """Mark as closed what the sources do not have any more, where nobody worked on it."""
        subject = self._store.subject
        closed = 0
        for row in await queries.fetch_missing(
            self._session, subject, self._collection, list(references)
        ):
            number, status = await self._store.fetch_standing(self._session, row.subject_id)
            if status is Status.PUBLISHED and not row.is_worked_on:
                await self._set_status(row.subject_id, number + 1, Status.CLOSED, GONE)
                closed += 1
        return ImportCounts(closed=closed)

    async def _reopen(self, record_id: int) -> None:
        """Publish again what was closed only because its source did not have it for a while."""
        number, status = await self._store.fetch_standing(self._session, record_id)
        if status is Status.CLOSED:
            subject = self._store.subject
            action = await queries.fetch_newest_action(self._session, subject, record_id)
            if action == GONE:
                await self._set_status(record_id, number + 1, Status.PUBLISHED, BACK)

    async def _set_status(self, record_id: int, number: int, status: Status, action: str) -> None:
        subject = self._store.subject
        await self._store.set_status(self._session, record_id, status, number)
        documents = await queries.fetch_newest_documents(self._session, subject, [record_id])
        deed = Deed(IMPORTER, action, Method.IMPORTED)
        document = documents[record_id]
        row = write_revision(deed, (subject, record_id, number), status, document, document)
        await queries.insert_revisions(self._session, [row])

    async def _leave_out_taken_down(
        self, entries: Sequence[Entry[D]]
    ) -> tuple[list[Entry[D]], int]:
        keys = [(entry.origin.source, entry.origin.source_id or "") for entry in entries]
        if not all(source_id for _, source_id in keys):
            raise ValueError("an entry to import needs the identifier that its source gives it")
        down = await queries.fetch_taken_down(self._session, self._store.subject, keys)
        wanted = [entry for entry, key in zip(entries, keys, strict=True) if key not in down]
        return wanted, len(entries) - len(wanted)

    def _refer(self, entry: Entry[D]) -> UUID:
        return name_imported(self._store.subject, entry.origin.source, entry.origin.source_id or "")

    async def _name_references(
        self, entries: Iterable[Entry[D]], names: Mapping[UUID, UUID]
    ) -> dict[UUID, UUID]:
        """Return the public ids of what entries refer to, those about to be added left out."""
        referred = set()
        for entry in entries:
            referred |= self._store.list_references(entry.document)
        subject = self._store.subject
        missing = {each for each in referred if each[0] is not subject or each[1] not in names}
        return await self._store.fetch_public_ids(self._session, missing)

    async def _add(self, fresh: Mapping[UUID, Entry[D]], names: Mapping[UUID, UUID]) -> None:
        if not fresh:
            return
        documents = [self._store.translate(entry.document, names) for entry in fresh.values()]
        named = [self._store.keep_parts(document, document) for document in documents]
        records = [
            NewRecord(names[reference], document, entry.status, None)
            for (reference, entry), document in zip(fresh.items(), named, strict=True)
        ]
        ids = await self._store.insert(self._session, records)
        subject = self._store.subject
        rows, sources = [], []
        for record_id, entry, bare, document in zip(
            ids, fresh.values(), documents, named, strict=True
        ):
            deed = Deed(IMPORTER, "imported", Method.IMPORTED)
            key = (subject, record_id, 1)
            rows.append(write_revision(deed, key, entry.status, None, dump(document)))
            sources.append(self._write_source(record_id, entry, bare))
            sources += self._list_joined(record_id, entry)
        await queries.insert_revisions(self._session, rows)
        await queries.insert_sources(self._session, sources)
        await self._assert_all(zip(ids, fresh.values(), named, strict=True))

    def _write_source(self, record_id: int, entry: Entry[D], document: D) -> dict[str, object]:
        return write_source(
            self._store.subject,
            record_id,
            entry.origin,
            imported=dump(document),
            collection=self._collection,
        )

    def _list_joined(self, record_id: int, entry: Entry[D]) -> list[dict[str, object]]:
        return [
            write_source(self._store.subject, record_id, joined.origin, reason=joined.reason)
            for joined in entry.joined
        ]

    async def _update(
        self, known: _Known[D], current: D, names: Mapping[UUID, UUID]
    ) -> ImportCounts:
        entry, record_id = known.entry, known.record_id
        bare = self._store.translate(entry.document, names)
        imported = known.row.imported or {}
        await self._reopen(record_id)
        if dump(bare) == imported:
            return ImportCounts(unchanged=1)
        held = self._store.document_type.model_validate(imported or dump(current))
        base = dump(self._store.keep_parts(held, current))
        fresh = dump(self._store.keep_parts(bare, current))
        merged, has_edits = merge_edits(base, dump(current), fresh)
        await queries.update_imported(self._session, [(known.reference, dump(bare))])
        await self._assert_all([(record_id, entry, bare)])
        if merged == dump(current):
            return ImportCounts(unchanged=1, kept_edits=int(has_edits))
        document = self._store.document_type.model_validate(merged)
        number, status = await self._store.fetch_standing(self._session, record_id)
        await self._store.replace(self._session, record_id, document, number + 1)
        deed = Deed(IMPORTER, "brought up to date", Method.IMPORTED)
        key = (self._store.subject, record_id, number + 1)
        row = write_revision(deed, key, status, dump(current), merged)
        await queries.insert_revisions(self._session, [row])
        return ImportCounts(changed=1, kept_edits=int(has_edits))

    async def _assert_all(self, items: Iterable[tuple[int, Entry[D], D]]) -> None:
        """Keep what the source says of when its rows were confirmed, in place of what it said."""
        subject = self._store.subject
        rows: list[dict[str, object]] = []
        ids = set()
        for record_id, entry, document in items:
            for said in entry.confirmations:
                ids.add(record_id)
                until = said.holds_until
                if until is None:
                    months = await self._store.count_months(self._session, document, said.aspect)
                    until = add_months(said.confirmed_on, months)
                rows.append(
                    {
                        "subject": subject, "subject_id": record_id, "aspect": said.aspect,
                        "is_right": True, "asserted_on": said.confirmed_on,
                        "holds_until": until, "method": said.method, "person_id": None,
                        "author": "",
                    }
                )  # fmt: skip
        await queries.delete_imported_assertions(self._session, subject, ids)
        await queries.insert_assertions(self._session, rows)
