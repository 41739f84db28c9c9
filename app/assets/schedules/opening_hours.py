"""Hours in the spelling of OpenStreetMap (`opening_hours`), read into a schedule.

Meaning follows the specification on the OpenStreetMap wiki (Key:opening_hours/specification):
";" puts a rule in the place of earlier ones on its days, "," adds one, "||" holds where the others
leave the place closed. What is closed for part of a day is taken out of what is open.
"""

from typing import Any

from app.assets.schedules.model import DAY_MINUTES, Joins, Rule, Schedule, ScheduleProblem
from app.assets.schedules.selecting import (
    Selector,
    TokenReader,
    is_dash,
    read_date_selectors,
    read_day_selectors,
)
from app.assets.schedules.tokens import OpeningHoursProblem, cut_into_tokens

MOST_RULES = 200
SEPARATORS: dict[str, Joins] = {";": "instead", ",": "also", "||": "otherwise"}


def read_opening_hours(text: str) -> Schedule:
    """Return the schedule that an `opening_hours` value says.

    Raises:
        OpeningHoursProblem: It cannot be read, or follows the sun or Easter, which are not known.
    """
    reader = TokenReader(cut_into_tokens(text))
    if reader.look().kind == "end":
        raise OpeningHoursProblem("There are no hours in the text.", 1)
    rules: list[Rule] = []
    joins: Joins = "instead"
    while True:
        rules += read_rule(reader, joins)
        if len(rules) > MOST_RULES:
            raise OpeningHoursProblem("There are too many rules.", reader.look().position)
        if reader.look().kind == "end":
            break
        mark = reader.take()
        if mark.kind != "mark" or mark.text not in SEPARATORS:
            raise OpeningHoursProblem(f'"{mark.text}" is not expected here.', mark.position)
        joins = SEPARATORS[mark.text]
        while joins == "instead" and reader.take_mark(";"):
            pass
        if reader.look().kind == "end":
            if joins == "instead":
                break
            raise OpeningHoursProblem("A rule is expected here.", reader.look().position)
    return Schedule(rules=tuple(rules))


def read_rule(reader: TokenReader, joins: Joins) -> list[Rule]:
    """Return the rules that one rule sequence stands for: each dates x days x times."""
    start = reader.look()
    if reader.look().kind == "always":
        reader.take()
        dates: list[Selector] = [{}]
        days: list[Selector] = [{}]
        times: list[Selector] = [{}]
    else:
        dates = read_date_selectors(reader)
        days = read_day_selectors(reader)
        times = read_times(reader)
    if reader.look() is start and start.kind not in {"modifier", "comment"}:
        raise OpeningHoursProblem("A day, a time or a word is expected here.", start.position)
    meaning = read_meaning(reader)
    if joins == "also" and times == [{}] and not meaning and start.kind != "always":
        raise OpeningHoursProblem("This rule has no times. Add them.", start.position)
    return multiply(dates, days, times, {"joins": joins, **meaning}, start.position)


def read_times(reader: TokenReader) -> list[Selector]:
    """Return stretches of the day; one empty selector for the whole day."""
    times: list[Selector] = []
    while reader.look().kind == "time":
        start = reader.take()
        if start.value >= DAY_MINUTES:
            raise OpeningHoursProblem("A start must be before 24:00.", start.position)
        if reader.take_mark("+"):
            times.append({"opens_minute": start.value})
        elif is_dash(reader.look()):
            reader.take()
            end = reader.expect("time", "The time it closes")
            closes = end.value if end.value > start.value else end.value + DAY_MINUTES
            if end.value == start.value:
                raise OpeningHoursProblem(
                    "It opens and closes at the same time. Write 00:00-24:00 for all day.",
                    start.position,
                )
            ended = {"opens_minute": start.value, "closes_minute": closes}
            times.append({**ended, "open_ended": True} if reader.take_mark("+") else ended)
        else:
            raise OpeningHoursProblem(
                f"The end after {start.text} is missing. Write {start.text}+ if it is not known.",
                start.position,
            )
        if reader.look().kind == "mark" and reader.look().text == "/":
            raise OpeningHoursProblem("Repeated times are not known here.", reader.look().position)
        if not reader.is_list_of("time"):
            break
        reader.take()
    return times or [{}]


def read_meaning(reader: TokenReader) -> Selector:
    """Return what a rule says: open unless it names something else; a bare comment is a doubt."""
    meaning: Selector = {}
    if reader.look().kind == "modifier":
        meaning["says"] = reader.take().text
    if reader.look().kind == "comment":
        meaning["comment"] = reader.take().text.strip()
        meaning.setdefault("says", "not stated")
    return meaning


def multiply(
    dates: list[Selector],
    days: list[Selector],
    times: list[Selector],
    meaning: dict[str, Any],
    position: int,
) -> list[Rule]:
    """Return a rule for each date, day and time of a rule sequence.

    The first time of each puts aside what was before, if the sequence does; the others add to it.
    Where two of the dates or days overlap they bring the same times, so that nothing is lost.
    """
    rules = []
    for date_selector in dates:
        for day_selector in days:
            for place, time in enumerate(times):
                values = {**date_selector, **day_selector, **time, **meaning}
                if place and meaning["joins"] == "instead":
                    values["joins"] = "also"
                try:
                    rules.append(Rule(freq=choose_frequency(values), **values))
                except ScheduleProblem as problem:
                    raise OpeningHoursProblem(str(problem), position) from problem
    return rules


def choose_frequency(values: dict[str, Any]) -> Any:  # noqa: ANN401 - Rule checks the word
    """Return the FREQ under which RFC 5545 gives these parts their meaning here."""
    if "bymonthday" in values or "weeks" in values:
        return "YEARLY"
    byday = values.get("byday", ())
    if any(len(text) > 2 for text in byday):  # noqa: PLR2004 - letters of a plain weekday
        return "MONTHLY"
    return "WEEKLY" if byday else "DAILY"
