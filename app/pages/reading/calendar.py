"""When one asset takes place, for calendars."""

from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.customs import fetch_customs
from app.assets.reading import ReadAsset
from app.assets.reading_schemas import AssetRead, SiteRead
from app.assets.search_schemas import LonLat
from app.assets.sessions import read_sessions
from app.core.public_reads import PublicReads
from app.pages.calendars import Described, Entry, write_calendar, write_where
from app.pages.paths import write_asset_path
from app.records.vocabulary import Visibility

DAYS_AHEAD = 365


async def describe_calendar(
    reads: PublicReads,
    session: AsyncSession,
    read: ReadAsset,
    told: tuple[str, Mapping[str, str]],
    now: datetime,
) -> bytes | None:
    """Return the calendar of an asset; None where no session of it is known.

    Args:
        reads: For what is public.
        session: For schedules and how the place reckons.
        read: What everybody may know of the asset.
        told: Our own address, and `calendars.WORDS` in the visitor's language.
        now: With a time zone.
    """
    if orjson.loads(read.body)["visibility"] == Visibility.HIDDEN:
        return None
    asset = AssetRead.model_validate_json(read.body)
    sites = [site for site in asset.sites if site.role == "delivery"]
    sessions = await read_sessions(reads, session, [each.id for each in sites], now, DAYS_AHEAD)
    if not sessions:
        return None
    base, words = told
    lines = Described(
        runner=asset.organisation.name if asset.organisation else "",
        cost=asset.cost,
        cost_words=asset.cost_words,
        rests=asset.term_time_only == "yes",
        alert=asset.alert or "",
    ).list_lines(words)
    address = f"{base}{write_asset_path(asset.id, asset.name)}"
    entries = [
        Entry(
            site=site.id,
            name=asset.name,
            where=_write_where(site, words),
            point=LonLat(site.location.lon, site.location.lat) if site.location else None,
            address=address,
            says=lines,
            series=sessions[site.id],
        )
        for site in sites
        if site.id in sessions
    ]
    customs = await fetch_customs(session)
    return write_calendar(asset.name, entries, customs.time_zone, now)


def _write_where(site: SiteRead, words: Mapping[str, str]) -> str:
    parts = [site.place.name if site.place else "", site.address, site.postcode]
    area = (site.area.name or "") if site.area else ""
    return write_where(words, site.mode, area, parts)
