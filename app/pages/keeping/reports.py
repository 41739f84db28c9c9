"""Saying that something is still right, or that something is wrong; and the thanks for it."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.errors import TooManyRequestsError
from app.core.public_reads import PublicReadsDep
from app.core.security import CheckedForm
from app.moderation import service
from app.moderation.looking import look_at_asset
from app.moderation.service import Sender
from app.moderation.vocabulary import SuggestionKind
from app.pages.errors import mark_sentence
from app.pages.keeping.forms import check_words, read_once, read_text
from app.pages.keeping.showing import lead_to, read_languages, say_too_many, show
from app.records.vocabulary import Status

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

AssetPath = Annotated[UUID, Path()]
THANKS = ("suggested", "saved", "confirmed", "reported", "still right")
_NO_WORDS = mark_sentence("Say what is wrong, in your own words.")


@router.post("/assets/{asset}/still-right")
async def send_still_right(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    asset: AssetPath,
    form: CheckedForm,
) -> RedirectResponse:
    """Confirm it today where the visitor may, else tell the moderators."""
    look = await look_at_asset(session, reads, actor, asset)
    if look.may_confirm and look.kept.status is Status.PUBLISHED:
        await service.confirm_today(session, actor, asset)
        return lead_to(f"/assets/{asset}/thanks?of=confirmed")
    sender = Sender(read_once(form), "", "", read_languages(request))
    await service.report(session, actor, look.kept, SuggestionKind.STILL_RIGHT, sender)
    return lead_to(f"/assets/{asset}/thanks?of=still+right")


@router.get("/assets/{asset}/report")
async def show_report(
    request: Request, session: SessionDep, reads: PublicReadsDep, actor: ActorDep, asset: AssetPath
) -> HTMLResponse:
    """Ask what is wrong."""
    look = await look_at_asset(session, reads, actor, asset)
    return await _render(request, session, asset, look.sheet.answers["name"])


@router.post("/assets/{asset}/report", response_model=None)
async def send_report(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    actor: ActorDep,
    asset: AssetPath,
    form: CheckedForm,
) -> HTMLResponse | RedirectResponse:
    """Keep what somebody says is wrong for the moderators."""
    look = await look_at_asset(session, reads, actor, asset)
    note, email = read_text(form, "note"), read_text(form, "email")
    problems = check_words(note, email, needs_note=_NO_WORDS)
    sent = {"note": note, "email": email}
    if problems:
        name = look.sheet.answers["name"]
        return await _render(request, session, asset, name, problems, sent)
    sender = Sender(
        read_once(form), note, service.read_sender_email(email), read_languages(request)
    )
    try:
        await service.report(session, actor, look.kept, SuggestionKind.WRONG, sender)
    except TooManyRequestsError as error:
        name, problems = look.sheet.answers["name"], {"note": error.detail}
        page = await _render(request, session, asset, name, problems, sent)
        return say_too_many(page, error)
    return lead_to(f"/assets/{asset}/thanks?of=reported")


@router.get("/assets/{asset}/thanks")
async def show_thanks(
    request: Request, session: SessionDep, asset: AssetPath, of: str = ""
) -> HTMLResponse:
    """Say what happens with what was sent. The page tells nothing of the asset."""
    context = {"asset": str(asset), "of": of if of in THANKS else "reported"}
    return await show(request, session, "thanks.html", context)


async def _render(
    request: Request,
    session: AsyncSession,
    asset: UUID,
    name: str,
    problems: dict[str, str] | None = None,
    sent: dict[str, str] | None = None,
) -> HTMLResponse:
    blank = {"note": "", "email": ""}
    context = {"asset": str(asset), "name": name, "problems": problems or {}, **(sent or blank)}
    status = HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK
    return await show(request, session, "report.html", context, status)
