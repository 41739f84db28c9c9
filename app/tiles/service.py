"""Tiles: which version is current, what is kept, and what is made anew."""

import asyncio
import gzip
import hashlib
import time
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.assets.looking_up import look_up, look_up_rest
from app.assets.search_schemas import AssetConditions, AssetFilters
from app.core.database import Database
from app.core.errors import NotFoundError
from app.core.versions import VersionListener, VersionNews, VersionRaised
from app.geo.tile_grid import Tile
from app.tiles import queries
from app.tiles.cache import Answer, TileCache
from app.tiles.layers import LAST_ZOOM, AreaLayer, AreaPlan
from app.tiles.planning import FORMAT, read_plan
from app.tiles.seeding import SEEDED_TO_ZOOM
from app.tiles.seeding_queries import SEEDED

MEDIA_TYPE = b"application/vnd.mapbox-vector-tile"
IMMUTABLE = b"public, max-age=31536000, immutable"
REVALIDATED = b"public, no-cache"
PERSONAL = b"private, no-cache"
"""Of what was asked with filters: it is for one visitor, and never kept here."""

LIVE = 1
"""How hard gzip tries while somebody waits; tiles compress little."""

_LARGE = 64_000  # bytes; beyond it compressing would keep everybody else waiting
_ASSET_TOPICS = frozenset({"areas", "categories", "pack"})


class Tiles:
    """The tiles of one process.

    Args:
        database: Where everything is read from, with the right of strangers.
        versions: Tells of changes; while it hears none, nothing of assets is kept.
        cache_bytes: Memory for tiles.
    """

    def __init__(self, database: Database, versions: VersionListener, cache_bytes: int) -> None:
        self._reads = database.public
        self._sessions: async_sessionmaker[AsyncSession] = database.sessions
        self._versions = versions
        self._plan: AreaPlan | None = None
        self.cache = TileCache(cache_bytes, time.monotonic)

    def hear(self, news: VersionNews) -> None:
        """Drop what a change bears on."""
        topic = news.topic if isinstance(news, VersionRaised) else None
        if topic in {None, "areas"}:
            self._plan = None
            self.cache.drop_unchanging()
        if topic is None or topic in _ASSET_TOPICS:
            self.cache.drop(None)
        elif isinstance(news, VersionRaised) and topic == "assets":
            self.cache.drop(news.box)

    def find_kept(self, key: str) -> Answer | None:
        """Return what is kept under the address of a tile, without asking the database."""
        answer = self.cache.find(key)
        if answer is None or self._versions.hears or answer.fresh_until is None:
            return answer
        return None

    async def read_plan(self) -> AreaPlan:
        """Return the layers of areas as they are now.

        Raises:
            UnavailableError: The database is away.
        """
        if self._plan is None or not self._versions.hears:
            self._plan = read_plan(await self._reads.fetch(queries.PLAN))
        return self._plan

    async def make_area_tile(self, key: str, layer: str, version: str, tile: Tile) -> Answer:
        """Return a tile of areas.

        Args:
            key: Its address.
            layer: As in `/api/v1/tile-layers`.
            version: That of its address.
            tile: Which one.

        Raises:
            NotFoundError: There is no such layer or tile, or another version is current.
            UnavailableError: The database is away.
        """
        _check(tile)
        plan = await self.read_plan()
        if version != plan.version:
            # Another process may have changed the areas, and the news is still under way.
            self._plan = None
            plan = await self.read_plan()
        found = _find_layer(plan, layer)
        if version != plan.version:
            raise _say_other_version(plan.version)
        if not found.covers(tile):
            return _write(b"", IMMUTABLE)

        async def make() -> Answer:
            if tile.zoom <= SEEDED_TO_ZOOM:
                seeded = await self._reads.fetch_row(SEEDED, layer, *tile, version)
                if seeded is not None:
                    return _write(seeded["body"], IMMUTABLE)
            shown, named = found.choose_shown(tile.zoom), found.choose_named(tile.zoom)
            statement = queries.select_area_tile(shown, named, tile)
            row = await self._reads.fetch_row(statement.text, *statement.values)
            if (current := f"{row['version']}{FORMAT}") != version:
                self._plan = None
                raise _say_other_version(current)
            return await _compress(row["tile"], IMMUTABLE)

        return await self.cache.fill(key, tile, make, changes=False)

    async def make_asset_tile(self, key: str, tile: Tile, conditions: AssetConditions) -> Answer:
        """Return a tile of assets.

        Args:
            key: Its address.
            tile: Which one.
            conditions: Which assets.

        Raises:
            BadRequestError: A category is not known.
            NotFoundError: There is no such tile.
            UnavailableError: The database is away.
        """
        _check(tile)
        is_shared = not conditions.model_fields_set - {"category"} and len(conditions.category) < 2  # noqa: PLR2004 - one category
        make = self._prepare(tile, conditions, is_shared=is_shared)
        if not is_shared or not self._versions.hears:
            return await make()
        return await self.cache.fill(key, tile, make, changes=True)

    def _prepare(
        self, tile: Tile, conditions: AssetConditions, *, is_shared: bool
    ) -> Callable[[], Awaitable[Answer]]:
        async def make() -> Answer:
            filters = AssetFilters(**conditions.model_dump(exclude_unset=True))
            wanted = await look_up(self._reads, filters)
            if is_shared:
                statement = queries.select_asset_tile(wanted, tile)
                row = await self._reads.fetch_row(statement.text, *statement.values)
                return await _compress(row["tile"], REVALIDATED, seconds=row["seconds"])
            async with self._reads.look() as reader:
                wanted = await look_up_rest(reader, self._sessions, filters, wanted)
                statement = queries.select_asset_tile(wanted, tile)
                row = await reader.fetchrow(statement.text, *statement.values)
            return await _compress(row["tile"], PERSONAL)

        return make


def _check(tile: Tile) -> None:
    if tile.zoom > LAST_ZOOM:
        raise NotFoundError(
            f"Tiles are made up to zoom {LAST_ZOOM}; enlarge those for a closer look."
        )
    if not tile.is_on_the_grid:
        last = (1 << tile.zoom) - 1 if tile.zoom >= 0 else 0
        raise NotFoundError(f"At zoom {tile.zoom} columns and rows of tiles go from 0 to {last}.")


def _find_layer(plan: AreaPlan, layer: str) -> AreaLayer:
    if layer in plan.layers:
        return plan.layers[layer]
    known = ", ".join(plan.layers) or "none yet"
    raise NotFoundError(f"There is no layer {layer!r} of areas. There are: {known}.")


def _say_other_version(current: str) -> NotFoundError:
    return NotFoundError(
        "The areas have changed since this address was made. Ask again with version "
        f"{current}; all addresses are at /api/v1/tile-layers.",
        current_version=current,
    )


async def _compress(tile: bytes, caching: bytes, seconds: float | None = None) -> Answer:
    if len(tile) > _LARGE:
        body = await asyncio.to_thread(gzip.compress, tile, LIVE, mtime=0)
    else:
        body = gzip.compress(tile, LIVE, mtime=0) if tile else b""
    return _write(body, caching, seconds)


def _write(body: bytes, caching: bytes, seconds: float | None = None) -> Answer:
    etag = b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'
    headers = [(b"cache-control", caching), (b"vary", b"Accept-Encoding")]
    fresh_until = None if seconds is None else time.monotonic() + seconds
    return Answer(body, etag, headers, fresh_until)
