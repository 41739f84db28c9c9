"""A resident near me: home, postcode, filters, map and list, by hand, by keys, without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

DESK = (1280, 900)
PHONE = (390, 844)

pytestmark = pytest.mark.browser


def read_example(page: Page) -> str:
    said = page.locator("#where-hint").inner_text()
    found = re.search(r"For example (\w+ \w+) or", said)
    assert found
    return found.group(1)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_from_the_first_page_to_a_listing(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    opened = visit("/", size=size)
    page = opened.page
    postcode = read_example(page)
    page.get_by_label("Postcode or the name of a place").fill(postcode)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Near {postcode}")
    expect(page.locator("[data-card]")).to_have_count(20)
    if size == PHONE:
        expect(page.locator("#map")).to_be_hidden()
        page.get_by_role("link", name="Map", exact=True).click()
        expect(page.locator("[data-card]").first).to_be_hidden()
    expect(page.locator(".ha-pin")).to_have_count(20)
    expect(page.locator(".ha-pin").last).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    assert opened.complaints == []


def test_filters_change_list_map_and_address_without_taking_the_focus(
    visit: Callable[..., Any],
) -> None:
    page = visit("/near?category=lib").page
    expect(page.locator(".ha-pin").first).to_be_visible()
    what = page.get_by_label("What", exact=True)
    what.focus()
    what.select_option("pharmacy")
    expect(page.locator("[data-near-says]")).to_contain_text("places")
    assert "category=pharmacy" in page.url
    expect(what).to_be_focused()
    cards = page.locator("[data-card]").count()
    pins = page.locator(".ha-pin").count()
    with_points = page.locator("[data-card][data-lon]").count()
    assert 0 < pins == with_points <= cards
    page.go_back()
    expect(what).to_have_value("lib")


def test_list_and_map_point_at_each_other(visit: Callable[..., Any]) -> None:
    page = visit("/near?category=library").page
    expect(page.locator(".ha-pin").first).to_be_visible()
    # What is shown by its area only has a row and no sign on the map.
    first, second = page.locator("[data-card][data-lon]").evaluate_all(
        "rows => rows.slice(0, 2).map((row) => row.dataset.card)"
    )
    page.locator(f'[data-card="{first}"] a').first.focus()
    chosen = page.locator(".ha-pin.is-chosen")
    expect(chosen).to_have_attribute("aria-label", re.compile(rf"^{first}\. "))
    page.get_by_role("button", name=re.compile(rf"^{second}\. ")).focus()
    page.keyboard.press("Enter")
    row = page.locator(f'[data-card="{second}"]')
    expect(row).to_have_class(re.compile("is-chosen"))
    expect(row).to_be_in_viewport()


def test_a_map_that_was_moved_can_be_searched(visit: Callable[..., Any]) -> None:
    page = visit("/near?category=lib").page
    expect(page.locator(".ha-pin").first).to_be_visible()
    button = page.get_by_role("button", name="Search this area")
    expect(button).to_be_hidden()
    for _ in range(2):
        page.get_by_role("button", name="Enlarge the map").click()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In this part of the map")
    assert "bbox=" in page.url
    expect(button).to_be_hidden()


def test_suggestions_are_chosen_with_the_keys(visit: Callable[..., Any]) -> None:
    page = visit("/").page
    box = page.get_by_label("Postcode or the name of a place")
    box.press_sequentially("Fisherg")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggestions"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    box.press_sequentially("a")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("In Fishergate")


def test_what_was_typed_before_the_script_came_has_suggestions_too(
    visit: Callable[..., Any],
) -> None:
    page = visit("/").page
    box = page.get_by_label("Postcode or the name of a place")
    held: list[Route] = []
    typed: list[str] = []

    def hold_while_nothing_is_typed(route: Route) -> None:
        if typed:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(r"\.js$"), hold_while_nothing_is_typed)
    page.reload(wait_until="commit")
    box.press_sequentially("Fisherg")
    expect(page.get_by_role("option")).to_have_count(0)
    typed.append("Fisherg")
    for each in held:
        each.continue_()
    expect(page.get_by_role("option").first).to_be_visible()


def test_where_the_device_is(visit: Callable[..., Any]) -> None:
    page = visit("/").page
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 53.88, "longitude": 1.18})
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Near your location")
    assert "near=1.1800%2C53.8800" in page.url


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_without_scripts_everything_is_there(
    visit: Callable[..., Any], size: tuple[int, int]
) -> None:
    page = visit("/", size=size, scripts=False).page
    postcode = read_example(page)
    expect(page.get_by_role("button", name="Use my location")).to_be_hidden()
    page.get_by_label("Postcode or the name of a place").fill(postcode)
    page.get_by_role("button", name="Find").click()
    expect(page.locator("[data-card]")).to_have_count(20)
    if size == PHONE:
        page.locator("summary").first.click()
    page.get_by_label("What", exact=True).select_option("lib")
    page.get_by_role("button", name="Update").click()
    assert "category=lib" in page.url
    if size == PHONE:
        page.get_by_role("link", name="Map", exact=True).click()
    expect(page.locator("[data-still]")).to_be_visible()
    expect(page.locator("[data-map-sentence]")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/near",
        "/near?category=lib&when=now",
        "/near?category=lib#map",
        "/near?where=HF9&category=1",
        "/near?where=er",
        "/near?q=zzzzqqq&category=lib",
    ],
)
def test_nothing_stands_in_the_way_in_any_state(
    visit: Callable[..., Any],
    find_violations: Callable[[Page], list[str]],
    path: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = visit(path, size=size, scheme=scheme, bypass_csp=True).page
    page.wait_for_load_state("networkidle")
    found = find_violations(page)
    assert found == [], found


def test_on_paper_there_is_the_list(visit: Callable[..., Any]) -> None:
    page = visit("/near?category=library").page
    page.emulate_media(media="print")
    expect(page.locator("[data-card]").first).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    expect(page.get_by_role("button", name="Update")).to_be_hidden()
