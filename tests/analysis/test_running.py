"""Large questions: worked out in the background, joined, followed, cancelled, bounded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.jobs import WorkerTimes, run_worker
from app.core.settings import Settings
from app.tasks import open_queue
from tests.analysis.test_analyses import NEED, PATH
from tests.conftest import open_client

ASKED = {"category": "library", "everyone": True, "need": NEED}
QUICK = WorkerTimes(grace_s=1)


@pytest.fixture
async def large(demo_database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service to which every question is a large one."""
    settings.analysis_pairs_at_once = 1
    async with open_client(demo_database, settings) as opened:
        yield opened


@asynccontextmanager
async def working(database: Database, settings: Settings) -> AsyncIterator[None]:
    """Do jobs while the block runs."""
    worker = asyncio.create_task(run_worker(open_queue(database, settings), database, QUICK))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def follow(client: httpx.AsyncClient, where: str) -> dict[str, Any]:
    """Return how a run ended."""
    for _ in range(200):
        run: dict[str, Any] = (await client.get(where)).json()
        if run["state"] not in {"waiting", "running"}:
            return run
        await asyncio.sleep(0.1)
    raise AssertionError(run)


async def count_jobs(database: Database) -> int:
    """Return how many jobs there are."""
    async with database.sessions() as session:
        query = "SELECT count(*) FROM job_progress WHERE task = 'analyses.work_out'"
        return int(await session.scalar(text(query)) or 0)


async def test_a_large_question_is_answered_in_the_background_as_a_small_one_is_at_once(
    large: httpx.AsyncClient, client: httpx.AsyncClient, demo_database: Database,
    settings: Settings,
) -> None:  # fmt: skip
    asked = await large.post(PATH, json=ASKED)
    assert asked.status_code == 202
    where = asked.headers["location"]
    assert asked.json()["look_at"] == where
    assert asked.json()["state"] == "waiting"
    again = await large.post(PATH, json=ASKED)
    assert again.status_code == 202
    assert again.headers["location"] != where, "each asking can be let go by itself"
    assert await count_jobs(demo_database) == 1, "and all of them share the work"
    async with working(demo_database, settings):
        run = await follow(large, where)
    assert (run["state"], run["done"]) == ("done", run["total"])
    assert (await follow(large, again.headers["location"]))["analysis"] == run["analysis"]
    found = await large.get(run["analysis"])
    assert found.content == (await client.post(PATH, json=ASKED)).content
    repeated = await large.post(PATH, json=ASKED)
    assert (repeated.status_code, repeated.content) == (200, found.content)
    assert await count_jobs(demo_database) == 1


async def test_a_cancelled_one_says_so_and_goes_on_for_whoever_else_asked(
    large: httpx.AsyncClient, demo_database: Database, settings: Settings
) -> None:
    mine, theirs = [(await large.post(PATH, json=ASKED)).json()["look_at"] for _ in range(2)]
    gone = (await large.delete(mine)).json()
    assert (gone["state"], gone["message"]) == ("cancelled", "This analysis was cancelled.")
    async with working(demo_database, settings):
        assert (await follow(large, theirs))["state"] == "done"
    assert (await large.get(mine)).json()["state"] == "cancelled"
    refused = await large.delete(theirs)
    assert refused.status_code == 409
    assert "done already" in refused.json()["detail"]


async def test_what_nobody_waits_for_is_not_worked_out_and_can_be_asked_again(
    large: httpx.AsyncClient, demo_database: Database, settings: Settings
) -> None:
    where = (await large.post(PATH, json=ASKED)).json()["look_at"]
    await large.delete(where)
    again = (await large.post(PATH, json=ASKED)).json()["look_at"]
    assert await count_jobs(demo_database) == 2
    async with working(demo_database, settings):
        assert (await follow(large, again))["state"] == "done"
    async with demo_database.sessions() as session:
        query = "SELECT message FROM job_progress WHERE state = 'failed'"
        assert await session.scalar(text(query)) == "This analysis was cancelled."


async def test_what_cannot_be_answered_says_why(
    large: httpx.AsyncClient, demo_database: Database, settings: Settings
) -> None:
    asked = {**ASKED, "changes": [{"change": "add", "lon": -30, "lat": 50}]}
    where = (await large.post(PATH, json=asked)).json()["look_at"]
    async with working(demo_database, settings):
        run = await follow(large, where)
    assert run["state"] == "failed"
    assert "or in water" in run["message"]
    assert run["analysis"] is None


async def test_strangers_cannot_fill_the_queue(large: httpx.AsyncClient) -> None:
    statuses = [
        (await large.post(PATH, json={**ASKED, "catchment_m": 500 + n})).status_code
        for n in range(6)
    ]
    assert statuses == [202] * 5 + [429]
