"""The words every form shares: what to read from a file, and what was read."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from app.files.problems import listed

Status = Literal["known", "missing", "suppressed"]
KNOWN: Status = "known"
MISSING: Status = "missing"
SUPPRESSED: Status = "suppressed"

ROLES = (
    "code",
    "value",
    "lower",
    "upper",
    "numerator",
    "denominator",
    "period",
    "period_sort",
    "sex",
    "age",
    "status",
    "note",
)
"""What a column can be for."""


@dataclass(frozen=True)
class Measure:
    """One indicator as one file holds it.

    Attributes:
        code: Our code of the indicator.
        columns: Role (one of `ROLES`) to the file's column. `code` is the area's code; `lower` and
            `upper` bound the value with the publisher's confidence, mostly 95 %. A cell of
            `status` counts where it is one of the marks below; any other word becomes the note.
        where: Column to the texts of which its cell has to be one; "" is an empty cell.
        period, period_sort, sex, age: What no column, or an empty cell of it, says.
        scale: Positive; value, lower and upper are multiplied by it: 100 makes a fraction a
            percentage.
        numerator_columns: Columns added up to the numerator.
        derive: "ratio" makes the value `scale` x numerator / denominator, for files of counts.
        missing: Cells that stand for no value, as they are written: "-999", "NE".
        suppressed: Cells that stand for a value withheld: "c", "SUPP".
        least, most: In the units of the value after scaling; a value beyond them is refused.
    """

    code: str
    columns: Mapping[str, str]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: str = ""
    period_sort: str = ""
    sex: str = ""
    age: str = ""
    scale: float = 1.0
    numerator_columns: tuple[str, ...] = ()
    derive: Literal["", "ratio"] = ""
    missing: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


class Reading(NamedTuple):
    """One value of one indicator in one area.

    Attributes:
        measure: Position of the measure among those asked for, from 0.
        row: 1-based row of the file, as a person sees it.
        area_code: As the file has it; whether there is such an area is not known here.
        period, period_sort, sex, age: As the file or the measure has them; "" where neither does.
        value, lower, upper: Scaled; None where the status is not "known" or there is none.
        numerator, denominator: Counts as published, not scaled.
        status: "known", "missing" or "suppressed".
        note: The publisher's words on the value, or "".
    """

    measure: int
    row: int
    area_code: str
    period: str
    period_sort: str
    sex: str
    age: str
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    status: Status
    note: str


class ReadingProblem(NamedTuple):
    """Why a row, or a part of it, gives no reading, or a doubtful one.

    Attributes:
        row: 1-based row of the file; 0 where the whole file is meant.
        reason: Names column, value and remedy; without a full stop.
    """

    row: int
    reason: str


class MissingColumnError(ValueError):
    """The file has not the columns asked for; the message says which and what there is.

    Attributes:
        missing: The columns asked for and not found, in order.
    """

    def __init__(self, message: str, missing: tuple[str, ...]) -> None:
        super().__init__(message)
        self.missing = missing


def check_measure(measure: Measure) -> None:
    """Check that a completed measure can be read at all.

    Raises:
        ValueError: A role is unknown or lacking, or numbers and marks contradict each other.
    """
    name = measure.code
    unknown = [role for role in measure.columns if role not in ROLES]
    if unknown:
        raise ValueError(f"{name}: columns have no role {listed(unknown)}; use {listed([*ROLES])}")
    needed = ["code"]
    if measure.derive == "ratio":
        needed.append("denominator")
        needed += [] if measure.numerator_columns else ["numerator"]
    else:
        needed.append("value")
    lacking = [role for role in needed if not measure.columns.get(role)]
    if lacking:
        raise ValueError(f"{name}: say under `columns` which column is {listed(lacking)}")
    if empty := [column for column, texts in measure.where.items() if not texts]:
        raise ValueError(f"{name}: say under `where` what {listed(empty)} has to be")
    if measure.numerator_columns and measure.columns.get("numerator"):
        raise ValueError(f"{name}: give a numerator or `numerator_columns`, not both")
    if not (math.isfinite(measure.scale) and measure.scale > 0):
        raise ValueError(f"{name}: `scale` is {measure.scale}; give a number above 0")
    if both := sorted(set(measure.missing) & set(measure.suppressed)):
        raise ValueError(f"{name}: {listed(both)} cannot be both `missing` and `suppressed`")
    least, most = measure.least, measure.most
    if least is not None and most is not None and least > most:
        raise ValueError(f"{name}: `least` is {least:g}, above `most`, {most:g}")
