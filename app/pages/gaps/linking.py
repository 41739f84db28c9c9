"""A link to a result: what it said when it was made, where the data have changed since."""

from dataclasses import dataclass

from app.analysis.keeping import Desk, read_answer
from app.analysis.schemas import AnalysisRead
from app.core.errors import NotFoundError
from app.pages.gaps.asked import Question


@dataclass(frozen=True)
class Linked:
    """The result that a link was made of, which is not the one of today.

    Attributes:
        id: Under which it is or was kept.
        then: The answer; None where it is kept no more.
    """

    id: str
    then: AnalysisRead | None


async def find_linked(desk: Desk, question: Question, answer: AnalysisRead) -> Linked | None:
    """Return the result that a link was made of; None where it is the one of today, or no link.

    Raises:
        UnavailableError: The database is away.
    """
    if not question.linked or question.linked == answer.id:
        return None
    try:
        kept = await read_answer(desk, question.linked)
    except NotFoundError:
        return Linked(question.linked, None)
    return Linked(question.linked, AnalysisRead.model_validate_json(kept.body))
