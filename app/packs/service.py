"""Loading a pack, and saying what is loaded."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.loading import AreaLoad, DuplicateRowsError, NewAreaType, open_area_load
from app.core.database import Database
from app.core.errors import UnavailableError
from app.core.health import Check
from app.core.settings import Settings
from app.core.versions import raise_version, read_version
from app.geo.crs import UnknownCrsError, parse_projected_crs
from app.packs import queries, reading
from app.packs.manifest import (
    MANIFEST,
    FileEntry,
    Manifest,
    PackProblem,
    checksum_pack,
    read_manifest,
)
from app.packs.report import MOST_NAMED, FileReport, Finding, LoadReport
from app.packs.schemas import PackDescription, PackRead, SourceRead

TOPIC = "pack"
"""The version topic that is raised by every load: the data version."""

T = TypeVar("T")
Progress = Callable[[str, int, int | None], Awaitable[None]]
"""Told the step in words, how many are done, and of how many (None: not known)."""

SENTENCES = {
    "lookup_unknown": "Areas that a lookup names and no boundary file holds:",
    "people_of_nowhere": "Areas that have people and no boundary:",
    "without_people": "Areas without a population:",
    "publishing_too_small": "Areas of the publishing level with under 1,000 people:",
    "weights": "Areas whose lookup weights do not add up to 1:",
    "postcode_outside": "Postcodes outside every area:",
}


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


def check_pack(folder: Path) -> Manifest:
    """Return the manifest of a pack whose keys and files are what it says.

    Raises:
        PackProblem: Something is not, a sentence a line.
    """
    manifest = read_manifest(folder)
    checksum_pack(folder, manifest)
    return manifest


async def load_pack(
    database: Database, folder: Path, progress: Progress, *, force: bool = False
) -> LoadReport:
    """Load the pack in `folder`: stage and check beside the live data, then swap at once.

    A pack that is loaded already, unchanged to the byte, is left alone unless `force`.

    Raises:
        PackProblem: Something in the pack cannot be used. Nothing has changed then.
    """
    manifest = await asyncio.to_thread(read_manifest, folder)
    checksum = await asyncio.to_thread(checksum_pack, folder, manifest)
    async with database.sessions() as session:
        loaded = await queries.fetch_pack(session)
    if loaded and loaded.checksum == checksum and not force:
        return LoadReport(pack=manifest.name, is_unchanged=True)
    report = LoadReport(pack=manifest.name)
    try:
        await _stage_and_swap(database, folder, manifest, checksum, report, progress)
    except UnknownCrsError as error:
        raise PackProblem(f"{manifest.name}: {error}") from None
    except DuplicateRowsError as error:
        raise PackProblem(
            f"{manifest.name}: two files hold the same ({error}). Leave it out of one of them."
        ) from None
    return report


async def _stage_and_swap(
    database: Database,
    folder: Path,
    manifest: Manifest,
    checksum: str,
    report: LoadReport,
    progress: Progress,
) -> None:
    async with (
        database.engine.connect() as connection,
        open_area_load(connection) as load,
    ):
        await _stage_all(load, folder, manifest, report, progress)
        await progress("Checking", 0, None)
        _add_findings(report, await load.check())
        await progress("Putting it in place", 0, None)
        async with connection.begin(), AsyncSession(connection) as session:
            await load.swap(session, None)
            await queries.upsert_pack(
                session,
                name=manifest.name,
                described=_describe(manifest).model_dump(mode="json"),
                manifest=manifest.model_dump(mode="json", by_alias=True),
                checksum=checksum,
                report=report.model_dump(mode="json"),
            )
            await raise_version(session, TOPIC)
            await session.flush()


async def _stage_all(
    load: AreaLoad, folder: Path, manifest: Manifest, report: LoadReport, progress: Progress
) -> None:
    crs = parse_projected_crs(manifest.projected_crs)

    async def read(reader: Callable[..., T], entry: FileEntry, *arguments: object) -> T:
        await progress(f"Reading {entry.file}", len(report.files), len(manifest.files))
        report.files.append(FileReport(file=entry.file))
        return await asyncio.to_thread(reader, folder, entry, *arguments, report.files[-1])

    await load.add_area_types(
        NewAreaType(kind.code, kind.name, kind.plural, kind.position, kind.publishing)
        for kind in manifest.area_types
    )
    centroids = {
        (entry.area_type, entry.boundary_year): await read(reading.read_centroids, entry)
        for entry in manifest.centroids
    }
    for entry in manifest.boundaries:
        kind, year = entry.area_type, entry.boundary_year
        areas = await read(reading.read_areas, entry, crs)
        await load.add_areas(kind, year, entry.source, areas, crs, centroids.get((kind, year), {}))
    for lookup in manifest.lookups:
        await load.add_lookups(await read(reading.read_lookup, lookup))
    for population in manifest.populations:
        await load.add_populations(await read(reading.read_populations, population))
    for backdrop in manifest.backdrops:
        await load.add_backdrops(await read(reading.read_backdrops, backdrop))
    for postcode in manifest.postcodes:
        ending = manifest.postcode_ending
        await load.add_postcodes(await read(reading.read_postcodes, postcode, ending))


def _add_findings(report: LoadReport, found: dict[str, list[str]]) -> None:
    report.findings += [
        Finding(sentence=SENTENCES[name], count=len(examples), examples=examples[:MOST_NAMED])
        for name, examples in found.items()
        if examples
    ]


def _describe(manifest: Manifest) -> PackDescription:
    return PackDescription(
        name=manifest.name,
        title=manifest.title,
        label=manifest.label,
        is_invented=manifest.invented,
        description=manifest.description,
        languages=manifest.languages,
        time_zone=manifest.time_zone,
        sources=_list_sources(manifest),
    )


def _list_sources(manifest: Manifest) -> list[SourceRead]:
    distinct = dict.fromkeys(
        (entry.source, entry.publisher, entry.licence, entry.licence_url, entry.vintage)
        for entry in manifest.files
    )
    return [
        SourceRead(
            title=source,
            publisher=publisher or source,
            licence=licence,
            licence_url=url,
            vintage=vintage,
            attribution=manifest.attribution or None,
        )
        for source, publisher, licence, url, vintage in distinct
    ]
