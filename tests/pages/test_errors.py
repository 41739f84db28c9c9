"""Errors are pages to people and problem documents to programs."""

import httpx
import pytest
from fastapi import FastAPI

from app.pages.errors import SENTENCES

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
    assert "<form" not in response.text


async def test_the_sentence_about_a_missing_pack_can_be_translated(
    empty_client: httpx.AsyncClient,
) -> None:
    response = await empty_client.get("/sources", headers=HTML)
    assert SENTENCES[2] in response.text


async def test_a_sentence_is_escaped(client: httpx.AsyncClient) -> None:
    response = await client.get("/api-reference/<b>bold</b>", headers=HTML)
    assert "<b>bold" not in response.text


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
