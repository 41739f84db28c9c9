"""Working out an analysis from what was prepared for it."""

from typing import NamedTuple

from app.analysis.answering import write_answer
from app.analysis.preparing import Prepared
from app.analysis.schemas import AnalysisRead
from app.analysis.trying import write_what_if
from app.analysis.working import Worked, work_out

BYTES_AN_AREA = 800


class Before(NamedTuple):
    """What there is without the changes that a question tries; the same for all of them."""

    worked: Worked
    answer: AnalysisRead


def work_out_before(prepared: Prepared) -> Before:
    """Return what the data give, whatever changes are to be tried; it reads nothing else."""
    stated, areas, question, need = (
        prepared.stated, prepared.areas, prepared.question, prepared.need,
    )  # fmt: skip
    supply, weights = prepared.weighed
    worked = work_out(areas, supply, weights, question, need, seed=stated.seed)
    return Before(worked, write_answer(stated, areas, supply, question, worked, need))


def compute(prepared: Prepared, before: Before) -> AnalysisRead:
    """Return the answer: what there is, and beside it what would come of the changes."""
    stated = prepared.stated
    told = {"id": stated.id, "hash": stated.hash, "asked": stated.asked}
    answer = before.answer.model_copy(update=told)
    if prepared.steps:
        answer.what_if = write_what_if(prepared, before.worked, answer)
    return answer


def measure_before(before: Before) -> int:
    """Return about how many bytes it takes."""
    return BYTES_AN_AREA * len(before.answer.areas.codes)
