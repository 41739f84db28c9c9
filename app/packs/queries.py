"""Every SELECT and INSERT of packs."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

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
