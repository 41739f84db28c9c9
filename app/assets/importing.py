"""Assets from outside, many at a time."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.assets.schemas import AssetDocument
from app.assets.store import AssetStore
from app.records.entries import Entry, ImportCounts
from app.records.importing import Importing

AssetEntry = Entry[AssetDocument]


async def import_assets(
    session: AsyncSession, entries: Sequence[AssetEntry], collection: str = ""
) -> ImportCounts:
    """Add the assets that are new and bring known ones up to date; see `Importing`."""
    return await Importing(session, AssetStore(), collection).keep(entries)


async def remove_other_assets(session: AsyncSession, collection: str) -> ImportCounts:
    """Remove the assets of other collections of the family that nobody worked on."""
    return await Importing(session, AssetStore(), collection).remove_others()
