"""Imports: done again they change nothing; people's edits stay; what was taken down stays down."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from app.assets.importing import AssetEntry, import_assets, remove_other_assets
from app.core.database import Database
from app.core.errors import BadRequestError
from app.organisations.importing import OrganisationEntry, import_organisations
from app.records.documents import Origin
from app.records.entries import Confirmation, ImportCounts, Joined
from app.records.identity import name_imported
from app.records.vocabulary import Aspect, Method, Status, Subject
from app.records.writing import Deed
from tests.assets.keeping_assets import (
    ADMINISTRATOR,
    describe_asset,
    describe_organisation,
    fetch,
    keeping,
)

LIST = "Halls of the borough"


def enter(source_id: str = "H-1", **changes: object) -> AssetEntry:
    """Return a hall as a list has it."""
    origin = Origin(source=LIST, source_id=source_id, licence="OGL-UK-3.0", method=Method.IMPORTED)
    fields: dict[str, Any] = {"kind": "place", "name": "Salt Hall", "categories": ["hall"]}
    return AssetEntry(describe_asset(**{**fields, **changes}), origin)


async def take_in(database: Database, *entries: AssetEntry) -> ImportCounts:
    """Import in a transaction of its own."""
    async with database.sessions.begin() as session:
        return await import_assets(session, entries)


async def find_public_id(database: Database, source_id: str = "H-1") -> Any:  # noqa: ANN401
    """Return the public id of what a list calls so."""
    rows = await fetch(
        database,
        """SELECT a.public_id FROM assets AS a JOIN record_sources AS r ON r.subject_id = a.id
           WHERE r.subject = 'asset' AND r.source = :source AND r.source_id = :source_id""",
        source=LIST,
        source_id=source_id,
    )
    assert len(rows) == 1
    return rows[0]["public_id"]


async def count_revisions(database: Database, source_id: str = "H-1") -> int:
    """Return how many revisions a record has."""
    public_id = await find_public_id(database, source_id)
    async with keeping(database) as keeper:
        return len(await keeper.list_revisions(public_id))


async def test_importing_the_same_twice_changes_nothing(demo_database: Database) -> None:
    assert await take_in(demo_database, enter()) == ImportCounts(added=1)
    public_id = await find_public_id(demo_database)
    versions = "SELECT topic, version FROM versions ORDER BY topic"
    before = await fetch(demo_database, versions)
    assert await take_in(demo_database, enter()) == ImportCounts(unchanged=1)
    assert await find_public_id(demo_database) == public_id
    assert await count_revisions(demo_database) == 1
    assert await fetch(demo_database, versions) == before


async def test_what_the_source_says_anew_is_taken_over_and_kept_as_a_revision(
    demo_database: Database,
) -> None:
    await take_in(demo_database, enter())
    counts = await take_in(demo_database, enter(description="With a kitchen"))
    assert counts == ImportCounts(changed=1)
    public_id = await find_public_id(demo_database)
    async with keeping(demo_database) as keeper:
        newest = (await keeper.list_revisions(public_id))[0]
    assert (newest.action, newest.method) == ("brought up to date", "imported")
    assert [tuple(change) for change in newest.changes] == [("description", "", "With a kitchen")]


async def test_what_people_edited_is_kept_field_by_field(demo_database: Database) -> None:
    await take_in(demo_database, enter())
    public_id = await find_public_id(demo_database)
    deed = Deed(ADMINISTRATOR, "changed", Method.VISITED)
    async with keeping(demo_database) as keeper:
        await keeper.edit(public_id, {"name": "The Salt Hall"}, 1, deed)
    fresh = enter(name="SALT HALL", description="With a kitchen")
    assert await take_in(demo_database, fresh) == ImportCounts(changed=1, kept_edits=1)
    async with keeping(demo_database) as keeper:
        document = (await keeper.open(public_id)).document
    assert (document.name, document.description) == ("The Salt Hall", "With a kitchen")
    assert await take_in(demo_database, fresh) == ImportCounts(unchanged=1)


async def test_a_site_that_the_source_moves_keeps_its_id(demo_database: Database) -> None:
    await take_in(demo_database, enter())
    public_id = await find_public_id(demo_database)
    async with keeping(demo_database) as keeper:
        before = (await keeper.open(public_id)).document.sites[0]
    moved = [{"address": "14 Oak Lane", "location": {"lon": 1.185, "lat": 53.85}}]
    assert await take_in(demo_database, enter(sites=moved)) == ImportCounts(changed=1)
    async with keeping(demo_database) as keeper:
        after = (await keeper.open(public_id)).document.sites[0]
    assert (after.id, after.address) == (before.id, "14 Oak Lane")


async def test_what_was_taken_down_stays_down_however_often_it_is_imported(
    demo_database: Database,
) -> None:
    await take_in(demo_database, enter())
    public_id = await find_public_id(demo_database)
    async with keeping(demo_database) as keeper:
        await keeper.move(public_id, Status.TAKEN_DOWN, "asked by the owner")
    for _ in range(2):
        assert await take_in(demo_database, enter(name="New name")) == ImportCounts(taken_down=1)
    query = "SELECT count(*) AS found FROM public_assets WHERE public_id = :id"
    assert await fetch(demo_database, query, id=public_id) == [{"found": 0}]


async def test_the_takedown_list_outlives_the_record_itself(demo_database: Database) -> None:
    await take_in(demo_database, enter())
    public_id = await find_public_id(demo_database)
    async with keeping(demo_database) as keeper:
        await keeper.move(public_id, Status.TAKEN_DOWN, "asked by the owner")
    async with demo_database.sessions.begin() as session:
        sources = text("DELETE FROM record_sources WHERE source = :source")
        await session.execute(sources, {"source": LIST})
        assets = text("DELETE FROM assets WHERE public_id = :public_id")
        await session.execute(assets, {"public_id": public_id})
    assert await take_in(demo_database, enter()) == ImportCounts(taken_down=1)


async def test_a_row_may_refer_to_a_place_and_an_organisation_of_other_lists(
    demo_database: Database,
) -> None:
    group = Origin(source="Groups", source_id="G-1", licence=None, method=Method.IMPORTED)
    async with demo_database.sessions.begin() as session:
        entry = OrganisationEntry(describe_organisation(), group)
        assert await import_organisations(session, [entry]) == ImportCounts(added=1)
    at_hall = {"mode": "place", "place": str(name_imported(Subject.ASSET, LIST, "H-1"))}
    club = enter(
        "C-1",
        kind="activity",
        name="Chess",
        categories=["craft"],
        sites=[at_hall],
        organisation=str(name_imported(Subject.ORGANISATION, "Groups", "G-1")),
    )
    assert await take_in(demo_database, club, enter()) == ImportCounts(added=2)
    rows = await fetch(
        demo_database,
        """SELECT a.name, a.organisation_name, s.place_name, s.address
           FROM public_assets AS a JOIN public_sites AS s ON s.asset_id = a.id
           WHERE a.public_id = :id""",
        id=await find_public_id(demo_database, "C-1"),
    )
    assert rows == [
        {
            "name": "Chess",
            "organisation_name": "Old Town Friends",
            "place_name": "Salt Hall",
            "address": "12 Oak Lane",
        }
    ]
    assert await take_in(demo_database, club, enter()) == ImportCounts(unchanged=2)


async def test_a_reference_to_nothing_refuses_the_import(demo_database: Database) -> None:
    nowhere = [{"mode": "place", "place": str(name_imported(Subject.ASSET, LIST, "none"))}]
    with pytest.raises(BadRequestError, match="refers to"):
        await take_in(demo_database, enter(kind="activity", sites=nowhere), enter("H-2"))
    query = "SELECT count(*) AS found FROM record_sources WHERE source = 'Halls of the borough'"
    assert await fetch(demo_database, query) == [{"found": 0}]


async def test_a_row_joined_from_another_list_is_kept_with_its_reason(
    demo_database: Database,
) -> None:
    other = Origin(source="Warm rooms", source_id="W-9", licence=None, method=Method.IMPORTED)
    entry = enter()._replace(joined=(Joined(other, "same name and postcode"),))
    for _ in range(2):
        await take_in(demo_database, entry)
    rows = await fetch(
        demo_database,
        """SELECT r.source, r.licence, r.reason FROM record_sources AS r
           JOIN assets AS a ON a.id = r.subject_id AND r.subject = 'asset'
           WHERE a.public_id = :id ORDER BY r.id""",
        id=await find_public_id(demo_database),
    )
    assert rows == [
        {"source": LIST, "licence": "OGL-UK-3.0", "reason": None},
        {"source": "Warm rooms", "licence": None, "reason": "same name and postcode"},
    ]


async def test_what_a_source_confirmed_is_kept_once(demo_database: Database) -> None:

    said = Confirmation(Aspect.HOURS, date(2026, 3, 1), None, Method.PHONED)
    entry = enter()._replace(confirmations=(said,))
    await take_in(demo_database, entry)
    await take_in(demo_database, entry._replace(document=enter(description="New").document))
    rows = await fetch(
        demo_database,
        """SELECT aspect, asserted_on, holds_until, method FROM assertions AS s
           JOIN assets AS a ON a.id = s.subject_id AND s.subject = 'asset'
           WHERE a.public_id = :id""",
        id=await find_public_id(demo_database),
    )
    assert rows == [
        {
            "aspect": "hours",
            "asserted_on": date(2026, 3, 1),
            "holds_until": date(2027, 3, 1),
            "method": "phoned",
        }
    ]


async def take_all(database: Database, collection: str, *entries: AssetEntry) -> ImportCounts:
    """Import what is the whole of a collection, in a transaction of its own."""
    async with database.sessions.begin() as session:
        return await import_assets(session, entries, collection)


async def find_status(database: Database, source_id: str) -> str:
    """Return how a record stands."""
    public_id = await find_public_id(database, source_id)
    query = "SELECT status FROM assets WHERE public_id = :id"
    return str((await fetch(database, query, id=public_id))[0]["status"])


async def test_what_its_source_has_no_more_is_closed_and_comes_back_with_it(
    demo_database: Database,
) -> None:
    await take_all(demo_database, "halls:a", enter("H-1"), enter("H-2", name="Other Hall"))
    counts = await take_all(demo_database, "halls:a", enter("H-1"))
    assert counts == ImportCounts(unchanged=1, closed=1)
    assert await find_status(demo_database, "H-2") == "closed"
    assert (await take_all(demo_database, "halls:a", enter("H-1"))).closed == 0
    await take_all(demo_database, "halls:a", enter("H-1"), enter("H-2", name="Other Hall"))
    assert await find_status(demo_database, "H-2") == "published"


async def test_what_people_worked_on_is_not_closed_by_a_source(demo_database: Database) -> None:
    await take_all(demo_database, "halls:a", enter("H-1"), enter("H-2", name="Other Hall"))
    public_id = await find_public_id(demo_database, "H-2")
    deed = Deed(ADMINISTRATOR, "changed", Method.VISITED)
    async with keeping(demo_database) as keeper:
        await keeper.edit(public_id, {"alert": "Open again"}, 1, deed)
    counts = await take_all(demo_database, "halls:a", enter("H-1"))
    assert counts == ImportCounts(unchanged=1)
    assert await find_status(demo_database, "H-2") == "published"


async def test_what_somebody_closed_is_not_opened_by_a_source(demo_database: Database) -> None:
    await take_all(demo_database, "halls:a", enter("H-1"))
    async with keeping(demo_database) as keeper:
        await keeper.move(await find_public_id(demo_database), Status.CLOSED, "burnt down")
    await take_all(demo_database, "halls:a", enter("H-1", description="With a kitchen"))
    assert await find_status(demo_database, "H-1") == "closed"


async def test_another_place_takes_its_assets_along_but_not_what_people_did(
    demo_database: Database,
) -> None:
    await take_all(
        demo_database,
        "halls:a",
        enter("H-1"),
        enter("H-2", name="Edited Hall"),
        enter("H-3", name="Place of an edited club"),
        enter(
            "C-1",
            kind="activity",
            name="Club",
            sites=[{"mode": "place", "place": str(name_imported(Subject.ASSET, LIST, "H-3"))}],
        ),
    )
    deed = Deed(ADMINISTRATOR, "changed", Method.VISITED)
    for source_id in ("H-2", "C-1"):
        async with keeping(demo_database) as keeper:
            public_id = await find_public_id(demo_database, source_id)
            await keeper.edit(public_id, {"alert": "Ring first"}, 1, deed)
    async with demo_database.sessions.begin() as session:
        counts = await remove_other_assets(session, "halls:b")
    assert counts == ImportCounts(removed=1)
    rows = await fetch(
        demo_database,
        "SELECT source_id FROM record_sources WHERE source = :source ORDER BY source_id",
        source=LIST,
    )
    assert [row["source_id"] for row in rows] == ["C-1", "H-2", "H-3"]
    revisions = """SELECT count(*) AS left_over FROM revisions AS r WHERE r.subject = 'asset'
                   AND NOT EXISTS (SELECT FROM assets AS a WHERE a.id = r.subject_id)"""
    assert await fetch(demo_database, revisions) == [{"left_over": 0}]
