"""Signing in with a real browser: by keyboard, without scripts, and for everybody."""

import asyncio
import os
from pathlib import Path

import pytest

from app.accounts import service
from app.accounts.permissions import AreaRef, Grant, Role
from app.accounts.signing_in import issue_invitation
from app.core.database import Database, DatabaseAddress
from tests.browser.conftest import DESK, PHONE, FindViolations, OpenPage

EMAIL = "asha@example.org"


@pytest.fixture(scope="session")
def links(demo_copy: DatabaseAddress) -> list[str]:
    """The paths of some links that nobody has used."""

    async def issue() -> list[str]:
        database = Database(demo_copy, pool_size=0)
        async with database.sessions.begin() as session:
            person, _ = await service.ensure_person(session, EMAIL, "Asha Begum")
            grant = Grant(Role.ORGANISER, AreaRef("authority", "X07000001"))
            await service.give_role(session, person, grant, None)
            tokens = [await issue_invitation(session, person.id, EMAIL) for _ in range(8)]
        await database.close()
        return [f"/sign-in/{link.token}" for link in tokens]

    return asyncio.run(issue())


def keep(page: object, name: str) -> None:
    """Keep a picture where SCREENSHOTS names a folder, to be looked at."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)  # type: ignore[attr-defined]


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_signing_in_is_for_everybody(
    links: list[str],
    visit: OpenPage,
    find_violations: FindViolations,
    size: tuple[int, int],
    scheme: str,
) -> None:
    pages = {
        "sign-in": "/sign-in",
        "sent": "/sign-in/sent",
        "spent": "/sign-in/no-such-link",
        "link": links[0],
    }
    for name, path in pages.items():
        opened = visit(path, size=size, scheme=scheme, bypass_csp=True)
        assert find_violations(opened.page) == [], name
        width = opened.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], f"{name} is wider than the screen"
        keep(opened.page, f"{name}-{size[0]}-{scheme}")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "scripts"), [(PHONE, False), (DESK, True)], ids=["no scripts", "scripts"]
)
def test_from_the_link_to_being_signed_in_and_out_by_keyboard(
    links: list[str],
    visit: OpenPage,
    size: tuple[int, int],
    scripts: bool,  # noqa: FBT001 - a case
) -> None:
    path = links[1] if scripts else links[2]
    opened = visit(path, size=size, scripts=scripts)
    page = opened.page
    page.locator("main button").press("Enter")
    page.wait_for_url("**/")
    page.get_by_role("link", name="Account").press("Enter")
    page.wait_for_url("**/account")
    assert "Asha Begum" in page.locator("main").inner_text()
    assert "Organiser: Haddermouth" in page.locator("main").inner_text()
    keep(page, f"account-{size[0]}")
    page.get_by_role("button", name="Sign out", exact=True).press("Enter")
    page.wait_for_url("**/")
    assert page.get_by_role("link", name="Sign in").is_visible()
    keep(page, f"home-{size[0]}")
    page.goto(path)
    assert "does not work any more" in page.locator("h1").inner_text()


@pytest.mark.browser
def test_a_slip_in_the_address_is_told_and_nothing_typed_is_lost(
    visit: OpenPage, find_violations: FindViolations
) -> None:
    page = visit("/sign-in", size=PHONE, bypass_csp=True).page
    page.get_by_label("Your e-mail address").fill("asha@")
    page.get_by_role("button", name="Send me a link").click()
    page.locator("#email-error", has_text="This is not an e-mail address.").wait_for()
    assert page.locator(".govuk-error-summary").count() == 1
    assert page.get_by_label("Your e-mail address").input_value() == "asha@"
    assert find_violations(page) == []
    keep(page, "slip-390")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    page.get_by_role("button", name="Send me a link").click()
    page.wait_for_url("**/sign-in/sent")
