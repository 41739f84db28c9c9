"""What if: sites added, moved, closed or changed, worked out from what changes alone.

In the two-step methods a site's ratio depends on its own column of weights only, so what a change
does to each area is the new column's share less the old one's. Three steps are not like that: how
people divide themselves depends on every site within reach, so there all is worked out anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack

from app.analysis.methods.kernels import Floats, Kernel
from app.analysis.methods.pairs import Places
from app.analysis.methods.provision import (
    Provision,
    measure_modified_two_step,
    measure_three_step,
    measure_two_step,
)

Method = Literal["two step", "modified two step", "three step"]

_MEASURES = {
    "two step": measure_two_step,
    "modified two step": measure_modified_two_step,
    "three step": measure_three_step,
}


class Site(NamedTuple):
    """A site as it would be.

    Attributes:
        place: x and y in metres.
        supply: In the unit of the others; 0 is as good as closed.
    """

    place: tuple[float, float]
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
        weights: Of areas (rows) and sites (columns), by column.
        supply: Of each site.
        provision: As it is.
    """

    method: Method
    areas: Places
    people: Floats
    kernel: Kernel
    weights: csc_array
    supply: Floats
    provision: Provision


def make_baseline(
    method: Method, areas: Places, people: Floats, kernel: Kernel, weights: csr_array,
    supply: Floats,
) -> Baseline:  # fmt: skip
    """Return what there is, measured."""
    provision = _MEASURES[method](weights, people, supply)
    return Baseline(method, areas, people, kernel, csc_array(weights), supply, provision)


def try_changes(baseline: Baseline, changes: Sequence[Change]) -> Floats:
    """Return the access of each area after all changes together.

    Args:
        baseline: What there is.
        changes: Each site at most once.

    Raises:
        ValueError: A site is changed twice, there is none of its number, a place is not finite, or
            a supply is negative.
    """
    _check(baseline, changes)
    if baseline.method == "three step":
        return _try_anew(baseline, changes)
    access = baseline.provision.access.copy()
    for change in changes:
        if change.site is not None:
            rows, weights = _read_column(baseline, change.site)
            ratio = baseline.provision.ratio[change.site]
            access[rows] -= _pull(baseline, weights) * ratio
        if change.becomes is not None:
            rows, weights = weigh_place(baseline, change.becomes.place)
            demand = float(weights @ baseline.people[rows])
            if demand > 0:
                access[rows] += _pull(baseline, weights) * (change.becomes.supply / demand)
    # What was taken away again may leave less than nothing by the last bit.
    return np.maximum(access, 0.0)


def weigh_place(baseline: Baseline, place: tuple[float, float]) -> tuple[NDArray[np.intp], Floats]:
    """Return which areas have a place within the catchment, and with which weights."""
    distance = np.hypot(baseline.areas[:, 0] - place[0], baseline.areas[:, 1] - place[1])
    rows = np.flatnonzero(distance <= baseline.kernel.catchment_m)
    return rows, baseline.kernel.weigh(distance[rows])


def _pull(baseline: Baseline, weights: Floats) -> Floats:
    return weights**2 if baseline.method == "modified two step" else weights


def _read_column(baseline: Baseline, site: int) -> tuple[NDArray[np.intp], Floats]:
    start, end = baseline.weights.indptr[site : site + 2]
    rows = np.asarray(baseline.weights.indices[start:end], dtype=np.intp)
    return rows, np.asarray(baseline.weights.data[start:end], dtype=np.float64)


def _try_anew(baseline: Baseline, changes: Sequence[Change]) -> Floats:
    gone = [change.site for change in changes if change.site is not None]
    kept = np.setdiff1d(np.arange(len(baseline.supply)), gone)
    columns, supply = [baseline.weights[:, kept]], [baseline.supply[kept]]
    for change in changes:
        if change.becomes is not None:
            rows, weights = weigh_place(baseline, change.becomes.place)
            shape = (len(baseline.people), 1)
            columns.append(csc_array((weights, rows, [0, len(rows)]), shape=shape))
            supply.append(np.array([change.becomes.supply]))
    joined = csr_array(hstack(columns))
    return _MEASURES[baseline.method](joined, baseline.people, np.concatenate(supply)).access


def _check(baseline: Baseline, changes: Sequence[Change]) -> None:
    named = [change.site for change in changes if change.site is not None]
    if len(set(named)) < len(named):
        raise ValueError("A site can be changed once at a time; put its changes into one.")
    if any(not 0 <= site < len(baseline.supply) for site in named):
        raise ValueError("There is no such site in this analysis.")
    for change in changes:
        if change.becomes is None:
            continue
        if not np.isfinite(change.becomes.place).all():
            raise ValueError("Every place needs finite coordinates in metres.")
        if not change.becomes.supply >= 0:
            raise ValueError("Supply cannot be negative.")
