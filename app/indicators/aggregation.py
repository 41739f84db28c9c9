"""Values of larger areas worked out from smaller ones: means, sums, ratios of sums, ranks.

All arrays hold one number an area in gid order, NaN for none. Only areas of the study area take
part: those of the margin are neither parts nor results.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.areas.frames import Belonging

Floats = NDArray[np.float64]

LEAST_COVERED = 0.8
"""Below this share of its denominator a larger area has no mean: the rest could change it."""

LEAST_FOR_DECILES = 10
FAR_OFF = 0.05
"""Published values are rounded; beyond this relative error they are of something else."""


@dataclass(frozen=True)
class Parts:
    """Which smaller areas make up which larger ones, in the study area.

    Attributes:
        from_index: Positions of the smaller areas.
        to_index: Positions of the larger areas.
        weight: Share of the smaller area that counts for the larger one, above 0.
        to_count: How many larger areas there are.
    """

    from_index: NDArray[np.int64]
    to_index: NDArray[np.int64]
    weight: Floats
    to_count: int

    def add_up(self, amounts: Floats) -> Floats:
        """Return the sum of `amounts`, one a part, for each larger area."""
        sums = np.bincount(self.to_index, weights=amounts, minlength=self.to_count)
        return sums.astype(np.float64)  # of no parts at all they would be integers

    def spread(self, values: Floats) -> Floats:
        """Return the value of each part's smaller area."""
        return values[self.from_index]


@dataclass(frozen=True)
class Aggregated:
    """What was worked out for each larger area.

    Attributes:
        value: The values; NaN where there is none.
        numerator: What went into them above the line; NaN throughout where that is not known.
        denominator: The same below the line.
        covered: Share of the denominator, or of the parts, that had a value; NaN without parts.
    """

    value: Floats
    numerator: Floats
    denominator: Floats
    covered: Floats


def select_parts(belonging: Belonging, from_study_count: int, to_study_count: int) -> Parts:
    """Return the rows of a lookup between areas of the study area, without those of weight 0."""
    is_inside = (
        (belonging.from_index < from_study_count)
        & (belonging.to_index < to_study_count)
        & (belonging.weight > 0)
    )
    return Parts(
        belonging.from_index[is_inside],
        belonging.to_index[is_inside],
        belonging.weight[is_inside],
        to_study_count,
    )


def average(parts: Parts, values: Floats, denominators: Floats) -> Aggregated:
    """Return means weighted by a denominator: sum(w d x) / sum(w d), w the share of each part.

    Parts without a value or a denominator are left out. Where under `LEAST_COVERED` of the
    denominator has a value there is no mean. To measure that, parts whose denominator is not
    known count as an average one; otherwise a file without denominators for the areas that it
    suppresses would seem complete.

    Args:
        parts: Which areas make up which.
        values: Values of the smaller areas.
        denominators: Their denominators, none below 0.
    """
    value = parts.spread(values)
    size = parts.weight * parts.spread(denominators)
    is_used = np.isfinite(value) & np.isfinite(size)
    used = parts.add_up(np.where(is_used, size, 0.0))
    mean = _divide(parts.add_up(np.where(is_used, size * value, 0.0)), used)
    covered = _measure_cover(parts, denominators, is_used)
    is_given = _is_enough(covered)
    return Aggregated(
        np.where(is_given, mean, np.nan),
        np.full(parts.to_count, np.nan),
        np.where(is_given & np.isfinite(mean), used, np.nan),
        covered,
    )


def divide_sums(parts: Parts, numerators: Floats, denominators: Floats, scale: float) -> Aggregated:
    """Return scale * sum(w n) / sum(w d) over the parts that have both; covered as in `average`."""
    above = parts.weight * parts.spread(numerators)
    below = parts.weight * parts.spread(denominators)
    is_used = np.isfinite(above) & np.isfinite(below)
    numerator = parts.add_up(np.where(is_used, above, 0.0))
    denominator = parts.add_up(np.where(is_used, below, 0.0))
    covered = _measure_cover(parts, denominators, is_used)
    value = np.where(_is_enough(covered), scale * _divide(numerator, denominator), np.nan)
    is_given = np.isfinite(value)
    return Aggregated(
        value,
        np.where(is_given, numerator, np.nan),
        np.where(is_given, denominator, np.nan),
        covered,
    )


def add_up(parts: Parts, values: Floats) -> Aggregated:
    """Return sums of w x; none where any part has no value, since a part is not the whole."""
    value = parts.spread(values)
    is_known = np.isfinite(value)
    count = parts.add_up(np.ones(len(value)))
    covered = _divide(parts.add_up(is_known.astype(np.float64)), count)
    total = parts.add_up(np.where(is_known, parts.weight * value, 0.0))
    nothing = np.full(parts.to_count, np.nan)
    return Aggregated(np.where(covered == 1, total, np.nan), nothing, nothing, covered)


def rank(values: Floats, *, from_highest: bool) -> Floats:
    """Return competition ranks from 1; equal values share the lowest, NaN has none."""
    ranks = np.full(len(values), np.nan)
    is_known = np.isfinite(values)
    oriented = -values[is_known] if from_highest else values[is_known]
    ranks[is_known] = np.searchsorted(np.sort(oriented), oriented, side="left") + 1
    return ranks


def decile(ranks: Floats) -> Floats:
    """Return tenths from 1 to 10 of `ranks` from 1 to N: floor(10 (rank - 1) / N) + 1.

    Tenth 1 holds the ranks nearest to 1. Of under `LEAST_FOR_DECILES` areas there are none.
    """
    count = int(np.isfinite(ranks).sum())
    if count < LEAST_FOR_DECILES:
        return np.full(len(ranks), np.nan)
    return np.floor(10 * (ranks - 1) / count) + 1


def is_ratio(values: Floats, numerators: Floats, denominators: Floats, scale: float) -> bool:
    """Whether most values are, but for rounding, `scale` times numerator over denominator."""
    worked_out = scale * _divide(numerators, denominators)
    is_known = np.isfinite(worked_out) & np.isfinite(values) & (values != 0)
    if not is_known.any():
        return True
    error = np.abs(worked_out[is_known] / values[is_known] - 1)
    return bool(np.median(error) <= FAR_OFF)


def _measure_cover(parts: Parts, denominators: Floats, is_used: NDArray[np.bool_]) -> Floats:
    known = denominators[np.isfinite(denominators)]
    stand_in = float(known.mean()) if len(known) else 1.0
    size = parts.weight * np.where(
        np.isfinite(parts.spread(denominators)), parts.spread(denominators), stand_in
    )
    return _divide(parts.add_up(np.where(is_used, size, 0.0)), parts.add_up(size))


def _is_enough(covered: Floats) -> NDArray[np.bool_]:
    """Whether `LEAST_COVERED` is reached, but for what adding up floating numbers leaves."""
    return covered > LEAST_COVERED - 1e-9


def _divide(above: Floats, below: Floats) -> Floats:
    """Return `above / below`, NaN where `below` is 0 or either is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)
