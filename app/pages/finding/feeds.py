"""The list of what is near, for programs that look again by themselves: RSS and iCalendar."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.assets.search_schemas import LonLat
from app.assets.sessions import read_sessions
from app.core.public_reads import PublicReads
from app.pages.calendars import Described, Entry, write_calendar, write_where
from app.pages.finding.near import NearPage, Result
from app.pages.layout import Templates
from app.pages.paths import write_asset_path

MOST = 100
"""As many rows as the API gives at once."""

DAYS_AHEAD = 60
"""How far ahead the sessions of a whole list are worked out; whoever reads it asks again."""

RSS = "application/rss+xml; charset=utf-8"
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Signs that no document of XML 1.0 may hold, however they are written."""


def write_rss(templates: Templates, context: Mapping[str, Any], language: str) -> bytes:
    """Return the list as RSS 2.0, in its own order; each item is of the day it last changed.

    Args:
        templates: Write it.
        context: `page` with a result, `changes` by id, `base`, and what its words need.
        language: The visitor's.
    """
    text = templates.write("finding/feed.xml", context, language)
    return _NOT_IN_XML.sub("", text).encode()


def write_title(templates: Templates, context: Mapping[str, Any], language: str) -> str:
    """Return what the page is called, as plain text."""
    return unescape(templates.write("finding/feed_title.txt", context, language)).strip()


async def write_dates(
    reads: PublicReads,
    session: AsyncSession,
    page: NearPage,
    title: str,
    told: tuple[str, Mapping[str, str]],
) -> bytes:
    """Return the sessions of everything in the list, each at the site that the list names.

    Args:
        reads: For what is public.
        session: For schedules.
        page: With a result.
        title: What the page is called.
        told: Our own address, and `calendars.WORDS` in the visitor's language.
    """
    result: Result | None = page.result
    assert result is not None  # noqa: S101 - only pages with one have a feed
    sites = {UUID(each["properties"]["site_id"]): each for each in result.features}
    sessions = await read_sessions(reads, session, list(sites), page.now, DAYS_AHEAD)
    base, words = told
    entries = [
        _write_entry(site, sites[site], base, words)._replace(series=series)
        for site, series in sessions.items()
    ]
    return write_calendar(title, entries, page.choices.customs.time_zone, page.now)


def _write_entry(
    site: UUID, feature: Mapping[str, Any], base: str, words: Mapping[str, str]
) -> Entry:
    said = feature["properties"]
    lines = Described(
        runner=(said["organisation"] or {}).get("name", ""),
        cost=said["cost"],
        cost_words=said["cost_words"] or "",
        rests=said["term_time_only"] == "yes",
        alert=said["alert"] or "",
    ).list_lines(words)
    parts = [(said["place"] or {}).get("name"), said["address"], said["postcode"]]
    geometry = feature["geometry"]
    return Entry(
        site=site,
        name=said["name"],
        where=write_where(words, said["mode"], (said["area"] or {}).get("name", ""), parts),
        point=None if geometry is None else LonLat(*geometry["coordinates"]),
        address=f"{base}{write_asset_path(feature['id'], said['name'])}",
        says=lines,
        series=(),
    )
