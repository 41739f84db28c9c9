"""English Indices of Deprivation, 2019 and 2025: the numbered files of the ministry.

Column names are long, end in blanks or line breaks, and are cut in some files, so the manifest
may give the beginning that tells a column from the others ("Income Score").
"""

from collections.abc import Iterator, Sequence

from app.files import TableReader
from app.indicators.sources.form import Quirks, SourceFormat
from app.indicators.sources.measure import Measure, Reading, ReadingProblem
from app.indicators.sources.reading import read_rows

_QUIRKS = Quirks(cut_headers=True)


def _complete(measure: Measure) -> Measure:
    """Return the measure as it is: which of the ten files it is, only its columns tell."""
    return measure


def _read(table: TableReader, measures: Sequence[Measure]) -> Iterator[Reading | ReadingProblem]:
    return read_rows(table, measures, _QUIRKS)


FORM = SourceFormat("iod", "English Indices of Deprivation", _complete, _read)
