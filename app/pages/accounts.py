"""Pages to sign in with a mailed link, and to sign out."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import (
    ActorDep,
    begin_session,
    end_current_session,
    get_actor,
    read_asking,
    read_secret_key,
)
from app.accounts.signing_in import SpentLinkError, ask_for_link, is_link_usable
from app.core.database import SessionDep
from app.core.errors import BadRequestError
from app.core.local_paths import keep_on_site
from app.core.security import CheckedForm
from app.pages.layout import Templates
from app.pages.service import find_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

SENT = "/sign-in/sent"

# The address of a link is as good as a password until the link is used. Nothing keeps the page, and
# neither another site nor our own next request hears of its address. `no-referrer` would hide it as
# well, but makes browsers send `Origin: null` with the form, as forged ones have.
LINK_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin"}


@router.get("/sign-in", response_model=None)
async def show_sign_in(
    request: Request, session: SessionDep, actor: ActorDep, next_path: str = "/"
) -> HTMLResponse | RedirectResponse:
    """Ask for the address that a link is to be mailed to; who is signed in sees as whom."""
    if actor.is_signed_in:
        return _lead_to("/account")
    templates: Templates = request.app.state.templates
    pack = await find_pack(session)
    context = {"next_path": keep_on_site(next_path), "email": "", "problem": None}
    return templates.render(request, "sign_in.html", context, pack=pack)


@router.post("/sign-in", response_model=None)
async def send_link(
    request: Request, session: SessionDep, form: CheckedForm
) -> HTMLResponse | RedirectResponse:
    """Let a link be mailed, and say the same whoever has the address."""
    email, next_path = str(form.get("email", "")), str(form.get("next_path", "/"))
    asking = read_asking(request, email, next_path)
    try:
        await ask_for_link(session, asking, read_secret_key(request))
    except BadRequestError as error:
        templates: Templates = request.app.state.templates
        context = {
            "next_path": keep_on_site(next_path),
            "email": email,
            "problem": error.detail,
        }
        pack = await find_pack(session)
        status = HTTPStatus.BAD_REQUEST
        return templates.render(request, "sign_in.html", context, pack=pack, status=status)
    return _lead_to(SENT)


@router.get(SENT)
async def show_sent(request: Request, session: SessionDep) -> HTMLResponse:
    """Say that a link is on its way, if the address is one we know."""
    templates: Templates = request.app.state.templates
    pack = await find_pack(session)
    return templates.render(request, "sign_in_sent.html", {}, pack=pack)


@router.get("/sign-in/{token}")
async def show_link(request: Request, session: SessionDep, token: str) -> HTMLResponse:
    """Show the button that signs in. Opening the page changes nothing: mail scanners open it."""
    is_usable = await is_link_usable(session, token)
    return await _render_link(request, session, is_usable=is_usable)


@router.post("/sign-in/{token}", response_model=None)
async def use_link(
    request: Request,
    session: SessionDep,
    token: str,
    form: CheckedForm,  # noqa: ARG001 - checks that our own page sent it
) -> HTMLResponse | RedirectResponse:
    """Use the link up, sign in, and lead to where the person wanted to be."""
    response = _lead_to("/")
    try:
        opened = await begin_session(request, response, session, token)
    except SpentLinkError:
        return await _render_link(request, session, is_usable=False)
    response.headers["Location"] = opened.next_path
    response.headers.update(LINK_HEADERS)
    return response


@router.post("/sign-out")
async def sign_out(
    request: Request,
    session: SessionDep,
    form: CheckedForm,  # noqa: ARG001 - checks that our own page sent it
) -> RedirectResponse:
    """End the session, here and in the database."""
    response = _lead_to("/")
    await end_current_session(request, response, session)
    return response


def _lead_to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=int(HTTPStatus.SEE_OTHER))


async def _render_link(request: Request, session: SessionDep, *, is_usable: bool) -> HTMLResponse:
    templates: Templates = request.app.state.templates
    status = HTTPStatus.OK if is_usable else HTTPStatus.NOT_FOUND
    # The appearance form would repeat the address of the page.
    context = {"is_usable": is_usable, "return_to": "/sign-in"}
    pack = await find_pack(session)
    page = templates.render(request, "sign_in_link.html", context, pack=pack, status=status)
    page.headers.update(LINK_HEADERS)
    return page
