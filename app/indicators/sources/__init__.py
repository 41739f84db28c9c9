"""Indicator files as their publishers write them.

A form says what is its own (column names, selections, marks, oddities) and goes through one
reading loop. A new form is a module and a line in `SOURCES`.
"""

from collections.abc import Iterator, Sequence

from app.files import TableReader
from app.indicators.sources import fingertips, iod, nomis, ons_health_index, plain, qof
from app.indicators.sources.form import SourceFormat
from app.indicators.sources.measure import (
    KNOWN,
    MISSING,
    SUPPRESSED,
    Measure,
    MissingColumnError,
    Reading,
    ReadingProblem,
    Status,
)

SOURCES: tuple[SourceFormat, ...] = (
    plain.FORM,
    iod.FORM,
    nomis.FORM,
    fingertips.FORM,
    qof.FORM,
    ons_health_index.FORM,
)
"""Every form, by the name that a manifest gives."""

__all__ = [
    "KNOWN",
    "MISSING",
    "SOURCES",
    "SUPPRESSED",
    "Measure",
    "MissingColumnError",
    "Reading",
    "ReadingProblem",
    "SourceFormat",
    "Status",
    "find_format",
    "read_measures",
]


def find_format(name: str) -> SourceFormat:
    """Return the form of that name.

    Raises:
        ValueError: There is none; the message names those there are.
    """
    for source in SOURCES:
        if source.name == name:
            return source
    names = ", ".join(source.name for source in SOURCES)
    raise ValueError(f"no format {name!r}; choose one of {names}")


def read_measures(
    table: TableReader, format_name: str, measures: Sequence[Measure]
) -> Iterator[Reading | ReadingProblem]:
    """Read indicators from an open file in one pass, in the order of its rows.

    Problems are given between the readings; what concerns a whole column comes last.

    Args:
        table: The file, open.
        format_name: The form's name, as in a manifest.
        measures: What to read; the form completes them.

    Raises:
        ValueError: No such form, or a measure that contradicts itself.
        MissingColumnError: The file has not the columns. Both at once, before the first row.
        FileProblem: While reading, where the file breaks off.
    """
    source = find_format(format_name)
    return source.read(table, [source.complete(measure) for measure in measures])
