"""The SELECTs and INSERTs of seeding."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.geo import expressions as geo
from app.geo.tile_grid import Tile
from app.tiles.layers import BUFFER, AreaLayer
from app.tiles.models import SeededTile

SEEDED = "SELECT body FROM seeded_tiles WHERE (layer, zoom, x, y, version) = ($1, $2, $3, $4, $5)"

_PLACES = text(f"""
SELECT DISTINCT x, y FROM area_shapes AS s
CROSS JOIN LATERAL {geo.tiles_across_sql("s.shape", ":zoom", BUFFER)} AS x
CROSS JOIN LATERAL {geo.tiles_down_sql("s.shape", ":zoom", BUFFER)} AS y
WHERE s.boundary_set_id = :set_id AND s.to_zoom = :to_zoom ORDER BY x, y
""")


class NewTile(NamedTuple):
    """A tile to keep, with its layer and version."""

    layer: str
    zoom: int
    x: int
    y: int
    version: str
    body: bytes


async def fetch_places(session: AsyncSession, shown: AreaLayer, zoom: int) -> list[Tile]:
    """Return the tiles of a zoom that a layer's areas may touch, column by column."""
    values = {"zoom": zoom, "set_id": shown.set_id, "to_zoom": shown.choose_thinning(zoom)}
    return [Tile(zoom, row.x, row.y) for row in await session.execute(_PLACES, values)]


async def fetch_seeded(session: AsyncSession, layer: str, version: str) -> set[Tile]:
    """Return which tiles of a layer are there already."""
    query = select(SeededTile.zoom, SeededTile.x, SeededTile.y).where(
        SeededTile.layer == layer, SeededTile.version == version
    )
    return {Tile(row.zoom, row.x, row.y) for row in await session.execute(query)}


async def upsert_tiles(session: AsyncSession, tiles: Sequence[NewTile]) -> None:
    """Keep tiles in place of those of earlier versions."""
    if not tiles:
        return
    first = insert(SeededTile)
    keep = first.on_conflict_do_update(
        index_elements=["layer", "zoom", "x", "y"],
        set_={"version": first.excluded.version, "body": first.excluded.body},
    )
    await session.execute(keep, [tile._asdict() for tile in tiles])


async def delete_others(session: AsyncSession, version: str) -> None:
    """Remove tiles of other versions."""
    await session.execute(delete(SeededTile).where(SeededTile.version != version))
