"""Who is at the page on which a record is changed, and what they are there for."""

from typing import NamedTuple
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.permissions import Actor, Permission
from app.assets.place_finding import Finder
from app.core.public_reads import PublicReads
from app.moderation import service
from app.moderation.answers import Sheet
from app.moderation.looking import AnyLook, find_place, name_subject
from app.moderation.vocabulary import SuggestionStatus
from app.pages.keeping.showing import open_words, write_record_path
from app.pages.keeping.wording import Words
from app.records.vocabulary import Status

ADDITION = "addition"
"""What `review` says for something that waits to be published."""


class Visit(NamedTuple):
    """Who is at the page of which record, and what it takes to answer them."""

    request: Request
    session: AsyncSession
    actor: Actor
    look: AnyLook
    reads: PublicReads
    review: str
    words: Words
    draft: str = ""

    @property
    def path(self) -> str:
        """Where the record's pages are."""
        return write_record_path(name_subject(self.look), self.look.kept.public_id)

    @property
    def finder(self) -> Finder:
        """What listed places are looked for with."""
        return Finder(self.session, self.reads, self.actor)

    @property
    def form_path(self) -> str:
        """Where the form is."""
        place = find_place(self.look.sheet)
        return f"{self.path}/edit" if place is None else f"{self.path}/edit/{place}"


async def open_visit(  # noqa: PLR0913, PLR0917 - each from somewhere else
    request: Request,
    session: AsyncSession,
    look: AnyLook,
    actor: Actor,
    reads: PublicReads,
    review: str,
    draft: str = "",
) -> Visit:
    """Return a visit; what is reviewed is forgotten where it is not theirs to, or not this.

    Args:
        request: The request.
        session: The transaction.
        look: What is changed.
        actor: Who changes it.
        reads: For what is public.
        review: What they are reviewing with it; '' for nothing.
        draft: Id of a draft that they came from; '' for none.
    """
    if not (look.may_edit and actor.may(Permission.REVIEW, look.areas)):
        review = ""
    elif review == ADDITION:
        review = ADDITION if look.kept.status is Status.WAITING else ""
    elif review:
        try:
            found = await service.open_suggestion(session, actor, UUID(review))
        except ValueError:
            review = ""
        else:
            is_it = (
                found.record == look.kept.public_id
                and found.row.status == SuggestionStatus.WAITING
                and _is_of_page(look.sheet, found.row.site)
            )
            review = review if is_it else ""
    return Visit(
        request, session, actor, look, reads, review, await open_words(request, session), draft
    )


def _is_of_page(sheet: Sheet, site: UUID | None) -> bool:
    """Return whether a suggestion about a site is for this page: never one place's for another's.

    The main place of a stranger may be another than that of somebody who sees private ones.
    """
    names_none = site is None and find_place(sheet) is None
    return names_none or site == sheet.site
