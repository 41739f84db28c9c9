"""The rows of the page of layers: in order, found by name, a page at a time."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.areas.naming import AreaNames
from app.indicators.breaks import Ints
from app.indicators.layers import Floats, Layer

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Column:
    """Counts of something in each area.

    Attributes:
        about: "assets", "organisations" or "social", for the order and the words.
        code: Code of the category, or the kind of organisation.
        name: Of the category, as the pack has it; '' for what the page has a word for.
        counts: One an area, in gid order.
        total: All there are.
        larger_only: How many of them only a larger kind of area is told of.
    """

    about: str
    code: str
    name: str
    counts: Sequence[int]
    total: int
    larger_only: int = 0


@dataclass(frozen=True)
class Row:
    """One area.

    Attributes:
        gid: Its number.
        code: Its code.
        name: What it is called.
        district: What the area of the publishing level around it is called; '' for none.
        place: Its place by need, 1 for most, shared by equals; None without a value.
        value: Its value; None without one.
        status: Why it has none, or what else is said of it.
        need: Its class.
        compared: Its value of the second indicator.
        compared_status: Likewise.
        compared_need: Likewise.
        both: Its two digits in the nine classes; '' for none.
        counts: What is counted there, in the order of the columns.
    """

    gid: int
    code: str
    name: str
    district: str
    place: int | None
    value: float | None
    status: str
    need: int
    compared: float | None
    compared_status: str
    compared_need: int
    both: str
    counts: Sequence[int]


@dataclass(frozen=True)
class Shown:
    """What rows are made from.

    Attributes:
        names: Of all areas.
        layer: The first indicator.
        needs: Class of each area by it.
        second: The second indicator, if any.
        second_needs: Class of each area by that.
        digits: Both digits of each area, by its place in the arrays; empty without nine classes.
        columns: What is counted.
    """

    names: AreaNames
    layer: Layer
    needs: Ints
    second: Layer | None
    second_needs: Ints | None
    digits: Sequence[str]
    columns: Sequence[Column]


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


def make_table(shown: Shown, sort: str, words: str, page: int) -> Table:
    """Return one page of the areas whose names match, in the order asked for.

    Areas without a value come last. A page beyond the last is the last.
    """
    order = sort_areas(shown, sort)
    if words:
        asked = fold_name(words)
        names = shown.names
        order = [place for place in order if _matches(names, place, asked)]
    pages = max(1, -(-len(order) // ROWS_A_PAGE))
    page = min(page, pages)
    places = rank_by_need(shown.layer)
    part = order[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    return Table([make_row(shown, place, places) for place in part], len(order), page, pages)


def sort_areas(shown: Shown, sort: str) -> list[int]:
    """Return the places of all areas in the arrays, in the order asked for; equals by name."""
    values = shown.layer.values
    by_name = np.argsort(np.array([fold_name(name) for name in shown.names.names]), kind="stable")
    if sort == "name":
        return [int(place) for place in by_name]
    counted = [column.counts for column in shown.columns if column.about == sort]
    if counted:
        keys = -np.sum(np.array(counted, dtype=np.float64), axis=0)
    elif shown.digits and sort == "need":
        keys = _sum_digits(shown.digits)
    else:
        is_up = sort == "low" or (sort == "need" and _is_low_worse(shown.layer))
        keys = values if is_up else -values
    # NaN sorts last, whichever way the rest goes. Among equal classes of two, the first decides.
    if shown.digits and sort == "need":
        first = values if _is_low_worse(shown.layer) else -values
        order = np.lexsort((first[by_name], keys[by_name]))
    else:
        order = np.argsort(keys[by_name], kind="stable")
    return [int(place) for place in by_name[order]]


def rank_by_need(layer: Layer) -> Ints:
    """Return the place of each area by need, 1 for most, equals sharing; 0 without a value."""
    signed = layer.values if _is_low_worse(layer) else -layer.values
    known = np.sort(signed[~np.isnan(signed)])
    places = np.searchsorted(known, signed, side="left") + 1
    return np.where(np.isnan(signed), 0, places)


def make_row(shown: Shown, place: int, places: Ints) -> Row:
    """Return the row of the area at a place in the arrays; `places` are its ranks by need."""
    gid = place + 1
    second = shown.second
    return Row(
        gid=gid,
        code=shown.names.codes[place],
        name=shown.names.names[place],
        district=shown.names.districts[place],
        place=int(places[place]) or None,
        value=_read(shown.layer.values, place),
        status=shown.layer.statuses.get(gid, ""),
        need=int(shown.needs[place]),
        compared=_read(second.values, place) if second else None,
        compared_status=second.statuses.get(gid, "") if second else "",
        compared_need=0 if shown.second_needs is None else int(shown.second_needs[place]),
        both=shown.digits[place] if shown.digits else "",
        counts=[column.counts[place] for column in shown.columns],
    )


def fold_name(name: str) -> str:
    """Return a name in small letters without accents, as names are compared."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def list_digits(firsts: Ints, seconds: Ints) -> list[str]:
    """Return both digits of each area; '' where there are none."""
    pairs = zip(firsts.tolist(), seconds.tolist(), strict=True)
    return [f"{first}{second}" if first and second else "" for first, second in pairs]


def _matches(names: AreaNames, place: int, asked: str) -> bool:
    told = (names.names[place], names.districts[place], names.codes[place])
    return any(asked in fold_name(each) for each in told)


def _sum_digits(digits: Sequence[str]) -> Floats:
    weights: Mapping[str, float] = {
        f"{first}{second}": -(10 * (first + second) + first)
        for first in range(1, 4)
        for second in range(1, 4)
    }
    return np.array([weights.get(each, np.nan) for each in digits])


def _is_low_worse(layer: Layer) -> bool:
    return layer.indicator.polarity == "high is good"


def _read(values: Floats, place: int) -> float | None:
    value = float(values[place])
    return None if np.isnan(value) else value
