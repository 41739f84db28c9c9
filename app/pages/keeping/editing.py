"""The pages on which a record is changed, by whoever may, or a change to it suggested."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReadsDep
from app.core.security import CheckedForm
from app.moderation.looking import look_at_asset
from app.pages.keeping.editor import offer_anew, show_form, take_form
from app.pages.keeping.records import RecordPath, see_record
from app.pages.keeping.visits import open_visit

PlacePath = Annotated[UUID | Literal["new"], Path()]

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
    return await show_form(await open_visit(request, session, look, actor, reads, review, draft))


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
    visit = await open_visit(request, session, look, actor, reads, review, draft)
    return await take_form(visit, form)


@router.get("/assets/{record}/edit/{place}")
async def show_edit_of_place(  # noqa: PLR0913, PLR0917 - each from somewhere else
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
    place: PlacePath,
    review: str = "",
) -> HTMLResponse:
    """Show the form of one place of an asset, or of one that is to be added to it."""
    look = await look_at_asset(session, reads, actor, record, place)
    return await show_form(await open_visit(request, session, look, actor, reads, review))


@router.post("/assets/{record}/edit/{place}", response_model=None)
async def send_edit_of_place(  # noqa: PLR0913, PLR0917 - each from somewhere else
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
    place: PlacePath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Save the change to a place where the visitor may, else keep it for a moderator."""
    review = str(form.get("review", ""))
    try:
        look = await look_at_asset(session, reads, actor, record, place)
    except NotFoundError:
        # Perhaps only the place is gone: what was typed about it is not to be lost.
        look = await look_at_asset(session, reads, actor, record, "new")
        return await offer_anew(await open_visit(request, session, look, actor, reads, ""), form)
    return await take_form(await open_visit(request, session, look, actor, reads, review), form)
