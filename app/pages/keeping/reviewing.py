"""What waits for moderators, and the page on which each of it is decided."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.dependencies import ActorDep, get_actor
from app.accounts.permissions import Actor
from app.core.database import SessionDep, SessionsDep
from app.core.errors import HereaboutsError
from app.core.public_reads import PublicReads, PublicReadsDep
from app.core.security import CheckedForm
from app.moderation import service
from app.moderation.vocabulary import SuggestionKind, SuggestionStatus
from app.pages.errors import mark_sentence
from app.pages.keeping.checks import check_place, find_nearby
from app.pages.keeping.forms import read_number, read_text
from app.pages.keeping.items import Item, open_item
from app.pages.keeping.line import FILTERS, count_groups, find_following, group_of, write_item_path
from app.pages.keeping.mails import Outcome, post_decision
from app.pages.keeping.senders import take_sender_address
from app.pages.keeping.showing import lead_to, show

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(get_actor)],
)

MOST_SHOWN = 200
DECISIONS = ("accept", "edit", "reject")
OUTCOMES = ("accepted", "rejected")
_CHANGED = mark_sentence("It was changed while you looked. Look at it once more, then decide.")
_CHOOSE = mark_sentence("Choose what to do with it.")
_REASON = mark_sentence("Say why. The sender reads it.")
_KEEP = mark_sentence("Choose what to keep: it was changed after the sender looked.")
LONGEST_REASON = 2_000  # characters


class Desk:
    """Answers one moderator's request."""

    def __init__(
        self,
        request: Request,
        session: AsyncSession,
        sessions: async_sessionmaker[AsyncSession],
        reads: PublicReads,
        actor: Actor,
    ) -> None:
        self._request = request
        self._session = session
        self._sessions = sessions
        self._reads = reads
        self._actor = actor

    async def open(self, sort: str, key: UUID) -> Item:
        """Return what is to be decided about; raises what `open_item` does."""
        return await open_item(self._session, self._reads, self._actor, sort, key)

    async def find_following(self, key: UUID) -> str:
        """Return the address of what comes after an item."""
        return find_following(await service.list_waiting(self._session, self._actor), key)

    async def render(
        self,
        item: Item,
        problems: Mapping[str, str] | None = None,
        sent: Mapping[str, str] | None = None,
        *,
        decided: str = "",
        status: HTTPStatus = HTTPStatus.OK,
    ) -> HTMLResponse:
        """Return the page of an item."""
        line = await service.list_waiting(self._session, self._actor)
        context: dict[str, Any] = {
            "item": item,
            "problems": problems or {},
            "sent": sent or {},
            "decided": decided,
            "waiting": len(line),
            "following": find_following(line, item.key),
            "checks": [],
            "nearby": [],
        }
        if item.look is not None and item.decided is None:
            context["checks"] = await check_place(
                self._session, item.answers, item.look.sheet.answers
            )
            context["nearby"] = await find_nearby(
                self._reads, self._sessions, item.answers, str(item.record)
            )
        return await show(self._request, self._session, "item.html", context, status)

    async def decide(self, item: Item, sent: Mapping[str, str]) -> None:
        """Do what the moderator decided, and let the sender be told.

        Raises:
            HereaboutsError: It cannot be done; the sentence says why.
        """
        is_accepted, reason = sent["decision"] == "accept", sent.get("reason", "")
        async with self._session.begin_nested():
            if item.found is None:
                await self._decide_addition(item, reason, is_accepted=is_accepted)
            else:
                await self._decide_suggestion(item, sent, reason, is_accepted=is_accepted)

    async def _decide_suggestion(
        self, item: Item, sent: Mapping[str, str], reason: str, *, is_accepted: bool
    ) -> None:
        found = await service.open_suggestion(self._session, self._actor, item.key, lock=True)
        recipient = await service.find_recipient(self._session, found)
        outcome: Outcome = "rejected"
        if is_accepted and item.kind == SuggestionKind.CHANGE and item.look is not None:
            changed = {
                name: said
                for name, said in found.row.answers.items()
                if sent.get(f"keep_{name}") != "now"
            }
            await service.accept_change(self._session, self._actor, found, item.look, changed)
            outcome = "accepted"
        else:
            status = SuggestionStatus.ACCEPTED if is_accepted else SuggestionStatus.REJECTED
            await service.decide(self._session, self._actor, found, status, reason)
            if is_accepted:
                outcome = "looked at"
                if item.kind == SuggestionKind.STILL_RIGHT:
                    await service.confirm_today(self._session, self._actor, item.record)
        await post_decision(self._request, self._session, recipient, item.name, outcome, reason)

    async def _decide_addition(self, item: Item, reason: str, *, is_accepted: bool) -> None:
        kept = await service.decide_addition(
            self._session, self._actor, item.subject, item.key,
            reason=None if is_accepted else reason,
        )  # fmt: skip
        recipient = await take_sender_address(self._session, item.subject, kept)
        outcome: Outcome = "published" if is_accepted else "rejected"
        await post_decision(self._request, self._session, recipient, item.name, outcome, reason)


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
    if problems:
        return await desk.render(item, problems, sent, status=HTTPStatus.BAD_REQUEST)
    if sent["decision"] == "edit":
        review = "addition" if item.found is None else str(key)
        return lead_to(f"/assets/{item.record}/edit?review={review}")
    following = await desk.find_following(key)
    try:
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
    if decision not in DECISIONS or (decision == "edit" and item.look is None):
        return {"decision": _CHOOSE}
    if revision != item.revision:
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
    if len(reason) > LONGEST_REASON or any(
        ord(each) < ord("\n") for each in reason.replace("\t", "")
    ):
        problems["reason"] = f"Write at most {LONGEST_REASON:,} plain characters."
    return problems
