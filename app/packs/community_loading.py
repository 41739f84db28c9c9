"""Starting organisations, assets and sites: ready before the swap, imported within it."""

import asyncio
from collections.abc import Iterable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.loading import AreaLoad
from app.assets.importing import import_assets, remove_other_assets
from app.geo.crs import parse_projected_crs
from app.imports.placing import Ground
from app.imports.service import Known
from app.organisations.importing import import_organisations, remove_other_organisations
from app.packs.community_entries import CommunityEntry, Kind
from app.packs.community_reading import ReadTable, read_table
from app.packs.community_working import Community, Working
from app.packs.finding import FoundSource
from app.packs.manifest import Manifest
from app.packs.opening import CodeBook
from app.packs.progressing import Reporting
from app.records.entries import ImportCounts

PURPOSES: dict[Kind, str] = {
    "organisations": "organisations",
    "assets": "assets",
    "sites": "sites of assets",
}


class CommunityLoading:
    """Reads the tables of a manifest before the swap, and imports them within it."""

    def __init__(
        self,
        manifest: Manifest,
        found: dict[str, FoundSource],
        books: Mapping[tuple[str, int], CodeBook],
        categories: Iterable[str],
        reporting: Reporting,
    ) -> None:
        self._manifest = manifest
        self._found = found
        self._reporting = reporting
        self._known = Known(frozenset(categories), _list_areas(books))
        self._community = Community()

    async def prepare(self, load: AreaLoad) -> None:
        """Read, place, join and check everything; nothing is written yet.

        Args:
            load: The areas, staged and checked.

        Raises:
            PackProblem: A file cannot be read, or too little of it can be used.
        """
        communities = self._manifest.communities
        if not any(communities.values()):
            return
        ground = await self._describe_ground(load)
        tables: dict[Kind, list[ReadTable]] = {}
        for kind, entries in communities.items():
            tables[kind] = [
                await self._read(kind, position, entry, ground)
                for position, entry in enumerate(entries)
            ]
        await self._reporting.tell("Joining what is the same")
        working = Working(ground, self._known, self._reporting)
        self._community = await asyncio.to_thread(working.run, tables)

    async def write(self, session: AsyncSession) -> None:
        """Import what was prepared, in the caller's transaction; the areas are there already."""
        collection = f"pack:{self._manifest.name}"
        organisations = await import_organisations(
            session, self._community.organisations, collection
        )
        assets = await import_assets(session, self._community.assets, collection)
        assets += await remove_other_assets(session, collection)
        organisations += await remove_other_organisations(session, collection)
        self._tell("Organisations", organisations)
        self._tell("Assets", assets)

    def _tell(self, what: str, counts: ImportCounts) -> None:
        """Write down where people's own work came before the files."""
        find = self._reporting.find
        find(f"{what} whose edits by people were kept:", [], counts.kept_edits)
        find(f"{what} left out, since somebody took them down:", [], counts.taken_down)
        find(f"{what} marked as closed, since their source has them no more:", [], counts.closed)
        find(f"{what} of another place, removed with it:", [], counts.removed)

    async def _describe_ground(self, load: AreaLoad) -> Ground:
        described = await load.describe_ground()
        return await asyncio.to_thread(
            Ground,
            described.boundaries, described.in_study_area,
            parse_projected_crs(self._manifest.projected_crs),
            described.postcodes, described.lon_lat, self._manifest.postcode_ending,
        )  # fmt: skip

    async def _read(
        self, kind: Kind, position: int, entry: CommunityEntry, ground: Ground
    ) -> ReadTable:
        purpose = PURPOSES[kind] + (f": {entry.category}" if entry.category else "")
        if not entry.authoritative:
            purpose += ", what it adds"
        report = await self._reporting.begin(entry.source, purpose)
        found = self._found[entry.source]
        return await asyncio.to_thread(read_table, kind, position, found, entry, ground, report)


def _list_areas(books: Mapping[tuple[str, int], CodeBook]) -> dict[str, frozenset[str]]:
    """Return the codes of each kind of area, of whatever year."""
    areas: dict[str, frozenset[str]] = {}
    for (kind, _), book in books.items():
        areas[kind] = areas.get(kind, frozenset()) | book.known
    return areas
