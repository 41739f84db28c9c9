"""Words about ourselves, and what programs ask for."""

import re
from xml.etree import ElementTree as ET

import httpx
import pytest

from app.core.database import Database
from app.core.settings import Settings
from app.pages.reading import machines
from tests.conftest import open_client

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.mark.parametrize("path", ["/help", "/about", "/privacy", "/accessibility", "/whats-new"])
async def test_words_about_ourselves_are_there_with_and_without_a_place(
    client: httpx.AsyncClient, empty_client: httpx.AsyncClient, path: str
) -> None:
    for each in (client, empty_client):
        response = await each.get(path, headers=HTML)
        assert response.status_code == 200
        assert response.text.count("<h1") == 1


async def test_that_nobody_has_said_who_runs_it_is_said_plainly(client: httpx.AsyncClient) -> None:
    for path in ("/about", "/privacy", "/accessibility"):
        page = (await client.get(path, headers=HTML)).text
        assert "has not said yet who they are" in page


async def test_the_operator_is_named_with_a_way_to_reach_them(
    demo_database: Database, settings: Settings
) -> None:
    named = {"operator_name": "Example & Sons", "operator_contact": "help@example.org"}
    async with open_client(demo_database, settings.model_copy(update=named)) as client:
        page = (await client.get("/about", headers=HTML)).text
    assert "Hereabouts is run here by Example &amp; Sons." in page
    assert 'href="mailto:help@example.org"' in page


async def test_the_page_of_privacy_names_every_cookie_that_is_set(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/privacy", headers=HTML)
    assert set(response.cookies) == {"forms"}
    for name in ("forms", "theme", "session"):
        assert re.search(rf"<li>{name}: ", response.text), name
    assert "tile.openstreetmap.org" in response.text


async def test_the_style_guide_is_only_for_those_who_work_on_the_pages(
    client: httpx.AsyncClient, demo_database: Database, settings: Settings
) -> None:
    assert (await client.get("/styleguide", headers=HTML)).status_code == 404
    shown = settings.model_copy(update={"style_guide": True})
    async with open_client(demo_database, shown) as guide:
        response = await guide.get("/styleguide", headers=HTML)
    assert response.status_code == 200
    assert response.text.count("ha-stamp ha-stamp--") == 8


def read_addresses(document: str) -> list[str]:
    """Return the addresses that a part of a sitemap, or its index, lists."""
    tree = ET.fromstring(document)  # noqa: S314 - our own answer
    return [each.text or "" for each in tree.iter(f"{SITEMAP}loc")]


async def test_the_sitemap_lists_public_pages_in_parts(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "PART", 100)
    parts = read_addresses((await client.get("/sitemap.xml")).text)
    lists = [read_addresses((await client.get(part)).text) for part in parts]
    listed = [each for addresses in lists for each in addresses]
    assert len(listed) == len(set(listed))
    assert "http://hereabouts.test/help" in listed
    for kind in ("assets", "organisations", "areas"):
        assert len([each for each in listed if f"/{kind}/" in each]) > 20
    assert max(map(len, lists)) <= 100
    for address in listed[10::211]:
        assert (await client.get(address, headers=HTML)).status_code == 200, address


@pytest.mark.parametrize("path", ["/sitemaps/assets-99.xml", "/sitemaps/x-1.xml",
                                  "/sitemaps/assets-0.xml", "/sitemaps/assets-x.xml"])  # fmt: skip
async def test_a_part_that_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_programs_are_told_what_is_not_for_them(client: httpx.AsyncClient) -> None:
    text = (await client.get("/robots.txt")).text
    assert "Sitemap: http://hereabouts.test/sitemap.xml" in text
    assert "Disallow: /account" in text


async def test_the_base_address_of_the_settings_wins(
    demo_database: Database, settings: Settings
) -> None:
    ours = settings.model_copy(
        update={"base_url": "https://here.example.org/", "allowed_hosts": ["hereabouts.test"]}
    )
    async with open_client(demo_database, ours) as client:
        assert "https://here.example.org/sitemap.xml" in (await client.get("/robots.txt")).text
        page = (await client.get("/about", headers=HTML)).text
    assert '<link rel="canonical" href="https://here.example.org/about">' in page


async def test_the_site_can_be_installed_with_our_own_mark(client: httpx.AsyncClient) -> None:
    response = await client.get("/manifest.webmanifest")
    assert response.headers["content-type"].startswith("application/manifest+json")
    document = response.json()
    assert document["name"] == "Hereabouts: Haddermouth"
    assert {each["purpose"] for each in document["icons"]} == {"any", "maskable"}
    assert all(each["src"].startswith("/static/") for each in document["icons"])
    sizes = {each["sizes"] for each in document["icons"] if each["type"] == "image/png"}
    assert sizes == {"192x192", "512x512"}
    page = (await client.get("/help", headers=HTML)).text
    assert '<link rel="apple-touch-icon" href="/static/assets/mark-180-5.png"' in page
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
