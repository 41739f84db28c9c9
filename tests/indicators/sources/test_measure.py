"""Measures that contradict themselves."""

from typing import Any

import pytest

from app.indicators.sources import Measure
from app.indicators.sources.measure import check_measure

CODE_AND_VALUE = {"code": "area", "value": "v"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"columns": {**CODE_AND_VALUE, "colour": "c"}}, "no role 'colour'; use 'code'"),
        ({"columns": {"code": "area"}}, "which column is 'value'"),
        ({"columns": {"code": "area", "value": ""}}, "which column is 'value'"),
        ({"columns": {"value": "v"}}, "which column is 'code'"),
        ({"columns": {"code": "area"}, "derive": "ratio"}, "is 'denominator', 'numerator'"),
        ({"where": {"group": ()}}, "under `where` what 'group' has to be"),
        (
            {"columns": {**CODE_AND_VALUE, "numerator": "n"}, "numerator_columns": ("a", "b")},
            "not both",
        ),
        ({"scale": 0.0}, "`scale` is 0.0; give a number above 0"),
        ({"scale": float("nan")}, "`scale` is nan"),
        ({"missing": ("*", "-"), "suppressed": ("*",)}, "'[*]' cannot be both"),
        ({"least": 5.0, "most": 1.0}, "`least` is 5, above `most`, 1"),
    ],
)
def test_a_measure_that_cannot_be_read_is_refused_by_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"imd: .*{said}"):
        check_measure(Measure("imd", **({"columns": CODE_AND_VALUE} | given)))


def test_a_ratio_needs_no_column_of_values() -> None:
    columns = {"code": "area", "denominator": "all"}
    check_measure(Measure("old", columns, derive="ratio", numerator_columns=("65", "66")))
    check_measure(Measure("old", columns | {"numerator": "65"}, derive="ratio"))
