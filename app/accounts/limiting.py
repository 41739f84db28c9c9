"""What may be done so often only: counted in the database, under keyed hashes, for an hour.

Every process counts the same, and a restart forgets nothing.
"""

import hashlib
import hmac
import math
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import limit_queries as queries
from app.accounts.permissions import Actor, Allowance
from app.core.errors import TooManyRequestsError
from app.core.settings import Settings

WINDOW = timedelta(hours=1)

_OF_STRANGER = (
    "As much was offered from your network address in the last hour as may be without signing in. "
    "This one was not kept; those before it were. Sign in and send it again, or try again "
    "{when}."
)
_OF_PERSON = (
    "You have offered as much in the last hour as somebody without a role here may. This one was "
    "not kept; those before it were. Try again {when}."
)


class Limit(NamedTuple):
    """How often in an hour something may be done by somebody.

    Attributes:
        who: A hash made by `hash_who`; what is done, and by whom.
        most: How many times.
    """

    who: bytes
    most: int


def hash_who(key: bytes, what: str, value: str) -> bytes:
    """Return what is kept of somebody who does something.

    Args:
        key: The service's secret key; without it nobody can try addresses on what is kept.
        what: What they do and by what they are told apart, such as `sign_in.email`.
        value: The address, number or name.
    """
    return hmac.digest(key, f"hereabouts.{what}\n{value}".encode(), hashlib.sha256)


def hash_client(key: bytes, what: str, client: str) -> bytes:
    """Return what is kept of a network address; a whole network of IPv6 belongs to one client."""
    try:
        address = ip_address(client)
    except ValueError:
        return hash_who(key, what, client)
    is_wide = isinstance(address, IPv6Address)
    return hash_who(key, what, address.exploded[:19] if is_wide else str(address))


def find_allowance(actor: Actor, client: str, key: bytes, settings: Settings) -> Allowance:
    """Return how much whoever sends a request may offer: a person, or else a network address."""
    if actor.person_id is not None:
        who = hash_who(key, "offer.person", str(actor.person_id))
        return Allowance(who, settings.offers_per_hour_person)
    who = hash_client(key, "offer.client", client)
    return Allowance(who, settings.offers_per_hour_stranger)


async def count_offer(session: AsyncSession, actor: Actor) -> None:
    """Count that somebody who may not publish offers something.

    Raises:
        TooManyRequestsError: They have done so too often in the last hour.
    """
    if actor.allowance is None:
        return
    limit = Limit(actor.allowance.who, actor.allowance.most)
    await count(session, [limit], _OF_PERSON if actor.is_signed_in else _OF_STRANGER)


async def count(session: AsyncSession, limits: list[Limit], refusal: str) -> None:
    """Count once under each limit, in the caller's transaction; a rollback counts nothing.

    Until the transaction ends, nobody else counts under them. Whoever counts under several gives
    them in the same order as everybody else, so that nobody waits in a circle.

    Raises:
        TooManyRequestsError: One of them is used up: `refusal`, where `{when}` stands for in how
            many minutes it may be tried again.
    """
    await queries.delete_old(session)
    for limit in limits:
        await queries.lock(session, limit.who)
    waits = [await queries.find_wait(session, *limit, WINDOW) for limit in limits]
    wait = max(waits)
    if wait > timedelta(0):
        minutes = math.ceil(wait / timedelta(minutes=1))
        said = f"in {minutes} minutes" if minutes > 1 else "in a minute"
        raise TooManyRequestsError(refusal.format(when=said), math.ceil(wait.total_seconds()))
    await queries.insert_acts(session, [limit.who for limit in limits])
