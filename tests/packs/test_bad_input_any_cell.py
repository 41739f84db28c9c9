"""Whatever stands in one cell of a pack's files: a report or a sentence, and nothing half-done."""

import asyncio
import copy
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from app.core.database import Database, DatabaseAddress
from app.packs.manifest import PackProblem
from app.packs.report import LoadReport
from app.packs.service import load_pack
from tests.packs.small_pack import CODES, SHELVES, SmallPack, dump, ignore, load_good, told

EXAMPLES = 25
"""Each is a whole load, most of a second."""

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from((
        "", " ", "-999", "NaN", "inf", "1e400", "1,5", "1,500", "12 %", "0x10", "=1+1", '"', "'",
        ",", ";", "\n", "\x00", "\ufeff", "A0001", "A001", "a0001", "Z0009", "S100", "0", "-1",
        "99999999999999999999", "1.5", "nan", "٣", "²", "1_000", "AB10 1XY", "null", "None",
    )),
    st.floats().map(str),
    st.integers().map(str),
)  # fmt: skip


def is_number(text: str, least: float, most: float) -> bool:
    """Return whether a plain number of this range stands in a cell."""
    try:
        return least <= float(text.replace(",", "")) <= most and "_" not in text
    except ValueError:
        return False


def may_stand(column: str, text: str) -> bool:
    """Return whether a cell may hold this though it is not what stood there: no row is told."""
    text = text.strip()
    if column in {"code", "box", "shelf", "old", "new"}:
        return text != "" and text not in {each[:-1] for each in (*CODES, *SHELVES)}
    if column == "p":
        return any(each.isalnum() for each in text)
    if column in {"age_to", "pupils", "poverty", "low", "high"}:
        return text == "" or is_number(text, -1e18, 1e18)
    limits = {"people": (0, 2e9), "age_from": (0, 150), "x": (-180, 180), "y": (-90, 90)}
    return is_number(text, *limits[column])


def check_told(report: LoadReport, file: str, row: int, column: str, text: str) -> None:
    """Check that a cell that can mean nothing is told by its row."""
    if not may_stand(column, text):
        assert row in [number for number, _ in told(report, file)], (column, text)


class Change(NamedTuple):
    """One cell with something else in it."""

    file: str
    row: int
    column: str
    text: str


@st.composite
def draw_change(draw: DrawFn) -> Change:
    """Return any cell of the small pack's tables, with any text."""
    file = draw(st.sampled_from(sorted(TABLES)))
    columns, rows = TABLES[file]
    return Change(file, draw(st.integers(2, rows)), draw(st.sampled_from(columns)), draw(CELLS))


TABLES: dict[str, tuple[list[str], int]] = {
    "became.csv": (["old", "new"], 13),
    "counts.csv": (["code", "pupils", "poverty", "low", "high"], 13),
    "middles.csv": (["code", "x", "y"], 13),
    "on.csv": (["box", "shelf"], 13),
    "people.csv": (["code", "age_from", "age_to", "people"], 25),
    "post.csv": (["p", "x", "y"], 13),
}


async def try_cell(database: Database, pack: SmallPack, change: Change) -> None:
    """Load the pack with one cell changed, and check what is said and what is kept."""
    before = await dump(database)
    good = copy.deepcopy(pack.tables)
    pack.set(*change)
    try:
        report = await load_pack(database, pack.folder, ignore, force=True)
    except PackProblem as problem:
        assert change.file in str(problem)  # noqa: PT017 - either is right
        assert await dump(database) == before
    else:
        check_told(report, *change)
        # A row of people, postcodes or values is gone at most; nothing else with it.
        assert report.counts["areas"] == 27
        assert report.counts["postcodes"] >= 11
        assert report.counts["lookup rows"] >= 23
        assert report.counts["values"] >= 26
    finally:
        pack.tables = good


def test_any_text_in_any_cell_is_told_or_refused(address: DatabaseAddress, tmp_path: Path) -> None:
    async def with_database(change: Change | None) -> None:
        database = Database(address, pool_size=0)
        try:
            if change is None:
                await load_good(database, tmp_path)
            else:
                await try_cell(database, SmallPack(tmp_path), change)
        finally:
            await database.close()

    asyncio.run(with_database(None))

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(change=draw_change())
    def try_any(change: Change) -> None:
        asyncio.run(with_database(change))

    try_any()
