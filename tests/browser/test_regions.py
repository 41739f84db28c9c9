"""A place of many districts: its list and its map go from the large to the small."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PHONE = (390, 844)
DESK = (1280, 900)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_folded_and_unfolded_it_is_plain_to_everybody(
    region_server: str,
    visit: Callable[..., Any],
    find_violations: Callable[[Page], list[str]],
    size: tuple[int, int],
    scheme: str,
) -> None:
    opened = visit("/areas", at=region_server, size=size, scheme=scheme, bypass_csp=True)
    page = opened.page
    expect(page.locator("[data-areas] > li")).to_have_count(2)
    assert find_violations(page) == []
    page.locator(".ha-region > summary").first.click()
    page.locator(".ha-region[open] .ha-district > summary").first.click()
    page.locator("[data-area]:visible a").first.click()
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert opened.complaints == []


def test_from_afar_only_larger_areas_are_named_and_nearer_their_districts(
    region_server: str, visit: Callable[..., Any]
) -> None:
    page = visit("/areas", at=region_server).page
    shown = page.locator(".ha-map__name > span:not(.has-no-room)")
    expect(page.locator(".ha-map__name > .is-larger")).to_have_count(2)
    assert all("is-larger" in (name.get_attribute("class") or "") for name in shown.all())
    for _ in range(2):
        page.get_by_role("button", name="Enlarge the map").click()
    expect(page.locator(".ha-map__name > span:not(.is-larger, .has-no-room)").first).to_be_visible()


def test_pointing_at_a_region_shows_it_on_the_map(
    region_server: str, visit: Callable[..., Any]
) -> None:
    page = visit("/areas", at=region_server).page
    page.locator(".ha-region > summary").first.focus()
    expect(page.locator(".ha-outline__edges path.is-on")).to_have_count(1)


def test_an_address_with_an_area_opens_all_around_it(
    region_server: str, visit: Callable[..., Any]
) -> None:
    code = (
        visit("/areas", at=region_server)
        .page.locator("[data-area]")
        .nth(70)
        .get_attribute("data-area")
    )
    page = visit(f"/areas#area-{code}", at=region_server).page
    expect(page.locator(f"#area-{code}")).to_be_in_viewport()


def test_the_filter_finds_by_the_name_of_the_region(
    region_server: str, visit: Callable[..., Any]
) -> None:
    page = visit("/areas", at=region_server).page
    region = page.locator(".ha-region").last
    inside = region.locator("[data-area]").count()
    page.get_by_label("Find a neighbourhood or district by name").fill(
        region.get_attribute("data-name") or "?"
    )
    expect(page.locator("[data-filter-says]")).to_have_text(f"{inside} of 120 neighbourhoods")
    page.get_by_label("Find a neighbourhood or district by name").fill("")
    expect(page.locator("[data-area]:visible")).to_have_count(0)


def test_without_scripts_an_area_of_the_map_leads_to_its_entry(
    region_server: str, visit: Callable[..., Any]
) -> None:
    page = visit("/areas", at=region_server, scripts=False).page
    expect(page.locator(".ha-outline__labels text:visible")).to_have_count(2)
    code = page.locator(".ha-district").nth(12).get_attribute("data-district")
    page.goto(f"{region_server}/areas#area-{code}")
    expect(page.locator(f"#area-{code} > summary")).to_be_in_viewport()
