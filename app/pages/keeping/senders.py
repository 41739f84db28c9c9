"""Where those who added something want to hear what became of it."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.drafts import service as drafts
from app.moderation import service
from app.records.keeping import Kept
from app.records.vocabulary import Subject


async def take_sender_address(session: AsyncSession, subject: Subject, kept: Kept) -> str | None:
    """Return the mail address of whoever added a record; None where none is known.

    An address that a stranger left with what they sent is forgotten with that: it was left for this
    one decision.
    """
    if (known := await service.find_author_address(session, kept)) is not None:
        return known
    left = await drafts.find_contact(session, subject, kept.id)
    await drafts.forget_contact(session, subject, kept.id)
    return left
