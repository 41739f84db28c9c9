"""Which pack is loaded, and how far a load is: for the API, the pages and the terminal."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, DatabaseAddress
from app.core.errors import NotFoundError
from app.core.versions import read_version
from app.packs import queries
from app.packs.report import LoadReport
from app.packs.schemas import LoadedPack, LoadRead
from app.packs.service import TOPIC


async def find_load(session: AsyncSession) -> LoadRead | None:
    """Return the load that runs, else the last one; None if there never was one.

    A load that ends writes so before it gives its lock back. So a row that still says `running`
    after the lock was found free is that of a load that was killed.
    """
    found = await queries.fetch_last_load(session)
    if found is None:
        return None
    outcome = found.outcome
    if outcome == "running" and not await queries.fetch_load_held(session):
        load_id = found.id
        found = await queries.fetch_last_load(session) or found
        is_killed = found.id == load_id and found.outcome == "running"
        outcome = "interrupted" if is_killed else found.outcome
    return LoadRead.model_validate(found).model_copy(update={"outcome": outcome})


async def get_load(session: AsyncSession) -> LoadRead:
    """Return what `find_load` does.

    Raises:
        NotFoundError: There never was a load.
    """
    load = await find_load(session)
    if load is None:
        raise NotFoundError("No pack has been loaded yet. Run: hereabouts pack load NAME")
    return load


async def find_loaded(session: AsyncSession) -> LoadedPack | None:
    """Return the pack that is loaded with the report of its load; None before there is one."""
    pack = await queries.fetch_pack(session)
    if pack is None:
        return None
    report = LoadReport.model_validate(pack.report)
    # The database keeps the names of a document in an order of its own.
    order = {name: number for number, name in enumerate(queries.COUNTED)}
    counts = sorted(report.counts.items(), key=lambda item: order.get(item[0], len(order)))
    return LoadedPack(
        name=pack.name,
        loaded_at=pack.loaded_at,
        data_version=await read_version(session, TOPIC),
        report=report.model_copy(update={"counts": dict(counts)}),
    )


async def write_status(address: DatabaseAddress) -> list[str]:
    """Return what an operator asks `hereabouts pack status` for, in lines."""
    database = Database(address, pool_size=0)
    try:
        async with database.sessions() as session:
            loaded = await find_loaded(session)
            load = await find_load(session)
    finally:
        await database.close()
    lines = _describe_loaded(loaded) if loaded else ["No pack is loaded."]
    return [*lines, *_describe_load(load)] if load else lines


def _describe_loaded(loaded: LoadedPack) -> list[str]:
    when = f"{loaded.loaded_at.astimezone():%Y-%m-%d %H:%M %Z}".strip()
    lines = [
        f"The pack {loaded.name} is loaded.",
        f"Loaded on {when} in {loaded.report.took_s:.0f} s, data version {loaded.data_version}.",
    ]
    counts = ", ".join(f"{count:,} {name}" for name, count in loaded.report.counts.items())
    return [*lines, f"It holds {counts}."] if counts else lines


def _describe_load(load: LoadRead) -> list[str]:
    began = f"{load.started_at.astimezone():%Y-%m-%d %H:%M}"
    if load.outcome == "running":
        how_far = f" ({load.done:,} of {load.total:,})" if load.total else ""
        step = load.step or "Beginning"
        return [f"A load of {load.pack} is under way since {began}. {step}{how_far}."]
    if load.outcome == "failed":
        return [f"The load of {load.pack} that began on {began} failed:", load.problem]
    if load.outcome == "interrupted":
        step = load.step or "the beginning"
        return [
            f"The load of {load.pack} that began on {began} was interrupted at: {step}.",
            "Nothing half-done was kept; load it again.",
        ]
    return []
