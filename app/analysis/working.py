"""From arrays and a question to reach, gaps and equity: pure, and the same every time."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from app.analysis.ground import FAR_AWAY_M, AreaGround, SupplyGround
from app.analysis.methods.equity import (
    Groups,
    Interval,
    Slope,
    group_by_need,
    measure_concentration,
    measure_share,
    measure_slope,
)
from app.analysis.methods.gap import (
    Ratio,
    find_standard,
    measure_rank_gap,
    measure_ratio,
    measure_shortfall,
)
from app.analysis.methods.kernels import Floats
from app.analysis.methods.pairs import (
    find_pairs,
    lengthen_own,
    serve_areas,
    weigh_pairs,
)
from app.analysis.methods.provision import (
    Provision,
    measure_container,
    measure_gravity,
    measure_modified_two_step,
    measure_three_step,
    measure_two_step,
)
from app.analysis.methods.reach import find_nearest, measure_coverage
from app.analysis.question import Question

NOWHERE_M = FAR_AWAY_M / 10
"""What is farther has no place to go to."""

FEWEST_PEOPLE = 500
"""A site that fewer reach is flagged: its ratio rests on too few."""


@dataclass(frozen=True)
class Reach:
    """How the areas are reached, those of the margin included.

    Attributes:
        access: What the method measures, higher is better reach; NaN where it cannot be told.
        distance_m: Straight metres to the nearest site; infinite without one.
        covered: People within the catchment of a site, or served wherever they are.
        provision: Of the methods that share supply out; None for the others.
    """

    access: Floats
    distance_m: Floats
    covered: Floats
    provision: Provision | None

    def as_provision(self) -> Provision:
        """Return what was measured without sharing out, for what is worked out from it."""
        nothing = np.zeros(0)
        return self.provision or Provision(self.access, nothing, nothing)


@dataclass(frozen=True)
class Gaps:
    """What is short where, of the areas of the place.

    Attributes:
        shortfall: In units of supply where supply is shared out, else in people.
        standard: Supply a person that it is measured against; NaN where people are counted.
        rank_gap: Percentile of need less that of access; NaN without a need.
        ratio: Provision beside what would be in proportion to need; None where that makes no sense.
        ratio_refused: Why it makes none; '' where it does or was not asked for.
    """

    shortfall: Floats
    standard: float
    rank_gap: Floats
    ratio: Ratio | None
    ratio_refused: str


@dataclass(frozen=True)
class Equity:
    """How reach goes with need.

    Attributes:
        groups: Tenths of people by need, most first.
        slope: Across them.
        concentration: Of the value along need.
    """

    groups: Groups
    slope: Slope
    concentration: Interval


@dataclass(frozen=True)
class Worked:
    """An answer.

    Attributes:
        reach: Of all areas, those of the margin last.
        gaps: Of the areas of the place.
        equity: Likewise; None without a need.
        covered_share: Of the people of the place, with its interval.
        unreached: Numbers of sites that nobody is within reach of.
        thin: Numbers of sites that somebody, but fewer than 500 people reach.
    """

    reach: Reach
    gaps: Gaps
    equity: Equity | None
    covered_share: Interval
    unreached: list[int]
    thin: list[int]


def weigh(areas: AreaGround, supply: SupplyGround, question: Question) -> csr_array:
    """Return the weights of areas and sites: what takes long, and is kept for the next question."""
    pairs = find_pairs(areas.places, supply.places, question.catchment_m)
    if question.within_area:
        own = supply.owner[pairs.sites] == pairs.list_areas()
        pairs = lengthen_own(pairs, own, areas.size_m2)
    weights = weigh_pairs(pairs, question.kernel)
    return weights if supply.served is None else serve_areas(weights, supply.served)


def count_supply(supply: SupplyGround, question: Question) -> Floats:
    """Return the supply of each site: its capacity, or one."""
    return supply.capacity if question.stated_supply else np.ones(len(supply.ids))


def work_out(
    areas: AreaGround, supply: SupplyGround, weights: csr_array, question: Question,
    need: Floats | None, *, seed: int,
) -> Worked:  # fmt: skip
    """Return the answer to a question.

    Args:
        areas: With their people.
        supply: Sites.
        weights: From `weigh`.
        question: What is asked.
        need: Of each area of the place, higher is more; NaN where not known; None: not asked for.
        seed: Of the draws that intervals are made of.
    """
    reach = measure_reach(areas, supply, weights, question)
    inside = slice(0, areas.study_count)
    people, covered = areas.people[inside], reach.covered[inside]
    gaps = _find_gaps(areas, reach, question, need)
    equity = None
    if need is not None:
        value = np.where(people > 0, covered / np.maximum(people, 1e-300), np.nan)
        limits: tuple[float, float] | None = (0.0, 1.0)
        if question.is_shared or question.method == "gravity":
            value, limits = reach.access[inside], None
        groups = group_by_need(need, value, people)
        equity = Equity(
            groups, measure_slope(groups, seed), measure_concentration(need, value, people, limits)
        )
    demand = reach.provision.demand if reach.provision else weights.T @ areas.people
    return Worked(
        reach, gaps, equity, measure_share(float(covered.sum()), float(people.sum())),
        unreached=np.flatnonzero(demand <= 0).tolist(),
        thin=np.flatnonzero((demand > 0) & (demand < FEWEST_PEOPLE)).tolist(),
    )  # fmt: skip


def measure_reach(
    areas: AreaGround, supply: SupplyGround, weights: csr_array, question: Question
) -> Reach:
    """Return how the areas are reached.

    Args:
        areas: With their people.
        supply: Sites.
        weights: From `weigh`.
        question: What is asked.
    """
    near = measure_nearness(areas, supply, question)
    amount = count_supply(supply, question)
    provision: Provision | None = None
    if question.method in {"e2sfca", "2sfca"}:
        provision = measure_two_step(weights, areas.people, amount)
    elif question.method == "3sfca":
        provision = measure_three_step(weights, areas.people, amount)
    elif question.method == "m2sfca":
        provision = measure_modified_two_step(weights, areas.people, amount)
    if provision is not None:
        access = provision.access
    elif question.method == "gravity":
        access = measure_gravity(weights, amount)
    else:
        access = find_plain_access(areas, supply, question, near)
    return Reach(access, near.distance_m, near.covered, provision)


class Nearness(NamedTuple):
    """How near the nearest site of each area is, and whom that covers.

    Attributes:
        distance_m: Straight metres; infinite without a site.
        covered: People within the catchment, or served wherever they are.
        served: Of each area the share of people whom a site serves wherever it is; None: none do.
    """

    distance_m: Floats
    covered: Floats
    served: Floats | None


def measure_nearness(areas: AreaGround, supply: SupplyGround, question: Question) -> Nearness:
    """Return how near the nearest sites are; needs no weights."""
    nearest = find_nearest(areas.places, supply.places, 1).distance_m[:, 0]
    nearest = np.where(nearest < NOWHERE_M, nearest, np.inf)
    if question.within_area:
        nearest = np.maximum(nearest, 2 / 3 * np.sqrt(areas.size_m2 / np.pi))
    served = None if supply.served is None else supply.served.max(axis=1).toarray().ravel()
    coverage = measure_coverage(nearest, areas.people, question.catchment_m, served)
    return Nearness(nearest, coverage.covered, served)


def find_plain_access(
    areas: AreaGround, supply: SupplyGround, question: Question, near: Nearness
) -> Floats:
    """Return what the methods measure that weigh nothing: container, nearest, coverage."""
    if question.method == "container":
        amount = count_supply(supply, question)
        return measure_container(_count_inside(areas, supply, amount), areas.people)
    if question.method == "nearest":
        return -near.distance_m
    access = (near.distance_m <= question.catchment_m).astype(np.float64)
    return access if near.served is None else np.maximum(access, near.served)


def _count_inside(areas: AreaGround, supply: SupplyGround, amount: Floats) -> Floats:
    known = supply.owner >= 0
    inside = np.bincount(supply.owner[known], weights=amount[known], minlength=len(areas.codes))
    return inside.astype(np.float64)


def _find_gaps(areas: AreaGround, reach: Reach, question: Question, need: Floats | None) -> Gaps:
    inside = slice(0, areas.study_count)
    access, people = reach.access[inside], areas.people[inside]
    standard = float("nan")
    if question.is_shared:
        stated = question.standard
        standard = find_standard(access, people) if stated is None else stated
        shortfall = measure_shortfall(access, people, standard)
    else:
        shortfall = people - reach.covered[inside]
    if need is None:
        return Gaps(shortfall, standard, np.full(len(people), np.nan), None, "")
    ratio, refused = None, ""
    if question.is_shared:
        try:
            ratio = measure_ratio(need, access, people)
        except ValueError as error:
            refused = str(error)
    return Gaps(shortfall, standard, measure_rank_gap(need, access, people), ratio, refused)
