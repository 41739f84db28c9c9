"""The page on which somebody who sent something in answers a moderator's question, by a link."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import get_actor
from app.core.database import SessionDep
from app.core.errors import ConflictError
from app.core.security import CheckedForm
from app.moderation import asking
from app.pages.keeping.forms import check_words, read_text
from app.pages.keeping.showing import lead_to, show
from app.pages.said import mark_sentence

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

TokenPath = Annotated[str, Path(max_length=100)]
_NO_ANSWER = mark_sentence("Write your answer.")


@router.get("/answers/{token}")
async def show_question(request: Request, session: SessionDep, token: TokenPath) -> HTMLResponse:
    """Show the question, or that it was answered, is too old, or is of no use any more."""
    put = await asking.open_question(session, token)
    return await _render(request, session, token, put)


@router.post("/answers/{token}", response_model=None)
async def send_answer(
    request: Request, session: SessionDep, token: TokenPath, form: CheckedForm
) -> HTMLResponse | RedirectResponse:
    """Keep the answer, once, for the moderators of the area."""
    put = await asking.open_question(session, token)
    words = read_text(form, "note")
    problems = check_words(words, "", needs_note=_NO_ANSWER)
    if problems:
        return await _render(request, session, token, put, problems, words)
    try:
        await asking.answer(session, put, words)
    except ConflictError:
        again = await asking.open_question(session, token)
        return await _render(request, session, token, again, status=HTTPStatus.CONFLICT)
    return lead_to(f"/answers/{token}")


async def _render(  # noqa: PLR0913 - what the page says
    request: Request,
    session: SessionDep,
    token: str,
    put: asking.Put,
    problems: dict[str, str] | None = None,
    words: str = "",
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    context = {"put": put, "token": token, "problems": problems or {}, "note": words}
    return await show(
        request, session, "answer.html", context, HTTPStatus.BAD_REQUEST if problems else status
    )
