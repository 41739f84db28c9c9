"""An asset in a district, and the people who keep it right, each with a browser of their own."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.accounts.permissions import AreaRef, Grant, Role
from app.core.database import Database
from app.core.settings import Settings
from app.records.vocabulary import Status
from tests.accounts.conftest import add_person
from tests.conftest import open_client
from tests.planting import add_asset, at, find_district

HTML = {"accept": "text/html"}
PRIVATE_PHONE = "0151 111 2222"
Form = dict[str, str | list[str]]


@dataclass
class Ground:
    """Where everything is.

    Attributes:
        database: The database.
        asset: Public id of a public asset.
        district: The district that it is in.
    """

    database: Database
    asset: UUID
    district: dict[str, Any]

    @property
    def here(self) -> AreaRef:
        """The authority around it."""
        return AreaRef("authority", self.district["authority"])

    async def fetch(self, query: str, **given: Any) -> list[Any]:  # noqa: ANN401 - any values
        """Return the rows of a query, by name."""
        async with self.database.sessions() as session:
            return list((await session.execute(text(query), given)).all())

    async def run(self, statement: str, **given: Any) -> None:  # noqa: ANN401 - any values
        """Change something behind the back of the service."""
        async with self.database.sessions.begin() as session:
            await session.execute(text(statement), given)


def write_document(district: dict[str, Any]) -> dict[str, Any]:
    """Return an activity with a public and a private way to get in touch."""
    contacts = [
        {"kind": "email", "value": "club@example.org"},
        {"kind": "phone", "value": PRIVATE_PHONE, "visibility": "hidden"},
    ]
    site = {
        "address": "1 Quay", "location": at(district["points"][0]),
        "opening_hours": "Mo 10:00-12:00", "contacts": contacts,
    }  # fmt: skip
    return {
        "name": "Quay Club", "kind": "activity", "categories": ["library"],
        "description": "Tea and talk.", "sites": [site],
    }  # fmt: skip


@pytest.fixture
async def ground(demo_database: Database) -> Ground:
    """A public asset."""
    district = await find_district(demo_database)
    kept = await add_asset(demo_database, write_document(district), Status.PUBLISHED)
    return Ground(demo_database, kept.public_id, district)


Enter = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def enter(ground: Ground, settings: Settings) -> AsyncIterator[Enter]:
    """Gives a browser to a stranger, or signs somebody in with a role where the asset is."""
    opened: list[httpx.AsyncClient] = []

    async def give(
        role: Role | None = None, area: AreaRef | None = None, name: str = "", *, known: bool = True
    ) -> httpx.AsyncClient:
        client = open_client(ground.database, settings)
        opened.append(client)
        if role is not None or (name and known):
            grants = [Grant(role, area or ground.here)] if role else []
            email = f"{(name or str(role)).lower().replace(' ', '.')}@example.org"
            token = await add_person(ground.database, email, *grants, name=name)
            fields = read_hidden((await client.get(f"/sign-in/{token}", headers=HTML)).text)
            await client.post(f"/sign-in/{token}", data=fields, headers=HTML)
        return client

    yield give
    for client in opened:
        await client.aclose()


def read_hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def read_fields(page: str) -> Form:
    """Return everything that the main form of a page would send."""
    main = page[page.index("<main") : page.index("</main>")]
    fields: Form = dict(read_hidden(main))
    for tag in re.findall(r"<input [^>]*>", main):
        kind = re.search(r'type="(\w+)"', tag)
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        is_choice = kind is not None and kind[1] in {"hidden", "radio", "checkbox"}
        if name is None or (is_choice and "checked" not in tag):
            continue
        fields[name[1]] = unescape(value[1]) if value else ""
    for name, words in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', main, re.DOTALL
    ):
        fields[name] = unescape(words).removeprefix("\n")
    selects = re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', main, re.DOTALL)
    for name, options in selects:
        chosen = re.findall(r'<option value="([^"]*)"[^>]* selected', options)
        every = re.findall(r'<option value="([^"]*)"', options)
        picked = unescape((chosen or every)[0])
        if name in fields:
            before = fields[name]
            fields[name] = [*(before if isinstance(before, list) else [before]), picked]
        else:
            fields[name] = picked
    return fields


async def send(
    client: httpx.AsyncClient, path: str, changes: Form, *, opened: str = ""
) -> httpx.Response:
    """Open a page, change some fields of its form, and send it."""
    page = (await client.get(opened or path, headers=HTML)).text
    return await client.post(path, data={**read_fields(page), **changes}, headers=HTML)


SECRET = "9 Refuge Row"  # noqa: S105 - an address


@pytest.fixture
async def several(ground: Ground) -> Ground:
    """An asset with two places that everybody sees and one that nobody does."""
    document = write_document(ground.district)
    second = {
        "address": "2 Mill Lane", "location": at(ground.district["points"][1]),
        "opening_hours": "Th[1] 14:00-16:00", "capacity": 25,
    }  # fmt: skip
    third = {"address": SECRET, "visibility": "hidden"}
    sites = [*document["sites"], second, third]
    kept = await add_asset(ground.database, {**document, "sites": sites}, Status.PUBLISHED)
    return replace(ground, asset=kept.public_id)


async def list_sites(ground: Ground) -> list[dict[str, Any]]:
    """Return the places of the asset as its newest document has them."""
    (row,) = await ground.fetch(
        """SELECT document FROM revisions JOIN assets ON assets.id = subject_id
            WHERE subject = 'asset' AND public_id = :asset AND number = assets.revision""",
        asset=ground.asset,
    )
    sites: list[dict[str, Any]] = row.document["sites"]
    return sites


async def find_path(ground: Ground, number: int) -> str:
    """Return the address of the form of a place."""
    return f"/assets/{ground.asset}/edit/{(await list_sites(ground))[number]['id']}"


async def decide(moderator: httpx.AsyncClient, ground: Ground, **sent: str) -> httpx.Response:
    """Decide about the one thing that waits."""
    (row,) = await ground.fetch("SELECT public_id FROM suggestions WHERE status = 'waiting'")
    return await send(moderator, f"/review/suggestion/{row.public_id}", dict(sent))


async def is_quiet(ground: Ground) -> bool:
    """Return whether nothing waits for a moderator."""
    return not await ground.fetch("SELECT 1 FROM suggestions")
