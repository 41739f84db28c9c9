"""axe finds nothing at WCAG 2.2 AA, in any state that matters."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

DESK = (1280, 900)
PHONE = (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.browser


def find_violations(page: Page, axe_source: str) -> list[str]:
    page.evaluate(axe_source)
    result = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    assert result["passes"], "axe ran no rule at all"
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("path", ["/", "/sources", "/docs", "/nowhere"])
def test_pages(
    visit: Callable[..., Any], axe_source: str, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = visit(path, size=size, scheme=scheme, bypass_csp=True).page
    assert find_violations(page, axe_source) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chosen_area_and_an_open_district(
    visit: Callable[..., Any], axe_source: str, scheme: str
) -> None:
    page = visit("/", scheme=scheme, bypass_csp=True).page
    page.locator("summary").first.click()
    page.locator("[data-area] a").first.click()
    page.locator("[data-area] a").nth(1).hover()
    assert find_violations(page, axe_source) == []


@pytest.mark.parametrize("words", ["old", "no such name"])
def test_a_filtered_list(visit: Callable[..., Any], axe_source: str, words: str) -> None:
    page = visit("/", size=PHONE, bypass_csp=True).page
    page.get_by_label("Find a neighbourhood by name").fill(words)
    assert find_violations(page, axe_source) == []


def test_the_checker_sees_a_fault(visit: Callable[..., Any], axe_source: str) -> None:
    page = visit("/sources", bypass_csp=True).page
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    assert any("color-contrast" in each for each in find_violations(page, axe_source))
