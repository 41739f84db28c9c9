"""Which sites are within reach of which areas, and how far they are."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from app.analysis.methods.kernels import Floats, Kernel

Places = NDArray[np.float64]
"""x and y in metres, in a projected coordinate system: an array of (places, 2)."""


class Pairs(NamedTuple):
    """Areas and the sites within reach of each, row by row (compressed sparse rows).

    Attributes:
        starts: Where the sites of each area begin in the other two; one more than there are areas.
        sites: Numbers of sites, rising within a row.
        distance_m: Straight distance to each.
        site_count: How many sites there are, within reach of any area or not.
    """

    starts: NDArray[np.int64]
    sites: NDArray[np.int64]
    distance_m: Floats
    site_count: int

    @property
    def area_count(self) -> int:
        """How many areas there are, with a site within reach or not."""
        return len(self.starts) - 1

    def list_areas(self) -> NDArray[np.int64]:
        """Return the number of the area of each pair."""
        return np.repeat(np.arange(self.area_count), np.diff(self.starts))


def find_pairs(areas: Places, sites: Places, reach_m: float) -> Pairs:
    """Return all pairs at most `reach_m` apart in a straight line, the edge included.

    Args:
        areas: Where the people of each area are.
        sites: Where each site is.
        reach_m: In metres.

    Raises:
        ValueError: `reach_m` is negative, or a place is not a finite number.
    """
    if reach_m < 0:
        raise ValueError("A reach cannot be negative.")
    if not (np.isfinite(areas).all() and np.isfinite(sites).all()):
        raise ValueError("Every place needs finite coordinates in metres.")
    if not len(areas) or not len(sites):
        nothing = np.zeros(0, dtype=np.int64)
        return Pairs(np.zeros(len(areas) + 1, dtype=np.int64), nothing, np.zeros(0), len(sites))
    # A hair wider, then cut exactly: the tree compares squares, which may round the edge away.
    found = KDTree(areas).sparse_distance_matrix(
        KDTree(sites), reach_m * (1 + 1e-9), output_type="ndarray"
    )
    found = found[found["v"] <= reach_m]
    found = found[np.lexsort((found["j"], found["i"]))]
    counts = np.bincount(found["i"], minlength=len(areas))
    starts = np.concatenate(([0], np.cumsum(counts)))
    return Pairs(starts, found["j"].astype(np.int64), found["v"].copy(), len(sites))


def weigh_pairs(pairs: Pairs, kernel: Kernel) -> csr_array:
    """Return the weights of areas (rows) and sites (columns); pairs beyond the catchment have none.

    Args:
        pairs: Found with a reach of at least the catchment.
        kernel: How weight falls off with straight distance.
    """
    inside = pairs.distance_m <= kernel.catchment_m
    if inside.all():
        kept, sites, starts = pairs.distance_m, pairs.sites, pairs.starts
    else:
        kept, sites = pairs.distance_m[inside], pairs.sites[inside]
        before = np.concatenate(([0], np.cumsum(inside)))
        starts = before[pairs.starts]
    shape = (pairs.area_count, pairs.site_count)
    return csr_array((kernel.weigh(kept), sites, starts), shape=shape)


def lengthen_own(pairs: Pairs, own: NDArray[np.bool_], size_m2: Floats) -> Pairs:
    """Return the pairs with no distance to an area's own or nearest site under its inner distance.

    The people of an area live all over it, so a site beside its centre is not beside them: the mean
    distance from the middle of a disk of the same size is 2/3 of its radius.

    Args:
        pairs: All pairs within reach.
        own: Of each pair, whether the site lies in the area.
        size_m2: Of each area.
    """
    floor = (2 / 3 * np.sqrt(size_m2 / np.pi))[pairs.list_areas()]
    applies = own | _mark_nearest(pairs)
    distance = np.where(applies, np.maximum(pairs.distance_m, floor), pairs.distance_m)
    return pairs._replace(distance_m=distance)


def _mark_nearest(pairs: Pairs) -> NDArray[np.bool_]:
    """Return of each pair whether it is the nearest of its area; of several alike, the first."""
    marked = np.zeros(len(pairs.sites), dtype=bool)
    if len(pairs.sites):
        order = np.lexsort((pairs.sites, pairs.distance_m, pairs.list_areas()))
        filled = np.flatnonzero(np.diff(pairs.starts))
        marked[order[pairs.starts[filled]]] = True
    return marked


def serve_areas(weights: csr_array, served: csr_array) -> csr_array:
    """Return the weights with those of sites that serve areas wherever they are.

    Args:
        weights: By distance.
        served: Of the same shape: the share of each area's people that a site serves, 1 where it
            serves all of the area. A site that serves areas has no weight by distance there.
    """
    joined = weights.maximum(served)
    return csr_array(joined)
