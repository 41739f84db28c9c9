"""Sources name their licences; the API reference holds every operation and leads nowhere else."""

import re

import httpx
import pytest
from fastapi import FastAPI

from app.pages.layout import LICENCES

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}


async def test_every_source_is_named_with_its_licence_and_date(client: httpx.AsyncClient) -> None:
    page = (await client.get("/sources", headers=HTML)).text
    sources = (await client.get("/api/v1/pack")).json()["sources"]
    assert sources
    for source in sources:
        assert source["title"] in page
        assert f'rel="license">{LICENCES[source["licence"]]}</a>' in page
    assert "17 September 2026" in page


async def test_the_footer_of_every_page_names_the_sources(client: httpx.AsyncClient) -> None:
    footer = (await client.get("/", headers=HTML)).text.split("<footer")[1]
    for source in (await client.get("/api/v1/pack")).json()["sources"]:
        assert source["attribution"] in footer


async def test_every_operation_and_shape_is_described(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs", headers=HTML)).text
    document = (await client.get("/openapi.json")).json()
    plain = page.replace("\u200b", "")
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"{method.upper()} <span>{path}</span>" in plain
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(re.findall(r'id="([^"]+)"', page))


async def test_it_can_be_read_before_a_pack_is_loaded(empty_client: httpx.AsyncClient) -> None:
    assert (await empty_client.get("/docs", headers=HTML)).status_code == 200


async def test_no_page_names_another_host_but_in_links(client: httpx.AsyncClient) -> None:
    for path in ("/", "/sources", "/docs"):
        page = (await client.get(path, headers=HTML)).text
        assert not re.findall(r'(?:src|action)="(?:https?:)?//', page)
        assert not re.findall(r'<link[^>]+href="(?:https?:)?//', page)


async def test_the_reference_is_written_once_and_its_frame_for_each_visitor(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    client.cookies.set("theme", "light")
    first = (await client.get("/docs", headers=HTML)).text
    app.openapi_schema = {"paths": {}}  # writing it again would need more than this
    client.cookies.set("theme", "dark")
    second = (await client.get("/docs", headers=HTML)).text
    assert (
        first.split("<main")[1].split("</main>")[0] == second.split("<main")[1].split("</main>")[0]
    )
    assert 'data-theme="light"' in first
    assert 'data-theme="dark"' in second
    hidden = r'name="csrf_token" value="([^"]+)"'
    assert re.findall(hidden, first) != re.findall(hidden, second)
