"""ONS Health Index: scores of local authorities by year, where England in 2015 is 100.

There is a long file of indicators (one row an area, year and indicator) and a wide one of the
overall score and its domains (one column each).
"""

from dataclasses import replace

from app.indicators.sources.columns import plain_name
from app.indicators.sources.form import SourceFormat
from app.indicators.sources.measure import Measure
from app.indicators.sources.reading import read_rows

_INDICATOR = "indicator"
_VALUE = "value"
_COLUMNS = {"code": "ltla21_code", "period": "year", "period_sort": "year"}


def _complete(measure: Measure) -> Measure:
    """Fill in the columns of area and year, and that of values where an indicator is chosen.

    Raises:
        ValueError: Neither an indicator nor a column of scores is chosen.
    """
    columns = _COLUMNS | {**measure.columns}
    if plain_name(_INDICATOR) in map(plain_name, measure.where):
        columns.setdefault("value", _VALUE)
    elif plain_name(columns.get("value", _VALUE)) == _VALUE:
        raise ValueError(
            f"{measure.code}: choose an indicator under `where` ({_INDICATOR} = ['Personal crime'])"
            ", or in the file of overall scores a column under `columns` (value = 'overall_score')"
        )
    return replace(measure, columns=columns)


FORM = SourceFormat("ons_health_index", "the ONS Health Index", _complete, read_rows)
