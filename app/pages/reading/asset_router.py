"""The page of an asset."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import get_actor
from app.assets.reading import read_asset
from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.http_cache import answer_revalidated, answer_unchanged, etag_for, is_unchanged
from app.core.public_reads import PublicReadsDep
from app.core.settings import Settings
from app.pages.calendars import MEDIA_TYPE, WORDS
from app.pages.layout import Templates
from app.pages.map_words import list_map_words
from app.pages.paths import find_base, write_asset_path
from app.pages.reading.addresses import is_at, lead_to, shorten
from app.pages.reading.assets import AssetPage, FindablePage, describe_asset
from app.pages.reading.calendar import describe_calendar
from app.pages.reading.linked_data import describe_asset as link_asset
from app.pages.reading.missing import read_id, show_missing
from app.pages.reading.sending import write_map_link, write_sending
from app.pages.reading.sensitive import LEAD_AWAY
from app.pages.reading.words import list_words
from app.pages.spot_map import find_surroundings
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


@router.get("/assets/{asset}/calendar.ics", response_model=None)
async def show_calendar(
    request: Request, session: SessionDep, reads: PublicReadsDep, asset: str
) -> Response:
    """Tell calendars when it takes place, for the year to come."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    language = templates.choose_language(request, pack)
    now = datetime.now(UTC)
    try:
        found = await read_asset(reads, session, read_id(asset), now)
    except NotFoundError:
        return await show_missing(request, session, "asset")
    etag = etag_for(request, f"{found.stamp} {language}")
    if is_unchanged(request, etag):
        return answer_unchanged(etag)
    words = templates.translate(WORDS, language)
    body = await describe_calendar(reads, session, found, (find_base(request), words), now)
    if body is None:
        return await show_missing(request, session, "asset")
    answer = answer_revalidated(body, etag, MEDIA_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="hereabouts.ics"'
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@router.get("/assets/{asset}", response_model=None)
@router.get("/assets/{asset}/{slug}", response_model=None)
async def show_asset(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    asset: str,
    slug: str = "",  # noqa: ARG001 - compared with the whole address
) -> HTMLResponse | RedirectResponse:
    """Show everything that is needed to go there; of what is hidden, name and contact only."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    language = templates.choose_language(request, pack)
    try:
        page = await describe_asset(
            reads, session, find_surroundings(request.app), read_id(asset), language
        )
    except NotFoundError:
        return await show_missing(request, session, "asset")
    path = write_asset_path(page.asset.id, page.asset.name)
    if not is_at(request, path):
        return lead_to(request, path)
    head = {"base": find_base(request), "path": path}
    if isinstance(page, FindablePage):
        context = {**head, **_write_findable_head(page), **list_words(language)}
        return templates.render(request, "reading/findable.html", context, pack=pack)
    settings: Settings = request.app.state.settings
    context = {
        **head,
        "page": page,
        "title": page.told.name,
        "summary": _write_summary(page),
        "json_path": f"/api/v1/assets/{page.asset.id}",
        "hidden_from_search": not page.asset.is_listed,
        "linked_data": link_asset(page.asset, head["base"]),
        "lead_away": LEAD_AWAY,
        "sending": write_sending(page.told.name, _find_where(page), f"{head['base']}{path}"),
        "map_link": write_map_link,
        "has_dates": any(each.dates for each in page.hours.values()),
        "spot_marks": _list_marks(page),
        "map_words": templates.translate(list_map_words(), language),
        "basemap_tiles": settings.basemap_tiles,
        "basemap_attribution": settings.basemap_attribution,
        **list_words(language, page.currency),
    }
    return templates.render(request, "reading/asset.html", context, pack=pack)


def _write_findable_head(page: FindablePage) -> dict[str, Any]:
    return {
        "page": page,
        "title": page.asset.name,
        "summary": "",
        "json_path": f"/api/v1/assets/{page.asset.id}",
        "hidden_from_search": True,
        "linked_data": None,
        "lead_away": LEAD_AWAY,
    }


def _write_summary(page: AssetPage) -> str:
    """Return what programs that show a link may say of it: its own words, else its categories."""
    said = page.told.description or ", ".join(each.name for each in page.categories)
    return shorten(said)


def _find_where(page: AssetPage) -> str:
    """Return the address of the first place where it is to be had, as far as that is public."""
    site = next((each for each in page.sites if each.role == "delivery"), None)
    return ", ".join(filter(None, (site.address, site.postcode))) if site else ""


def _list_marks(page: AssetPage) -> list[dict[str, Any]]:
    """Return what the moving map shows: the same points as the still one."""
    marks = page.map.marks if page.map else ()
    return [
        {"lon": each.lon, "lat": each.lat, "path": each.sign.path, "colour": each.sign.colour}
        for each in marks
    ]
