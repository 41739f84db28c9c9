"""An answer as one file: read, put into words, drawn, set."""

import asyncio
from pathlib import Path

from app.analysis.downloads import Download, slug
from app.analysis.keeping import Desk
from app.core.mail import find_base_url
from app.core.settings import Settings
from app.reports.composing import Composed, compose
from app.reports.gathering import Gathered, gather
from app.reports.setting import read_shell, write_page

MEDIA_TYPE = "text/html"


async def write_report(desk: Desk, settings: Settings, analysis_id: str) -> Download:
    """Return an answer that is kept as one HTML file with a map, which needs nothing else.

    Raises:
        NotFoundError: No such answer is kept, or it rests on something that is not public any more.
        BadRequestError: It is of too many areas to be drawn.
        UnavailableError: The frontend is not built, or the database is away.
    """
    gathered = await gather(desk, analysis_id)
    address = find_base_url(settings)
    body = await asyncio.to_thread(_write, gathered, settings.frontend_dir, address)
    asked = gathered.answer.asked
    name = f"{slug(asked.category)}-{asked.method}-{analysis_id[:8]}.html"
    return Download(name, body, MEDIA_TYPE)


def _write(gathered: Gathered, frontend_dir: Path, address: str) -> bytes:
    shell = read_shell(frontend_dir)
    composed = compose(gathered)
    return write_page(gathered, composed, shell, _draw(composed), address)


def _draw(composed: Composed) -> str:
    if composed.drawing is None:
        return ""
    # folium takes a second to import, and hardly any process of the service draws a report.
    from app.reports.drawing import write_script  # noqa: PLC0415

    return write_script(composed.drawing)
