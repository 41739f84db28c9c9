"""Suggesting, reviewing and editing with a real browser: walks, without scripts, for everybody."""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import psycopg
import pytest

from app.accounts import service
from app.accounts.permissions import AreaRef, Grant, Role
from app.accounts.signing_in import issue_invitation
from app.core.database import Database, DatabaseAddress
from tests.browser.conftest import (
    DESK,
    PHONE,
    FindViolations,
    OpenPage,
    Visit,
    copy_database,
    run_server,
)
from tests.planting import add_asset, add_organisation, at, find_district

CROSSING_NAMES = """() => {
  const seen = [...document.querySelectorAll('.ha-map__name > span')]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .map((each) => [each.textContent, each.getBoundingClientRect()]);
  return seen.filter(([name, one]) => seen.some(([other, two]) => name !== other
    && one.left < two.right && two.left < one.right
    && one.top < two.bottom && two.top < one.bottom))
    .map(([name]) => name);
}"""
ROLES = {"maud": Role.MODERATOR, "oleg": Role.ORGANISER, "ada": Role.COORDINATOR}


class Hall(NamedTuple):
    """A service with things that can be changed, and links that sign people in."""

    server: str
    assets: list[str]
    trust: str
    links: dict[str, list[str]]
    address: DatabaseAddress

    def read_mail(self, words: str) -> str:
        """Return the text of the mail that has some words: nothing sends it here."""
        query = "SELECT body FROM outgoing_mail WHERE strpos(body, %s) > 0"
        with psycopg.connect(self.address.for_libpq) as connection:
            row = connection.execute(query, (words,)).fetchone()
        assert row, words
        return str(row[0])


async def plant(address: DatabaseAddress) -> tuple[list[str], str, dict[str, list[str]]]:
    """Add assets, an organisation and people."""
    database = Database(address, pool_size=0)
    district = await find_district(database)
    here = AreaRef("authority", district["authority"])
    assets = []
    for number in range(6):
        site = {"address": f"{number} Quay", "location": at(district["points"][number])}
        kind = {"kind": "activity", "categories": ["library"]}
        said = {"name": f"Quay Club {number}", **kind, "sites": [site]}
        assets.append(str((await add_asset(database, said)).public_id))
    trust = {"name": "Pier Trust", "works_in": [{"type": here.area_type, "code": here.code}]}
    added = await add_organisation(database, trust)
    links: dict[str, list[str]] = {}
    async with database.sessions.begin() as session:
        for name, role in ROLES.items():
            email = f"{name}@example.org"
            person, _ = await service.ensure_person(session, email, name.title())
            await service.give_role(session, person, Grant(role, here), None)
            issued = [await issue_invitation(session, person.id, email) for _ in range(12)]
            links[name] = [f"/sign-in/{each.token}" for each in issued]
    await database.close()
    return assets, str(added.public_id), links


@pytest.fixture(scope="session")
def hall(
    server: DatabaseAddress, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    """The service on a database of its own: these walks change things."""
    with copy_database(server, demo_template) as address:
        assets, trust, links = asyncio.run(plant(address))
        with run_server(address, tmp_path_factory.mktemp("var")) as started:
            yield Hall(started, assets, trust, links, address)


Enter = Callable[..., Visit]


@pytest.fixture
def enter(hall: Hall, visit: OpenPage) -> Enter:
    """Open a page as somebody: `enter("maud", "/review")`; nobody is "" ."""

    def give(who: str, path: str, **options: object) -> Visit:
        if not who:
            return visit(path, at=hall.server, **options)
        opened = visit(hall.links[who].pop(), at=hall.server, **options)
        opened.page.get_by_role("button", name="Sign in").click()
        opened.page.goto(path)
        return opened

    return give


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_stranger_suggests_and_a_moderator_publishes(
    hall: Hall, enter: Enter, *, scripts: bool
) -> None:
    asset = hall.assets[0 if scripts else 1]
    name = f"Harbour Club {asset[:4]}"
    stranger = enter("", f"/assets/{asset}/edit", scripts=scripts)
    page = stranger.page
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Send the suggestion").click()
    summary = page.locator(".govuk-error-summary")
    if scripts:
        assert summary.evaluate("each => each === document.activeElement")
    summary.get_by_role("link").press("Enter")
    field = page.get_by_label("Name", exact=True)
    assert field.evaluate("each => each === document.activeElement")
    field.fill(name)
    page.get_by_label("Why, and how you know").fill("It moved.")
    page.get_by_role("button", name="Send the suggestion").press("Enter")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Thank you.")
    moderator = enter("maud", "/account", scripts=scripts).page
    moderator.get_by_role("link", name="waits for you").click()
    moderator.get_by_role("main").locator(".ha-review__list a").first.click()
    assert moderator.get_by_role("radio", checked=True).count() == 0
    moderator.get_by_role("radio", name="Accept the change").press("Space")
    moderator.get_by_role("button", name="Record and go to the next").press("Enter")
    assert moderator.get_by_role("status").inner_text().startswith("Accepted.")
    assert moderator.get_by_role("heading", level=1).inner_text() == "Nothing waits for you"
    told = page.request.get(f"/api/v1/assets/{asset}").json()
    assert told["name"] == name
    assert [each for each in stranger.complaints if "400" not in each] == []


@pytest.mark.browser
def test_a_moderator_asks_and_the_sender_answers_by_the_link_of_a_mail(
    hall: Hall, enter: Enter, find_violations: FindViolations
) -> None:
    stranger = enter("", f"/assets/{hall.assets[4]}/edit", bypass_csp=True).page
    stranger.get_by_label("How to join").fill("Ring the bell.")
    stranger.get_by_label("Your e-mail address").fill("sue@example.org")
    stranger.get_by_role("button", name="Send the suggestion").click()
    moderator = enter("maud", "/review", bypass_csp=True).page
    moderator.get_by_role("link", name="Quay Club 4").click()
    item = moderator.url
    moderator.get_by_role("radio", name="Ask the sender first").check()
    moderator.get_by_label("Note to the sender").fill("Which bell is it?")
    moderator.get_by_role("button", name="Record and go to the next").click()
    moderator.goto("/review")
    assert "waiting for an answer" in moderator.get_by_role("main").inner_text()
    link = re.search(r"/answers/\S+", hall.read_mail("Which bell is it?"))
    assert link
    stranger.goto(link[0])
    assert find_violations(stranger) == []
    stranger.get_by_label("Your answer").fill("The green one.")
    stranger.get_by_role("button", name="Send the answer").press("Enter")
    assert stranger.get_by_role("heading", level=1).inner_text() == "Thank you for your answer"
    moderator.goto(item)
    assert "The green one." in moderator.get_by_role("main").inner_text()
    assert find_violations(moderator) == []


@pytest.mark.browser
def test_two_editors_meet(hall: Hall, enter: Enter) -> None:
    asset = hall.assets[2]
    path = f"/assets/{asset}/edit"
    second = enter("maud", path).page
    first = enter("oleg", path).page
    first.get_by_label("Name", exact=True).fill("Harbour Club")
    first.get_by_role("button", name="Save").click()
    second.get_by_label("Name", exact=True).fill("Port Club")
    second.get_by_label("How to join").fill("Ring first.")
    second.get_by_role("button", name="Save").click()
    assert "changed" in second.get_by_role("heading", level=1).inner_text()
    group = second.get_by_role("group", name="Name")
    assert "Harbour" in group.inner_text()
    assert "Port" in group.inner_text()
    group.get_by_role("radio", name="Keep theirs").check()
    second.get_by_role("button", name="Save what I chose").click()
    assert second.get_by_role("heading", level=1).inner_text() == "Saved"
    told = second.request.get(f"/api/v1/assets/{asset}").json()
    assert (told["name"], told["how_to_join"]) == ("Harbour Club", "Ring first.")


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_organiser_adds_a_place_by_keyboard_and_takes_it_off(
    hall: Hall, enter: Enter, *, scripts: bool
) -> None:
    asset = hall.assets[5]
    opened = enter("oleg", f"/assets/{asset}/edit", scripts=scripts)
    page = opened.page
    page.get_by_role("link", name="Add another place").press("Enter")
    page.get_by_label("Address", exact=True).fill("9 Mill Lane")
    point = page.get_by_role("textbox", name="Point on the map")
    if scripts:
        page.locator(".ha-pin__map").wait_for()
        assert page.evaluate(CROSSING_NAMES) == [], "names on the map do not cross each other"
        page.get_by_role("button", name="Move the pin north").press("Enter")
        assert re.fullmatch(r"-?[\d.]+, -?[\d.]+", point.input_value()), "the pin writes the point"
    # The middle of the map, where the pin is first put, is water here.
    told = page.request.get(f"/api/v1/assets/{asset}").json()["sites"][0]["location"]
    point.fill(f"{told['lat']}, {told['lon']}")
    page.get_by_role("radio", name="The same times every week").press("Space")
    page.get_by_label("Saturday from").fill("10 am")
    page.get_by_label("Saturday to").fill("1 pm")
    page.get_by_role("button", name="Save").press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Saved"
    sites = page.request.get(f"/api/v1/assets/{asset}").json()["sites"]
    assert [each["opening_hours"] for each in sites] == [None, "Sa 10:00-13:00"]
    page.goto(f"/assets/{asset}/edit")
    page.get_by_role("link", name="Change or take off 9 Mill Lane").press("Enter")
    page.get_by_role("radio", name="Not there any more").press("Space")
    page.get_by_role("button", name="Save").press("Enter")
    assert len(page.request.get(f"/api/v1/assets/{asset}").json()["sites"]) == 1
    assert opened.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_enter_in_a_field_saves_and_in_a_search_searches(
    hall: Hall, enter: Enter, *, scripts: bool
) -> None:
    asset = hall.assets[5]
    page = enter("oleg", f"/assets/{asset}/edit", scripts=scripts).page
    page.get_by_label("search by name").fill("pier")
    page.get_by_label("search by name").press("Enter")
    page.get_by_role("radio", name="Pier Trust").check()
    page.get_by_label("Name", exact=True).fill("Quay Singers")
    page.get_by_label("Name", exact=True).press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Saved"
    told = page.request.get(f"/api/v1/assets/{asset}").json()
    assert (told["name"], told["organisation"]["name"]) == ("Quay Singers", "Pier Trust")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"]
)
def test_every_page_is_for_everybody_in_every_state(
    hall: Hall, enter: Enter, find_violations: FindViolations, size: tuple[int, int], scheme: str
) -> None:
    asset = hall.assets[3]
    how = {"size": size, "scheme": scheme, "bypass_csp": True}
    page = enter("", f"/assets/{asset}/edit", **how).page
    seen = {"edit": find_violations(page)}
    page.get_by_role("radio", name="The same times every week").check()
    page.get_by_label("Monday from").fill("5")
    page.get_by_role("button", name="Send the suggestion").click()
    seen["edit, problem"] = find_violations(page)
    page.get_by_label("Monday from").fill("5 pm")
    page.get_by_label("What it is", exact=True).fill(f"Tea. {size} {scheme}")
    page.get_by_role("button", name="Send the suggestion").click()
    seen["thanks"] = find_violations(page)
    page.goto(f"/assets/{asset}/edit/new")
    page.get_by_role("button", name="Send the suggestion").click()
    page.locator("[data-pin]").scroll_into_view_if_needed()
    page.locator(".ha-pin__map").wait_for()
    seen["place, problem"] = find_violations(page)
    page.goto(f"/assets/{asset}/report")
    page.get_by_role("button", name="Send it").click()
    seen["report, problem"] = find_violations(page)
    page.goto(f"/organisations/{hall.trust}/edit")
    page.get_by_label("Works in").fill("Atlantis")
    page.get_by_role("button", name="Send the suggestion").click()
    seen["organisation, problem"] = find_violations(page)
    page.goto(f"/organisations/{hall.trust}/pier-trust")
    seen["organisation"] = find_violations(page)
    page = enter("ada", "/review", **how).page
    seen["review"] = find_violations(page)
    page.locator(".ha-review__list a").first.click()
    seen["item"] = find_violations(page)
    page.get_by_role("button", name="Record and go to the next").click()
    seen["item, problem"] = find_violations(page)
    for path in ("/account", "/admin/roles", "/review?kind=additions"):
        page.goto(path)
        seen[path] = find_violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{path} is wider than the screen"
    assert {name: found for name, found in seen.items() if found} == {}
