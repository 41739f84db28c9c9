"""QOF: one file of all conditions."""

import pytest

from app.indicators.sources import Measure
from tests.indicators.sources.conftest import Read

TEXT = (
    "lad_code,lad_name,group_code,register,list,prevalence\n"
    "E06000006,Halton,AF,2000.5,100000,0.020005\n"
    "E06000006,Halton,DM,7000,80000,0.0875\n"
    "E06000007,Warrington,AF,4000,200000,0.02\n"
)


def test_a_condition_is_read_with_its_register_and_list(read: Read) -> None:
    measures = [
        Measure(name, {}, where={"group_code": (name,)}, scale=100) for name in ("DM", "AF")
    ]
    readings, problems = read(TEXT, "qof", *measures)
    assert problems == []
    assert [(each.measure, each.area_code) for each in readings] == [
        (1, "E06000006"),
        (0, "E06000006"),
        (1, "E06000007"),
    ]
    assert readings[1].value == pytest.approx(8.75)
    assert (readings[1].numerator, readings[1].denominator) == (7000, 80000)


def test_conditions_are_never_mixed(read: Read) -> None:
    with pytest.raises(ValueError, match="af: choose a condition under `where`"):
        read(TEXT, "qof", Measure("af", {}))


def test_other_areas_have_other_columns(read: Read) -> None:
    measure = Measure("af", {"code": "msoa_code"}, where={"GROUP_CODE": ("AF",)})
    readings, _ = read(TEXT.replace("lad_code", "msoa_code"), "qof", measure)
    assert [each.value for each in readings] == [0.020005, 0.02]
