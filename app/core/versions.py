"""Versions of topics: how a lower domain lets every upper one know that something changed.

A topic is a short name such as `assets` or `areas/lsoa`. Whoever changes something under it
raises its version in the same transaction. On commit PostgreSQL announces the new version to
every process of the service; whoever keeps something made from the topic (tiles, values, pages)
compares versions or drops what the announcement's box touches. The lower domain calls nobody.
"""

import asyncio
import json
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
import structlog
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Text, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, DatabaseAddress

log = structlog.get_logger(__name__)

CHANNEL = "hereabouts_versions"
# PostgreSQL refuses announcements of 8,000 bytes. A topic this short, even if JSON has to escape
# every byte of it sixfold, leaves room for the longest box.
LONGEST_TOPIC = 200  # bytes
CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 1.0
NO_ANSWER = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Version(Base):
    """How often a topic has changed; a topic that never did has no row."""

    __tablename__ = "versions"
    __table_args__ = (
        CheckConstraint(f"octet_length(topic) <= {LONGEST_TOPIC}", name="topic_short"),
    )

    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Box(NamedTuple):
    """A rectangle of longitudes and latitudes in degrees, public by the time it is announced.

    A box whose west is east of its east crosses the antimeridian.
    """

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class VersionRaised:
    """A topic has a new version, committed.

    Attributes:
        topic: What changed.
        version: Its version now.
        box: Where it changed, in public; None means that it may be anywhere.
    """

    topic: str
    version: int
    box: Box | None


@dataclass(frozen=True)
class VersionsLost:
    """Announcements may have been missed: whatever was kept must be dropped or compared anew."""


VersionNews = VersionRaised | VersionsLost
Subscriber = Callable[[VersionNews], None]


async def raise_version(session: AsyncSession, topic: str, box: Box | None = None) -> int:
    """Raise the version of `topic` in the caller's transaction and announce it on commit.

    The topic stays locked until that transaction ends, so that no two get the same version:
    raise as late as possible, and several topics in the order of their names.

    Args:
        session: The caller's; nothing is announced if it rolls back.
        topic: A short name.
        box: What the change touches *in public*, before and after it: every process of the
            service and its caches will know it. None means everything.

    Returns:
        The new version, 1 the first time.

    Raises:
        ValueError: The topic is too long, or the box is none.
    """
    if not 0 < len(topic.encode()) <= LONGEST_TOPIC:
        raise ValueError(f"A topic has 1 to {LONGEST_TOPIC} bytes; this has {len(topic.encode())}.")
    if box is not None and not _is_box(box):
        raise ValueError(f"{tuple(box)} is not a box of west, south, east, north in degrees.")
    first = insert(Version).values(topic=topic, version=1, raised_at=func.clock_timestamp())
    raised = first.on_conflict_do_update(
        index_elements=[Version.topic],
        set_={"version": Version.version + 1, "raised_at": first.excluded.raised_at},
    ).returning(Version.version)
    version = (await session.execute(raised)).scalar_one()
    payload = json.dumps({"topic": topic, "version": version, "box": box})
    await session.execute(
        text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload}
    )
    return version


async def read_stamp(session: AsyncSession, topic: str) -> str:
    """Return a text that is never the same for two states of `topic`, in this database or another.

    The number alone begins at 1 in every database: a browser that saw another would take its old
    copy for right.
    """
    query = select(Version.version, Version.raised_at).where(Version.topic == topic)
    row = (await session.execute(query)).one_or_none()
    return f"{row.version}-{row.raised_at.timestamp():.6f}" if row else "0"


def token_sql(*topics: str) -> str:
    """Return SQL for twelve letters and digits that stand in addresses for a state of topics.

    They are other ones for any two states, in this database or another.
    """
    named = ", ".join(f"'{topic}'" for topic in topics)
    stamp = "concat_ws('-', topic, version, extract(epoch FROM raised_at))"
    states = f"coalesce(string_agg({stamp}, ' ' ORDER BY topic), '')"
    return f"(SELECT left(md5({states}), 12) FROM versions WHERE topic IN ({named}))"  # noqa: S608 - names of our own


async def read_token(session: AsyncSession, *topics: str) -> str:
    """Return what `token_sql` says of the state that `session` sees."""
    return str(await session.scalar(text(f"SELECT {token_sql(*topics)}")))


async def read_version(session: AsyncSession, topic: str) -> int:
    """Return the version of `topic` that `session` sees, 0 if it was never raised."""
    found = await session.execute(select(Version.version).where(Version.topic == topic))
    return found.scalar_one_or_none() or 0


class VersionListener:
    """Hears the announcements of `raise_version` for one process and tells its subscribers.

    It keeps a connection of its own, because a pooled one would be handed to somebody else.
    After a break it connects again, and only once it listens does it tell `VersionsLost`:
    what is kept from then on cannot miss anything.

    Args:
        address: Where the database is.
        first_pause_s: Seconds before the second attempt to connect; doubled after each failure.
        longest_pause_s: Seconds between attempts at most.
        check_every_s: Seconds of silence after which the connection is tried, because one that
            broke without a word would otherwise be believed for ever; and seconds that this
            may take.
    """

    def __init__(
        self,
        address: DatabaseAddress,
        *,
        first_pause_s: float = 0.1,
        longest_pause_s: float = 5.0,
        check_every_s: float = 15.0,
    ) -> None:
        self._address = address
        self._first_pause_s = first_pause_s
        self._longest_pause_s = longest_pause_s
        self._check_every_s = check_every_s
        self._subscribers: list[Subscriber] = []
        self._lost = asyncio.Event()
        self._connection: Any = None  # asyncpg is untyped
        self._task: asyncio.Task[None] | None = None
        self._hears = False

    @property
    def hears(self) -> bool:
        """Whether every announcement is heard, as far as is known: what is kept may be used."""
        return self._hears and not self._lost.is_set()

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call `subscriber` with all further news, on the event loop: it must be quick.

        What it raises is logged and keeps nothing from the other subscribers.
        """
        self._subscribers.append(subscriber)

    async def start(self) -> None:
        """Listen; returns once every later announcement will be heard.

        Raises:
            OSError: The server cannot be reached.
            asyncpg.PostgresError: It can, and refuses.
        """
        if self._task is None:
            self._connection = await self._connect()
            self._task = asyncio.create_task(self._keep_listening())
            self._hears = True

    async def stop(self) -> None:
        """Stop listening and close the connection."""
        task, self._task = self._task, None
        self._hears = False
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            with suppress(*NO_ANSWER):
                await self._connection.close(timeout=CLOSE_SECONDS)

    async def _keep_listening(self) -> None:
        while True:
            await self._wait_for_a_break()
            self._hears = False
            log.warning("versions.connection_lost")
            # Closing politely would wait for a server that does not answer.
            self._connection.terminate()
            self._connection = await self._reconnect()
            self._tell(VersionsLost())
            self._hears = True

    async def _wait_for_a_break(self) -> None:
        while not self._lost.is_set():
            try:
                async with asyncio.timeout(self._check_every_s):
                    await self._lost.wait()
            except TimeoutError:
                try:
                    await self._connection.execute("SELECT 1", timeout=self._check_every_s)
                except NO_ANSWER:
                    return

    async def _reconnect(self) -> Any:  # noqa: ANN401 - asyncpg is untyped
        pause_s = self._first_pause_s
        while True:
            try:
                return await self._connect()
            except NO_ANSWER as error:
                log.warning("versions.cannot_listen", reason=type(error).__name__, wait_s=pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, self._longest_pause_s)

    async def _connect(self) -> Any:  # noqa: ANN401 - as above
        self._lost = lost = asyncio.Event()
        connection = await asyncpg.connect(self._address.for_libpq, timeout=CONNECT_SECONDS)
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._hear)
        except BaseException:
            connection.terminate()
            raise
        return connection

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: str) -> None:
        self._tell(_read_announcement(payload))

    def _tell(self, news: VersionNews) -> None:
        for subscriber in self._subscribers:
            try:
                subscriber(news)
            except Exception:
                log.exception("versions.subscriber_failed", news=type(news).__name__)


def _is_box(box: Box) -> bool:
    west, south, east, north = box
    return (
        all(math.isfinite(degrees) for degrees in box)
        and -180 <= west <= 180  # noqa: PLR2004 - where longitudes end
        and -180 <= east <= 180  # noqa: PLR2004
        and -90 <= south <= north <= 90  # noqa: PLR2004 - where latitudes end
    )


def _read_announcement(payload: str) -> VersionNews:
    """Read what `raise_version` announced; what cannot be read may have meant anything."""
    try:
        said = json.loads(payload)
        box = None if said["box"] is None else Box(*map(float, said["box"]))
        return VersionRaised(str(said["topic"]), int(said["version"]), box)
    except (ValueError, TypeError, KeyError):
        log.warning("versions.announcement_unreadable")
        return VersionsLost()
