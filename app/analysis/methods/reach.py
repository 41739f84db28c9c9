"""How far the nearest sites are, and how many people are near enough."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from app.analysis.methods.kernels import Floats
from app.analysis.methods.pairs import Places


class Nearest(NamedTuple):
    """The nearest sites of each area, nearest first.

    Attributes:
        distance_m: (areas, k) straight metres; infinite where there are fewer sites.
        sites: (areas, k) numbers of sites; as many as there are sites where there is none.
    """

    distance_m: Floats
    sites: NDArray[np.int64]


class Coverage(NamedTuple):
    """How many are near enough.

    Attributes:
        covered: Of each area: people within the standard.
        people: Of all areas.
        share: Of all people who are covered; NaN where nobody lives.
    """

    covered: Floats
    people: float
    share: float


def find_nearest(areas: Places, sites: Places, k: int = 3) -> Nearest:
    """Return the k nearest sites of each area in a straight line.

    Raises:
        ValueError: `k` is not positive, or a place is not a finite number.
    """
    if k < 1:
        raise ValueError("Ask for at least one nearest site.")
    if not (np.isfinite(areas).all() and np.isfinite(sites).all()):
        raise ValueError("Every place needs finite coordinates in metres.")
    if not len(sites) or not len(areas):
        shape = (len(areas), k)
        return Nearest(np.full(shape, np.inf), np.full(shape, len(sites), dtype=np.int64))
    distance, found = KDTree(sites).query(areas, k=list(range(1, k + 1)))
    return Nearest(np.asarray(distance), np.asarray(found, dtype=np.int64))


def measure_coverage(
    nearest_m: Floats, people: Floats, standard_m: float, served: Floats | None = None
) -> Coverage:
    """Return who has a site within a standard, the standard itself included.

    Without any site nobody is covered: that is an answer, and not all of them.

    Args:
        nearest_m: Straight metres to the nearest site of each area.
        people: Of each area.
        standard_m: Straight metres.
        served: Of each area the share of people whom a site serves wherever it is.
    """
    share = (nearest_m <= standard_m).astype(np.float64)
    if served is not None:
        share = np.maximum(share, served)
    covered = people * share
    everybody = float(people.sum())
    of_all = float(covered.sum()) / everybody if everybody > 0 else float("nan")
    return Coverage(covered, everybody, of_all)
