"""What protects visitors: headers on every response, cookies, forms only our pages can send."""

import stat
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel, SecretStr
from starlette.responses import Response

from app.core.errors import install_error_handlers
from app.core.security import (
    FORM_LIMITS,
    CheckedForm,
    FormsMiddleware,
    SecurityHeadersMiddleware,
    csrf_token,
    load_secret_key,
    set_cookie,
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

    @app.get("/read")
    async def read() -> str:
        return "nothing to send"

    @app.get("/form")
    async def show_form(request: Request) -> HTMLResponse:
        headers = {"Cache-Control": "public, max-age=600", "Vary": "Accept-Language"}
        return HTMLResponse(csrf_token(request), headers=headers)

    @app.post("/form")
    async def send_form(form: CheckedForm) -> str:
        return f"thank you, {form['name']}"

    @app.post("/model")
    async def send_model(
        _checked: CheckedForm, suggestion: Annotated[Suggestion, Form()]
    ) -> Suggestion:
        return suggestion

    return app


def open_client(app: FastAPI, base: str = BASE) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base)


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return make_app(settings)


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with open_client(app) as client:
        yield client


async def get_token(client: httpx.AsyncClient) -> str:
    return (await client.get("/form")).text


async def send(client: httpx.AsyncClient, token: str, **headers: str) -> httpx.Response:
    return await client.post(
        "/form",
        data={"csrf_token": token, "name": "Ada"},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def test_a_form_of_ours_is_taken(visitor: httpx.AsyncClient) -> None:
    response = await send(
        visitor,
        await get_token(visitor),
        origin=BASE,
        referer=f"{BASE}/form?postcode=L8",
        sec_fetch_site="same-origin",
    )
    assert (response.status_code, response.json()) == (200, "thank you, Ada")


async def test_a_browser_that_sends_no_origin_is_served(visitor: httpx.AsyncClient) -> None:
    assert (await send(visitor, await get_token(visitor))).status_code == 200


async def test_a_route_may_read_its_form_as_a_model_too(visitor: httpx.AsyncClient) -> None:
    data = {"csrf_token": await get_token(visitor), "name": "Ada"}
    assert (await visitor.post("/model", data=data)).json() == {"name": "Ada"}
    refused = await visitor.post("/model", data={"name": "Ada"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"{BASE}.evil.example"},
        {"origin": f"{BASE}:8001"},
        {"referer": "https://evil.example/page"},
        {"origin": BASE, "referer": "https://evil.example/page"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": BASE, "sec_fetch_site": "cross-site"},
        {"origin": "http://[broken"},
    ],
)
async def test_a_form_from_another_site_is_refused_even_with_a_good_token(
    visitor: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    response = await send(visitor, await get_token(visitor), **headers)
    assert response.status_code == 403
    assert "did not come from a page of this site" in response.json()["detail"]
    assert "Go back, reload the page and send the form again." in response.json()["detail"]


async def test_behind_a_proxy_the_stated_address_decides(settings: Settings) -> None:
    stated = settings.model_copy(update={"base_url": "https://map.example.org:443/"})
    async with open_client(make_app(stated), "https://map.example.org") as client:
        token = await get_token(client)
        assert (await send(client, token, origin="https://map.example.org")).status_code == 200
        assert (await send(client, token, origin="http://map.example.org")).status_code == 403
        assert (await send(client, token, origin="https://example.org")).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ümlaut", "\x00"])
async def test_an_invented_token_is_refused(visitor: httpx.AsyncClient, token: str) -> None:
    await get_token(visitor)
    response = await send(visitor, token)
    assert response.status_code == 403
    assert "no longer valid" in response.json()["detail"]


async def test_a_missing_token_or_a_body_that_is_no_form_is_refused(
    visitor: httpx.AsyncClient,
) -> None:
    token = await get_token(visitor)
    assert (await visitor.post("/form", data={"name": "Ada"})).status_code == 403
    as_json = await visitor.post("/form", json={"csrf_token": token, "name": "Ada"})
    assert as_json.status_code == 403
    as_file = await visitor.post("/form", data={"name": "x"}, files={"csrf_token": token.encode()})
    assert as_file.status_code == 400


async def test_a_token_of_another_visitor_is_refused(
    app: FastAPI, visitor: httpx.AsyncClient
) -> None:
    async with open_client(app) as attacker:
        stolen = await get_token(attacker)
    await get_token(visitor)
    assert (await send(visitor, stolen)).status_code == 403


async def test_a_token_signed_with_another_key_is_refused(
    settings: Settings, visitor: httpx.AsyncClient
) -> None:
    other = settings.model_copy(update={"secret_key": SecretStr("x" * 40)})
    async with open_client(make_app(other)) as client:
        await get_token(visitor)
        client.cookies = visitor.cookies
        token = await get_token(client)
    assert (await send(visitor, token)).status_code == 403


async def test_a_planted_cookie_without_the_form_of_a_value_is_replaced(
    visitor: httpx.AsyncClient,
) -> None:
    visitor.cookies.set("forms", "planted", domain="hereabouts.test", path="/")
    token = await get_token(visitor)
    assert (await send(visitor, token)).status_code == 200


async def test_without_the_cookie_the_sentence_says_so(app: FastAPI) -> None:
    async with open_client(app) as client:
        token = await get_token(client)
        client.cookies.clear()
        response = await send(client, token)
    assert response.status_code == 403
    assert "allow cookies for this site" in response.json()["detail"]


async def test_a_token_lasts_a_day(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await get_token(visitor)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 24 * 3600 - 10)
    assert (await send(visitor, token)).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 24 * 3600 + 10)
    assert (await send(visitor, token)).status_code == 403


async def test_the_cookie_comes_with_the_first_form_and_not_before(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    read = await visitor.get("/read")
    assert "set-cookie" not in read.headers
    first, second = await visitor.get("/form"), await visitor.get("/form")
    assert first.headers["set-cookie"].endswith("; HttpOnly; Path=/; SameSite=lax")
    assert "set-cookie" not in second.headers
    assert first.text != second.text, "a token that repeats could be guessed from lengths"
    assert (await send(visitor, first.text)).status_code == 200, "an older tab still works"


async def test_a_page_with_a_form_stays_out_of_shared_caches(visitor: httpx.AsyncClient) -> None:
    headers = (await visitor.get("/form")).headers
    assert headers["cache-control"] == "private, no-cache"
    assert headers["vary"] == "Accept-Language, Cookie"


async def test_with_https_no_other_host_can_plant_the_cookie(settings: Settings) -> None:
    secure = settings.model_copy(update={"base_url": "https://map.example.org"})
    async with open_client(make_app(secure), "https://map.example.org") as client:
        cookie = (await client.get("/form")).headers["set-cookie"]
        assert cookie.startswith("__Host-forms=")
        assert cookie.endswith("; HttpOnly; Path=/; SameSite=lax; Secure")
        assert "domain" not in cookie.lower()
        token = await get_token(client)
        assert (await send(client, token)).status_code == 200


def test_a_cookie_can_be_kept_and_made_strict(settings: Settings) -> None:
    response = Response()
    set_cookie(response, settings, "session", "x", max_age_s=60, same_site="strict")
    expected = "session=x; HttpOnly; Max-Age=60; Path=/; SameSite=strict"
    assert response.headers["set-cookie"] == expected


async def test_a_form_without_the_middleware_is_a_fault_of_ours() -> None:
    with pytest.raises(RuntimeError, match="FormsMiddleware is not installed"):
        csrf_token(Request({"type": "http"}))


def make_headers_client(**options: object) -> httpx.AsyncClient:
    app = FastAPI()

    @app.get("/plain")
    async def plain() -> str:
        return "plain"

    @app.get("/own")
    async def own() -> Response:
        return Response(headers={"Content-Security-Policy": "sandbox"})

    @app.get("/fault")
    async def fault() -> None:
        raise RuntimeError

    wrapped = SecurityHeadersMiddleware(app, **{"https": False, **options})  # type: ignore[arg-type]
    transport = httpx.ASGITransport(wrapped, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=BASE)


@pytest.mark.parametrize("path", ["/plain", "/missing", "/fault"])
async def test_every_response_carries_the_headers(path: str) -> None:
    async with make_headers_client(image_hosts=["https://tile.example.org"]) as client:
        headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data: https://tile.example.org; connect-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["permissions-policy"].startswith("geolocation=(self), camera=()")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


async def test_only_https_is_held_to_https() -> None:
    async with make_headers_client(https=True) as client:
        headers = (await client.get("/plain")).headers
    assert headers["strict-transport-security"] == "max-age=31536000"


async def test_a_response_with_its_own_policy_keeps_it() -> None:
    async with make_headers_client() as client:
        headers = (await client.get("/own")).headers
    assert headers.get_list("content-security-policy") == ["sandbox"]


@pytest.mark.parametrize("host", ["tile.example.org; script-src *", "https://a b", "*", "https:"])
def test_an_image_host_cannot_loosen_anything_else(host: str) -> None:
    with pytest.raises(ValueError, match="is not an origin"):
        make_headers_client(image_hosts=[host])


def test_the_key_is_made_once_and_is_for_its_owner_only(settings: Settings) -> None:
    key = load_secret_key(settings)
    file = settings.var_dir / "secret"
    assert len(key) == 64
    assert load_secret_key(settings) == key == file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(settings.var_dir.iterdir()) == [file]


def test_processes_that_start_together_agree_on_the_key(settings: Settings) -> None:
    for round_ in range(20):
        folder = settings.model_copy(update={"var_dir": settings.var_dir / str(round_)})
        with ThreadPoolExecutor(8) as threads:
            keys = set(threads.map(lambda _, folder=folder: load_secret_key(folder), range(8)))
        assert len(keys) == 1


def test_a_key_from_the_settings_is_used_and_none_is_kept(settings: Settings) -> None:
    given = settings.model_copy(update={"secret_key": SecretStr("k" * 32)})
    assert load_secret_key(given) == b"k" * 32
    assert not settings.var_dir.exists()


def test_a_key_that_is_too_short_is_refused_without_showing_it(settings: Settings) -> None:
    short = settings.model_copy(update={"secret_key": SecretStr("hunter2")})
    with pytest.raises(ValueError, match="SECRET_KEY holds 7 characters") as caught:
        load_secret_key(short)
    assert "hunter2" not in str(caught.value)


def test_an_emptied_key_file_is_refused(settings: Settings) -> None:
    settings.var_dir.mkdir()
    Path(settings.var_dir / "secret").touch()
    with pytest.raises(ValueError, match="Remove it, and a new one is made"):
        load_secret_key(settings)
