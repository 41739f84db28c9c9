"""Loading categories: ids that last, terms that retire, and news of changes only."""

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.versions import read_version
from app.taxonomy.loading import (
    TaxonomyProblem,
    Term,
    TermCounts,
    load_terms,
    read_reference_terms,
    replace_terms,
)
from app.taxonomy.service import TOPIC, fetch_categories, fetch_category_ids, fetch_narrower_ids

KIOSK = Term("kiosk", "Kiosks", broader="pharmacy", synonyms=("booth",), file="own.csv", row=2)
REFERENCE_COUNT = len(read_reference_terms())


async def load(database: Database, *own: Term) -> TermCounts:
    """Load the reference set with `own`, in a transaction of its own."""
    async with database.sessions.begin() as session:
        return await load_terms(session, own)


async def find_ids(database: Database, *codes: str) -> dict[str, int]:
    """Return the ids of categories, retired ones too."""
    async with database.sessions() as session:
        return await fetch_category_ids(session, codes, with_retired=True)


async def find_version(database: Database) -> int:
    """Return how often categories have changed."""
    async with database.sessions() as session:
        return await read_version(session, TOPIC)


async def test_a_load_of_the_same_changes_nothing_and_tells_nobody(database: Database) -> None:
    first = await load(database, KIOSK)
    assert first == TermCounts(REFERENCE_COUNT + 1, REFERENCE_COUNT + 1, 0, 0)
    assert await find_version(database) == 1
    assert await load(database, KIOSK) == TermCounts(REFERENCE_COUNT + 1, 0, 0, 0)
    assert await find_version(database) == 1


async def test_a_term_that_is_gone_is_retired_and_comes_back_with_its_id(
    database: Database,
) -> None:
    await load(database, KIOSK)
    before = await find_ids(database, "kiosk", "pharmacy", "health")
    assert await load(database) == TermCounts(REFERENCE_COUNT, 0, 0, 1)
    assert await find_version(database) == 2
    async with database.sessions() as session:
        assert "kiosk" not in {row.code for row in await fetch_categories(session)}
        assert await fetch_category_ids(session, ["kiosk"]) == {}
        retired = (await fetch_categories(session, with_retired=True))[-1]
        assert (retired.code, retired.is_retired, retired.broader) == ("kiosk", True, "pharmacy")
        # Its assets are still found under what it was part of.
        assert before["kiosk"] in await fetch_narrower_ids(session, before["health"])
    counts = await load(database, KIOSK)
    assert (counts.added, counts.changed, counts.retired) == (0, 1, 0)
    assert await find_ids(database, "kiosk", "pharmacy", "health") == before


async def test_new_words_keep_the_id_and_are_told(database: Database) -> None:
    await load(database)
    before = await find_ids(database, "pharmacy")
    counts = await load(database, Term("pharmacy", "Chemists", file="own.csv", row=2))
    assert (counts.added, counts.changed, counts.retired) == (0, 1, 0)
    assert await find_version(database) == 2
    assert await find_ids(database, "pharmacy") == before
    async with database.sessions() as session:
        names = {row.code: row.name for row in await fetch_categories(session)}
    assert names["pharmacy"] == "Chemists"


async def test_everything_under_a_term_is_found_through_the_closure(database: Database) -> None:
    await load(database, KIOSK)
    ids = await find_ids(database, "kiosk", "pharmacy", "health", "library")
    query = text(
        "SELECT broader_id, depth FROM category_closure WHERE narrower_id = :id ORDER BY depth"
    )
    async with database.sessions() as session:
        rows = (await session.execute(query, {"id": ids["kiosk"]})).all()
        under = await fetch_narrower_ids(session, ids["pharmacy"])
    assert [tuple(row) for row in rows] == [
        (ids["kiosk"], 0),
        (ids["pharmacy"], 1),
        (ids["health"], 2),
    ]
    assert under == sorted([ids["pharmacy"], ids["kiosk"]])


async def test_a_term_that_moves_is_found_in_its_new_place_only(database: Database) -> None:
    tops = (
        Term("a", "A", shape="circle", colour="cat-a"),
        Term("b", "B", shape="square", colour="cat-b"),
    )
    async with database.sessions.begin() as session:
        await replace_terms(session, [*tops, Term("x", "X", broader="a")])
    async with database.sessions.begin() as session:
        await replace_terms(session, [*tops, Term("x", "X", broader="b")])
    ids = await find_ids(database, "a", "b", "x")
    async with database.sessions() as session:
        assert await fetch_narrower_ids(session, ids["a"]) == [ids["a"]]
        assert await fetch_narrower_ids(session, ids["b"]) == sorted([ids["b"], ids["x"]])
        shapes = {row.code: row.shape for row in await fetch_categories(session)}
    assert shapes["x"] == "square"


async def test_terms_that_do_not_fit_leave_what_there_was(database: Database) -> None:
    await load(database)
    with pytest.raises(TaxonomyProblem, match="do you mean 'library'"):
        await load(database, Term("van", "Book vans", broader="libary", file="own.csv", row=2))
    assert await find_version(database) == 1
