"""Which sites are within reach of which areas, and how far they are."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
    sites: NDArray[np.int32]
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
    grid = _lay_out(sites, reach_m)
    first, last = _find_ranges(grid, areas)
    step = max(1, CANDIDATES * len(areas) // max(1, int((last - first).sum())))

    def find(some: slice) -> _Found:
        return _find_some(grid, areas[some], first[some], last[some], reach_m)

    parts = [slice(start, start + step) for start in range(0, len(areas), step)]
    if len(parts) > 1:
        with ThreadPoolExecutor(THREADS) as threads:
            found = list(threads.map(find, parts))
    else:
        found = [find(part) for part in parts]
    counts = np.concatenate([np.zeros(1, dtype=np.int64), *(each.counts for each in found)])
    return Pairs(
        np.cumsum(counts),
        np.concatenate([np.zeros(0, dtype=np.int32), *(each.sites for each in found)]),
        np.concatenate([np.zeros(0), *(each.distance_m for each in found)]),
        len(sites),
    )


CELLS_A_REACH = 2
"""Cells of the grid to a reach: 5 x 5 of them hold a circle with little around it."""

CANDIDATES = 200_000
"""Pairs looked at in one go, so that the memory it takes does not grow with the country."""

THREADS = 2
"""That look at once where there are many pairs: NumPy lets others run while it reckons. More would
take the processor from those who ask for pages."""

MOST_CELLS = 2**20
"""Along a side of the grid: a reach of centimetres over a continent gets larger cells."""


class _Grid(NamedTuple):
    """Sites by the square cells they lie in, row by row from the south-west.

    Attributes:
        order: Numbers of the sites, cell after cell, rising within a cell.
        x: Of the sites in that order.
        y: Likewise.
        cells: Of the sites in that order, rising.
        corner: South-west of the first cell.
        cell_m: Length of a side.
        columns: Cells in a row, the empty ones around included.
        rows: Likewise.
        around: How many cells a reach goes beyond the own one, each way.
    """

    order: NDArray[np.int32]
    x: Floats
    y: Floats
    cells: NDArray[np.int64]
    corner: Floats
    cell_m: float
    columns: int
    rows: int
    around: int


def _lay_out(sites: Places, reach_m: float) -> _Grid:
    corner = sites.min(axis=0) if len(sites) else np.zeros(2)
    extent = sites.max(axis=0) - corner if len(sites) else np.zeros(2)
    cell_m = max(reach_m / CELLS_A_REACH, float(extent.max()) / MOST_CELLS, 1e-9)
    # Never fewer than it takes, if a reach is a hair more than so many cells.
    around = int(np.ceil(reach_m / cell_m * (1 + 1e-9)))
    columns, rows = (np.floor(extent / cell_m).astype(np.int64) + 1 + 2 * around).tolist()
    inside = np.floor((sites - corner) / cell_m).astype(np.int64) + around
    cells = inside[:, 1] * columns + inside[:, 0]
    order = np.argsort(cells, kind="stable").astype(np.int32)
    x, y = np.ascontiguousarray(sites[order].T)
    return _Grid(order, x, y, cells[order], corner, cell_m, columns, rows, around)


def _find_ranges(grid: _Grid, areas: Places) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the sites around each area begin and end, a row of cells a column."""
    around = grid.around
    own = np.floor((areas - grid.corner) / grid.cell_m) + around
    # What lies outside the grid by more than a reach has nothing around it; nearer, some rows.
    x = np.clip(own[:, :1], -1 - around, grid.columns + around).astype(np.int64)
    y = own[:, 1:].clip(-1 - around, grid.rows + around).astype(np.int64)
    y = y + np.arange(-around, around + 1)
    from_x = np.clip(x - around, 0, grid.columns)
    to_x = np.clip(x + around + 1, 0, grid.columns)
    is_row = (y >= 0) & (y < grid.rows)
    first = np.searchsorted(grid.cells, y * grid.columns + from_x)
    last = np.searchsorted(grid.cells, y * grid.columns + to_x)
    return first, np.where(is_row, last, first)


class _Found(NamedTuple):
    """Pairs of some areas: how many each has, and the sites and distances row by row."""

    counts: NDArray[np.int64]
    sites: NDArray[np.int32]
    distance_m: Floats


def _find_some(
    grid: _Grid, areas: Places, first: NDArray[np.int64], last: NDArray[np.int64], reach_m: float
) -> _Found:
    first, lengths = first.ravel(), (last - first).ravel()
    total = int(lengths.sum())
    numbers = np.arange(total) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
    rows = np.repeat(np.arange(len(areas)), 2 * grid.around + 1)
    rows = np.repeat(rows, lengths)
    x = grid.x[numbers] - areas[rows, 0]
    y = grid.y[numbers] - areas[rows, 1]
    # A hair wider, then cut exactly: squares may round the edge away, and roots of all are slow.
    is_near = np.flatnonzero(x * x + y * y <= reach_m**2 * (1 + 1e-9))
    distance = np.hypot(x[is_near], y[is_near])
    is_inside = distance <= reach_m
    is_near, distance = is_near[is_inside], distance[is_inside]
    counts = np.bincount(rows[is_near], minlength=len(areas)).astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(counts)))
    sites = grid.order[numbers[is_near]]
    table = csr_array((distance, sites, starts), shape=(len(areas), len(grid.order)))
    table.sort_indices()
    return _Found(counts, table.indices.astype(np.int32, copy=False), table.data)


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
