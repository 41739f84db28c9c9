"""Loading indicators: whole or not at all, twice the same as once, worked out by hand."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.frames import AgeBand, AreaFrame, SetKey
from app.core.database import Database
from app.core.versions import read_version
from app.indicators.definitions import Denominator, NewComparator, NewValue
from app.indicators.loading import DuplicateRowsError, open_indicator_load
from tests.indicators.small_place import (
    BOX,
    INDICATORS,
    PLURALS,
    ROOM,
    SHELF,
    load_everything,
    make_frames,
    make_indicator,
    make_ratios,
    make_series,
    make_values,
)

VALUES = """
SELECT v.gid, v.value, v.denominator, v.status, v.note, s.method
FROM indicator_values AS v JOIN indicator_series AS s ON s.id = v.series_id
JOIN indicators AS i ON i.id = s.indicator_id JOIN boundary_sets AS bs ON bs.id = s.boundary_set_id
WHERE i.code = :code AND bs.area_type = :kind AND bs.boundary_year = :year AND s.period = :period
ORDER BY v.gid
"""
TABLES = ("indicators", "indicator_series", "indicator_values", "indicator_comparators")


async def read(database: Database, code: str, key: SetKey, period: str = "2025") -> dict[int, Any]:
    """Return the rows of a series by gid."""
    wanted = {
        "code": code, "kind": key.area_type, "year": key.boundary_year, "period": period,
    }  # fmt: skip
    async with database.sessions() as session:
        rows = (await session.execute(text(VALUES), wanted)).all()
    return {row.gid: row for row in rows}


async def dump(database: Database, *, ids: bool = True) -> list[str]:
    """Return every row that a load may change, as text; without the ids that a load gives anew."""
    rows: list[str] = []
    drop = "" if ids else " - '{id,series_id}'::text[]"
    async with database.sessions() as session:
        for table in TABLES:
            query = f"SELECT (to_jsonb(t){drop})::text FROM {table} AS t ORDER BY 1"  # noqa: S608
            rows += [f"{table} {row[0]}" for row in await session.execute(text(query))]
    return rows


async def test_a_mean_is_weighted_by_people(loaded: Database) -> None:
    shelves = await read(loaded, "score", SHELF)
    assert shelves[1].value == pytest.approx((400 * 10 + 200 * 20) / 600)
    assert shelves[2].value == pytest.approx((200 * 30 + 400 * 40) / 600)
    assert shelves[1].denominator == 600
    assert shelves[1].method == "Mean of the boxes of 2021 in each, weighted by people."
    assert 3 not in shelves, "a shelf of the margin has no value"


async def test_too_little_beneath_gives_no_value_and_says_so(loaded: Database) -> None:
    shelves = await read(loaded, "score", SHELF, "2024")
    assert shelves[1].value == pytest.approx((400 * 8 + 200 * 16) / 600)
    assert (shelves[2].value, shelves[2].status) == (None, "missing")
    assert shelves[2].note == "Only 33 % of people are in boxes of 2021 with a value."


async def test_a_share_is_the_sum_of_numerators_over_that_of_denominators(
    loaded: Database,
) -> None:
    shelves = await read(loaded, "smoking", SHELF)
    assert shelves[1].value == pytest.approx(100 * 40 / 200)
    assert shelves[2].status == "missing"
    assert "times 100" in shelves[1].method


async def test_an_area_where_nobody_lives_is_not_missing_from_a_share(place: Database) -> None:
    people = AgeBand(0, None, np.array([400.0, 200.0, 0.0, 400.0, 14.0]))
    frames = dataclasses.replace(make_frames(), bands={BOX: [people]})
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, frames, PLURALS) as load,
    ):
        own = Denominator("own", "people asked")
        await load.add_indicators([make_indicator("asked", denominator=own, scale=100)])
        await load.add_series(make_series("asked"), make_ratios(B1=(10, 100), B4=(20, 50)))
        await load.aggregate()
        async with connection.begin(), AsyncSession(connection) as session:
            await load.swap(session)
            await session.flush()
    shelves = await read(place, "asked", SHELF)
    assert shelves[2].value == pytest.approx(40)
    assert shelves[2].denominator == 50
    # People live in the box that this shelf lacks.
    assert (shelves[1].value, shelves[1].status) == (None, "missing")


async def test_counts_add_up(loaded: Database) -> None:
    shelves, rooms = await read(loaded, "homes", SHELF), await read(loaded, "homes", ROOM)
    assert [row.value for row in shelves.values()] == [90, 130]
    assert [row.value for row in rooms.values()] == [220]


async def test_ranks_are_made_anew_and_one_is_the_worst(loaded: Database) -> None:
    shelves = await read(loaded, "score_rank", SHELF)
    assert [row.value for row in shelves.values()] == [2, 1]
    assert shelves[1].method == (
        "Rank by Score among the 2 shelves of 2021 of this place; 1 is the highest."
    )


async def test_what_can_be_neither_added_nor_averaged_is_refused(place: Database) -> None:
    notes = await load_everything(place)
    refused = {(note.indicator, note.area_type) for note in notes if note.is_refusal}
    assert {("mood", "shelf"), ("mood", "room")} <= refused
    assert await read(place, "mood", SHELF) == {}
    async with place.sessions() as session:
        query = text("SELECT refusals FROM indicators WHERE code = 'mood'")
        refusals = (await session.execute(query)).scalar_one()
    assert {each["area_type"] for each in refusals} == {"shelf", "room"}
    assert "neither added nor averaged" in refusals[0]["reason"]


async def test_a_second_load_changes_nothing_and_keeps_ids(loaded: Database) -> None:
    async with loaded.sessions() as session:
        query = text("SELECT code, id FROM indicators ORDER BY code")
        before = (await session.execute(query)).all()
    rows = await dump(loaded, ids=False)
    await load_everything(loaded)
    async with loaded.sessions() as session:
        assert (await session.execute(query)).all() == before
        assert await read_version(session, "indicators") == 2
    assert await dump(loaded, ids=False) == rows


async def load_twice_the_same_area(database: Database) -> None:
    """Begin a load that breaks off at its second row."""
    async with (
        database.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators(INDICATORS)
        await load.add_series(make_series("score"), make_values(B1=1) + make_values(B1=2))


async def test_a_load_that_fails_changes_nothing(loaded: Database) -> None:
    before = await dump(loaded)
    with pytest.raises(DuplicateRowsError, match="score in 2025: B1 twice"):
        await load_twice_the_same_area(loaded)
    assert await dump(loaded) == before


async def test_a_swap_that_is_rolled_back_changes_nothing(loaded: Database) -> None:
    before = await dump(loaded)
    async with (
        loaded.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators(INDICATORS[:1])
        async with connection.begin() as transaction, AsyncSession(connection) as session:
            await load.swap(session)
            await transaction.rollback()
    assert await dump(loaded) == before


async def test_rows_of_elsewhere_and_areas_without_a_row_are_counted(place: Database) -> None:
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators(INDICATORS)
        values = make_values(B1=1, X1=2, X2=3, A9=4, B2=None)
        assert await load.add_series(make_series("score"), values) == (3, 2, 2)


async def test_what_the_place_does_not_have_is_named(place: Database) -> None:
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators(INDICATORS)
        with pytest.raises(ValueError, match="no indicator 'height'"):
            await load.add_series(make_series("height"), [])
        with pytest.raises(ValueError, match=r"box of 1991.*no outlines"):
            await load.add_series(make_series("score", SetKey("box", 1991)), [])
        with pytest.raises(ValueError, match="infinite"):
            await load.add_series(make_series("score"), make_values(B1=float("inf")))
        await load.add_series(make_series("score"), make_values(B1=1))
        with pytest.raises(DuplicateRowsError, match="series"):
            await load.add_series(make_series("score"), make_values(B1=1))


async def test_areas_in_another_order_than_the_values_are_refused(place: Database) -> None:
    frames = make_frames()
    frames.sets[BOX] = AreaFrame(("A9", "B1", "B2", "B3", "B4"), 4)
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, frames, PLURALS) as load,
    ):
        await load.add_indicators(INDICATORS)
        await load.add_series(make_series("score"), make_values(B1=1))
        async with connection.begin(), AsyncSession(connection) as session:
            with pytest.raises(RuntimeError, match="box of 2021"):
                await load.swap(session)


async def test_what_is_published_for_larger_areas_stays(place: Database) -> None:
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators(INDICATORS)
        await load.add_series(make_series("score"), make_values(B1=10, B2=20, B3=30, B4=40))
        await load.add_series(make_series("score", SHELF), make_values(S1=1, S2=2))
        await load.aggregate()
        async with connection.begin(), AsyncSession(connection) as session:
            await load.swap(session)
            await session.flush()
    assert [row.value for row in (await read(place, "score", SHELF)).values()] == [1, 2]
    # The room is worked out from the finest: not from the shelves.
    assert (await read(place, "score", ROOM))[1].value == pytest.approx(25)


async def refuse(place: Database, **changes: Any) -> str:  # noqa: ANN401 - any field
    """Return why an indicator with `changes` is not worked out for shelves."""
    ratio = NewValue("B1", 10, None, None, 1, 2, "", None)
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators([*INDICATORS, make_indicator("tried", **changes)])
        await load.add_series(make_series("tried"), [ratio])
        notes = [note for note in await load.aggregate() if note.area_type == "shelf"]
    assert notes[0].is_refusal
    return notes[0].sentence


async def test_refusals_say_what_is_missing(place: Database) -> None:
    teens = Denominator("people", "people aged 13 to 19", 13, 19)
    assert "no age bands" in await refuse(place, denominator=teens)
    assert "denominator is not known" in await refuse(place, denominator=Denominator("none"))
    homes = Denominator("indicator", "homes", indicator="homes")
    assert "'homes' is not given" in await refuse(place, denominator=homes)
    own = Denominator("own", "people asked")
    assert "do not give its values (times 100)" in await refuse(place, denominator=own, scale=100)
    assert "not loaded" in await refuse(place, aggregate="rank", ranks=None)
    assert "Score is not known" in await refuse(place, aggregate="rank", ranks="score")


async def test_a_mean_can_be_weighted_by_another_indicator(place: Database) -> None:
    homes = Denominator("indicator", "homes", indicator="homes")
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        await load.add_indicators([*INDICATORS, make_indicator("cold", denominator=homes)])
        # The only period of homes counts, though it is another one.
        counts = make_values(B1=40, B2=10, B3=60, B4=70)
        await load.add_series(make_series("homes", period="2021"), counts)
        await load.add_series(make_series("cold"), make_values(B1=1, B2=6, B3=3, B4=4))
        await load.aggregate()
        async with connection.begin(), AsyncSession(connection) as session:
            await load.swap(session)
            await session.flush()
    assert (await read(place, "cold", SHELF))[1].value == pytest.approx((40 * 1 + 10 * 6) / 50)


async def test_what_does_not_add_up_is_found(place: Database) -> None:
    outside = NewValue("B1", 10, 11, 12, None, None, "", None)
    stray = NewComparator("height", "2025", "2025", "", "", "N1", "Nation", 1, None, None, None)
    async with (
        place.engine.connect() as connection,
        open_indicator_load(connection, make_frames(), PLURALS) as load,
    ):
        lost = Denominator("indicator", "homes", indicator="castles")
        await load.add_indicators([*INDICATORS[:2], make_indicator("cold", denominator=lost)])
        await load.add_series(make_series("score"), [outside])
        await load.add_comparators([stray])
        assert await load.check() == {
            "indicator_unknown": ["height"],
            "indicator_without_values": ["cold", "score_rank"],
            "value_outside_limits": ["score box 2021 2025 in 1 areas"],
            "denominator_unknown": ["cold"],
        }
