"""Every SELECT and INSERT of what is kept about organisations and assets."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    all_,
    any_,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from app.records.models import Assertion, RecordSource, Revision, Takedown
from app.records.vocabulary import Method, Subject

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


async def insert_revisions(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add revisions; each row has the columns of `Revision` but for `id` and `at`."""
    if rows:
        await session.execute(insert(Revision), rows)


async def fetch_document(
    session: AsyncSession, subject: Subject, subject_id: int, number: int
) -> dict[str, Any] | None:
    """Return the document of one revision, or None."""
    query = select(Revision.document).where(
        Revision.subject == subject, Revision.subject_id == subject_id, Revision.number == number
    )
    return await session.scalar(query)


async def fetch_newest_documents(
    session: AsyncSession, subject: Subject, ids: Collection[int]
) -> dict[int, dict[str, Any]]:
    """Return the document of the newest revision of each record."""
    query = (
        select(Revision.subject_id, Revision.document)
        .ext(postgresql.distinct_on(Revision.subject_id))
        .where(Revision.subject == subject, Revision.subject_id == any_(_bigints(ids)))
        .order_by(Revision.subject_id, Revision.number.desc())
    )
    return {row.subject_id: row.document for row in await session.execute(query)}


async def fetch_revisions(
    session: AsyncSession, subject: Subject, subject_id: int, after: int = 0
) -> Sequence[AnyRow]:
    """Return the revisions of a record beyond number `after`, oldest first."""
    query = (
        select(
            Revision.number,
            Revision.at,
            Revision.author,
            Revision.method,
            Revision.action,
            Revision.note,
            Revision.status,
            Revision.changed,
            Revision.document,
        )
        .where(
            Revision.subject == subject,
            Revision.subject_id == subject_id,
            Revision.number > after,
        )
        .order_by(Revision.number)
    )
    return (await session.execute(query)).all()


async def insert_sources(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add where records come from; each row has the columns of `RecordSource` but for `id`.

    A row of a source that is known already, of whichever record, is left as it is.
    """
    if rows:
        add = postgresql.insert(RecordSource).on_conflict_do_nothing()
        await session.execute(add, rows)


async def fetch_main_source(
    session: AsyncSession, subject: Subject, subject_id: int
) -> RecordSource | None:
    """Return the main source of a record."""
    query = select(RecordSource).where(
        RecordSource.subject == subject,
        RecordSource.subject_id == subject_id,
        RecordSource.reason.is_(None),
    )
    return (await session.scalars(query)).one_or_none()


async def fetch_sources(
    session: AsyncSession, subject: Subject, references: Collection[UUID]
) -> dict[UUID, AnyRow]:
    """Return what is known under the references of rows to import.

    Rows have `subject_id`, `reference`, `is_main` and `imported`.
    """
    query = select(
        RecordSource.subject_id,
        RecordSource.reference,
        RecordSource.reason.is_(None).label("is_main"),
        RecordSource.imported,
        RecordSource.licence,
    ).where(
        RecordSource.subject == subject,
        RecordSource.reference == any_(_uuids(references)),
    )
    return {row.reference: row for row in await session.execute(query)}


async def update_imported(session: AsyncSession, rows: Sequence[tuple[UUID, Any]]) -> None:
    """Keep what a source says of a record now; each row is its reference and the document."""
    for reference, document in rows:
        await session.execute(
            update(RecordSource)
            .where(RecordSource.reference == reference)
            .values(imported=document)
        )


async def insert_assertions(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add assertions; each row has the columns of `Assertion` but for `id` and `created_at`."""
    if rows:
        await session.execute(insert(Assertion), rows)


async def delete_imported_assertions(
    session: AsyncSession, subject: Subject, ids: Collection[int]
) -> None:
    """Remove what imports asserted of records, before they assert it anew."""
    await session.execute(
        delete(Assertion).where(
            Assertion.subject == subject,
            Assertion.subject_id == any_(_bigints(ids)),
            Assertion.person_id.is_(None),
            Assertion.author == "",
        )
    )


async def fetch_taken_down(
    session: AsyncSession, subject: Subject, keys: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return which of the given (source, source_id) are on the takedown list."""
    if not keys:
        return set()
    sources = {source for source, _ in keys}
    query = select(Takedown.source, Takedown.source_id).where(
        Takedown.subject == subject, Takedown.source.in_(sources)
    )
    return {(row.source, row.source_id) for row in await session.execute(query)} & set(keys)


async def insert_takedown(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Put something on the takedown list; once is enough."""
    add = postgresql.insert(Takedown).values(**row)
    await session.execute(
        add.on_conflict_do_nothing(index_elements=["subject", "source", "source_id"])
    )


async def delete_takedowns(session: AsyncSession, subject: Subject, subject_id: int) -> None:
    """Take a record off the takedown list, under all its sources."""
    keys = select(RecordSource.source, RecordSource.source_id).where(
        RecordSource.subject == subject, RecordSource.subject_id == subject_id
    )
    await session.execute(
        delete(Takedown).where(
            Takedown.subject == subject, tuple_(Takedown.source, Takedown.source_id).in_(keys)
        )
    )


async def fetch_all_sources(
    session: AsyncSession, subject: Subject, subject_id: int
) -> Sequence[RecordSource]:
    """Return every source of a record, the main one first."""
    query = (
        select(RecordSource)
        .where(RecordSource.subject == subject, RecordSource.subject_id == subject_id)
        .order_by(RecordSource.reason.isnot(None), RecordSource.id)
    )
    return (await session.scalars(query)).all()


def select_of_collections(subject: Subject) -> AnySelect:
    """Records by their main source: `subject_id`, `collection`, `reference`, `is_worked_on`.

    Somebody worked on it where a revision is not of an import, or a person asserted something.
    """
    people = exists().where(
        Revision.subject == subject,
        Revision.subject_id == RecordSource.subject_id,
        Revision.method != Method.IMPORTED,
    )
    asserted = exists().where(
        Assertion.subject == subject,
        Assertion.subject_id == RecordSource.subject_id,
        Assertion.author != "",
    )
    return select(
        RecordSource.subject_id,
        RecordSource.collection,
        RecordSource.reference,
        or_(people, asserted).label("is_worked_on"),
    ).where(RecordSource.subject == subject, RecordSource.reason.is_(None))


async def fetch_missing(
    session: AsyncSession, subject: Subject, collection: str, references: Collection[UUID]
) -> Sequence[AnyRow]:
    """Return the records of a collection that are not among `references`."""
    query = select_of_collections(subject).where(
        RecordSource.collection == collection,
        RecordSource.reference != all_(_uuids(references)),
    )
    return (await session.execute(query)).all()


async def fetch_of_others(
    session: AsyncSession, subject: Subject, collection: str
) -> Sequence[AnyRow]:
    """Return the records of other collections of the same family: what stands before the colon."""
    family = collection.partition(":")[0]
    query = select_of_collections(subject).where(
        RecordSource.collection.startswith(f"{family}:", autoescape=True),
        RecordSource.collection != collection,
    )
    return (await session.execute(query)).all()


async def fetch_newest_action(session: AsyncSession, subject: Subject, subject_id: int) -> str:
    """Return what happened last to a record, in words."""
    query = (
        select(Revision.action)
        .where(Revision.subject == subject, Revision.subject_id == subject_id)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return (await session.scalar(query)) or ""


async def delete_notes(session: AsyncSession, subject: Subject, ids: Collection[int]) -> None:
    """Remove revisions, assertions and sources of records that are removed themselves."""
    for table in (Revision, Assertion, RecordSource):
        await session.execute(
            delete(table).where(table.subject == subject, table.subject_id == any_(_bigints(ids)))
        )


async def refresh_public(session: AsyncSession) -> None:
    """Let the database work out what strangers see now, and not only at the end."""
    await session.execute(select(func.refresh_public()))


def _bigints(ids: Collection[int]) -> Any:  # noqa: ANN401 - a cast of SQLAlchemy
    return cast(list(ids), postgresql.ARRAY(postgresql.BIGINT))


def _uuids(ids: Collection[UUID]) -> Any:  # noqa: ANN401 - a cast of SQLAlchemy
    return cast(list(ids), postgresql.ARRAY(postgresql.UUID))
