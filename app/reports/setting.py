"""The parts of a report set into one page that asks nothing of anybody."""

import base64
import hashlib
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.core.errors import UnavailableError
from app.reports.composing import Composed
from app.reports.gathering import Gathered
from app.reports.words import small

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["small"] = small
_PAGES.filters["number"] = lambda number: f"{number:,.0f}"
_PAGES.filters["day"] = lambda moment: f"{moment.day} {moment:%B %Y}"


class Shell(NamedTuple):
    """What the frontend's build leaves for reports.

    Attributes:
        leaflet: The script of Leaflet.
        styles: The style sheet: Leaflet's, and the parts of ours that a report needs.
    """

    leaflet: str
    styles: str


def read_shell(frontend_dir: Path) -> Shell:
    """Return what the frontend's build leaves for reports.

    Raises:
        UnavailableError: The frontend is not built.
    """
    folder = frontend_dir / "report"
    try:
        leaflet = (folder / "leaflet.js").read_text(encoding="utf-8")
        return Shell(leaflet, (folder / "report.css").read_text(encoding="utf-8"))
    except OSError:
        raise UnavailableError(
            "Reports need the built frontend, which is not there. `make run` builds it; by hand: "
            "npm ci and npm run build in app/frontend."
        ) from None


def write_page(
    gathered: Gathered, composed: Composed, shell: Shell, script: str, address: str
) -> bytes:
    """Return the page.

    Args:
        gathered: What it is made of.
        composed: Its parts.
        shell: What the frontend's build leaves.
        script: Draws the map; '' where there is nothing to draw.
        address: Where the service is.
    """
    styles = f"{shell.styles}\n.ha-report {{ --ha-site: {_name_colour(gathered.colour)}; }}\n"
    scripts = [shell.leaflet, script] if script else []
    for part, end in ((styles, "</style"), *((each, "</script") for each in scripts)):
        if end in part.lower():
            raise ValueError(f"{end} in what stands between its tags")
    page = _PAGES.get_template("report.html").render(
        gathered=gathered,
        answer=gathered.answer,
        composed=composed,
        wording=composed.now.wording,
        styles=Markup(styles),  # noqa: S704 - of the build, and looked at above
        scripts=[Markup(each) for each in scripts],  # noqa: S704 - likewise; data in them is JSON
        hashes=[_hash(each) for each in scripts],
        service=address,
    )
    return page.encode()


def _name_colour(token: str) -> str:
    is_plain = token.replace("-", "").isalnum() and token.isascii()
    return f"var(--ha-{token})" if is_plain else "var(--ha-ink)"


def _hash(script: str) -> str:
    """Return a script's hash as a content policy names it: no other script may run."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
