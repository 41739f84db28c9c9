"""A change is in every process's tiles at once: edits, moves, takedowns, changes of visibility."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.permissions import SYSTEM
from app.assets.service import keep_assets
from app.core.database import Database, DatabaseAddress
from app.core.settings import Settings
from app.core.versions import VersionListener, VersionNews
from app.main import create_app
from app.records.vocabulary import Status
from tests.planting import add_asset, at, edit_asset, find_district
from tests.tiles.decoding import find_tile, get_tile
from tests.tiles.test_asset_tiles import ADDRESS

ZOOM = 13
WITHIN_S = 5.0
"""Patience for a busy machine; on one left to itself it was always under one second."""

DELAY_S = 0.4


class Worker:
    """One process of the service, as far as a test can have two: own pool, cache and listener."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.app = app
        self.client = client

    async def count(self, point: tuple[float, float]) -> int:
        """Return how many points stand where `point` is, by the tile of this process."""
        layers = await get_tile(self.client, ADDRESS, find_tile(ZOOM, *point))
        if "assets" not in layers:
            return 0
        degrees = layers["assets"].to_crs(4326).geometry
        near = (degrees.x - point[0]).abs().lt(3e-5) & (degrees.y - point[1]).abs().lt(3e-5)
        return int(near.sum())


@asynccontextmanager
async def run_worker(address: DatabaseAddress, settings: Settings) -> AsyncIterator[Worker]:
    """Run one."""
    database = Database(address, pool_size=3)
    app = create_app(settings, database=database)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://h.test") as client,
    ):
        yield Worker(app, client)
    await database.close()


def delay(listener: VersionListener, seconds: float) -> None:
    """Let a listener hear everything late."""
    tell: Callable[[VersionNews], None] = listener._tell

    def tell_late(news: VersionNews) -> None:
        asyncio.get_running_loop().call_later(seconds, tell, news)

    listener._tell = tell_late  # type: ignore[method-assign]


@pytest.fixture
async def workers(
    demo_address: DatabaseAddress, settings: Settings
) -> AsyncIterator[tuple[Worker, Worker]]:
    """Two processes, the second of which hears of changes late."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(run_worker(demo_address, settings))
        other = await stack.enter_async_context(run_worker(demo_address, settings))
        delay(other.app.state.versions, DELAY_S)
        yield one, other


async def see(worker: Worker, point: tuple[float, float], count: int) -> float:
    """Return after how many seconds a process's tile shows so many points."""
    began = asyncio.get_running_loop().time()
    while True:
        now = await worker.count(point)
        took = asyncio.get_running_loop().time() - began
        if now == count:
            return took
        assert took < WITHIN_S, f"{now} instead of {count} after {took:.2f} s"
        await asyncio.sleep(0.01)


def said(point: tuple[float, float]) -> dict[str, Any]:
    """Return an asset at a point."""
    site = {"mode": "address", "address": "1 Mill Lane", "location": at(point)}
    return {"kind": "activity", "name": "Choir", "categories": ["library"], "sites": [site]}


async def test_edits_moves_takedowns_and_levels_are_soon_seen_by_every_process(
    workers: tuple[Worker, Worker], demo_database: Database
) -> None:
    here, there = (await find_district(demo_database))["points"][:2]
    for worker in workers:  # both have the tiles in memory
        assert await worker.count(here) == await worker.count(there) == 0
    kept = await add_asset(demo_database, said(here))

    async def all_see(where: tuple[float, float], count: int) -> None:
        await asyncio.gather(*(see(worker, where, count) for worker in workers))

    await all_see(here, 1)
    await edit_asset(demo_database, kept.public_id, said(there))
    await all_see(there, 1)
    await all_see(here, 0)
    await edit_asset(demo_database, kept.public_id, {"visibility": "hidden"})
    await all_see(there, 0)
    await edit_asset(demo_database, kept.public_id, {"visibility": "public"})
    await all_see(there, 1)
    await edit_asset(demo_database, kept.public_id, {"visibility": "area only"})
    await all_see(there, 0)
    await edit_asset(demo_database, kept.public_id, {"visibility": "public"})
    await all_see(there, 1)
    await _take_down(demo_database, kept.public_id)
    await all_see(there, 0)
    for worker in workers:
        assert (await worker.client.get(f"/api/v1/assets/{kept.public_id}")).status_code == 404
        lon, lat = there
        listed = await worker.client.get(f"/api/v1/assets?near={lon},{lat}&radius_m=5")
        assert listed.json()["number_matched"] == 0


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.01)


async def _take_down(database: Database, public_id: UUID) -> None:
    async with database.sessions.begin() as session:
        await keep_assets(session, SYSTEM).move(public_id, Status.TAKEN_DOWN, "for a test")


async def test_what_a_late_process_makes_between_commit_and_news_is_right_too(
    workers: tuple[Worker, Worker], demo_database: Database
) -> None:
    _, late = workers
    point = (await find_district(demo_database))["points"][0]
    await add_asset(demo_database, said(point))
    # It has nothing in memory, reads what is committed, and hears of it only afterwards.
    assert await late.count(point) == 1
    await asyncio.sleep(2 * DELAY_S)
    assert await late.count(point) == 1


async def test_a_tile_begun_before_an_edit_is_not_kept_after_it(
    workers: tuple[Worker, Worker], demo_database: Database
) -> None:
    one, _ = workers
    point = (await find_district(demo_database))["points"][0]
    reads = one.app.state.tiles._reads
    fetch_row = reads.fetch_row
    has_read, may_go_on = asyncio.Event(), asyncio.Event()

    async def fetch_and_wait(statement: str, *values: object) -> Any:  # noqa: ANN401 - a row
        row = await fetch_row(statement, *values)
        has_read.set()
        await may_go_on.wait()
        return row

    reads.fetch_row = fetch_and_wait
    asking = asyncio.create_task(one.count(point))
    await has_read.wait()
    reads.fetch_row = fetch_row
    await add_asset(demo_database, said(point))
    await see(one, point, 1)
    may_go_on.set()
    assert await asking == 0  # asked before, answered as before
    assert await one.count(point) == 1


async def test_while_nothing_is_heard_nothing_is_kept(
    workers: tuple[Worker, Worker], demo_database: Database
) -> None:
    one, _ = workers
    point = (await find_district(demo_database))["points"][0]
    assert await one.count(point) == 0
    listener = one.app.state.versions
    connect = listener._connect
    may_return = asyncio.Event()

    async def connect_later() -> Any:  # noqa: ANN401 - asyncpg is untyped
        await may_return.wait()
        return await connect()

    listener._connect = connect_later
    async with demo_database.sessions() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
            )
        )
    await _until(lambda: not listener.hears)
    kept = await add_asset(demo_database, said(point))
    assert await one.count(point) == 1, "a tile of before was sent, and nobody would have told"
    may_return.set()
    await _until(lambda: listener.hears)
    assert await one.count(point) == 1
    await edit_asset(demo_database, kept.public_id, {"visibility": "hidden"})
    await see(one, point, 0)
