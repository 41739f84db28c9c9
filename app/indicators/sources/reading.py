"""The one loop that reads measures from a file, whatever its form."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from app.files import TableReader
from app.indicators.sources.cells import text_of
from app.indicators.sources.columns import Columns
from app.indicators.sources.extraction import Extraction
from app.indicators.sources.form import PLAIN, Quirks
from app.indicators.sources.measure import Measure, Reading, ReadingProblem, check_measure


class _Selection:
    """Measures that look at the same columns to know their rows and areas.

    A long file of twenty indicators is asked once a row, not twenty times.
    """

    def __init__(self, code_column: str, where_columns: tuple[str, ...]) -> None:
        self.code_column = code_column
        self._columns = where_columns
        self._by_key: dict[tuple[str, ...], list[Extraction]] = {}

    def add(self, extraction: Extraction) -> None:
        """Take a measure in, under every combination of the texts it wants."""
        wanted = ([*map(str.strip, texts)] for texts in extraction.where.values())
        for key in dict.fromkeys(product(*wanted)):
            self._by_key.setdefault(key, []).append(extraction)

    def wanting(self, values: Mapping[str, Any]) -> Sequence[Extraction]:
        """Return the measures that want this row."""
        key = tuple([text_of(values[column]) for column in self._columns])
        return self._by_key.get(key, ())


def read_rows(
    table: TableReader, measures: Sequence[Measure], quirks: Quirks = PLAIN
) -> Iterator[Reading | ReadingProblem]:
    """Read measures from an open file in one pass.

    Args:
        table: The file.
        measures: Completed by the form; their positions are those of the readings.
        quirks: How the form departs from a plain table.

    Raises:
        MissingColumnError: The file has not the columns; raised here, before the first row.
        ValueError: A measure contradicts itself; the same.
        FileProblem: While reading, where the file breaks off.
    """
    columns = Columns(table.columns, cut=quirks.cut_headers, synonyms=quirks.synonyms)
    selections: dict[tuple[str, ...], _Selection] = {}
    extractions = []
    for position, measure in enumerate(measures):
        check_measure(measure)
        extraction = Extraction(
            position, measure, columns, noted_is_suppressed=quirks.noted_is_suppressed
        )
        extractions.append(extraction)
        where = tuple(extraction.where)
        selection = selections.setdefault(
            (extraction.code_column, *where), _Selection(extraction.code_column, where)
        )
        selection.add(extraction)
    columns.check()
    return _readings(table, quirks, [*selections.values()], extractions)


def _readings(
    table: TableReader,
    quirks: Quirks,
    selections: Sequence[_Selection],
    extractions: Sequence[Extraction],
) -> Iterator[Reading | ReadingProblem]:
    for row in quirks.rows(table):
        if row.problem:
            # Its cells may stand under the wrong names, so none of them is taken.
            yield ReadingProblem(row.number, row.problem.removesuffix("."))
            continue
        for selection in selections:
            wanting = selection.wanting(row.values)
            if not wanting:
                continue
            code = text_of(row.values[selection.code_column])
            if not code:
                if not quirks.codeless:
                    reason = f"{selection.code_column!r} is empty; give the area's code"
                    yield ReadingProblem(row.number, reason)
                continue
            if quirks.code:
                code = quirks.code(code)
            for extraction in wanting:
                yield extraction.read(row.number, code, row.values)
    for extraction in extractions:
        yield from extraction.afterthoughts()
