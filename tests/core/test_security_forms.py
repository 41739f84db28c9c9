"""What a form may hold, and how little of a larger one is read."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Form, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel
from starlette.responses import Response

from app.core.errors import install_error_handlers
from app.core.security import (
    FORM_LIMITS,
    CheckedForm,
    FormsMiddleware,
    csrf_token,
    load_secret_key,
)
from app.core.settings import Settings

BASE = "http://hereabouts.test"


class Suggestion(BaseModel):
    """A form that a route reads as a model, beside the check."""

    name: str


def make_app(settings: Settings) -> FastAPI:
    app = FastAPI(form_limits=FORM_LIMITS)
    app.state.settings = settings
    app.state.secret_key = load_secret_key(settings)
    app.add_middleware(FormsMiddleware)

    async def render_page(_request: Request, status: int, detail: str) -> Response:
        return PlainTextResponse(detail, status_code=status)

    install_error_handlers(app, render_page)

    @app.get("/form")
    async def show_form(request: Request) -> PlainTextResponse:
        return PlainTextResponse(csrf_token(request))

    @app.post("/form")
    async def send_form(form: CheckedForm) -> str:
        return f"thank you, {form['name']}"

    @app.post("/model")
    async def send_model(
        _checked: CheckedForm, suggestion: Annotated[Suggestion, Form()]
    ) -> Suggestion:
        return suggestion

    return app


@pytest.fixture
async def visitor(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(make_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def get_token(client: httpx.AsyncClient) -> str:
    return (await client.get("/form")).text


async def test_an_ordinary_form_takes_no_file(visitor: httpx.AsyncClient) -> None:
    data = {"csrf_token": await get_token(visitor), "name": "Ada"}
    response = await visitor.post("/form", data=data, files={"file": b"a,b\n1,2\n"})
    assert response.status_code == 400
    assert "Nothing was changed." in response.json()["detail"]


MULTIPART = "multipart/form-data; boundary=x"
URLENCODED = "application/x-www-form-urlencoded"


class Flood:
    """A body of many pieces that knows how many of them were read."""

    def __init__(self, piece: bytes, count: int) -> None:
        self.piece = piece
        self.count = count
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the pieces, one after another."""
        for _ in range(self.count):
            self.read += 1
            yield self.piece


def make_part(content: bytes, name: bytes = b"name", more: bytes = b"") -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (
        name, more, content,
    )  # fmt: skip


LARGE = b"a" * 1_000_000


@pytest.mark.parametrize(
    ("kind", "piece", "count", "most_read"),
    [
        (MULTIPART, make_part(LARGE), 60, 1),
        (URLENCODED, b"name=" + LARGE + b"&", 60, 1),
        (MULTIPART, make_part(b"a"), 1000, 101),
        (URLENCODED, b"name=a&", 1000, 101),
        (MULTIPART, make_part(b"a", more=b'; filename="a"'), 1000, 1),
    ],
)
async def test_a_flood_is_refused_without_reading_it_whole(
    visitor: httpx.AsyncClient, kind: str, piece: bytes, count: int, most_read: int
) -> None:
    await get_token(visitor)
    flood = Flood(piece, count)
    response = await visitor.post("/form", content=flood, headers={"content-type": kind})
    assert response.status_code == 400
    assert "100 fields, 64 kB in each" in response.json()["detail"]
    assert flood.read <= most_read


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": "60000000"}, 400),
        ({"origin": "https://evil.example"}, 403),
        ({"cookie": "forms=planted"}, 403),
    ],
)
async def test_what_can_be_refused_by_its_headers_is_not_read(
    visitor: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    await get_token(visitor)
    flood = Flood(b"name=a&", 10)
    headers = {"content-type": URLENCODED, **headers}
    response = await visitor.post("/form", content=flood, headers=headers)
    assert (response.status_code, flood.read) == (status, 0)


async def test_a_form_as_large_as_allowed_is_taken(visitor: httpx.AsyncClient) -> None:
    fields = {f"field{number}": "a" * 5000 for number in range(98)}
    data = {"csrf_token": await get_token(visitor), "name": "a" * 60_000, **fields}
    assert (await visitor.post("/form", data=data)).status_code == 200


async def test_a_damaged_form_is_refused_with_a_sentence(visitor: httpx.AsyncClient) -> None:
    await get_token(visitor)
    for kind in (MULTIPART, "multipart/form-data"):
        response = await visitor.post(
            "/form", content=b"no part of anything", headers={"content-type": kind}
        )
        assert response.status_code == 400
        assert "it is damaged" in response.json()["detail"]


async def test_a_form_read_as_a_model_has_the_same_limits(visitor: httpx.AsyncClient) -> None:
    flood = Flood(b"name=" + LARGE + b"&", 60)
    response = await visitor.post("/model", content=flood, headers={"content-type": URLENCODED})
    assert (response.status_code, flood.read) == (400, 1)
