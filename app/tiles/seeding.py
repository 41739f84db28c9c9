"""Making the tiles that everybody looks at first, once a place is loaded."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Iterator

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.public_reads import Reader
from app.geo.tile_grid import Tile
from app.tiles import queries
from app.tiles.layers import AreaLayer, AreaPlan
from app.tiles.planning import FORMAT, read_plan
from app.tiles.seeding_queries import (
    NewTile,
    delete_others,
    fetch_places,
    fetch_seeded,
    upsert_tiles,
)

TASK = "tiles.seed"

SEEDED_TO_ZOOM = 11
"""From here on a tile is made in milliseconds, and there are too many to make them all."""

PATIENT = 6
"""How hard gzip tries while nobody waits."""

BATCH = 200

Report = Callable[[int, int], Awaitable[None]]


async def seed_tiles(database: Database, report: Report) -> int:
    """Make the tiles of areas up to `SEEDED_TO_ZOOM`, but for those that are there already.

    Args:
        database: Where areas are read and tiles kept.
        report: Told how many are there, and how many there are to be.

    Returns:
        How many were made. It stops where the areas change meanwhile: the load that changed them
        has asked for another seeding.

    Raises:
        UnavailableError: The database is away.
    """
    plan = read_plan(await database.public.fetch(queries.PLAN))
    async with database.sessions() as session:
        missing = [
            (layer, tile)
            for layer in plan.layers.values()
            for tile in await _list_missing(session, layer, plan.version)
        ]
    made = 0
    async with database.public.look() as reader:
        for batch in _cut(missing):
            tiles = await _make(reader, plan, batch)
            async with database.sessions.begin() as session:
                await upsert_tiles(session, tiles)
            made += len(tiles)
            await report(made, len(missing))
            if len(tiles) < len(batch):
                return made
    async with database.sessions.begin() as session:
        await delete_others(session, plan.version)
    return made


async def _list_missing(session: AsyncSession, layer: AreaLayer, version: str) -> list[Tile]:
    there = await fetch_seeded(session, layer.layer, version)
    return [
        tile
        for zoom in range(SEEDED_TO_ZOOM + 1)
        for tile in await fetch_places(session, layer.choose_shown(zoom), zoom)
        if tile not in there
    ]


async def _make(
    reader: Reader, plan: AreaPlan, batch: list[tuple[AreaLayer, Tile]]
) -> list[NewTile]:
    """Return the tiles of a batch, fewer where the areas are other ones by now."""
    tiles = []
    for layer, tile in batch:
        statement = queries.select_area_tile(
            layer.choose_shown(tile.zoom), layer.choose_named(tile.zoom), tile
        )
        row = await reader.fetchrow(statement.text, *statement.values)
        if f"{row['version']}{FORMAT}" != plan.version:
            break
        body = await asyncio.to_thread(_compress, row["tile"])
        tiles.append(NewTile(layer.layer, *tile, plan.version, body))
    return tiles


def _compress(tile: bytes) -> bytes:
    return gzip.compress(tile, PATIENT, mtime=0) if tile else b""


def _cut(missing: list[tuple[AreaLayer, Tile]]) -> Iterator[list[tuple[AreaLayer, Tile]]]:
    for first in range(0, len(missing), BATCH):
        yield missing[first : first + BATCH]
