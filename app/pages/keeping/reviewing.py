"""What waits for moderators, and the page on which each of it is decided."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.accounts.dependencies import ActorDep, get_actor
from app.core.database import SessionDep, SessionsDep
from app.core.errors import HereaboutsError
from app.core.public_reads import PublicReadsDep
from app.core.security import CheckedForm
from app.moderation import asking, service
from app.pages.keeping.desk import Desk
from app.pages.keeping.forms import read_number, read_text
from app.pages.keeping.items import Item
from app.pages.keeping.line import FILTERS, count_groups, group_of, write_item_path
from app.pages.keeping.showing import lead_to, show
from app.pages.said import mark_sentence

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

MOST_SHOWN = 200
DECISIONS = ("accept", "edit", "ask", "reject")
OUTCOMES = ("accepted", "rejected", "asked")
_CHANGED = mark_sentence("It was changed while you looked. Look at it once more, then decide.")
_CHOOSE = mark_sentence("Choose what to do with it.")
_REASON = mark_sentence("Say why. The sender reads it.")
_QUESTION = mark_sentence("Write your question. The sender reads it.")
_NOT_ASKED = mark_sentence(
    "The sender cannot be asked: we have no address of theirs, or they were asked already."
)
_KEEP = mark_sentence("Choose what to keep: it was changed after the sender looked.")
LONGEST_REASON = 2_000  # characters


async def open_desk(
    request: Request,
    session: SessionDep,
    sessions: SessionsDep,
    reads: PublicReadsDep,
    actor: ActorDep,
) -> Desk:
    """Return what answers this request."""
    return Desk(request, session, sessions, reads, actor)


DeskDep = Annotated[Desk, Depends(open_desk)]


@router.get("/review")
async def show_line(
    request: Request, session: SessionDep, actor: ActorDep, kind: str = "", decided: str = ""
) -> HTMLResponse:
    """List what waits in the moderator's areas, oldest first."""
    line = await service.list_waiting(session, actor)
    chosen = kind if kind in FILTERS else ""
    items = [each for each in line if not chosen or group_of(each.kind) == chosen]
    context = {
        "items": [(each, write_item_path(each)) for each in items[:MOST_SHOWN]],
        "asked": await asking.find_latest(session, items[:MOST_SHOWN]),
        "left": max(len(items) - MOST_SHOWN, 0),
        "counts": count_groups(line),
        "total": len(line),
        "chosen": chosen,
        "decided": decided if decided in OUTCOMES else "",
    }
    return await show(request, session, "review.html", context)


@router.get("/review/{sort}/{key}")
async def show_item(
    desk: DeskDep, sort: str, key: Annotated[UUID, Path()], decided: str = ""
) -> HTMLResponse:
    """Show what would change, what speaks for and against it, and the decision to take."""
    item = await desk.open(sort, key)
    return await desk.render(item, decided=decided if decided in OUTCOMES else "")


@router.post("/review/{sort}/{key}", response_model=None)
async def send_decision(
    desk: DeskDep, sort: str, key: Annotated[UUID, Path()], form: CheckedForm
) -> HTMLResponse | RedirectResponse:
    """Decide, and go on to the next; the second of two moderators is told what the first did."""
    item = await desk.open(sort, key)
    sent = {name: read_text(form, name) for name in form}
    if item.decided:
        return await desk.render(item, status=HTTPStatus.CONFLICT)
    problems = find_problems(item, sent, read_number(form, "revision"))
    if sent.get("decision") == "ask" and not problems and not await desk.may_ask(item):
        problems = {"decision": _NOT_ASKED}
    if problems:
        return await desk.render(item, problems, sent, status=HTTPStatus.BAD_REQUEST)
    if sent["decision"] == "edit":
        review = "addition" if item.found is None else str(key)
        note = urlencode({"review": review, "note": sent.get("reason", "")})
        return lead_to(f"{item.edit_path}?{note}")
    following = await desk.find_following(key)
    try:
        if sent["decision"] == "ask":
            await desk.ask(item, sent["reason"])
            return lead_to(f"{following}?decided=asked")
        await desk.decide(item, sent)
    except HereaboutsError as error:
        again = await desk.open(sort, key)
        problems = {} if again.decided else {"decision": error.detail}
        return await desk.render(again, problems, sent, status=HTTPStatus.CONFLICT)
    outcome = "rejected" if sent["decision"] == "reject" else "accepted"
    return lead_to(f"{following}?decided={outcome}")


def find_problems(item: Item, sent: Mapping[str, str], revision: int) -> dict[str, str]:
    """Return what is to be put right before a decision counts, by field."""
    decision, reason = sent.get("decision", ""), sent.get("reason", "")
    if decision not in DECISIONS:
        return {"decision": _CHOOSE}
    if revision != item.kept.revision:
        return {"decision": _CHANGED}
    problems = {}
    if decision == "accept":
        problems = {
            f"keep_{row.question}": _KEEP
            for row in item.rows
            if row.in_conflict and sent.get(f"keep_{row.question}") not in {"now", "suggested"}
        }
    if decision == "reject" and not reason:
        problems["reason"] = _REASON
    if decision == "ask" and not reason:
        problems["reason"] = _QUESTION
    if len(reason) > LONGEST_REASON or any(
        ord(each) < ord("\n") for each in reason.replace("\t", "")
    ):
        problems["reason"] = f"Write at most {LONGEST_REASON:,} plain characters."
    return problems
