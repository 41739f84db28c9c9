"""Which series of an indicator is meant, and in words what there is when it is not held."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.indicators.queries import AnyRow
from app.indicators.schemas import Level

DIRECTIONS = {
    "high is bad": "higher is worse",
    "high is good": "higher is better",
    "neither": "neither higher nor lower is better",
}

EVERYBODY = frozenset({"", "all", "all ages", "people", "persons"})
"""How sources write that a series is of all sexes or ages; such a one is given by default."""


class NotHeldError(Exception):
    """No series is what was asked for; the message is a sentence with those there are.

    Attributes:
        is_level: Whether there is none at all for the kind and year of area.
    """

    def __init__(self, sentence: str, *, is_level: bool) -> None:
        super().__init__(sentence)
        self.is_level = is_level


@dataclass(frozen=True)
class Wanted:
    """Which series is wanted; None leaves the choice to us."""

    area_type: str
    boundary_year: int | None = None
    period: str | None = None
    sex: str | None = None
    age: str | None = None


def choose_series(name: str, held: Sequence[AnyRow], wanted: Wanted) -> AnyRow:
    """Return the series that is wanted.

    Where that is not said: of the newest boundary year, of everybody if there is such a one, and
    of the newest period.

    Args:
        name: The indicator's, for sentences.
        held: All its series.
        wanted: What is asked for.

    Raises:
        NotHeldError: There is no such series.
    """
    at_level = [
        series
        for series in held
        if series.area_type == wanted.area_type
        and wanted.boundary_year in (None, series.boundary_year)
    ]
    if not at_level:
        year = "" if wanted.boundary_year is None else f" of {wanted.boundary_year}"
        raise NotHeldError(
            f"{name} is not known for {wanted.area_type}{year}. "
            f"It is known for: {_name_levels(held) or 'nothing yet'}.",
            is_level=True,
        )
    found = _narrow(name, at_level, "period", wanted.period)
    found = _narrow(name, found, "sex", wanted.sex)
    found = _narrow(name, found, "age", wanted.age)
    newest_year = max(series.boundary_year for series in found)
    return choose_default(series for series in found if series.boundary_year == newest_year)


def choose_default(held: Iterable[AnyRow]) -> AnyRow:
    """Return, of series of one boundary set, the one of everybody and of the newest period."""
    found = list(held)
    widest = min(_narrowness(series) for series in found)
    found = [series for series in found if _narrowness(series) == widest]
    newest = max(series.period_sort for series in found)
    newest_only = [series for series in found if series.period_sort == newest]
    return min(newest_only, key=lambda series: (series.sex, series.age))


def list_levels(held: Sequence[AnyRow]) -> list[Level]:
    """Return each boundary set that series are held for, in the order they come in."""
    by_level: dict[tuple[str, int], list[AnyRow]] = {}
    for series in held:
        by_level.setdefault((series.area_type, series.boundary_year), []).append(series)
    levels = []
    for (area_type, boundary_year), found in by_level.items():
        shown = choose_default(found)
        level = Level(
            area_type=area_type,
            boundary_year=boundary_year,
            periods=_list_distinct(found, lambda series: str(series.period)),
            sexes=sorted(_list_distinct(found, lambda series: str(series.sex))),
            ages=sorted(_list_distinct(found, lambda series: str(series.age))),
            method=shown.method,
            value_count=shown.value_count,
            missing_count=shown.missing_count,
            suppressed_count=shown.suppressed_count,
        )
        levels.append(level)
    return levels


def _narrow(name: str, held: list[AnyRow], field: str, value: str | None) -> list[AnyRow]:
    if value is None:
        return held
    found = [series for series in held if getattr(series, field) == value]
    if found:
        return found
    known = _list_distinct(held, lambda series: str(getattr(series, field)) or "everybody")
    first = held[0]
    raise NotHeldError(
        f"{name} is not known for {field} {value!r} ({first.area_type} of "
        f"{first.boundary_year}). Held: {', '.join(known)}.",
        is_level=False,
    )


def _narrowness(series: AnyRow) -> int:
    """Return how many of sex and age the series is narrowed to."""
    return (series.sex.lower() not in EVERYBODY) + (series.age.lower() not in EVERYBODY)


def _name_levels(held: Sequence[AnyRow]) -> str:
    return "; ".join(
        f"{level.area_type} of {level.boundary_year} ({', '.join(level.periods)})"
        for level in list_levels(held)
    )


def _list_distinct(held: Sequence[AnyRow], read: Callable[[AnyRow], str]) -> list[str]:
    return list(dict.fromkeys(read(series) for series in held))
