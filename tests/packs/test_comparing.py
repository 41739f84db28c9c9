"""The country's value from every row of a file, worked by hand."""

import pytest

from app.indicators.loading import NewSeries
from app.packs.comparing import PeopleTotals, work_out_country
from app.packs.measures import SeriesRead
from app.packs.topic_entries import Country, IndicatorEntry

COUNTRY = Country(code="C", name="Country")
SERIES = NewSeries("share", "box", 2021, "2021", "2021", "", "")
ALL = (0, None)


def make_entry(**more: object) -> IndicatorEntry:
    """Return an indicator of boxes of 2021."""
    keys = {
        "code": "share", "name": "Share", "unit": "%", "measure": "share", "polarity": "neither",
        "source": "s", "area_type": "box", "boundary_year": 2021, "aggregate": "mean",
        "denominator": "people", "columns": {"code": "c", "value": "v"},
    }  # fmt: skip
    return IndicatorEntry.model_validate({**keys, **more})


def read(**values: tuple[float | None, float | None, float | None]) -> SeriesRead:
    """Return what a file held: value, numerator, denominator by area."""
    return SeriesRead(everywhere=values)


def test_a_mean_is_weighted_by_people_of_all_areas() -> None:
    rows = read(A=(10.0, None, None), B=(40.0, None, None))
    people: PeopleTotals = {("box", 2021): {ALL: {"A": 100.0, "B": 300.0}}}
    made = work_out_country(make_entry(), SERIES, rows, people, {}, COUNTRY)
    assert made is not None
    assert made.value == pytest.approx((10 * 100 + 40 * 300) / 400)
    assert made.method == "worked out: mean by people of the 2 areas in the file"
    assert (made.code, made.name) == ("C", "Country")


def test_the_files_own_counts_make_the_ratio() -> None:
    entry = make_entry(denominator="own", scale=100)
    rows = read(A=(50.0, 1.0, 2.0), B=(10.0, 1.0, 10.0))
    made = work_out_country(entry, SERIES, rows, {}, {}, COUNTRY)
    assert made is not None
    assert made.value == pytest.approx(100 * 2 / 12)


def test_counts_add_up() -> None:
    entry = make_entry(aggregate="sum", denominator="none")
    made = work_out_country(
        entry, SERIES, read(A=(3.0, None, None), B=(4.0, None, None)), {}, {}, COUNTRY
    )
    assert made is not None
    assert made.value == 7


def test_another_indicator_may_weigh() -> None:
    entry = make_entry(denominator={"indicator": "pupils"})
    rows = read(A=(10.0, None, None), B=(40.0, None, None))
    made = work_out_country(entry, SERIES, rows, {}, {"pupils": {"A": 3.0, "B": 1.0}}, COUNTRY)
    assert made is not None
    assert made.value == pytest.approx(17.5)


@pytest.mark.parametrize(
    ("more", "people"),
    [
        ({"aggregate": "none", "denominator": "none"}, {}),
        ({"aggregate": "rank", "ranks": "share", "denominator": "none"}, {}),
        ({}, {}),
        ({}, {("box", 2021): {ALL: {"A": 100.0}}}),
    ],
)
def test_what_cannot_be_worked_out_is_left_out(
    more: dict[str, object],
    people: PeopleTotals,
) -> None:
    rows = read(A=(10.0, None, None), B=(40.0, None, None))
    assert work_out_country(make_entry(**more), SERIES, rows, people, {}, COUNTRY) is None
