"""Light and dark: by the device, by choice, and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DARK_PAPER = "rgb(19, 26, 25)"
LIGHT_PAPER = "rgb(255, 255, 255)"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_choice_outlives_the_page_and_leads_back_to_it(
    visit: Callable[..., Any], *, scripts: bool
) -> None:
    page = visit("/sources", scripts=scripts).page
    expect(page.locator("body")).to_have_css("background-color", LIGHT_PAPER)
    page.get_by_role("button", name="Dark").click()
    assert page.url.endswith("/sources")
    expect(page.locator("body")).to_have_css("background-color", DARK_PAPER)
    page.goto("/")
    expect(page.locator("body")).to_have_css("background-color", DARK_PAPER)
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="As my device").click()
    expect(page.locator("body")).to_have_css("background-color", LIGHT_PAPER)


def test_light_can_be_had_on_a_dark_device(visit: Callable[..., Any]) -> None:
    page = visit("/sources", scheme="dark").page
    expect(page.locator("body")).to_have_css("background-color", DARK_PAPER)
    page.get_by_role("button", name="Light").click()
    expect(page.locator("body")).to_have_css("background-color", LIGHT_PAPER)


def test_the_colours_of_the_map_follow(visit: Callable[..., Any]) -> None:
    light = visit("/areas", scheme="light").page.locator("path.ha-area").first
    dark = visit("/areas", scheme="dark").page.locator("path.ha-area").first
    expect(light).to_have_css("fill", "rgb(243, 243, 238)")
    expect(dark).to_have_css("fill", "rgb(35, 44, 42)")


def test_on_paper_the_list_is_open_and_nothing_asks_to_be_pressed(
    visit: Callable[..., Any],
) -> None:
    page = visit("/areas").page
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Dark")).to_be_hidden()
    expect(page.locator("[data-area]").last).to_be_visible()
