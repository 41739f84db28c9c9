"""The page of an asset."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import get_actor
from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReadsDep
from app.core.settings import Settings
from app.pages.layout import Templates
from app.pages.map_words import list_map_words
from app.pages.paths import write_asset_path
from app.pages.reading.addresses import find_base, is_at, lead_to, shorten
from app.pages.reading.assets import AssetPage, FindablePage, describe_asset
from app.pages.reading.linked_data import describe_asset as link_asset
from app.pages.reading.missing import read_id, show_missing
from app.pages.reading.sensitive import LEAD_AWAY
from app.pages.reading.words import list_words
from app.pages.spot_map import find_surroundings
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


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
        "hidden_from_search": False,
        "linked_data": link_asset(page.asset, head["base"]),
        "lead_away": LEAD_AWAY,
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


def _list_marks(page: AssetPage) -> list[dict[str, Any]]:
    """Return what the moving map shows: the same points as the still one."""
    marks = page.map.marks if page.map else ()
    return [
        {"lon": each.lon, "lat": each.lat, "path": each.sign.path, "colour": each.sign.colour}
        for each in marks
    ]
