"""Every SELECT and INSERT of schedules."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, insert, select
from sqlalchemy.dialects.postgresql import ARRAY as PG_ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.assets.schedules.models import KeptException, KeptRule, KeptSchedule

Rows = Sequence[Mapping[str, Any]]
BATCH = 1000
"""Rows of a statement: well under PostgreSQL's limit of 32,767 parameters."""


async def insert_schedules(
    session: AsyncSession, rows: Sequence[dict[str, Any]]
) -> dict[bytes, int]:
    """Insert schedules whose hash is not kept yet; return the ids of the new ones by hash."""
    statement = (
        upsert(KeptSchedule)
        .on_conflict_do_nothing(index_elements=[KeptSchedule.hash])
        .returning(KeptSchedule.hash, KeptSchedule.id)
    )
    found: dict[bytes, int] = {}
    # in the order of their hashes, so that two at once cannot wait for each other
    ordered = sorted(rows, key=lambda row: bytes(row["hash"]))
    for start in range(0, len(ordered), BATCH):
        result = await session.execute(statement, ordered[start : start + BATCH])
        found.update((bytes(kept_hash), kept_id) for kept_hash, kept_id in result)
    return found


async def insert_parts(
    session: AsyncSession, rules: Sequence[dict[str, Any]], exceptions: Sequence[dict[str, Any]]
) -> None:
    """Insert the rules and exceptions of new schedules."""
    if rules:
        await session.execute(insert(KeptRule), rules)
    if exceptions:
        await session.execute(insert(KeptException), exceptions)


async def fetch_ids(session: AsyncSession, hashes: Collection[bytes]) -> dict[bytes, int]:
    """Return the ids of the schedules kept under `hashes`."""
    statement = select(KeptSchedule.hash, KeptSchedule.id).where(
        KeptSchedule.hash == bindparam("hashes", list(hashes)).any_()
    )
    return {bytes(kept_hash): kept_id for kept_hash, kept_id in await session.execute(statement)}


async def fetch_rows(session: AsyncSession, ids: Collection[int] | None) -> tuple[Rows, Rows, Rows]:
    """Return the rows of schedules, their rules and their exceptions, in order; None: of all."""
    tables = (
        (KeptSchedule.__table__, KeptSchedule.__table__.c.id),
        (KeptRule.__table__, KeptRule.__table__.c.schedule_id),
        (KeptException.__table__, KeptException.__table__.c.schedule_id),
    )
    found: list[Rows] = []
    for table, column in tables:
        statement = select(table).order_by(*table.primary_key)
        if ids is not None:
            wanted = bindparam("ids", list(ids), type_=PG_ARRAY(Integer))
            statement = statement.where(column == wanted.any_())
        result = await session.execute(statement)
        found.append([dict(row) for row in result.mappings()])
    return found[0], found[1], found[2]
