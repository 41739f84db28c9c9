"""The page of an organisation."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import get_actor
from app.core.database import SessionDep, SessionsDep
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReadsDep
from app.pages.layout import Templates
from app.pages.paths import find_base, write_organisation_path
from app.pages.reading.addresses import is_at, lead_to, shorten
from app.pages.reading.linked_data import describe_organisation as link_organisation
from app.pages.reading.missing import read_id, show_missing
from app.pages.reading.organisations import describe_organisation, find_entry
from app.pages.reading.words import list_words
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


@router.get("/organisations/{organisation}", response_model=None)
@router.get("/organisations/{organisation}/{slug}", response_model=None)
async def show_organisation(
    request: Request,
    session: SessionDep,
    sessions: SessionsDep,
    reads: PublicReadsDep,
    organisation: str,
    slug: str = "",  # noqa: ARG001 - compared with the whole address
) -> HTMLResponse | RedirectResponse:
    """Show who they are, where they work and are registered, and what they run."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    try:
        page = await describe_organisation(reads, session, sessions, read_id(organisation))
    except NotFoundError:
        return await show_missing(request, session, "organisation")
    path = write_organisation_path(page.found.id, page.found.name)
    if not is_at(request, path):
        return lead_to(request, path)
    base = find_base(request)
    language = templates.choose_language(request, pack)
    context = {
        "base": base,
        "path": path,
        "page": page,
        "title": page.found.name,
        "summary": shorten(page.found.description),
        "json_path": f"/api/v1/organisations/{page.found.id}",
        "hidden_from_search": False,
        "linked_data": link_organisation(page.found, base),
        "find_entry": find_entry,
        **list_words(language),
    }
    return templates.render(request, "reading/organisation.html", context, pack=pack)
