"""What if: sites added, moved, closed or changed, worked out from what changes alone.

In the two-step methods a site's ratio depends on its own column of weights only, so only areas that
a changed site reaches, before or after, are worked out anew. Three steps are not like that: how
people divide themselves depends on every site within reach, so there all is worked out anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack

from app.analysis.methods.kernels import Floats, Kernel
from app.analysis.methods.pairs import Places, find_pairs, weigh_pairs
from app.analysis.methods.provision import (
    Provision,
    measure_gravity,
    measure_modified_two_step,
    measure_three_step,
    measure_two_step,
    share_supply,
)

Method = Literal["two step", "modified two step", "three step", "gravity"]


def _measure_pull(weights: csr_array, _people: Floats, supply: Floats) -> Provision:
    return Provision(measure_gravity(weights, supply), supply, np.ones(len(supply)))


_MEASURES = {
    "two step": measure_two_step,
    "modified two step": measure_modified_two_step,
    "three step": measure_three_step,
    "gravity": _measure_pull,
}


class Site(NamedTuple):
    """A site as it would be.

    Attributes:
        place: x and y in metres; None: where it is, its weights and all.
        supply: In the unit of the others; 0 is as good as closed.
    """

    place: tuple[float, float] | None
    supply: float


class Change(NamedTuple):
    """One change.

    Attributes:
        site: Number of the site that changes; None: a new one is added.
        becomes: What it becomes; None: it closes.
    """

    site: int | None
    becomes: Site | None


@dataclass(frozen=True)
class Baseline:
    """What there is, kept so that changes are cheap to try.

    Attributes:
        method: How provision is measured.
        areas: Where the people of each area are.
        people: Of each area.
        kernel: How weight falls off with straight distance.
        weights: Of areas (rows) and sites (columns).
        supply: Of each site.
        provision: As it is.
    """

    method: Method
    areas: Places
    people: Floats
    kernel: Kernel
    weights: csr_array
    supply: Floats
    provision: Provision = field(repr=False)


def make_baseline(
    method: Method, areas: Places, people: Floats, kernel: Kernel, weights: csr_array,
    supply: Floats,
) -> Baseline:  # fmt: skip
    """Return what there is, measured."""
    provision = _MEASURES[method](weights, people, supply)
    return Baseline(method, areas, people, kernel, weights, supply, provision)


def try_changes(baseline: Baseline, changes: Sequence[Change]) -> Floats:
    """Return the access of each area after all changes together.

    Args:
        baseline: What there is.
        changes: Each site at most once.

    Raises:
        ValueError: A site is changed twice, there is none of its number, a new one has no place, a
            place is not finite, or a supply is negative.
    """
    _check(baseline, changes)
    placed = [
        (each.becomes.place, each.becomes.supply)
        for each in changes
        if each.becomes is not None and each.becomes.place is not None
    ]
    places = np.array([place for place, _ in placed], dtype=np.float64).reshape(-1, 2)
    new = weigh_pairs(find_pairs(baseline.areas, places, baseline.kernel.catchment_m),
                      baseline.kernel)  # fmt: skip
    new_supply = np.array([supply for _, supply in placed], dtype=np.float64)
    old_supply = baseline.supply.copy()
    is_gone = np.zeros(len(old_supply), dtype=bool)
    for change in changes:
        if change.site is None:
            continue
        stays = change.becomes is not None and change.becomes.place is None
        is_gone[change.site] = not stays
        old_supply[change.site] = change.becomes.supply if stays and change.becomes else 0.0
    if baseline.method == "three step":
        joined = csr_array(hstack([baseline.weights[:, np.flatnonzero(~is_gone)], new]))
        supply = np.concatenate([old_supply[~is_gone], new_supply])
        return measure_three_step(joined, baseline.people, supply).access
    named = [change.site for change in changes if change.site is not None]
    return _update(baseline, named, old_supply, new, new_supply)


def _update(
    baseline: Baseline, named: Sequence[int], old_supply: Floats, new: csr_array,
    new_supply: Floats,
) -> Floats:  # fmt: skip
    """Work out anew the areas that a changed site reaches, and those that a new one does.

    What a site gave is not taken away from what an area has: the last bit of that would stay.
    """
    ratio, new_ratio = baseline.provision.ratio.copy(), new_supply
    if baseline.method == "gravity":
        ratio = old_supply
    else:
        ratio[named] = share_supply(old_supply[named], baseline.provision.demand[named])
        new_ratio = share_supply(new_supply, np.asarray(new.T @ baseline.people))
    access = baseline.provision.access.copy()
    rows = np.flatnonzero(np.isin(baseline.weights.indices, named)) if named else np.zeros(0, int)
    touched = np.unique(np.searchsorted(baseline.weights.indptr, rows, side="right") - 1)
    access[touched] = _pull(baseline, baseline.weights[touched]) @ ratio
    access += _pull(baseline, new) @ new_ratio
    return access


def _pull(baseline: Baseline, weights: csr_array) -> csr_array:
    return weights.power(2) if baseline.method == "modified two step" else weights


def _check(baseline: Baseline, changes: Sequence[Change]) -> None:
    named = [change.site for change in changes if change.site is not None]
    if len(set(named)) < len(named):
        raise ValueError("A site can be changed once at a time; put its changes into one.")
    if any(not 0 <= site < len(baseline.supply) for site in named):
        raise ValueError("There is no such site in this analysis.")
    for change in changes:
        if change.becomes is None:
            continue
        place = change.becomes.place
        if place is None and change.site is None:
            raise ValueError("A new site needs a place.")
        if place is not None and not np.isfinite(place).all():
            raise ValueError("Every place needs finite coordinates in metres.")
        if not change.becomes.supply >= 0:
            raise ValueError("Supply cannot be negative.")
