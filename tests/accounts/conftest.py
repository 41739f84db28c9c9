"""A service that mails: a mail server on loopback, a worker, and people with roles."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

import httpx
import pytest
from pydantic import SecretStr

from app.accounts import service
from app.accounts.permissions import AreaRef, Grant, Role
from app.accounts.signing_in import issue_invitation
from app.core.database import Database
from app.core.jobs import WorkerTimes, run_worker
from app.core.settings import Settings
from app.tasks import open_queue
from tests.conftest import open_client
from tests.core.mail_server import Letterbox, find_port, read_body

HTML = {"accept": "text/html"}


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    """A mail server that takes everything."""
    opened = Letterbox(find_port())
    with opened.open():
        yield opened


@pytest.fixture
def settings(settings: Settings, letterbox: Letterbox) -> Settings:
    """Settings that name the mail server."""
    settings.smtp_url = SecretStr(letterbox.url)
    settings.mail_from = "Hereabouts <noreply@example.org>"
    return settings


@pytest.fixture
async def worker(demo_database: Database, settings: Settings) -> AsyncIterator[None]:
    """Does jobs for as long as the test runs."""
    times = WorkerTimes(poll_s=0.1, grace_s=5)
    queue = open_queue(demo_database, settings)
    running = asyncio.create_task(run_worker(queue, demo_database, times))
    yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def add_person(database: Database, email: str, *grants: Grant, name: str = "") -> str:
    """Make an account with roles and return the token of a link for it."""
    async with database.sessions.begin() as session:
        person, _ = await service.ensure_person(session, email, name)
        for grant in grants:
            await service.give_role(session, person, grant, None)
        link = await issue_invitation(session, person.id, email)
    return link.token


SignIn = Callable[..., AsyncIterator[httpx.AsyncClient]]


@pytest.fixture
async def sign_in(
    demo_database: Database, settings: Settings
) -> AsyncIterator[Callable[..., object]]:
    """Signs programs in, with a role if one is given."""
    opened: list[httpx.AsyncClient] = []

    async def enter(
        email: str, role: Role | None = None, area: AreaRef | None = None
    ) -> httpx.AsyncClient:
        grants = [Grant(role, area)] if role else []
        token = await add_person(demo_database, email, *grants)
        client = open_client(demo_database, settings)
        opened.append(client)
        answer = await client.post("/api/v1/sessions", json={"token": token})
        assert answer.status_code == 201
        client.cookies.clear()
        client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return client

    yield enter
    for client in opened:
        await client.aclose()


async def read_token(letterbox: Letterbox, count: int = 1) -> str:
    """Return the token in the newest of `count` mails."""
    mails = await letterbox.wait_for(count)
    found = re.search(r"/sign-in/([\w-]{43})\s", read_body(mails[-1]))
    assert found
    return found[1]


async def read_form(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    """Open a page and return the hidden fields of its forms."""
    page = await client.get(path, headers=HTML)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
