"""Calendars of RFC 5545 from what anybody may know."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vDuration, vRecur

from app.assets.schedules.series import Series
from app.assets.search_schemas import LonLat
from app.pages.said import mark_sentence

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Hereabouts//Hereabouts//EN"
REFRESHED = timedelta(days=1)
_CLOCKS_AHEAD = timedelta(days=2 * 366)
"""How far ahead the changes of clocks are written out, for series without an end."""


WORDS: Mapping[str, str] = {
    "free": mark_sentence("Free"),
    "donation": mark_sentence("By donation: give what you can"),
    "runner": mark_sentence("Run by {name}"),
    "area": mark_sentence("In {area}"),
    "online": mark_sentence("Online"),
    "phone": mark_sentence("By telephone"),
    "served areas": mark_sentence("It comes to you, or has no fixed place."),
    "terms": mark_sentence("It rests in school holidays."),
    "notice": mark_sentence("Notice: {alert}"),
    "check": mark_sentence("Check that this is still right before you go:"),
}
"""What calendars say, to be translated; names stand in braces."""


class Described(NamedTuple):
    """What is known of an asset besides its sessions, as the API says it.

    Attributes:
        runner: Who runs it; '' for nobody in particular.
        cost: `free`, `paid`, `donation` or `not stated`.
        cost_words: What it costs, in words.
        rests: Whether it rests in school holidays.
        alert: A warning; '' for none.
    """

    runner: str = ""
    cost: str = ""
    cost_words: str = ""
    rests: bool = False
    alert: str = ""

    def list_lines(self, words: Mapping[str, str]) -> list[str]:
        """Return lines that say so, in the language of `words`."""
        return [
            line
            for line, is_said in (
                (words["notice"].replace("{alert}", self.alert), self.alert),
                (words["runner"].replace("{name}", self.runner), self.runner),
                (self.cost_words or words.get(self.cost, ""), True),
                (words["terms"], self.rests),
                (words["check"], True),
            )
            if is_said and line
        ]


def write_where(words: Mapping[str, str], mode: str, area: str, parts: Sequence[str | None]) -> str:
    """Return where a site is, as far as everybody may know.

    Args:
        words: `WORDS` in a language.
        mode: Of the site.
        area: Name of the area, of one of which only that is told; '' else.
        parts: Name of its place, address and postcode, as far as they are public.
    """
    if told := ", ".join(part for part in parts if part):
        return told
    if area:
        return words["area"].replace("{area}", area)
    return words.get(mode, "")


class Entry(NamedTuple):
    """What takes place at one site, as far as anybody may know.

    Attributes:
        site: Its public id.
        name: What it is called.
        where: An address, or the name of an area; '' where neither is told.
        point: Of its site; None where that is not told.
        address: Of its page, in full.
        says: What else there is to know, in lines.
        series: Its sessions.
    """

    site: UUID
    name: str
    where: str
    point: LonLat | None
    address: str
    says: Sequence[str]
    series: Sequence[Series]


def write_calendar(title: str, entries: Iterable[Entry], zone: str, now: datetime) -> bytes:
    """Return a calendar.

    Args:
        title: What programs call it.
        entries: What takes place.
        zone: Of the place; its clocks are explained even where nothing takes place.
        now: With a time zone; the same hour gives the same calendar.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", vDuration(REFRESHED), {"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED))
    stamp = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first, last = stamp, stamp + _CLOCKS_AHEAD
    for entry in entries:
        for each in entry.series:
            calendar.add_component(_write_event(entry, each, stamp))
            first = min(first, each.start)
            last = max(last, each.until or each.start)
    calendar.add_missing_timezones(_year_before(first), _year_after(last))
    if not calendar.timezones:
        calendar.add_component(_explain_clock(zone, first, last))
    return bytes(calendar.to_ical())


def _write_event(entry: Entry, series: Series, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.site}-{series.key}")
    event.add("dtstamp", stamp)
    event.add("dtstart", series.start)
    if series.end is not None:
        event.add("dtend", series.end)
    if series.rrule:
        rule = vRecur.from_ical(series.rrule)
        if series.until is not None:
            rule["UNTIL"] = [series.until.astimezone(UTC)]
        event.add("rrule", rule)
    if series.without:
        event.add("exdate", list(series.without))
    event.add("summary", entry.name)
    if entry.where:
        event.add("location", entry.where)
    if entry.point is not None:
        event.add("geo", (entry.point.lat, entry.point.lon))
    event.add("url", entry.address)
    event.add("description", "\n".join(filter(None, (series.words, *entry.says, entry.address))))
    # That a library is open makes nobody busy.
    event.add("transp", "TRANSPARENT")
    return event


def _explain_clock(zone: str, first: datetime, last: datetime) -> Timezone:
    """Return the time zone alone: a calendar without any part is none."""
    return Timezone.from_tzinfo(ZoneInfo(zone), None, _year_before(first), _year_after(last))


def _year_before(moment: datetime) -> date:
    return date(moment.year - 1, 1, 1)


def _year_after(moment: datetime) -> date:
    return date(moment.year + 1, 12, 31)
