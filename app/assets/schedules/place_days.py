"""The days that are special in the place: public holidays, and the terms of its schools."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.customs import fetch_customs
from app.assets.schedules.model import TermDates
from app.assets.schedules.public_holidays import HolidayCalendar, open_holidays


class PlaceDays(NamedTuple):
    """What schedules are read against.

    Attributes:
        zone: Of the wall clocks of the place.
        holidays: Its public holidays; None where they are not known.
        terms: Its school terms; None where they are not known.
    """

    zone: ZoneInfo
    holidays: HolidayCalendar | None
    terms: TermDates | None


async def open_place_days(session: AsyncSession) -> PlaceDays:
    """Return the clock, the public holidays and the school terms of the place.

    Raises:
        ScheduleProblem: The place names a country whose public holidays nobody knows.
    """
    customs = await fetch_customs(session)
    holidays = None
    if customs.country:
        holidays = open_holidays(customs.country, customs.subdivision or None)
    terms = TermDates(customs.school_terms) if customs.school_terms else None
    return PlaceDays(ZoneInfo(customs.time_zone), holidays, terms)
