"""Whether sites are open at a moment, and until when that stays so; of those anybody may see."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.assets import reading_queries as queries
from app.assets.schedules.calendar import state_at
from app.assets.schedules.days import State
from app.assets.schedules.keeping import fetch_schedules
from app.assets.schedules.place_days import open_place_days
from app.core.public_reads import PublicReads


class SiteOpening(NamedTuple):
    """What is known of a site at a moment.

    Attributes:
        state: Open, closed, or not stated.
        until: When that changes, on the site's own clock; None: not within a year, or not known.
        opens: Whether it opens then, of one that is closed.
    """

    state: State
    until: datetime | None
    opens: bool


class TimedSite(NamedTuple):
    """A site with its schedule, by its number, and the time zone of its clock."""

    site: UUID
    schedule_id: int
    time_zone: str


async def tell_openings(
    reads: PublicReads, session: AsyncSession, sites: Collection[UUID], moment: datetime
) -> Mapping[UUID, SiteOpening]:
    """Return what is known of some sites, by public id; those without hours are left out.

    Args:
        reads: For which schedules are of sites that anybody may see.
        session: For schedules, which hold nothing private.
        sites: Their public ids; a page of them, not thousands.
        moment: With a time zone, any.
    """
    rows = await reads.fetch(queries.SITE_SCHEDULES, list(sites)) if sites else []
    timed = [
        TimedSite(UUID(str(row["site"])), row["schedule_id"], row["time_zone"]) for row in rows
    ]
    return await tell_openings_of(session, timed, moment)


async def tell_openings_of(
    session: AsyncSession, timed: Sequence[TimedSite], moment: datetime
) -> Mapping[UUID, SiteOpening]:
    """Return what is known of some sites whose schedules are known.

    Args:
        session: For schedules, which hold nothing private.
        timed: The sites.
        moment: With a time zone, any.
    """
    if not timed:
        return {}
    schedules = await fetch_schedules(session, {each.schedule_id for each in timed})
    _, holidays, terms = await open_place_days(session)

    def tell() -> dict[UUID, SiteOpening]:
        told = {}
        for each in timed:
            schedule, zone = schedules[each.schedule_id], ZoneInfo(each.time_zone)
            found = state_at(schedule, moment, zone, holidays, terms)
            opens = False
            if found.state is State.CLOSED and found.until is not None:
                then = state_at(schedule, found.until, zone, holidays, terms)
                opens = then.state is State.OPEN
            told[each.site] = SiteOpening(found.state, found.until, opens)
        return told

    # A page of intricate schedules takes long enough to hold up others.
    return await asyncio.to_thread(tell)
