"""Pages for people who live here."""

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse

from app.accounts.dependencies import get_actor
from app.core.database import SessionDep
from app.pages.layout import Templates
from app.pages.service import Places
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


@router.get("/areas")
async def show_areas(request: Request, session: SessionDep) -> HTMLResponse:
    """Show the neighbourhoods: how many people live here, their map and their list."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    place = await _find_places(request.app).describe(session)
    context = {"place": place, "body": ""}
    if place:
        language = templates.choose_language(request, pack)
        made_of = {"place": place, "pack": pack}
        # Hundreds of rows are the same for everybody until the next load.
        context["body"] = templates.render_part(
            "areas_body.html", made_of, language, about=(place, pack)
        )
    return templates.render(request, "areas.html", context, pack=pack)


def _find_places(app: FastAPI) -> Places:
    """Return the memory of this application; each keeps its own, as each has its own database."""
    places: Places | None = getattr(app.state, "places", None)
    if places is None:
        places = app.state.places = Places()
    return places
