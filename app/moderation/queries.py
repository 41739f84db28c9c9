"""Every SELECT, INSERT and UPDATE of what people suggest and report."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, or_, select, tuple_, union_all, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person
from app.areas.models import Area, AreaType, BoundarySet
from app.assets.models import Asset
from app.moderation.models import Suggestion
from app.organisations.models import Organisation
from app.records.models import Revision
from app.records.vocabulary import Status, Subject

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
TABLES: Mapping[Subject, Any] = {Subject.ASSET: Asset, Subject.ORGANISATION: Organisation}


async def is_known(session: AsyncSession, once: UUID) -> bool:
    """Return whether a form was sent before."""
    query = select(Suggestion.id).where(Suggestion.once == once)
    return await session.scalar(query) is not None


async def insert_suggestion(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Keep a suggestion; that of a form sent before is left as it is."""
    add = postgresql.insert(Suggestion).values(**values)
    await session.execute(add.on_conflict_do_nothing(index_elements=["once"]))


def _select_suggestions() -> AnySelect:
    name = func.coalesce(Asset.name, Organisation.name)
    record = func.coalesce(Asset.public_id, Organisation.public_id)
    return (
        select(Suggestion, name.label("name"), record.label("record"), Person.name.label("person"))
        .outerjoin(
            Asset, (Suggestion.subject == Subject.ASSET) & (Asset.id == Suggestion.subject_id)
        )
        .outerjoin(
            Organisation,
            (Suggestion.subject == Subject.ORGANISATION)
            & (Organisation.id == Suggestion.subject_id),
        )
        .outerjoin(Person, Person.id == Suggestion.person_id)
        .where(record.is_not(None))
    )


async def fetch_suggestion(
    session: AsyncSession, public_id: UUID, *, lock: bool = False
) -> AnyRow | None:
    """Return a suggestion with `name`, `record` and `person`, or None; locked if asked."""
    query = _select_suggestions().where(Suggestion.public_id == public_id)
    if lock:
        query = query.with_for_update(of=Suggestion).execution_options(populate_existing=True)
    return (await session.execute(query)).one_or_none()


async def fetch_of_person(session: AsyncSession, person_id: int, limit: int) -> Sequence[AnyRow]:
    """Return what a person suggested and reported, newest first."""
    query = (
        _select_suggestions()
        .where(Suggestion.person_id == person_id)
        .order_by(Suggestion.created_at.desc(), Suggestion.id.desc())
        .limit(limit)
    )
    return (await session.execute(query)).all()


async def fetch_waiting(session: AsyncSession) -> Sequence[AnyRow]:
    """Return everything that waits, oldest first.

    Rows have `kind`, which for additions is the subject; `public_id` of the suggestion or the
    record; `subject`, `subject_id` and `name` of the record; `at`; `note`; and `has_account`.
    """
    reports = (
        select(
            Suggestion.kind,
            Suggestion.public_id,
            Suggestion.subject,
            Suggestion.subject_id,
            func.coalesce(Asset.name, Organisation.name).label("name"),
            Suggestion.created_at.label("at"),
            Suggestion.note,
            Suggestion.person_id.is_not(None).label("has_account"),
        )
        .outerjoin(
            Asset, (Suggestion.subject == Subject.ASSET) & (Asset.id == Suggestion.subject_id)
        )
        .outerjoin(
            Organisation,
            (Suggestion.subject == Subject.ORGANISATION)
            & (Organisation.id == Suggestion.subject_id),
        )
        .where(
            Suggestion.status == "waiting",
            func.coalesce(Asset.id, Organisation.id).is_not(None),
        )
    )
    additions = [
        select(
            literal(str(subject)).label("kind"),
            table.public_id,
            literal(str(subject)).label("subject"),
            table.id.label("subject_id"),
            table.name,
            table.created_at.label("at"),
            literal("").label("note"),
            table.author_id.is_not(None).label("has_account"),
        ).where(table.status == Status.WAITING)
        for subject, table in TABLES.items()
    ]
    every = union_all(reports, *additions).subquery()
    query = select(every).order_by(every.c.at, every.c.public_id)
    return (await session.execute(query)).all()


async def fetch_additions_of(session: AsyncSession, person_id: int, limit: int) -> Sequence[AnyRow]:
    """Return what a person added, newest first: `subject`, `public_id`, `name`, `status`, `at`."""
    parts = [
        select(
            literal(str(subject)).label("subject"),
            table.public_id,
            table.name,
            table.status,
            table.created_at.label("at"),
        ).where(table.author_id == person_id)
        for subject, table in TABLES.items()
    ]
    every = union_all(*parts).subquery()
    query = select(every).order_by(every.c.at.desc(), every.c.public_id).limit(limit)
    return (await session.execute(query)).all()


async def decide(session: AsyncSession, suggestion_id: int, values: Mapping[str, Any]) -> bool:
    """Note what was decided about a suggestion that waits; False where it does not any more."""
    decided = (
        update(Suggestion)
        .where(Suggestion.id == suggestion_id, Suggestion.status == "waiting")
        .values(**values, decided_at=func.now())
        .returning(Suggestion.id)
    )
    return await session.scalar(decided) is not None


async def fetch_person_name(session: AsyncSession, person_id: int | None) -> str:
    """Return what a person is called; empty for nobody."""
    if person_id is None:
        return ""
    row = (
        await session.execute(select(Person.name, Person.email).where(Person.id == person_id))
    ).one_or_none()
    return (row.name or row.email or "") if row else ""


async def fetch_email(session: AsyncSession, person_id: int) -> str | None:
    """Return the address of a person who may sign in, or None."""
    query = select(Person.email).where(Person.id == person_id, Person.is_active)
    return await session.scalar(query)


async def fetch_newest_revision(
    session: AsyncSession, subject: Subject, subject_id: int
) -> AnyRow | None:
    """Return `author`, `action`, `at` and `note` of what happened last to a record."""
    query = (
        select(Revision.author, Revision.action, Revision.at, Revision.note)
        .where(Revision.subject == subject, Revision.subject_id == subject_id)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return (await session.execute(query)).one_or_none()


async def fetch_added_at(session: AsyncSession, subject: Subject, public_id: UUID) -> Any:  # noqa: ANN401 - a moment
    """Return when a record was added."""
    table = TABLES[subject]
    return await session.scalar(select(table.created_at).where(table.public_id == public_id))


def _select_area_names() -> AnySelect:
    """Select areas by kind and code, each once however many years are held of it."""
    return (
        select(
            BoundarySet.area_type.label("type"),
            AreaType.name.label("kind"),
            Area.code,
            func.max(Area.name).label("name"),
        )
        .join(BoundarySet, BoundarySet.id == Area.boundary_set_id)
        .join(AreaType, AreaType.code == BoundarySet.area_type)
        .group_by(BoundarySet.area_type, AreaType.name, AreaType.position, Area.code)
        .order_by(AreaType.position.desc(), Area.code)
    )


async def fetch_area_names(
    session: AsyncSession, areas: Collection[tuple[str, str]]
) -> Sequence[AnyRow]:
    """Return `type`, `kind` in words, `code` and `name` of areas named by kind and code."""
    if not areas:
        return []
    named = tuple_(BoundarySet.area_type, Area.code).in_(list(areas))
    return (await session.execute(_select_area_names().where(named))).all()


async def fetch_areas_called(session: AsyncSession, words: Collection[str]) -> Sequence[AnyRow]:
    """Return the same of areas whose name or code is one of some words, in small letters."""
    if not words:
        return []
    called = or_(func.lower(Area.name).in_(list(words)), func.lower(Area.code).in_(list(words)))
    return (await session.execute(_select_area_names().where(called))).all()
