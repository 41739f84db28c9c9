"""What organisations and assets each know about themselves, so that one set of rules keeps both."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, AreaRef
from app.records.documents import Document
from app.records.vocabulary import Aspect, Method, Status, Subject

D = TypeVar("D", bound=Document)


class Kept(NamedTuple):
    """How a record stands.

    Attributes:
        id: Its number in its table.
        public_id: What the public knows it by.
        revision: The number of its newest revision.
        status: How it stands.
        author_id: The person who added it; None for imports and strangers.
    """

    id: int
    public_id: UUID
    revision: int
    status: Status
    author_id: int | None


class NewRecord(NamedTuple, Generic[D]):
    """A record to be added: its public id, its checked document, how it stands, and by whom."""

    public_id: UUID
    document: D
    status: Status
    author_id: int | None


class Claim(NamedTuple):
    """That something was found to be right, or not, in one respect.

    Attributes:
        aspect: In which.
        is_right: Whether it is.
        asserted_on: When it was looked at.
        method: How.
    """

    aspect: Aspect
    is_right: bool
    asserted_on: date
    method: Method


class Store(Protocol[D]):
    """The tables of one kind of record."""

    @property
    def subject(self) -> Subject:
        """Which kind."""

    @property
    def document_type(self) -> type[D]:
        """What its documents are made of."""

    async def check(self, session: AsyncSession, actor: Actor, document: D) -> D:
        """Return the document with new parts named, once all it refers to is known to be there.

        Raises:
            BadRequestError: Something is not, or not for this person to know.
        """

    async def find_areas(self, session: AsyncSession, document: D) -> set[AreaRef]:
        """Return every area that the thing lies in or serves: who may change it depends on them."""

    async def fetch_kept(
        self, session: AsyncSession, public_id: UUID, *, lock: bool = False
    ) -> Kept | None:
        """Return how the record stands, locked until the transaction ends if asked; or None."""

    async def fetch_standing(self, session: AsyncSession, record_id: int) -> tuple[int, Status]:
        """Return the newest revision of a record and how it stands, locked until the end."""

    async def is_public(self, session: AsyncSession, record_id: int) -> bool:
        """Return whether strangers can see that the record exists."""

    async def insert(self, session: AsyncSession, records: Sequence[NewRecord[D]]) -> list[int]:
        """Add records and return their numbers, in order."""

    async def delete(self, session: AsyncSession, ids: Collection[int]) -> list[int]:
        """Remove records that nobody worked on; those that others need stay.

        Returns:
            The numbers of those that were removed.
        """

    def translate(self, document: D, names: Mapping[UUID, UUID]) -> D:
        """Return a document to import whose references are the public ids that they stand for."""

    def keep_parts(self, fresh: D, current: D) -> D:
        """Return a document to import whose parts are named as those of the current one."""

    def list_references(self, document: D) -> set[tuple[Subject, UUID]]:
        """Return what other records a document to import refers to."""

    async def fetch_public_ids(
        self, session: AsyncSession, references: Collection[tuple[Subject, UUID]]
    ) -> dict[UUID, UUID]:
        """Return the public ids that references stand for, of records that are kept."""

    async def replace(
        self, session: AsyncSession, record_id: int, document: D, revision: int
    ) -> None:
        """Make the record what the document says."""

    async def set_status(
        self, session: AsyncSession, record_id: int, status: Status, revision: int
    ) -> None:
        """Change how the record stands."""

    async def count_months(self, session: AsyncSession, document: D, aspect: Aspect) -> int:
        """Return for how many months a confirmation of this aspect holds."""


def read_kept(row: Row[tuple[Any, ...]]) -> Kept:
    """Return how a record stands from its row, whose columns are called as the attributes."""
    return Kept(row.id, row.public_id, row.revision, Status(row.status), row.author_id)
