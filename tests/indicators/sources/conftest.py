"""Reading invented files through the real reader of files."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from app.files import open_table
from app.indicators.sources import Measure, Reading, ReadingProblem, read_measures

Found: TypeAlias = tuple[list[Reading], list[ReadingProblem]]
Read: TypeAlias = Callable[..., Found]


def sort_out(path: Path, form: str, *measures: Measure, sheet: str | None = None) -> Found:
    """Read measures from a file; return readings and problems apart."""
    with open_table(path, sheet=sheet) as table:
        found = list(read_measures(table, form, measures))
    readings = [each for each in found if isinstance(each, Reading)]
    return readings, [each for each in found if isinstance(each, ReadingProblem)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read measures from a text as if it were a file, by the name of the form."""

    def read_text(text: str, form: str, *measures: Measure) -> Found:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return sort_out(path, form, *measures)

    return read_text


@pytest.fixture(scope="session")
def read_file() -> Read:
    """Read measures from a file that is there."""
    return sort_out
