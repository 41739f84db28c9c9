"""Making one reading from one row for one measure."""

import math
from collections.abc import Mapping
from typing import Any

from app.indicators.sources.cells import CellProblem, number_in, text_of
from app.indicators.sources.columns import Columns
from app.indicators.sources.measure import (
    KNOWN,
    MISSING,
    SUPPRESSED,
    Measure,
    Reading,
    ReadingProblem,
    Status,
)

_LOOKALIKES = frozenset({-99.0, -999.0, -9999.0, 9999.0})
"""Numbers that publishers write where there is none."""

_LOOKALIKE_SHARE = 0.01
"""Above this share of a column's numbers, one of them is unlikely to be a number."""

_LABELS = ("period", "period_sort", "sex", "age")


class Extraction:
    """Reads one measure from row after row, and keeps count of what looks odd over all of them.

    Attributes:
        code_column: The file's column of area codes.
        where: The file's columns to the texts that are wanted, ordered by column.
        used: Rows that were meant for this measure.
    """

    def __init__(
        self, position: int, measure: Measure, columns: Columns, *, noted_is_suppressed: bool
    ) -> None:
        found = {role: columns.find(name) for role, name in measure.columns.items() if name}
        self._position = position
        self._columns = found
        self._noted_is_suppressed = noted_is_suppressed
        self.measure = measure
        self.code_column = found["code"]
        self.where = {columns.find(name): texts for name, texts in sorted(measure.where.items())}
        self.used = 0
        self._value_column = found.get("value", "")
        self._marks: dict[str, Status] = {"": MISSING}
        self._marks |= dict.fromkeys(map(str.strip, measure.missing), MISSING)
        self._marks |= dict.fromkeys(map(str.strip, measure.suppressed), SUPPRESSED)
        self._number_marks = _as_numbers(self._marks)
        self._least = -math.inf if measure.least is None else measure.least
        self._most = math.inf if measure.most is None else measure.most
        self._numerators = [columns.find(name) for name in measure.numerator_columns]
        if not self._numerators and "numerator" in found:
            self._numerators = [found["numerator"]]
        self._fixed = (measure.period, measure.period_sort, measure.sex, measure.age)
        self._bare = not self._numerators and found.keys() <= {"code", "value"}
        self._lookalikes: dict[float, list[int]] = {}
        self._numbers = 0

    def read(self, row: int, code: str, values: Mapping[str, Any]) -> Reading | ReadingProblem:
        """Return what the row says of this measure."""
        self.used += 1
        try:
            if self._bare:  # the usual case, and the one that files of a million values are in
                value, status = self._published(row, values)
                return Reading(
                    self._position,
                    row,
                    code,
                    *self._fixed,
                    value,
                    None,
                    None,
                    None,
                    None,
                    status,
                    "",
                )
            return self._read_all(row, code, values)
        except CellProblem as problem:
            return ReadingProblem(row, str(problem))

    def _read_all(self, row: int, code: str, values: Mapping[str, Any]) -> Reading:
        numerator, counted = self._numerator(values)
        denominator, based = self._number(values, "denominator")
        if self.measure.derive:
            value, status = self._ratio(numerator, denominator, (counted, based))
        else:
            value, status = self._published(row, values)
        status, note = self._remark(values, status)
        lower = upper = None
        if status == KNOWN:
            lower, upper = self._interval(values, value)
        else:
            value = None
            if status == SUPPRESSED:
                numerator = None  # over its denominator it would give the value away
        period, period_sort, sex, age = self._labels(values)
        return Reading(
            self._position, row, code, period, period_sort, sex, age,
            value, lower, upper, numerator, denominator, status, note,
        )  # fmt: skip

    def _published(self, row: int, values: Mapping[str, Any]) -> tuple[float | None, Status]:
        """Return the value the file holds, scaled and checked, and what it is."""
        column = self._value_column
        cell = values[column]
        text = cell if cell.__class__ is str else text_of(cell)
        status = self._marks.get(text)
        if status is not None:
            return None, status
        number = number_in(text, column)
        if number in self._number_marks:
            return None, self._number_marks[number]
        self._numbers += 1
        if number in _LOOKALIKES:
            self._lookalikes.setdefault(number, []).append(row)
        value = number * self.measure.scale
        if not self._least <= value <= self._most:
            raise self._beyond(value, f"{column!r} is {text!r}", text)
        return value, KNOWN

    def _ratio(
        self, numerator: float | None, denominator: float | None, statuses: tuple[Status, Status]
    ) -> tuple[float | None, Status]:
        """Return `scale` x numerator / denominator; where nobody is counted there is no value."""
        if numerator is None or denominator is None or denominator == 0:
            return None, SUPPRESSED if SUPPRESSED in statuses else MISSING
        value = self.measure.scale * numerator / denominator
        if denominator < 0 or not self._least <= value <= self._most:
            said = f"{numerator:g} of {denominator:g} ({self._columns['denominator']!r})"
            raise self._beyond(value, said, f"{denominator:g}")
        return value, KNOWN

    def _beyond(self, value: float, said: str, text: str) -> CellProblem:
        scaled = "" if self.measure.scale == 1 and not self.measure.derive else f" gives {value:g}"
        if math.isinf(self._least):
            room = f"be {self._most:g} at most"
        elif math.isinf(self._most):
            room = f"be {self._least:g} at least"
        else:
            room = f"lie from {self._least:g} to {self._most:g}"
        joint = f", which{scaled}" if scaled else ""
        return CellProblem(
            f"{said}{joint}; it must {room}. If {text} stands for no value, name it under `missing`"
        )

    def _number(self, values: Mapping[str, Any], role: str) -> tuple[float | None, Status]:
        column = self._columns.get(role)
        return (None, MISSING) if column is None else self._number_at(values, column)

    def _number_at(self, values: Mapping[str, Any], column: str) -> tuple[float | None, Status]:
        text = text_of(values[column])
        status = self._marks.get(text)
        if status is not None:
            return None, status
        number = number_in(text, column)
        status = self._number_marks.get(number)
        return (number, KNOWN) if status is None else (None, status)

    def _numerator(self, values: Mapping[str, Any]) -> tuple[float | None, Status]:
        """Return the sum of the numerator's columns; it is known only if each of them is."""
        total = 0.0
        statuses: set[Status] = set()
        for column in self._numerators:
            number, status = self._number_at(values, column)
            statuses.add(status)
            total += number or 0.0
        if statuses == {KNOWN}:
            return total, KNOWN
        return None, SUPPRESSED if SUPPRESSED in statuses else MISSING

    def _interval(
        self, values: Mapping[str, Any], value: float | None
    ) -> tuple[float | None, float | None]:
        """Return the scaled limits of confidence, checked against the value."""
        scale = self.measure.scale
        limits = []
        for role, sign in (("lower", 1), ("upper", -1)):
            number, _ = self._number(values, role)
            limit = None if number is None else number * scale
            limits.append(limit)
            if limit is not None and value is not None and sign * (limit - value) > 0:
                side = "above" if sign > 0 else "below"
                raise CellProblem(
                    f"{self._columns[role]!r} is {number:g}, {side} the value, {value / scale:g}; "
                    "check which columns are value, lower and upper"
                )
        return limits[0], limits[1]

    def _remark(self, values: Mapping[str, Any], status: Status) -> tuple[Status, str]:
        """Return status and note after hearing the columns that speak of them."""
        note = self._text(values, "note")
        word = self._text(values, "status")
        if word and word in self._marks:
            status = self._marks[word]
        else:
            note = note or word
        if status == MISSING and note and self._noted_is_suppressed:
            status = SUPPRESSED
        return status, note

    def _labels(self, values: Mapping[str, Any]) -> tuple[str, str, str, str]:
        period, period_sort, sex, age = (
            self._text(values, role) or fixed
            for role, fixed in zip(_LABELS, self._fixed, strict=True)
        )
        return period, period_sort, sex, age

    def _text(self, values: Mapping[str, Any], role: str) -> str:
        column = self._columns.get(role)
        return "" if column is None else text_of(values[column])

    def afterthoughts(self) -> list[ReadingProblem]:
        """Return what can be told only after the last row."""
        if not self.used and self.where:
            wanted = " and ".join(
                f"{column!r} is {' or '.join(repr(text) for text in texts)}"
                for column, texts in self.where.items()
            )
            return [
                ReadingProblem(0, f"no row where {wanted}; check `where` of {self.measure.code}")
            ]
        column = self._value_column
        return [
            ReadingProblem(
                rows[0],
                f"{column!r} is {number:g} in {len(rows):,} of {self._numbers:,} rows with a "
                f"number; if that stands for no value, name it under `missing`, otherwise leave it",
            )
            for number, rows in self._lookalikes.items()
            if len(rows) > self._numbers * _LOOKALIKE_SHARE
        ]


def _as_numbers(marks: Mapping[str, Status]) -> dict[float, Status]:
    """Return the marks that are numbers as such, so that -999 also means -999.0."""
    numbers: dict[float, Status] = {}
    for text, status in marks.items():
        try:
            numbers[number_in(text, "")] = status
        except CellProblem:
            continue
    return numbers
