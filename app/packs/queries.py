"""Every SELECT and INSERT of packs."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.packs.models import Pack, PackLoad


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

LOAD_HELD = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32 | objid::bigint) = hashtext('hereabouts.packs.load')::bigint
)
"""
"""Whether a load is alive; asking takes no lock, so that a load may begin meanwhile."""

LOADS_KEPT = 50
"""How many loads are remembered."""

SHOWN = "status = 'published' AND public_level <> 'hidden'"
"""Reports are for everybody: they do not count what must stay hidden."""

COUNTED = {
    "areas": "SELECT count(*) FROM areas WHERE in_study_area",
    "areas of the margin": "SELECT count(*) FROM areas WHERE NOT in_study_area",
    "lookup rows": "SELECT count(*) FROM area_lookups",
    "age bands of people": "SELECT count(*) FROM area_populations",
    "postcodes": "SELECT count(*) FROM postcodes",
    "categories": "SELECT count(*) FROM categories WHERE NOT is_retired",
    "organisations": f"SELECT count(*) FROM organisations WHERE {SHOWN}",  # noqa: S608 - our own
    "assets": f"SELECT count(*) FROM assets WHERE {SHOWN} AND public_listed",  # noqa: S608 - our own
    "assets of the margin": f"SELECT count(*) FROM assets WHERE {SHOWN} AND NOT public_listed",  # noqa: S608 - our own
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


FILLED = (
    "areas", "area_parts", "area_lookups", "organisations", "organisation_addresses",
    "organisation_identifiers", "organisation_contacts", "organisation_works_in", "assets",
    "asset_sites", "asset_categories", "site_contacts", "site_served_areas", "schedules",
    "schedule_rules", "revisions", "record_sources", "assertions", "categories", "category_closure",
)  # fmt: skip
"""Tables that a load fills, and that are read again before it is committed."""


async def work_out_public(session: AsyncSession) -> None:
    """Work out now what is public of organisations and assets, which else waits for the commit.

    The planner has never seen rows that this very transaction brought, and would go through all of
    them for each one.
    """
    for table in FILLED:
        await session.execute(text(f"ANALYZE {table}"))
    await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


async def count_loaded(session: AsyncSession) -> dict[str, int]:
    """Return how many of what the pack brought, by name in words."""
    return {name: int(await session.scalar(text(query)) or 0) for name, query in COUNTED.items()}


async def fetch_last_load(session: AsyncSession) -> PackLoad | None:
    """Return the load that began last, as it is now, or None if there never was one."""
    query = select(PackLoad).order_by(PackLoad.id.desc()).limit(1)
    found = await session.scalars(query, execution_options={"populate_existing": True})
    return found.first()


async def fetch_load_held(session: AsyncSession) -> bool:
    """Return whether somebody holds the lock of loading."""
    return bool(await session.scalar(text(LOAD_HELD)))


async def insert_load(session: AsyncSession, pack: str) -> int:
    """Record that a load begins and return its id; the caller holds the lock of loading.

    Loads that still claim to run were killed, since there is one at a time. Of old ones only
    the latest are kept.
    """
    now = datetime.now(UTC)
    killed = update(PackLoad).where(PackLoad.outcome == "running")
    await session.execute(killed.values(outcome="interrupted", finished_at=now))
    begun = insert(PackLoad).values(
        pack=pack, started_at=now, step="", done=0, outcome="running", problem=""
    )
    load_id = (await session.execute(begun.returning(PackLoad.id))).scalar_one()
    await session.execute(delete(PackLoad).where(PackLoad.id <= load_id - LOADS_KEPT))
    return load_id


async def update_load(session: AsyncSession, load_id: int, values: dict[str, Any]) -> None:
    """Write how far a load is, or how it ended."""
    await session.execute(update(PackLoad).where(PackLoad.id == load_id).values(values))
