"""Places on the map of layers; the background away; and the page for everybody, in every state."""

import asyncio
import socket
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.database import Database, DatabaseAddress
from tests.browser.conftest import (
    DESK,
    PHONE,
    FindViolations,
    OpenPage,
    copy_database,
    run_server,
)
from tests.browser.layers_map import (
    Place,
    await_map,
    list_faults,
    list_places,
    locate,
    look,
    open_layers,
)
from tests.planting import add_asset, at, find_district

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
TWO = "indicator=deprivation_score_2025&compare=no_car"
HALO = 40
TRIES = 6


@pytest.fixture(scope="module")
def own_database(server: DatabaseAddress, demo_template: str) -> Iterator[DatabaseAddress]:
    """A copy of the demonstration place to which places are added."""
    with copy_database(server, demo_template) as address:
        yield address


@pytest.fixture(scope="module")
def own_server(
    own_database: DatabaseAddress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The service on that copy."""
    with run_server(own_database, tmp_path_factory.mktemp("var")) as started:
        yield started


@pytest.fixture(scope="module")
def bare_server(
    demo_copy: DatabaseAddress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The service with a background map that nobody answers for."""
    with closing(socket.socket()) as taken:
        # Bound and not listened to: every call is refused, and nobody else gets the port.
        taken.bind(("127.0.0.1", 0))
        tiles = f"http://127.0.0.1:{taken.getsockname()[1]}/{{z}}/{{x}}/{{y}}.png"
        with run_server(demo_copy, tmp_path_factory.mktemp("var"), tiles) as started:
            yield started


def run_beside(work: Coroutine[Any, Any, Place]) -> Place:
    """Run in another thread, because the driver keeps a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


async def add_hall(address: DatabaseAddress, name: str) -> Place:
    """Add a place where there is room; return its point."""
    database = Database(address, pool_size=0)
    try:
        district = await find_district(database, 3)
        point: Place = district["points"][0]
        site = {"mode": "address", "address": "1 Mill Lane", "location": at(point)}
        said = {"kind": "activity", "name": name, "categories": ["library"], "sites": [site]}
        await add_asset(database, said)
    finally:
        await database.close()
    return point


def list_named(page: Page, category: str) -> dict[str, Place]:
    """Return where the places of a category are, by name."""
    answer = page.request.get(f"/api/v1/assets?category={category}&limit=100").json()
    with_point = [each for each in answer["features"] if each["geometry"]]
    return {each["properties"]["name"]: each["geometry"]["coordinates"] for each in with_point}


def bring_map(page: Page) -> None:
    """Bring the whole map into view, so that the pointer can reach it."""
    page.locator(".ha-board__maps").evaluate("(maps) => maps.scrollIntoView({ block: 'center' })")


def measure(one: Place, other: Place) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def list_gaps(page: Page, named: dict[str, Place]) -> dict[str, float]:
    """How many pixels each place is from the next one on the screen."""
    points = {name: locate(page, place) for name, place in named.items()}
    return {
        name: min(measure(point, other) for each, other in points.items() if each != name)
        for name, point in points.items()
    }


def point_at(page: Page, place: Place) -> str:
    """Move the pointer to a place and return what is said of what is there."""
    page.mouse.move(*locate(page, place))
    page.wait_for_timeout(60)
    tip = page.locator(".ha-tip")
    return tip.inner_text() if tip.count() else ""


def open_card(page: Page, category: str) -> str:
    """Press a place that stands by itself, those that lie alone first; return its name."""
    bring_map(page)
    named = list_named(page, category)
    gaps = list_gaps(page, named)
    heading = page.locator(".ha-card h2")
    for name in sorted(gaps, key=lambda each: -gaps[each])[:TRIES]:
        page.mouse.click(*locate(page, named[name]))
        try:
            expect(heading).to_have_text(name, timeout=1500)
        except AssertionError:
            # From so far away it is counted with another one.
            page.get_by_role("button", name="Show the whole place").click()
            await_map(page)
            bring_map(page)
        else:
            return name
    raise AssertionError("No place of this category stands by itself.")


@SIZES
def test_a_place_opens_its_card_and_escape_leads_back(
    visit: OpenPage, size: tuple[int, int]
) -> None:
    opened = open_layers(visit, "/layers?category=library", size=size)
    page = opened.page
    open_card(page, "library")
    card = page.locator(".ha-card")
    expect(card.locator("h2")).to_be_focused()
    expect(card).to_contain_text("Libraries")
    expect(card).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator(".ha-map__leaflet")).to_be_focused()
    assert list_faults(opened) == []


@SIZES
def test_pressing_a_cluster_leads_nearer(visit: OpenPage, size: tuple[int, int]) -> None:
    page = open_layers(visit, "/layers?category=hall", size=size).page
    bring_map(page)
    tip = page.locator(".ha-tip")
    gaps = list_gaps(page, named := list_named(page, "hall"))
    for name in sorted(gaps, key=lambda each: gaps[each]):
        x, y = locate(page, named[name])
        if "press to look closer" in point_at(page, named[name]):
            break
    expect(tip).to_contain_text("places; press to look closer")
    scale = page.locator(".ha-map__scale").inner_text()
    page.mouse.click(x, y)
    expect(page.locator(".ha-map__scale")).not_to_have_text(scale)
    expect(page.locator(".ha-card")).to_be_hidden()


def test_a_place_added_meanwhile_is_there_when_somebody_comes_back_to_the_page(
    visit: OpenPage, own_server: str, own_database: DatabaseAddress
) -> None:
    page = open_layers(visit, "/layers?category=library", at=own_server).page
    bring_map(page)
    name = "Lantern Reading Room"
    point = run_beside(add_hall(own_database, name))
    assert name in list_named(page, "library")
    with page.expect_response(lambda each: "/tiles/assets/" in each.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await_map(page)
    bring_map(page)
    if "press to look closer" not in point_at(page, point):  # beside others it is counted with them
        page.mouse.click(*locate(page, point))
        expect(page.locator(".ha-card")).to_contain_text(name)


def test_without_its_background_the_map_says_so_and_keeps_its_outlines(
    visit: OpenPage, bare_server: str
) -> None:
    page = open_layers(visit, at=bare_server).page
    note = page.locator(".ha-board__note")
    expect(note).to_contain_text("The background map cannot be reached")
    expect(page.locator(".ha-map__attribution")).to_be_hidden()
    somewhere = list_places(page)[1]
    assert len(set(look(page, somewhere, reach=12))) > 1
    page.get_by_role("button", name="Enlarge the map").click()
    await_map(page)
    expect(note).to_contain_text("The background map cannot be reached")


STATES = {
    "one": "/layers",
    "beside": f"/layers?{TWO}",
    "both": f"/layers?{TWO}&view=both",
    "area": "/layers?area=X01000132",
    "places": "/layers?category=library&organisations=registered_in",
    "wrong": "/layers?indicator=nothing-such",
}


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"]
)
def test_every_state_is_for_everybody(
    visit: OpenPage, find_violations: FindViolations, size: tuple[int, int], scheme: str
) -> None:
    page = visit(STATES["wrong"], size=size, scheme=scheme, bypass_csp=True).page
    for name, path in STATES.items():
        page.goto(path)
        if name == "wrong":
            expect(page.get_by_role("alert")).to_contain_text("nothing-such")
        else:
            await_map(page)
        if name == "places":
            open_card(page, "library")
        assert find_violations(page) == [], name
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], f"{name} is wider than the screen"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [STATES["one"], STATES["both"]])
def test_the_still_map_is_for_everybody(
    visit: OpenPage, find_violations: FindViolations, path: str, scheme: str
) -> None:
    page = visit("/sources", scheme=scheme, bypass_csp=True).page
    # The checker itself needs scripts: so only those of the page are kept away.
    page.route("**/static/assets/*.js", lambda route: route.abort())
    page.goto(path)
    expect(page.locator(".ha-still")).to_be_visible()
    # Names on the drawing have a halo in the colour of paper, which the checker does not see.
    assert [each for each in find_violations(page) if "tspan" not in each] == []
    name = page.locator(".ha-still text").first
    expect(name).to_have_css("paint-order", "stroke")
    assert name.evaluate("(name) => parseFloat(getComputedStyle(name).strokeWidth)") > HALO


@pytest.mark.parametrize("how", [{"forced_colors": "active"}, {"media": "print"}])
def test_in_high_contrast_and_on_paper_outlines_stay(visit: OpenPage, how: dict[str, Any]) -> None:
    opened = open_layers(visit, f"/layers?{TWO}&view=both")
    page = opened.page
    somewhere = list_places(page)[1]
    page.emulate_media(**how)
    page.wait_for_timeout(300)
    assert len(set(look(page, somewhere, reach=12))) > 1
    expect(page.locator(".ha-board__map")).to_be_visible()
    expect(page.locator("[data-ranking]")).to_be_visible()
    buttons = page.get_by_role("button", name="Show Haddermouth 016D on the map")
    assert buttons.is_visible() == ("media" not in how)
    assert list_faults(opened) == []
