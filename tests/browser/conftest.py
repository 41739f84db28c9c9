"""A real Chromium on a real server with the demonstration place."""

import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx
import psycopg
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from psycopg import sql
from pydantic import SecretStr

from app.core.database import DatabaseAddress
from app.core.server import server_options
from app.core.settings import Settings
from app.main import create_app
from app.pages import service as pages
from requirements.system_packages import find_browser

PROJECT = Path(__file__).parents[2]
FRONTEND = PROJECT / "app/frontend"
START_SECONDS = 20
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = (390, 844)
DESK = (1280, 900)


@contextmanager
def copy_database(server: DatabaseAddress, template: str) -> Iterator[DatabaseAddress]:
    """Yield a copy of a template database, dropped at the end."""
    name = f"browser_{uuid.uuid4().hex}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(server.with_name("postgres").for_libpq, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        yield server.with_name(name)
        connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def run_server(
    address: DatabaseAddress,
    var_dir: Path,
    basemap_tiles: str = "none",
    *,
    style_guide: bool = False,
) -> Iterator[str]:
    """Yield the address of the whole service, run by uvicorn on loopback."""
    if not (FRONTEND / "dist/manifest.json").exists():
        pytest.fail("The pages are not built: npm ci and npm run build in app/frontend.")
    settings = Settings(
        _env_file=None,
        database_url=SecretStr(address.for_libpq),
        database_pool_size=5,
        var_dir=var_dir,
        frontend_dir=FRONTEND / "dist",
        run_worker=False,
        basemap_tiles=basemap_tiles,
        style_guide=style_guide,
    )
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(settings), **server_options())
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listener],), daemon=True)
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not running.started:
            assert thread.is_alive(), "the server ended while starting"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        running.should_exit = True
        thread.join(START_SECONDS)


@pytest.fixture(scope="session")
def demo_copy(server: DatabaseAddress, demo_template: str) -> Iterator[DatabaseAddress]:
    """A copy of the demonstration place for all browser tests; they only read it."""
    with copy_database(server, demo_template) as address:
        yield address


@pytest.fixture(scope="session")
def live_server(
    demo_copy: DatabaseAddress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The service with the demonstration place."""
    with run_server(demo_copy, tmp_path_factory.mktemp("var")) as started:
        yield started


@pytest.fixture(scope="session")
def region_server(
    demo_copy: DatabaseAddress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The same, as if its districts were too many for one list."""
    with run_server(demo_copy, tmp_path_factory.mktemp("var")) as started:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pages, "LONGEST_LIST", 10)
            # The service remembers the place as it was described first.
            httpx.get(f"{started}/areas").raise_for_status()
        yield started


@pytest.fixture(scope="session")
def empty_database(server: DatabaseAddress) -> Iterator[DatabaseAddress]:
    """The database of a service without a place."""
    with copy_database(server, "template_empty") as address:
        yield address


@pytest.fixture(scope="session")
def empty_server(
    empty_database: DatabaseAddress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The service before any place is loaded."""
    with run_server(empty_database, tmp_path_factory.mktemp("var")) as started:
        yield started


@pytest.fixture(scope="module")
def playwright(live_server: str) -> Iterator[Playwright]:  # noqa: ARG001 - the order matters
    """The driver.

    It keeps an event loop running in this thread: nothing else of asyncio can start meanwhile,
    so the server comes first, and the driver ends with the file.
    """
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium: the one that CHROMIUM names, else the machine's own."""
    program = find_browser()
    if not program:
        pytest.fail(
            "There is no Chromium. Install it (on Debian: apt-get install chromium) or name one in "
            "CHROMIUM."
        )
    with_options = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
    yield with_options
    with_options.close()


@dataclass
class Visit:
    """An open page and everything that went wrong on it.

    Attributes:
        page: The page.
        complaints: Console errors and warnings, exceptions, and requests to other hosts.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)


OpenPage = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, live_server: str) -> Iterator[OpenPage]:
    """Open a page: `visit("/", size=PHONE, scheme="dark", scripts=False)`.

    `at` is the address of another service than that with the demonstration place.
    """
    contexts = []

    def open_page(  # noqa: PLR0913 - all of them by name, and each with a default
        path: str,
        *,
        at: str = live_server,
        size: tuple[int, int] = DESK,
        scheme: Literal["light", "dark"] = "light",
        scripts: bool = True,
        bypass_csp: bool = False,
        reduced_motion: Literal["reduce", "no-preference"] = "reduce",
    ) -> Visit:
        context = browser.new_context(
            base_url=at,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=scripts,
            bypass_csp=bypass_csp,
            reduced_motion=reduced_motion,
            locale="en-GB",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        opened = Visit(context.new_page())
        _listen(opened, at)
        opened.page.goto(path)
        if scripts and opened.page.locator("[data-town]").count():
            # The map comes last: everything the page asks for has been asked for.
            opened.page.locator("[data-map].is-live").wait_for()
        return opened

    yield open_page
    for context in contexts:
        context.close()


def _listen(opened: Visit, server: str) -> None:
    def hear(kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            opened.complaints.append(f"{kind}: {text}")

    def check_host(address: str) -> None:
        if not address.startswith((server, "data:")):
            opened.complaints.append(f"request to {address}")

    opened.page.on("console", lambda message: hear(message.type, message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("request", lambda request: check_host(request.url))


FindViolations = Callable[[Page], list[str]]


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker, from the frontend's own packages."""
    return (FRONTEND / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def find_violations(axe_source: str) -> FindViolations:
    """What axe has against a page at WCAG 2.2 AA; the page must be open with `bypass_csp`."""

    def find(page: Page) -> list[str]:
        page.evaluate(axe_source)
        result = page.evaluate("rules => axe.run({ runOnly: rules })", AXE_RULES)
        assert result["passes"], "axe ran no rule at all"
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return find
