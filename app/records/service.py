"""How organisations and assets are added, changed, confirmed and taken down: one set of rules."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.limiting import count_offer
from app.accounts.permissions import Actor, AreaRef, Permission, require_permission
from app.core.errors import (
    BadRequestError,
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
)
from app.records import queries
from app.records.changes import Change, list_changes
from app.records.documents import Origin
from app.records.identity import name_new
from app.records.keeping import Claim, D, Kept, NewRecord, Store
from app.records.vocabulary import Aspect, Method, Status
from app.records.writing import Deed, add_months, dump, say_problems, write_revision, write_source

NOTHING_THERE = "There is nothing here by that id, or it is not for you to see."
"""One sentence for what does not exist and for what somebody may not know to exist."""

_MOVES: dict[Status, tuple[Permission, frozenset[Status], str]] = {
    Status.PUBLISHED: (Permission.REVIEW, frozenset(Status) - {Status.PUBLISHED}, "published"),
    Status.REJECTED: (Permission.REVIEW, frozenset({Status.WAITING}), "rejected"),
    Status.CLOSED: (Permission.EDIT, frozenset({Status.PUBLISHED}), "marked as closed"),
    Status.TAKEN_DOWN: (
        Permission.TAKE_DOWN, frozenset(Status) - {Status.TAKEN_DOWN}, "taken down",
    ),
}  # fmt: skip
"""For each status: what it takes to set it, from which others, and how that is told."""


class Opened(NamedTuple, Generic[D]):
    """A record as somebody who may see its private details sees it."""

    kept: Kept
    document: D
    areas: set[AreaRef]


class RevisionRead(NamedTuple):
    """One revision with what it changed."""

    number: int
    at: datetime
    author: str
    method: str
    action: str
    note: str
    status: str
    changes: list[Change]


class Keeper(Generic[D]):
    """What one person does to the records of one kind, in one transaction.

    Args:
        session: The caller's; nothing is committed here.
        store: The tables.
        actor: The person.
    """

    def __init__(self, session: AsyncSession, store: Store[D], actor: Actor) -> None:
        self._session = session
        self._store = store
        self._actor = actor

    async def submit(self, document: D, method: Method) -> Kept:
        """Add a record: published at once where the person may, else waiting for review.

        Raises:
            BadRequestError: It refers to something that is not there.
            TooManyRequestsError: The person may not publish, and has offered too much.
        """
        checked = await self._store.check(self._session, self._actor, document)
        areas = await self._store.find_areas(self._session, checked)
        may_publish = self._actor.may(Permission.PUBLISH, areas)
        if not may_publish:
            await count_offer(self._session, self._actor)
        status = Status.PUBLISHED if may_publish else Status.WAITING
        new = NewRecord(name_new(), checked, status, self._actor.person_id)
        (record_id,) = await self._store.insert(self._session, [new])
        deed = Deed(self._actor, "added", method)
        key = (self._store.subject, record_id, 1)
        row = write_revision(deed, key, status, None, dump(checked))
        await queries.insert_revisions(self._session, [row])
        source = write_source(self._store.subject, record_id, Origin(method=method))
        await queries.insert_sources(self._session, [source])
        exists = Claim(Aspect.EXISTENCE, is_right=True, asserted_on=_today(), method=method)
        await self._claim(record_id, checked, [exists])
        return Kept(record_id, new.public_id, 1, status, self._actor.person_id)

    async def open(self, public_id: UUID, *, lock: bool = False) -> Opened[D]:
        """Return a record with its private details.

        Raises:
            NotFoundError: There is none, or the person may neither see its private details nor
                has added it.
        """
        opened = await self._read(public_id, lock=lock)
        may_see = self._actor.may(Permission.SEE_PRIVATE, opened.areas)
        if not (may_see or self._is_own(opened.kept)):
            raise NotFoundError(NOTHING_THERE)
        return opened

    async def edit(
        self, public_id: UUID, fields: dict[str, Any], expected: int, deed: Deed
    ) -> Kept:
        """Change some fields of a record.

        Whoever added it may change it while it waits, which counts as offering it again; else it
        takes the permission to edit where the thing is, and to publish where it will be.

        Args:
            public_id: Which record.
            fields: What the fields are to hold, checked as a document with the others.
            expected: The number of the revision that the person looked at.
            deed: How they know, and why.

        Raises:
            NotFoundError: It is not there, or not for this person to see.
            ForbiddenError: The person may see it, not change it.
            PreconditionFailedError: Somebody changed it since; the problem holds what they did.
            BadRequestError: The fields and the others make no sense together.
            TooManyRequestsError: The person may not publish, and has offered too much.
        """
        opened = await self.open(public_id, lock=True)
        if not (self._is_own(opened.kept) and opened.kept.status is Status.WAITING):
            require_permission(self._actor, Permission.EDIT, opened.areas)
        await self._check_expected(opened.kept, expected, fields)
        if not self._actor.may(Permission.PUBLISH, opened.areas):
            await count_offer(self._session, self._actor)
        try:
            wanted = self._store.document_type.model_validate(dump(opened.document) | fields)
        except ValidationError as error:
            raise BadRequestError(say_problems(error)) from None
        return await self._change(opened, wanted, deed)

    async def revert(self, public_id: UUID, number: int, expected: int, note: str = "") -> Kept:
        """Make a record again what it was at revision `number`; its history stays whole.

        Raises:
            NotFoundError: There is no such record or revision.
            ForbiddenError: The person may not.
            PreconditionFailedError: Somebody changed it since the person looked.
        """
        opened = await self.open(public_id, lock=True)
        require_permission(self._actor, Permission.REVERT, opened.areas)
        await self._check_expected(opened.kept, expected, {})
        subject = self._store.subject
        found = await queries.fetch_document(self._session, subject, opened.kept.id, number)
        if found is None:
            raise NotFoundError(
                f"There is no revision {number}. The newest is {opened.kept.revision}."
            )
        wanted = self._store.document_type.model_validate(found)
        deed = Deed(self._actor, f"went back to revision {number}", Method.TYPED_IN, note)
        return await self._change(opened, wanted, deed)

    async def move(self, public_id: UUID, status: Status, reason: str) -> Kept:
        """Publish, reject, close or take down a record.

        What is taken down goes on the takedown list under every source it is known by, so that no
        later import shows it again; publishing it takes it off the list.

        Raises:
            NotFoundError: It is not there, or not for this person to see.
            ForbiddenError: The person may not.
            ConflictError: It stands so that this makes no sense.
        """
        opened = await self.open(public_id, lock=True)
        permission, possible, action = _MOVES[status]
        require_permission(self._actor, permission, opened.areas)
        kept = opened.kept
        if kept.status not in possible:
            raise ConflictError(f"It is {kept.status} and cannot be {action}.")
        number = kept.revision + 1
        await self._store.set_status(self._session, kept.id, status, number)
        document = dump(opened.document)
        deed = Deed(self._actor, action, Method.TYPED_IN, reason)
        key = (self._store.subject, kept.id, number)
        row = write_revision(deed, key, status, document, document)
        await queries.insert_revisions(self._session, [row])
        if status is Status.TAKEN_DOWN:
            await self._list_takedown(kept, reason)
        elif kept.status is Status.TAKEN_DOWN:
            await queries.delete_takedowns(self._session, self._store.subject, kept.id)
        return kept._replace(revision=number, status=status)

    async def confirm(self, public_id: UUID, claims: Sequence[Claim]) -> None:
        """Keep what somebody found to be right or wrong.

        Raises:
            NotFoundError: It is not there, or not for this person to see.
            ForbiddenError: The person may not.
            BadRequestError: A day lies in the future.
        """
        opened = await self._read(public_id, lock=False)
        is_public = await self._store.is_public(self._session, opened.kept.id)
        if not (is_public or self._actor.may(Permission.SEE_PRIVATE, opened.areas)):
            raise NotFoundError(NOTHING_THERE)
        require_permission(self._actor, Permission.CONFIRM, opened.areas)
        late = [claim for claim in claims if claim.asserted_on > _today()]
        if late:
            raise BadRequestError(
                f"{late[0].asserted_on} has not come yet. Give the day on which it was looked at."
            )
        await self._claim(opened.kept.id, opened.document, claims)

    async def list_revisions(self, public_id: UUID) -> list[RevisionRead]:
        """Return every revision with what it changed, newest first, private details included.

        Raises:
            NotFoundError: It is not there, or not for this person to see.
        """
        opened = await self.open(public_id)
        rows = await queries.fetch_revisions(self._session, self._store.subject, opened.kept.id)
        before: dict[str, Any] | None = None
        read = []
        for row in rows:
            changes = list_changes(before, row.document)
            said = (row.author, row.method, row.action, row.note, row.status)
            read.append(RevisionRead(row.number, row.at, *said, changes))
            before = row.document
        return read[::-1]

    async def _read(self, public_id: UUID, *, lock: bool) -> Opened[D]:
        kept = await self._store.fetch_kept(self._session, public_id, lock=lock)
        if kept is None:
            raise NotFoundError(NOTHING_THERE)
        subject = self._store.subject
        found = await queries.fetch_document(self._session, subject, kept.id, kept.revision)
        if found is None:
            raise RuntimeError(f"{subject} {kept.id} has no revision {kept.revision}")
        document = self._store.document_type.model_validate(found)
        return Opened(kept, document, await self._store.find_areas(self._session, document))

    def _is_own(self, kept: Kept) -> bool:
        return self._actor.person_id is not None and kept.author_id == self._actor.person_id

    async def _check_expected(self, kept: Kept, expected: int, fields: dict[str, Any]) -> None:
        """Tell the second of two editors what the first did, and keep what they sent."""
        if expected == kept.revision:
            return
        rows = await queries.fetch_revisions(self._session, self._store.subject, kept.id, expected)
        touched = {field for row in rows for field in row.changed}
        raise PreconditionFailedError(
            f"Somebody changed this while you were at it: you looked at revision {expected}, it "
            f"is at {kept.revision} now. Nothing of yours was saved yet; look at their changes, "
            "then send yours again for the newest revision.",
            current_revision=kept.revision,
            changed_since=[
                {"revision": row.number, "at": row.at, "author": row.author, "changed": row.changed}
                for row in rows
            ],
            in_conflict=sorted(touched & set(fields)),
            not_saved=fields,
        )

    async def _change(self, opened: Opened[D], wanted: D, deed: Deed) -> Kept:
        kept = opened.kept
        checked = await self._store.check(self._session, self._actor, wanted)
        if kept.status is Status.PUBLISHED:
            areas = await self._store.find_areas(self._session, checked)
            require_permission(self._actor, Permission.PUBLISH, areas)
        before, after = dump(opened.document), dump(checked)
        if before == after:
            return kept
        number = kept.revision + 1
        await self._store.replace(self._session, kept.id, checked, number)
        key = (self._store.subject, kept.id, number)
        row = write_revision(deed, key, kept.status, before, after)
        await queries.insert_revisions(self._session, [row])
        return kept._replace(revision=number)

    async def _claim(self, record_id: int, document: D, claims: Sequence[Claim]) -> None:
        rows = []
        for claim in claims:
            months = await self._store.count_months(self._session, document, claim.aspect)
            until = add_months(claim.asserted_on, months if claim.is_right else 0)
            rows.append(
                {
                    "subject": self._store.subject, "subject_id": record_id,
                    "aspect": claim.aspect, "is_right": claim.is_right,
                    "asserted_on": claim.asserted_on, "holds_until": until,
                    "method": claim.method, "person_id": self._actor.person_id,
                    "author": self._actor.name or "a visitor",
                }
            )  # fmt: skip
        await queries.insert_assertions(self._session, rows)

    async def _list_takedown(self, kept: Kept, reason: str) -> None:
        subject = self._store.subject
        for source in await queries.fetch_all_sources(self._session, subject, kept.id):
            if source.source_id is not None:
                row = {
                    "subject": subject, "source": source.source, "source_id": source.source_id,
                    "public_id": kept.public_id, "reason": reason,
                    "person_id": self._actor.person_id,
                }  # fmt: skip
                await queries.insert_takedown(self._session, row)


def _today() -> date:
    return datetime.now(UTC).date()
