"""Signing in with a mailed link: asking for one, issuing it, using it, signing out.

Whoever asks for a link starts the same steps whether or not the address belongs to somebody: the
request is counted and kept, and a job is deferred. Only the job looks the address up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import sign_in_queries as queries
from app.accounts.addresses import normalise_email, write_for_mail
from app.accounts.limiting import Limit, count, hash_client, hash_who
from app.accounts.sessions import SLIDING
from app.accounts.tokens import hash_token, make_token
from app.core.errors import BadRequestError
from app.core.jobs import defer
from app.core.local_paths import keep_on_site

LINK_TASK = "mail.link"
"""The job that writes a link's mail; it works on the floor that speaks the visitor's language."""

Purpose = Literal["sign in", "invitation"]

LASTS: dict[Purpose, timedelta] = {
    "sign in": timedelta(minutes=20),
    "invitation": timedelta(days=7),
}
"""How long a link works: whoever asks is waiting for it, whoever is invited is not."""

MOST_PER_ADDRESS = 5
MOST_PER_CLIENT = 30
"""In an hour. A library's readers or an office share one address of the network."""

LONGEST_PATH = 1000
LONGEST_LANGUAGES = 200

_TOO_OFTEN = (
    "Links were asked for too often in the last hour. Look for the mail, in the spam folder too, "
    "and ask again in an hour."
)
_SPENT = (
    "This link does not work any more, or never did. Each works once and for a short time only. "
    "Ask for a new one."
)


class SpentLinkError(BadRequestError):
    """A link was used before, is too old, or was never one of ours."""


@dataclass(frozen=True)
class Asking:
    """What somebody who asks for a link sent.

    Attributes:
        email: The address, as typed.
        next_path: Where they want to be afterwards.
        languages: The header Accept-Language.
        client: The network address that they come from.
    """

    email: str
    next_path: str
    languages: str
    client: str


@dataclass(frozen=True)
class IssuedLink:
    """A link to mail; the only place that ever knows its token.

    Attributes:
        recipient: The address, in ASCII.
        token: The secret that the link ends with.
        purpose: What it is for.
        languages: The header Accept-Language of whoever asked.
        expires_at: When it stops working.
    """

    recipient: str
    token: str
    purpose: Purpose
    languages: str
    expires_at: datetime


@dataclass(frozen=True)
class OpenedSession:
    """A session that has just begun.

    Attributes:
        token: The secret for the cookie, or for `Authorization: Bearer`.
        expires_at: When it ends, unless it is used before.
        next_path: Where the person wanted to be; a path of this site.
    """

    token: str
    expires_at: datetime
    next_path: str


async def ask_for_link(session: AsyncSession, asking: Asking, key: bytes) -> None:
    """Let a link be mailed to an address, if it is that of somebody who may sign in.

    Args:
        session: The transaction.
        asking: Who asks for what.
        key: The service's secret key; without it nobody can try addresses on what is kept.

    Raises:
        BadRequestError: `email` is no e-mail address.
        TooManyRequestsError: Too many links were asked for, for the address or by the client.
    """
    email = normalise_email(asking.email)
    of_email = Limit(hash_who(key, "sign_in.email", email), MOST_PER_ADDRESS)
    of_client = Limit(hash_client(key, "sign_in.client", asking.client), MOST_PER_CLIENT)
    await count(session, [of_email, of_client], _TOO_OFTEN)
    await _request_link(session, email, "sign in", asking)


async def invite(session: AsyncSession, email: str, languages: str = "") -> None:
    """Let an invitation be mailed to somebody with an account."""
    await _request_link(session, email, "invitation", Asking(email, "/", languages, ""))


async def _request_link(
    session: AsyncSession, email: str, purpose: Purpose, asking: Asking
) -> None:
    path = keep_on_site(asking.next_path)
    request_id = await queries.insert_request(
        session,
        {
            "email": email,
            "purpose": purpose,
            "next_path": path if len(path) <= LONGEST_PATH else "/",
            "languages": asking.languages[:LONGEST_LANGUAGES].replace("\x00", ""),
        },
    )
    await defer(session, LINK_TASK, request_id=request_id)


async def issue_requested_link(session: AsyncSession, request_id: int) -> IssuedLink | None:
    """Return the link that was asked for; None for an address of nobody, or at a second call."""
    await queries.delete_old(session)
    asked = await queries.take_request(session, request_id)
    if asked is None or asked.person_id is None:
        return None
    return await _issue(
        session, (asked.person_id, asked.email), asked.purpose, asked.next_path, asked.languages
    )


async def issue_invitation(session: AsyncSession, person_id: int, email: str) -> IssuedLink:
    """Return a link for an operator to hand over."""
    return await _issue(session, (person_id, email), "invitation", "/", "")


async def _issue(
    session: AsyncSession,
    person: tuple[int, str],
    purpose: Purpose,
    next_path: str,
    languages: str,
) -> IssuedLink:
    person_id, email = person
    token = make_token()
    values = {
        "token_hash": hash_token(token),
        "person_id": person_id,
        "purpose": purpose,
        "next_path": next_path,
    }
    expires_at = await queries.insert_link(session, values, LASTS[purpose])
    return IssuedLink(write_for_mail(email), token, purpose, languages, expires_at)


async def is_link_usable(session: AsyncSession, token: str) -> bool:
    """Whether a link would work now; looking changes nothing, since programs look at mail too."""
    token_hash = hash_token(token)
    return token_hash is not None and await queries.is_link_usable(session, token_hash)


async def use_link(
    session: AsyncSession, token: str, previous_token: str | None = None
) -> OpenedSession:
    """Use up a link and begin a session; the visitor's previous one ends.

    Raises:
        SpentLinkError: The link was used, is too old, or was never one of ours.
    """
    token_hash = hash_token(token)
    used = await queries.use_link(session, token_hash) if token_hash else None
    if used is None:
        raise SpentLinkError(_SPENT)
    if previous_token:
        await end_session(session, previous_token)
    opened = make_token()
    expires_at = await queries.insert_session(
        session, hash_token(opened) or b"", used.person_id, SLIDING
    )
    return OpenedSession(opened, expires_at, keep_on_site(used.next_path))


async def end_session(session: AsyncSession, token: str) -> None:
    """Sign out: the token is worth nothing from here on."""
    if token_hash := hash_token(token):
        await queries.end_session(session, token_hash)
