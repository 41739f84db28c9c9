"""PySAL's `access`, asked the same questions: other people's code for the same formulas."""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from access import fca

from app.analysis.methods.kernels import Floats
from app.analysis.methods.pairs import Pairs


def ask(
    pairs: Pairs,
    people: Floats,
    supply: Floats,
    weigh: Callable[[float], float],
    *,
    three_step: bool = False,
) -> Floats:
    """Return supply a person by `access`; 0 for the areas that it drops because nothing reaches."""
    demand = pd.DataFrame({"demand": people}, index=pd.RangeIndex(len(people), name="geoid"))
    offered = pd.DataFrame({"supply": supply}, index=pd.RangeIndex(len(supply), name="geoid"))
    cost = pd.DataFrame(
        {"origin": pairs.list_areas(), "dest": pairs.sites, "cost": pairs.distance_m}
    )
    method = fca.three_stage_fca if three_step else fca.two_stage_fca
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, of newer pandas
        found = method(demand, offered, cost, max_cost=float("inf"), weight_fn=weigh)
    access = np.zeros(len(people))
    known = found.dropna()
    access[known.index.to_numpy(dtype=int)] = known.to_numpy()
    return access
