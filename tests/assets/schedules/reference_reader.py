"""Our answers beside those of opening_hours.js, the reader that most maps use.

The zone of its process is London; it knows the public holidays of England and no school holidays.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.assets.schedules.calendar import state_at
from app.assets.schedules.model import DAY_MINUTES, Rule, Schedule
from tests.assets.schedules.asking import ENGLAND, ZONE, at
from tests.assets.schedules.making import FORTNIGHTS

PROJECT = Path(__file__).parents[3]
FRONTEND = PROJECT / "app/frontend/package.json"
SCRIPT = Path(__file__).with_name("opening_hours_oracle.mjs")
STATES = {"open": "open", "close": "closed", "unknown": "not stated"}

LAST_HOUR = 23

Answer = tuple[str, datetime | None]
"""A state and the moment it changes."""


def find_node() -> str | None:
    """Return where Node is: on PATH, or where installing the frontend put it."""
    return shutil.which("node", path=f"{PROJECT / 'var/node/bin'}:{os.environ.get('PATH', '')}")


@dataclass(frozen=True)
class Difference:
    """One moment of which both say different things, or hours that only one of them reads.

    Attributes:
        hours: What the reference reader was given.
        schedule: What we read; None where we refuse.
        ours: State and next change, or the sentence of the refusal.
        theirs: The same of the reference reader.
        moment: None where one of them refuses.
    """

    hours: str
    schedule: Schedule | None
    ours: Answer | str
    theirs: Answer | str
    moment: datetime | None = None

    @property
    def first_change(self) -> datetime:
        """The moment from which the two differ."""
        assert isinstance(self.ours, tuple)
        assert isinstance(self.theirs, tuple)
        assert self.moment is not None
        if self.ours[0] != self.theirs[0]:
            return self.moment
        return min(change for change in (self.ours[1], self.theirs[1]) if change is not None)


def list_rules(difference: Difference) -> Sequence[Rule]:
    """Return the rules we read."""
    return difference.schedule.rules if difference.schedule else ()


def refused(*words: str) -> Callable[[Difference], bool]:
    """Return a check that only we refuse, with one of these sentences."""

    def check(difference: Difference) -> bool:
        ours, theirs = difference.ours, difference.theirs
        return isinstance(ours, str) and not isinstance(theirs, str) and has_any(ours, words)

    return check


def not_read(*words: str) -> Callable[[Difference], bool]:
    """Return a check that only the reference reader refuses, with one of these sentences."""

    def check(difference: Difference) -> bool:
        ours, theirs = difference.ours, difference.theirs
        return isinstance(theirs, str) and not isinstance(ours, str) and has_any(theirs, words)

    return check


def has_any(text: str, words: Sequence[str]) -> bool:
    """Return whether `text` holds one of `words`."""
    return any(word in text for word in words)


def is_night_before(difference: Difference) -> bool:
    """The rest of a night, where another rule is about the day after it (their issue 441)."""
    ends = [(rule.closes_minute or 0) - DAY_MINUTES for rule in list_rules(difference)]
    if difference.moment is None or max(ends, default=0) <= 0:
        return False
    several = any(rule.joins == "instead" for rule in list_rules(difference)[1:])
    change = difference.first_change.astimezone(ZONE)
    return several and change.hour * 60 + change.minute <= max(ends)


def is_rule_of_every_day(difference: Difference) -> bool:
    """A later rule without days, which they do not put in the place of others (issue 231)."""
    return difference.moment is not None and any(
        rule.joins == "instead" and rule.freq == "DAILY" and not rule.is_whole_day
        for rule in list_rules(difference)[1:]
    )


def is_after_an_end(difference: Difference) -> bool:
    """The time after the end of "12:00-14:00+", which they call closed until midnight."""
    ours = difference.ours[0]
    may_go_on = any(rule.open_ended for rule in list_rules(difference))
    return difference.moment is not None and may_go_on and ours == "not stated"


def is_hour_of_clock_change(difference: Difference) -> bool:
    """A time in the hour that is missing or comes twice; or a change they tell the midnight after.

    That change is none: the state on both sides of it is the same.
    """
    if difference.moment is None:
        return False
    changes = [difference.first_change.astimezone(ZONE)]
    if isinstance(difference.ours, tuple) and difference.ours[1] is not None:
        changes.append(difference.ours[1].astimezone(ZONE))
    days = {date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)}
    theirs = difference.theirs[1] if isinstance(difference.theirs, tuple) else None
    midnight = None if theirs is None else theirs.astimezone(ZONE) - timedelta(minutes=1)
    is_none = midnight is not None and midnight.date() in days and midnight.hour == LAST_HOUR
    return is_none or any(change.date() in days and change.hour <= 2 for change in changes)


def is_most_of_a_year_ahead(difference: Difference) -> bool:
    """They look for a change for a shorter time."""
    ours, theirs = difference.ours, difference.theirs
    if isinstance(ours, str) or isinstance(theirs, str) or ours[1] is None:
        return False
    assert difference.moment is not None
    ahead = ours[1] - difference.moment
    return ours[0] == theirs[0] and theirs[1] is None and ahead > timedelta(days=200)


KINDS: dict[str, Callable[[Difference], bool]] = {
    "the night before": is_night_before,
    "a rule of every day": is_rule_of_every_day,
    "after a stated end": is_after_an_end,
    "the hour of a clock change": is_hour_of_clock_change,
    "most of a year ahead": is_most_of_a_year_ahead,
    "no school holidays": not_read("There are no holidays (SH) defined"),
    "weeks over New Year": not_read("week range in reverse order"),
    "the sun": refused("follow the sun"),
    "Easter": refused("Easter is not known"),
    "a day beside another": refused("Days before or after another"),
    "opens and closes at once": refused("opens and closes at the same time"),
    "other spellings": refused(
        "is no word of opening hours", "A rule is expected here", "is not expected here"
    ),
}
"""Each way in which the two differ, why: docs/checks/schedules.md."""


def name_kind(difference: Difference) -> str | None:
    """Return the first kind that a difference is of; None where it is not explained."""
    return next((kind for kind, holds in KINDS.items() if holds(difference)), None)


def list_some_moments() -> list[datetime]:
    """Return twelve moments: ordinary days, both clock changes, Christmas, Easter, nights."""
    local = (
        "2026-11-25 11:10", "2026-10-24 23:30", "2026-10-25 03:15", "2026-12-24 12:00",
        "2026-12-25 13:05", "2026-12-28 09:45", "2027-01-01 01:05", "2027-02-05 00:20",
        "2027-03-26 19:00", "2027-03-28 04:00", "2027-05-03 14:00", "2027-07-13 17:30",
    )  # fmt: skip
    return [at(text).astimezone(UTC) for text in local]


def list_many_moments() -> list[datetime]:
    """Return every 29th hour of three fortnights, and the twelve moments."""
    starts = [datetime(day.year, day.month, day.day, 0, 20, tzinfo=UTC) for day in FORTNIGHTS]
    steps = [timedelta(hours=hours) for hours in range(0, 14 * 24, 29)]
    return [*list_some_moments(), *(start + step for start in starts for step in steps)]


def ask_reference(hours: Sequence[str], moments: Sequence[datetime]) -> list[list[Answer] | str]:
    """Return the reference reader's answers of each of `hours`, or the sentence of its refusal."""
    node = find_node()
    assert node is not None
    stamps = [round(moment.timestamp() * 1000) for moment in moments]
    asked = "".join(json.dumps({"hours": text, "moments": stamps}) + "\n" for text in hours)
    done = subprocess.run(  # noqa: S603 - our own script
        [node, SCRIPT, FRONTEND],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={**os.environ, "TZ": "Europe/London"},
    )
    assert done.returncode == 0, done.stderr
    found: list[list[Answer] | str] = []
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        if "problem" in answer:
            found.append(answer["problem"])
            continue
        found.append([(STATES[state], to_moment(stamp)) for state, stamp in answer["states"]])
    return found


def to_moment(stamp: int | None) -> datetime | None:
    """Return milliseconds since 1970 as a moment."""
    return None if stamp is None else datetime.fromtimestamp(stamp / 1000, UTC)


def compare(
    given: Sequence[tuple[str, Schedule | str]], moments: Sequence[datetime]
) -> list[Difference]:
    """Return where we and the reference reader differ.

    Args:
        given: Hours for the reference reader, and what we read, or the sentence of our refusal.
        moments: At each of them state and next change are compared.
    """
    answers = ask_reference([hours for hours, _ in given], moments)
    found: list[Difference] = []
    for (hours, ours), theirs in zip(given, answers, strict=True):
        if isinstance(ours, str) or isinstance(theirs, str):
            if isinstance(ours, str) != isinstance(theirs, str):
                schedule = None if isinstance(ours, str) else ours
                sentence = ours if isinstance(ours, str) else ("", None)
                found.append(
                    Difference(
                        hours, schedule, sentence, theirs if isinstance(theirs, str) else ("", None)
                    )
                )
            continue
        for moment, answer in zip(moments, theirs, strict=True):
            state = state_at(ours, moment, ZONE, ENGLAND)
            mine = (str(state.state), state.until)
            if mine != answer:
                found.append(Difference(hours, ours, mine, answer, moment))
    return found
