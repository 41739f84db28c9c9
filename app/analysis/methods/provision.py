"""How much provision reaches each person: gravity and the floating catchments."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from app.analysis.methods.kernels import Floats


class Provision(NamedTuple):
    """What reaches whom.

    Attributes:
        access: Of each area: supply a person, in the unit of the supply; 0 where nothing reaches.
        ratio: Of each site: supply for each (weighted) person who reaches it; 0 where nobody does.
        demand: Of each site: the (weighted) people who reach it.
    """

    access: Floats
    ratio: Floats
    demand: Floats

    @property
    def is_unreached(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Of each site, whether nobody is within reach of it: its supply goes to nobody."""
        unreached: np.ndarray[tuple[int], np.dtype[np.bool_]] = self.demand <= 0
        return unreached


def measure_gravity(weights: csr_array, supply: Floats) -> Floats:
    """Return the weighted supply within reach of each area: sum_j S_j f(d_ij) (Hansen 1959).

    It says how much there is, whoever else uses it; its unit is that of the supply.
    """
    return np.asarray(weights @ supply, dtype=np.float64)


def measure_two_step(weights: csr_array, people: Floats, supply: Floats) -> Provision:
    """Return provision by two steps: first shared among those who reach a site, then added up.

    R_j = S_j / sum_k P_k w_kj; A_i = sum_j R_j w_ij. With binary weights it is 2SFCA (Luo & Wang
    2003), with others E2SFCA (Luo & Qi 2009). sum_i A_i P_i is the supply of all sites that
    somebody reaches.

    Args:
        weights: Of areas (rows) and sites (columns).
        people: Of each area.
        supply: Of each site.
    """
    demand = np.asarray(weights.T @ people, dtype=np.float64)
    ratio = share_supply(supply, demand)
    return Provision(np.asarray(weights @ ratio, dtype=np.float64), ratio, demand)


def measure_three_step(weights: csr_array, people: Floats, supply: Floats) -> Provision:
    """Return provision where people divide themselves among the sites first (Wan et al. 2012).

    G_ij = w_ij / sum_j' w_ij'; R_j = S_j / sum_k P_k w_kj G_kj; A_i = sum_j G_ij R_j w_ij. It
    tempers the demand that 2SFCA counts at every site within reach.
    """
    reached = np.asarray(weights.sum(axis=1), dtype=np.float64)
    share = np.divide(1.0, reached, out=np.zeros_like(reached), where=reached > 0)
    chosen = _square(weights)
    chosen.data *= np.repeat(share, np.diff(weights.indptr))
    return measure_two_step(chosen, people, supply)


def measure_modified_two_step(weights: csr_array, people: Floats, supply: Floats) -> Provision:
    """Return provision that distance takes from for good (Delamater 2013).

    A_i = sum_j S_j w_ij^2 / sum_k P_k w_kj. What is far away is used less by everybody: all
    together get at most the supply that somebody reaches.
    """
    demand = np.asarray(weights.T @ people, dtype=np.float64)
    ratio = share_supply(supply, demand)
    return Provision(np.asarray(_square(weights) @ ratio, dtype=np.float64), ratio, demand)


def measure_container(supply_inside: Floats, people: Floats) -> Floats:
    """Return supply per 1,000 people of each area by what lies in it: the naive comparator.

    It knows nothing of what lies across the border. NaN where nobody lives.
    """
    per_head = np.full(len(people), np.nan)
    np.divide(1000 * supply_inside, people, out=per_head, where=people > 0)
    return per_head


def share_supply(supply: Floats, demand: Floats) -> Floats:
    """Return supply a person who reaches it; 0 where nobody does."""
    return np.divide(supply, demand, out=np.zeros(len(supply)), where=demand > 0)


def _square(weights: csr_array) -> csr_array:
    squared = weights.data**2
    return csr_array((squared, weights.indices, weights.indptr), shape=weights.shape)
