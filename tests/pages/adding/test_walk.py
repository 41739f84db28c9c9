"""The walk as a whole: what is kept, what is sent, and who may see it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.accounts.permissions import AreaRef, Grant, Role
from app.core.database import Database
from app.core.settings import Settings
from app.drafts.service import find_contact, forget_old
from app.records.vocabulary import Subject
from tests.accounts.conftest import add_person
from tests.conftest import open_client
from tests.pages.adding.walking import HTML, TIME, Walker, find_place
from tests.planting import find_district


@pytest.fixture
async def place(demo_database: Database) -> dict[str, str]:
    """A point as it is typed."""
    return await find_place(demo_database)


@pytest.fixture
async def other(demo_database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser on the same service."""
    async with open_client(demo_database, settings) as opened:
        yield opened


async def count(database: Database, query: str) -> Any:  # noqa: ANN401 - whatever is counted
    """Return the one value of a query."""
    async with database.sessions() as session:
        return await session.scalar(text(query))


async def enter(client: httpx.AsyncClient, database: Database, *grants: Grant) -> None:
    """Sign a browser in."""
    token = await add_person(database, "asha@example.org", *grants, name="Asha")
    walker = Walker(client)
    await walker.open(f"/sign-in/{token}")
    await walker.send(f"/sign-in/{token}", {})


async def test_a_stranger_adds_something_and_it_waits_for_review(
    client: httpx.AsyncClient, demo_database: Database, place: dict[str, str]
) -> None:
    walker = Walker(client)
    await walker.open("/add")
    assert "question 1 of 7" in walker.page.text
    await walker.walk(place)
    assert walker.title == "Check your answers before you send them"
    assert "Thursday, 12 noon–3.30 pm" in walker.page.text
    assert 'id="preview-title"' in walker.page.text
    await walker.answer("check", {"hear": "mina@example.org"}, "send")
    assert walker.title == "Thank you: somebody will look at it"
    query = "SELECT json_build_object('id', id, 'name', name, 'status', status) FROM assets"
    added = await count(demo_database, f"{query} WHERE name = 'Brassica soup'")
    assert added["status"] == "waiting"
    async with demo_database.sessions() as session:
        told = await find_contact(session, Subject.ASSET, added["id"])
    assert told == "mina@example.org"
    assert await count(demo_database, "SELECT answers FROM drafts") == {}


async def test_an_organiser_sees_it_published_at_once(
    client: httpx.AsyncClient, demo_database: Database, place: dict[str, str]
) -> None:
    district = await find_district(demo_database)
    here = Grant(Role.ORGANISER, AreaRef("authority", district["authority"]))
    await enter(client, demo_database, here)
    walker = Walker(client)
    await walker.walk(place)
    assert 'name="hear"' not in walker.page.text
    await walker.answer("check", {}, "send")
    assert walker.title == "It is on the map now"
    found = await client.get("/api/v1/assets?q=brassica")
    assert [each["properties"]["name"] for each in found.json()["features"]] == ["Brassica soup"]


async def test_what_was_typed_is_kept_even_when_it_is_wrong(
    client: httpx.AsyncClient, demo_database: Database, settings: Settings
) -> None:
    walker = Walker(client)
    await walker.begin()
    await walker.answer("place", {"name": "  Soup <b>", "where": "postcode", "postcode": "ZZ9"})
    assert walker.page.status_code == 400
    assert walker.title.startswith("Problem:")
    assert "“ZZ9”" in walker.problems[0]
    # Another process, as after a restart, with the cookies of the same browser.
    async with open_client(demo_database, settings) as later:
        later.cookies = client.cookies
        page = await later.get(f"{walker.draft}/place", headers=HTML)
    assert 'value="  Soup &lt;b&gt;"' in page.text
    assert 'value="ZZ9"' in page.text


async def test_saving_for_later_checks_nothing_and_add_offers_to_carry_on(
    client: httpx.AsyncClient,
) -> None:
    walker = Walker(client)
    await walker.begin()
    await walker.answer("place", {"name": "Half a thing"}, "save")
    assert walker.title == "Your draft is saved"
    await walker.open("/add")
    assert "You have a draft" in walker.page.text
    assert "Half a thing" in walker.page.text
    draft = walker.draft
    await walker.send(f"{draft}/discard", {})
    assert "Half a thing" not in walker.page.text
    assert (await walker.open(draft)).status_code == 404


async def test_nobody_else_gets_at_a_draft(
    client: httpx.AsyncClient, other: httpx.AsyncClient, demo_database: Database
) -> None:
    walker = Walker(client)
    await walker.begin()
    await walker.answer("place", {"name": "Secret soup"}, "save")
    stranger = Walker(other)
    await stranger.begin()
    for path in ("", "/place", "/saved", "/sent", "/check"):
        page = await other.get(walker.draft + path, headers=HTML)
        assert page.status_code == 404
        assert "Secret" not in page.text
    token = {"csrf_token": stranger.read_token(), "name": "Mine now", "action": "save"}
    for path in ("/place", "/discard", "/check"):
        tried = await other.post(walker.draft + path, data=token, headers=HTML)
        assert tried.status_code == 404
    await enter(other, demo_database, Grant(Role.ADMINISTRATOR))
    assert (await other.get(f"{walker.draft}/place", headers=HTML)).status_code == 404
    assert "Secret soup" in (await client.get(f"{walker.draft}/place", headers=HTML)).text


async def test_a_forged_cookie_opens_nothing(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    walker = Walker(client)
    await walker.begin()
    held = client.cookies["drafts"]
    # In the midst of the signature: its last letter holds bits that are of no use.
    other.cookies.set("drafts", f"{held[:-9]}{'A' if held[-9] != 'A' else 'B'}{held[-8:]}")
    assert (await other.get(f"{walker.draft}/kind", headers=HTML)).status_code == 404
    other.cookies.set("drafts", held)
    assert (await other.get(f"{walker.draft}/kind", headers=HTML)).status_code == 200


async def test_a_draft_goes_with_whoever_signs_in_and_stays_private_after_they_leave(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    walker = Walker(client)
    await walker.begin()
    await enter(client, demo_database)
    assert (await walker.open(f"{walker.draft}/place")).status_code == 200
    await walker.send("/sign-out", {})
    # The next reader at the same computer.
    assert (await walker.open(f"{walker.draft}/place")).status_code == 404
    await walker.open("/add")
    assert "You have a draft" not in walker.page.text


async def test_nothing_is_lost_when_the_session_ends_while_somebody_types(
    client: httpx.AsyncClient, demo_database: Database, place: dict[str, str]
) -> None:
    await enter(client, demo_database)
    walker = Walker(client)
    await walker.begin()
    await walker.open(f"{walker.draft}/place")
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM sessions"))
    await walker.answer("place", {**place, "name": "Typed for long"})
    assert walker.title == "Sign in"
    kept = await count(demo_database, "SELECT answers->'name'->>0 FROM drafts")
    assert kept == "Typed for long"


async def test_sending_twice_makes_one_thing(
    client: httpx.AsyncClient, demo_database: Database, place: dict[str, str]
) -> None:
    walker = Walker(client)
    await walker.walk(place)
    data = {"csrf_token": walker.read_token(), "action": "send"}
    path = f"{walker.draft}/check"
    both = await asyncio.gather(*(client.post(path, data=data, headers=HTML) for _ in range(3)))
    assert {each.headers["location"] for each in both} == {f"{walker.draft}/sent"}
    again = await client.post(path, data=data, headers=HTML)
    assert again.headers["location"] == f"{walker.draft}/sent"
    # Back, and Continue once more.
    back = await client.post(f"{walker.draft}/time", data={**data, **TIME}, headers=HTML)
    assert back.headers["location"] == f"{walker.draft}/sent"
    query = "SELECT count(*) FROM assets WHERE name = 'Brassica soup'"
    assert await count(demo_database, query) == 1


async def test_two_tabs_make_two_drafts_and_in_one_draft_the_last_answer_counts(
    client: httpx.AsyncClient,
) -> None:
    first, second = Walker(client), Walker(client)
    await first.begin()
    await second.begin()
    assert first.draft != second.draft
    third = Walker(client)
    third.draft = first.draft
    await third.open(f"{first.draft}/place")
    await first.answer("place", {"name": "From the first tab"}, "save")
    await third.answer("place", {"name": "From the other tab"}, "save")
    await first.open(f"{first.draft}/place")
    assert "From the other tab" in first.page.text
    await first.open("/add")
    assert "You have 2 drafts" in first.page.text


async def test_too_much_from_one_address_keeps_the_draft(
    client: httpx.AsyncClient, settings: Settings, place: dict[str, str]
) -> None:
    settings.offers_per_hour_stranger = 1
    for number, status in enumerate((200, 429)):
        walker = Walker(client)
        await walker.walk({**place, "name": f"Gathering {number}", "dup": "none"})
        await walker.answer("check", {}, "send")
        assert walker.page.status_code == status
    assert "Your draft is kept" in walker.problems[0]
    assert "sign in and send it now" in walker.problems[0]
    await walker.open(f"{walker.draft}/place")
    assert "Gathering 1" in walker.page.text


async def test_drafts_are_forgotten_after_their_days(
    client: httpx.AsyncClient, demo_database: Database, settings: Settings
) -> None:
    walker = Walker(client)
    await walker.begin()
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE drafts SET updated_at = now() - interval '29 days'"))
        assert await forget_old(session, settings.draft_days) == 0
    assert (await walker.open(f"{walker.draft}/place")).status_code == 200
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE drafts SET updated_at = now() - interval '31 days'"))
    # Before the job comes by, too.
    assert (await walker.open(f"{walker.draft}/place")).status_code == 404
    async with demo_database.sessions.begin() as session:
        assert await forget_old(session, settings.draft_days) == 1


async def test_pages_of_drafts_are_kept_by_nobody(client: httpx.AsyncClient) -> None:
    walker = Walker(client)
    await walker.begin()
    assert walker.page.headers["cache-control"] == "no-store"
    assert "noindex" in walker.page.headers["x-robots-tag"]
    cookie = next(iter(client.cookies.jar), None)
    assert cookie is not None
    sent = await client.post("/add", data={"csrf_token": walker.read_token()}, headers=HTML)
    held = [each for each in sent.headers.get_list("set-cookie") if each.startswith("drafts=")]
    assert "HttpOnly" in held[0]
    assert "SameSite=lax" in held[0]
