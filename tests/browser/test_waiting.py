"""Before any place is loaded the page tells how far the load is, and looks again by itself."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from app.core.database import DatabaseAddress

PHONE = (390, 844)
DESK = (1280, 900)
NEXT_LOOK_MS = 15_000

pytestmark = pytest.mark.browser

BEGIN = """
INSERT INTO pack_loads (pack, started_at, step, done, total, outcome, problem)
VALUES ('demo', now(), 'Reading people.csv: people', 3, 12, 'running', '')
"""


class Load:
    """A load that the test moves on."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def write(self, assignment: str) -> None:
        """Change its row."""
        self._connection.execute(f"UPDATE pack_loads SET {assignment}".encode())  # noqa: S608 - words of this file


@pytest.fixture
def load(empty_database: DatabaseAddress) -> Iterator[Load]:
    """A load that runs on the database of a service without a place."""
    with psycopg.connect(empty_database.for_libpq, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('hereabouts.packs.load'))")
        connection.execute("DELETE FROM pack_loads")
        connection.execute(BEGIN)
        yield Load(connection)


@pytest.mark.usefixtures("load")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_it_is_plain_to_everybody(
    empty_server: str,
    visit: Callable[..., Any],
    find_violations: Callable[[Page], list[str]],
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = visit("/", at=empty_server, size=size, scheme=scheme, bypass_csp=True).page
    bar = page.get_by_role("progressbar", name="How far it is")
    expect(bar).to_have_js_property("value", 3)
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_it_follows_the_load_without_being_asked_and_ends_with_it(
    empty_server: str, visit: Callable[..., Any], load: Load
) -> None:
    page = visit("/", at=empty_server).page
    load.write("step = 'Checking', done = 12")
    expect(page.locator("[data-load-step]")).to_have_text("Checking")
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 12)
    load.write("step = 'Fetching', total = NULL")
    expect(page.get_by_role("progressbar")).to_have_js_property("position", -1)
    load.write("outcome = 'failed', problem = 'It broke.', finished_at = now()")
    expect(page.get_by_role("status")).to_have_text("The load has ended. The page is shown anew.")
    expect(page.get_by_text("was not completed")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_without_scripts_it_looks_again_until_told_to_stay(
    empty_server: str, visit: Callable[..., Any], load: Load
) -> None:
    page = visit("/", at=empty_server, scripts=False).page
    load.write("step = 'Checking', done = 12")
    expect(page.locator("[data-load-step]")).to_have_text("Checking", timeout=NEXT_LOOK_MS)
    page.get_by_role("link", name="Stop looking again").click()
    expect(page.get_by_role("link", name="Look again every 5 seconds")).to_be_visible()
    assert page.locator("meta[http-equiv]").count() == 0
