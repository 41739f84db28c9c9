"""Plain tables: one header, one row an area or a value, nothing around them."""

from app.indicators.sources.form import SourceFormat
from app.indicators.sources.measure import Measure
from app.indicators.sources.reading import read_rows


def _complete(measure: Measure) -> Measure:
    """Return the measure as it is: nobody knows the columns but the manifest."""
    return measure


FORM = SourceFormat("plain", "a plain table", _complete, read_rows)
