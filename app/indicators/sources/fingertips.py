"""Fingertips: public health indicators, all area types and periods of one or more in one file.

England stands there twice, without a parent and as its own parent, and so may any area that is
listed under several kinds of area.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.files import TableReader
from app.indicators.sources.columns import plain_name
from app.indicators.sources.form import Quirks, SourceFormat
from app.indicators.sources.measure import Measure, Reading, ReadingProblem
from app.indicators.sources.reading import read_rows

_COLUMNS = {
    "code": "Area Code",
    "value": "Value",
    "lower": "Lower CI 95.0 limit",
    "upper": "Upper CI 95.0 limit",
    "numerator": "Count",
    "denominator": "Denominator",
    "period": "Time period",
    "period_sort": "Time period Sortable",
    "sex": "Sex",
    "age": "Age",
    "note": "Value note",
}
_INEQUALITIES = "Category Type"
_QUIRKS = Quirks(noted_is_suppressed=True)

#: The same value is printed with more or fewer decimals in the rows that repeat it.
_SAME = 1e-6


def _complete(measure: Measure) -> Measure:
    """Fill in the columns, and leave out breakdowns (by deprivation, say) unless asked for."""
    columns = _COLUMNS | {**measure.columns}
    if measure.numerator_columns and "numerator" not in measure.columns:
        del columns["numerator"]
    where = {**measure.where}
    if plain_name(_INEQUALITIES) not in map(plain_name, where):
        where[_INEQUALITIES] = ("",)
    return replace(measure, columns=columns, where=where)


def _read(table: TableReader, measures: Sequence[Measure]) -> Iterator[Reading | ReadingProblem]:
    return _without_repeats(read_rows(table, measures, _QUIRKS))


def _without_repeats(
    readings: Iterable[Reading | ReadingProblem],
) -> Iterator[Reading | ReadingProblem]:
    """Yield each area's value once; a second one that differs is a problem, and the first stays."""
    firsts: dict[tuple[int | str, ...], Reading] = {}
    for each in readings:
        if isinstance(each, ReadingProblem):
            yield each
            continue
        key = (each.measure, each.area_code, each.period, each.period_sort, each.sex, each.age)
        first = firsts.setdefault(key, each)
        if first is each:
            yield each
        elif not _agree(first, each):
            yield ReadingProblem(
                each.row,
                f"{each.area_code} has {_said(each)} here and {_said(first)} in row {first.row} "
                f"for the same period, sex and age; the first is kept. Say under `where` which "
                f"rows are meant, by 'Indicator ID' or 'Area Type'",
            )


def _agree(first: Reading, second: Reading) -> bool:
    numbers = zip(_numbers(first), _numbers(second), strict=True)
    return all(
        one == other or (one is not None and other is not None and _is_close(one, other))
        for one, other in numbers
    )


def _is_close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_SAME)


def _numbers(reading: Reading) -> tuple[float | None, ...]:
    return (
        reading.value,
        reading.lower,
        reading.upper,
        reading.numerator,
        reading.denominator,
    )


def _said(reading: Reading) -> str:
    """Return what tells two readings apart: value, interval, counts."""
    numbers = ["-" if number is None else f"{number:.9g}" for number in _numbers(reading)]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]}; {numbers[3]} of {numbers[4]})"


FORM = SourceFormat("fingertips", "a Fingertips download", _complete, _read)
