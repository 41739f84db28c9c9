"""`/add/{draft}/places`: the places of a thing besides the first, one after the other."""

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep
from app.core.errors import NotFoundError
from app.core.security import CheckedForm
from app.drafts import service as drafts
from app.pages.adding import sites
from app.pages.adding.answering import answer_site_page, remove_site
from app.pages.adding.answers import FIRST, SITES, Answers
from app.pages.adding.asking import (
    DeskDep,
    Fragment,
    find_draft,
    lead_to,
    read_action,
    read_form,
    read_id,
)
from app.pages.adding.desks import Shown
from app.pages.adding.showing_sites import show_removal, show_site_page
from app.pages.holding import read_visitor

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)


@router.get("/add/{draft}/places/{number}/{slug}", response_model=None)
async def ask_about_site(
    desk: DeskDep, session: SessionDep, actor: ActorDep, draft: str, number: str, slug: str
) -> Response:
    """Ask about a further place, or whether to remove it."""
    found = await find_draft(desk, session, actor, draft)
    if found.sent_id is not None:
        return lead_to(f"/add/{found.id}/sent")
    answers = Answers(found.answers)
    if slug == REMOVE:
        _require_site(answers, number)
        return await show_removal(desk, number, found)
    _require_page(answers, number, slug)
    return await show_site_page(desk, number, slug, found, Shown())


@router.post("/add/{draft}/places/{number}/remove", response_model=None)
async def remove(
    desk: DeskDep,
    session: SessionDep,
    actor: ActorDep,
    form: CheckedForm,
    draft: str,
    number: str,
) -> Response:
    """Forget a place, also the first while there are others."""
    found = await find_draft(desk, session, actor, draft)
    if found.sent_id is not None:
        return lead_to(f"/add/{found.id}/sent")
    others = Answers(found.answers).every(SITES)
    # Else it was sent twice, and what is the first now is another place.
    is_there = others[:1] == [form.get("following")] if number == FIRST else number in others
    if is_there:
        await remove_site(desk, found, read_visitor(desk.request, actor), number)
    return lead_to(f"/add/{found.id}/places")


@router.post("/add/{draft}/places/{number}/{slug}", response_model=None)
async def answer_about_site(  # noqa: PLR0913, PLR0917 - each is asked for by name
    desk: DeskDep,
    session: SessionDep,
    actor: ActorDep,
    form: CheckedForm,
    draft: str,
    number: str,
    slug: str,
    fragment: Fragment = None,
) -> Response:
    """Keep answers about a place as typed; go on if they are right, else say what is not."""
    visitor, days = read_visitor(desk.request, actor), desk.settings.draft_days
    draft_id, sent = read_id(draft), read_form(form)
    _require_slug(slug)

    def pick(held: drafts.Answers) -> drafts.Answers:
        answers = Answers(held)
        _require_page(answers, number, slug)
        return sites.pick_site_fields(answers, number, slug, sent)

    found = await drafts.keep(session, draft_id, visitor, days, pick)
    if found is None:
        return lead_to(f"/sign-in?next_path=/add/{draft_id}/places/{number}/{slug}")
    if found.sent_id is not None:
        return lead_to(f"/add/{found.id}/sent")
    action = fragment or read_action(form)
    answered = await answer_site_page(desk, number, slug, found, visitor, action)
    if answered.path:
        return lead_to(answered.path)
    return await show_site_page(desk, number, slug, found, answered.shown)


REMOVE = "remove"


def _require_site(answers: Answers, number: str) -> None:
    others = answers.every(SITES)
    if number not in others and not (number == FIRST and others):
        raise NotFoundError(sites.NO_SITE)


def _require_page(answers: Answers, number: str, slug: str) -> None:
    _require_slug(slug)
    if not sites.is_known(answers, number):
        raise NotFoundError(sites.NO_SITE)


def _require_slug(slug: str) -> None:
    if slug not in sites.BY_SLUG:
        raise NotFoundError(sites.NO_SITE)
