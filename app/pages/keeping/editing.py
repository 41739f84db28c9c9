"""The pages on which a record is changed, by whoever may, or a change to it suggested."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.public_reads import PublicReadsDep
from app.core.security import CheckedForm
from app.pages.keeping.editor import open_visit, show_form, take_form
from app.pages.keeping.records import RecordPath, see_record

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


@router.get("/assets/{record}/edit")
@router.get("/organisations/{record}/edit")
async def show_edit(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
    review: str = "",
) -> HTMLResponse:
    """Show the form of a record, beside it what whoever comes from a draft had typed."""
    look = await see_record(request, session, reads, actor, record)
    draft = request.query_params.get("draft", "")
    return await show_form(await open_visit(request, session, look, actor, review, draft))


@router.post("/assets/{record}/edit", response_model=None)
@router.post("/organisations/{record}/edit", response_model=None)
async def send_edit(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Save the change to a record where the visitor may, else keep it for a moderator."""
    look = await see_record(request, session, reads, actor, record)
    review, draft = str(form.get("review", "")), str(form.get("draft", ""))
    visit = await open_visit(request, session, look, actor, review, draft)
    return await take_form(visit, form)
