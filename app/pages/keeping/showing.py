"""Rendering of pages that are for one visitor only."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import TooManyRequestsError
from app.pages.keeping.wording import Words
from app.pages.layout import Templates
from app.pages.paths import write_asset_path, write_organisation_path
from app.pages.service import find_pack
from app.records.vocabulary import Subject
from app.taxonomy.service import list_categories


async def show(
    request: Request,
    session: AsyncSession,
    template: str,
    context: Mapping[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    """Return a page that nothing between us and the visitor keeps."""
    templates: Templates = request.app.state.templates
    pack = await find_pack(session)
    zone = pack.time_zone if pack else "UTC"
    named = {
        "time_zone": zone,
        "day_of": partial(_name_day, ZoneInfo(zone)),
        "asset_path": write_asset_path,
        "organisation_path": write_organisation_path,
        **context,
    }
    page = templates.render(request, f"keeping/{template}", named, pack=pack, status=status)
    page.headers["Cache-Control"] = "private, no-store"
    return page


async def open_words(request: Request, session: AsyncSession) -> Words:
    """Return what it takes to write answers in the visitor's words."""
    templates: Templates = request.app.state.templates
    language = templates.choose_language(request, await find_pack(session))
    names = {each.code: each.name for each in await list_categories(session)}

    def translate(sentence: str) -> str:
        return templates.translate({"it": sentence}, language)["it"]

    return Words(names, language, translate)


def write_record_path(subject: Subject, public_id: UUID) -> str:
    """Return the address that the pages of a record begin with."""
    return f"/{'assets' if subject is Subject.ASSET else 'organisations'}/{public_id}"


def write_page_path(subject: Subject, public_id: UUID, name: str) -> str:
    """Return the address of the page of a record."""
    write = write_asset_path if subject is Subject.ASSET else write_organisation_path
    return write(public_id, name)


def _name_day(zone: ZoneInfo, moment: datetime) -> str:
    return moment.astimezone(zone).date().isoformat()


def lead_to(path: str) -> RedirectResponse:
    """Return an answer that sends the browser on, so that a reload sends nothing twice."""
    return RedirectResponse(path, status_code=int(HTTPStatus.SEE_OTHER))


def read_languages(request: Request) -> str:
    """Return in which languages somebody reads, as their browser says it."""
    return request.headers.get("accept-language", "")


def say_too_many(page: HTMLResponse, error: TooManyRequestsError) -> HTMLResponse:
    """Return a page that says it was too often, to programs as well."""
    page.status_code = int(HTTPStatus.TOO_MANY_REQUESTS)
    page.headers["Retry-After"] = str(error.retry_after_s)
    return page
