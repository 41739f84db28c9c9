"""Draws our mark as PNG, for devices that know no SVG: `python -m tests.browser.icons` writes them.

They are kept with the sources, because a build has no browser to draw with.
"""

from base64 import b64decode, b64encode
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from requirements.system_packages import find_browser

SOURCES = Path(__file__).parents[2] / "app/frontend/src"
MARK = SOURCES / "mark-maskable.svg"
"""On a ground of its own up to the edge, which devices round off as they like."""

SIZES = (180, 192, 512)
"""Pixels of a side: for iOS, and for what browsers install."""

_DRAW = """async ([address, size]) => {
    const image = new Image(size, size);
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    canvas.getContext('2d').drawImage(image, 0, 0, size, size);
    return canvas.toDataURL('image/png');
}"""

_COMPARE = """async ([first, second, size]) => {
    const pixels = await Promise.all([first, second].map(async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        if (image.naturalWidth !== size || image.naturalHeight !== size) return null;
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = size;
        const pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0);
        return pen.getImageData(0, 0, size, size).data;
    }));
    if (pixels.includes(null)) return 255;
    let sum = 0;
    for (let place = 0; place < pixels[0].length; place += 1) {
        sum += Math.abs(pixels[0][place] - pixels[1][place]);
    }
    return sum / pixels[0].length;
}"""


def find_icon(size: int) -> Path:
    """Return where the icon of a size is kept."""
    return SOURCES / f"mark-{size}.png"


def draw_icon(page: Page, size: int) -> bytes:
    """Return our mark as PNG, drawn by a browser."""
    drawn: str = page.evaluate(_DRAW, [_embed(MARK.read_bytes(), "image/svg+xml"), size])
    return b64decode(drawn.partition(",")[2])


def compare_icons(page: Page, first: bytes, second: bytes, size: int) -> float:
    """Return how far colours differ on average, from 0 to 255; 255 where a size is wrong."""
    both = [_embed(each, "image/png") for each in (first, second)]
    return float(page.evaluate(_COMPARE, [*both, size]))


def _embed(body: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{b64encode(body).decode()}"


def main() -> None:
    """Write all icons anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = browser.new_page()
        for size in SIZES:
            find_icon(size).write_bytes(draw_icon(page, size))
        browser.close()


if __name__ == "__main__":
    main()
