"""Ten things that somebody does who is here for the first time, on a slow phone."""

import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, Request, ViewportSize, sync_playwright

from app.core.database import DatabaseAddress
from benchmarks.browser import QUIET
from benchmarks.service import run_service
from requirements.system_packages import find_browser

PHONE = ViewportSize(width=390, height=844)
SLOWER = 4
POSTCODE = "L5 3LB"

PAINT = """() => new Promise((resolve) => {
    new PerformanceObserver((list) => {
        const last = list.getEntries().at(-1);
        if (last) resolve(last.startTime);
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => resolve(-1), 3000);
})"""
"""When the largest thing of the page was painted, in milliseconds since it was asked for."""


class Task(NamedTuple):
    """One thing to do.

    Attributes:
        name: In words.
        do: Does it, and returns how many taps and fields it took, each counted as one.
    """

    name: str
    do: Callable[[Page], int]


def _begin(page: Page) -> int:
    page.get_by_label("Postcode or the name of a place").fill(POSTCODE)
    page.get_by_role("button", name="Find").click()
    page.locator("[data-near-title]").wait_for()
    return 2


def _narrow(page: Page, label: str, value: str) -> int:
    page.locator(".ha-near__fold > summary").click()
    # With scripts a choice is answered at once, without a button.
    with page.expect_response(lambda answer: "/near" in answer.url):
        page.get_by_label(label, exact=True).select_option(value)
    page.locator("#list-title").wait_for()
    return 2


def _open_first(page: Page) -> int:
    page.locator("[data-near] ol a, [data-near] .ha-card a").first.click()
    page.locator("h1").wait_for()
    return 1


TASKS = (
    Task("what is near my postcode", _begin),
    Task("the nearest library", lambda page: _begin(page) + _narrow(page, "What", "library")),
    Task("what is open now", lambda page: _begin(page) + _narrow(page, "When", "now")),
    Task("within ten minutes' walk", lambda page: _begin(page) + _narrow(page, "How far", "10min")),
    Task(
        "when the nearest library is open",
        lambda page: _begin(page) + _narrow(page, "What", "library") + _open_first(page),
    ),
    Task("where it is on the map", lambda page: _begin(page) + _show_map(page)),
    Task("all warm places", lambda page: _follow(page, "Warm places and rooms")),
    Task(
        "say that something is wrong",
        lambda page: _begin(page) + _open_first(page) + _follow(page, "Something is wrong"),
    ),
    Task("begin to add a group", lambda page: _follow(page, "Add")),
    Task("what the stamps mean", lambda page: _follow(page, "Help")),
)


def _show_map(page: Page) -> int:
    page.get_by_role("link", name="Map", exact=True).click()
    page.locator(".ha-pin").first.wait_for()
    return 1


def _follow(page: Page, name: str) -> int:
    # Some links say more after their name, such as how many there are.
    page.get_by_role("link", name=re.compile(f"^{re.escape(name)}")).first.click()
    page.wait_for_load_state("load")
    return 1


def measure_residents(address: DatabaseAddress, folder: Path) -> None:
    """Do each task from the first page on, and print taps, seconds, paint and weight."""
    program = find_browser()
    if program is None:
        print("No Chromium here: the tasks of residents were not measured.")
        return
    with run_service(address, folder / "var", BASEMAP_TILES="none") as port, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=program, args=QUIET)
        base = f"http://127.0.0.1:{port}"
        for name, path in (("home", "/"), ("near", f"/near?where={POSTCODE.replace(' ', '+')}")):
            page = browser.new_page(viewport=PHONE)
            page.goto(base + path)  # made once for everybody
            page.close()
            page = browser.new_page(viewport=PHONE)
            _slow_down(page)
            weights: dict[str, int] = {}
            page.on("requestfinished", partial(_weigh, kept=weights))
            page.goto(base + path)
            painted = page.evaluate(PAINT)
            page.wait_for_timeout(500)
            said = ", ".join(f"{kind} {size / 1000:.0f} kB" for kind, size in weights.items())
            print(f"{name}: largest paint after {painted:.0f} ms; {said}")
            page.close()
        for task in TASKS:
            page = browser.new_page(viewport=PHONE)
            _slow_down(page)
            page.goto(base)
            started = time.perf_counter()
            taps = task.do(page)
            print(f"{task.name}: {taps} taps, {time.perf_counter() - started:.1f} s")
            page.close()
        browser.close()


def _weigh(asked: Request, kept: dict[str, int]) -> None:
    kept[asked.resource_type] = kept.get(asked.resource_type, 0) + asked.sizes()["responseBodySize"]


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
