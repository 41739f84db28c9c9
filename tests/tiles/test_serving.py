"""The shortest way to a tile says what the application says, word for word."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.database import Database
from app.core.kept_answers import FIND_KEPT, FindKept, Wishes
from app.core.settings import Settings
from app.core.versions import VersionRaised
from app.main import create_app
from tests.tiles.decoding import find_layer

pytestmark = pytest.mark.reads

FULL, EMPTY = "/tiles/assets/0/0/0.mvt", "/tiles/assets/9/0/0.mvt"
GZIP = {"accept-encoding": "gzip, br"}


@pytest.fixture
async def state(
    demo_database: Database, settings: Settings
) -> AsyncIterator[tuple[FastAPI, Mapping[str, Any]]]:
    """An application that has started, and what it gives the server."""
    app = create_app(settings, database=demo_database)
    async with app.router.lifespan_context(app) as given:
        yield app, given or {}


@pytest.fixture
async def client(state: tuple[FastAPI, Mapping[str, Any]]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that calls the application directly."""
    transport = httpx.ASGITransport(app=state[0])
    async with httpx.AsyncClient(transport=transport, base_url="http://h.test") as client:
        yield client


@pytest.fixture
def find(state: tuple[FastAPI, Mapping[str, Any]]) -> FindKept:
    """Where the server looks first."""
    found: FindKept = state[1][FIND_KEPT]
    return found


def write(headers: dict[str, str]) -> Wishes:
    """Return headers as the server reads them."""
    return {name.encode(): value.encode() for name, value in headers.items()}


async def find_full(client: httpx.AsyncClient) -> str:
    """Return the address of a tile of areas that shows some."""
    described = await find_layer(client, "lsoa-2021")
    return str(described["tiles"]).format(z=0, x=0, y=0)


@pytest.mark.parametrize("address", ["areas", FULL, EMPTY])
@pytest.mark.parametrize("form", ["whole", "still right", "another held"])
async def test_a_kept_tile_is_sent_as_the_application_sends_it(
    client: httpx.AsyncClient, find: FindKept, address: str, form: str
) -> None:
    address = await find_full(client) if address == "areas" else address
    etag = (await client.get(address, headers=GZIP)).headers["etag"]
    held = {"whole": {}, "still right": {"if-none-match": etag}, "another held": {
        "if-none-match": '"another"'}}[form]  # fmt: skip
    wishes = GZIP | held
    async with client.stream("GET", address, headers=wishes) as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])
    kept = find(address.encode(), write(wishes))
    assert kept is not None
    assert kept.status == response.status_code
    assert kept.body == body
    lines = kept.head.decode().removesuffix("\r\n").split("\r\n")
    assert [tuple(line.split(": ", 1)) for line in lines] == list(response.headers.items())


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (FULL, {}),
        (FULL + "?category=library", GZIP),
        (FULL.replace("assets", "assets%2f"), GZIP),
        ("http://h.test" + FULL, GZIP),
        ("/api/v1/tile-layers", GZIP),
        ("/tiles/", GZIP),
    ],
)
async def test_what_is_not_kept_or_is_wanted_plain_is_left_to_the_application(
    client: httpx.AsyncClient, find: FindKept, address: str, headers: dict[str, str]
) -> None:
    await client.get(FULL, headers=GZIP)
    assert find(FULL.encode(), write(GZIP)) is not None
    assert find(address.encode(), write(headers)) is None


async def test_a_change_is_heard_of_on_the_shortest_way(
    client: httpx.AsyncClient, state: tuple[FastAPI, Mapping[str, Any]], find: FindKept
) -> None:
    await client.get(FULL, headers=GZIP)
    assert find(FULL.encode(), write(GZIP)) is not None
    state[0].state.tiles.hear(VersionRaised("assets", 1, None))
    assert find(FULL.encode(), write(GZIP)) is None
