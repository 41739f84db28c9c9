"""Where provision falls short of need: three answers, never one score alone."""

from typing import NamedTuple

import numpy as np

from app.analysis.methods.kernels import Floats


class Ratio(NamedTuple):
    """Provision beside what would be in proportion to need.

    Attributes:
        target: Of each area: supply a person, if all of it followed need.
        ratio: What there is to that; NaN where no need is.
    """

    target: Floats
    ratio: Floats


def find_standard(access: Floats, people: Floats) -> float:
    """Return the supply a person that there would be if all had alike: sum A_i P_i / sum P_i.

    NaN where nobody lives.
    """
    everybody = people.sum()
    return float((access * people).sum() / everybody) if everybody > 0 else float("nan")


def find_need_weighted_standard(access: Floats, people: Floats, need: Floats) -> float:
    """Return the supply a person of those in need: sum N_i P_i A_i / sum N_i P_i.

    Areas without a known need are left out. NaN where there is no need.
    """
    weight = np.where(np.isnan(need), 0.0, need) * people
    return float((weight * access).sum() / weight.sum()) if weight.sum() > 0 else float("nan")


def measure_shortfall(access: Floats, people: Floats, standard: float) -> Floats:
    """Return what each area lacks to a standard, in units of supply: max(0, A* - A_i) P_i.

    It adds up over areas.

    Args:
        access: Supply a person.
        people: Of each area.
        standard: A*, supply a person.
    """
    return np.maximum(0.0, standard - access) * people


def measure_rank_gap(need: Floats, access: Floats, people: Floats) -> Floats:
    """Return the percentile of need less that of access, from -1 to 1; above 0: need without reach.

    Percentiles are of people: an area stands in the middle of its own people and of those in areas
    alike. NaN where either is not known.

    Args:
        need: Higher is more.
        access: Higher is better reach.
        people: Of each area; those without people have a percentile and move nobody else's.
    """
    known = ~(np.isnan(need) | np.isnan(access))
    gap = np.full(len(need), np.nan)
    gap[known] = find_percentiles(need[known], people[known]) - find_percentiles(
        access[known], people[known]
    )
    return gap


def find_percentiles(values: Floats, people: Floats) -> Floats:
    """Return for each area the share of people in areas with less, and half of those with as much.

    0.5 for all where nobody lives.
    """
    levels, level = np.unique(values, return_inverse=True)
    alike = np.bincount(level, weights=people, minlength=len(levels))
    everybody = alike.sum()
    if everybody <= 0:
        return np.full(len(values), 0.5)
    middle = (np.cumsum(alike) - alike / 2) / everybody
    return np.asarray(middle[level], dtype=np.float64)


def measure_ratio(need: Floats, access: Floats, people: Floats) -> Ratio:
    """Return provision beside what would be in proportion to need.

    T_i = c N_i with c such that sum T_i P_i = sum A_i P_i; the ratio is A_i / T_i.

    Args:
        need: On a scale with a true zero; areas where it is NaN are left out of both sums.
        access: Supply a person.
        people: Of each area.

    Raises:
        ValueError: A need is below 0, or there is none at all.
    """
    known = ~np.isnan(need)
    if (need[known] < 0).any():
        raise ValueError(
            "Provision in proportion to need takes a need that counts from 0, such as a share of "
            "people or a rate. This one goes below 0; ask for the rank gap instead."
        )
    wanted = float((need[known] * people[known]).sum())
    if wanted <= 0:
        raise ValueError("There is no need at all in these areas, so there is nothing to follow.")
    scale = float((access[known] * people[known]).sum()) / wanted
    target = scale * need
    ratio = np.full(len(need), np.nan)
    np.divide(access, target, out=ratio, where=known & (target > 0))
    return Ratio(target, ratio)
