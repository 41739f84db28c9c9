"""The rows of the table of `/gaps`, all pages, in the same order, to take along.

The answer itself, with outlines, is what the API keeps.
"""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from app.indicators.tabulating import FORMULA_STARTS
from app.pages.gaps.answers import Result
from app.pages.gaps.tables import Row


class Download(NamedTuple):
    """A file to download."""

    name: str
    body: bytes
    media_type: str


COLUMNS = (
    "place", "area_type", "boundary_year", "area_code", "area", "district", "people", "not_reached",
    "falls_short", "shortfall", "shortfall_unit", "access", "access_unit", "nearest_straight_m",
    "nearest_walked_m", "need", "need_indicator", "need_period", "category", "who", "reach_m",
    "edge_uncertain", "result",
)  # fmt: skip

COLUMNS_AFTER = (
    "not_reached_after_changes", "shortfall_after_changes", "access_after_changes",
    "nearest_straight_m_after_changes",
)  # fmt: skip
"""Where changes are tried."""


def write_csv(result: Result) -> Download:
    """Return the rows as CSV (RFC 4180, UTF-8), each with what it is of."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow([*COLUMNS, *(COLUMNS_AFTER if result.after else ())])
    for row in result.rows:
        cells = [*_list_cells(result, row), *_list_later_cells(row)]
        table.writerow([_disarm(cell) for cell in cells])
    return Download(_name(result, "csv"), written.getvalue().encode(), "text/csv")


def _list_cells(result: Result, row: Row) -> Sequence[object]:
    answer = result.answer
    asked = answer.asked
    walked = None if row.distance_m is None else round(row.distance_m * asked.detour)
    return (
        row.place, asked.area_type, asked.boundary_year, row.code, row.name, row.district,
        round(row.people), round(row.beyond), row.is_short, round(row.shortfall, 3),
        answer.shortfall_unit, row.access, answer.unit if row.access is not None else None,
        None if row.distance_m is None else round(row.distance_m), walked, row.need, asked.need,
        asked.need_period, asked.category, asked.people, round(asked.catchment_straight_m, 1),
        row.is_edge, answer.id,
    )  # fmt: skip


def _list_later_cells(row: Row) -> Sequence[object]:
    later = row.later
    if later is None:
        return ()
    metres = None if later.distance_m is None else round(later.distance_m)
    return round(later.beyond), round(later.shortfall, 3), later.access, metres


def _disarm(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula; numbers stay as they are."""
    is_risky = isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
    return f"'{cell}" if is_risky else cell


def _name(result: Result, ending: str) -> str:
    asked = result.answer.asked
    plain = "".join(each if each.isascii() and each.isalnum() else "_" for each in asked.category)
    return f"gaps_{plain}_{asked.area_type}_{asked.boundary_year}.{ending}"
