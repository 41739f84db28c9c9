"""The mail that tells a sender what became of what they sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.addresses import write_for_mail
from app.core.mail import MailMessage, find_base_url, post_mail
from app.pages.languages import SOURCE_LANGUAGE, Catalogues, choose_language
from app.pages.layout import HERE
from app.pages.service import find_pack

Outcome = Literal["accepted", "published", "rejected", "looked at"]
USEFUL = timedelta(days=14)
"""How long the mail waits for a mail server before nobody wants it any more."""


async def post_decision(
    request: Request,
    session: AsyncSession,
    recipient: str | None,
    name: str,
    outcome: Outcome,
    reason: str,
) -> None:
    """Let the sender be told of a decision, once the transaction commits; nobody without address.

    The decision does not wait for the mail server: the mail does.
    """
    if recipient is None:
        return
    pack = await find_pack(session)
    catalogues = Catalogues(HERE / "locale")
    spoken = pack.languages if pack else []
    known = [tag for tag in spoken if tag in catalogues.languages] or [SOURCE_LANGUAGE]
    gettext = catalogues.load(choose_language("", known)).gettext
    base_url = find_base_url(request.app.state.settings)
    body = "\n\n".join(_write(gettext, name, outcome, reason, base_url)) + "\n"
    subject = gettext("What became of what you sent to Hereabouts")
    until = datetime.now(UTC) + USEFUL
    await post_mail(session, MailMessage(write_for_mail(recipient), subject, body, until))


def _write(
    gettext: Callable[[str], str], name: str, outcome: Outcome, reason: str, base_url: str
) -> list[str]:
    sentences = {
        "accepted": gettext("Thank you. The change you suggested now shows on Hereabouts."),
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
