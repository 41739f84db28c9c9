"""What single cells of an indicator file mean, and a sentence for those that mean nothing."""

import math
import re
from datetime import date
from typing import Any

from app.files.problems import shorten

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PER_CENT = re.compile(r"[+-]?[\d.,]+\s*%")


class CellProblem(ValueError):  # noqa: N818 - the word people read: a problem with a cell
    """A cell cannot be used; the message names column, value and remedy."""


def text_of(cell: Any) -> str:  # noqa: ANN401 - a cell holds whatever its format has types for
    """Return a cell as the text a person sees: "" if empty, 2015 for 2015.0, TRUE for a tick."""
    if cell.__class__ is str:
        return str(cell.strip())
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def number_in(text: str, column: str) -> float:
    """Return the number a text holds; "1,296" is 1296.

    Raises:
        CellProblem: It is no number. A comma before decimals is not guessed at, nor whether 12 %
            means 12 or 0.12.
    """
    try:
        number = float(text)
    except ValueError:
        number = float(text.replace(",", "")) if _THOUSANDS.fullmatch(text) else math.nan
    # Python reads 1_000, which nobody writes in a table.
    if math.isfinite(number) and "_" not in text:
        return number
    said = f"{column!r} is {shorten(text)!r}"
    if _PER_CENT.fullmatch(text):
        raise CellProblem(f"{said}; write the number without the per cent sign")
    raise CellProblem(
        f"{said}; write a number with a point for decimals, or name this mark under `missing` or "
        "`suppressed`"
    )
