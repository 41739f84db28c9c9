"""The words of the mails that the service sends, in the reader's language."""

from collections.abc import Callable

from app.accounts.signing_in import LINK_TASK, IssuedLink, issue_requested_link
from app.core.jobs import RunningJob, defer
from app.core.mail import TASK as MAIL_TASK
from app.core.mail import MailMessage, find_base_url, post_mail
from app.pages.languages import SOURCE_LANGUAGE, Catalogues, choose_language
from app.pages.layout import HERE
from app.pages.service import find_pack

TASK = LINK_TASK
NO_MAIL = 0
"""The number of a mail that does not exist."""


async def mail_link(job: RunningJob, request_id: int) -> None:
    """Write the mail that a request asked for, and let it be sent.

    For an address of nobody a job of the same kind is deferred that does nothing, so that not even
    the numbers of jobs tell who has an account.
    """
    async with job.database.sessions.begin() as session:
        link = await issue_requested_link(session, request_id)
        if link is None:
            await defer(session, MAIL_TASK, mail_id=NO_MAIL)
            return
        pack = await find_pack(session)
        spoken = pack.languages if pack else []
        await post_mail(session, write_link_mail(link, find_base_url(job.settings), spoken))


def write_link(link: IssuedLink, base_url: str) -> str:
    """Return the address that signs in."""
    return f"{base_url}/sign-in/{link.token}"


def write_link_mail(link: IssuedLink, base_url: str, spoken: list[str]) -> MailMessage:
    """Return the mail with a link.

    Args:
        link: The link.
        base_url: The address that links begin with.
        spoken: The languages of the place.
    """
    catalogues = Catalogues(HERE / "locale")
    known = [tag for tag in spoken if tag in catalogues.languages] or [SOURCE_LANGUAGE]
    gettext = catalogues.load(choose_language(link.languages, known)).gettext
    write = _write_invitation if link.purpose == "invitation" else _write_sign_in
    subject, paragraphs = write(gettext, write_link(link, base_url))
    return MailMessage(link.recipient, subject, "\n\n".join(paragraphs) + "\n", link.expires_at)


def _write_sign_in(gettext: Callable[[str], str], address: str) -> tuple[str, list[str]]:
    return gettext("Sign in to Hereabouts"), [
        gettext("Somebody, most likely you, wants to sign in to Hereabouts with this address."),
        gettext("Open this link to sign in. It works once, within 20 minutes:"),
        address,
        gettext(
            "If it was not you, do nothing: nobody can sign in without this mail. Do not pass the "
            "link on."
        ),
    ]


def _write_invitation(gettext: Callable[[str], str], address: str) -> tuple[str, list[str]]:
    return gettext("Your invitation to Hereabouts"), [
        gettext(
            "You have been invited to Hereabouts, the map of what there is in a place and who runs "
            "it. You now have an account with this address, without a password."
        ),
        gettext("Open this link to sign in for the first time. It works once, within 7 days:"),
        address,
        gettext("Later on, ask for a link like this one on the page Sign in."),
    ]
