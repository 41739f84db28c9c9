"""Who asks where something falls short: form, sentence, map, table and reasons change together."""

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
    look,
    name_class,
    open_layers,
    read_swatches,
)

pytestmark = pytest.mark.browser

ASKED = "/gaps?category=library&people=all&distance=900"
BOTH = f"{ASKED}&need=deprivation_score_2025"
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


def read_classes(page: Page) -> dict[int, str]:
    """The class of each area by its number, as the answer's own figures say."""
    address = page.locator("[data-layers-result]").get_attribute("data-figures")
    own = page.request.get(address or "").json()["layers"][0]
    names = ["none", *(f"ha-need-{n}" for n in range(1, 6))]
    names += [f"ha-b{first}{second}" for first in range(1, 4) for second in range(1, 4)]
    return {gid: names[number] for gid, number in enumerate(own["classes"], 1)}


def check_colours(page: Page) -> None:
    """Areas are painted in the class that the answer gives them, in the legend's colour."""
    classes, swatches = read_classes(page), read_swatches(page)
    seen = 0
    for gid, place in list(list_places(page).items())[::5]:
        painted = name_class(look(page, place), swatches)
        if gid in classes and painted is not None:
            assert painted == classes[gid], gid
            seen += 1
    assert seen > 5


def test_a_change_recolours_map_and_answer_without_fetching_tiles(visit: OpenPage) -> None:
    opened = open_layers(visit, ASKED)
    page = opened.page
    page.wait_for_timeout(300)
    check_colours(page)
    before, tiles = page.locator(".ha-finding").inner_text(), list_tiles(page)
    page.get_by_label("How far").fill("2 km")
    page.get_by_label("How far").press("Tab")
    expect(page).to_have_url(re.compile(r"distance=2\+km"))
    expect(page.locator(".ha-finding")).not_to_have_text(before)
    await_map(page)
    page.wait_for_timeout(300)
    check_colours(page)
    page.get_by_label("Beside which need").select_option("deprivation_score_2025")
    expect(page.locator("[data-legend] .ha-both")).to_be_visible()
    await_map(page)
    page.wait_for_timeout(300)
    check_colours(page)
    assert list_tiles(page) == tiles, "tiles were fetched again"
    page.go_back()
    page.go_back()
    expect(page.locator(".ha-finding")).to_have_text(before)
    expect(page.get_by_label("How far")).to_have_value("900")
    assert list_faults(opened) == []


def test_an_area_pressed_on_the_map_or_in_the_table_is_explained(visit: OpenPage) -> None:
    opened = open_layers(visit, BOTH)
    page = opened.page
    page.wait_for_timeout(300)
    places = list_places(page)
    row = page.locator("[data-ranking] tbody tr").nth(4)
    gid, name = int(row.get_attribute("data-gid") or 0), row.locator("th a").inner_text()
    page.locator(".ha-board__map").evaluate("map => map.scrollIntoView({ block: 'center' })")
    x, y = locate(page, places[gid])
    page.mouse.move(x, y)
    expect(page.locator(".ha-tip")).to_contain_text("people are farther away; nearest")
    expect(page.locator(".ha-tip")).to_contain_text(name)
    page.mouse.click(x, y)
    expect(page.locator("#gaps-why-name")).to_have_text(name)
    expect(page).to_have_url(re.compile("area="))
    expect(page.locator("tr.is-chosen")).to_have_attribute("data-gid", str(gid))
    link = page.locator("[data-ranking] tbody tr th a").nth(7)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#gaps-why-name")).to_have_text(link.inner_text())
    expect(page.locator("#gaps-why")).to_be_focused()
    assert list_faults(opened) == []


def test_what_cannot_be_asked_is_said_and_what_is_missing_is_led_to(visit: OpenPage) -> None:
    page = open_layers(visit, ASKED).page
    page.get_by_label("For whom").select_option("ages")
    expect(page.get_by_label("Other ages: youngest")).to_be_focused()
    page.get_by_label("For whom").select_option("all")
    page.get_by_label("How far").fill("far away")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_title(re.compile("^Problem:"))
    expect(page.get_by_role("alert")).to_contain_text("“far away” is no distance here")
    expect(page.get_by_label("How far")).to_have_value("far away")
    expect(page.get_by_label("How far")).to_have_attribute("aria-invalid", "true")


def test_it_works_without_scripts(visit: OpenPage) -> None:
    page = visit("/gaps", scripts=False).page
    page.get_by_label("Far from what").select_option("library")
    page.get_by_label("How far").fill("900")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".ha-finding")).to_contain_text("900")
    expect(page.locator(".ha-still")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".ha-pages")).to_contain_text("Page 2 of")
    page.get_by_label("Find an area or a district").fill("zzzz")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator(".ha-ranking")).to_contain_text("No area is called that")


@SIZES
@SCHEMES
def test_axe_finds_nothing(
    visit: OpenPage, find_violations: FindViolations, size: tuple[int, int], scheme: str
) -> None:
    states = ["/gaps", ASKED, f"{BOTH}&measure=e2sfca", "/gaps?category=toy-library&distance=x",
              "/gaps?category=toy-library"]  # fmt: skip
    for state in states:
        opened = visit(state, size=size, scheme=scheme, bypass_csp=True)
        opened.page.wait_for_load_state("networkidle")
        assert find_violations(opened.page) == [], state
        width = opened.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], state
