"""Everything can be done with the keys, in an order that makes sense."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def describe_focus(page: Page) -> str:
    return str(
        page.evaluate(
            "(document.activeElement.getAttribute('aria-label')"
            " ?? document.activeElement.innerText).trim().split('\\n')[0]"
        )
    )


def press_through(page: Page, count: int) -> list[str]:
    seen = []
    for _ in range(count):
        page.keyboard.press("Tab")
        seen.append(describe_focus(page))
    return seen


def test_the_order_of_the_first_page(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    assert press_through(page, 12) == [
        "Skip to the main part of this page",
        "Hereabouts",
        "Find",
        "Add",
        "Understand",
        "Skip past the map to the list",
        "Map of Haddermouth. Arrow keys move it, plus and minus change its size.",
        "Enlarge the map",
        "Make the map smaller",
        "",  # the filter box, which has a label and no text
        "Abbot's Mead",
        "Beacon Hill",
    ]


def test_the_skip_link_shows_and_leads_past_the_header(visit: Callable[..., Any]) -> None:
    page = visit("/sources").page
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the main part of this page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    in_main_or_later = page.evaluate(
        "!document.querySelector('header').contains(document.activeElement)"
    )
    assert in_main_or_later


def test_one_can_skip_past_the_map(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    page.get_by_text("Skip past the map to the list").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Find a neighbourhood by name")).to_be_focused()


def test_an_area_is_highlighted_and_chosen_from_the_list(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("path.ha-area.is-on")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("path.ha-area.is-chosen")).to_have_count(1)
    expect(page.locator("tr.is-chosen a")).to_be_focused()


def test_the_map_moves_by_keys_once_it_is_larger(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    page.get_by_role("group", name="Map of Haddermouth").focus()
    first = page.locator("path.ha-area").first
    page.keyboard.press("+")
    expect(page.get_by_role("button", name="Make the map smaller")).to_have_attribute(
        "aria-disabled", "false"
    )
    before = first.bounding_box()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert first.bounding_box() != before


def test_every_stop_shows_where_it_is(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid", describe_focus(page)
