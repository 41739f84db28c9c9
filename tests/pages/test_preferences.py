"""Light or dark: chosen by a form, remembered in a cookie, and back to the same page."""

import re

import httpx
import pytest

from app.core.local_paths import keep_on_site

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}


async def _open_form(client: httpx.AsyncClient, path: str = "/sources?x=1") -> dict[str, str]:
    page = (await client.get(path, headers=HTML)).text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return dict(fields)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_choice_is_remembered(client: httpx.AsyncClient, theme: str) -> None:
    fields = await _open_form(client)
    response = await client.post("/appearance", data={**fields, "theme": theme}, headers=HTML)
    assert response.status_code == 303
    assert response.headers["location"] == "/sources?x=1"
    page = (await client.get("/", headers=HTML)).text
    assert f'data-theme="{theme}"' in page.split("<head>")[0]
    assert f'value="{theme}" aria-current="true"' in page


async def test_the_device_decides_again(client: httpx.AsyncClient) -> None:
    client.cookies.set("theme", "dark")
    fields = await _open_form(client)
    await client.post("/appearance", data={**fields, "theme": "device"}, headers=HTML)
    assert "data-theme" not in (await client.get("/", headers=HTML)).text


async def test_a_cookie_that_is_not_ours_changes_nothing(client: httpx.AsyncClient) -> None:
    client.cookies.set("theme", "purple")
    assert "data-theme" not in (await client.get("/", headers=HTML)).text


async def test_scripts_cannot_read_the_cookie(client: httpx.AsyncClient) -> None:
    fields = await _open_form(client)
    response = await client.post("/appearance", data={**fields, "theme": "dark"}, headers=HTML)
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=31536000" in cookie


async def test_a_form_without_its_token_is_refused_with_a_page(client: httpx.AsyncClient) -> None:
    await _open_form(client)
    response = await client.post("/appearance", data={"theme": "dark"}, headers=HTML)
    assert response.status_code == 403
    assert "<h1" in response.text
    assert "theme" not in client.cookies


async def test_an_appearance_that_does_not_exist_is_refused(client: httpx.AsyncClient) -> None:
    fields = await _open_form(client)
    response = await client.post("/appearance", data={**fields, "theme": "x"}, headers=HTML)
    assert response.status_code == 400


async def test_the_form_never_leads_to_another_site(client: httpx.AsyncClient) -> None:
    fields = await _open_form(client) | {"return_to": "//evil.example/", "theme": "dark"}
    response = await client.post("/appearance", data=fields, headers=HTML)
    assert response.headers["location"] == "/"


@pytest.mark.parametrize("target", ["/", "/sources", "/near?postcode=AB1 2CD", "/a/b?x=//y"])
def test_a_path_of_this_site_is_kept(target: str) -> None:
    assert keep_on_site(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "sources",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "//[broken",
        "/\x00",
    ],
)
def test_anything_else_leads_home(target: str) -> None:
    assert keep_on_site(target) == "/"
