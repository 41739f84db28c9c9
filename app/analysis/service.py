"""Working out an analysis from what was prepared for it."""

from app.analysis.answering import write_answer
from app.analysis.preparing import Prepared
from app.analysis.schemas import AnalysisRead
from app.analysis.trying import write_what_if
from app.analysis.working import work_out


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
