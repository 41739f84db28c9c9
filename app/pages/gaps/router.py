"""`/gaps`: where something falls short, and what can be taken away of it."""

from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.dependencies import get_actor
from app.analysis.router import DeskDep
from app.core.database import SessionDep
from app.core.errors import BadRequestError, UnavailableError
from app.pages.gaps.answers import GapsPage, Readers, Result, describe_gaps, draw_still, list_groups
from app.pages.gaps.asked import KERNELS, MEASURES, GapAddress
from app.pages.gaps.charting import draw_equity
from app.pages.gaps.downloads import Download, write_csv
from app.pages.gaps.figures import write_figures
from app.pages.gaps.proposing import TrialAsked, Unclear, propose
from app.pages.gaps.words import GAP_WORDS
from app.pages.layers import LayerMemory
from app.pages.layout import Templates
from app.pages.map_words import list_map_words
from app.pages.signs import find_sign
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

TRIAL = "gaps-trial"
"""The part of the page that says what is tried."""

FRAGMENT = "gaps"
"""What the header `X-Fragment` asks for: the form and the result, without the page around them."""

GapQuery = Annotated[GapAddress, Query()]


async def get_readers(request: Request, session: SessionDep, desk: DeskDep) -> Readers:
    """Return what the page reads with; what it keeps belongs to this application."""
    kept: LayerMemory | None = getattr(request.app.state, "gaps", None)
    if kept is None:
        kept = request.app.state.gaps = LayerMemory()
    return Readers(session, desk, kept)


class Refusal(NamedTuple):
    """What was to be tried, as it came, and why it cannot be."""

    asked: TrialAsked
    unclear: Unclear


ReadersDep = Annotated[Readers, Depends(get_readers)]


@router.get("/gaps")
async def show_gaps(request: Request, readers: ReadersDep, address: GapQuery) -> HTMLResponse:
    """Show who is not reached by something, where, and why, for any question."""
    return await _show(request, readers, address.tidy(), None)


@router.get("/gaps/try", response_model=None)
async def try_change(
    request: Request, readers: ReadersDep, asked: Annotated[TrialAsked, Query()]
) -> Response:
    """Try one more change, at a place that is told in words, or say why it cannot be."""
    address = asked.tidy()
    proposed = await propose(readers.session, asked)
    if isinstance(proposed, Unclear):
        return await _show(request, readers, address, Refusal(asked, proposed))
    there = f"{address.write(changes=proposed)}#{TRIAL}"
    return RedirectResponse(there, HTTPStatus.SEE_OTHER)


async def _show(
    request: Request, readers: Readers, address: GapAddress, refusal: Refusal | None
) -> HTMLResponse:
    templates: Templates = request.app.state.templates
    pack = await require_pack(request, readers.session)
    page = await describe_gaps(readers, address)
    is_fragment = request.headers.get("x-fragment") == FRAGMENT
    result = page.result
    still = await draw_still(readers, page, result) if result and not is_fragment else None
    language = templates.choose_language(request, pack)
    context = {
        "page": page,
        "still": still,
        "is_fragment": is_fragment,
        "settings": request.app.state.settings,
        "map_words": templates.translate({**list_map_words(), **GAP_WORDS}, language),
        "groups": await list_groups(readers, page),
        "measures": MEASURES,
        "kernels": KERNELS,
        "empty": GapAddress(),
        "main_need": page.choices.find_main_need(),
        "chart": draw_equity(result.answer) if result else None,
        "sign": find_sign(result.question.category) if result else None,
        "refusal": refusal,
    }
    template = "gaps/fragment.html" if is_fragment else "gaps/page.html"
    is_wrong = page.problems or refusal or (result and result.trial.refused)
    status = HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK
    response = templates.render(request, template, context, pack=pack, status=status)
    response.headers["Vary"] += ", X-Fragment"
    return response


@router.get("/gaps/figures", response_model=None)
async def read_figures(readers: ReadersDep, address: GapQuery) -> Response:
    """Give the figures that the map is coloured by, for the same question."""
    result = await _find_result(readers, address)
    return Response(await write_figures(readers, result), media_type="application/json")


@router.get("/gaps/table.csv", response_model=None)
async def download_csv(readers: ReadersDep, address: GapQuery) -> Response:
    """Give the rows of the table, all pages, as CSV."""
    return _offer(write_csv(await _find_result(readers, address)))


async def _find_result(readers: Readers, address: GapAddress) -> Result:
    page: GapsPage = await describe_gaps(readers, address.tidy())
    if page.run is not None:
        raise UnavailableError("This question is still being worked out; ask again in a minute.")
    if page.result is None:
        fields = ", ".join(dict.fromkeys(each.about for each in page.problems)) or "category"
        raise BadRequestError(
            f"This question cannot be answered; look at: {fields}. The same address at /gaps says "
            "what to change."
        )
    return page.result


def _offer(download: Download) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{download.name}"'}
    return Response(download.body, media_type=download.media_type, headers=headers)
