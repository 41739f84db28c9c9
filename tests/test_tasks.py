"""Background jobs of the service, from deferring to the progress a page shows."""

import asyncio
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database, DatabaseAddress
from app.core.jobs import WorkerTimes, defer, run_worker
from app.core.settings import Settings
from app.tasks import open_queue, run_worker_beside
from tests.conftest import open_client

PROJECT = Path(__file__).parents[1]
QUICK = WorkerTimes(poll_s=0.2, grace_s=5)


async def wait_for_end(client: httpx.AsyncClient, job_id: int) -> dict[str, object]:
    """Ask for a job until it has ended, as a page would."""
    for _ in range(300):
        job: dict[str, object] = (await client.get(f"/api/v1/jobs/{job_id}")).json()
        if job["state"] in {"done", "failed"}:
            return job
        await asyncio.sleep(0.1)
    raise AssertionError(f"The job did not end: {job}")


async def run_job(database: Database, settings: Settings, folder: Path) -> dict[str, object]:
    """Defer loading the pack in `folder`, do it with a worker, and return how it ended."""
    async with database.sessions.begin() as session:
        job_id = await defer(session, "packs.load", folder=str(folder))
    worker = asyncio.create_task(run_worker(open_queue(database, settings), database, QUICK))
    try:
        async with open_client(database, settings) as client:
            return await wait_for_end(client, job_id)
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def test_a_pack_loads_in_the_background_and_its_progress_can_be_asked_for(
    database: Database, settings: Settings
) -> None:
    job = await run_job(database, settings, PROJECT / "data/packs/demo")
    assert (job["state"], job["task"], job["attempt"]) == ("done", "packs.load", 1)
    async with open_client(database, settings) as client:
        assert (await client.get("/readyz")).status_code == 200


async def test_a_pack_that_cannot_be_loaded_fails_with_its_own_sentence(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    job = await run_job(database, settings, tmp_path)
    assert job["state"] == "failed"
    assert "is not a pack: it has no pack.toml" in str(job["message"])


async def test_the_worker_beside_a_server_has_no_limit_on_its_statements(
    address: DatabaseAddress, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.run_worker = True
    limits: asyncio.Queue[str] = asyncio.Queue()

    async def read_limit(database: Database, *_: object) -> None:
        async with database.engine.connect() as connection:
            limits.put_nowait(str(await connection.scalar(text("SHOW statement_timeout"))))

    monkeypatch.setattr("app.tasks.load_pack", read_limit)
    pooled = Database(address, pool_size=2)
    async with pooled.sessions.begin() as session:
        await defer(session, "packs.load", folder="anywhere")
    async with run_worker_beside(pooled, settings), asyncio.timeout(20):
        assert await limits.get() == "0"
    await pooled.close()


async def test_an_unknown_job_is_told_so(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/jobs/987654")
    assert (response.status_code, response.json()["detail"]) == (404, "There is no job 987654.")
