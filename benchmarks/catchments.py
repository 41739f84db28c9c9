"""One run of a floating catchment in a process of its own, by us or by the peer.

Usage: python -m benchmarks.catchments ours|peer GROUND ANSWER

GROUND is a file of NumPy arrays (areas, people, sites); ANSWER gets supply a person. What is
printed is JSON: seconds from coordinates to the answer, seconds again with the weights at hand,
and the most memory the process ever took.
"""

import json
import resource
import sys
import time
import warnings
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.analysis.methods.kernels import Floats, Gaussian
from app.analysis.methods.pairs import Places, find_pairs, weigh_pairs
from app.analysis.methods.provision import measure_two_step

CATCHMENT_M = 1600
SPREAD_M = CATCHMENT_M / 2


class Solved(NamedTuple):
    """An answer, seconds from nothing, and seconds with what was kept; None where nothing is."""

    access: Floats
    cold_s: float
    again_s: float | None


def solve_by_us(areas: Places, people: Floats, sites: Places) -> Solved:
    """Return E2SFCA by our methods; every site offers one."""
    supply = np.ones(len(sites))
    began = time.perf_counter()
    weights = weigh_pairs(find_pairs(areas, sites, CATCHMENT_M), Gaussian(CATCHMENT_M, SPREAD_M))
    access = measure_two_step(weights, people, supply).access
    solved = time.perf_counter()
    measure_two_step(weights, people, supply)
    return Solved(access, solved - began, time.perf_counter() - solved)


def solve_by_peer(areas: Places, people: Floats, sites: Places) -> Solved:
    """Return E2SFCA by PySAL's `access`, given the pairs as its users find them.

    Its own search measures every area against every site, which no memory holds at this size.
    """
    import pandas as pd  # noqa: PLC0415 - not in the process of ours, whose memory is measured
    from access import Access, weights  # noqa: PLC0415
    from scipy.spatial import KDTree  # noqa: PLC0415

    warnings.simplefilter("ignore")
    began = time.perf_counter()
    found = KDTree(areas).sparse_distance_matrix(KDTree(sites), CATCHMENT_M, output_type="ndarray")
    cost = pd.DataFrame({"origin": found["i"], "dest": found["j"], "cost": found["v"]})
    demand = pd.DataFrame({"id": np.arange(len(areas)), "people": people})
    supply = pd.DataFrame({"id": np.arange(len(sites)), "supply": 1.0})
    asked = Access(
        demand_df=demand, demand_index="id", demand_value="people", supply_df=supply,
        supply_index="id", supply_value="supply", cost_df=cost, cost_origin="origin",
        cost_dest="dest", cost_name="cost",
    )  # fmt: skip
    answer = asked.enhanced_two_stage_fca(
        name="a", cost="cost", max_cost=CATCHMENT_M + 1, weight_fn=weights.gaussian(SPREAD_M)
    )
    took = time.perf_counter() - began
    # Areas that nothing reaches are missing from its answer, or have no number.
    access = answer["a_supply"].reindex(np.arange(len(areas))).fillna(0).to_numpy()
    return Solved(access, took, None)


def main() -> None:
    """Solve, keep the answer, and print how it went."""
    who, ground, answer = sys.argv[1:]
    with np.load(Path(ground)) as read:
        given = {name: read[name] for name in ("areas", "people", "sites")}
    solve = partial(solve_by_us if who == "ours" else solve_by_peer, **given)
    solved = solve()
    np.save(Path(answer), solved.access)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    told = {"cold_s": solved.cold_s, "again_s": solved.again_s, "peak_mb": peak_mb}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
