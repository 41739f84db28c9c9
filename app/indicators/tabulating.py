"""A series as a file for spreadsheets."""

import csv
import io
from collections.abc import Iterable

from app.indicators.queries import AnyRow
from app.indicators.schemas import SeriesRead

HEADER = (
    "indicator", "area_type", "boundary_year", "period", "sex", "age", "code", "name", "value",
    "lower", "upper", "numerator", "denominator", "status", "note", "unit", "method", "source",
    "licence",
)  # fmt: skip

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs text that begins so as a formula, whoever wrote it."""


def write_table(series: SeriesRead, rows: Iterable[AnyRow]) -> bytes:
    """Return a series as CSV (RFC 4180, UTF-8), a row an area, each saying what it is of.

    Text that a spreadsheet would run as a formula has an apostrophe before it, which spreadsheets
    take for the mark of text. Numbers are never changed.
    """
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(HEADER)
    of = series.indicator
    before = (
        _disarm(of.code), _disarm(series.area_type), series.boundary_year,
        _disarm(series.period), _disarm(series.sex), _disarm(series.age),
    )  # fmt: skip
    after = (
        _disarm(of.unit),
        _disarm(series.method or ""),
        _disarm(series.source),
        _disarm(series.licence),
    )
    table.writerows(
        (
            *before, _disarm(row.code), _disarm(row.name), row.value, row.lower, row.upper,
            row.numerator, row.denominator, _disarm(row.status), _disarm(row.note or ""), *after,
        )
        for row in rows
    )  # fmt: skip
    return written.getvalue().encode()


def _disarm(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
