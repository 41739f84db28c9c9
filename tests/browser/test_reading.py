"""Pages to read in a real browser: accessible at every size, by keyboard, without scripts."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from app.core.database import DatabaseAddress
from tests.browser.conftest import DESK, PHONE, FindViolations, OpenPage, run_server

STATES = (
    "asset", "coarse", "findable", "organisation", "district", "authority", "groups", "missing",
    "help", "about", "privacy", "accessibility", "news",
)  # fmt: skip

AREA_ONLY = "Night Owls: parents of children who do not sleep"


@pytest.fixture(scope="session")
def addresses(live_server: str) -> dict[str, str]:
    """The address of a page in each state."""
    with httpx.Client(base_url=f"{live_server}/api/v1") as client:

        def find(path: str, **asked: str) -> str:
            found = client.get(path, params=asked).json()
            rows = found.get("features") or found["items"]
            named = [row for row in rows if row.get("properties", row)["name"] == asked.get("q")]
            return str((named or rows)[0]["id"])

        authority = client.get("/areas", params={"type": "authority"}).json()["items"][0]["code"]
        district = client.get("/areas", params={"type": "msoa"}).json()["items"][0]["code"]
        within = f"authority:{authority}"
        return {
            "asset": f"/assets/{find('/assets', category='library')}",
            "coarse": f"/assets/{find('/assets', q=AREA_ONLY)}",
            "findable": f"/assets/{find('/assets', area=within, q='Hadder Lamp Refuge')}",
            "organisation": f"/organisations/{find('/organisations', social_enterprise='yes')}",
            "district": f"/areas/msoa/{district}",
            "authority": f"/areas/authority/{authority}",
            "groups": f"/areas/authority/{authority}/organisations?relation=registered_in",
            "missing": "/assets/nothing",
            "help": "/help",
            "about": "/about",
            "privacy": "/privacy",
            "accessibility": "/accessibility",
            "news": "/whats-new",
        }


@pytest.fixture(scope="session")
def guide_server(
    demo_copy: DatabaseAddress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The service with its style guide."""
    with run_server(demo_copy, tmp_path_factory.mktemp("var"), style_guide=True) as started:
        yield started


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(
    visit: OpenPage, find_violations: FindViolations, addresses: dict[str, str], state: str
) -> None:
    for size, scheme in ((PHONE, "dark"), (DESK, "light")):
        opened = visit(addresses[state], size=size, scheme=scheme, bypass_csp=True)
        assert find_violations(opened.page) == [], (size, scheme)
        assert opened.page.locator("h1").count() == 1
        width = opened.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], "the page is wider than the screen"


def test_axe_finds_nothing_in_the_style_guide(
    visit: OpenPage, find_violations: FindViolations, guide_server: str
) -> None:
    for scheme in ("light", "dark"):
        opened = visit("/styleguide", at=guide_server, scheme=scheme, bypass_csp=True)
        assert find_violations(opened.page) == []


@pytest.mark.parametrize(
    "state", ["asset", "coarse", "findable", "organisation", "district", "help"]
)
def test_nothing_is_complained_of(visit: OpenPage, addresses: dict[str, str], state: str) -> None:
    opened = visit(addresses[state])
    opened.page.wait_for_load_state("networkidle")
    assert opened.complaints == []


@pytest.mark.parametrize("state", ["asset", "coarse", "findable", "organisation", "district"])
def test_everything_is_there_without_scripts(
    visit: OpenPage, addresses: dict[str, str], state: str
) -> None:
    with_scripts = visit(addresses[state]).page.locator("main").inner_text()
    without = visit(addresses[state], scripts=False).page.locator("main").inner_text()
    assert with_scripts.split() == without.split()


def test_the_button_is_reached_by_keyboard_and_the_map_is_not_in_the_way(
    visit: OpenPage, addresses: dict[str, str]
) -> None:
    page = visit(addresses["asset"]).page
    button = page.get_by_role("button", name="Yes, still right")
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Something is wrong")).to_be_focused()


def test_a_map_of_no_more_than_the_neighbourhood_stays_still(
    visit: OpenPage, addresses: dict[str, str]
) -> None:
    page = visit(addresses["coarse"]).page
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_have_text(AREA_ONLY)
    expect(page.locator(".ha-spot .ha-spot__chosen")).to_be_visible()
    expect(page.locator(".ha-spot .ha-map").locator("> *")).to_have_count(1)


def test_where_it_came_from_follows_the_facts_and_on_a_phone_the_map(
    visit: OpenPage, addresses: dict[str, str]
) -> None:
    for size in (DESK, PHONE):
        page = visit(addresses["coarse"], size=size).page
        facts, beside, origin = (
            page.locator(each).last.bounding_box()
            for each in (".ha-record", ".ha-beside", ".ha-provenance-of")
        )
        assert facts
        assert beside
        assert origin
        above = facts if size == DESK else beside
        # Nothing but room to breathe: what is beside the facts may be taller than they are.
        assert 20 <= origin["y"] - above["y"] - above["height"] <= 80, size


def test_on_a_phone_the_table_of_need_is_read_without_scrolling_sideways(
    visit: OpenPage, addresses: dict[str, str]
) -> None:
    page = visit(addresses["district"], size=PHONE).page
    table = page.get_by_role("region", name="Table of need")
    assert table.evaluate("region => region.scrollWidth <= region.clientWidth")
    figures = table.locator("tbody tr").first.locator("td")
    headings = table.locator("thead th").all_inner_texts()
    said = figures.evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert [f'"{each}"' for each in headings[1:]] == said


def test_leaving_quickly_leads_away(visit: OpenPage, addresses: dict[str, str]) -> None:
    page = visit(addresses["findable"]).page
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    page.get_by_role("button", name="Leave this page quickly").click()
    page.wait_for_url("https://www.bbc.co.uk/**")


def test_on_paper_there_is_what_is_needed_and_nothing_to_press(
    visit: OpenPage, addresses: dict[str, str]
) -> None:
    page = visit(addresses["asset"]).page
    page.emulate_media(media="print")
    expect(page.locator(".ha-record")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, still right")).to_be_hidden()
