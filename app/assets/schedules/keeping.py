"""Schedules in the database: kept once each, and asked all together."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.assets.schedules import queries
from app.assets.schedules.calendar import Timeline, is_open_on, require_zone
from app.assets.schedules.canonical import hash_schedule
from app.assets.schedules.days import State
from app.assets.schedules.model import Schedule, TermDates
from app.assets.schedules.public_holidays import HolidayCalendar
from app.assets.schedules.rows import (
    to_exception_rows,
    to_rule_rows,
    to_schedule,
    to_schedule_row,
)


async def keep_schedules(session: AsyncSession, schedules: Sequence[Schedule]) -> list[int]:
    """Keep schedules that are not kept yet, and return the ids of all of them, in order.

    Equal schedules have one id, however often they are given. They are never changed: a site with
    other hours refers to another schedule.
    """
    by_hash = {hash_schedule(schedule): schedule for schedule in schedules}
    ids = await queries.fetch_ids(session, by_hash)
    missing = {key: schedule for key, schedule in by_hash.items() if key not in ids}
    if missing:
        rows = [to_schedule_row(schedule) for schedule in missing.values()]
        new = await queries.insert_schedules(session, rows)
        await queries.insert_parts(
            session,
            [row for key, kept in new.items() for row in to_rule_rows(kept, missing[key])],
            [row for key, kept in new.items() for row in to_exception_rows(kept, missing[key])],
        )
        ids |= new
        # somebody else kept these meanwhile, rules and all
        if others := missing.keys() - new.keys():
            ids |= await queries.fetch_ids(session, others)
    return [ids[hash_schedule(schedule)] for schedule in schedules]


async def fetch_schedules(
    session: AsyncSession, ids: Collection[int] | None
) -> dict[int, Schedule]:
    """Return schedules by id; ids that are not kept are left out. None: all that are kept."""
    rows, rules, exceptions = await queries.fetch_rows(session, ids)
    rules_of: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    exceptions_of: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rules:
        rules_of[row["schedule_id"]].append(row)
    for row in exceptions:
        exceptions_of[row["schedule_id"]].append(row)
    return {
        row["id"]: to_schedule(row, rules_of[row["id"]], exceptions_of[row["id"]]) for row in rows
    }


async def find_open(
    session: AsyncSession,
    moment: datetime,
    zone: ZoneInfo,
    holidays: HolidayCalendar | None = None,
    terms: TermDates | None = None,
    among: Collection[int] | None = None,
) -> list[int]:
    """Return the ids, in order, of the schedules that are open at `moment` in `zone`.

    Args:
        session: The transaction to read in.
        moment: With a time zone, any.
        zone: Of the sites; ask once for each zone.
        holidays: Public holidays of the place; None where they are not known.
        terms: School terms of the place; None where they are not known.
        among: Ids to look at; None for all that are kept, in use or not.
    """
    moment = require_zone(moment)
    schedules = await fetch_schedules(session, among)
    # thousands of schedules take tenths of a second, which is too long for the event loop
    return await asyncio.to_thread(select_open, schedules, moment, zone, holidays, terms)


async def find_open_on(
    session: AsyncSession,
    day: date,
    zone: ZoneInfo,
    holidays: HolidayCalendar | None,
    terms: TermDates | None,
    among: Collection[int] | None,
) -> list[int]:
    """Return the ids, in order, of the schedules by which some session starts on `day`.

    Arguments are those of `find_open`.
    """
    schedules = await fetch_schedules(session, among)

    def select() -> list[int]:
        return sorted(
            kept
            for kept, schedule in schedules.items()
            if is_open_on(schedule, day, zone, holidays, terms) == State.OPEN
        )

    return await asyncio.to_thread(select)


def select_open(
    schedules: Mapping[int, Schedule],
    moment: datetime,
    zone: ZoneInfo,
    holidays: HolidayCalendar | None,
    terms: TermDates | None,
) -> list[int]:
    """Return the ids of the schedules that are open; each is worked out once."""
    return sorted(
        kept
        for kept, schedule in schedules.items()
        if Timeline(schedule, zone, holidays, terms).judge(moment).state == State.OPEN
    )
