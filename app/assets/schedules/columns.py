"""Hours in one column for each weekday, as library tables have them."""

from collections.abc import Mapping

from app.assets.schedules.model import WEEKDAYS, Rule, Schedule
from app.assets.schedules.opening_hours import read_times
from app.assets.schedules.selecting import Selector, TokenReader
from app.assets.schedules.tokens import OpeningHoursProblem, cut_into_tokens

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CLOSED_WORDS = {"closed", "off", "-", "none", "n/a"}


def read_weekday_columns(cells: Mapping[str, str | None]) -> Schedule | None:
    """Return the schedule of a row such as `{"Monday": "09:30-17:00,18:00-20:00"}`.

    Args:
        cells: By English weekday, in any case; an empty cell beside filled ones is a day without
            hours, as the forms of libraries mean it.

    Returns:
        None where no cell says anything.

    Raises:
        OpeningHoursProblem: A cell cannot be read; the sentence names the weekday.
    """
    by_name = {name.strip().lower(): (text or "").strip() for name, text in cells.items()}
    if not any(by_name.values()):
        return None
    rules: list[Rule] = []
    for name, weekday in zip(DAY_NAMES, WEEKDAYS, strict=True):
        text = by_name.get(name.lower(), "")
        if text.lower() in CLOSED_WORDS:
            rules.append(Rule(freq="WEEKLY", byday=(weekday,), says="closed"))
        elif text:
            rules += read_cell(name, weekday, text)
    return Schedule(rules=tuple(rules))


def read_cell(name: str, weekday: str, text: str) -> list[Rule]:
    """Return the rules of one weekday."""
    try:
        times = read_only_times(text)
    except OpeningHoursProblem as problem:
        raise OpeningHoursProblem(f"{name}: {problem.sentence}", problem.position) from problem
    return [
        Rule(freq="WEEKLY", byday=(weekday,), joins="also" if place else "instead", **time)
        for place, time in enumerate(times)
    ]


def read_only_times(text: str) -> list[Selector]:
    """Return the times of a text that holds nothing else."""
    reader = TokenReader(cut_into_tokens(text))
    times = read_times(reader)
    rest = reader.look()
    if times == [{}] or rest.kind != "end":
        raise OpeningHoursProblem("Times such as 09:30-17:00 are expected here.", rest.position)
    return times
