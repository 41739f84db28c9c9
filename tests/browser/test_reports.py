"""A report opens from disk in a real browser, alone, and shows what the page shows."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, PHONE, FindViolations

pytestmark = pytest.mark.browser

NEED = "deprivation_score_2025"
QUESTION = "category=library&people=all&distance=900"
WriteReport = Callable[..., str]
ASKED = {"category": "library", "method": "coverage", "everyone": True, "catchment_m": 900}


@pytest.fixture
def report(live_server: str, tmp_path: Path) -> Iterator[WriteReport]:
    """Write the report of a question to disk; return where it is, as a browser has it."""
    with httpx.Client(base_url=live_server) as client:

        def write(**asked: object) -> str:
            answer = client.post("/api/v1/analyses", json={**ASKED, **asked}).json()
            path = tmp_path / "report.html"
            path.write_bytes(client.get(f"/api/v1/analyses/{answer['id']}.html").content)
            return path.as_uri()

        yield write


def open_alone(browser: Browser, address: str, size: tuple[int, int] = DESK) -> Page:
    """Return a page from disk: nothing else was asked for, and nothing went wrong."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.goto(address)
    page.locator("path.ha-area").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert asked == [address]
    assert faults == []
    return page


def count_drawn(page: Page) -> Counter[str]:
    """Return how many areas are drawn in each class."""
    names = page.locator("path.ha-area").evaluate_all("all => all.map((each) => each.classList[1])")
    return Counter(name.removeprefix("ha-") for name in names)


def count_on_page(live_server: str, query: str) -> Counter[str]:
    """Return how many areas the page of gaps draws in each class."""
    page = httpx.get(f"{live_server}/gaps?{query}", headers={"accept": "text/html"}).text
    drawing = page.split('class="ha-still__shapes"')[1].split("</g>", maxsplit=1)[0]
    return Counter(re.findall(r'<path class="ha-([\w-]+)"', drawing))


@pytest.mark.parametrize("need", ["", NEED], ids=["reach", "both"])
def test_it_draws_the_classes_of_the_page(
    browser: Browser, live_server: str, report: WriteReport, need: str
) -> None:
    asked = {"need": {"indicator": need}} if need else {}
    page = open_alone(browser, report(**asked))
    expected = count_on_page(live_server, f"{QUESTION}&need={need}" if need else QUESTION)
    assert count_drawn(page) == expected
    colours = page.locator("path.ha-area").evaluate_all(
        "all => all.map((each) => [each.classList[1], getComputedStyle(each).fill])"
    )
    swatches = page.locator(".ha-report__legend :is(td, .ha-swatch)").evaluate_all(
        "all => all.map((each) => [[...each.classList].at(-1),"
        " getComputedStyle(each).backgroundColor])"
    )
    told = {name: colour for name, colour in swatches if name != "ha-none"}
    for name, colour in colours:
        assert colour == told.get(name, 'url("#ha-hatch")'), name


def test_what_is_pointed_at_is_told(browser: Browser, report: WriteReport) -> None:
    page = open_alone(browser, report())
    page.locator("path.ha-area").nth(40).dispatch_event("mouseover")
    told = page.locator(".ha-told")
    told.wait_for()
    assert re.search(r"[\d,]+ of [\d,]+ people are farther away", told.inner_text())
    assert "on foot" in told.inner_text()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_with_the_changes_is_one_press_away(
    browser: Browser, report: WriteReport, size: tuple[int, int], find_violations: FindViolations
) -> None:
    areas = [{"change": "add", "lon": 1.1919, "lat": 53.8752}]
    page = open_alone(browser, report(changes=areas), size)
    assert page.locator("path.ha-change--add").count() == 1
    assert find_violations(page) == []
    is_over_the_map = page.locator("#map_report .leaflet-control-layers").count() == 1
    assert is_over_the_map == (size == DESK)
    before = count_drawn(page)
    page.get_by_label("With the changes").check()
    assert count_drawn(page).total() == before.total()
    page.get_by_label(re.compile("Librar")).uncheck()
    assert page.locator("path.ha-site").count() == 0
    page.get_by_label("What is tried").uncheck()
    assert page.locator("path.ha-change").count() == 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_it_is_accessible_and_fits(
    browser: Browser, report: WriteReport, size: tuple[int, int], find_violations: FindViolations
) -> None:
    page = open_alone(browser, report(need={"indicator": NEED}), size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert find_violations(page) == []
