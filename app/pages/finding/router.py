"""The first page, and the page of what is near."""

from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.dependencies import get_actor
from app.assets.listing import list_changes
from app.assets.showing import read_showing_stamp
from app.core.database import SessionDep, SessionsDep
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.public_reads import PublicReads, PublicReadsDep
from app.pages.calendars import MEDIA_TYPE, WORDS
from app.pages.clock_words import write_now
from app.pages.finding.feeds import MOST, RSS, write_dates, write_rss, write_title
from app.pages.finding.home import describe_home, draw_place
from app.pages.finding.near import Asking, NearPage, describe_near, find_day
from app.pages.finding.remembering import Memory
from app.pages.finding.still import draw_near, find_ground_kind
from app.pages.layout import Templates
from app.pages.map_words import list_map_words
from app.pages.paths import find_base
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

OF_A_PAGE = ("cursor", "first", "at")
"""Fields of the address of a later page: feeds begin at the first."""

FRAGMENT = "near"
"""What the header `X-Fragment` asks for: the form and the result, without the page around them."""


@router.get("/")
async def show_home(request: Request, session: SessionDep, reads: PublicReadsDep) -> HTMLResponse:
    """Ask where, and show what kinds of things there are."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    page = await describe_home(session, reads, find_memory(request.app))
    return templates.render(request, "finding/home.html", {"page": page}, pack=pack)


@router.get("/outline.svg")
async def show_outline(request: Request, session: SessionDep, reads: PublicReadsDep) -> Response:
    """The drawing behind the question of the first page."""
    await require_pack(request, session)
    etag = etag_for(request, await read_showing_stamp(reads))
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    drawing = await draw_place(session, reads, find_memory(request.app))
    return answer_revalidated(drawing.encode(), etag, "image/svg+xml")


@router.get("/near")
async def show_near(
    request: Request, session: SessionDep, sessions: SessionsDep, reads: PublicReadsDep
) -> HTMLResponse:
    """Show what is near a place, or everything of a kind, as list and map of the same rows."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    language = templates.choose_language(request, pack)
    asking = Asking(session, reads, sessions, find_memory(request.app), language)
    page = await describe_near(asking, request.query_params, datetime.now(UTC))
    is_fragment = request.headers.get("x-fragment") == FRAGMENT
    context = {
        "page": page,
        "is_fragment": is_fragment,
        "settings": request.app.state.settings,
        "map_words": templates.translate(list_map_words(), language),
        **_write_words(page, language),
    }
    context["publishing"] = await find_ground_kind(session)
    context["still"] = None
    if page.result is not None:
        point = page.here.point if page.here else None
        context["still"] = await draw_near(session, asking.memory, page.result.cards, point)
    if page.is_question:
        context["home"] = await describe_home(session, reads, find_memory(request.app))
    template = "finding/near_fragment.html" if is_fragment else "finding/near.html"
    status = HTTPStatus.BAD_REQUEST if page.wrong else HTTPStatus.OK
    response = templates.render(request, template, context, pack=pack, status=status)
    response.headers["Vary"] += ", X-Fragment"
    return response


@router.get("/near.rss", response_model=None)
async def show_near_rss(
    request: Request, session: SessionDep, sessions: SessionsDep, reads: PublicReadsDep
) -> Response:
    """Tell feed readers what is near, as the page lists it."""
    return await _feed(request, Sources(session, sessions, reads), "rss")


@router.get("/near.ics", response_model=None)
async def show_near_dates(
    request: Request, session: SessionDep, sessions: SessionsDep, reads: PublicReadsDep
) -> Response:
    """Tell calendars when what is near takes place."""
    return await _feed(request, Sources(session, sessions, reads), "ics")


class Sources(NamedTuple):
    """What a list is read from."""

    session: AsyncSession
    sessions: async_sessionmaker[AsyncSession]
    reads: PublicReads


async def _feed(request: Request, sources: Sources, kind: Literal["rss", "ics"]) -> Response:
    """Return a list as a feed; where there is no list, lead to the page that says why."""
    templates: Templates = request.app.state.templates
    session, sessions, reads = sources
    pack = await require_pack(request, session)
    language = templates.choose_language(request, pack)
    now = datetime.now(UTC)
    etag = etag_for(request, f"{await read_showing_stamp(reads)} {now:%Y-%m-%dT%H} {language}")
    # What is open changes by the minute.
    if request.query_params.get("when") != "now" and is_unchanged(request, etag):
        return answer_unchanged(etag)
    asking = Asking(session, reads, sessions, find_memory(request.app), language, MOST)
    asked = {name: value for name, value in request.query_params.items() if name not in OF_A_PAGE}
    page = await describe_near(asking, asked, now)
    if page.result is None:
        return RedirectResponse(page.asked.path, status_code=int(HTTPStatus.SEE_OTHER))
    base = find_base(request)
    context: dict[str, Any] = {"page": page, "pack": pack, "base": base, "language": language}
    context["title"] = write_title(templates, context, language)
    if kind == "rss":
        changes = await list_changes(reads, [card.id for card in page.result.cards])
        context["changes"] = {key: format_datetime(each) for key, each in changes.items()}
        answer = answer_revalidated(write_rss(templates, context, language), etag, RSS)
    else:
        told = (base, templates.translate(WORDS, language))
        body = await write_dates(reads, session, page, context["title"], told)
        answer = answer_revalidated(body, etag, MEDIA_TYPE)
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def find_memory(app: FastAPI) -> Memory:
    """Return the memory of this application; each keeps its own, as each has its own database."""
    memory: Memory | None = getattr(app.state, "finding", None)
    if memory is None:
        memory = app.state.finding = Memory()
    return memory


def _write_words(page: NearPage, language: str) -> dict[str, Any]:
    """Return what the template says in the manner of a language: times, languages, money."""
    locale = language.replace("-", "_")
    customs = page.choices.customs
    days = {day: find_day(day, page.now.date()).isoformat() for day in page.days}
    return {
        "now_words": write_now(page.now, language),
        "days": days,
        "language_names": {tag: _name_language(tag, locale) for tag in page.choices.languages},
        "write_price": lambda amount: format_currency(
            amount, customs.currency or "XXX", locale=locale
        ),
    }


def _name_language(tag: str, locale: str) -> str:
    """Return what a language is called; '' where that is not known."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale) or ""
    except (UnknownLocaleError, ValueError):
        return ""
