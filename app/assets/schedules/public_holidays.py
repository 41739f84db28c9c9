"""Public holidays of a country or a part of one, from the library `holidays`."""

from datetime import date
from functools import lru_cache
from typing import Protocol

import holidays

from app.assets.schedules.model import ScheduleProblem


class HolidayCalendar(Protocol):
    """Anything that knows public holidays."""

    def is_holiday(self, day: date) -> bool | None:
        """Return whether `day` is a public holiday; None where this is not known."""


class PublicHolidays:
    """The public holidays of a country, or of a part of one such as England."""

    def __init__(self, country: str, subdivision: str | None = None) -> None:
        """Open the calendar of `country` (ISO 3166-1) and `subdivision` ("ENG").

        Raises:
            ScheduleProblem: The library does not know the country or the part.
        """
        self.country = country
        self.subdivision = subdivision
        try:
            self._days = holidays.country_holidays(country, subdiv=subdivision)
        except NotImplementedError:
            where = country if subdivision is None else f"{country}/{subdivision}"
            raise ScheduleProblem(
                f'No public holidays are known for "{where}". Write the country in two letters '
                "(GB) and its part as the country does (ENG)."
            ) from None

    def is_holiday(self, day: date) -> bool | None:
        """Return whether `day` is a public holiday, or the day kept in place of one."""
        return day in self._days

    def name_holiday(self, day: date) -> str | None:
        """Return what the holiday on `day` is called; None where there is none."""
        name = self._days.get(day)
        return None if name is None else str(name)


@lru_cache(maxsize=64)
def open_holidays(country: str, subdivision: str | None = None) -> PublicHolidays:
    """Return the calendar of a place; each is worked out once in a process."""
    return PublicHolidays(country, subdivision)
