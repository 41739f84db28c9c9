"""Working out an analysis: everything is read of one state, computed off the event loop."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.analysis.answering import write_answer
from app.analysis.memory import Memory
from app.analysis.preparing import Prepared, prepare
from app.analysis.schemas import AnalysisAsked, AnalysisRead
from app.analysis.trying import write_what_if
from app.analysis.working import work_out
from app.core.public_reads import PublicReads


async def analyse(
    reads: PublicReads,
    sessions: async_sessionmaker[AsyncSession],
    memory: Memory,
    asked: AnalysisAsked,
) -> AnalysisRead:
    """Return the answer to a question; the same question of the same data has the same answer.

    Raises:
        NotFoundError: There is no such category, kind or year of areas, or indicator for them.
        BadRequestError: The parts of the question make no sense together.
        UnavailableError: The database is away, or the place says not where it measures distances.
    """
    prepared = await prepare(reads, sessions, memory, asked)
    return await asyncio.to_thread(compute, prepared)


def compute(prepared: Prepared) -> AnalysisRead:
    """Return the answer that the data give; it reads nothing else."""
    stated, areas, question, need = (
        prepared.stated, prepared.areas, prepared.question, prepared.need,
    )  # fmt: skip
    supply, weights = prepared.weighed
    worked = work_out(areas, supply, weights, question, need, seed=stated.seed)
    answer = write_answer(stated, areas, supply, question, worked, need)
    if prepared.steps:
        answer.what_if = write_what_if(prepared, worked, answer)
    return answer
