"""`/analyses`: where provision falls short of need."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from app.analysis.memory import Memory
from app.analysis.schemas import AnalysisAsked, AnalysisRead
from app.analysis.service import analyse
from app.core.database import SessionsDep
from app.core.public_reads import PublicReadsDep

router = APIRouter(tags=["analyses"])


async def get_memory(request: Request) -> Memory:
    """Return what this application keeps between questions."""
    memory: Memory = request.app.state.analysis_memory
    return memory


MemoryDep = Annotated[Memory, Depends(get_memory)]


@router.post("/analyses")
async def create_analysis(
    asked: AnalysisAsked, reads: PublicReadsDep, sessions: SessionsDep, memory: MemoryDep
) -> AnalysisRead:
    """Work out who is reached by a category, where it falls short of need, and for how many.

    The answer says everything that is needed to work it out again. The same question of the same
    data has the same answer, byte by byte.
    """
    return await analyse(reads, sessions, memory, asked)
