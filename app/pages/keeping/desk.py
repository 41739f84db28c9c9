"""What answers a moderator: the page of one item, and what their decision does."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.accounts.permissions import Actor
from app.core.errors import ConflictError
from app.core.public_reads import PublicReads
from app.moderation import asking, service, telling
from app.moderation.looking import Look, OrganisationLook
from app.moderation.telling import Recipient
from app.moderation.vocabulary import SuggestionKind, SuggestionStatus
from app.pages.keeping.addresses import draw_addresses, list_spots, plan_document
from app.pages.keeping.checks import check_place, find_nearby
from app.pages.keeping.effects import describe_effects
from app.pages.keeping.items import Item, open_item
from app.pages.keeping.line import find_following
from app.pages.keeping.mails import Outcome, post_decision, post_question
from app.pages.keeping.places import find_where
from app.pages.keeping.senders import find_sender, take_sender
from app.pages.keeping.showing import open_words, show


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
        words = await open_words(self._request, self._session)
        return await open_item(self._session, self._reads, self._actor, words, sort, key)

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
            "where": None,
            "addresses": None,
            "effects": [],
            "asked": await asking.list_asked(self._session, item.about),
            "may_ask": await self.may_ask(item),
            "has_address": await self.find_sender(item) is not None,
        }
        if item.decided is None:
            context |= await self._describe(item)
        if isinstance(item.look, Look) and item.decided is None:
            context["checks"] = await check_place(
                self._session, item.answers, item.look.sheet.answers
            )
            context["nearby"] = await find_nearby(
                self._reads, self._sessions, item.answers, str(item.record)
            )
        return await show(self._request, self._session, "item.html", context, status)

    async def _describe(self, item: Item) -> dict[str, Any]:
        """Return where the item is and would be, and what accepting it changes for everybody."""
        where = None
        if isinstance(item.look, Look):
            before = None if item.found is None else item.look.sheet.answers
            where = await find_where(self._session, self._request.app, before, item.answers)
        effects = await describe_effects(self._session, self._actor, item, where)
        addresses = None
        if isinstance(item.look, OrganisationLook):
            planned = await plan_document(self._session, item.look, item.found)
            spots = await list_spots(self._session, planned)
            addresses = await draw_addresses(self._session, self._request.app, spots)
        return {"where": where, "effects": effects, "addresses": addresses}

    async def find_sender(self, item: Item) -> Recipient | None:
        """Return where whoever sent the item can be written to; None for nowhere."""
        if item.found is not None:
            return await telling.find_recipient(self._session, item.found)
        return await find_sender(self._session, item.subject, item.kept)

    async def may_ask(self, item: Item) -> bool:
        """Return whether whoever sent the item can be asked something now."""
        asked = await asking.list_asked(self._session, item.about)
        is_open = any(each.standing == "open" for each in asked)
        return not is_open and await self.find_sender(item) is not None

    async def ask(self, item: Item, question: str) -> None:
        """Ask whoever sent the item, by mail; it stays in the line.

        Raises:
            HereaboutsError: It cannot be done; the sentence says why.
        """
        async with self._session.begin_nested():
            if item.found is not None:
                await service.open_suggestion(self._session, self._actor, item.key, lock=True)
            else:
                keeper = service.open_keeper(self._session, self._actor, item.subject)
                await keeper.open(item.key, lock=True)
            again = await self.open("suggestion" if item.found else str(item.subject), item.key)
            recipient = await self.find_sender(again)
            if again.decided or recipient is None:
                raise ConflictError("Somebody else has decided about this already.")
            link = await asking.ask(self._session, self._actor, item.about, question)
            await post_question(self._request, self._session, recipient, item.name, question, link)

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
        recipient = await telling.find_recipient(self._session, found)
        outcome: Outcome = "rejected"
        if is_accepted and item.kind == SuggestionKind.CHANGE:
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
                    await service.confirm_today(
                        self._session, self._actor, item.subject, item.record
                    )
        await post_decision(self._request, self._session, recipient, item.name, outcome, reason)

    async def _decide_addition(self, item: Item, reason: str, *, is_accepted: bool) -> None:
        kept = await service.decide_addition(
            self._session, self._actor, item.subject, item.key,
            reason=None if is_accepted else reason,
        )  # fmt: skip
        recipient = await take_sender(self._session, item.subject, kept)
        outcome: Outcome = "published" if is_accepted else "rejected"
        await post_decision(self._request, self._session, recipient, item.name, outcome, reason)
