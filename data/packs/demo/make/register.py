"""Writes the tables of organisations, assets, sites and categories."""

from pathlib import Path
from typing import Final

from data.packs.demo.make.community import Record, settle_community
from data.packs.demo.make.hard_cases import add_hard_cases
from data.packs.demo.make.streets import Way
from data.packs.demo.make.town import Town
from data.packs.demo.make.write import write_rows

# What only an estuary has; every other category is one of the reference set.
CATEGORY_COLUMNS: Final = ("code", "name", "broader", "synonyms", "description", "catchment_m")
LOCAL_CATEGORIES: Final = (
    (
        "ferry-landing", "Ferry landings", "transport", "ferry; jetty; slipway; crossing; pier",
        "Where the foot ferry over the River Hadder puts in.", 1200,
    ),
    (
        "tide-shelter", "Tide shelters", "warm-space", "storm shelter; flood refuge; high water",
        "Raised rooms that open when the estuary floods.", 800,
    ),
)  # fmt: skip
# Who works where without any site to tell it: name of the body, codes of the authorities.
WORKS_IN: Final = {
    "Haddermouth Borough Council": "X07000001",
    "Hadder Vale District Council": "X07000002",
    "Hadder Estuary Health Trust": "X07000001;X07000002",
    "Haddermouth College": "X07000001",
    "Hadder Schools Partnership": "X07000001;X07000002",
}


def write_community(
    out: Path, town: Town, ways: list[Way], postcodes: list[tuple[str, float, float, str]]
) -> None:
    """Makes and writes organisations, assets, sites and their categories."""
    community = settle_community(town, ways, postcodes)
    add_hard_cases(community)
    for organisation in community.organisations:
        codes = WORKS_IN.get(str(organisation["name"]))
        organisation["works_in_area_type"] = "authority" if codes else None
        organisation["works_in_boundary_year"] = 2025 if codes else None
        organisation["works_in"] = codes
    for name, records in (
        ("organisations.csv", community.organisations),
        ("assets.csv", community.assets),
        ("sites.csv", community.sites),
    ):
        _write(out / name, records)
    write_rows(out / "categories.csv", CATEGORY_COLUMNS, LOCAL_CATEGORIES)


def _write(path: Path, records: list[Record]) -> None:
    columns = [column for column in records[0] if column != "note"] + ["note"]
    write_rows(path, columns, [[record[column] for column in columns] for record in records])
