"""Nomis: tables of the census and of population estimates.

A download from the website has lines of title above the table, codes and names of areas in one
cell ("E01011954 : Hartlepool 001A") and footnotes below; the API and the bulk files are plain
tables with other column names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.files import Row, TableReader
from app.indicators.sources.form import Quirks, SourceFormat
from app.indicators.sources.measure import Measure, Reading, ReadingProblem
from app.indicators.sources.reading import read_rows

_CODE = re.compile(r"[A-Z]\d{8}\b")


def _area_code(text: str) -> str:
    """Return the code out of "code : name"; a cell without a name is the code itself."""
    return text.partition(" : ")[0].rstrip()


def _rows_of_data(table: TableReader) -> Iterator[Row]:
    """Yield the rows but for footnotes: lone cells after a blank row, and those that follow."""
    last = table.header_row or 0
    apart = False
    for row in table:
        lone = _lone_cell(row)
        apart = bool(lone) and (apart or row.number > last + 1)
        last = row.number
        if not apart:
            yield row
        elif _CODE.match(lone):
            # An area without numbers: the reader of files, which knows no codes, took it for a
            # footnote.
            yield row._replace(problem=None)


def _lone_cell(row: Row) -> str:
    """Return the text of the only filled cell, or "" where there are more."""
    filled = [cell for cell in row.values.values() if cell is not None]
    return str(filled[0]) if len(filled) == 1 else ""


_QUIRKS = Quirks(
    # The column of codes where there is one; else the one of areas, which holds codes and names.
    synonyms={
        "mnemonic": (
            "geography code",
            "GEOGRAPHY_CODE",
            "2021 super output area - lower layer",
            "2011 super output area - lower layer",
        )
    },
    code=_area_code,
    rows=_rows_of_data,
    codeless=True,
)


def _complete(measure: Measure) -> Measure:
    """Fill in the column of codes, whichever the kind of download calls it."""
    return replace(measure, columns={"code": "mnemonic"} | {**measure.columns})


def _read(table: TableReader, measures: Sequence[Measure]) -> Iterator[Reading | ReadingProblem]:
    return read_rows(table, measures, _QUIRKS)


FORM = SourceFormat("nomis", "a Nomis download", _complete, _read)
