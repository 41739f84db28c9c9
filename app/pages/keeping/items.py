"""One thing that waits for a moderator, as its page shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, Permission, require_permission
from app.assets.place_finding import Finder
from app.core.errors import NotFoundError
from app.core.public_reads import PublicReads
from app.moderation import service, telling
from app.moderation.asking import About, name_addition, name_suggestion
from app.moderation.looking import (
    AnyLook,
    Look,
    OrganisationLook,
    PlaceRef,
    look_at,
    open_public,
    open_public_organisation,
    turn_to_place,
)
from app.moderation.organisation_parts import list_unseen, write_addresses
from app.moderation.place_parts import NEW, PLACE_QUESTIONS, THERE, WHERE, PlaceSeen
from app.moderation.service import Found
from app.moderation.telling import Decided
from app.moderation.texts import Answers
from app.moderation.vocabulary import SuggestionStatus
from app.pages.keeping.naming import name_places
from app.pages.keeping.showing import write_page_path, write_record_path
from app.pages.keeping.times import say_lines
from app.pages.keeping.wording import Difference, Words, compare
from app.records.keeping import Kept
from app.records.service import NOTHING_THERE
from app.records.vocabulary import Status, Subject

SHOWN = ("name", "categories", "hours", "address", "postcode", "point")
"""What is shown of the listing although nothing about it would change."""

UNSAID = {"standing": THERE, "mode": "address", "site_visibility": "public"}
"""What goes without saying of something new."""


class Item(NamedTuple):
    """Something to decide about.

    Attributes:
        kind: A kind of suggestion, or for an addition what it is.
        key: Public id of the suggestion, or of what was added.
        record: Public id of what it is about.
        subject: What that is.
        name: What that is called.
        at: When it was sent.
        sender: Who sent it, if they have an account.
        note: The sender's words.
        rows: What would change, with what stays.
        answers: What is to be checked: the answers as they would be.
        kept: How the record stands.
        decided: What was decided before; None while it waits.
        found: The suggestion; None for an addition.
        look: The record.
        others: Of something new, its places besides the main one, with their hours in words.
    """

    kind: str
    key: UUID
    record: UUID
    subject: Subject
    name: str
    at: datetime | None
    sender: str
    note: str
    rows: list[Difference]
    answers: Answers
    kept: Kept
    decided: Decided | None
    found: Found | None
    look: AnyLook
    others: Sequence[tuple[PlaceSeen, list[str]]] = ()

    @property
    def page_path(self) -> str:
        """The address of the record's page."""
        return write_page_path(self.subject, self.record, self.name)

    @property
    def edit_path(self) -> str:
        """The address of the form by which what was sent can be accepted with changes."""
        path = f"{write_record_path(self.subject, self.record)}/edit"
        answers = self.found.row.answers if self.found is not None else {}
        is_of_place = bool(answers) and set(answers) <= set(PLACE_QUESTIONS)
        if self.found is None or not is_of_place or not isinstance(self.look, Look):
            return path
        return f"{path}/{find_asked_place(self.found) or ''}".rstrip("/")

    @property
    def is_gone(self) -> bool:
        """Whether the place that it is about was taken off the listing meanwhile."""
        if self.found is None or self.found.row.site is None or not isinstance(self.look, Look):
            return False
        return self.found.row.site not in {site.id for site in self.look.document.sites}

    @property
    def about(self) -> About:
        """What a question to the sender is about."""
        if self.found is not None:
            return name_suggestion(self.found)
        return name_addition(self.subject, self.kept)


async def open_item(
    session: AsyncSession, reads: PublicReads, actor: Actor, words: Words, sort: str, key: UUID
) -> Item:
    """Return what is to be decided about.

    Args:
        session: The transaction.
        reads: For what the sender could see.
        actor: The moderator.
        words: Theirs.
        sort: "suggestion", "asset" or "organisation".
        key: Public id of the suggestion, or of what was added.

    Raises:
        UnauthorizedError: Nobody is signed in.
        ForbiddenError: They moderate nowhere.
        NotFoundError: There is none, or it is elsewhere.
    """
    require_permission(actor, Permission.REVIEW)
    if sort == "suggestion":
        return await _open_suggestion(session, reads, actor, words, key)
    if sort not in set(Subject):
        raise NotFoundError(NOTHING_THERE)
    return await _open_addition(session, reads, actor, words, Subject(sort), key)


async def _open_suggestion(
    session: AsyncSession, reads: PublicReads, actor: Actor, words: Words, key: UUID
) -> Item:
    found = await service.open_suggestion(session, actor, key)
    row = found.row
    look = await look_at(session, reads, actor, Subject(row.subject), found.record)
    if isinstance(look, Look) and find_asked_place(found) is not None:
        look = turn_to_place(look, row.site, is_new=find_asked_place(found) == "new")
    now = show_as_seen(look, found)
    conflicts = service.find_conflicts(found, await _see_as_sender(session, reads, look, found))
    wanted = _plan(row.answers)
    words = await name_places(Finder(session, reads, actor), words, now, wanted)
    shown = [name for name in now if name in wanted or (wanted and name in SHOWN)]
    rows = [
        compare(name, now[name], wanted.get(name, now[name]), words, in_conflict=name in conflicts)
        for name in sorted(shown, key=lambda each: each not in wanted)
    ]
    is_decided = row.status != SuggestionStatus.WAITING
    decided = await telling.tell_decision(session, found) if is_decided else None
    return Item(
        row.kind, key, found.record, Subject(row.subject), found.name, row.created_at,
        found.sender, row.note, rows, _see_visibility(look) | look.sheet.answers | wanted,
        look.kept, decided,
        found, look,
    )  # fmt: skip


def _plan(answers: Answers) -> Answers:
    """Return what would be said: what is not at an address any more has none."""
    if answers.get("mode", "address") == "address":
        return answers
    return {**answers, **dict.fromkeys(WHERE, "")}


def _list_others(look: AnyLook, words: Words) -> list[tuple[PlaceSeen, list[str]]]:
    """Return the places of something besides its main one, with their hours in words."""
    return [
        (each, say_lines(each.hours, words.language, words.translate))
        for each in look.sheet.places
        if each.id != look.sheet.site
    ]


def find_asked_place(found: Found) -> PlaceRef:
    """Return which place of an asset a suggestion is about; None: none in particular."""
    if found.row.answers.get("standing") == NEW:
        return "new"
    site: UUID | None = found.row.site
    return site


def _see_visibility(look: AnyLook) -> Answers:
    """Return who may see where it is, which is not asked about everything."""
    return {"visibility": str(look.document.visibility)}


def show_as_seen(look: AnyLook, found: Found) -> Answers:
    """Return what is said now; of contacts and addresses only those that the sender could see."""
    answers = dict(look.sheet.answers)
    if found.row.saw_private:
        return answers
    if "contacts" in answers:
        answers["contacts"] = [
            each for each in answers["contacts"] if each["visibility"] == "public"
        ]
    if isinstance(look, OrganisationLook):
        unseen = write_addresses(list_unseen(look.document))
        answers["addresses"] = [each for each in answers["addresses"] if each not in unseen]
    return answers


async def _see_as_sender(
    session: AsyncSession, reads: PublicReads, look: AnyLook, found: Found
) -> Answers:
    if found.row.saw_private:
        return look.sheet.answers
    try:
        if isinstance(look, Look):
            place = find_asked_place(found)
            return (await open_public(session, reads, found.record, place)).answers
        return (await open_public_organisation(session, reads, found.record)).answers
    except NotFoundError:  # hidden since
        return dict.fromkeys(found.row.answers)


async def _open_addition(
    session: AsyncSession,
    reads: PublicReads,
    actor: Actor,
    words: Words,
    subject: Subject,
    key: UUID,
) -> Item:
    opened = await service.open_keeper(session, actor, subject).open(key)
    if not actor.may(Permission.REVIEW, opened.areas):
        raise NotFoundError(NOTHING_THERE)
    kept: Kept = opened.kept
    look = await look_at(session, reads, actor, subject, key)
    answers = look.sheet.answers
    words = await name_places(Finder(session, reads, actor), words, answers)
    rows = [
        compare(name, None, said, words)
        for name, said in answers.items()
        if said not in ("", [], "not stated") and UNSAID.get(name) != said
    ]
    decided = None
    if kept.status is not Status.WAITING:
        decided = await telling.tell_addition_decision(session, subject, kept.id)
    added = await telling.tell_addition(session, subject, kept)
    return Item(
        str(subject), key, key, subject, answers["name"], added.at, added.name, "", rows, answers,
        kept, decided, None, look, _list_others(look, words),
    )  # fmt: skip
