"""Reads the map of the page of layers as a visitor sees it: what lies where, in which colour."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Visit

Place = tuple[float, float]
Colour = tuple[int, int, int]

NOTHING_FETCHED_MS = 300

LOCATE = """([[lon, lat], pane]) => {
  const asked = performance.getEntriesByType('resource')
    .map(({ name }) => /\\/tiles\\/[a-z]+-\\d+\\/[^/]+\\/(\\d+)\\/(\\d+)\\/(\\d+)\\.mvt/.exec(name))
    .filter((found) => found !== null)
    .map((found) => found.slice(1).map(Number));
  const zoom = asked.at(-1)[0];
  const shown = asked.filter((tile) => tile[0] === zoom);
  const corner = [1, 2].map((part) => Math.min(...shown.map((tile) => tile[part])));
  const map = document.querySelectorAll('.ha-board__map')[pane];
  const sheets = [...map.querySelectorAll('.ha-areas canvas.leaflet-tile')]
    .map((sheet) => ({ sheet, box: sheet.getBoundingClientRect() }));
  const left = Math.min(...sheets.map(({ box }) => box.left));
  const top = Math.min(...sheets.map(({ box }) => box.top));
  const latitude = lat * Math.PI / 180;
  const across = (lon + 180) / 360 * 2 ** zoom - corner[0];
  const north = Math.log(Math.tan(latitude) + 1 / Math.cos(latitude));
  const down = (1 - north / Math.PI) / 2 * 2 ** zoom - corner[1];
  // Between two zooms sheets are shown smaller; each is a pixel larger than its tile.
  const side = sheets[0].box.width * 256 / 257;
  const x = left + across * side;
  const y = top + down * side;
  const under = sheets.find(({ box }) =>
    x >= box.left && x < box.left + side && y >= box.top && y < box.top + side);
  return { x, y, under };
}"""

LOOK = f"""([place, pane, reach]) => {{
  const {{ x, y, under }} = ({LOCATE})([place, pane]);
  const {{ sheet, box }} = under;
  const scale = sheet.width / box.width;
  const side = 2 * reach + 1;
  const {{ data }} = sheet.getContext('2d').getImageData(
    Math.round((x - box.left) * scale) - reach, Math.round((y - box.top) * scale) - reach,
    side, side);
  return Array.from({{ length: side * side }},
    (_, index) => [...data.slice(4 * index, 4 * index + 3)]);
}}"""

SWATCHES = """(legend) => Object.fromEntries(
  [...legend.querySelectorAll('.ha-swatch, td[class^="ha-b"]')].flatMap((each) =>
    [...each.classList].filter((name) => /^ha-(need-\\d|b[123]{2})$/.test(name)).map((name) =>
      [name, getComputedStyle(each).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)])))"""

PAINTED = """() => [...document.querySelectorAll('.ha-areas canvas.leaflet-tile-loaded')]
  .some((sheet) => sheet.width > 0
    && sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height).data.some(Boolean))"""


def open_layers(visit: OpenPage, path: str = "/layers", **how: Any) -> Visit:  # noqa: ANN401 - passed on
    """Open a page of layers and wait until its map is painted and still."""
    opened = visit(path, **how)
    await_map(opened.page)
    return opened


def list_faults(visit: Visit) -> list[str]:
    """Return what the browser complained about, but for the tests' own reading of pixels."""
    return [each for each in visit.complaints if "willReadFrequently" not in each]


def await_map(page: Page) -> None:
    """Wait until the map is painted and nothing is on its way."""
    page.wait_for_function(PAINTED)
    page.wait_for_load_state("networkidle")


def locate(page: Page, place: Place, pane: int = 0) -> Place:
    """Return where a place (lon, lat) lies on the screen, while the whole place is shown."""
    found = page.evaluate(LOCATE, [list(place), pane])
    return found["x"], found["y"]


def look(page: Page, place: Place, pane: int = 0, reach: int = 1) -> list[Colour]:
    """Return the colours of the areas' own canvas in a square around a place (lon, lat)."""
    found = page.evaluate(LOOK, [list(place), pane, reach])
    return [(red, green, blue) for red, green, blue in found]


def read_swatches(page: Page, legend: int = 0) -> dict[str, Colour]:
    """Return the colour of each class in a table of the legend."""
    found = page.locator("[data-legend] table").nth(legend).evaluate(SWATCHES)
    return {name: (red, green, blue) for name, (red, green, blue) in found.items()}


def name_class(colours: list[Colour], swatches: dict[str, Colour]) -> str | None:
    """Return the class that most of the colours are of exactly; edges are of none."""
    seen = [name for colour in colours for name, swatch in swatches.items() if swatch == colour]
    return max(set(seen), key=seen.count) if seen else None


def list_places(page: Page, layer: str = "lsoa-2021") -> dict[int, Place]:
    """Return the label point (lon, lat) of each area by its number."""
    area_type, year = layer.split("-")
    answer = page.request.get(f"/api/v1/areas/names?type={area_type}&boundary_year={year}").json()
    points = zip(answer["lon"], answer["lat"], strict=True)
    return dict(enumerate(points, start=answer["first_gid"]))


def list_tiles(page: Page) -> list[str]:
    """Return which tiles of areas have been asked for since the page was opened."""
    names: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name)"
    )
    return [name for name in names if "/tiles/" in name and "/tiles/assets/" not in name]
