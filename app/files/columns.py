"""Names of columns, and putting cells under them."""

from collections.abc import Sequence
from typing import Any

from app.files.limits import Limits
from app.files.problems import LimitPassed, counted, listed


def filled(cell: object) -> bool:
    """Tell whether a cell holds anything but blanks."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def filled_width(cells: Sequence[object]) -> int:
    """Return how many cells there are up to the last that holds anything."""
    width = len(cells)
    while width and not filled(cells[width - 1]):
        width -= 1
    return width


def tidy_name(cell: object) -> str:
    """Return a header cell as a name: one line, trimmed, no byte-order mark, no NUL."""
    if cell is None:
        return ""
    return " ".join(str(cell).replace("\ufeff", "").replace("\x00", "").split())


def name_columns(cells: Sequence[object], limits: Limits, name: str) -> tuple[list[str], list[str]]:
    """Turn header cells into unique, non-empty column names.

    Args:
        cells: The cells of the header, blank ones included.
        limits: ``columns`` and ``cell_characters`` are observed.
        name: The file, for the sentence.

    Returns:
        The names, as many as there are cells, and notes on what was changed.

    Raises:
        LimitPassed: More columns than allowed.
    """
    check_column_count(len(cells), limits, name)
    tidy = [tidy_name(cell)[: limits.cell_characters] for cell in cells]
    blank = [str(place) for place, text in enumerate(tidy, 1) if not text]
    taken: set[str] = set(tidy)
    names: list[str] = []
    used: set[str] = set()
    repeated: list[str] = []
    for place, text in enumerate(tidy, 1):
        unique = text or f"column_{place}"
        count = 1
        while unique in used or (count > 1 and unique in taken):
            count += 1
            unique = f"{text or f'column_{place}'} ({count})"
        if count > 1:
            repeated.append(unique)
        names.append(unique)
        used.add(unique)
    notes = []
    if blank:
        notes.append(
            f"{counted(len(blank), 'column has', 'columns have')} no name "
            f"(number {', '.join(blank[:8])}{' and more' if len(blank) > 8 else ''}); "  # noqa: PLR2004  # enough for a sentence
            f"they are called column_1, column_2 and so on by their place."
        )
    if repeated:
        notes.append(f"Some column names repeat; the later ones are called {listed(repeated)}.")
    return names, notes


def check_column_count(count: int, limits: Limits, name: str) -> None:
    """Raise ``LimitPassed`` when a table has more columns than allowed."""
    if count > limits.columns:
        raise LimitPassed(
            f"'{name}' has {count:,} columns, more than the {limits.columns:,} allowed.",
            remedy="Remove the columns that are not needed, or check that the right delimiter "
            "and header row were used.",
            value=str(count),
        )


def numbered_columns(width: int) -> list[str]:
    """Return column_1 to column_n, for a table without a header."""
    return [f"column_{place}" for place in range(1, width + 1)]


def misfit(number: int, cells: Sequence[Any], columns: Sequence[str]) -> str | None:
    """Say when a row of delimited text has more or fewer cells than there are columns.

    Blank cells too many are how many programs end a line, so they are passed over.
    """
    expected = len(columns)
    if len(cells) < expected:
        missing = columns[len(cells) :]
        return (
            f"Row {number} has {counted(len(cells), 'cell')} where {expected:,} are expected: "
            f"{listed(list(missing), 3)} {'was' if len(missing) == 1 else 'were'} read as empty. "
            f"Check the row for a missing delimiter or a line break."
        )
    extra = [str(cell) for cell in cells[expected:] if filled(cell)]
    if extra:
        return (
            f"Row {number} has {counted(len(cells), 'cell')} where {expected:,} are expected: "
            f"{listed(extra, 3)} {'was' if len(extra) == 1 else 'were'} left out. "
            f"Check the row for a delimiter that should stand inside quotation marks."
        )
    return None
