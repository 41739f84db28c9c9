"""Places to measure on: the real packs with a mirror of open data, else the demonstration pack."""

import os
from pathlib import Path
from typing import NamedTuple

from app.packs.finding import Shelves

PACKS = Path(__file__).parents[1] / "data/packs"


class Measured(NamedTuple):
    """What is measured on.

    Attributes:
        folders: Packs, loaded one after the other; questions are asked of the last.
        shelves: Where their files are.
        area_type: Of the areas whose values are asked for.
        indicator: Of which values are asked for.
    """

    folders: list[Path]
    shelves: Shelves
    area_type: str
    indicator: str


def find_places() -> Measured:
    """Return the region and the country where REALDATA names their mirror, else the demo."""
    realdata = os.environ.get("REALDATA")
    if not realdata:
        return Measured([PACKS / "demo"], Shelves(), "lsoa", "income_score_2025")
    folders = [PACKS / "cheshire-merseyside", PACKS / "england"]
    return Measured(folders, Shelves(mirror=Path(realdata).resolve()), "lsoa", "imd_2025_score")
