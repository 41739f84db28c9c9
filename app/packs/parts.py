"""What every table of a manifest is made of."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
IndicatorCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,80}$")]
Year = Annotated[int, Field(ge=1800, le=2200)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64}|\.\.\.)$")]
Age = Annotated[int, Field(ge=0, le=150)]
Cells = str | int | list[str | int]
"""One value, or any of several, that a cell must hold."""


class Part(BaseModel):
    """A table of the manifest; an unknown key in one is a slip, and said to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def stay_inside(value: str) -> str:
    """Return a relative path that does not climb out of its folder.

    Raises:
        ValueError: It does.
    """
    path = Path(value)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError("must lie inside the folder of the pack or mirror")
    return value


class FileEntry(Part):
    """A table of the manifest that reads a source.

    Attributes:
        source: Key of the source.
        where: Only rows whose cells hold these values count.
    """

    source: str
    where: dict[str, Cells] = {}


class SetEntry(Part):
    """A boundary set."""

    area_type: Code
    boundary_year: Year


def any_of(value: Cells) -> tuple[str, ...]:
    """Return the values a cell may hold, as text."""
    return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)


def rows_where(where: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return a `where` table with each cell as the texts it may be."""
    return {column: any_of(value) for column, value in where.items()}
