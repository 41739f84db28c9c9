"""When it happens: what was typed, read as times or kept as words."""

import re
from datetime import date

from app.assets.schedules.loose import read_hours
from app.assets.schedules.model import DAY_MINUTES, ScheduleProblem
from app.assets.schedules.writing import write_opening_hours
from app.pages.adding.answers import Answers, check_length
from app.pages.said import Problems, Said, mark_sentence
from app.pages.typed_times import read_clock, read_date, write_minute
from app.pages.weeks import LONGEST, read_week

_MOST_DATES = 30
_FURTHEST_YEARS = 5
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - one line
_RANGE = re.compile(
    r"^\s*(?:from\s+)?(.+?)\s*(?:-|–|—|\bto\b|\buntil\b)\s*(.+?)\s*$", re.IGNORECASE
)


class Times:
    """When it happens, read from the answers.

    Attributes:
        problems: What is wrong with them.
        opening_hours: In OpenStreetMap's spelling; empty where there is none.
        words: What could not be read as times.
        last: The last of single dates.
    """

    def __init__(self, answers: Answers, today: date) -> None:
        self.problems: Problems = {}
        self.opening_hours = ""
        self.words = ""
        self.last: date | None = None
        self._answers = answers
        when = answers.one("when")
        if when == "weekly":
            self._read_week()
        elif when == "words":
            self._read_words()
        elif when == "dates":
            self._read_dates(today)
        elif when == "always":
            self.opening_hours = "24/7"
        elif when != "unknown":
            self.problems["when"] = Said(mark_sentence("Choose how you want to say when it is."))

    def _read_week(self) -> None:
        self.opening_hours, problems = read_week(self._answers.one)
        self.problems |= problems

    def _read_words(self) -> None:
        text = self._answers.words("hours_words")
        if not text:
            self.problems["hours_words"] = Said(
                mark_sentence(
                    "Say when it happens, such as “First Monday of the month, 2 to 4 pm”."
                )
            )
        check_length(self.problems, self._answers, {"hours_words": ("What you wrote", 1000)})
        if not self.problems:
            schedule = read_hours(text)
            try:
                has_rules = schedule is not None and bool(schedule.rules)
                self.opening_hours = write_opening_hours(schedule) if schedule and has_rules else ""
            except ScheduleProblem:
                self.opening_hours = ""
            self.words = "" if self.opening_hours else text

    def _read_dates(self, today: date) -> None:
        lines = [line for line in self._answers.words("dates").splitlines() if line.strip()]
        rules: list[tuple[date, str]] = []
        for line in lines[: _MOST_DATES + 1]:
            problem = self._read_line(line.strip(), today, rules)
            if problem:
                self.problems.setdefault("dates", problem)
        if not lines:
            self.problems["dates"] = Said(
                mark_sentence(
                    "Enter a date with its times, such as 12 December 2026, 2 pm to 4 pm."
                )
            )
        elif len(lines) > _MOST_DATES:
            self.problems["dates"] = Said(
                mark_sentence("These are %(count)s dates; %(most)s are the most. Say it in words."),
                {"count": len(lines), "most": _MOST_DATES},
            )
        if not self.problems:
            self.opening_hours = "; ".join(rule for _, rule in sorted(rules))
            self.last = max(day for day, _ in rules)

    def _read_line(self, line: str, today: date, rules: list[tuple[date, str]]) -> Said | None:
        values = {"line": line[:80]}
        try:
            found = read_date(line)
        except ValueError:
            return Said(
                mark_sentence("“%(line)s”: there is no such day. Check the day and the month."),
                values,
            )
        if found is None:
            return Said(
                mark_sentence(
                    "“%(line)s” has no whole date. Write 12 December 2026, 2 pm to 4 pm."
                ),
                values,
            )
        day, rest = found
        if day < today or day.year > today.year + _FURTHEST_YEARS:
            return Said(
                mark_sentence("“%(line)s” has passed, or is more than five years away."), values
            )
        read = _read_times(rest)
        if read is None:
            return Said(
                mark_sentence(
                    "“%(line)s”: the time cannot be read. Write it as 2 pm to 4 pm or 14:00 to "
                    "16:00."
                ),
                values,
            )
        begins, ends = read
        if ends is not None and not 0 < (ends - begins) % DAY_MINUTES <= LONGEST:
            return Said(mark_sentence("“%(line)s”: it ends before it begins."), values)
        close = "+" if ends is None else f"-{write_minute(ends or DAY_MINUTES)}"
        month = _MONTHS[day.month - 1]
        rules.append((day, f"{day.year} {month} {day.day:02d} {write_minute(begins)}{close}"))
        return None


def _read_times(text: str) -> tuple[int, int | None] | None:
    """Return when something begins and ends, in minutes; None where that cannot be read."""
    times = _RANGE.match(text)
    try:
        begins = read_clock((times[1] if times else text).strip(" ,"))
        return begins, read_clock(times[2].strip(" ,.")) if times else None
    except ValueError:
        return None
