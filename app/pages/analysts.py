"""Pages for people who want to see where need is and what there is."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse

from app.accounts.dependencies import get_actor
from app.core.database import SessionDep
from app.core.public_reads import PublicReadsDep
from app.pages.layer_questions import SHOWN_KINDS, LayerAddress
from app.pages.layers import (
    LayerMemory,
    LayersPage,
    describe_layers,
    draw_still,
    shorten_name,
)
from app.pages.layout import Templates
from app.pages.map_words import list_map_words
from app.pages.signs import list_signs
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

FRAGMENT = "layers"
"""What the header `X-Fragment` asks for: the form and the result, without the page around them."""

NOTHING_SUCH = {"indicator", "compare", "area_type", "level", "category"}
"""What is wrong with a question that names something there is none of."""


@router.get("/layers")
async def show_layers(
    request: Request,
    session: SessionDep,
    reads: PublicReadsDep,
    address: Annotated[LayerAddress, Query()],
) -> HTMLResponse:
    """Show indicators as map, classes and table, with what there is counted beside them."""
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, session)
    memory = _find_memory(request.app)
    page = await describe_layers(session, reads, memory, address.tidy())
    is_fragment = request.headers.get("x-fragment") == FRAGMENT
    still = None
    if page.result and not is_fragment:
        still = await draw_still(session, memory, page.choices, page.result)
    language = templates.choose_language(request, pack)
    context = {
        "page": page,
        "still": still,
        "is_fragment": is_fragment,
        "wrong": {problem.about for problem in page.problems},
        "settings": request.app.state.settings,
        "map_words": templates.translate(list_map_words(), language),
        **_name(page),
    }
    template = "layers_fragment.html" if is_fragment else "layers.html"
    response = templates.render(request, template, context, pack=pack, status=_choose_status(page))
    response.headers["Vary"] += ", X-Fragment"
    return response


def _name(page: LayersPage) -> dict[str, Any]:
    """Return the short names of what is shown, and the signs and kinds that go with it."""
    publishing = next((kind for kind in page.choices.area_types if kind.is_publishing), None)
    if page.result is None:
        return {"publishing": publishing}
    shown = [each for each in (page.result.layer, page.result.second) if each]
    return {
        "publishing": publishing,
        "names": [shorten_name(each) for each in shown],
        "shown_kinds": page.result.question.kinds or SHOWN_KINDS,
        "signs": list_signs(page.choices.categories),
    }


def _choose_status(page: LayersPage) -> HTTPStatus:
    if not page.problems:
        return HTTPStatus.OK
    about = page.problems[0].about
    return HTTPStatus.NOT_FOUND if about in NOTHING_SUCH else HTTPStatus.BAD_REQUEST


def _find_memory(app: FastAPI) -> LayerMemory:
    """Return the memory of this application; each keeps its own, as each has its own database."""
    memory: LayerMemory | None = getattr(app.state, "layers", None)
    if memory is None:
        memory = app.state.layers = LayerMemory()
    return memory
