"""What if, by hand: a pin is put, moved and taken away; map, sentence and list change together."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, FindViolations, OpenPage
from tests.browser.layers_map import (
    await_map,
    list_faults,
    list_places,
    list_tiles,
    locate,
    open_layers,
)

pytestmark = pytest.mark.browser

ASKED = "/gaps?category=library&people=all&distance=900"
OUTCOME = "[data-outcome] p"
PIN = ".ha-trial-pin"


def press_area(page: Page) -> None:
    """Press the map inside an area in the middle of the list of those in view."""
    places = list(list_places(page).values())
    page.locator(".ha-board__map").evaluate("map => map.scrollIntoView({ block: 'center' })")
    page.mouse.click(*locate(page, places[len(places) // 2]))


def test_a_pin_is_put_on_the_map_moved_and_taken_away(visit: OpenPage) -> None:
    opened = open_layers(visit, ASKED)
    page = opened.page
    page.wait_for_timeout(300)
    tiles, before = list_tiles(page), page.locator(".ha-finding").inner_text()
    page.get_by_role("button", name="Try a new one here").click()
    expect(page.locator(".ha-trial__hint")).to_be_visible()
    press_area(page)
    expect(page).to_have_url(re.compile(r"changes=add_"))
    expect(page.locator(OUTCOME)).to_contain_text("With the change that you try")
    expect(page.locator(PIN)).to_have_count(1)
    expect(page.locator("#gaps-why-name")).to_have_count(1)
    expect(page.locator("[data-layers-says]")).to_contain_text("With the change that you try")
    await_map(page)
    put = page.url
    page.locator(PIN).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(page).not_to_have_url(put)
    expect(page.locator(PIN)).to_be_focused()
    expect(page.locator(OUTCOME)).to_contain_text("With the change that you try")
    assert list_tiles(page) == tiles, "tiles were fetched again"
    assert page.locator(".ha-finding").inner_text() == before, "what there is now stays said"
    page.locator("#gaps-drop-1").click()
    expect(page.locator(PIN)).to_have_count(0)
    expect(page.locator("[data-outcome]")).to_have_count(0)
    page.go_back()
    expect(page.locator(PIN)).to_have_count(1)
    assert list_faults(opened) == []


def test_by_keyboard_alone_one_is_put_in_the_middle(visit: OpenPage) -> None:
    page = open_layers(visit, ASKED).page
    page.get_by_role("button", name="Try a new one here").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".ha-trial__hint")).to_be_hidden()
    page.get_by_role("button", name="Try a new one here").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(PIN)).to_have_count(1)
    expect(page.locator(PIN)).to_have_attribute("aria-label", re.compile("Arrow keys move it"))


def test_in_words_and_from_the_reasons_of_an_area(visit: OpenPage) -> None:
    opened = open_layers(visit, f"{ASKED}&sort=far")
    page = opened.page
    page.locator("#gaps-close-1").click()
    expect(page.locator(".ha-trial-pin--close")).to_have_count(1)
    expect(page.locator("#gaps-trial")).to_be_focused()
    page.locator("#gap-try-new-where").fill("nowhere at all")
    page.locator("#gap-try-new-where").press("Enter")
    expect(page).to_have_title(re.compile("^Problem:"))
    expect(page.locator("#gap-try-new-where")).to_have_value("nowhere at all")
    expect(page.locator(".ha-gaps__trials > li")).to_have_count(1)


def test_it_works_without_scripts(visit: OpenPage) -> None:
    page = visit(f"{ASKED}&sort=far", scripts=False).page
    page.locator("#gaps-one-more").click()
    expect(page.locator(OUTCOME)).to_contain_text("With the change that you try")
    page.locator("#gaps-shown").click()
    expect(page.locator("[data-legend]")).to_contain_text("as it is now")
    page.locator("#gaps-most-changed").click()
    expect(page.locator("tbody .ha-gaps__then").first).to_contain_text("then")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_axe_finds_nothing(
    visit: OpenPage, find_violations: FindViolations, size: tuple[int, int], scheme: str
) -> None:
    page = visit(f"{ASKED}&sort=far", scripts=False).page
    there = page.locator("#gaps-one-more").get_attribute("href") or ""
    for state in (
        there,
        f"{ASKED}&changes=add_-160_10",
        f"{ASKED}&where=nowhere".replace("gaps?", "gaps/try?"),
    ):
        opened = visit(state, size=size, scheme=scheme, bypass_csp=True)
        opened.page.wait_for_load_state("networkidle")
        assert find_violations(opened.page) == [], state
        width = opened.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], state
