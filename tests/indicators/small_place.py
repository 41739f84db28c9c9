"""A place small enough to work out by hand: four boxes on two shelves in one room.

The margin holds a fifth box and a third shelf. `A9` comes before all others by its code and after
them by its gid, so that whoever confuses the two is found out. The boxes of 2011 are three, and no
lookup leads from them to anywhere.
"""

from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.frames import AgeBand, AreaFrame, Belonging, PlaceFrames, SetKey
from app.core.database import Database
from app.indicators.loading import (
    AggregateNote,
    Denominator,
    NewComparator,
    NewIndicator,
    NewSeries,
    NewValue,
    open_indicator_load,
)

BOX, SHELF, ROOM = SetKey("box", 2021), SetKey("shelf", 2021), SetKey("room", 2021)
OLD_BOX = SetKey("box", 2011)
PLURALS = {"box": "boxes", "shelf": "shelves", "room": "rooms"}

STUDY = {BOX: ["B1", "B2", "B3", "B4"], SHELF: ["S1", "S2"], ROOM: ["R1"]}
STUDY[OLD_BOX] = ["B1", "B2", "B3"]
MARGIN = {BOX: ["A9"], SHELF: ["A8"], ROOM: [], OLD_BOX: []}

CHILDREN = [100.0, 100.0, 50.0, 200.0, 7.0]
ADULTS = [300.0, 100.0, 150.0, 200.0, 7.0]

INSERT_AREA = """
INSERT INTO areas (boundary_set_id, gid, code, name, in_study_area, people, area_ha, boundary,
                   outline, centroid, centroid_method, name_point)
SELECT :set, number, :code, :name, :inside, 100, 1, shape, shape, ST_Centroid(shape), 'tests',
       ST_Centroid(shape)
FROM (SELECT CAST(:gid AS integer) AS number) AS given,
    LATERAL ST_Multi(ST_MakeEnvelope(number, 50, number + 1, 51, 4326)) AS shape
"""
LINK = """
INSERT INTO area_lookups (from_area_id, to_area_id, kind, weight)
SELECT f.id, t.id, 'within', 1 FROM areas AS f, areas AS t,
    boundary_sets AS fs, boundary_sets AS ts
WHERE fs.id = f.boundary_set_id AND fs.boundary_year = 2021 AND fs.area_type = :small
  AND ts.id = t.boundary_set_id AND ts.area_type = :large AND f.code = :child AND t.code = :parent
"""
LINKS = [("box", "shelf", "B1", "S1"), ("box", "shelf", "B2", "S1"), ("box", "shelf", "B3", "S2"),
         ("box", "shelf", "B4", "S2"), ("box", "shelf", "A9", "A8"), ("shelf", "room", "S1", "R1"),
         ("shelf", "room", "S2", "R1")]  # fmt: skip


def make_frames() -> PlaceFrames:
    """Return the place as arrays."""
    sets = {
        key: AreaFrame(tuple(STUDY[key] + MARGIN[key]), len(STUDY[key]))
        for key in (BOX, SHELF, ROOM, OLD_BOX)
    }
    one = np.ones(5)
    belongings = {
        (BOX, SHELF): Belonging(np.arange(5), np.array([0, 0, 1, 1, 2]), one),
        (BOX, ROOM): Belonging(np.arange(4), np.zeros(4, dtype=np.int64), one[:4]),
        (SHELF, ROOM): Belonging(np.arange(2), np.zeros(2, dtype=np.int64), one[:2]),
    }
    bands = {BOX: [AgeBand(0, 15, np.array(CHILDREN)), AgeBand(16, None, np.array(ADULTS))]}
    return PlaceFrames(sets, belongings, bands)


async def insert_place(session: AsyncSession) -> None:
    """Write the place into the tables of areas."""
    for position, code in enumerate(("box", "shelf", "room"), 1):
        await session.execute(
            text("INSERT INTO area_types VALUES (:code, :code, :plural, :position, :publishing)"),
            {"code": code, "plural": PLURALS[code], "position": position,
             "publishing": code == "shelf"},
        )  # fmt: skip
    for key, study in STUDY.items():
        made = await session.execute(
            text(
                "INSERT INTO boundary_sets"
                " (area_type, boundary_year, source, first_zoom, named_zoom, drawn_zooms) "
                "VALUES (:kind, :year, 'tests', 0, 0, '{}') RETURNING id"
            ),
            {"kind": key.area_type, "year": key.boundary_year},
        )
        number = made.scalar_one()
        for gid, code in enumerate(study + MARGIN[key], 1):
            # One name begins like a formula of a spreadsheet.
            name = "=Left" if code == "B1" else f"Area {code}"
            values = {"set": number, "gid": gid, "code": code, "name": name}
            await session.execute(text(INSERT_AREA), {**values, "inside": code in study})
    for small, large, child, parent in LINKS:
        names = {"small": small, "large": large, "child": child, "parent": parent}
        await session.execute(text(LINK), names)


def make_indicator(code: str, **changes: Any) -> NewIndicator:  # noqa: ANN401 - any field
    """Return an indicator with what most tests do not care about filled in."""
    plain = NewIndicator(
        code=code,
        name=code.replace("_", " ").capitalize(),
        topic="Tests",
        description="Made up.",
        unit="score",
        measure="score",
        polarity="high is bad",
        decimals=1,
        aggregate="mean",
        denominator=Denominator("people", "people"),
        ranks=None,
        source="Made-up numbers",
        publisher="Tests",
        licence="CC0-1.0",
        licence_url=None,
        vintage="2026",
        position=1,
    )
    return plain._replace(**changes)


def make_series(code: str, key: SetKey = BOX, period: str = "2025", **changes: Any) -> NewSeries:  # noqa: ANN401 - any field
    """Return a series of everybody in a period that sorts as it is written."""
    plain = NewSeries(code, key.area_type, key.boundary_year, period, period, "", "")
    return plain._replace(**changes)


def make_values(**values: float | None) -> list[NewValue]:
    """Return plain values by area code."""
    return [
        NewValue(code, value, None, None, None, None, "", None) for code, value in values.items()
    ]


def make_ratios(**ratios: tuple[float, float] | None) -> list[NewValue]:
    """Return percentages with numerator and denominator by area code; None is suppressed."""
    return [
        NewValue(code, None, None, None, None, None, "suppressed", "under 5")
        if ratio is None
        else NewValue(code, 100 * ratio[0] / ratio[1], 1, 99, *ratio, "", None)
        for code, ratio in ratios.items()
    ]


INDICATORS = [
    make_indicator("score", position=1),
    make_indicator(
        "score_rank", measure="rank", unit="rank", polarity="high is good", aggregate="rank",
        ranks="score", denominator=Denominator("none"), position=2,
    ),
    make_indicator(
        "smoking", topic="Health", unit="%", measure="share", aggregate="mean",
        denominator=Denominator("own", "people asked"), scale=100, position=3,
    ),
    make_indicator(
        "homes", unit="homes", measure="count", polarity="neither", aggregate="sum",
        denominator=Denominator("none"), decimals=0, position=4,
    ),
    make_indicator(
        "mood", aggregate="none", polarity="high is good", denominator=Denominator("none"),
        position=5,
    ),
]  # fmt: skip

SERIES: list[tuple[NewSeries, list[NewValue]]] = [
    (make_series("score"), make_values(B1=10, B2=20, B3=30, B4=40, A9=99, X1=1)),
    (make_series("score", period="2024"), make_values(B1=8, B2=16, B3=32)),
    (make_series("score", OLD_BOX, "2019"), make_values(B1=1, B2=2, B3=3)),
    (make_series("score_rank"), make_values(B1=4, B2=3, B3=2, B4=1)),
    (make_series("smoking"), make_ratios(B1=(10, 100), B2=(30, 100), B3=None, B4=(20, 50))),
    (make_series("homes"), make_values(B1=40, B2=50, B3=60, B4=70)),
    (make_series("mood"), make_values(B1=1, B2=2, B3=3, B4=4)),
]

COMPARATORS = [
    NewComparator("score", "2025", "2025", "", "", "N1", "Nation", 22.5, 22, 23, None),
    NewComparator("score", "2024", "2024", "", "", "N1", "Nation", 21.5, None, None, None),
]


async def load_everything(database: Database) -> list[AggregateNote]:
    """Load the indicators of the place; return what could not be worked out."""
    async with (
        database.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators(INDICATORS)
        for series, values in SERIES:
            await load.add_series(series, values)
        await load.add_comparators(COMPARATORS)
        notes = await load.aggregate()
        async with connection.begin(), AsyncSession(connection) as session:
            await load.swap(session)
            await session.flush()
    return notes
