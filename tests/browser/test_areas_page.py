"""The page of neighbourhoods in a browser: map and list point at each other, scripts or not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

DESK = (1280, 900)
PHONE = (390, 844)
BUDGET_BYTES = 150_000

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE, (360, 640), (640, 450)])
@pytest.mark.parametrize(
    "path", ["/", "/areas", "/near", "/near?category=lib", "/sources", "/docs"]
)
def test_nothing_complains_and_nothing_sticks_out(
    visit: Callable[..., Any], path: str, size: tuple[int, int], scheme: str
) -> None:
    opened = visit(path, size=size, scheme=scheme)
    assert opened.complaints == []
    width = opened.page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]


def test_the_map_follows_the_sentence_and_the_list_the_map_on_a_phone(
    visit: Callable[..., Any],
) -> None:
    page = visit("/areas", size=PHONE).page
    tops = [
        page.locator(selector).bounding_box()["y"]
        for selector in (".ha-finding", "[data-map]", "[data-areas]")
    ]
    assert tops == sorted(tops)
    height = page.locator("[data-map]").bounding_box()["height"]
    assert 250 <= height <= 450


def test_the_list_points_at_the_map(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    page.locator("summary").first.click()
    page.locator("[data-area] a").first.hover()
    expect(page.locator("path.ha-area.is-on")).to_have_count(1)
    # Else the list scrolls another row under the pointer, which then points as well.
    page.mouse.move(0, 0)
    page.locator("summary").nth(3).focus()
    expect(page.locator(".ha-outline path.is-on")).to_have_count(1)


def test_the_map_points_at_the_list(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    x, y = find_point_inside(page, 60)
    page.mouse.move(x, y)
    expect(page.locator(".ha-tip")).to_be_visible()
    page.mouse.click(x, y)
    row = page.locator("tr.is-chosen")
    expect(row).to_have_count(1)
    expect(row).to_be_in_viewport()
    name = row.get_attribute("data-name") or "?"
    expect(page.locator("[data-announcement]")).to_contain_text(name)
    assert page.url.endswith(f"#area-{row.get_attribute('data-area')}")


def test_an_address_with_an_area_opens_there(visit: Callable[..., Any]) -> None:
    code = visit("/areas").page.locator("[data-area]").nth(70).get_attribute("data-area")
    page = visit(f"/areas#area-{code}").page
    expect(page.locator(f"#area-{code}")).to_be_in_viewport()
    expect(page.locator("path.ha-area.is-chosen")).to_have_count(1)


def test_the_filter_narrows_list_and_map(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    page.get_by_label("Find a neighbourhood by name").fill("fishergate")
    rows = page.locator("[data-area]:visible")
    expect(rows).to_have_count(5)
    expect(page.locator("path.ha-area.is-found")).to_have_count(5)
    expect(page.locator("[data-filter-says]")).to_have_text("5 of 120 neighbourhoods")


def test_the_map_gets_larger_by_button_and_home_again(visit: Callable[..., Any]) -> None:
    page = visit("/areas", size=PHONE).page
    larger = page.get_by_role("button", name="Enlarge the map")
    smaller = page.get_by_role("button", name="Make the map smaller")
    for button in (larger, smaller):
        box = button.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
    expect(smaller).to_have_attribute("aria-disabled", "true")
    before = page.locator("path.ha-area").first.bounding_box()
    larger.click()
    expect(smaller).to_have_attribute("aria-disabled", "false")
    assert page.locator(".leaflet-touch-drag, .leaflet-grab").count()
    smaller.click()
    expect(smaller).to_have_attribute("aria-disabled", "true")
    after = page.locator("path.ha-area").first.bounding_box()
    assert abs(after["x"] - before["x"]) <= 1
    assert abs(after["width"] - before["width"]) <= 1
    assert not page.locator(".leaflet-touch-drag, .leaflet-grab").count()


def test_the_map_fits_again_when_the_window_changes(visit: Callable[..., Any]) -> None:
    page = visit("/areas").page
    page.set_viewport_size({"width": 390, "height": 844})
    frame = page.locator("[data-map]")
    page.wait_for_function(
        """() => {
          const frame = document.querySelector('[data-map]').getBoundingClientRect();
          const areas = [...document.querySelectorAll('path.ha-area')];
          return areas.every((area) => {
            const box = area.getBoundingClientRect();
            return box.left >= frame.left && box.right <= frame.right
              && box.top >= frame.top && box.bottom <= frame.bottom;
          });
        }"""
    )
    expect(frame).to_be_visible()


def test_names_on_the_map_do_not_lie_over_each_other(visit: Callable[..., Any]) -> None:
    for size in (DESK, PHONE):
        page = visit("/areas", size=size).page
        overlaps = page.evaluate(
            """() => {
              const names = [...document.querySelectorAll('.ha-map__name > span')];
              const boxes = names.filter((name) => !name.classList.contains('has-no-room'))
                .map((name) => name.getBoundingClientRect());
              const touch = (a, b) => a.left < b.right && b.left < a.right
                && a.top < b.bottom && b.top < a.bottom;
              return [boxes.length, boxes.filter((a) =>
                boxes.some((b) => a !== b && touch(a, b))).length];
            }"""
        )
        assert overlaps[0] >= 5
        assert overlaps[1] == 0


def test_a_map_that_cannot_be_loaded_leaves_the_drawing_and_says_so(
    visit: Callable[..., Any],
) -> None:
    page = visit("/sources").page
    page.route("**/api/v1/areas/outlines*", lambda route: route.fulfill(status=503, body="{}"))
    page.goto("/areas", wait_until="networkidle")
    expect(page.locator("[data-caption]")).to_contain_text("could not be loaded")
    expect(page.locator(".ha-outline path").first).to_be_visible()
    page.locator("summary").first.click()
    expect(page.locator("[data-area]").first).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_without_scripts_everything_is_there(
    visit: Callable[..., Any], size: tuple[int, int]
) -> None:
    page = visit("/areas", size=size, scripts=False).page
    expect(page.locator(".ha-outline__shapes path")).to_have_count(25)
    expect(page.locator(".ha-outline__shapes path").first).to_be_visible()
    expect(page.locator(".ha-backdrop path").first).to_be_visible()
    expect(page.locator("noscript p, .ha-caption").last).to_be_visible()
    expect(page.locator("[data-area]")).to_have_count(120)
    expect(page.get_by_label("Find a neighbourhood by name")).to_be_hidden()
    page.locator("summary", has_text="Fishergate").click()
    expect(page.locator("[data-area]:visible")).to_have_count(5)


def test_scripts_and_styles_of_the_first_page_fit_the_budget(
    visit: Callable[..., Any],
) -> None:
    page = visit("/sources").page
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if re.search(r"\.(js|css)$", response.url):
            sizes[response.url] = response.request.sizes()["responseBodySize"]

    page.on("response", weigh)
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto("/areas", wait_until="networkidle")
    assert sizes
    assert 0 < sum(sizes.values()) <= BUDGET_BYTES


def test_pages_without_a_map_load_no_map(visit: Callable[..., Any]) -> None:
    page = visit("/docs").page
    loaded = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert not [address for address in loaded if "town" in address]


def find_point_inside(page: Page, index: int) -> tuple[float, float]:
    """Return a point of the screen where the area with this index is on top."""
    found = page.evaluate(
        """(index) => {
          const path = document.querySelectorAll('path.ha-area')[index];
          const box = path.getBoundingClientRect();
          for (let step = 0; step < 400; step += 1) {
            const x = box.left + box.width * ((step % 20) + 0.5) / 20;
            const y = box.top + box.height * (Math.floor(step / 20) + 0.5) / 20;
            if (document.elementFromPoint(x, y) === path) return [x, y];
          }
          return null;
        }""",
        index,
    )
    assert found, "the area is covered"
    return found[0], found[1]
