"""The mails to those who sent something in: what became of it, and what we want to know."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.addresses import write_for_mail
from app.core.mail import MailMessage, find_base_url, post_mail
from app.moderation.telling import Recipient
from app.pages.languages import SOURCE_LANGUAGE, Catalogues, choose_language
from app.pages.layout import HERE
from app.pages.service import find_pack

Outcome = Literal["accepted", "changed", "published", "rejected", "looked at"]
Translate = Callable[[str], str]
USEFUL = timedelta(days=14)
"""How long the mail waits for a mail server before nobody wants it any more."""
FOLDER = HERE / "locale"


async def post_decision(
    request: Request,
    session: AsyncSession,
    recipient: Recipient | None,
    name: str,
    outcome: Outcome,
    reason: str,
) -> None:
    """Let the sender be told of a decision, once the transaction commits; nobody without address.

    The decision does not wait for the mail server: the mail does.
    """
    if recipient is None:
        return
    gettext = await _choose_words(session, recipient)
    base_url = find_base_url(request.app.state.settings)
    body = "\n\n".join(_write_decision(gettext, name, outcome, reason, base_url)) + "\n"
    subject = gettext("What became of what you sent to Hereabouts")
    until = datetime.now(UTC) + USEFUL
    await post_mail(session, MailMessage(write_for_mail(recipient.email), subject, body, until))


async def post_question(
    request: Request,
    session: AsyncSession,
    recipient: Recipient,
    name: str,
    question: str,
    link: tuple[str, datetime],
) -> None:
    """Let the sender be asked something, once the transaction commits.

    Args:
        request: Tells the settings.
        session: The transaction.
        recipient: Who sent it.
        name: What it is about.
        question: In the moderator's words.
        link: The secret of the link that takes the answer, and when it stops to.
    """
    token, until = link
    gettext = await _choose_words(session, recipient)
    base_url = find_base_url(request.app.state.settings)
    paragraphs = [
        gettext("You wrote to us about this place or group:"),
        name,
        gettext("Thank you. Before we can decide, we want to ask you something:"),
        question,
        gettext("Answer here. The link works once, within three weeks, without an account:"),
        f"{base_url}/answers/{token}",
        gettext(
            "If you do not answer, we decide with what we know. Please do not answer this mail "
            "itself; nobody reads the answers."
        ),
    ]
    subject = gettext("A question about what you sent to Hereabouts")
    body = "\n\n".join(paragraphs) + "\n"
    await post_mail(session, MailMessage(write_for_mail(recipient.email), subject, body, until))


async def _choose_words(session: AsyncSession, recipient: Recipient) -> Translate:
    """Return the language that the sender read the pages in, if known, else the place's first."""
    pack = await find_pack(session)
    catalogues = Catalogues(FOLDER)
    spoken = pack.languages if pack else []
    known = [tag for tag in spoken if tag in catalogues.languages] or [SOURCE_LANGUAGE]
    return catalogues.load(choose_language(recipient.languages, known)).gettext


def _write_decision(
    gettext: Translate, name: str, outcome: Outcome, reason: str, base_url: str
) -> list[str]:
    sentences = {
        "accepted": gettext("Thank you. The change you suggested now shows on Hereabouts."),
        "changed": gettext(
            "Thank you. What you suggested now shows on Hereabouts, with changes by the person "
            "who looked at it."
        ),
        "published": gettext("Thank you. What you added now shows on Hereabouts."),
        "rejected": gettext("Thank you for writing to us. What you sent was not taken over."),
        "looked at": gettext("Thank you. Somebody has looked at what you told us."),
    }
    paragraphs = [
        gettext("You wrote to us about this place or group:"),
        name,
        sentences[outcome],
    ]
    if reason:
        paragraphs += [gettext("The person who looked at it wrote:"), reason]
    paragraphs.append(
        gettext("Hereabouts is here. Please do not answer this mail; nobody reads the answers.")
    )
    return [*paragraphs, base_url]
