"""The pages to sign in with: what they say, and what a visitor who made a slip sees."""

import re

import httpx
import pytest

from app.accounts.permissions import AreaRef, Grant, Role
from app.core.database import Database
from tests.accounts.conftest import add_person, read_form

HTML = {"accept": "text/html"}
ASHA = "asha@example.org"


@pytest.mark.reads
async def test_a_stranger_finds_the_way_in_on_every_page(client: httpx.AsyncClient) -> None:
    for path in ("/", "/sources", "/docs", "/sign-in"):
        page = (await client.get(path, headers=HTML)).text
        assert re.search(r'<a href="/sign-in"[^>]*>Sign in</a>', page)


@pytest.mark.reads
async def test_a_slip_in_the_address_is_told_beside_it(client: httpx.AsyncClient) -> None:
    fields = await read_form(client, "/sign-in?next_path=/sources")
    answer = await client.post(
        "/sign-in", data={**fields, "email": 'asha"><b>@example'}, headers=HTML
    )
    assert answer.status_code == 400
    assert "This is not an e-mail address." in answer.text
    assert "<title>Problem: Sign in" in answer.text
    assert 'aria-describedby="email-hint email-error"' in answer.text
    assert 'value="asha&#34;&gt;&lt;b&gt;@example"' in answer.text
    assert 'name="next_path" value="/sources"' in answer.text


async def test_asking_too_often_is_a_page_of_its_own(client: httpx.AsyncClient) -> None:
    fields = await read_form(client, "/sign-in")
    for _ in range(5):
        sent = await client.post("/sign-in", data={**fields, "email": ASHA}, headers=HTML)
        assert sent.status_code == 303
    answer = await client.post("/sign-in", data={**fields, "email": ASHA}, headers=HTML)
    assert answer.status_code == 429
    assert "That was too often" in answer.text
    assert "spam folder" in answer.text


@pytest.mark.reads
async def test_a_form_from_elsewhere_sends_no_link(client: httpx.AsyncClient) -> None:
    fields = await read_form(client, "/sign-in")
    data = {**fields, "email": ASHA}
    foreign = {**HTML, "origin": "https://evil.example"}
    assert (await client.post("/sign-in", data=data, headers=foreign)).status_code == 403
    del data["csrf_token"]
    assert (await client.post("/sign-in", data=data, headers=HTML)).status_code == 403


async def test_whoever_is_signed_in_sees_as_whom_and_what_for(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    grants = (
        Grant(Role.ORGANISER, AreaRef("authority", "X07000001")),
        Grant(Role.MODERATOR, AreaRef("ward", "gone")),
        Grant(Role.ANALYST),
    )
    token = await add_person(demo_database, ASHA, *grants, name="Asha <i>")
    fields = await read_form(client, f"/sign-in/{token}")
    await client.post(f"/sign-in/{token}", data=fields, headers=HTML)
    page = (await client.get("/account", headers=HTML)).text
    assert "<strong>Asha &lt;i&gt;</strong>" in page
    assert "<li>Organiser: Haddermouth<" in page
    assert "<li>Moderator: gone<" in page
    assert "<li>Analyst: everywhere<" in page
    home = await client.get("/", headers=HTML)
    assert '<a href="/account">Account</a>' in home.text
    assert home.headers["cache-control"] == "private, no-cache"


async def test_without_a_name_the_address_stands_for_the_person(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    token = await add_person(demo_database, ASHA)
    fields = await read_form(client, f"/sign-in/{token}")
    await client.post(f"/sign-in/{token}", data=fields, headers=HTML)
    page = (await client.get("/account", headers=HTML)).text
    assert f"<strong>{ASHA}</strong>" in page
    assert "You have no role yet." in page


async def test_the_page_of_a_link_names_its_secret_nowhere(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    token = await add_person(demo_database, ASHA)
    page = await client.get(f"/sign-in/{token}", headers=HTML)
    assert page.status_code == 200
    assert token not in page.text
    assert "Sign in</button>" in page.text


@pytest.mark.reads
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/sent", "/sign-in/" + "a" * 43])
async def test_signing_in_works_before_a_place_is_loaded(
    empty_client: httpx.AsyncClient, path: str
) -> None:
    answer = await empty_client.get(path, headers=HTML)
    assert answer.status_code in {200, 404}
    assert "<h1" in answer.text
