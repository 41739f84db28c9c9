"""RRULE of RFC 5545 as text, in and out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.assets.schedules.model import Rule, ScheduleProblem

LISTS = {"BYMONTHDAY": "bymonthday", "BYMONTH": "bymonth", "BYWEEKNO": "weeks"}
NUMBERS = {"INTERVAL": "interval", "COUNT": "count"}
_UNTIL = re.compile(r"(\d{8})(?:T\d{6}Z?)?", re.ASCII)
KNOWN = {"FREQ", "BYDAY", "UNTIL", "WKST", *LISTS, *NUMBERS}


def read_rrule(text: str, dtstart: date | None = None, base: Rule | None = None) -> Rule:
    """Return the rule that an RRULE says, with everything else as in `base`.

    Args:
        text: Such as "FREQ=MONTHLY;BYDAY=1MO", with or without "RRULE:" before it.
        dtstart: The date of DTSTART, where there is one.
        base: A rule to take times of day and the like from.

    Raises:
        ScheduleProblem: A part is missing, unknown, or makes no sense; weeks that do not begin
            on Monday, and parts for times of day, are not known here.
    """
    parts = split_parts(text)
    unknown = sorted(set(parts) - KNOWN)
    if unknown:
        raise ScheduleProblem(
            f"RRULE holds {unknown[0]}, which this service does not know. It knows "
            f"{', '.join(sorted(KNOWN))}; the first Monday of a month is BYDAY=1MO."
        )
    if "FREQ" not in parts:
        raise ScheduleProblem("RRULE lacks FREQ. Add FREQ=WEEKLY or the like.")
    if parts.get("WKST", "MO") != "MO":
        raise ScheduleProblem("RRULE counts weeks from another day than Monday (WKST).")
    values: dict[str, Any] = {"freq": parts["FREQ"], "dtstart": dtstart}
    for name, attribute in NUMBERS.items():
        if name in parts:
            values[attribute] = read_number(name, parts[name])
    for name, attribute in LISTS.items():
        if name in parts:
            values[attribute] = tuple(read_number(name, n) for n in parts[name].split(","))
    if "BYDAY" in parts:
        values["byday"] = tuple(day.removeprefix("+") for day in parts["BYDAY"].split(","))
    if "UNTIL" in parts:
        values["until"] = read_until(parts["UNTIL"])
    return replace(base or Rule(), **values)


def split_parts(text: str) -> Mapping[str, str]:
    """Return the parts of an RRULE by name, in capitals."""
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, equals, value = part.strip().partition("=")
        if not equals or not value:
            raise ScheduleProblem(f'"{part}" is no part of an RRULE: write NAME=VALUE.')
        if name in parts:
            raise ScheduleProblem(f"RRULE holds {name} twice. Remove one.")
        parts[name] = value
    return parts


def read_number(name: str, text: str) -> int:
    """Return a whole number of an RRULE."""
    try:
        return int(text)
    except ValueError:
        raise ScheduleProblem(f'{name} holds "{text}", which is no whole number.') from None


def read_until(text: str) -> date:
    """Return the date of UNTIL, which is the last one; a time of day with it changes nothing."""
    found = _UNTIL.fullmatch(text)
    try:
        day = found[1] if found else ""
        return datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a local date
    except ValueError:
        raise ScheduleProblem(f'UNTIL is "{text}"; write it as 20261231.') from None


def write_rrule(rule: Rule) -> str:
    """Return the recurrence of `rule` as an RRULE, without "RRULE:" and without DTSTART.

    Season, validity, holidays and terms have no place in an RRULE.
    """
    parts = [f"FREQ={rule.freq}"]
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={rule.until:%Y%m%d}")
    for name, attribute in LISTS.items():
        numbers: tuple[int, ...] = getattr(rule, attribute)
        if numbers:
            parts.append(f"{name}={','.join(str(number) for number in numbers)}")
    if rule.byday:
        parts.append(f"BYDAY={','.join(rule.byday)}")
    return ";".join(parts)
