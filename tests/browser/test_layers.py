"""An analyst's page: form, sentence, legend, table and map tell the same and change together."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, PHONE, OpenPage
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

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
TWO = "indicator=deprivation_score_2025&compare=no_car"
MISSING_SIDE = 6
ONE_STEP_MS = 2100
MOST_STOPS = 150
PAPER_PX = 700


def read_shown(page: Page) -> list[str]:
    """What the page says: sentence, legend, first rows."""
    shown = [".ha-finding", "[data-legend]", "[data-ranking] tbody tr:first-child"]
    return [page.locator(each).inner_text() for each in shown]


def list_rows(page: Page) -> dict[int, list[str]]:
    """The classes of the swatches of each row, by the area's number."""
    found = page.locator("[data-ranking] tbody tr").evaluate_all(
        "rows => rows.map((row) => [Number(row.dataset.gid),"
        " [...row.querySelectorAll('.ha-swatch')]"
        ".map((each) => each.className.replace('ha-swatch ', ''))])"
    )
    return dict(found)


@SIZES
def test_everything_changes_together_and_the_way_back_leads_to_what_was(
    visit: OpenPage, size: tuple[int, int]
) -> None:
    opened = open_layers(visit, "/layers", size=size)
    page = opened.page
    before, tiles = read_shown(page), list_tiles(page)
    somewhere = list_places(page)[list(list_rows(page))[3]]
    colours = look(page, somewhere)
    page.get_by_label("What", exact=True).focus()
    page.keyboard.type("Households in f")
    expect(page).to_have_url(re.compile("indicator=fuel_poverty"))
    expect(page.locator("[data-layers-result]")).to_have_attribute("data-indicator", "fuel_poverty")
    expect(page.get_by_label("What", exact=True)).to_be_focused()
    await_map(page)
    after = read_shown(page)
    assert all(one != other for one, other in zip(before, after, strict=True))
    says = page.locator("[data-layers-says]").inner_text()
    assert after[0] in says
    assert name_class(look(page, somewhere), read_swatches(page)) == expect_class(page, somewhere)
    page.go_back()
    expect(page.locator(".ha-finding")).to_have_text(before[0])
    assert read_shown(page) == before
    page.wait_for_timeout(200)
    assert look(page, somewhere) == colours
    expect(page.get_by_label("What", exact=True)).to_have_value("income_score_2025")
    assert list_tiles(page) == tiles, "tiles were fetched again"
    assert list_faults(opened) == []


def expect_class(page: Page, place: tuple[float, float]) -> str:
    """The class that a place's area has by its value and the edges that the service tells."""
    gid = next(gid for gid, each in list_places(page).items() if each == place)
    address = "/api/v1/indicators/fuel_poverty/values?area_type=lsoa&boundary_year=2021"
    answer = page.request.get(address).json()
    division = answer["breaks"]["quantile"]
    value = answer["values"][gid - 1]
    return f"ha-need-{division['needs'][sum(value >= edge for edge in division['edges'])]}"


def test_quick_changes_are_one_step_back_and_slow_ones_several(visit: OpenPage) -> None:
    page = open_layers(visit).page
    start = page.evaluate("history.length")
    field = page.get_by_label("For which areas")
    result = page.locator("[data-layers-result]")
    field.select_option("msoa")
    expect(result).to_have_attribute("data-layer", "msoa-2021")
    field.select_option("ward")
    expect(result).to_have_attribute("data-layer", "ward-2025")
    assert page.evaluate("history.length") == start + 1
    page.wait_for_timeout(ONE_STEP_MS)
    field.select_option("lsoa")
    expect(result).to_have_attribute("data-layer", "lsoa-2021")
    assert page.evaluate("history.length") == start + 2
    page.go_back()
    expect(result).to_have_attribute("data-layer", "ward-2025")
    expect(field).to_have_value("ward")


@SIZES
def test_a_row_chosen_is_outlined_on_the_map_and_told(
    visit: OpenPage, size: tuple[int, int]
) -> None:
    page = open_layers(visit, size=size).page
    row = page.locator("[data-ranking] tbody tr").nth(4)
    name = row.locator("th a").inner_text()
    before = page.locator(".ha-outlines canvas").evaluate("(canvas) => canvas.toDataURL()")
    row.locator("th a").press("Enter")
    expect(page.locator("[data-chosen] h2")).to_have_text(name)
    expect(page.locator("#layers-chosen")).to_be_focused()
    expect(page.locator(".ha-board__chosen")).to_contain_text(name)
    expect(row).to_have_attribute("aria-current", "true")
    await_map(page)
    drawn = page.locator(".ha-outlines canvas").evaluate(
        "(canvas) => canvas.getContext('2d')"
        ".getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    )
    assert drawn
    after = page.locator(".ha-outlines canvas").evaluate("(canvas) => canvas.toDataURL()")
    assert after != before
    assert f"area={row.get_attribute('data-code')}" in page.url


@SIZES
def test_an_area_chosen_on_the_map_marks_its_row(visit: OpenPage, size: tuple[int, int]) -> None:
    page = open_layers(visit, size=size).page
    gid = list(list_rows(page))[7]
    page.locator(".ha-board").scroll_into_view_if_needed()
    page.locator(".ha-board").evaluate("(board) => board.scrollIntoView({ block: 'center' })")
    page.mouse.click(*locate(page, list_places(page)[gid]))
    row = page.locator(f"[data-gid='{gid}']")
    expect(row).to_have_class(re.compile("is-chosen"))
    expect(row).to_have_attribute("aria-current", "true")
    name = row.locator("th a").inner_text()
    expect(page.locator("[data-layers-says]")).to_contain_text(name)
    expect(page).to_have_url(re.compile(f"#area-{row.get_attribute('data-code')}$"))
    page.get_by_role("button", name="Show it in the table").click()
    expect(row.locator("th a")).to_be_focused()


@SIZES
def test_the_map_has_the_colours_of_the_table(visit: OpenPage, size: tuple[int, int]) -> None:
    page = open_layers(visit, size=size).page
    places, swatches = list_places(page), read_swatches(page)
    for number in ("", "2"):
        if number:
            page.get_by_role("link", name="Next page").click()
            expect(page.get_by_text(f"Page {number} of 3")).to_be_visible()
            await_map(page)
        rows = dict(list(list_rows(page).items())[::6])
        assert len(rows) >= 8
        seen = {gid: name_class(look(page, places[gid]), swatches) for gid in rows}
        assert seen == {gid: swatch for gid, [swatch] in rows.items()}


def test_areas_without_a_figure_are_hatched(visit: OpenPage) -> None:
    page = open_layers(visit, "/layers?page=3").page
    [gid] = [gid for gid, swatches in list_rows(page).items() if swatches == ["ha-none"]]
    colours = look(page, list_places(page)[gid], reach=MISSING_SIDE)
    assert len(set(colours)) > 2, "it has one colour"
    assert (255, 255, 255) not in colours[:1]
    assert name_class(colours, read_swatches(page)) is None


@pytest.mark.parametrize("breaks", ["published", "equal"])
def test_two_maps_have_the_colours_of_their_columns(visit: OpenPage, breaks: str) -> None:
    page = open_layers(visit, f"/layers?{TWO}&breaks={breaks}").page
    expect(page.locator(".ha-board__map")).to_have_count(2)
    places = list_places(page)
    rows = dict(list(list_rows(page).items())[:40:4])
    for pane in (0, 1):
        swatches = read_swatches(page, pane)
        seen = {gid: name_class(look(page, places[gid], pane), swatches) for gid in rows}
        assert seen == {gid: row[pane] for gid, row in rows.items()}


def test_both_in_one_map_have_the_colours_of_the_table_of_nine(visit: OpenPage) -> None:
    page = open_layers(visit, f"/layers?{TWO}&view=both").page
    places, swatches = list_places(page), read_swatches(page)
    assert len(swatches) == 9
    rows = dict(list(list_rows(page).items())[::5])
    seen = {gid: name_class(look(page, places[gid]), swatches) for gid in rows}
    assert seen == {gid: row[-1] for gid, row in rows.items()}


def test_everything_is_reached_with_the_keys(visit: OpenPage) -> None:
    page = open_layers(visit).page
    page.locator("#layers-skip").focus()
    expect(page.locator("#layers-skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#layers-legend")).to_be_focused()
    page.locator("#layers-skip").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".ha-map__leaflet")).to_be_focused()
    box = page.locator(".ha-areas canvas").first.bounding_box()
    zoomed = page.get_by_role("button", name="Make the map smaller")
    page.keyboard.press("+")
    expect(page.locator(".ha-map__scale")).not_to_have_text("")
    await_map(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert page.locator(".ha-areas canvas").first.bounding_box() != box
    page.keyboard.press("-")
    expect(zoomed).to_have_attribute("aria-disabled", "false")
    walk = walk_to_the_end(page)
    assert walk[:3] == ["Enlarge the map", "Make the map smaller", "Show the whole place"]
    rows = page.locator("[data-ranking] tbody tr th a").all_inner_texts()
    assert [each for each in walk if each in rows] == rows
    buttons = [each for each in walk if each.endswith(" on the map")]
    assert buttons == [f"Show {name} on the map" for name in rows]


def walk_to_the_end(page: Page) -> list[str]:
    """Press Tab to the page's end; return each stop, all of which must show where they are."""
    seen: list[str] = []
    while len(seen) < MOST_STOPS:
        page.keyboard.press("Tab")
        name, outline, is_over = page.evaluate(
            "[(document.activeElement.getAttribute('aria-label')"
            " ?? document.activeElement.innerText).trim(),"
            " getComputedStyle(document.activeElement).outlineStyle,"
            " document.activeElement === document.body]"
        )
        if is_over:
            return seen
        assert outline == "solid", name
        seen.append(name)
    pytest.fail("the focus never leaves the page")


def test_a_button_of_a_row_shows_it_on_the_map_and_keeps_the_focus(visit: OpenPage) -> None:
    page = open_layers(visit).page
    row = page.locator("[data-ranking] tbody tr").nth(30)
    button = row.get_by_role("button")
    button.press("Enter")
    expect(row).to_have_class(re.compile("is-chosen"))
    expect(button).to_be_focused()
    expect(page.locator(".ha-board__chosen")).to_contain_text(row.locator("th a").inner_text())


def test_a_printed_map_keeps_its_colours_and_fits_the_paper(visit: OpenPage) -> None:
    """Of a canvas all that was ever done to it is printed, clearing what lies beneath included."""
    page = open_layers(visit, "/layers", size=(1800, 1000)).page
    somewhere = list_places(page)[list(list_rows(page))[3]]
    colours = look(page, somewhere)
    page.evaluate(
        "window.drawn = [...document.querySelectorAll('.ha-map__leaflet canvas')];"
        "dispatchEvent(new Event('beforeprint'))"
    )
    count, left, width = page.evaluate(
        "() => { const now = [...document.querySelectorAll('.ha-map__leaflet canvas')];"
        " return [now.length, now.filter((each) => window.drawn.includes(each)).length,"
        " document.querySelector('.ha-map__leaflet').getBoundingClientRect().width] }"
    )
    assert count > 1
    assert left == 0, "copies stand in, on which nothing was cleared"
    assert width <= PAPER_PX
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(
        "[...document.querySelectorAll('.ha-map__leaflet canvas')]"
        ".every((each, at) => each === window.drawn[at])"
    )
    assert look(page, somewhere) == colours


@SIZES
def test_without_scripts_the_same_is_told(visit: OpenPage, size: tuple[int, int]) -> None:
    path = "/layers?category=library"
    with_scripts = open_layers(visit, path, size=size).page
    page = visit(path, size=size, scripts=False).page
    for part in (".ha-finding", "[data-legend]", "[data-ranking]"):
        assert page.locator(part).inner_text() == with_scripts.locator(part).inner_text()
    expect(page.locator(".ha-still__shapes path")).to_have_count(120)
    for name in ("need-1", "need-5", "none"):
        counted = page.locator(f"[data-legend] tr:has(.ha-{name}) td").nth(1).inner_text()
        expect(page.locator(f".ha-still__shapes .ha-{name}")).to_have_count(int(counted))
    page.get_by_label("What", exact=True).select_option("fuel_poverty")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-layers-result]")).to_have_attribute("data-indicator", "fuel_poverty")
    expect(page.locator("[data-ranking] tbody tr")).to_have_count(50)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_map_heals_when_the_server_comes_back(visit: OpenPage) -> None:
    page = open_layers(visit).page
    away = True

    def answer(route: Route) -> None:
        if away:
            route.abort("connectionrefused")
        else:
            route.continue_()

    page.route("**/tiles/**", answer)
    page.get_by_role("button", name="Enlarge the map").click()
    note = page.locator(".ha-board__note")
    expect(note).to_contain_text("Parts of the map could not be fetched")
    away = False
    page.locator(".ha-map__leaflet").press("ArrowLeft")
    expect(note).to_be_hidden()
    await_map(page)
    waiting = ".ha-areas canvas.leaflet-tile:not(.leaflet-tile-loaded)"
    expect(page.locator(waiting)).to_have_count(0)
