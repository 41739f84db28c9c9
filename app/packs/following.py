"""Letting everybody follow a load: how far it is, and how it ended, kept beside the load itself.

Each report is written in a transaction of its own, so it is seen at once and stays when the load
is rolled back or killed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import Database
from app.core.errors import FAULT
from app.packs import queries
from app.packs.finding import Progress
from app.packs.manifest import PackProblem
from app.packs.models import LoadOutcome
from app.packs.report import LoadReport

log = structlog.get_logger(__name__)

PAUSE_S = 0.5
"""Seconds between two reports: people do not see more, and each is a transaction."""

UNWRITTEN = (OSError, SQLAlchemyError)
"""A report that cannot be written is not worth a load."""


class FollowedLoad:
    """One load that can be followed.

    Args:
        database: Where its reports are written, on connections of their own.
        load_id: Its row.
        progress: Told the same, at once.
    """

    def __init__(self, database: Database, load_id: int, progress: Progress) -> None:
        self._database = database
        self._load_id = load_id
        self._progress = progress
        self._latest: dict[str, Any] = {}
        self._written: dict[str, Any] = {}
        self._report: LoadReport | None = None

    async def tell(self, step: str, done: int, total: int | None) -> None:
        """Say how far the load is; `keep_writing` writes it down before long."""
        self._latest = {"step": step, "done": done, "total": total}
        await self._progress(step, done, total)

    def succeed(self, report: LoadReport) -> LoadReport:
        """Note what the load found, and return it."""
        self._report = report
        return report

    async def keep_writing(self) -> None:
        """Write the latest report, whenever there is a new one, until cancelled."""
        while True:
            if self._latest != self._written:
                self._written = self._latest
                await self._write(self._written)
            await asyncio.sleep(PAUSE_S)

    async def end_well(self) -> None:
        """Write that the load came to its end, and what it found."""
        report = self._report
        is_unchanged = report is None or report.is_unchanged
        found = None if report is None or is_unchanged else report.model_dump(mode="json")
        await self._end("unchanged" if is_unchanged else "loaded", report=found)

    async def end_badly(self, error: BaseException) -> None:
        """Write that the load failed or was stopped."""
        if isinstance(error, PackProblem):
            await self._end("failed", problem=str(error))
        elif isinstance(error, Exception):
            await self._end("failed", problem=FAULT)
        else:
            await self._end("interrupted")

    async def _end(self, outcome: LoadOutcome, **values: object) -> None:
        ended = {"outcome": outcome, "finished_at": datetime.now(UTC)}
        await self._write({**self._latest, **ended, **values})

    async def _write(self, values: dict[str, Any]) -> None:
        try:
            async with self._database.sessions.begin() as session:
                await queries.update_load(session, self._load_id, values)
        except UNWRITTEN as error:
            log.warning("pack_load.unwritten", reason=type(error).__name__)


@asynccontextmanager
async def follow_load(
    database: Database, pack: str, progress: Progress
) -> AsyncIterator[FollowedLoad]:
    """Let the load in the block be followed; its caller holds the lock of loading.

    Args:
        database: Where the load goes; reports take connections of their own.
        pack: Name of the pack.
        progress: Told every step at once, such as a terminal.
    """
    async with database.sessions.begin() as session:
        load_id = await queries.insert_load(session, pack)
    load = FollowedLoad(database, load_id, progress)
    writing = asyncio.create_task(load.keep_writing())
    try:
        yield load
    except BaseException as error:
        await _stop(writing)
        await load.end_badly(error)
        raise
    await _stop(writing)
    await load.end_well()


async def _stop(writing: asyncio.Task[None]) -> None:
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
