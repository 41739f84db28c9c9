"""Errors are pages to people and problem documents to programs."""

import html
import re
from pathlib import Path

import httpx
import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po
from fastapi import FastAPI

from app.core.errors import NotFoundError, UnavailableError
from app.core.settings import Settings
from app.pages.errors import SENTENCES
from app.pages.languages import Catalogues
from app.pages.layout import Templates

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html,application/xhtml+xml"}


async def test_a_missing_page_is_said_in_the_frame_of_every_page(client: httpx.AsyncClient) -> None:
    response = await client.get("/nowhere", headers=HTML)
    assert response.status_code == 404
    assert "<h1" in response.text
    assert SENTENCES[0] in response.text
    assert '<a href="/sources"' in response.text


async def test_the_api_never_answers_with_a_page(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/nowhere", headers=HTML)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("application/problem+json")


async def test_a_fault_keeps_its_reason_to_itself(client: httpx.AsyncClient, app: FastAPI) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("a private reason")

    app.add_api_route("/fails", fail)
    response = await client.get("/fails", headers=HTML)
    assert response.status_code == 500
    assert SENTENCES[1] in response.text
    assert "private reason" not in response.text


async def test_the_form_of_a_fault_page_works(client: httpx.AsyncClient, app: FastAPI) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    app.add_api_route("/fails", fail)
    page = (await client.get("/fails", headers=HTML)).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    sent = await client.post("/appearance", data={**fields, "theme": "dark"}, headers=HTML)
    assert sent.status_code == 303


class BrokenDatabase:
    """A database that cannot be asked, and counts who tried."""

    def __init__(self) -> None:
        self.asked = 0

    def sessions(self) -> None:
        """Refuse, as a pool without a free connection does."""
        self.asked += 1
        raise TimeoutError


@pytest.mark.parametrize(
    ("error", "status"), [(TimeoutError(), 500), (UnavailableError("Please wait."), 503)]
)
async def test_a_fault_page_asks_nothing_of_the_database(
    client: httpx.AsyncClient, app: FastAPI, error: Exception, status: int
) -> None:
    async def fail() -> None:
        raise error

    app.add_api_route("/fails", fail)
    working, broken = app.state.database, BrokenDatabase()
    app.state.database = broken
    before = await client.get("/fails", headers=HTML)
    app.state.database = working
    await client.get("/sources", headers=HTML)
    app.state.database = broken
    after = await client.get("/fails", headers=HTML)
    assert (before.status_code, after.status_code) == (status, status)
    assert "Haddermouth" not in before.text
    assert '<span class="ha-place">Haddermouth</span>' in after.text
    assert broken.asked == 0


async def test_a_page_that_is_missing_is_said_without_a_database_too(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    app.state.database = BrokenDatabase()
    response = await client.get("/nowhere", headers=HTML)
    assert response.status_code == 404
    assert SENTENCES[0] in response.text


async def test_the_sentence_about_a_missing_pack_can_be_translated(
    empty_client: httpx.AsyncClient,
) -> None:
    response = await empty_client.get("/sources", headers=HTML)
    assert SENTENCES[2] in response.text


@pytest.mark.parametrize(
    "sentence",
    ["<b>100 %</b> of 50% {x}", "100 % so", "50% of", "%(name)s", "There is no '<script>'"],
)
async def test_a_sentence_with_data_is_shown_escaped_and_whole(
    client: httpx.AsyncClient, app: FastAPI, sentence: str
) -> None:
    async def refuse() -> None:
        raise NotFoundError(sentence)

    app.add_api_route("/refuses", refuse)
    response = await client.get("/refuses", headers=HTML)
    assert response.status_code == 404
    said = response.text.split('<p class="ha-lead">')[1].split("</p>")[0]
    assert not re.search("[<>]", said)
    assert html.unescape(said) == sentence


async def test_an_error_without_a_sentence_shows_none(
    client: httpx.AsyncClient, app: FastAPI, settings: Settings, tmp_path: Path
) -> None:
    async def refuse() -> None:
        raise NotFoundError("")

    # The empty sentence is where a catalogue keeps what it says of itself.
    path = tmp_path / "en_GB" / "LC_MESSAGES" / "hereabouts.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, Catalog(locale="en_GB", project="Catalogue of words"))
    app.state.templates = Templates(settings, Catalogues(tmp_path))
    app.add_api_route("/refuses", refuse)
    assert "Catalogue of words" not in (await client.get("/refuses", headers=HTML)).text


async def test_pages_say_so_when_the_frontend_is_not_built(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    (app.state.settings.frontend_dir / "manifest.json").unlink()
    response = await client.get("/", headers=HTML)
    assert response.status_code == 503
    assert "npm run build" in response.text


@pytest.mark.parametrize("path", ["/", "/sources"])
async def test_a_program_is_told_of_a_missing_pack_as_a_problem(
    empty_client: httpx.AsyncClient, path: str
) -> None:
    response = await empty_client.get(path, headers={"accept": "application/json"})
    assert response.status_code == 503
    assert response.json()["detail"] == SENTENCES[2]
