"""`/add`: questions one a page, kept as a draft at every step, sent once."""

from http import HTTPStatus
from typing import cast

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.errors import NotFoundError, TooManyRequestsError
from app.core.security import CheckedForm
from app.drafts import service as drafts
from app.pages.adding.answering import Answered, answer_step, send_draft
from app.pages.adding.answers import Answers
from app.pages.adding.asking import (
    DeskDep,
    Fragment,
    find_draft,
    lead_to,
    read_action,
    read_form,
    read_id,
)
from app.pages.adding.desks import Desk, Shown
from app.pages.adding.showing import show_step
from app.pages.adding.walk import BY_SLUG, CHECK, STEPS, find_first, find_next, pick_fields
from app.pages.holding import hold, read_visitor
from app.pages.said import Said

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

FIRST = STEPS[0].slug


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
    response = lead_to("/add")
    visitor = hold(desk.request, response, actor)
    try:
        draft_id = await drafts.begin(session, actor, visitor, sent)
    except TooManyRequestsError as error:
        shown = Shown({"kind": Said(error.detail)}, HTTPStatus.TOO_MANY_REQUESTS)
        return await show_step(desk, FIRST, Answers(sent), None, shown)
    draft = await drafts.find(session, draft_id, visitor, desk.settings.draft_days)
    answered = await answer_step(desk, FIRST, draft, visitor, read_action(form))
    return _carry_cookie(await _follow(desk, FIRST, draft, answered), response)


@router.get("/add/{draft}", response_model=None)
async def carry_on(desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str) -> Response:
    """Lead to the first question that is not answered yet."""
    found = await find_draft(desk, session, actor, draft)
    if found.sent_id is not None:
        return lead_to(f"/add/{found.id}/sent")
    return lead_to(f"/add/{found.id}/{find_first(Answers(found.answers))}")


@router.get("/add/{draft}/saved")
async def show_saved(
    desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str
) -> HTMLResponse:
    """Say how to come back to a draft, and for how long."""
    found = await find_draft(desk, session, actor, draft)
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
    found = await find_draft(desk, session, actor, draft)
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
    await drafts.discard(session, await find_draft(desk, session, actor, draft))
    return lead_to("/add")


@router.get("/add/{draft}/{slug}", response_model=None)
async def ask(
    desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str, slug: str
) -> Response:
    """Ask a question, with what was answered before."""
    found = await find_draft(desk, session, actor, draft)
    if slug not in BY_SLUG:
        raise NotFoundError(drafts.NO_DRAFT)
    if found.sent_id is not None:
        return lead_to(f"/add/{found.id}/sent")
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
    draft_id, sent = read_id(draft), pick_fields(slug, read_form(form))
    found = await drafts.keep(session, draft_id, visitor, days, sent)
    if found is None:
        return lead_to(f"/sign-in?next_path=/add/{draft_id}/{slug}")
    if found.sent_id is not None:
        return lead_to(f"/add/{found.id}/sent")
    if slug == CHECK and read_action(form) != "save":
        answered = await send_draft(desk, actor, found)
    else:
        action = fragment or read_action(form)
        answered = await answer_step(desk, slug, found, visitor, action)
    return await _follow(desk, slug, found, answered)


async def _follow(desk: Desk, slug: str, draft: drafts.Draft, answered: Answered) -> Response:
    """Return where an answer leads, or the page it leaves the visitor at."""
    if answered.path:
        return lead_to(answered.path)
    if answered.is_right:
        return lead_to(f"/add/{draft.id}/{find_next(Answers(draft.answers), slug)}")
    return await show_step(desk, slug, Answers(draft.answers), draft, answered.shown)


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


def _carry_cookie(response: Response, carrier: Response) -> Response:
    """Return a response with the cookie that another was given."""
    for name, value in carrier.raw_headers:
        if name == b"set-cookie":
            response.raw_headers.append((name, value))
    return response
