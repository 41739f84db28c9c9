"""Need as one number for each area: one measure, or several put together."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from app.analysis.methods.kernels import Floats

Normalisation = Literal["rank", "z", "min-max", "imd"]
Combination = Literal["arithmetic", "geometric"]

IMD_STRETCH = 23.0
"""Of the exponential that the Indices of Deprivation give to ranks (MHCLG technical report)."""

IMD_WEIGHTS = {
    "income": 0.225, "employment": 0.225, "education": 0.135, "health": 0.135, "crime": 0.093,
    "barriers": 0.093, "environment": 0.093,
}  # fmt: skip
"""Of the seven domains of the English Indices of Deprivation 2019 and 2025, as published: they add
up to 0.999."""


class Measure(NamedTuple):
    """One measure of need.

    Attributes:
        values: Of each area; NaN where there is none.
        is_high_need: Whether a high value is much need.
        weight: Its part in a composite; positive.
    """

    values: Floats
    is_high_need: bool
    weight: float = 1.0


def combine_measures(
    measures: Sequence[Measure], normalisation: Normalisation, combination: Combination
) -> Floats:
    """Return a composite of several measures; higher is more need.

    An area that lacks one of them has no composite: filling it in would invent it.

    Args:
        measures: At least one.
        normalisation: How each is made comparable; `geometric` needs `rank`, `min-max` or `imd`.
        combination: How they are put together, by their weights.

    Raises:
        ValueError: A weight is not positive, all values of a measure are alike, or the two ways do
            not go together.
    """
    if not measures or any(not each.weight > 0 for each in measures):
        raise ValueError("Give at least one measure, each with a weight above 0.")
    if combination == "geometric" and normalisation == "z":
        raise ValueError("A geometric mean needs values above 0, and z-scores fall below it.")
    total = sum(each.weight for each in measures)
    columns = [normalise(orient(each), normalisation) for each in measures]
    if combination == "arithmetic":
        parts = [column * each.weight for column, each in zip(columns, measures, strict=True)]
        return np.asarray(np.sum(parts, axis=0) / total, dtype=np.float64)
    with np.errstate(divide="ignore"):
        logs = [
            np.log(column) * each.weight for column, each in zip(columns, measures, strict=True)
        ]
    return np.asarray(np.exp(np.sum(logs, axis=0) / total), dtype=np.float64)


def orient(measure: Measure) -> Floats:
    """Return the values so that higher is more need."""
    return measure.values if measure.is_high_need else -measure.values


def normalise(values: Floats, way: Normalisation) -> Floats:
    """Return values that can be put beside those of other measures; NaN stays NaN.

    `rank`: share of areas with at most as much, ties at their middle; `z`: standard deviations from
    the mean; `min-max`: 0 to 1; `imd`: 0 to 100 by the exponential of the Indices of Deprivation.

    Raises:
        ValueError: All values are alike, so that nothing is told by them.
    """
    known = values[~np.isnan(values)]
    if not len(known) or known.min() == known.max():
        raise ValueError("All areas are alike in this, so it cannot tell who needs more.")
    if way == "z":
        return np.asarray((values - known.mean()) / known.std(), dtype=np.float64)
    if way == "min-max":
        spread = known.max() - known.min()
        return np.asarray((values - known.min()) / spread, dtype=np.float64)
    ranked = rank_middle(values)
    if way == "rank":
        return ranked / len(known)
    return stretch_ranks(len(known) - ranked + 1, len(known))


def stretch_ranks(ranks: Floats, count: int) -> Floats:
    """Return ranks as the Indices of Deprivation stretch them: 100 for the first, 0 for the last.

    R = (N - rank + 1) / N; X = -23 ln(1 - R (1 - e^(-100 / 23))) (MHCLG, English Indices of
    Deprivation, technical report). It keeps a good rank in one domain from making up for a bad one.

    Args:
        ranks: 1 for the most deprived.
        count: N.
    """
    share = (count - ranks + 1) / count
    stretched = -IMD_STRETCH * np.log(1 - share * (1 - np.exp(-100 / IMD_STRETCH)))
    return np.asarray(stretched, dtype=np.float64)


def rank_middle(values: Floats) -> Floats:
    """Return ranks from 1 for the lowest, those alike sharing the middle of theirs; NaN stays."""
    ranks = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    ordered = np.sort(values[known])
    below = np.searchsorted(ordered, values[known], side="left")
    upto = np.searchsorted(ordered, values[known], side="right")
    ranks[known] = (below + upto + 1) / 2
    return ranks
