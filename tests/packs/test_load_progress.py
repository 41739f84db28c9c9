"""A load can be followed while it runs, and says how it ended, whoever killed it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, text

from app.core.database import Database
from app.core.errors import FAULT
from app.packs import following, queries
from app.packs.following import FollowedLoad, follow_load
from app.packs.manifest import PackProblem
from app.packs.models import PackLoad
from app.packs.report import LoadReport
from app.packs.schemas import LoadRead
from app.packs.service import load_pack
from app.packs.status import find_load, write_status

PROJECT = Path(__file__).parents[2]
DEMO = PROJECT / "data/packs/demo"


async def ignore(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


async def read_load(database: Database) -> LoadRead:
    async with database.sessions() as session:
        found = await find_load(session)
    assert found is not None
    return found


async def hold_load(database: Database, inside: Callable[[FollowedLoad], Awaitable[None]]) -> None:
    """Follow a load of nothing, with the lock that a load holds."""
    async with database.engine.connect() as connection:
        assert await queries.take_load_lock(connection)
        try:
            async with follow_load(database, "small", ignore) as load:
                await inside(load)
        finally:
            await queries.release_load_lock(connection)


async def wait_for_step(database: Database, step: str) -> LoadRead:
    for _ in range(100):
        found = await read_load(database)
        if found.step == step:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{step} was never written; the last was {found.step}")


async def test_a_load_is_seen_while_it_runs_and_its_report_afterwards(database: Database) -> None:
    async def look(load: FollowedLoad) -> None:
        await load.tell("Reading rows.csv", 2, 7)
        seen = await wait_for_step(database, "Reading rows.csv")
        assert (seen.pack, seen.outcome, seen.done, seen.total) == ("small", "running", 2, 7)
        assert seen.finished_at is None
        load.succeed(LoadReport(pack="small", counts={"areas": 3}))

    await hold_load(database, look)
    ended = await read_load(database)
    assert (ended.outcome, ended.problem) == ("loaded", "")
    assert ended.finished_at is not None
    assert ended.report is not None
    assert ended.report.counts == {"areas": 3}


async def test_reports_are_written_at_most_twice_a_second(database: Database) -> None:
    written: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE pack_loads"):
            written.append(statement)

    async def hurry(load: FollowedLoad) -> None:
        for number in range(200):
            await load.tell(f"Step {number}", number, 200)
            await asyncio.sleep(0.005)

    await hold_load(database, hurry)
    # One that closes killed loads, one at once, two or three of the pauses, one at the end.
    assert 3 <= len(written) <= 8
    assert (await read_load(database)).step == "Step 199"


async def test_what_was_told_last_is_written_though_nothing_follows(database: Database) -> None:
    async def dawdle(load: FollowedLoad) -> None:
        await load.tell("First", 0, 2)
        await wait_for_step(database, "First")
        await load.tell("Second", 1, 2)
        await wait_for_step(database, "Second")

    await hold_load(database, dawdle)


@pytest.mark.parametrize(
    ("error", "outcome", "problem"),
    [
        (PackProblem("rows.csv has no column 'code'."), "failed", "rows.csv has no column 'code'."),
        (ZeroDivisionError("private"), "failed", FAULT),
        (KeyboardInterrupt(), "interrupted", ""),
        (asyncio.CancelledError(), "interrupted", ""),
    ],
)
async def test_a_load_that_ends_badly_says_so(
    database: Database, error: BaseException, outcome: str, problem: str
) -> None:
    async def fail(load: FollowedLoad) -> None:
        await load.tell("Checking", 4, 4)
        raise error

    with pytest.raises(type(error)):
        await hold_load(database, fail)
    ended = await read_load(database)
    assert (ended.outcome, ended.problem, ended.step) == (outcome, problem, "Checking")
    assert ended.report is None


async def test_a_load_that_was_killed_is_seen_as_interrupted(database: Database) -> None:
    async with database.sessions.begin() as session:
        await queries.insert_load(session, "killed")
    # The row still says that it runs; nobody holds the lock.
    assert (await read_load(database)).outcome == "interrupted"
    async with database.engine.connect() as connection:
        assert await queries.take_load_lock(connection)
        assert (await read_load(database)).outcome == "running"
    assert (await read_load(database)).outcome == "interrupted"


async def test_the_next_load_closes_the_books_of_one_that_was_killed(database: Database) -> None:
    async with database.sessions.begin() as session:
        killed = await queries.insert_load(session, "killed")
        await queries.insert_load(session, "next")
    async with database.sessions() as session:
        row = await session.get_one(PackLoad, killed)
    assert row.outcome == "interrupted"
    assert row.finished_at is not None


async def test_only_the_latest_loads_are_remembered(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOADS_KEPT", 3)
    async with database.sessions.begin() as session:
        for number in range(6):
            await queries.insert_load(session, f"pack {number}")
        kept = (await session.scalars(text("SELECT pack FROM pack_loads ORDER BY id"))).all()
    assert kept == ["pack 3", "pack 4", "pack 5"]


async def test_a_load_goes_on_when_its_progress_cannot_be_written(database: Database) -> None:
    async def lose_table(load: FollowedLoad) -> None:
        async with database.sessions.begin() as session:
            await session.execute(text("ALTER TABLE pack_loads RENAME TO elsewhere"))
        await load.tell("Reading", 1, 2)
        await asyncio.sleep(2 * following.PAUSE_S)

    await hold_load(database, lose_table)


async def test_a_real_load_is_written_down_and_the_same_again_as_unchanged(
    demo_database: Database,
) -> None:
    first = await read_load(demo_database)
    assert (first.pack, first.outcome) == ("demo", "loaded")
    assert first.report is not None
    assert first.report.counts["areas"] > 100
    again = await load_pack(demo_database, DEMO, ignore)
    assert again.is_unchanged
    assert (await read_load(demo_database)).outcome == "unchanged"


async def test_a_pack_that_cannot_be_used_leaves_the_reason(
    demo_database: Database, tmp_path: Path
) -> None:
    manifest = (DEMO / "pack.toml").read_text()
    (tmp_path / "pack.toml").write_text(manifest)
    with pytest.raises(PackProblem) as caught:
        await load_pack(demo_database, tmp_path, ignore)
    ended = await read_load(demo_database)
    assert ended.outcome == "failed"
    assert ended.problem == str(caught.value)


async def test_the_api_tells_how_the_last_load_ended(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1/pack/load")).json()
    assert (told["pack"], told["outcome"], told["problem"]) == ("demo", "loaded", "")
    assert told["report"]["counts"]["areas"] > 100


async def test_the_api_says_that_there_was_no_load(empty_client: httpx.AsyncClient) -> None:
    answer = await empty_client.get("/api/v1/pack/load")
    assert answer.status_code == 404
    assert "hereabouts pack load NAME" in answer.json()["detail"]


async def test_the_operator_is_told_what_is_loaded_and_what_runs(demo_database: Database) -> None:
    lines: list[str] = []

    async def ask(load: FollowedLoad) -> None:
        await load.tell("Reading rows.csv", 2, 7)
        await wait_for_step(demo_database, "Reading rows.csv")
        lines.extend(await write_status(demo_database.address))

    await hold_load(demo_database, ask)
    assert lines[0] == "The pack demo is loaded."
    assert "data version 1" in lines[1]
    assert " areas" in lines[2]
    assert lines[3].startswith("A load of small is under way since ")
    assert lines[3].endswith("Reading rows.csv (2 of 7).")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PackProblem("It is broken."), "It is broken."),
        (KeyboardInterrupt(), "was interrupted at: Checking."),
    ],
)
async def test_the_operator_is_told_how_a_load_ended(
    database: Database, error: BaseException, says: str
) -> None:
    async def fail(load: FollowedLoad) -> None:
        await load.tell("Checking", 4, 4)
        raise error

    with pytest.raises(type(error)):
        await hold_load(database, fail)
    lines = await write_status(database.address)
    assert lines[0] == "No pack is loaded."
    assert any(says in line for line in lines[1:])
