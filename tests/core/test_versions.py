"""Versions: raised in the caller's transaction, heard by every process, never lost unnoticed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, DatabaseAddress
from app.core.local_postgres import LocalPostgres
from app.core.versions import (
    CHANNEL,
    LONGEST_TOPIC,
    Box,
    VersionListener,
    VersionNews,
    VersionRaised,
    VersionsLost,
    raise_version,
    read_version,
)

COUNT_LISTENING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
)
TOXTETH = Box(-2.97, 53.38, -2.94, 53.40)


class Heard(list[VersionNews]):
    """Collects news and lets a test wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def hear(self, news: VersionNews) -> None:
        """Be a subscriber."""
        self.append(news)
        self._more.set()

    async def wait_for(self, count: int, last: VersionNews | None = None) -> None:
        """Wait until there are `count` news, the last of them `last` if given."""
        async with asyncio.timeout(5):
            while len(self) < count or (last and self[-1] != last):
                self._more.clear()
                await self._more.wait()


@pytest.fixture
async def listener(address: DatabaseAddress) -> AsyncIterator[VersionListener]:
    listener = VersionListener(address, first_pause_s=0.01, longest_pause_s=0.05)
    yield listener
    await listener.stop()


@pytest.fixture
async def heard(listener: VersionListener) -> Heard:
    heard = Heard()
    listener.subscribe(heard.hear)
    await listener.start()
    return heard


async def commit_raise(database: Database, topic: str, box: Box | None = None) -> int:
    async with database.sessions.begin() as session:
        return await raise_version(session, topic, box)


async def test_a_topic_counts_up_and_starts_at_nothing(database: Database) -> None:
    async with database.sessions.begin() as session:
        assert await read_version(session, "assets") == 0
        assert await raise_version(session, "assets") == 1
        assert await raise_version(session, "assets") == 2
        assert await raise_version(session, "areas") == 1
    async with database.sessions() as session:
        assert await read_version(session, "assets") == 2


async def test_subscribers_hear_topic_version_and_box(database: Database, heard: Heard) -> None:
    await commit_raise(database, "assets", TOXTETH)
    await commit_raise(database, "areas")
    await heard.wait_for(2)
    assert heard == [VersionRaised("assets", 1, TOXTETH), VersionRaised("areas", 1, None)]


async def test_nothing_is_announced_before_commit_nor_after_a_rollback(
    database: Database, heard: Heard
) -> None:
    async with database.sessions() as session:
        await raise_version(session, "assets")
        await commit_raise(database, "first")
        await heard.wait_for(1)
        await session.rollback()
    await commit_raise(database, "second")
    await heard.wait_for(2)
    assert heard == [VersionRaised("first", 1, None), VersionRaised("second", 1, None)]
    async with database.sessions() as session:
        assert await read_version(session, "assets") == 0


async def test_raises_at_the_same_time_get_different_versions(
    database: Database, heard: Heard
) -> None:
    versions = await asyncio.gather(*(commit_raise(database, "assets") for _ in range(20)))
    assert sorted(versions) == list(range(1, 21))
    await heard.wait_for(20)
    assert [news.version for news in heard if isinstance(news, VersionRaised)] == list(range(1, 21))


async def test_the_longest_topic_with_the_longest_box_fits_an_announcement(
    database: Database, heard: Heard
) -> None:
    topic = "\x01" * LONGEST_TOPIC
    box = Box(-179.12345678901234, -89.12345678901234, 5e-324, 89.12345678901234)
    await commit_raise(database, topic, box)
    await heard.wait_for(1)
    assert heard == [VersionRaised(topic, 1, box)]


@pytest.mark.parametrize("topic", ["", "x" * (LONGEST_TOPIC + 1), "ä" * 101])
async def test_an_impossible_topic_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="A topic has 1 to 200 bytes"):
        await raise_version(AsyncSession(), topic)


@pytest.mark.parametrize(
    "box",
    [
        Box(0, 10, 1, 9),
        Box(-181, 0, 1, 1),
        Box(0, 0, float("nan"), 1),
        Box(0, 0, float("inf"), 1),
        Box(-330_000, 7_000_000, -320_000, 7_100_000),
    ],
)
async def test_an_impossible_box_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="is not a box"):
        await raise_version(AsyncSession(), "assets", box)


async def test_an_unreadable_announcement_counts_as_missed_ones(
    database: Database, heard: Heard
) -> None:
    payloads = ["", "[]", "{}", '{"topic": "a", "version": 1, "box": [1]}']
    for payload in payloads:
        async with database.sessions.begin() as session:
            notify = text(f"SELECT pg_notify('{CHANNEL}', :payload)")
            await session.execute(notify, {"payload": payload})
    await heard.wait_for(4)
    assert heard == [VersionsLost()] * 4


async def test_a_failing_subscriber_keeps_nothing_from_the_others(
    database: Database, listener: VersionListener
) -> None:
    def fail(_news: VersionNews) -> None:
        raise RuntimeError("a broken cache")

    heard = Heard()
    listener.subscribe(fail)
    listener.subscribe(heard.hear)
    await listener.start()
    await commit_raise(database, "assets")
    await heard.wait_for(1)
    assert heard == [VersionRaised("assets", 1, None)]


async def test_a_killed_connection_is_replaced_and_the_loss_told_once_it_listens(
    database: Database, heard: Heard
) -> None:
    async def kill() -> int:
        async with database.sessions.begin() as session:
            killed = await session.scalar(
                text(COUNT_LISTENING.replace("count(*)", "count(pg_terminate_backend(pid))"))
            )
            return int(killed)

    for round_ in range(3):
        assert await kill() == 1
        await heard.wait_for(2 * round_ + 1, VersionsLost())
        # Told after the new LISTEN: from here on nothing is missed.
        await commit_raise(database, "assets")
        await heard.wait_for(2 * round_ + 2)
        assert heard[-1] == VersionRaised("assets", round_ + 1, None)
    assert len(heard) == 6


class DeafRelay:
    """A relay to the database's socket that can fall silent without closing anything."""

    def __init__(self, address: DatabaseAddress, folder: Path) -> None:
        query = make_url(address.for_libpq).query
        self._target = f"{query['host']}/.s.PGSQL.5432"
        self._folder = folder
        self._hears = asyncio.Event()
        self._hears.set()
        self._writers: list[asyncio.StreamWriter] = []
        self.address = DatabaseAddress(
            make_url(address.for_libpq).set(query={"host": str(folder)}).render_as_string()
        )

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._target)
        self._writers += [writer, back]
        hears = self._hears
        await asyncio.gather(self._copy(reader, back, hears), self._copy(there, writer, hears))

    @staticmethod
    async def _copy(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hears: asyncio.Event
    ) -> None:
        with suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(4096):
                await hears.wait()
                writer.write(data)
        writer.close()

    def break_silently(self) -> None:
        """Pass nothing on any more for those who are connected; new ones are served."""
        self._hears.clear()
        self._hears = asyncio.Event()
        self._hears.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._join, self._folder / ".s.PGSQL.5432")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
            # What is held back is never sent, and then nothing says that it is closed.
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()


async def test_a_connection_that_fell_silent_is_replaced(
    address: DatabaseAddress, database: Database
) -> None:
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short
        async with DeafRelay(address, Path(folder)) as relay:
            listener = VersionListener(relay.address, first_pause_s=0.01, check_every_s=0.1)
            heard = Heard()
            listener.subscribe(heard.hear)
            await listener.start()
            await commit_raise(database, "assets")
            await heard.wait_for(1)
            relay.break_silently()
            await commit_raise(database, "assets")
            await heard.wait_for(2, VersionsLost())
            await commit_raise(database, "assets")
            await heard.wait_for(3, VersionRaised("assets", 3, None))
            await listener.stop()


async def test_a_quiet_connection_is_kept(
    address: DatabaseAddress, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: asyncio.Queue[str] = asyncio.Queue()
    execute = asyncpg.Connection.execute

    async def count(connection: asyncpg.Connection, query: str, **options: float) -> None:
        await execute(connection, query, **options)
        checks.put_nowait(query)

    monkeypatch.setattr(asyncpg.Connection, "execute", count)
    listener = VersionListener(address, check_every_s=0.02)
    heard = Heard()
    listener.subscribe(heard.hear)
    await listener.start()
    async with asyncio.timeout(5):
        assert [await checks.get() for _ in range(3)] == ["SELECT 1"] * 3
    await commit_raise(database, "assets")
    await heard.wait_for(1)
    assert heard == [VersionRaised("assets", 1, None)]
    await listener.stop()


async def test_a_restart_of_the_server_is_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with LocalPostgres(tmp_path / "postgres", durable=False).running() as cluster:
        address = cluster.address.with_name("postgres")
        listener = VersionListener(address, first_pause_s=0.01, longest_pause_s=0.05)
        heard = Heard()
        listener.subscribe(heard.hear)
        await listener.start()
        await asyncio.to_thread(cluster.stop)
        for _ in range(500):  # until there were several attempts in vain
            if caplog.text.count("versions.cannot_listen") > 2:
                break
            await asyncio.sleep(0.01)
        assert heard == []
        await asyncio.to_thread(cluster.start)
        await heard.wait_for(1)
        payload = '{"topic": "assets", "version": 7, "box": null}'
        connection = await asyncpg.connect(address.for_libpq)
        await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
        await connection.close()
        await heard.wait_for(2)
        assert heard == [VersionsLost(), VersionRaised("assets", 7, None)]
        await listener.stop()


async def test_stopping_leaves_nothing_behind(address: DatabaseAddress, database: Database) -> None:
    before = asyncio.all_tasks()
    listener = VersionListener(address)
    await listener.stop()
    await listener.start()
    await listener.start()  # a second start changes nothing
    await listener.stop()
    await listener.stop()
    assert asyncio.all_tasks() == before
    for _ in range(200):  # until the server has noticed
        async with database.sessions() as session:
            listening = await session.scalar(text(COUNT_LISTENING))
        if not listening:
            break
        await asyncio.sleep(0.02)
    assert listening == 0


async def test_a_start_without_a_server_says_so(tmp_path: Path) -> None:
    listener = VersionListener(DatabaseAddress(f"postgresql://nobody@/none?host={tmp_path}"))
    with pytest.raises(OSError, match="No such file"):
        await listener.start()
    await listener.stop()
