"""The application as a whole: health, errors, headers, files."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database, DatabaseAddress, SessionDep
from app.core.errors import STATUSES, HereaboutsError
from app.core.fetching import FetchRefusedError
from app.core.settings import Settings
from app.main import create_app
from tests.conftest import open_client

pytestmark = pytest.mark.reads


async def test_alive_says_nothing_of_the_database(empty_client: httpx.AsyncClient) -> None:
    response = await empty_client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


async def test_ready_names_what_is_missing_until_a_pack_is_loaded(
    empty_client: httpx.AsyncClient,
) -> None:
    response = await empty_client.get("/readyz")
    assert response.status_code == 503
    checks = {check["name"]: check for check in response.json()["checks"]}
    assert checks["database"]["is_ready"]
    assert checks["migrations"]["is_ready"]
    assert not checks["pack"]["is_ready"]
    assert "hereabouts pack load" in checks["pack"]["detail"]


async def test_ready_states_the_data_version(client: httpx.AsyncClient) -> None:
    response = await client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"][-1]["detail"] == "The pack demo is loaded, data version 1."


@pytest.mark.writes
async def test_ready_sees_an_outdated_schema(database: Database, settings: Settings) -> None:
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'earlier'"))
    async with open_client(database, settings) as client:
        response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"][-1]["name"] == "migrations"


async def test_ready_without_a_database_is_a_sentence_and_no_fault(settings: Settings) -> None:
    gone = Database(DatabaseAddress("postgresql://nobody@127.0.0.1:9/nowhere"), pool_size=0)
    async with open_client(gone, settings) as client:
        response = await client.get("/readyz")
        alive = await client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"][-1]["detail"] == "The database cannot be reached."
    assert alive.status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/areas?type=lsoa", "/nowhere", "/openapi.json"])
async def test_every_answer_forbids_inline_scripts_and_other_hosts(
    client: httpx.AsyncClient, path: str
) -> None:
    policy = (await client.get(path)).headers["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert "unsafe" not in policy
    hosts = {word for word in policy.replace(";", " ").split() if "//" in word}
    assert hosts == {"https://tile.openstreetmap.org"}, "the background of maps, and nothing else"


async def test_an_api_error_is_a_problem_even_to_a_browser(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/nowhere", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["request_id"] == response.headers["x-request-id"]


async def test_a_page_error_is_a_page_to_a_browser_and_a_problem_to_others(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"][:9]) == (404, "text/html")
    other = await client.get("/nowhere", headers={"Accept": "application/json"})
    assert other.headers["content-type"] == "application/problem+json"


async def test_a_fault_is_answered_with_headers_and_an_id_and_no_traceback(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("app.areas.service.list_area_types", break_down)
    response = await client.get("/api/v1/area-types")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize("pool_size", [0, 2])
@pytest.mark.parametrize("at", ["nobody@127.0.0.1:9/nowhere", "nobody@/nowhere?host=%2Fnowhere"])
async def test_a_database_that_is_away_is_a_503_and_no_fault(
    settings: Settings, at: str, pool_size: int
) -> None:
    gone = Database(DatabaseAddress(f"postgresql://{at}"), pool_size=pool_size)
    async with open_client(gone, settings) as client:
        answer = await client.get("/api/v1/area-types")
        page = await client.get("/", headers={"Accept": "text/html"})
        asked = await client.get("/near?where=%22%3E%3Cb%3E", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["title"]) == (503, "Service Unavailable")
    assert "try again in a minute" in answer.json()["detail"]
    assert (page.status_code, page.headers["content-type"][:9]) == (503, "text/html")
    assert '<a href="?where=%22%3E%3Cb%3E">Try this page again</a>' in asked.text


async def test_a_statement_that_takes_too_long_is_a_503(
    database: Database, settings: Settings
) -> None:
    app = create_app(settings, database=database)

    @app.get("/api/slow")
    async def slow(session: SessionDep) -> None:
        await session.execute(text("SET LOCAL statement_timeout = 50"))
        await session.execute(text("SELECT pg_sleep(5)"))

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://h.test") as client:
        assert (await client.get("/api/slow")).status_code == 503


def test_every_error_of_the_family_has_a_status() -> None:
    def walk(kind: type[HereaboutsError]) -> Iterator[type[HereaboutsError]]:
        for each in kind.__subclasses__():
            yield from walk(each)
            if not each.__subclasses__():
                yield each

    leaves = set(walk(HereaboutsError))
    assert FetchRefusedError in leaves
    assert {kind for kind in leaves if not set(kind.__mro__) & set(STATUSES)} == set()


async def test_a_host_that_is_not_ours_is_refused(database: Database, settings: Settings) -> None:
    strict = settings.model_copy(update={"allowed_hosts": ["hereabouts.example"]})
    async with open_client(database, strict) as client:
        refused = await client.get("/healthz")
        served = await client.get("/healthz", headers={"Host": "hereabouts.example"})
    assert (refused.status_code, served.status_code) == (400, 200)


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/area-types", "/docs"])
async def test_head_is_answered_like_get_without_a_body(
    client: httpx.AsyncClient, path: str
) -> None:
    plain = await client.get(path)
    head = await client.head(path)
    assert (head.status_code, head.content) == (plain.status_code, b"")
    assert head.headers["content-type"] == plain.headers["content-type"]


async def test_no_redirect_repeats_a_forged_host(client: httpx.AsyncClient) -> None:
    response = await client.get("/sources/", headers={"Host": "evil.example"})
    assert response.status_code == 404
    assert "location" not in response.headers


def test_behind_a_proxy_only_its_host_and_loopback_are_answered(settings: Settings) -> None:
    assert settings.trusted_hosts == ["*"]
    proxied = settings.model_copy(update={"base_url": "https://a.example/map"})
    assert proxied.trusted_hosts == ["a.example", "127.0.0.1", "localhost"]
    chosen = proxied.model_copy(update={"allowed_hosts": ["b.example"]})
    assert chosen.trusted_hosts == ["b.example"]


def test_an_application_without_a_database_says_how_to_get_one(settings: Settings) -> None:
    with pytest.raises(ValueError, match="hereabouts up"):
        create_app(settings)


def test_two_services_with_different_settings_live_in_one_process(
    database: Database, settings: Settings
) -> None:
    plain = create_app(settings, database)
    secure = create_app(settings.model_copy(update={"base_url": "https://a.example"}), database)
    assert not plain.state.settings.is_https
    assert secure.state.settings.is_https
