"""How much may be offered in an hour by whom, and what is kept of them meanwhile."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.accounts.permissions import AreaRef, Role
from app.core.database import Database
from app.core.settings import Settings
from app.main import create_app

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]

TOWN = AreaRef("authority", "X07000001")
ELSEWHERE = AreaRef("authority", "X07000002")
ORGANISATION: dict[str, Any] = {"name": "Old Town Friends", "kind": "charity"}
ASSET: dict[str, Any] = {
    "kind": "activity", "name": "Tea at three", "categories": ["befriending"],
    "sites": [{"address": "12 Oak Lane", "location": {"lon": 1.184912, "lat": 53.849518}}],
}  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which little may be offered."""
    settings.offers_per_hour_stranger = 2
    settings.offers_per_hour_person = 3
    return settings


@asynccontextmanager
async def come_from(
    address: str, database: Database, settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client at a network address, of a server process of its own."""
    app = create_app(settings, database=database)
    transport = httpx.ASGITransport(app=app, client=(address, 1), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hereabouts.test") as opened:
        yield opened


async def offer(client: httpx.AsyncClient, times: int = 1) -> list[int]:
    """Offer organisations and assets in turn, and return the statuses."""
    bodies = [("organisations", ORGANISATION), ("assets", ASSET)]
    found = []
    for number in range(times):
        path, body = bodies[number % 2]
        found.append((await client.post(f"/api/v1/{path}", json=body)).status_code)
    return found


async def fetch(database: Database, query: str) -> list[Any]:
    """Return the rows of a query."""
    async with database.sessions() as session:
        return list((await session.execute(text(query))).all())


async def pass_time(database: Database, minutes: int) -> None:
    """Let everything that was counted be older by so many minutes."""
    change = text("UPDATE limited_acts SET at = at - make_interval(mins => :minutes)")
    async with database.sessions.begin() as session:
        await session.execute(change, {"minutes": minutes})


async def test_a_stranger_offers_so_much_an_hour_and_is_told_when_to_come_back(
    demo_database: Database, settings: Settings
) -> None:
    async with come_from("192.0.2.7", demo_database, settings) as client:
        assert await offer(client, 2) == [201, 201]
    # another process of the same service knows of it
    async with come_from("192.0.2.7", demo_database, settings) as client:
        await pass_time(demo_database, 45)
        refused = await client.post("/api/v1/assets", json=ASSET)
        assert refused.status_code == 429
        problem = refused.json()
        assert re.search(
            r"from your network address.*Sign in and send it again, or try again in 15 minutes\.$",
            problem["detail"],
        )
        wait = int(refused.headers["retry-after"])
        assert 14 * 60 < wait <= 15 * 60
        assert problem["retry_after_s"] == wait
        await pass_time(demo_database, 15)
        assert await offer(client) == [201]
    kept = await fetch(demo_database, "SELECT 1 FROM revisions WHERE status = 'waiting'")
    assert len(kept) == 3


async def test_each_network_address_has_its_own_and_a_network_of_ipv6_one_in_all(
    demo_database: Database, settings: Settings
) -> None:
    told = {}
    for address in ("192.0.2.7", "192.0.2.8", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9"):
        async with come_from(address, demo_database, settings) as client:
            told[address] = await offer(client, 2)
    assert told == {
        "192.0.2.7": [201, 201], "192.0.2.8": [201, 201],
        "2001:db8:1:2::1": [201, 201], "2001:db8:1:2:ffff::9": [429, 429],
    }  # fmt: skip


async def test_a_person_has_their_own_wherever_they_are(
    sign_in: SignIn, client: httpx.AsyncClient
) -> None:
    ben = await sign_in("ben@example.org")
    assert await offer(ben, 4) == [201, 201, 201, 429]
    assert await offer(await sign_in("ben@example.org")) == [429]
    assert await offer(await sign_in("asha@example.org")) == [201]
    assert await offer(client) == [201]
    refused = await ben.post("/api/v1/assets", json=ASSET)
    assert "You have offered as much in the last hour" in refused.json()["detail"]


async def test_whoever_may_publish_there_is_not_limited(sign_in: SignIn) -> None:
    here = await sign_in("here@example.org", Role.ORGANISER, TOWN)
    found = [(await here.post("/api/v1/assets", json=ASSET)).json()["status"] for _ in range(5)]
    assert found == ["published"] * 5
    elsewhere = await sign_in("elsewhere@example.org", Role.ORGANISER, ELSEWHERE)
    statuses = [(await elsewhere.post("/api/v1/assets", json=ASSET)).status_code for _ in range(4)]
    assert statuses == [201, 201, 201, 429]
    contributor = await sign_in("c@example.org", Role.CONTRIBUTOR, TOWN)
    assert await offer(contributor, 4) == [201, 201, 201, 429]


async def test_changing_what_one_offered_counts_as_offering_it_again(sign_in: SignIn) -> None:
    ben = await sign_in("ben@example.org")
    address = (await ben.post("/api/v1/assets", json=ASSET)).headers["location"]
    told = []
    for number in (1, 2, 3):
        headers = {"if-match": f'"{number}"'}
        changed = await ben.patch(address, json={"name": f"Tea {number}"}, headers=headers)
        told.append(changed.status_code)
    assert told == [200, 200, 429]


async def test_what_is_refused_for_another_reason_does_not_count(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(3):
        wrong = await client.post("/api/v1/assets", json={**ASSET, "categories": ["librry"]})
        assert wrong.status_code == 400
    assert await offer(client, 3) == [201, 201, 429]


async def test_the_limit_holds_for_offers_at_the_same_time(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    sent = [client.post("/api/v1/organisations", json=ORGANISATION) for _ in range(6)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*sent))
    assert statuses == [201, 201, 429, 429, 429, 429]
    assert len(await fetch(demo_database, "SELECT 1 FROM limited_acts")) == 2


async def test_of_a_stranger_only_a_keyed_hash_is_kept_and_that_for_a_day(
    demo_database: Database, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with come_from("192.0.2.7", demo_database, settings) as client:
        await offer(client)
    [first] = await fetch(demo_database, "SELECT who, row_to_json(a)::text FROM limited_acts AS a")
    assert len(first[0]) == 32
    assert "192.0.2.7" not in first[1]
    assert b"192.0.2.7" not in first[0]
    # with another key the same address is another hash
    settings.var_dir = tmp_path_factory.mktemp("other")
    async with come_from("192.0.2.7", demo_database, settings) as client:
        await offer(client)
    both = await fetch(demo_database, "SELECT DISTINCT who FROM limited_acts")
    assert len(both) == 2
    await pass_time(demo_database, 25 * 60)
    async with come_from("192.0.2.9", demo_database, settings) as client:
        await offer(client)
    assert len(await fetch(demo_database, "SELECT 1 FROM limited_acts")) == 1
