"""The sessions of sites that anybody may see, for calendars."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.assets import reading_queries as queries
from app.assets.schedules.calendar import Timeline
from app.assets.schedules.keeping import fetch_schedules
from app.assets.schedules.place_days import open_place_days
from app.assets.schedules.series import Series, Validity, list_series
from app.core.public_reads import PublicReads


async def read_sessions(
    reads: PublicReads, session: AsyncSession, sites: Collection[UUID], now: datetime, days: int
) -> Mapping[UUID, Sequence[Series]]:
    """Return the sessions of some sites from today on, by public id; those without: left out.

    Args:
        reads: For which schedules are of sites that anybody may see.
        session: For schedules, which hold nothing private.
        sites: Their public ids; a page of them, not thousands.
        now: With a time zone.
        days: How far ahead sessions are worked out where nobody said a rule.
    """
    rows = await reads.fetch(queries.SITE_SCHEDULES, list(sites)) if sites else []
    if not rows:
        return {}
    schedules = await fetch_schedules(session, {row["schedule_id"] for row in rows})
    _, holidays, terms = await open_place_days(session)

    def lay_out() -> dict[UUID, list[Series]]:
        found = {}
        for row in rows:
            zone = ZoneInfo(row["time_zone"])
            timeline = Timeline(schedules[row["schedule_id"]], zone, holidays, terms)
            validity = Validity(row["valid_from"], row["valid_to"])
            if series := list_series(timeline, now, days, validity):
                found[UUID(str(row["site"]))] = series
        return found

    # Half a year of a page of sites takes long enough to hold up others.
    return await asyncio.to_thread(lay_out)
