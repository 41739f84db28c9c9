"""What the classes of a map are and how many areas are in each: the legend, as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.indicators.breaks import (
    THIRDS,
    Division,
    Ints,
    find_needs,
    join_in_thirds,
)
from app.indicators.layers import DEPRIVATION, Layer


@dataclass(frozen=True)
class LegendClass:
    """One class.

    Attributes:
        need: How much need it stands for, 5 most.
        lowest: The lowest value of the areas in it; None where there are none.
        highest: Likewise the highest.
        count: How many areas are in it.
    """

    need: int
    lowest: float | None
    highest: float | None
    count: int


@dataclass(frozen=True)
class Legend:
    """The classes of one indicator.

    Attributes:
        way: How they were made: "published", "quantile" or "equal".
        speech: Which words they take: "deprived" or "need", or "number" where neither is better.
        classes: Those with most need first.
        needs: The class of each area, by need, in gid order; 0 where there is no value.
        missing: Areas without a figure.
        suppressed: Areas whose figure is withheld.
        total: All areas.
    """

    way: str
    speech: str
    classes: Sequence[LegendClass]
    needs: Ints
    missing: int
    suppressed: int
    total: int


@dataclass(frozen=True)
class BothLegend:
    """Two indicators in nine classes.

    Attributes:
        is_published: Whether each is divided by published tenths.
        counts: How many areas are in each: rows by the first indicator, 3 (most need) first,
            columns by the second, 3 last.
        firsts: The class of each area by the first, 1 to 3; 0 where it is in none of the nine.
        seconds: Likewise by the second.
        without: Areas that have no value of one of them, or of both.
        cuts: Inner edges of the first, with the need of each class from the lowest values.
        compare_cuts: Likewise of the second.
    """

    is_published: tuple[bool, bool]
    counts: Sequence[Sequence[int]]
    firsts: Ints
    seconds: Ints
    without: int
    cuts: Division
    compare_cuts: Division


def choose_way(layer: Layer, asked: str) -> str:
    """Return how values are divided: as asked, if that can be done."""
    if layer.published is not None and asked in {"", "published"}:
        return "published"
    return asked if asked in {"quantile", "equal"} else "quantile"


def make_legend(layer: Layer, asked: str) -> Legend:
    """Return the legend of one indicator."""
    way = choose_way(layer, asked)
    ways = {"published": layer.published, "quantile": layer.quantile, "equal": layer.equal}
    division = ways[way] or layer.quantile
    needs = find_needs(layer.values, division)
    classes = [
        _describe(int(need), layer, needs)
        for need in sorted(set(division.needs.tolist()), reverse=True)
    ]
    return Legend(
        way=way,
        speech=choose_speech(layer),
        classes=classes if layer.value_count else [],
        needs=needs,
        missing=layer.missing_count,
        suppressed=layer.suppressed_count,
        total=len(layer.values),
    )


def choose_speech(layer: Layer) -> str:
    """Return which words the classes of an indicator take."""
    if layer.indicator.polarity == "neither":
        return "number"
    return "deprived" if layer.indicator.topic == DEPRIVATION else "need"


def make_both_legend(first: Layer, second: Layer, asked: str) -> BothLegend:
    """Return the legend of two indicators of the same areas."""
    cuts, compare_cuts = _choose_thirds(first, asked), _choose_thirds(second, asked)
    firsts, seconds = find_needs(first.values, cuts), find_needs(second.values, compare_cuts)
    has_both = (firsts > 0) & (seconds > 0)
    firsts, seconds = np.where(has_both, firsts, 0), np.where(has_both, seconds, 0)
    counts = [
        [int(((firsts == row) & (seconds == column)).sum()) for column in range(1, THIRDS + 1)]
        for row in range(THIRDS, 0, -1)
    ]
    return BothLegend(
        is_published=(
            choose_way(first, asked) == "published",
            choose_way(second, asked) == "published",
        ),
        counts=counts,
        firsts=firsts,
        seconds=seconds,
        without=int((~has_both).sum()),
        cuts=cuts,
        compare_cuts=compare_cuts,
    )


def _choose_thirds(layer: Layer, asked: str) -> Division:
    if choose_way(layer, asked) == "published" and layer.published is not None:
        return join_in_thirds(layer.published)
    return layer.thirds


def _describe(need: int, layer: Layer, needs: Ints) -> LegendClass:
    members = layer.values[needs == need]
    if not len(members):
        return LegendClass(need, None, None, 0)
    return LegendClass(need, float(members.min()), float(members.max()), len(members))
