"""Where the changes are that an answer tries."""

from collections.abc import Iterator, Sequence

from app.analysis.change_schemas import AddSite, ChangeAsked, CloseSite, MoveSite
from app.core.public_reads import Record
from app.reports.gathering import Gathered
from app.reports.parts import SiteDrawn

ADDED, LEFT, KEPT = "ha-change ha-change--add", "ha-change ha-change--close", "ha-change"
_SIGNS = {
    ADDED: "Tried: a new place",
    LEFT: "Tried: closes here",
    KEPT: "Tried: holds more or less",
}


def draw_changes(gathered: Gathered) -> list[SiteDrawn]:
    """Return what is new, what closes or moves away, and what holds more or less.

    Of a site that strangers may not see on a map only its new place is drawn, which was asked for.
    """
    if gathered.answer.what_if is None:
        return []
    sites = {site["public_id"]: site for site in gathered.sites}
    told = zip(gathered.asked.changes, gathered.answer.what_if.changes, strict=True)
    return [
        SiteDrawn([f"Change {number}"], lon, lat, css, [words])
        for number, (change, words) in enumerate(told, start=1)
        for lon, lat, css in _list_points(change, sites)
    ]


def list_signs(drawn: Sequence[SiteDrawn]) -> list[tuple[str, str]]:
    """Return what the signs of changes mean, of those that are there."""
    there = {each.css for each in drawn}
    return [(css, words) for css, words in _SIGNS.items() if css in there]


def _list_points(
    change: ChangeAsked, sites: dict[object, Record]
) -> Iterator[tuple[float, float, str]]:
    if not isinstance(change, AddSite) and (site := sites.get(change.site)):
        leaves = isinstance(change, CloseSite | MoveSite)
        yield site["lon"], site["lat"], LEFT if leaves else KEPT
    if isinstance(change, AddSite | MoveSite):
        yield change.lon, change.lat, ADDED
