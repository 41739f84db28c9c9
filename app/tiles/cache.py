"""Answers kept in memory, bounded by bytes, and dropped where something changed."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from app.core.versions import Box
from app.geo.tile_grid import Tile, cover

OVERHEAD_BYTES = 1100
"""What keeping an answer takes besides its body."""

REMEMBERED_DROPS = 256
"""Of how many drops it is known what they touched; older ones may have touched anything."""

SPARE_PX = 1
"""How far beyond a tile's edge a change bears on it: a point has the tile it is rounded into."""


@dataclass(frozen=True)
class Answer:
    """A tile as it is sent.

    Attributes:
        body: Compressed by gzip; empty for an empty tile.
        etag: Its ETag.
        headers: All others, in the form of ASGI.
        fresh_until: When it ends to be right even if nothing changes, on the clock of the cache;
            None: never.
        heads: Its headers as they are written, by status, from the first time on that one is sent.
    """

    body: bytes
    etag: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    fresh_until: float | None = None
    heads: dict[int, bytes] = field(default_factory=dict)


@dataclass
class _Kept:
    answer: Answer
    tile: Tile
    changes: bool


class TileCache:
    """The answers of one process.

    What a change has touched is dropped, and nothing that was begun before the change is kept
    after it; whoever asks after the change waits for no answer begun before it.

    Args:
        most_bytes: How much it may take; those asked for longest ago go first.
        clock: Seconds.
    """

    def __init__(self, most_bytes: int, clock: Callable[[], float]) -> None:
        self._most_bytes = most_bytes
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._by_tile: dict[int, dict[tuple[int, int], set[str]]] = {}
        self._filling: dict[str, asyncio.Task[Answer]] = {}
        self._filled: dict[str, Tile] = {}
        self._drops: deque[Box | None] = deque(maxlen=REMEMBERED_DROPS)
        self._drop_count = 0
        self.bytes = 0

    def find(self, key: str) -> Answer | None:
        """Return what is kept under a key and still right, or None."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.answer.fresh_until is not None and kept.answer.fresh_until <= self._clock():
            self._remove(key)
            return None
        self._kept.move_to_end(key)
        return kept.answer

    async def fill(
        self, key: str, tile: Tile, make: Callable[[], Awaitable[Answer]], *, changes: bool
    ) -> Answer:
        """Return an answer that is made once however many ask for it at a time, and keep it.

        Args:
            key: Under which it is found again.
            tile: Where it is.
            make: Makes it; what it raises is raised to everybody who waits.
            changes: Whether `drop` and `drop_all` bear on it.
        """
        filling = self._filling.get(key)
        if filling is None:
            begun = self._drop_count if changes else None
            filling = asyncio.ensure_future(self._make(key, tile, make, begun))
            self._filling[key] = filling
            if changes:
                self._filled[key] = tile
            filling.add_done_callback(lambda done: self._end(key, done))
        # Somebody who goes away takes the answer from nobody else.
        return await asyncio.shield(filling)

    def drop(self, box: Box | None) -> None:
        """Drop what may show something of a box that has changed; None: all that changes."""
        self._drops.append(box)
        self._drop_count += 1
        for key in list(self._list_touched(box)):
            self._remove(key)
        for key, tile in list(self._filled.items()):
            if _touches(box, tile):
                del self._filling[key], self._filled[key]

    def drop_unchanging(self) -> None:
        """Drop what was kept as never changing: its addresses are asked for no more."""
        for key in [key for key, kept in self._kept.items() if not kept.changes]:
            self._remove(key)

    async def _make(
        self, key: str, tile: Tile, make: Callable[[], Awaitable[Answer]], begun: int | None
    ) -> Answer:
        answer = await make()
        if begun is None or not self._was_dropped(begun, tile):
            self._keep(key, _Kept(answer, tile, changes=begun is not None))
        return answer

    def _end(self, key: str, done: asyncio.Task[Answer]) -> None:
        if self._filling.get(key) is done:
            del self._filling[key]
            self._filled.pop(key, None)
        if not done.cancelled():
            done.exception()  # told to whoever waits, if anybody still does

    def _was_dropped(self, begun: int, tile: Tile) -> bool:
        since = self._drop_count - begun
        if since > len(self._drops):
            return True
        return any(_touches(box, tile) for box in list(self._drops)[len(self._drops) - since :])

    def _keep(self, key: str, kept: _Kept) -> None:
        self._remove(key)
        size = len(kept.answer.body) + OVERHEAD_BYTES
        if size > self._most_bytes:
            return
        self._kept[key] = kept
        self.bytes += size
        if kept.changes:
            tiles = self._by_tile.setdefault(kept.tile.zoom, {})
            tiles.setdefault((kept.tile.x, kept.tile.y), set()).add(key)
        while self.bytes > self._most_bytes:
            self._remove(next(iter(self._kept)))

    def _remove(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        self.bytes -= len(kept.answer.body) + OVERHEAD_BYTES
        if kept.changes:
            place = (kept.tile.x, kept.tile.y)
            tiles = self._by_tile[kept.tile.zoom]
            tiles[place].discard(key)
            if not tiles[place]:
                del tiles[place]

    def _list_touched(self, box: Box | None) -> Iterator[str]:
        """Yield the keys of what may show something of a box, the shorter way at each zoom."""
        for zoom, tiles in self._by_tile.items():
            if box is None:
                yield from (key for keys in tiles.values() for key in keys)
                continue
            for across in cover(zoom, box, SPARE_PX):
                width, height = across.east - across.west + 1, across.south - across.north + 1
                if width * height < len(tiles):
                    places = [
                        (x, y)
                        for x in range(across.west, across.east + 1)
                        for y in range(across.north, across.south + 1)
                    ]
                else:
                    places = [place for place in tiles if across.has(Tile(zoom, *place))]
                for place in places:
                    yield from tiles.get(place, ())


def _touches(box: Box | None, tile: Tile) -> bool:
    return box is None or any(across.has(tile) for across in cover(tile.zoom, box, SPARE_PX))
