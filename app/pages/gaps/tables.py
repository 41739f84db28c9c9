"""The ranked table: every area once, those that fall short first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.classes import (
    Both,
    Reach,
    count_beyond,
    is_by_supply,
    rank_short_first,
    read_figures,
)
from app.analysis.schemas import AnalysisRead
from app.areas.naming import AreaNames
from app.indicators.breaks import Ints
from app.indicators.layers import Floats, Layer
from app.pages.gaps.trying import After
from app.pages.layer_tables import fold_name

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Row:
    """One area.

    Attributes:
        place: Its place in the order "short first", from 1.
        gid: Its number.
        code: Its code.
        name: What it is called.
        district: What the area of the publishing level around it is called; '' for none.
        people: How many of those who are counted live there.
        beyond: How many of them are not reached: farther than people go, or in an area with less
            than the standard.
        shortfall: What is missing, in the unit of the answer.
        access: Supply for each 1,000 people; None where distances are told.
        distance_m: Straight, to the nearest site; None without one.
        reach: Its class, 5 worst.
        is_short: Whether it falls short.
        need: Value of need; None without.
        need_third: 3 most; 0 without.
        is_edge: Whether it lies where sites and people that are not known here may change it.
        later: What it would be after the changes that are tried; None without any.
    """

    place: int
    gid: int
    code: str
    name: str
    district: str
    people: float
    beyond: float
    shortfall: float
    access: float | None
    distance_m: float | None
    reach: int
    is_short: bool
    need: float | None
    need_third: int
    is_edge: bool
    later: "Later | None"


@dataclass(frozen=True)
class Later:
    """What an area would be after the changes.

    Attributes:
        beyond: How many would not be reached.
        shortfall: What would be missing.
        access: Supply for each 1,000 people; None where distances are told.
        distance_m: Straight, to the nearest site.
        is_other: Whether any of it is other than today.
    """

    beyond: float
    shortfall: float
    access: float | None
    distance_m: float | None
    is_other: bool


@dataclass(frozen=True)
class Table:
    """One page of rows.

    Attributes:
        rows: In order.
        found: How many areas match on all pages.
        page: Which page it is.
        pages: How many there are.
    """

    rows: Sequence[Row]
    found: int
    page: int
    pages: int


@dataclass(frozen=True)
class Shown:
    """What rows are made from."""

    answer: AnalysisRead
    names: AreaNames
    reach: Reach
    both: Both | None
    need: Layer | None
    after: After | None = None


def list_rows(shown: Shown, sort: str, words: str) -> list[Row]:
    """Return the rows of all areas whose names match, in the order asked for."""
    order, places = rank_areas(shown, sort)
    if words:
        asked = fold_name(words)
        order = [place for place in order if _matches(shown.names, place, asked)]
    make = _make_rows(shown, places)
    return [make(place) for place in order]


def cut_page(rows: Sequence[Row], page: int) -> Table:
    """Return one page of rows; a page beyond the last is the last."""
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(page, pages)
    part = rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    return Table(part, len(rows), page, pages)


def rank_areas(shown: Shown, sort: str) -> tuple[list[int], Ints]:
    """Return the areas' places in the arrays in an order, and each one's place in the usual one.

    The usual order is that of `rank_short_first`.
    """
    answer, names = shown.answer, shown.names
    by_name = np.argsort(np.array([fold_name(name) for name in names.names]), kind="stable")
    far = np.nan_to_num(read_figures(answer.areas.distance_m), nan=np.inf)
    shortfall = np.nan_to_num(read_figures(answer.areas.shortfall))
    needs = shown.both.needs if shown.both else None
    usual = rank_short_first(answer, shown.reach, needs, by_name)
    places = np.empty(len(usual), dtype=np.int64)
    places[usual] = np.arange(1, len(usual) + 1)
    if sort == "name":
        return by_name.tolist(), places
    if sort == "short":
        keys: list[Floats] = [-far, -count_beyond(answer, shown.reach), -shortfall]
    elif sort == "far":
        keys = [-far]
    elif sort == "change" and shown.after is not None:
        keys = [-far, -np.abs(measure_change(shown.after, answer)), -_count_moved(shown)]
    elif sort == "need" and shown.need is not None:
        is_low = shown.need.indicator.polarity == "high is good"
        keys = [-far, shown.need.values if is_low else -shown.need.values]
    else:
        return usual.tolist(), places
    return by_name[np.lexsort([key[by_name] for key in keys])].tolist(), places


def measure_change(after: After, answer: AnalysisRead) -> Floats:
    """Return by how much each area would be nearer (metres) or have less (for each 1,000)."""
    name = "access" if is_by_supply(answer) else "distance_m"
    was, will_be = getattr(answer.areas, name), getattr(after.answer.areas, name)
    return np.nan_to_num(read_figures(was)) - np.nan_to_num(read_figures(will_be))


def _count_moved(shown: Shown) -> Floats:
    if shown.after is None:
        return np.zeros(len(shown.answer.areas.codes))
    was = count_beyond(shown.answer, shown.reach)
    return np.abs(was - count_beyond(shown.after.answer, shown.after.reach))


def find_row(shown: Shown, code: str) -> Row | None:
    """Return the row of an area, on whichever page it is; None for no area of the place."""
    if code not in shown.names.codes[: len(shown.answer.areas.codes)]:
        return None
    _, places = rank_areas(shown, "")
    return _make_rows(shown, places)(list(shown.names.codes).index(code))


def _make_rows(shown: Shown, places: Ints) -> Callable[[int], Row]:
    """Return what makes the row of an area from its place in the arrays."""
    answer, names, reach = shown.answer, shown.names, shown.reach
    figures = answer.areas
    beyond = count_beyond(answer, reach)
    by_supply = is_by_supply(answer)
    values = shown.need.values if shown.need else None
    find_later = _find_later(shown)

    def make(place: int) -> Row:
        value = None if values is None or np.isnan(values[place]) else float(values[place])
        return Row(
            place=int(places[place]),
            gid=place + 1,
            code=figures.codes[place],
            name=figures.names[place],
            district=names.districts[place],
            people=figures.people[place] or 0.0,
            beyond=float(beyond[place]),
            shortfall=figures.shortfall[place] or 0.0,
            access=figures.access[place] if by_supply else None,
            distance_m=figures.distance_m[place],
            reach=int(reach.classes[place]),
            is_short=bool(reach.is_short[place]),
            need=value,
            need_third=int(shown.both.needs[place]) if shown.both else 0,
            is_edge=figures.edge_uncertain[place],
            later=find_later(place),
        )

    return make


def _find_later(shown: Shown) -> Callable[[int], Later | None]:
    """Return what tells of an area what it would be after the changes."""
    after = shown.after
    if after is None:
        return lambda _: None
    figures = after.answer.areas
    beyond = count_beyond(after.answer, after.reach)
    by_supply = is_by_supply(after.answer)
    is_other = (measure_change(after, shown.answer) != 0) | (_count_moved(shown) > 0)

    def find(place: int) -> Later:
        return Later(
            beyond=float(beyond[place]),
            shortfall=figures.shortfall[place] or 0.0,
            access=figures.access[place] if by_supply else None,
            distance_m=figures.distance_m[place],
            is_other=bool(is_other[place]),
        )

    return find


def _matches(names: AreaNames, place: int, asked: str) -> bool:
    told = (names.names[place], names.districts[place], names.codes[place])
    return any(asked in fold_name(each) for each in told)
