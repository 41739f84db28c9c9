"""Where to divide values into classes, and how much need each class stands for.

A class is numbered from the lowest values, and class i holds `edges[i - 1] <= value < edges[i]`;
the first has no lower edge and the last no upper one. Pure arithmetic on arrays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

MOST_CLASSES = 5
"""More than these cannot be told apart on a map."""

MIDDLE = 3
MOST_NEED = 5
THIRDS = 3
TENTHS_IN_A_CLASS = 2
MOST_EXCEPTIONS = 0.05
"""The share of areas beyond which tenths and values have nothing to do with each other."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Division:
    """A way to divide values into classes.

    Attributes:
        edges: Between the classes, increasing; none for one class.
        needs: How much need each class stands for, one more than there are edges: 1 least, 5 most.
            For a measure in which neither end is better, 5 is highest.
        exceptions: The need of areas that belong to another class than their value says, by their
            place in the array.
    """

    edges: Floats
    needs: Ints
    exceptions: Mapping[int, int] = field(default_factory=dict)


def divide_equally_many(values: Floats, polarity: str, classes: int = MOST_CLASSES) -> Division:
    """Divide values so that each class holds about as many; every edge is one of the values.

    Where values repeat there are fewer classes, and no class is empty.

    Args:
        values: In any order, without gaps.
        polarity: "high is bad", "high is good" or "neither".
        classes: How many at most.
    """
    if not len(values):
        return _rank_by_need(np.array([]), polarity)
    shares = np.arange(1, classes) / classes
    ordered = np.sort(values)
    cuts = ordered[np.ceil(shares * len(ordered)).astype(np.int64).clip(0, len(ordered) - 1)]
    return _rank_by_need(_clear(cuts, ordered[0]), polarity)


def divide_equally_wide(values: Floats, polarity: str) -> Division:
    """Divide the way from lowest to highest value into equal steps; a class may be empty.

    Where fewer than five different values occur there are only as many classes.
    """
    different = np.unique(values)
    classes = min(MOST_CLASSES, len(different))
    if not classes:
        return _rank_by_need(np.array([]), polarity)
    shares = np.arange(1, classes) / classes
    # Written so that no step between is larger than the values themselves.
    cuts = different[0] * (1 - shares) + different[-1] * shares
    return _rank_by_need(_clear(cuts[cuts <= different[-1]], different[0]), polarity)


def divide_as_published(values: Floats, tenths: Floats) -> Division | None:
    """Divide values where the published tenths do, two tenths a class.

    Published values are rounded, their tenths are not: areas of one value may lie in two tenths.
    Such a value belongs to the class above, and `exceptions` names the areas of the one below.

    Args:
        values: One an area; NaN where there is none.
        tenths: The published tenth of each of the same areas, 1 for most need; NaN likewise.

    Returns:
        None where no area has both, or the tenths are not those of these values: more than a few
        values of one class lie beyond another's.
    """
    known = ~np.isnan(values) & ~np.isnan(tenths)
    told = MOST_NEED - (np.where(known, tenths, MOST_NEED) - 1) // TENTHS_IN_A_CLASS
    told = np.where(known, told, 0).astype(np.int64)
    found = [need for need in range(1, MOST_NEED + 1) if (told == need).any()]
    found.sort(key=lambda need: float(np.median(values[told == need])))
    if not found or found not in (sorted(found), sorted(found, reverse=True)):
        return None
    edges = np.array([values[told == need].min() for need in found[1:]])
    if len(edges) and not (np.diff(edges, prepend=values[told == found[0]].min()) > 0).all():
        return None
    division = Division(edges, np.array(found, dtype=np.int64))
    beyond = known & (find_needs(values, division) != told)
    if beyond.sum() > MOST_EXCEPTIONS * known.sum():
        return None
    exceptions = {int(place): int(told[place]) for place in np.flatnonzero(beyond)}
    return Division(edges, division.needs, exceptions)


def divide_in_thirds(values: Floats, polarity: str) -> Division:
    """Divide values in three for a table of two measures; `needs` are 1 to 3, 3 for most."""
    division = divide_equally_many(values, polarity, THIRDS)
    return Division(division.edges, (division.needs + 1) // 2)


def join_in_thirds(published: Division) -> Division:
    """Return published classes as three: the two tenths with most need, the next two, the rest."""
    needs = (published.needs - 2).clip(1, THIRDS)
    is_edge = np.diff(needs) != 0
    kept = np.concatenate(([True], is_edge))
    exceptions = {place: max(1, need - 2) for place, need in published.exceptions.items()}
    return Division(published.edges[is_edge], needs[kept], exceptions)


def find_classes(values: Floats, division: Division) -> Ints:
    """Return the class of each value from 0, the lowest; -1 where there is no value."""
    found = np.searchsorted(division.edges, values, side="right")
    return np.where(np.isnan(values), -1, found).astype(np.int64)


def find_needs(values: Floats, division: Division) -> Ints:
    """Return how much need the class of each value stands for; 0 where there is no value."""
    needs = np.where(np.isnan(values), 0, division.needs[find_classes(values, division)])
    for place, need in division.exceptions.items():
        needs[place] = need
    return needs


def _clear(cuts: Floats, lowest: float) -> Floats:
    """Return edges without repetition, and none below which there would be nothing."""
    different = np.unique(cuts)
    return different[different > lowest]


def _rank_by_need(edges: Floats, polarity: str) -> Division:
    """Return classes whose needs are spread from 1 to 5; a single class is in the middle."""
    count = len(edges) + 1
    spread = np.linspace(1, MOST_NEED, count) if count > 1 else np.array([MIDDLE])
    needs = np.floor(spread + 0.5).astype(np.int64)
    return Division(edges, needs[::-1] if polarity == "high is good" else needs)
