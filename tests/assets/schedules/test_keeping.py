"""Schedules in PostGIS: equal ones are one row, what is fetched is what was kept, who is open."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.assets.schedules import keeping
from app.assets.schedules.calendar import Timeline, Verdict
from app.assets.schedules.canonical import hash_schedule, write_canonical
from app.assets.schedules.doubts import list_doubts
from app.assets.schedules.keeping import fetch_schedules, find_open, keep_schedules
from app.assets.schedules.loose import read_hours
from app.assets.schedules.model import (
    MonthDay,
    Rule,
    Schedule,
    ScheduleException,
    Season,
)
from app.assets.schedules.models import KeptRule, KeptSchedule
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.rows import to_exception_rows, to_rule_rows, to_schedule, to_schedule_row
from app.core.database import Database
from tests.assets.schedules.asking import ENGLAND, TERMS, ZONE
from tests.assets.schedules.making import schedules

TUESDAY = read_opening_hours("Tu 10:00-12:00")
WEDNESDAY = read_opening_hours("We 10:00-12:00,22:00-26:00; PH off")
WORDS = Schedule(words="ring the bell")
EVERYTHING = Schedule(
    rules=(
        Rule(
            freq="MONTHLY",
            interval=2,
            byday=("1MO", "-1FR"),
            bymonth=(1, 12),
            dtstart=date(2026, 1, 1),
            until=date(2027, 1, 1),
            season=Season(MonthDay(12, 1), MonthDay(2, 29)),
            valid_from=date(2026, 1, 2),
            valid_to=date(2026, 12, 30),
            opens_minute=1439,
            closes_minute=2880,
            says="not stated",
            joins="otherwise",
            public_holidays="not",
            terms="term only",
            comment="Ring & “ask”",
        ),
        Rule(freq="YEARLY", bymonthday=(-1, 31), dtstart=date(2026, 1, 1), count=3),
        Rule(freq="YEARLY", weeks=(1, 53), opens_minute=0, closes_minute=60, open_ended=True),
        Rule(freq="WEEKLY", byday=("SU",), opens_minute=0),
    ),
    exceptions=(
        ScheduleException(date(2026, 12, 24), date(2026, 12, 26), words="Christmas"),
        ScheduleException(date(2026, 12, 31), date(2026, 12, 31), "open", 1200, 1500),
    ),
    comment="Hall",
)


async def test_equal_schedules_have_one_id_whenever_they_are_kept(database: Database) -> None:
    async with database.sessions.begin() as session:
        first = await keep_schedules(session, [TUESDAY, WEDNESDAY, TUESDAY, WORDS])
    assert first[0] == first[2]
    assert len(set(first)) == 3
    async with database.sessions.begin() as session:
        again = await keep_schedules(session, [WORDS, read_opening_hours("Tu 10:00-12:00")])
        kept = await session.scalar(select(func.count()).select_from(KeptSchedule))
        rules = await session.scalar(select(func.count()).select_from(KeptRule))
    assert again == [first[3], first[0]]
    # one rule for Tuesday; two times and the holidays for Wednesday
    assert (kept, rules) == (3, 4)


async def test_what_is_fetched_is_what_was_kept(database: Database) -> None:
    given_schedules = [EVERYTHING, TUESDAY, WORDS, Schedule(), WEDNESDAY]
    async with database.sessions.begin() as session:
        ids = await keep_schedules(session, given_schedules)
    async with database.sessions() as session:
        fetched = await fetch_schedules(session, ids)
        assert [fetched[kept] for kept in ids] == given_schedules
        assert await fetch_schedules(session, None) == fetched
        assert await fetch_schedules(session, [ids[1], 999_999]) == {ids[1]: TUESDAY}
        assert await fetch_schedules(session, []) == {}


async def test_two_who_keep_the_same_at_once_get_the_same_ids(database: Database) -> None:
    async def keep(order: list[Schedule]) -> list[int]:
        async with database.sessions.begin() as session:
            return await keep_schedules(session, order)

    one, two = await asyncio.gather(
        keep([TUESDAY, WEDNESDAY, EVERYTHING]), keep([EVERYTHING, WEDNESDAY, TUESDAY])
    )
    assert one == two[::-1]


async def test_who_is_open_at_a_moment(database: Database) -> None:
    async with database.sessions.begin() as session:
        tuesday, wednesday, words = await keep_schedules(session, [TUESDAY, WEDNESDAY, WORDS])
    moments = {
        "2026-11-24T10:30": [tuesday],
        "2026-11-25T10:30": [wednesday],
        # Wednesday's evening ends at two on Thursday
        "2026-11-26T01:30": [wednesday],
        "2026-11-26T10:30": [],
    }
    async with database.sessions() as session:
        for moment, expected in moments.items():
            here = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
            assert await find_open(session, here, ZONE, ENGLAND, TERMS) == expected
        here = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
        assert await find_open(session, here, ZONE, ENGLAND, TERMS, [wednesday, words]) == []
        # without a calendar of holidays, Wednesday is in doubt, which is not open
        here = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
        assert await find_open(session, here, ZONE) == []
        with pytest.raises(ValueError, match="needs a time zone"):
            await find_open(session, datetime(2026, 11, 24, 10, 30), ZONE)  # noqa: DTZ001


async def test_each_distinct_schedule_is_worked_out_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: Counter[Schedule] = Counter()

    class CountingTimeline(Timeline):
        def judge(self, moment: datetime) -> Verdict:
            judged[self.schedule] += 1
            return super().judge(moment)

    monkeypatch.setattr(keeping, "Timeline", CountingTimeline)
    async with database.sessions.begin() as session:
        await keep_schedules(session, [TUESDAY, WEDNESDAY] * 50)
        moment = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
        assert len(await find_open(session, moment, ZONE, ENGLAND)) == 1
    assert judged == {TUESDAY: 1, WEDNESDAY: 1}


async def test_the_spelling_of_openstreetmap_is_kept_beside_the_rules(database: Database) -> None:
    fortnightly = Schedule(
        rules=(Rule(freq="WEEKLY", interval=2, byday=("TU",), dtstart=date(2026, 9, 1)),)
    )
    async with database.sessions.begin() as session:
        ids = await keep_schedules(session, [WEDNESDAY, fortnightly, WORDS])
        rows = await session.execute(
            select(KeptSchedule.id, KeptSchedule.opening_hours, KeptSchedule.words)
        )
        found = {kept: (hours, words) for kept, hours, words in rows}
    assert [found[kept] for kept in ids] == [
        ("We 10:00-12:00,22:00-02:00; PH off", None),
        (None, None),
        (None, "ring the bell"),
    ]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("opens = NULL", "hours"),
        ("closes = '09:00'", "hours"),
        ("closes_days_later = 2", "hours"),
        ("says = 'perhaps'", "says"),
        ("byday = '{XX}'", "byday"),
        ("freq = 'HOURLY'", "freq"),
        ("count = 3, until = '2026-01-01'", "count"),
        ("interval = 2", "dtstart"),
    ],
)
async def test_the_database_refuses_rules_that_make_no_sense(
    database: Database, change: str, constraint: str
) -> None:
    async with database.sessions.begin() as session:
        await keep_schedules(session, [TUESDAY])
    with pytest.raises(IntegrityError, match=f"ck_schedule_rules_{constraint}"):
        async with database.sessions.begin() as session:
            await session.execute(text(f"UPDATE schedule_rules SET {change}"))  # noqa: S608


def test_the_hash_is_of_the_content_alone() -> None:
    assert write_canonical(TUESDAY) == (
        '{"rules":[{"byday":["TU"],"closes_minute":720,"freq":"WEEKLY","opens_minute":600}]}'
    )
    assert hash_schedule(TUESDAY) == hash_schedule(read_opening_hours("Tu 10:00-12:00;"))
    assert hash_schedule(TUESDAY) != hash_schedule(WEDNESDAY)
    assert len(hash_schedule(Schedule())) == 32


@settings(max_examples=100, deadline=None)
@given(schedules())
def test_rows_hold_all_of_a_schedule(schedule: Schedule) -> None:
    row = to_schedule_row(schedule)
    rules, exceptions = to_rule_rows(1, schedule), to_exception_rows(1, schedule)
    assert to_schedule(row, rules, exceptions) == schedule


@pytest.mark.parametrize(
    ("hours", "doubts"),
    [
        ("Tu 10:00-12:00", []),
        ("Tu 00:00-24:00", []),
        (
            "Tu 02:00-04:00",
            ["It opens at 02:00, in the night. If 14:00 is meant, write that."],
        ),
        (
            "Mo 12:00-05:00",
            ["It is open for 17 hours on end, from 12:00 to 05:00. Check both times."],
        ),
    ],
)
def test_hours_that_are_seldom_meant_are_told(hours: str, doubts: list[str]) -> None:
    schedule = read_hours(hours)
    assert schedule is not None
    assert list_doubts(schedule) == doubts
