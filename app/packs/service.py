"""Loading a pack, and saying what is loaded."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.areas.customs import keep_customs
from app.areas.loading import DuplicateRowsError, open_area_load
from app.core.database import Database
from app.core.errors import UnavailableError
from app.core.health import Check
from app.core.jobs import defer
from app.core.settings import Settings
from app.core.versions import raise_version, read_version
from app.geo.crs import UnknownCrsError
from app.indicators.loading import open_indicator_load
from app.packs import queries
from app.packs.area_loading import AreaLoading
from app.packs.category_loading import read_categories, refresh_categories
from app.packs.community_loading import CommunityLoading
from app.packs.failing import telling_failures
from app.packs.finding import (
    FoundSource,
    Progress,
    Shelves,
    checksum_pack,
    find_sources,
    say_missing,
    search_shelves,
)
from app.packs.following import follow_load
from app.packs.indicator_loading import IndicatorLoading
from app.packs.manifest import MANIFEST, Manifest, PackProblem, read_manifest
from app.packs.progressing import Reporting
from app.packs.report import LoadReport, measure_peak_mb
from app.packs.schemas import PackDescription, PackRead, SourceRead
from app.taxonomy.loading import TaxonomyProblem, check_terms, load_terms

TOPIC = "pack"
"""The version topic that is raised by every load: the data version."""


SEED_TASK = "tiles.seed"
"""Makes the map tiles of what was loaded; it stands on the same floor, so it has a name only."""


class PackCheck(NamedTuple):
    """A pack whose manifest and files are in order.

    Attributes:
        manifest: The manifest.
        held: How many of its sources are at hand.
        to_fetch: A sentence for each source that would have to be fetched.
    """

    manifest: Manifest
    held: int
    to_fetch: list[str]


async def get_current_pack(session: AsyncSession) -> PackRead:
    """Return the pack that is loaded.

    Raises:
        UnavailableError: None is.
    """
    pack = await queries.fetch_pack(session)
    if pack is None:
        raise UnavailableError(
            "This service is still being set up: no place is loaded yet. "
            "Please come back in a minute."
        )
    described = PackDescription.model_validate(pack.described)
    return PackRead(**dict(described), data_version=await read_version(session, TOPIC))


async def check_pack_loaded(session: AsyncSession) -> Check:
    """Whether a pack is loaded, for `/readyz`."""
    try:
        pack = await get_current_pack(session)
    except UnavailableError:
        detail = "No pack is loaded. Run: hereabouts pack load NAME"
        return Check(name="pack", is_ready=False, detail=detail)
    detail = f"The pack {pack.name} is loaded, data version {pack.data_version}."
    return Check(name="pack", is_ready=True, detail=detail)


def list_packs(settings: Settings) -> list[tuple[str, str]]:
    """Return name and title of each pack in the packs folder, by name; broken ones say so."""
    found = []
    for path in sorted(settings.packs_dir.glob(f"*/{MANIFEST}")):
        try:
            found.append((path.parent.name, read_manifest(path.parent).title))
        except PackProblem as problem:
            found.append((path.parent.name, str(problem).splitlines()[0]))
    return found


def find_pack(settings: Settings, name: str) -> Path:
    """Return the folder of the pack called `name`.

    Raises:
        PackProblem: There is none, with those there are.
    """
    folder = settings.packs_dir / name
    if (folder / MANIFEST).is_file():
        return folder
    known = ", ".join(known for known, _ in list_packs(settings)) or "none"
    raise PackProblem(f"There is no pack {name!r} in {settings.packs_dir}. There are: {known}.")


def check_pack(folder: Path, shelves: Shelves | None = None) -> PackCheck:
    """Return a pack whose keys and files are what its manifest says; nothing is fetched.

    Raises:
        PackProblem: Something is not, a sentence a line.
    """
    shelves = shelves or Shelves()
    manifest = read_manifest(folder)
    search = search_shelves(folder, manifest, shelves)
    problems = search.problems + say_missing(folder, manifest, search, shelves)
    if problems:
        raise PackProblem("\n".join(problems))
    to_fetch = [
        f"`sources.{key}` is to be fetched from {official.addresses[0]}"
        + ("." if official.tried else ", which nobody has tried yet.")
        for key in search.missing
        if (official := manifest.sources[key].official)
    ]
    return PackCheck(manifest, len(search.found), to_fetch)


async def load_pack(
    database: Database,
    folder: Path,
    progress: Progress,
    shelves: Shelves | None = None,
    *,
    force: bool = False,
) -> LoadReport:
    """Load the pack in `folder`: stage and check beside the live data, then swap at once.

    A pack that is loaded already, unchanged to the byte, is left alone unless `force`.

    Args:
        database: Where to.
        folder: The pack's.
        progress: Told what is being done.
        shelves: Where else its files may be.
        force: Load it though nothing changed.

    Raises:
        PackProblem: Something in the pack cannot be used. Nothing has changed then.
    """
    shelves = shelves or Shelves()
    manifest = await asyncio.to_thread(read_manifest, folder)
    async with (
        telling_failures(),  # the ending of what stands below may fail in its turn
        database.engine.connect() as connection,
        _only_load(connection),
        follow_load(database, manifest.name, progress) as load,
        telling_failures(),
    ):
        await load.tell("Looking for the files", 0, None)
        search = await asyncio.to_thread(search_shelves, folder, manifest, shelves)
        found = await find_sources(folder, manifest, shelves, search, load.tell)
        checksum = checksum_pack(folder, found)
        async with AsyncSession(connection) as session:
            loaded = await queries.fetch_pack(session)
        try:
            if loaded and loaded.checksum == checksum and not force:
                # The reference set comes with the program, which may be newer than the load.
                await refresh_categories(connection, manifest, found)
                return load.succeed(LoadReport(pack=manifest.name, is_unchanged=True))
            return load.succeed(
                await _stage_and_swap(connection, manifest, found, checksum, load.tell)
            )
        except TaxonomyProblem as problem:
            raise PackProblem(str(problem)) from None
        except UnknownCrsError as error:
            raise PackProblem(f"{manifest.name}: {error}") from None
        except DuplicateRowsError as error:
            raise PackProblem(
                f"{manifest.name}: two files hold the same ({error}). Leave it out of one of them."
            ) from None


@asynccontextmanager
async def _only_load(connection: AsyncConnection) -> AsyncIterator[None]:
    """Make sure that no other load runs on this database; a lock that ends with the connection.

    Raises:
        PackProblem: One does.
    """
    if not await queries.take_load_lock(connection):
        raise PackProblem(
            "Another load is under way on this database. Wait until it has ended; "
            "`hereabouts pack status` tells how far it is."
        )
    try:
        yield
    finally:
        await connection.rollback()
        await queries.release_load_lock(connection)


async def _stage_and_swap(
    connection: AsyncConnection,
    manifest: Manifest,
    found: dict[str, FoundSource],
    checksum: str,
    progress: Progress,
) -> LoadReport:
    started = time.monotonic()
    report = LoadReport(pack=manifest.name)
    reporting = Reporting(manifest, found, report, progress)
    plurals = {kind.code: kind.plural for kind in manifest.area_types}
    terms = await read_categories(manifest, found, reporting)
    async with open_area_load(connection) as load:
        areas = AreaLoading(manifest, found, reporting)
        await areas.stage(load)
        await reporting.tell("Checking")
        reporting.find_all(await load.check())
        frames = await load.describe()
        async with open_indicator_load(connection, frames, plurals) as indicator_load:
            indicators = IndicatorLoading(manifest, found, areas.books, areas.people, reporting)
            await indicators.stage(indicator_load)
            reporting.find_all(await indicator_load.check())
            known = check_terms(terms).terms
            community = CommunityLoading(manifest, found, areas.books, known, reporting)
            await community.prepare(load)
            await reporting.tell("Putting it in place")
            swapping = time.monotonic()
            async with connection.begin(), AsyncSession(connection) as session:
                await load.swap(session, None)
                await keep_customs(session, manifest.customs)
                await load_terms(session, terms)
                await community.write(session)
                await indicator_load.swap(session)
                await queries.work_out_public(session)
                report.counts = await queries.count_loaded(session)
                report.took_s = time.monotonic() - started
                report.swap_s = time.monotonic() - swapping
                report.peak_mb = measure_peak_mb()
                await queries.upsert_pack(
                    session,
                    name=manifest.name,
                    described=_describe(manifest, found).model_dump(mode="json"),
                    manifest=manifest.model_dump(mode="json", by_alias=True),
                    checksum=checksum,
                    report=report.model_dump(mode="json"),
                )
                await raise_version(session, TOPIC)
                await defer(session, SEED_TASK, lock=SEED_TASK)
                await session.flush()
    report.took_s = time.monotonic() - started
    report.swap_s = time.monotonic() - swapping
    return report


def _describe(manifest: Manifest, found: dict[str, FoundSource]) -> PackDescription:
    return PackDescription(
        name=manifest.name,
        title=manifest.title,
        label=manifest.label,
        is_invented=manifest.invented,
        description=manifest.description,
        languages=manifest.languages,
        time_zone=manifest.time_zone,
        sources=_list_sources(manifest, found),
    )


def _list_sources(manifest: Manifest, found: dict[str, FoundSource]) -> list[SourceRead]:
    distinct = dict.fromkeys(
        (
            source.title, source.publisher or source.title, source.licence, source.licence_url,
            source.vintage, source.attribution or manifest.attribution or None,
        )
        for source in (each.entry for each in found.values())
    )  # fmt: skip
    return [
        SourceRead(
            title=title, publisher=publisher, licence=licence, licence_url=url, vintage=vintage,
            attribution=attribution,
        )
        for title, publisher, licence, url, vintage, attribution in distinct
    ]  # fmt: skip
