"""Saying that something is still right, or that something is wrong; and the thanks for it."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.errors import TooManyRequestsError
from app.core.public_reads import PublicReadsDep
from app.core.security import CheckedForm
from app.moderation import service
from app.moderation.looking import AnyLook, name_subject
from app.moderation.service import Sender
from app.moderation.vocabulary import SuggestionKind
from app.pages.keeping.forms import check_words, read_once, read_text
from app.pages.keeping.records import RecordPath, SubjectDep, see_record
from app.pages.keeping.showing import (
    lead_to,
    read_languages,
    say_too_many,
    show,
    write_page_path,
    write_record_path,
)
from app.pages.said import mark_sentence
from app.records.vocabulary import Status

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

THANKS = ("suggested", "saved", "confirmed", "reported", "still right")
_NO_WORDS = mark_sentence("Say what is wrong, in your own words.")


@router.post("/assets/{record}/still-right")
@router.post("/organisations/{record}/still-right")
async def send_still_right(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
    form: CheckedForm,
) -> RedirectResponse:
    """Confirm a record today where the visitor may, else tell the moderators."""
    look = await see_record(request, session, reads, actor, record)
    path = _write_path(look)
    if look.may_confirm and look.kept.status is Status.PUBLISHED:
        await service.confirm_today(session, actor, name_subject(look), look.kept.public_id)
        return lead_to(f"{path}/thanks?of=confirmed")
    sender = Sender(read_once(form), "", "", read_languages(request))
    await service.report(session, actor, look, SuggestionKind.STILL_RIGHT, sender)
    return lead_to(f"{path}/thanks?of=still+right")


@router.get("/assets/{record}/report")
@router.get("/organisations/{record}/report")
async def show_report(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
) -> HTMLResponse:
    """Ask what is wrong with a record."""
    return await _render(request, session, await see_record(request, session, reads, actor, record))


@router.post("/assets/{record}/report", response_model=None)
@router.post("/organisations/{record}/report", response_model=None)
async def send_report(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    record: RecordPath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Keep what somebody says is wrong with a record for the moderators."""
    look = await see_record(request, session, reads, actor, record)
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


@router.get("/assets/{record}/thanks")
@router.get("/organisations/{record}/thanks")
async def show_thanks(
    request: Request, session: SessionDep, subject: SubjectDep, record: RecordPath, of: str = ""
) -> HTMLResponse:
    """Say what happens with what was sent. The page tells nothing of the record."""
    # Without its name: whoever follows the link is led on to the address that has it.
    context = {
        "page_path": f"{write_record_path(subject, record)}/-",
        "subject": str(subject),
        "of": of if of in THANKS else "reported",
    }
    return await show(request, session, "thanks.html", context)


def _write_path(look: AnyLook) -> str:
    return write_record_path(name_subject(look), look.kept.public_id)


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
