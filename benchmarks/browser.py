"""The map in a real browser: how fast it changes colours, and how heavy its page is."""

import statistics
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from playwright.sync_api import Page, Request, sync_playwright

from app.core.database import DatabaseAddress
from benchmarks.service import run_service
from requirements.system_packages import find_browser

CHANGES = 12
KIND = "lsoa"
SETTLED_MS = 2500
PAUSE_MS = 900
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

WATCH = """() => {
    window.measured = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            if (entry.name !== 'ha-repaint' || entry.entryType !== 'measure') continue;
            requestAnimationFrame(() => {
                for (const each of document.querySelectorAll('canvas.leaflet-tile')) {
                    each.getContext('2d').getImageData(0, 0, 1, 1);
                }
                const pixels = performance.now() - entry.startTime;
                window.measured.push([entry.duration, pixels]);
            });
        }
    }).observe({ entryTypes: ['measure'] });
}"""
"""Notes for each change of colours how long the script took, and until pixels could be read."""


class Weights(NamedTuple):
    """Bytes as they came over the wire, by what they are."""

    page: int
    script: int
    style: int


def measure_browser(address: DatabaseAddress, folder: Path) -> None:
    """Measure the page of layers on the loaded place, and print it."""
    program = find_browser()
    if program is None:
        print("No Chromium here: the map in a browser was not measured.")
        return
    with run_service(address, folder / "var", BASEMAP_TILES="none") as port, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=program, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1400}, reduced_motion="reduce")
        weights = _weigh(page, f"http://127.0.0.1:{port}/layers?area_type={KIND}")
        page.evaluate(WATCH)
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - it sets attributes
        for code in _list_indicators(port):
            page.select_option("[name=indicator]", code)
            page.wait_for_timeout(PAUSE_MS)
        took: list[list[float]] = page.evaluate("window.measured")
        tiles = [each for each in asked if "/tiles/" in each.url]
        values = [each for each in asked if "/values" in each.url]
        size = max((_size(each) for each in values), default=0)
        browser.close()
    script = statistics.median(each[0] for each in took)
    pixels = sorted(each[1] for each in took)
    print(
        f"Change of indicator in Chromium: script {script:.0f} ms, to pixels median "
        f"{statistics.median(pixels):.0f} ms, longest {pixels[-1]:.0f} ms over {len(took)} "
        f"changes; {len(tiles)} tiles fetched, {len(values)} answers with values of at most "
        f"{size / 1000:.1f} kB each"
    )
    print(
        f"Page of the map, compressed: {weights.page / 1000:.0f} kB HTML, "
        f"{weights.script / 1000:.0f} kB script and {weights.style / 1000:.0f} kB styles, of 150"
    )


def _weigh(page: Page, url: str) -> Weights:
    """Open a page and return how heavy it was."""
    came: list[Request] = []
    page.on("requestfinished", lambda request: came.append(request))  # noqa: PLW0108 - as above
    page.goto(url)
    page.wait_for_selector("canvas.leaflet-tile")
    page.wait_for_timeout(SETTLED_MS)
    kinds: dict[str, int] = {}
    for each in came:
        kinds[each.resource_type] = kinds.get(each.resource_type, 0) + _size(each)
    return Weights(kinds.get("document", 0), kinds.get("script", 0), kinds.get("stylesheet", 0))


def _size(request: Request) -> int:
    sizes: Any = request.sizes()
    return int(sizes["responseBodySize"])


def _list_indicators(port: int) -> list[str]:
    """Return indicators of the newest neighbourhoods: those of other years are on other areas."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1") as client:
        kinds = client.get("/area-types").json()
        year = max(next(each for each in kinds if each["code"] == KIND)["boundary_years"])
        asked = {"area_type": KIND, "boundary_year": year, "limit": CHANGES + 1}
        items = client.get("/indicators", params=asked).json()["items"]
    return [each["code"] for each in items[1:]]
