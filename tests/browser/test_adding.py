"""Adding something with a real browser: an organiser by keyboard, a stranger without scripts."""

import asyncio
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.accounts import service
from app.accounts.permissions import Grant, Role
from app.accounts.signing_in import issue_invitation
from app.core.database import Database, DatabaseAddress
from tests.browser.conftest import DESK, PHONE, FindViolations, OpenPage
from tests.planting import add_asset, at, find_district

NAME = "Brassica broth on Thursday"


@pytest.fixture(scope="session")
def ground(demo_copy: DatabaseAddress) -> dict[str, str]:
    """A point, something like what is added near it, and paths that sign an organiser in."""

    async def prepare() -> dict[str, str]:
        database = Database(demo_copy, pool_size=0)
        district = await find_district(database)
        point = district["points"][0]
        said = {"kind": "activity", "name": "Brassica Broth Lunch", "categories": ["library"]}
        site = {"address": "1 Quay", "location": at(point), "opening_hours": "Th 12:00-15:30"}
        await add_asset(database, {**said, "sites": [site]})
        async with database.sessions.begin() as session:
            person, _ = await service.ensure_person(session, "adder@example.org", "Asha Begum")
            await service.give_role(session, person, Grant(Role.ORGANISER), None)
            link = await issue_invitation(session, person.id, "adder@example.org")
        await database.close()
        lon, lat = point
        signed = {"link": f"/sign-in/{link.token}", "area": district["name"]}
        return {**signed, "lat": str(lat), "lon": str(lon)}

    return asyncio.run(prepare())


def keep(page: Page, name: str) -> None:
    """Keep a picture where SCREENSHOTS names a folder, to be looked at."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def press(page: Page, button: str) -> None:
    """Press a button with the keyboard."""
    page.get_by_role("button", name=button, exact=True).first.focus()
    page.keyboard.press("Enter")


def tick(page: Page, selector: str) -> None:
    """Choose with the keyboard."""
    page.locator(selector).focus()
    page.keyboard.press("Space")


@pytest.mark.browser
def test_an_organiser_adds_something_by_keyboard_and_sees_it(
    ground: dict[str, str], visit: OpenPage
) -> None:
    opened = visit(ground["link"])
    page = opened.page
    press(page, "Sign in")
    page.wait_for_url("**/")
    page.goto("/add")
    tick(page, "#kind")
    page.get_by_label("Or choose from the list").select_option("library")
    press(page, "Continue")
    page.get_by_label("Name", exact=True).fill(NAME)
    tick(page, "#where-2")
    pin = page.get_by_role("button", name="Move the pin north")
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lat")).not_to_have_value("")
    before = page.locator("#lat").input_value()
    find_pin(page).focus()
    page.keyboard.press("ArrowUp")
    assert page.locator("#lat").input_value() > before
    page.locator("#lat").fill(ground["lat"])
    page.locator("#lon").fill(ground["lon"])
    page.keyboard.press("Tab")
    expect(page.locator("[data-pin-says]")).to_have_text(f"That is in {ground['area']}.")
    hint = page.locator("[data-alike]")
    expect(hint).to_contain_text("Brassica Broth Lunch")
    expect(hint).to_contain_text("same day, Thursday")
    expect(page.locator("[data-announce]")).to_contain_text("looks alike")
    expect(page.locator("[data-saved]")).to_contain_text("Saved as a draft at")
    tick(page, "#dup-none")
    page.locator("#lon").press("Enter")
    expect(page).to_have_title(re.compile("When does it happen"))
    tick(page, "#when")
    page.locator("#from_th").fill("12")
    page.locator("#to_th").fill("3.30 pm")
    press(page, "Continue")
    add_areas(page, ground["area"])
    tick(page, "#more-2")
    press(page, "Continue")
    press(page, "Continue")
    tick(page, "#visibility-2")
    expect(page.locator("[data-preview]")).to_contain_text(f"In {ground['area']}")
    press(page, "Continue")
    expect(page).to_have_title(re.compile("Check your answers"))
    press(page, "Send it")
    expect(page).to_have_title(re.compile("It is on the map now"))
    found = page.request.get("/api/v1/assets?q=brassica")
    assert NAME in found.text()
    assert opened.complaints == []


def find_pin(page: Page) -> Locator:
    """Return the pin, seen on a map that is as wide as the question."""
    frame = page.locator(".ha-pin__map").bounding_box()
    assert frame is not None
    assert frame["width"] > 300, "the map has no width"
    pin = page.locator(".ha-pin__pin")
    expect(pin).to_be_in_viewport()
    return pin


def add_areas(page: Page, area: str) -> None:
    """Add a second place by keyboard: it comes to an area, found while its name is typed."""
    tick(page, "#more")
    press(page, "Continue")
    expect(page).to_have_title(re.compile("Where else is it held"))
    page.get_by_label("It comes to people: in certain areas").focus()
    page.keyboard.press("Space")
    page.locator("#area_words").press_sequentially(area[:-1])
    found = page.locator("[data-found=areas]")
    expect(found.get_by_label(area, exact=True).first).to_be_visible()
    expect(page.locator("[data-announce]")).to_contain_text("Found for")
    tick(page, "#areas")
    press(page, "Continue")
    tick(page, "#when")
    press(page, "Continue")
    tick(page, "#reach")
    press(page, "Continue")
    expect(page.locator("#sites")).to_contain_text(area)


@pytest.mark.browser
def test_a_stranger_adds_something_without_scripts(ground: dict[str, str], visit: OpenPage) -> None:
    page = visit("/add", size=PHONE, scripts=False).page
    page.locator("#kind").check()
    page.get_by_label("Search by a word").fill("library")
    page.get_by_role("button", name="Search").click()
    page.locator("[name=category_found]").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name", exact=True).fill(NAME)
    page.locator("#where-2").check()
    page.locator("#lat").fill(ground["lat"])
    page.locator("#lon").fill(ground["lon"])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="We may have this already")).to_be_visible()
    page.locator("#dup-none").check()
    page.get_by_role("button", name="Continue").click()
    page.locator("#when-2").check()
    page.locator("#hours_words").fill("Thursdays 12-2pm")
    page.get_by_role("button", name="Continue").click()
    page.locator("#more-2").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.locator("#visibility").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").click()
    expect(page).to_have_title(re.compile("Thank you: somebody will look at it"))
    page.reload()
    expect(page).to_have_title(re.compile("Thank you: somebody will look at it"))


class Looker:
    """Goes through the questions and looks at every state with axe."""

    def __init__(self, page: Page, find_violations: FindViolations, name: str) -> None:
        self.page = page
        self._find = find_violations
        self._name = name

    def look(self, state: str) -> None:
        """Find nothing wrong with what is shown."""
        self.page.wait_for_load_state("networkidle")
        keep(self.page, f"{state}-{self._name}")
        assert self._find(self.page) == [], state
        room = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert room[0] <= room[1], state

    def go(self, button: str = "Continue") -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_load_state("networkidle")

    def wrong(self, state: str, choices: list[str], typed: dict[str, str]) -> None:
        """Answer, and look at what is said to be wrong with it."""
        for choice in choices:
            self.page.locator(choice).check()
        for field, value in typed.items():
            self.page.locator(field).fill(value)
        self.go()
        self.look(state)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk"]
)
def test_every_state_is_for_everybody(
    ground: dict[str, str],
    visit: OpenPage,
    find_violations: FindViolations,
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = visit("/add", size=size, scheme=scheme, bypass_csp=True).page
    looker = Looker(page, find_violations, f"{size[0]}-{scheme}")
    looker.look("start")
    look_at_places(looker, ground)
    for choice, name in (("#when", "weekly"), ("#when-2", "words"), ("#when-3", "dates")):
        looker.wrong(f"{name} wrong", [choice], {})
    page.locator("#when-5").check()
    looker.go()
    look_at_other_places(looker, ground)
    looker.wrong("people wrong", ["#cost-3"], {"#min_age": "x"})
    page.locator("#min_age").fill("")
    looker.go()
    looker.wrong("contact wrong", [], {"#phone": "x", "#organisation_words": "the"})
    for field in ("#phone", "#organisation_words"):
        page.locator(field).fill("")
    page.locator("#visibility-3").check()
    looker.go("Show me what the public will see")
    looker.look("preview")
    looker.go()
    looker.look("check")
    page.locator("#hear").fill("x")
    looker.go("Send it")
    looker.look("check wrong")
    looker.go("Save and come back later")
    looker.look("saved")
    page.goto("/add")
    looker.look("drafts")
    page.locator(".ha-add__list a").first.click()
    page.locator("#hear").fill("")
    looker.go("Send it")
    looker.look("sent")


def look_at_places(looker: Looker, ground: dict[str, str]) -> None:
    """Go through the first two questions."""
    page = looker.page
    looker.wrong("kind wrong", [], {})
    page.locator("#kind").check()
    page.get_by_label("Search by a word").fill("library")
    looker.go("Search")
    page.locator("[name=category_found]").first.check()
    looker.look("kind found")
    looker.go()
    looker.wrong("place wrong", [], {})
    page.get_by_label("Name", exact=True).fill(NAME)
    page.locator("#where-2").check()
    page.locator("[data-pin]").scroll_into_view_if_needed()
    page.locator(".ha-pin__pushes").wait_for(timeout=30_000)
    page.locator("#lat").fill(ground["lat"])
    page.locator("#lon").fill(ground["lon"])
    page.locator("#lon").blur()
    page.locator("[data-alike] #dup-none").wait_for(timeout=30_000)
    looker.look("place alike")
    page.locator("#dup-none").check()
    looker.go()


def look_at_other_places(looker: Looker, ground: dict[str, str]) -> None:
    """Add a second place and take it away again."""
    page = looker.page
    looker.wrong("places wrong", [], {})
    page.locator("#more").check()
    looker.go()
    looker.wrong("other place wrong", ["#where-3"], {})
    page.locator("#place_words").fill("hall")
    looker.go("Search")
    looker.look("listed found")
    page.locator("#where-4").check()
    page.locator("#area_words").fill(ground["area"])
    page.locator("[data-found=areas] #areas").wait_for(timeout=30_000)
    looker.go()
    looker.look("areas wrong")
    page.locator("#areas").check()
    looker.go()
    looker.wrong("other time wrong", [], {})
    page.locator("#when").check()
    looker.go()
    looker.wrong("other contact wrong", ["#reach-2"], {})
    page.locator("#reach-3").check()
    looker.go()
    looker.look("places two")
    page.get_by_role("link", name="Remove place 2").click()
    looker.look("place removed")
    looker.go("Remove it")
    page.locator("#more-2").check()
    looker.go()
