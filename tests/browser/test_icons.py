"""The icons that devices without SVG get are our mark, at the sizes that are said."""

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
