"""axe finds nothing at WCAG 2.2 AA, in any state that matters."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

DESK = (1280, 900)
PHONE = (390, 844)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (PHONE, "light")])
@pytest.mark.parametrize(
    "path", ["/", "/areas", "/near", "/near?category=lib", "/sources", "/docs", "/nowhere"]
)
def test_pages(
    visit: Callable[..., Any],
    find_violations: Callable[[Page], list[str]],
    path: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = visit(path, size=size, scheme=scheme, bypass_csp=True).page
    assert find_violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chosen_area_and_an_open_district(
    visit: Callable[..., Any], find_violations: Callable[[Page], list[str]], scheme: str
) -> None:
    page = visit("/areas", scheme=scheme, bypass_csp=True).page
    page.locator("summary").first.click()
    page.locator("[data-area] a").first.click()
    page.locator("[data-area] a").nth(1).hover()
    assert find_violations(page) == []


@pytest.mark.parametrize("words", ["old", "no such name"])
def test_a_filtered_list(
    visit: Callable[..., Any], find_violations: Callable[[Page], list[str]], words: str
) -> None:
    page = visit("/areas", size=PHONE, bypass_csp=True).page
    page.get_by_label("Find a neighbourhood by name").fill(words)
    assert find_violations(page) == []


def test_the_checker_sees_a_fault(
    visit: Callable[..., Any], find_violations: Callable[[Page], list[str]]
) -> None:
    page = visit("/sources", bypass_csp=True).page
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    assert any("color-contrast" in each for each in find_violations(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_was_loaded_is_unfolded(
    visit: Callable[..., Any],
    find_violations: Callable[[Page], list[str]],
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = visit("/sources", size=size, scheme=scheme, bypass_csp=True).page
    for fold in page.locator(".ha-loaded summary").all():
        fold.click()
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
