"""The icons that devices without SVG get are our mark, at the sizes that are said."""

import re

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser.icons import SIZES, compare_icons, draw_icon, find_icon


@pytest.mark.parametrize("size", SIZES)
def test_an_icon_is_our_mark(browser: Browser, size: int) -> None:
    page = browser.new_page()
    kept = find_icon(size).read_bytes()
    drawn = draw_icon(page, size)
    assert compare_icons(page, kept, drawn, size) < 2, "python -m tests.browser.icons draws it anew"
    page.close()


def test_every_icon_that_is_named_is_there(live_server: str) -> None:
    with httpx.Client(base_url=live_server) as client:
        page = client.get("/help", headers={"accept": "text/html"}).text
        touch = re.search(r'<link rel="apple-touch-icon" href="([^"]+)"', page)
        assert touch is not None
        named = [each["src"] for each in client.get("/manifest.webmanifest").json()["icons"]]
        for source in (touch[1], *named):
            icon = client.get(source)
            assert icon.status_code == 200, source
            kind = "image/png" if source.endswith(".png") else "image/svg+xml"
            assert icon.headers["content-type"] == kind
