"""Saying that something is still right, or that something is wrong; and the thanks for it."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from app.accounts.dependencies import ActorDep, get_actor
from app.accounts.permissions import Actor
from app.core.database import SessionDep
from app.core.errors import TooManyRequestsError
from app.core.public_reads import PublicReadsDep
from app.core.security import CheckedForm
from app.moderation import service
from app.moderation.looking import AnyLook, look_at_asset, look_at_organisation, name_subject
from app.moderation.service import Sender
from app.moderation.vocabulary import SuggestionKind
from app.pages.errors import mark_sentence
from app.pages.keeping.forms import check_words, read_once, read_text
from app.pages.keeping.showing import (
    lead_to,
    read_languages,
    say_too_many,
    show,
    write_page_path,
    write_record_path,
)
from app.records.vocabulary import Status, Subject

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

RecordPath = Annotated[UUID, Path()]
THANKS = ("suggested", "saved", "confirmed", "reported", "still right")
_NO_WORDS = mark_sentence("Say what is wrong, in your own words.")


@router.post("/assets/{asset}/still-right")
async def send_still_right(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    asset: RecordPath,
    form: CheckedForm,
) -> RedirectResponse:
    """Confirm an asset today where the visitor may, else tell the moderators."""
    look = await look_at_asset(session, reads, actor, asset)
    return await _take_still_right(request, session, actor, look, form)


@router.get("/assets/{asset}/report")
async def show_report(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    asset: RecordPath,
) -> HTMLResponse:
    """Ask what is wrong with an asset."""
    look = await look_at_asset(session, reads, actor, asset)
    return await _render(request, session, look)


@router.post("/assets/{asset}/report", response_model=None)
async def send_report(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    asset: RecordPath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Keep what somebody says is wrong with an asset for the moderators."""
    look = await look_at_asset(session, reads, actor, asset)
    return await _take_report(request, session, actor, look, form)


@router.get("/assets/{asset}/thanks")
async def show_thanks(
    request: Request, session: SessionDep, asset: RecordPath, of: str = ""
) -> HTMLResponse:
    """Say what happens with what was sent. The page tells nothing of the asset."""
    return await _render_thanks(request, session, Subject.ASSET, asset, of)


@router.post("/organisations/{organisation}/still-right")
async def send_organisation_still_right(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    organisation: RecordPath,
    form: CheckedForm,
) -> RedirectResponse:
    """Confirm an organisation today where the visitor may, else tell the moderators."""
    look = await look_at_organisation(session, reads, actor, organisation)
    return await _take_still_right(request, session, actor, look, form)


@router.get("/organisations/{organisation}/report")
async def show_organisation_report(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    organisation: RecordPath,
) -> HTMLResponse:
    """Ask what is wrong with an organisation."""
    look = await look_at_organisation(session, reads, actor, organisation)
    return await _render(request, session, look)


@router.post("/organisations/{organisation}/report", response_model=None)
async def send_organisation_report(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    organisation: RecordPath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Keep what somebody says is wrong with an organisation for the moderators."""
    look = await look_at_organisation(session, reads, actor, organisation)
    return await _take_report(request, session, actor, look, form)


@router.get("/organisations/{organisation}/thanks")
async def show_organisation_thanks(
    request: Request, session: SessionDep, organisation: RecordPath, of: str = ""
) -> HTMLResponse:
    """Say what happens with what was sent. The page tells nothing of the organisation."""
    return await _render_thanks(request, session, Subject.ORGANISATION, organisation, of)


async def _take_still_right(
    request: Request, session: AsyncSession, actor: Actor, look: AnyLook, form: FormData
) -> RedirectResponse:
    path = _write_path(look)
    if look.may_confirm and look.kept.status is Status.PUBLISHED:
        await service.confirm_today(session, actor, name_subject(look), look.kept.public_id)
        return lead_to(f"{path}/thanks?of=confirmed")
    sender = Sender(read_once(form), "", "", read_languages(request))
    await service.report(session, actor, look, SuggestionKind.STILL_RIGHT, sender)
    return lead_to(f"{path}/thanks?of=still+right")


async def _take_report(
    request: Request, session: AsyncSession, actor: Actor, look: AnyLook, form: FormData
) -> HTMLResponse | RedirectResponse:
    note, email = read_text(form, "note"), read_text(form, "email")
    problems = check_words(note, email, needs_note=_NO_WORDS)
    sent = {"note": note, "email": email}
    if problems:
        return await _render(request, session, look, problems, sent)
    address = service.read_sender_email(email)
    sender = Sender(read_once(form), note, address, read_languages(request))
    try:
        await service.report(session, actor, look, SuggestionKind.WRONG, sender)
    except TooManyRequestsError as error:
        page = await _render(request, session, look, {"note": error.detail}, sent)
        return say_too_many(page, error)
    return lead_to(f"{_write_path(look)}/thanks?of=reported")


def _write_path(look: AnyLook) -> str:
    return write_record_path(name_subject(look), look.kept.public_id)


async def _render_thanks(
    request: Request, session: AsyncSession, subject: Subject, key: UUID, of: str
) -> HTMLResponse:
    # Without its name: whoever follows the link is led on to the address that has it.
    path = write_record_path(subject, key)
    context = {
        "page_path": f"{path}/-",
        "subject": str(subject),
        "of": of if of in THANKS else "reported",
    }
    return await show(request, session, "thanks.html", context)


async def _render(
    request: Request,
    session: AsyncSession,
    look: AnyLook,
    problems: dict[str, str] | None = None,
    sent: dict[str, str] | None = None,
) -> HTMLResponse:
    name = look.sheet.answers["name"]
    context = {
        "path": _write_path(look),
        "page_path": write_page_path(name_subject(look), look.kept.public_id, name),
        "name": name,
        "problems": problems or {},
        **(sent or {"note": "", "email": ""}),
    }
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK
    return await show(request, session, "report.html", context, status)
