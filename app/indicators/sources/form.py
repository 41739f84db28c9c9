"""What one publisher's form of file consists of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.files import Row, TableReader
from app.indicators.sources.measure import Measure, Reading, ReadingProblem


class SourceFormat(NamedTuple):
    """One form of indicator file.

    Attributes:
        name: What a manifest calls it.
        title: The form in a few words.
        complete: Fills in the form's own columns, selections and marks where a measure is silent.
            Raises `ValueError` where the form cannot do without a choice.
        read: Reads completed measures from an open file in one pass. Raises `MissingColumnError`
            or `ValueError` at once, before the first row.
    """

    name: str
    title: str
    complete: Callable[[Measure], Measure]
    read: Callable[[TableReader, Sequence[Measure]], Iterator[Reading | ReadingProblem]]


@dataclass(frozen=True)
class Quirks:
    """How a form departs from a plain table.

    Attributes:
        cut_headers: Column names may match by their beginning.
        synonyms: A column to others that hold the same in other editions.
        code: Takes the cell of the area code, not empty, and returns the code.
        rows: Gives the rows that are data.
        codeless: Rows without an area code are passed over instead of named as problems.
        noted_is_suppressed: An empty value with a note beside it was withheld.
    """

    cut_headers: bool = False
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    code: Callable[[str], str] | None = None
    rows: Callable[[TableReader], Iterable[Row]] = iter
    codeless: bool = False
    noted_is_suppressed: bool = False


PLAIN = Quirks()
"""A table as it should be: names, one row an area, nothing around it."""
