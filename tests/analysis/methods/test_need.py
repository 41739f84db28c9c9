"""Need as one number: by hand, and by the published index."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from app.analysis.methods.need import (
    IMD_WEIGHTS,
    Measure,
    combine_measures,
    normalise,
    rank_middle,
    stretch_ranks,
)

VALUES = np.array([3.0, 1.0, 3.0, np.nan, 5.0])


def test_each_way_of_making_measures_comparable_by_hand() -> None:
    assert normalise(VALUES, "min-max")[[0, 1, 2, 4]].tolist() == [0.5, 0, 0.5, 1]
    assert normalise(VALUES, "rank")[[0, 1, 2, 4]].tolist() == [0.625, 0.25, 0.625, 1]
    known = np.array([3.0, 1, 3, 5])
    assert normalise(VALUES, "z")[[0, 1, 2, 4]] == pytest.approx((known - 3) / np.sqrt(2))
    assert np.isnan(normalise(VALUES, "imd")[3])


def test_ranks_alike_share_the_middle_of_theirs() -> None:
    chance = np.random.default_rng(3).integers(0, 20, 200).astype(float)
    assert rank_middle(chance).tolist() == rankdata(chance).tolist()


def test_the_stretch_runs_from_100_to_nearly_none() -> None:
    stretched = stretch_ranks(np.array([1.0, 10.0]), 10)
    assert stretched[0] == pytest.approx(100)
    assert stretched[1] == pytest.approx(-23 * np.log(1 - 0.1 * (1 - np.exp(-100 / 23))))


def test_a_composite_orients_weighs_and_leaves_out_who_lacks_a_figure() -> None:
    poverty = Measure(np.array([0.1, 0.3, 0.2, np.nan]), is_high_need=True, weight=3)
    income = Measure(np.array([400.0, 300.0, 500.0, 100.0]), is_high_need=False)
    found = combine_measures([poverty, income], "min-max", "arithmetic")
    # Poverty 0, 1, 0.5; income turned round 0.25, 0.5, 0 (the fourth, poorest, sets the scale).
    assert found[:3] == pytest.approx([(0 + 0.25) / 4, (3 + 0.5) / 4, (1.5 + 0) / 4])
    assert np.isnan(found[3])
    geometric = combine_measures([poverty, income], "min-max", "geometric")
    assert geometric[:3] == pytest.approx([0, 0.5**0.25, 0])


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ([], "at least one measure"),
        ([Measure(VALUES, is_high_need=True, weight=0)], "weight above 0"),
        ([Measure(np.ones(5), is_high_need=True)], "alike"),
        ([Measure(np.full(5, np.nan), is_high_need=True)], "alike"),
    ],
)
def test_what_makes_no_composite_is_refused(measures: list[Measure], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        combine_measures(measures, "rank", "arithmetic")
    with pytest.raises(ValueError, match="z-scores fall below"):
        combine_measures([Measure(VALUES, is_high_need=True)], "z", "geometric")


@pytest.mark.realdata
def test_the_index_of_2025_comes_out_of_its_domains(realdata: Path) -> None:
    """All 33,755 published scores, from the published ranks of the seven domains."""
    table = pd.read_csv(realdata / "deprivation/imd2025_england_lsoa21.csv.gz")
    names = dict.fromkeys(IMD_WEIGHTS) | {"barriers": "Housing_and_Services"}
    measures = [
        Measure(
            table[f"{names[domain] or domain.capitalize()}_rank"].to_numpy(dtype=float),
            is_high_need=False,
            weight=weight,
        )
        for domain, weight in IMD_WEIGHTS.items()
    ]
    found = combine_measures(measures, "imd", "arithmetic") * sum(IMD_WEIGHTS.values())
    assert len(found) == 33_755
    assert np.abs(found - table["IMD_score"]).max() < 0.0008
