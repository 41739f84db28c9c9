"""A week of plain times as the fields of a form: read from them, and written into them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.assets.schedules.model import DAY_MINUTES, WEEKDAYS, Rule, ScheduleProblem
from app.assets.schedules.opening_hours import read_opening_hours
from app.pages.hours_words import say_clock
from app.pages.said import Problems, Said, mark_sentence
from app.pages.typed_times import DAYS, AmbiguousTimeError, read_clock, write_minute

DAY_NAMES = {
    "mo": mark_sentence("Monday"), "tu": mark_sentence("Tuesday"),
    "we": mark_sentence("Wednesday"), "th": mark_sentence("Thursday"),
    "fr": mark_sentence("Friday"), "sa": mark_sentence("Saturday"),
    "su": mark_sentence("Sunday"),
}  # fmt: skip
STRETCHES = ("", "2")
"""What the names of the fields of the first and the second stretch of a day end with."""
HOLIDAYS = "holidays"
"""The field that says whether it is closed on public holidays."""
FIELDS = (
    *(f"{edge}{stretch}_{day}" for day in DAYS for stretch in STRETCHES for edge in ("from", "to")),
    HOLIDAYS,
)

LONGEST = 18 * 60
"""Minutes: an end "before" the start is the next day only for a night out."""

_NO_HOLIDAYS = Rule(says="closed", public_holidays="only")

Stretch = tuple[int, int | None]
"""When it begins and ends, in minutes after midnight; None: nobody knows when it ends."""


class Week(NamedTuple):
    """A week as it was read.

    Attributes:
        opening_hours: In OpenStreetMap's spelling; empty where something is wrong.
        problems: What is to be put right, by field.
    """

    opening_hours: str
    problems: Problems


def read_week(typed: Callable[[str], str]) -> Week:
    """Return what was typed as the times of each day.

    Args:
        typed: Gives what is in a field, of `FIELDS`; empty where there is nothing.
    """
    problems: Problems = {}
    rules = []
    for day in DAYS:
        read = [_read_stretch(typed, day, stretch, problems) for stretch in STRETCHES]
        stretches = [each for each in read if each is not None]
        if len(stretches) > 1 and not _is_after(*stretches):
            problems[f"from2_{day}"] = Said(
                mark_sentence(
                    "On %(day)s the second times begin before the first have ended. Check both."
                ),
                {"day": DAY_NAMES[day]},
            )
        if stretches:
            rules.append(f"{day.capitalize()} {','.join(_write_stretch(*s) for s in stretches)}")
    if not rules and not problems:
        problems["from_mo"] = Said(
            mark_sentence("Enter the times of at least one day, or choose another answer.")
        )
    if typed(HOLIDAYS) == "closed":
        rules.append("PH off")
    return Week("" if problems else "; ".join(rules), problems)


def spell_week(opening_hours: str, language: str) -> dict[str, str] | None:
    """Return hours as what one would type, by field; None where they are more than a week.

    Args:
        opening_hours: As they are kept.
        language: The visitor's: how times of day are written.
    """
    week = _find_days(opening_hours)
    if week is None:
        return None
    days, is_closed = week
    fields = {HOLIDAYS: "closed" if is_closed else ""}
    for day, stretches in days.items():
        for name, (begins, ends) in zip(STRETCHES, stretches, strict=False):
            fields[f"from{name}_{day}"] = say_clock(begins, language)
            fields[f"to{name}_{day}"] = "" if ends is None else say_clock(ends, language)
    again = read_week(lambda field: fields.get(field, ""))
    # What would be read as something else, such as a whole day, is not offered as a week.
    return fields if _find_days(again.opening_hours) == week else None


def _find_days(opening_hours: str) -> tuple[Mapping[str, list[Stretch]], bool] | None:
    """Return the stretches of each day, and whether it is closed on public holidays."""
    try:
        rules = list(read_opening_hours(opening_hours).rules) if opening_hours else []
    except ScheduleProblem:
        return None
    is_closed = bool(rules) and _is_holidays(rules[-1])
    days: dict[str, list[Stretch]] = {}
    for rule in rules[:-1] if is_closed else rules:
        if not _is_plain(rule):
            return None
        for name in rule.byday or WEEKDAYS:
            here = days.setdefault(name.lower(), [])
            if rule.joins == "instead":
                here.clear()
            here.append((rule.opens_minute or 0, rule.closes_minute))
    if not days or any(len(each) > len(STRETCHES) for each in days.values()):
        return None
    return {
        day: sorted(days[day], key=lambda each: each[0]) for day in DAYS if day in days
    }, is_closed


def _is_holidays(rule: Rule) -> bool:
    return rule.joins == "instead" and rule == _NO_HOLIDAYS


def _is_plain(rule: Rule) -> bool:
    """Return whether a rule says no more than times of days of the week."""
    bare = Rule(
        freq=rule.freq, byday=rule.byday, joins=rule.joins,
        opens_minute=rule.opens_minute, closes_minute=rule.closes_minute,
    )  # fmt: skip
    return (
        rule == bare
        and rule.joins != "otherwise"
        and rule.opens_minute is not None
        and all(name in WEEKDAYS for name in rule.byday)
    )


def _read_stretch(
    typed: Callable[[str], str], day: str, stretch: str, problems: Problems
) -> Stretch | None:
    first, last = f"from{stretch}_{day}", f"to{stretch}_{day}"
    begins, ends = typed(first), typed(last)
    if not begins and not ends:
        return None
    values = {"day": DAY_NAMES[day]}
    if not begins:
        problems[first] = Said(
            mark_sentence("Enter when it begins on %(day)s. “%(end)s” is only its end."),
            {**values, "end": ends},
        )
        return None
    starts = _read_clock(first, day, begins, problems)
    stops = _read_clock(last, day, ends, problems) if ends else None
    if starts is None or (ends and stops is None):
        return None
    if stops is None:
        return starts, None
    length = (stops - starts) % DAY_MINUTES
    if not length or length > LONGEST:
        problems[last] = Said(
            mark_sentence(
                "On %(day)s it ends at “%(end)s”, which is not after it begins at “%(begin)s”. "
                "Check both, with am or pm."
            ),
            {**values, "end": ends, "begin": begins},
        )
        return None
    return starts, starts + length


def _is_after(first: Stretch, second: Stretch) -> bool:
    return first[1] is not None and first[1] <= second[0]


def _write_stretch(begins: int, ends: int | None) -> str:
    return f"{write_minute(begins)}{'+' if ends is None else f'-{write_minute(ends)}'}"


def _read_clock(field: str, day: str, text: str, problems: Problems) -> int | None:
    try:
        return read_clock(text)
    except AmbiguousTimeError:
        sentence = mark_sentence(
            "Say whether “%(time)s” on %(day)s is in the morning or the afternoon: write "
            "%(time)s am or %(time)s pm."
        )
    except ValueError:
        sentence = mark_sentence(
            "“%(time)s” on %(day)s is not a time. Write it as 9.30 am or 14:00."
        )
    problems[field] = Said(sentence, {"time": text[:40], "day": DAY_NAMES[day]})
    return None
