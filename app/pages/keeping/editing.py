"""The pages on which a record is changed, by whoever may, or a change to it suggested."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.public_reads import PublicReadsDep
from app.core.security import CheckedForm
from app.moderation.looking import look_at_asset, look_at_organisation
from app.pages.keeping.editor import open_visit, show_form, take_form

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

RecordPath = Annotated[UUID, Path()]


@router.get("/assets/{asset}/edit")
async def show_edit(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    asset: RecordPath,
    review: str = "",
) -> HTMLResponse:
    """Show the form of an asset, beside it what whoever comes from a draft had typed."""
    look = await look_at_asset(session, reads, actor, asset)
    draft = request.query_params.get("draft", "")
    return await show_form(await open_visit(request, session, look, actor, review, draft))


@router.post("/assets/{asset}/edit", response_model=None)
async def send_edit(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    asset: RecordPath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Save the change to an asset where the visitor may, else keep it for a moderator."""
    look = await look_at_asset(session, reads, actor, asset)
    review, draft = str(form.get("review", "")), str(form.get("draft", ""))
    visit = await open_visit(request, session, look, actor, review, draft)
    return await take_form(visit, form)


@router.get("/organisations/{organisation}/edit")
async def show_organisation_edit(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    organisation: RecordPath,
    review: str = "",
) -> HTMLResponse:
    """Show the form of an organisation."""
    look = await look_at_organisation(session, reads, actor, organisation)
    return await show_form(await open_visit(request, session, look, actor, review))


@router.post("/organisations/{organisation}/edit", response_model=None)
async def send_organisation_edit(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    organisation: RecordPath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Save the change to an organisation where the visitor may, else keep it for a moderator."""
    look = await look_at_organisation(session, reads, actor, organisation)
    review = str(form.get("review", ""))
    return await take_form(await open_visit(request, session, look, actor, review), form)
