"""QOF: registers and prevalence of conditions, all in one file told apart by a group code.

The prevalence is a fraction; a measure in per cent has a scale of 100.
"""

from dataclasses import replace

from app.indicators.sources.columns import plain_name
from app.indicators.sources.form import SourceFormat
from app.indicators.sources.measure import Measure
from app.indicators.sources.reading import read_rows

_CONDITION = "group_code"
_COLUMNS = {
    "code": "lad_code",
    "value": "prevalence",
    "numerator": "register",
    "denominator": "list",
}


def _complete(measure: Measure) -> Measure:
    """Fill in the columns of the House of Commons Library's edition by local authority.

    Raises:
        ValueError: No condition is chosen, so that all of them would be mixed.
    """
    if plain_name(_CONDITION) not in map(plain_name, measure.where):
        raise ValueError(
            f"{measure.code}: choose a condition under `where`, such as {_CONDITION} = ['AF']"
        )
    return replace(measure, columns=_COLUMNS | {**measure.columns})


FORM = SourceFormat("qof", "QOF registers and prevalence", _complete, read_rows)
