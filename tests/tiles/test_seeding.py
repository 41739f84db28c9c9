"""Tiles made beforehand: all of them, taken up again, and never of another version."""

import gzip

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.tiles import seeding
from app.tiles.seeding import SEEDED_TO_ZOOM, seed_tiles
from tests.tiles.decoding import decode, find_layer, find_tile

Steps = list[tuple[int, int]]


async def seed(database: Database) -> tuple[int, Steps]:
    """Seed and return how many were made, and what was reported."""
    steps: Steps = []

    async def report(done: int, total: int) -> None:
        steps.append((done, total))

    return await seed_tiles(database, report), steps


async def count(database: Database, condition: str = "true") -> int:
    """Return how many tiles are kept that meet a condition."""
    query = f"SELECT count(*) FROM seeded_tiles WHERE {condition}"  # noqa: S608 - words of a test
    async with database.sessions() as session:
        return int(await session.scalar(text(query)) or 0)


async def run(database: Database, statement: str) -> None:
    """Run a statement and commit."""
    async with database.sessions.begin() as session:
        await session.execute(text(statement))


async def test_every_layer_has_its_far_tiles_and_they_are_what_is_sent(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    described = await find_layer(client, "lsoa-2021")
    tile = find_tile(10, 1.19, 53.86)
    path = str(described["tiles"]).format(z=tile.zoom, x=tile.x, y=tile.y)
    live = decode((await client.get(path)).content, tile)
    made, steps = await seed(demo_database)
    assert made == await count(demo_database) > 50
    assert steps[-1] == (made, made)
    assert await count(demo_database, f"zoom > {SEEDED_TO_ZOOM}") == 0
    for layer in ("lsoa-2021", "lsoa-2011", "msoa-2021", "ward-2025", "authority-2025"):
        for zoom in range(SEEDED_TO_ZOOM + 1):
            assert await count(demo_database, f"layer = '{layer}' AND zoom = {zoom}"), (layer, zoom)
    client._transport.app.state.tiles.cache.drop_unchanging()  # type: ignore[attr-defined]
    seeded = decode((await client.get(path)).content, tile)
    assert seeded.keys() == live.keys()
    assert all(seeded[name].equals(live[name]) for name in live)


async def test_a_seeded_tile_is_sent_without_being_made(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    await seed(demo_database)
    marked = gzip.compress(b"marked", mtime=0).hex()
    update = f"UPDATE seeded_tiles SET body = decode('{marked}', 'hex')"  # noqa: S608 - a test
    await run(demo_database, update)
    described = await find_layer(client, "lsoa-2021")
    tile = find_tile(9, 1.19, 53.86)
    path = str(described["tiles"]).format(z=tile.zoom, x=tile.x, y=tile.y)
    assert (await client.get(path)).content == b"marked"


async def test_what_was_interrupted_is_taken_up(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeding, "BATCH", 10)

    async def stop(done: int, _total: int) -> None:
        if done >= 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await seed_tiles(demo_database, stop)
    kept = await count(demo_database)
    assert kept == 30
    made, steps = await seed(demo_database)
    assert made + kept == await count(demo_database)
    assert steps[0] == (10, made)
    assert (await seed(demo_database))[0] == 0


async def test_a_change_of_the_place_ends_it_and_old_tiles_go_with_the_next(
    client: httpx.AsyncClient, demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything, _ = await seed(demo_database)
    newer = "UPDATE versions SET version = version + 1, raised_at = now() WHERE topic = 'areas'"
    await run(demo_database, newer)
    described = await find_layer(client, "lsoa-2021")
    tile = find_tile(9, 1.19, 53.86)
    path = str(described["tiles"]).format(z=tile.zoom, x=tile.x, y=tile.y)
    assert "lsoa-2021" in decode((await client.get(path)).content, tile), "an old tile was sent"
    monkeypatch.setattr(seeding, "BATCH", 10)
    made, _ = await seed(demo_database)
    assert made == everything
    version = described["version"]
    assert await count(demo_database, f"version <> '{version}'") == 0
