"""Does provision follow need? Tenths of people by need, slopes across them, concentration."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.analysis.methods.gap import find_percentiles
from app.analysis.methods.kernels import Floats

DRAWS = 100_000
TENTHS = 10
Z_95 = 1.959963984540054
"""The standard normal deviate that 2.5 % lie beyond."""


class Interval(NamedTuple):
    """An estimate and between what it lies with 95 % confidence; NaN where it cannot be told."""

    value: float
    low: float
    high: float


UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))


class Groups(NamedTuple):
    """People by how much need there is around them.

    Attributes:
        people: Of each group, most need first.
        value: Mean of each group, by people; NaN for a group of nobody.
        standard_error: Of each mean, by how much its areas differ; NaN for fewer than two areas.
        areas: How many areas are in each.
    """

    people: Floats
    value: Floats
    standard_error: Floats
    areas: NDArray[np.intp]


class Slope(NamedTuple):
    """Inequality along need, in two numbers.

    Attributes:
        sii: Slope index: how much higher the value is at the end of most need than at that of
            least, by a straight line through the groups; in the unit of the value.
        rii: Relative index: value at the end of most need for each at that of least, by the same
            line; NaN where that is not above 0 (Kunst & Mackenbach 1994).
    """

    sii: Interval
    rii: Interval


def group_by_need(need: Floats, value: Floats, people: Floats, count: int = TENTHS) -> Groups:
    """Return groups of about as many people each, most need first.

    An area goes whole into the group that its middle person is in.

    Args:
        need: Higher is more; areas where it is NaN are left out.
        value: Access, a share covered, or a distance.
        people: Of each area.
        count: How many groups.
    """
    known = ~(np.isnan(need) | np.isnan(value))
    need, value, people = need[known], value[known], people[known]
    position = 1 - find_percentiles(need, people)
    group = np.minimum((position * count).astype(np.int64), count - 1)
    total = np.asarray(np.bincount(group, weights=people, minlength=count), dtype=np.float64)
    areas = np.bincount(group[people > 0], minlength=count)
    mean = np.full(count, np.nan)
    np.divide(
        np.bincount(group, weights=people * value, minlength=count),
        total,
        out=mean,
        where=total > 0,
    )
    apart = people**2 * (value - mean[group]) ** 2
    spread = np.bincount(group, weights=np.where(people > 0, apart, 0.0), minlength=count)
    error = np.full(count, np.nan)
    several = (areas > 1) & (total > 0)
    # Of a weighted mean, as of a ratio (Cochran 1977, 3rd edition, section 6.19).
    error[several] = (
        np.sqrt(areas[several] / (areas[several] - 1) * spread[several]) / total[several]
    )
    return Groups(total, mean, error, areas)


def measure_slope(groups: Groups, seed: int, draws: int = DRAWS) -> Slope:
    """Return the slope and the relative index of inequality by ridits.

    Each group stands at the middle of its people, counted from least need (0) to most (1); a line
    is fitted by least squares with the groups' shares of people as weights. This is the ridit form
    of English public health, not WHO's logit model. Intervals are the middle 95 % of lines through
    groups drawn from normal distributions with their standard errors.

    Args:
        groups: Most need first; groups of nobody are left out.
        seed: The same seed gives the same interval.
        draws: How many lines.
    """
    kept = (groups.people > 0) & ~np.isnan(groups.value)
    people, value = groups.people[kept][::-1], groups.value[kept][::-1]
    error = groups.standard_error[kept][::-1]
    if len(value) < 2:  # noqa: PLR2004 - a line takes two points
        return Slope(UNKNOWN, UNKNOWN)
    share = people / people.sum()
    ridit = np.cumsum(share) - share / 2
    line = _Line(share, ridit - float((share * ridit).sum()), 1 - float((share * ridit).sum()))
    sii, rii = line.fit(value[None, :])
    drawn = value + error * np.random.default_rng(seed).standard_normal((draws, len(value)))
    siis, riis = line.fit(drawn)
    return Slope(_bound(sii[0], siis), _bound(rii[0], riis))


class _Line(NamedTuple):
    """What is needed to fit lines through values of the same groups.

    Attributes:
        share: Of people in each group.
        apart: How far each group is from the middle of all people.
        end: How far the end of most need is from the middle.
    """

    share: Floats
    apart: Floats
    end: float

    def fit(self, values: Floats) -> tuple[Floats, Floats]:
        """Return slope and relative index of each row of values."""
        slope = values @ (self.share * self.apart) / float((self.share * self.apart**2).sum())
        level = values @ self.share
        most, least = level + self.end * slope, level + (self.end - 1) * slope
        relative = np.full(len(values), np.nan)
        np.divide(most, least, out=relative, where=least > 0)
        return slope, relative


def _bound(value: float, drawn: Floats) -> Interval:
    """Return the middle 95 % of what was drawn around a value; NaN where any draw has none."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(float(value), float(low), float(high))


def measure_concentration(
    need: Floats, value: Floats, people: Floats, limits: tuple[float, float] | None = None
) -> Interval:
    """Return the concentration index of a value along need, with its interval.

    C = 2 / mu * sum f_t h_t R_t - 1 over people ranked from most need (R near 0) to least: below 0,
    those with most need have more than their share; above 0, less. The variance is that of Kakwani,
    Wagstaff and van Doorslaer (1997) for grouped data whose spread within groups is not known;
    areas with the same need are one group. With limits it is Erreygers' index (2009) for a value
    bounded by them: 4 mu C / (b - a).

    Args:
        need: Higher is more; areas where it or the value is NaN are left out.
        value: At least 0, and above it somewhere.
        people: Of each area.
        limits: a and b, between which each value must lie.

    Returns:
        NaN where nobody lives or everything is 0.
    """
    known = ~(np.isnan(need) | np.isnan(value)) & (people > 0)
    levels, level = np.unique(-need[known], return_inverse=True)
    weight = np.bincount(level, weights=people[known], minlength=len(levels))
    total = np.bincount(level, weights=people[known] * value[known], minlength=len(levels))
    if not len(levels) or total.sum() <= 0:
        return UNKNOWN
    share, height = weight / weight.sum(), total / weight
    rank = np.cumsum(share) - share / 2
    mean = float((share * height).sum())
    index = 2 / mean * float((share * height * rank).sum()) - 1
    upto = np.cumsum(share * height) / mean
    before = np.concatenate(([0.0], upto[:-1]))
    apart = height / mean * (2 * rank - 1 - index) + 2 - before - upto
    variance = (float((share * apart**2).sum()) - (1 + index) ** 2) / len(levels)
    error = Z_95 * float(np.sqrt(max(variance, 0.0)))
    scale = 1.0 if limits is None else 4 * mean / (limits[1] - limits[0])
    return Interval(scale * index, scale * (index - error), scale * (index + error))


def measure_share(count: float, total: float) -> Interval:
    """Return a share with its interval by Wilson (1927), as English public health has it.

    NaN where the total is 0.
    """
    if total <= 0:
        return UNKNOWN
    share, square = count / total, Z_95**2
    middle = (2 * count + square) / (2 * (total + square))
    wide = Z_95 * float(np.sqrt(square + 4 * count * (1 - share))) / (2 * (total + square))
    return Interval(share, middle - wide, middle + wide)
