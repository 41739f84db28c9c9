"""Every SELECT and INSERT of packs."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.packs.models import Pack


async def fetch_pack(session: AsyncSession) -> Pack | None:
    """Return the pack that is loaded, or None."""
    return (await session.scalars(select(Pack))).one_or_none()


async def upsert_pack(
    session: AsyncSession,
    *,
    name: str,
    described: dict[str, Any],
    manifest: dict[str, Any],
    checksum: str,
    report: dict[str, Any],
) -> None:
    """Record the pack that is now loaded, in place of any before."""
    values = {
        "name": name,
        "described": described,
        "manifest": manifest,
        "checksum": checksum,
        "report": report,
        "loaded_at": datetime.now(UTC),
    }
    row = insert(Pack).values(is_current=True, **values)
    await session.execute(row.on_conflict_do_update(index_elements=[Pack.is_current], set_=values))


LOAD_LOCK = "hashtext('hereabouts.packs.load')"
"""The lock of one load at a time; another than that of the swap, which readers of ids take."""

COUNTED = {
    "areas": "SELECT count(*) FROM areas WHERE in_study_area",
    "areas of the margin": "SELECT count(*) FROM areas WHERE NOT in_study_area",
    "lookup rows": "SELECT count(*) FROM area_lookups",
    "age bands of people": "SELECT count(*) FROM area_populations",
    "postcodes": "SELECT count(*) FROM postcodes",
    "indicators": "SELECT count(*) FROM indicators",
    "series": "SELECT count(*) FROM indicator_series",
    "values": "SELECT coalesce(sum(value_count), 0) FROM indicator_series",
}


async def take_load_lock(connection: AsyncConnection) -> bool:
    """Take the lock of loading for as long as the connection lives; False where another has it."""
    taken = await connection.scalar(text(f"SELECT pg_try_advisory_lock({LOAD_LOCK})"))
    await connection.commit()
    return bool(taken)


async def release_load_lock(connection: AsyncConnection) -> None:
    """Give the lock of loading back."""
    await connection.execute(text(f"SELECT pg_advisory_unlock({LOAD_LOCK})"))
    await connection.commit()


async def count_loaded(session: AsyncSession) -> dict[str, int]:
    """Return how many of what the pack brought, by name in words."""
    return {name: int(await session.scalar(text(query)) or 0) for name, query in COUNTED.items()}
