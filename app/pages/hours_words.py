"""Hours as people read them."""

from collections.abc import Callable, Sequence
from datetime import time
from itertools import groupby

from babel.dates import format_date, format_time, get_day_names

from app.assets.schedules.model import DAY_MINUTES, Rule, ScheduleProblem, split_weekday
from app.assets.schedules.opening_hours import read_opening_hours
from app.pages.said import mark_sentence
from app.pages.typed_times import NOON

Translate = Callable[[str], str]

ALWAYS = mark_sentence("At any time, day and night")
_NO_HOLIDAYS = mark_sentence("Not on public holidays")
_NOT_ON = mark_sentence("Not on %(day)s")
_ORDINALS = {
    1: mark_sentence("first %(day)s of the month"),
    2: mark_sentence("second %(day)s of the month"),
    3: mark_sentence("third %(day)s of the month"),
    4: mark_sentence("fourth %(day)s of the month"),
    5: mark_sentence("fifth %(day)s of the month"),
    -1: mark_sentence("last %(day)s of the month"),
}


def say_clock(minute: int, language: str) -> str:
    """Return a time of day as people read it: 9.30 am in English."""
    minute %= DAY_MINUTES
    if not language.startswith("en"):
        moment = time(minute // 60, minute % 60)
        return format_time(moment, "short", locale=language.replace("-", "_"))
    if minute % NOON == 0:
        return "12 noon" if minute else "midnight"
    hour, rest = minute // 60, minute % 60
    half = "am" if minute < NOON else "pm"
    return f"{(hour - 1) % 12 + 1}{f'.{rest:02d}' if rest else ''} {half}"


def say_hours(
    opening_hours: str, language: str, translate: Translate, *, is_brief: bool = False
) -> list[str]:
    """Return what hours mean, a line for each times of day; as written where there are no words.

    Args:
        opening_hours: As they are kept.
        language: The visitor's.
        translate: Gives a sentence of ours in that language.
        is_brief: Say nothing of being closed on public or school holidays.
    """
    if opening_hours == "24/7":
        return [translate(ALWAYS)]
    try:
        rules = read_opening_hours(opening_hours).rules
    except ScheduleProblem:
        return [opening_hours]
    holidays = [rule for rule in rules if _is_holiday(rule)]
    left_out = [rule for rule in rules if _is_left_out(rule)]
    plain = [rule for rule in rules if rule not in holidays and rule not in left_out]
    is_known = all(rule.terms == "any" and not rule.byday for rule in holidays)
    if not plain or not all(map(_has_words, plain)) or not (is_known or is_brief):
        return [opening_hours]
    lines = _say_rules(plain, language, translate)
    if holidays and not is_brief:
        lines.append(translate(_NO_HOLIDAYS))
    return lines + [_say_left_out(rule, language, translate) for rule in left_out]


def _is_left_out(rule: Rule) -> bool:
    """Return whether a rule only says that it is closed on one date."""
    day = rule.valid_from
    return day is not None and rule == Rule(
        says="closed", valid_from=day, valid_to=day, joins=rule.joins
    )


def _say_left_out(rule: Rule, language: str, translate: Translate) -> str:
    return translate(_NOT_ON) % {"day": _say_days(rule, language, translate)}


def _has_words(rule: Rule) -> bool:
    is_dated = rule.valid_from == rule.valid_to is not None
    return (
        (rule.says == "open" or (rule.says == "not stated" and bool(rule.comment)))
        and rule.season is None and not rule.weeks and not rule.bymonth and not rule.bymonthday
        and rule.public_holidays == "as usual" and rule.interval == 1
        and rule.opens_minute is not None
        and all((number := split_weekday(day)[0]) == 0 or number in _ORDINALS for day in rule.byday)
        and (bool(rule.byday) or is_dated)
    )  # fmt: skip


def _say_rules(rules: Sequence[Rule], language: str, translate: Translate) -> list[str]:
    said = [
        (_say_days(rule, language, translate), _say_times(rule, language), rule.terms)
        for rule in rules
    ]
    lines = []
    for (times, _), group in groupby(said, key=lambda each: (each[1], each[2])):
        days = _join(list(dict.fromkeys(each[0] for each in group)))
        lines.append(f"{days[:1].upper()}{days[1:]}, {times}")
    return lines


def _is_holiday(rule: Rule) -> bool:
    """Return whether a rule only says that it is closed on some holidays."""
    is_of_holidays = rule.public_holidays == "only" or rule.terms == "holidays only"
    return rule.says == "closed" and is_of_holidays


def _say_days(rule: Rule, language: str, translate: Translate) -> str:
    locale = language.replace("-", "_")
    if rule.valid_from is not None and not rule.byday:
        return format_date(rule.valid_from, "full", locale=locale)
    names = get_day_names("wide", locale=locale)
    days = [split_weekday(day) for day in rule.byday]
    if any(ordinal for ordinal, _ in days):
        return _join([_say_ordinal(ordinal, names[day], translate) for ordinal, day in days])
    numbers = sorted(day for _, day in days)
    is_run = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))  # noqa: PLR2004 - a pair is no run
    if is_run:
        return f"{names[numbers[0]]}–{names[numbers[-1]]}"
    return _join([names[number] for number in numbers])


def _say_ordinal(ordinal: int, day: str, translate: Translate) -> str:
    return translate(_ORDINALS[ordinal]) % {"day": day} if ordinal else day


def _say_times(rule: Rule, language: str) -> str:
    begins = say_clock(rule.opens_minute or 0, language)
    ends = "" if rule.closes_minute is None else f"–{say_clock(rule.closes_minute, language)}"
    return f"{begins}{ends}{f' ({rule.comment})' if rule.comment else ''}"


def _join(words: Sequence[str]) -> str:
    return ", ".join(words)
