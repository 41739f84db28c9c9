"""Answers are kept, so that the same question of the same data gives the same bytes."""

import asyncio
import zlib
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.analysis import kept_queries as queries
from app.analysis.kept_schemas import AnalysisState, KeptState
from app.analysis.memory import Memory
from app.analysis.models import KeptAnalysis
from app.analysis.preparing import Prepared, Report, keep_quiet, prepare, survey
from app.analysis.question import METHOD_VERSION
from app.analysis.schemas import AnalysisAsked
from app.analysis.service import Before, compute, measure_before, work_out_before
from app.core.errors import HereaboutsError, NotFoundError, UnavailableError
from app.core.public_reads import PublicReads

QUICKLY = 1
"""How hard zlib tries: answers are compressed while somebody waits."""

MEGABYTE = 1_000_000


class Limits(NamedTuple):
    """What the operator allows.

    Attributes:
        keep_mb: Room for answers.
        keep_days: How long they are kept.
        pairs_at_once: Areas times sites that are answered while somebody waits.
    """

    keep_mb: int
    keep_days: int
    pairs_at_once: int


@dataclass(frozen=True)
class Desk:
    """Where questions are answered.

    Attributes:
        reads: For what strangers see.
        sessions: For indicators, and for what is kept.
        memory: What this process keeps between questions.
        limits: What the operator allows.
    """

    reads: PublicReads
    sessions: async_sessionmaker[AsyncSession]
    memory: Memory
    limits: Limits


class Answer(NamedTuple):
    """An answer as it is given.

    Attributes:
        id: Under which it is kept.
        body: JSON.
    """

    id: str
    body: bytes


async def answer_question(
    desk: Desk, asked: AnalysisAsked, state: str, report: Report = keep_quiet
) -> Answer:
    """Return the answer to a question, kept now or before.

    Args:
        desk: Where it is answered.
        asked: The question.
        state: Of everything, from `survey`, looked at before.
        report: Is told which step begins.

    Raises:
        NotFoundError: There is no such category, kind or year of areas, or indicator for them.
        BadRequestError: The parts of the question make no sense together.
        UnavailableError: The database is away, or the place says not where it measures distances.
    """

    async def make() -> Answer:
        return await _answer(desk, asked, state, report)

    # Asked again before anything has changed, not even its ground is looked at again.
    key = ("asked", asked.model_dump_json(), state)
    return await desk.memory.find(key, make, lambda answer: len(answer.body))


async def _answer(desk: Desk, asked: AnalysisAsked, state: str, report: Report) -> Answer:
    prepared = await prepare(desk.reads, desk.sessions, desk.memory, asked, report)
    analysis_id = prepared.stated.id

    async def make() -> bytes:
        async with desk.sessions() as session:
            held = await queries.fetch_kept(session, analysis_id)
        if held is not None:
            return await asyncio.to_thread(unpack, held)
        await report("Working it out")
        before = await _find_before(desk, prepared)
        body, packed = await asyncio.to_thread(_write, prepared, before)
        await report("Keeping the answer")
        async with desk.sessions.begin() as session:
            await queries.insert_kept(session, _describe(prepared, asked, state, packed))
            await queries.delete_overflowing(
                session, desk.limits.keep_mb * MEGABYTE, desk.limits.keep_days
            )
        return body

    # However many ask at once, it is worked out once.
    body = await desk.memory.find(("answer", prepared.stated.hash), make, len)
    return Answer(analysis_id, body)


async def read_kept(desk: Desk, analysis_id: str) -> KeptAnalysis:
    """Return an answer that is kept.

    One in which a place took part that strangers are not told of any more, or not so exactly, is
    forgotten: figures for each area tell where a place is.

    Raises:
        NotFoundError: There is none, or there is none any more.
    """
    async with desk.sessions() as session:
        kept = await queries.fetch_kept(session, analysis_id)
    if kept is None:
        raise NotFoundError(_say_none(analysis_id))
    row = await desk.reads.fetch_row(queries.STILL_TOLD, kept.sites, kept.area_sites)
    if row["told"] < len(kept.sites) + len(kept.area_sites):
        async with desk.sessions.begin() as session:
            await queries.delete_kept(session, analysis_id)
        raise NotFoundError(_say_none(analysis_id))
    return kept


async def read_answer(desk: Desk, analysis_id: str) -> Answer:
    """Return an answer as it was given, byte by byte.

    Raises:
        NotFoundError: As for `read_kept`.
    """
    kept = await read_kept(desk, analysis_id)
    return Answer(analysis_id, await asyncio.to_thread(unpack, kept))


def unpack(kept: KeptAnalysis) -> bytes:
    """Return the JSON of an answer."""
    return zlib.decompress(kept.answer)


async def read_state(desk: Desk, analysis_id: str) -> AnalysisState:
    """Return whether an answer still is what the data give.

    Raises:
        NotFoundError: As for `read_kept`.
    """
    kept = await read_kept(desk, analysis_id)
    asked = AnalysisAsked.model_validate(kept.asked)
    state = await _compare(desk, kept, asked)
    return AnalysisState(
        id=kept.id,
        hash=kept.hash,
        asked=asked,
        method_version=kept.method_version,
        kept_at=kept.kept_at,
        is_pinned=kept.is_pinned,
        state=state,
        advice=ADVICE[state],
    )


async def pin(session: AsyncSession, analysis_id: str, *, is_pinned: bool) -> None:
    """Let an answer stay when others make room, or no longer.

    Raises:
        NotFoundError: There is none.
    """
    if not await queries.update_pin(session, analysis_id, is_pinned=is_pinned):
        raise NotFoundError(_say_none(analysis_id))


ADVICE: dict[KeptState, str] = {
    "current": "The data that it was worked out from are still the same.",
    "changed": "The data have changed since. POST what stands in `asked` to /api/v1/analyses to "
    "ask anew.",
    "may have changed": "Something has changed since, and finding out whether it matters would "
    "take as long as answering. POST what stands in `asked` to /api/v1/analyses to ask anew.",
}


async def _compare(desk: Desk, kept: KeptAnalysis, asked: AnalysisAsked) -> KeptState:
    if kept.method_version != METHOD_VERSION:
        return "changed"
    try:
        found = await survey(desk.reads, desk.memory, asked)
        if found.state == kept.state:
            return "current"
        if found.areas * found.sites > desk.limits.pairs_at_once:
            return "may have changed"
        prepared = await prepare(desk.reads, desk.sessions, desk.memory, asked)
    except UnavailableError:
        raise
    except HereaboutsError:
        # What it asked for is no more: a category, an indicator, a site that would move.
        return "changed"
    return "current" if prepared.stated.hash == kept.hash else "changed"


async def _find_before(desk: Desk, prepared: Prepared) -> Before:
    async def make() -> Before:
        return await asyncio.to_thread(work_out_before, prepared)

    if not prepared.steps:
        return await make()
    # Who tries one change mostly tries another one next.
    return await desk.memory.find(("before", prepared.stated.before), make, measure_before)


def _write(prepared: Prepared, before: Before) -> tuple[bytes, bytes]:
    body = compute(prepared, before).model_dump_json().encode()
    return body, zlib.compress(body, QUICKLY)


def _describe(prepared: Prepared, asked: AnalysisAsked, state: str, packed: bytes) -> KeptAnalysis:
    supply = prepared.weighed.supply
    return KeptAnalysis(
        id=prepared.stated.id,
        hash=prepared.stated.hash,
        asked=asked.model_dump(mode="json"),
        method_version=METHOD_VERSION,
        state=state,
        answer=packed,
        size_bytes=len(packed) + 16 * len(supply.ids),
        sites=[site for site, is_area in zip(supply.ids, supply.is_area, strict=True)
               if not is_area],
        area_sites=[site for site, is_area in zip(supply.ids, supply.is_area, strict=True)
                    if is_area],
    )  # fmt: skip


def _say_none(analysis_id: str) -> str:
    return (
        f"No analysis {analysis_id!r} is kept: there was none, it has made room for newer ones, or "
        "it rests on something that is not public any more. Ask the question again at "
        "/api/v1/analyses."
    )
