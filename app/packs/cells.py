"""What single cells of a pack's files mean, and a sentence for those that mean nothing."""

import math
import re

from pyproj import CRS

from app.files import Row
from app.indicators.sources.cells import text_of

_THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")

OLDEST = 150
"""Years; a larger age is a slip."""

MOST_PEOPLE = 2_000_000_000
"""More than live in any country, and what the column holds."""


class CellProblem(ValueError):  # noqa: N818 - the word people read: a problem with a cell
    """A cell, or a row of them, cannot be used; the message names column, value and remedy."""


def read_text(row: Row, column: str | None) -> str | None:
    """Return the cell as text, None where it is empty or there is no such column.

    Raises:
        CellProblem: It holds what is no character.
    """
    text = text_of(row.values.get(column)) if column else ""
    if not text.isascii() or "\x00" in text:
        _require_characters(text, column)
    return text or None


def _require_characters(text: str, column: str | None) -> None:
    """Refuse what no database keeps as text: a null, or half a character."""
    if "\x00" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise CellProblem(
            f"{column!r} holds a character that is none; take it out, or write the name anew"
        )


def require_text(row: Row, column: str) -> str:
    """Return the cell as text.

    Raises:
        CellProblem: It is empty.
    """
    text = read_text(row, column)
    if text is None:
        raise CellProblem(f"{column!r} is empty; fill it in")
    return text


def read_number(row: Row, column: str) -> float | None:
    """Return the cell as a number, None where it is empty; 1,296 is read as 1296.

    Raises:
        CellProblem: It is no number. A comma before decimals is not guessed at.
    """
    text = read_text(row, column)
    if text is None:
        return None
    plain = text.replace(",", "") if _THOUSANDS.match(text) else text
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    # Python reads 1_000, which nobody writes in a table.
    if not math.isfinite(number) or "_" in text:
        raise CellProblem(f"{column!r} is {text!r}; write a number, with a point for decimals")
    return number


def require_number(row: Row, column: str, least: float, most: float) -> float:
    """Return the cell as a number from `least` to `most`.

    Raises:
        CellProblem: It is empty, no number, or beyond these.
    """
    text = require_text(row, column)
    number = read_number(row, column)
    if number is None or not least <= number <= most:
        raise CellProblem(
            f"{column!r} is {text!r}; it must lie from {_write(least)} to {_write(most)}"
        )
    return number


def _write(limit: float) -> str:
    return f"{limit:,.0f}" if float(limit).is_integer() else f"{limit:g}"


def require_age(row: Row, column: str, least: int) -> int:
    """Return the cell as an age in whole years.

    Raises:
        CellProblem: It is empty, no whole number, under `least` or over `OLDEST`.
    """
    age = require_number(row, column, least, OLDEST)
    if not age.is_integer():
        text = read_text(row, column)
        raise CellProblem(f"{column!r} is {text!r}; an age is a whole number of years")
    return int(age)


def require_position(row: Row, east: str, north: str, crs: CRS) -> tuple[float, float]:
    """Return the coordinates in `crs`, the easting first, that stand in two columns.

    Raises:
        CellProblem: A coordinate is missing, no number, or no degree where degrees are wanted.
    """
    limits = (180.0, 90.0) if crs.is_geographic else (1e9, 1e9)
    return (
        require_number(row, east, -limits[0], limits[0]),
        require_number(row, north, -limits[1], limits[1]),
    )
