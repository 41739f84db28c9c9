"""Where those who sent something in want to hear what became of it."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.drafts import service as drafts
from app.moderation import telling
from app.moderation.telling import Recipient
from app.records.keeping import Kept
from app.records.vocabulary import Subject


async def find_sender(session: AsyncSession, subject: Subject, kept: Kept) -> Recipient | None:
    """Return the mail address of whoever added a record; None where none is known."""
    if (known := await telling.find_author_address(session, kept)) is not None:
        return Recipient(known)
    left = await drafts.find_contact(session, subject, kept.id)
    if left is None:
        return None
    return Recipient(left, await drafts.find_languages(session, subject, kept.id))


async def take_sender(session: AsyncSession, subject: Subject, kept: Kept) -> Recipient | None:
    """Return the same to tell the decision.

    An address that a stranger left with what they sent is forgotten with that: it was left for this
    one decision.
    """
    sender = await find_sender(session, subject, kept)
    await drafts.forget_contact(session, subject, kept.id)
    return sender
