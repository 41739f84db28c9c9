"""Every SELECT, INSERT and UPDATE of asking for links, links and sessions."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person, SignInLink, SignInRequest, SignInSession

AnyRow = Row[*tuple[Any, ...]]

KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=30)


async def insert_request(session: AsyncSession, values: dict[str, Any]) -> int:
    """Keep that a link is to be mailed, and return its number."""
    kept = insert(SignInRequest).values(**values).returning(SignInRequest.id)
    return (await session.scalars(kept)).one()


async def take_request(session: AsyncSession, request_id: int) -> AnyRow | None:
    """Return a request that nobody has dealt with and blank its address; else None.

    With `person_id`, None unless somebody who may sign in has the address.
    """
    person = (Person.email == SignInRequest.email) & Person.is_active
    query = (
        select(
            SignInRequest.email,
            SignInRequest.purpose,
            SignInRequest.next_path,
            SignInRequest.languages,
            Person.id.label("person_id"),
        )
        .outerjoin(Person, person)
        .where(SignInRequest.id == request_id, SignInRequest.handled_at.is_(None))
        .with_for_update(of=SignInRequest)
    )
    found = (await session.execute(query)).one_or_none()
    if found is not None:
        handled = update(SignInRequest).where(SignInRequest.id == request_id)
        await session.execute(handled.values(email="", handled_at=func.now()))
    return found


async def insert_link(session: AsyncSession, values: dict[str, Any], lasts: timedelta) -> Any:  # noqa: ANN401 - a datetime
    """Keep a link that works for `lasts` from now, and return when it expires."""
    kept = insert(SignInLink).values(expires_at=func.now() + lasts, **values)
    return (await session.scalars(kept.returning(SignInLink.expires_at))).one()


async def is_link_usable(session: AsyncSession, token_hash: bytes) -> bool:
    """Whether a link can be used now; nothing is changed."""
    query = (
        select(SignInLink.token_hash)
        .join(Person, Person.id == SignInLink.person_id)
        .where(SignInLink.token_hash == token_hash, *_USABLE)
    )
    return (await session.execute(query)).one_or_none() is not None


_USABLE = (
    SignInLink.used_at.is_(None),
    SignInLink.expires_at > func.now(),
    Person.is_active,
)


async def use_link(session: AsyncSession, token_hash: bytes) -> AnyRow | None:
    """Use up a link and return `person_id` and `next_path`, or None.

    One statement: of two at the same time the second waits for the first and finds it used.
    """
    used = (
        update(SignInLink)
        .where(SignInLink.token_hash == token_hash, Person.id == SignInLink.person_id, *_USABLE)
        .values(used_at=func.now())
        .returning(SignInLink.person_id, SignInLink.next_path)
    )
    return (await session.execute(used)).one_or_none()


async def insert_session(
    session: AsyncSession, token_hash: bytes, person_id: int, lasts: timedelta
) -> Any:  # noqa: ANN401 - a datetime
    """Keep a new session, note that the person was seen, and return when the session expires."""
    values = {"token_hash": token_hash, "person_id": person_id}
    kept = insert(SignInSession).values(expires_at=func.now() + lasts, **values)
    expires_at = (await session.scalars(kept.returning(SignInSession.expires_at))).one()
    seen = update(Person).where(Person.id == person_id).values(last_seen_at=func.now())
    await session.execute(seen)
    return expires_at


async def end_session(session: AsyncSession, token_hash: bytes) -> None:
    """End a session if it is alive."""
    ended = (
        update(SignInSession)
        .where(SignInSession.token_hash == token_hash, SignInSession.ended_at.is_(None))
        .values(ended_at=func.now())
    )
    await session.execute(ended)


async def delete_old(session: AsyncSession) -> None:
    """Forget requests and links a day after they matter, sessions a month after."""
    ended = func.coalesce(SignInSession.ended_at, SignInSession.expires_at)
    for statement in (
        delete(SignInRequest).where(SignInRequest.asked_at < func.now() - KEPT),
        delete(SignInLink).where(SignInLink.expires_at < func.now() - KEPT),
        delete(SignInSession).where(ended < func.now() - SESSIONS_KEPT),
    ):
        await session.execute(statement)
