"""`/add`: questions one a page, kept as a draft at every step, sent once."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.errors import NotFoundError, TooManyRequestsError
from app.core.public_reads import PublicReadsDep
from app.core.security import FORM_FIELD, CheckedForm
from app.drafts import service as drafts
from app.pages.adding.answering import Answered, answer_step, send_draft
from app.pages.adding.answers import Answers, Said
from app.pages.adding.reading import survey
from app.pages.adding.showing import Desk, Shown, show_step
from app.pages.adding.walk import BY_SLUG, STEPS, find_next, list_done, pick_fields
from app.pages.holding import hold, read_visitor
from app.pages.waiting import require_pack

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

FIRST = STEPS[0].slug
Fragment = Annotated[str | None, Header(alias="x-fragment")]


async def open_desk(request: Request, session: SessionDep, reads: PublicReadsDep) -> Desk:
    """Return what every page of the walk is made with."""
    pack = await require_pack(request, session)
    return Desk(request, pack, await survey(session, reads, pack.title))


DeskDep = Annotated[Desk, Depends(open_desk)]


@router.get("/add")
async def start(desk: DeskDep, session: SessionDep, actor: ActorDep) -> HTMLResponse:
    """Ask the first question; whoever has drafts is offered to carry on with one."""
    visitor = read_visitor(desk.request, actor)
    kept = await drafts.list_own(session, visitor, desk.settings.draft_days)
    shown = Shown(more={"drafts": _list(desk, kept)})
    return await show_step(desk, FIRST, Answers({}), None, shown)


@router.post("/add", response_model=None)
async def begin(desk: DeskDep, session: SessionDep, actor: ActorDep, form: CheckedForm) -> Response:
    """Keep the first answers as a new draft."""
    sent = pick_fields(FIRST, read_form(form))
    response = _lead_to("/add")
    visitor = hold(desk.request, response, actor)
    try:
        draft_id = await drafts.begin(session, actor, visitor, sent)
    except TooManyRequestsError as error:
        shown = Shown({"kind": Said(error.detail)}, HTTPStatus.TOO_MANY_REQUESTS)
        return await show_step(desk, FIRST, Answers(sent), None, shown)
    draft = await drafts.find(session, draft_id, visitor, desk.settings.draft_days)
    answered = await answer_step(desk, FIRST, draft, visitor, _read_action(form))
    return _carry_cookie(await _follow(desk, FIRST, draft, answered), response)


@router.get("/add/{draft}", response_model=None)
async def carry_on(desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str) -> Response:
    """Lead to the first question that is not answered yet."""
    found = await _find(desk, session, actor, draft)
    if found.sent_id is not None:
        return _lead_to(f"/add/{found.id}/sent")
    done = list_done(Answers(found.answers))
    first = next((step.slug for step in STEPS if step.slug not in done), STEPS[-1].slug)
    return _lead_to(f"/add/{found.id}/{first}")


@router.get("/add/{draft}/saved")
async def show_saved(
    desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str
) -> HTMLResponse:
    """Say how to come back to a draft, and for how long."""
    found = await _find(desk, session, actor, draft)
    context = {
        "draft_id": found.id, "saved": desk.say_saved(found), "return_to": "/add",
        "until": desk.say_kept_until(found), "name": Answers(found.answers).one("name"),
    }  # fmt: skip
    return desk.render("adding/saved.html", context, HTTPStatus.OK)


@router.get("/add/{draft}/sent")
async def show_sent(
    desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str
) -> HTMLResponse:
    """Say whether it is public now or waits, and what happens next."""
    found = await _find(desk, session, actor, draft)
    if found.sent_id is None:
        raise NotFoundError(drafts.NO_DRAFT)
    context = {"asset": found.sent_id, "status": found.sent_status, "return_to": "/add"}
    return desk.render("adding/sent.html", context, HTTPStatus.OK)


@router.post("/add/{draft}/discard", response_model=None)
async def discard(
    desk: DeskDep,
    session: SessionDep,
    actor: ActorDep,
    draft: str,
    form: CheckedForm,  # noqa: ARG001 - checks that our own page sent it
) -> Response:
    """Forget a draft for good."""
    await drafts.discard(session, await _find(desk, session, actor, draft))
    return _lead_to("/add")


@router.get("/add/{draft}/{slug}", response_model=None)
async def ask(
    desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str, slug: str
) -> Response:
    """Ask a question, with what was answered before."""
    found = await _find(desk, session, actor, draft)
    if slug not in BY_SLUG:
        raise NotFoundError(drafts.NO_DRAFT)
    if found.sent_id is not None:
        return _lead_to(f"/add/{found.id}/sent")
    return await show_step(desk, slug, Answers(found.answers), found, Shown())


@router.post("/add/{draft}/{slug}", response_model=None)
async def answer(  # noqa: PLR0913, PLR0917 - each is asked for by name
    desk: DeskDep,
    session: SessionDep,
    actor: ActorDep,
    form: CheckedForm,
    draft: str,
    slug: str,
    fragment: Fragment = None,
) -> Response:
    """Keep answers as typed; go on if they are right, else say what is not."""
    if slug not in BY_SLUG:
        raise NotFoundError(drafts.NO_DRAFT)
    visitor, days = read_visitor(desk.request, actor), desk.settings.draft_days
    draft_id, sent = _read_id(draft), pick_fields(slug, read_form(form))
    found = await drafts.keep(session, draft_id, visitor, days, sent)
    if found is None:
        return _lead_to(f"/sign-in?next_path=/add/{draft_id}/{slug}")
    if found.sent_id is not None:
        return _lead_to(f"/add/{found.id}/sent")
    if slug == STEPS[-1].slug and _read_action(form) != "save":
        answered = await send_draft(desk, actor, found)
    else:
        action = fragment or _read_action(form)
        answered = await answer_step(desk, slug, found, visitor, action)
    return await _follow(desk, slug, found, answered)


async def _follow(desk: Desk, slug: str, draft: drafts.Draft, answered: Answered) -> Response:
    """Return where an answer leads, or the page it leaves the visitor at."""
    if answered.path:
        return _lead_to(answered.path)
    if answered.is_right:
        return _lead_to(f"/add/{draft.id}/{find_next(Answers(draft.answers), slug)}")
    return await show_step(desk, slug, Answers(draft.answers), draft, answered.shown)


async def _find(desk: Desk, session: SessionDep, actor: ActorDep, draft: str) -> drafts.Draft:
    visitor = read_visitor(desk.request, actor)
    return await drafts.find(session, _read_id(draft), visitor, desk.settings.draft_days)


def read_form(form: FormData) -> dict[str, list[str]]:
    """Return what was typed, by name; every value of what can be ticked."""
    return {
        name: [value for value in form.getlist(name) if isinstance(value, str)]
        for name in dict.fromkeys(form)
        if name != FORM_FIELD
    }


def _read_action(form: Mapping[str, object]) -> str:
    return str(form.get("action", "continue"))


def _read_id(draft: str) -> UUID:
    try:
        return UUID(draft)
    except ValueError:
        raise NotFoundError(drafts.NO_DRAFT) from None


def _list(desk: Desk, kept: object) -> list[dict[str, object]]:
    """Return what is said of drafts in a list."""
    return [
        {
            "id": each.id,
            "name": Answers(each.answers).one("name"),
            "kind": Answers(each.answers).one("kind"),
            "until": desk.say_kept_until(each),
        }
        for each in cast("list[drafts.Draft]", kept)
    ]


def _lead_to(path: str) -> RedirectResponse:
    response = RedirectResponse(path, status_code=int(HTTPStatus.SEE_OTHER))
    response.headers["Cache-Control"] = "no-store"
    return response


def _carry_cookie(response: Response, carrier: Response) -> Response:
    """Return a response with the cookie that another was given."""
    for name, value in carrier.raw_headers:
        if name == b"set-cookie":
            response.raw_headers.append((name, value))
    return response
