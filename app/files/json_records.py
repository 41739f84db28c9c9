"""Records in a list inside a JSON file that is no GeoJSON, such as the grants of 360Giving."""

from collections.abc import Iterator
from typing import Any

import ijson

from app.files.columns import check_column_count
from app.files.json_stream import Top, flatten, items
from app.files.limits import Limits
from app.files.problems import FileProblem, listed
from app.files.table import Contents, Row, Source, Wishes, bounded


def open_records(source: Source, wishes: Wishes, top: Top) -> Contents:
    """Open the list that `wishes.layer` names; objects inside a record become columns `a.b`.

    Raises:
        FileProblem: There is no such list, or it breaks off.
    """
    name = wishes.layer or ""
    if name not in top.keys:
        raise FileProblem(
            f"'{source.name}' has no list '{name}' at its top; it has {listed(top.keys)}.",
            remedy="Name one of these as the layer.",
            field="layer",
            value=name,
        )
    columns: dict[str, None] = {}
    for _, record in _records(source, wishes.limits, name):
        if isinstance(record, dict):
            columns.update(dict.fromkeys(flatten(record)))
            check_column_count(len(columns), wishes.limits, source.name)
    names = list(columns)
    return Contents(
        columns=names,
        rows=lambda: _rows(source, wishes.limits, name, names),
        encoding="utf-8",
        layer=name,
        layers=top.keys,
    )


def _records(source: Source, limits: Limits, name: str) -> Iterator[tuple[int, Any]]:
    number = 0
    try:
        for number, record in enumerate(items(source, limits, f"{name}.item"), 1):
            yield number, record
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise FileProblem(
            f"'{source.name}' breaks off or is not valid JSON in record {number + 1} of '{name}'.",
            remedy="Download or export the file again, and compare its size with the original.",
            row=number + 1,
        ) from error


def _rows(source: Source, limits: Limits, name: str, columns: list[str]) -> Iterator[Row]:
    for number, record in _records(source, limits, name):
        if not isinstance(record, dict):
            problem = f"Row {number} is no object with names and values."
            yield Row(number, dict.fromkeys(columns), None, problem)
            continue
        values: dict[str, Any] = dict.fromkeys(columns)
        values.update(flatten(record))
        yield bounded(Row(number, values, None, None), limits)
