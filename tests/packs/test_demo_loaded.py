"""The demonstration's organisations, assets and sites, loaded with every hard case of theirs."""

from typing import Any

from sqlalchemy import text

from app.core.database import Database


async def ask(database: Database, query: str) -> list[Any]:
    """Return the rows of a query."""
    async with database.sessions() as session:
        return list((await session.execute(text(query))).all())


async def test_all_of_it_is_there(demo_database: Database) -> None:
    counts = await ask(
        demo_database,
        "SELECT (SELECT count(*) FROM organisations), (SELECT count(*) FROM assets), "
        "(SELECT count(*) FROM asset_sites)",
    )
    assert counts == [(340, 455, 458)]
    statuses = await ask(demo_database, "SELECT DISTINCT status FROM assets")
    assert statuses == [("published",)]  # the takedown that is asked for waits for somebody


async def test_the_hard_cases(demo_database: Database) -> None:
    rows = await ask(
        demo_database,
        "SELECT name, visibility, findable, alert, term_time_only, translations -> 'cy' ->> 'name' "
        "AS welsh FROM assets ORDER BY name",
    )
    named = {row.name: row for row in rows}
    assert (named["Hadder Lamp Refuge"].visibility, named["Hadder Lamp Refuge"].findable) == (
        "hidden", True,
    )  # fmt: skip
    assert (named["Alder House"].visibility, named["Alder House"].findable) == ("hidden", False)
    assert named["Between Two Shores"].welsh == "Rhwng Dwy Lan"
    assert named["Lantern Street Baths"].alert.startswith("The main pool is closed")
    assert named["School Gate Stay and Play"].term_time_only == "yes"
    assert [row.name for row in rows if row.visibility == "area only"] == [
        "Night Owls: parents of children who do not sleep"
    ]


async def test_sites_at_places_in_served_areas_online_and_by_phone(
    demo_database: Database,
) -> None:
    modes = await ask(
        demo_database, "SELECT mode, count(*) AS times FROM asset_sites GROUP BY mode ORDER BY mode"
    )
    assert {row.mode: row.times for row in modes} == {
        "address": 189, "online": 1, "phone": 1, "place": 255, "served areas": 12,
    }  # fmt: skip
    guests = await ask(
        demo_database,
        "SELECT a.name FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id "
        "JOIN assets AS p ON p.id = s.place_id AND p.name = 'Staithe Hall' ORDER BY a.name",
    )
    names = [row.name for row in guests]
    assert {"Harbour Whist", "Little Herrings", "Staithe Singers"} <= set(names)
    four = await ask(
        demo_database,
        "SELECT count(*) FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id "
        "WHERE a.name = 'Haddermouth Pantry Network'",
    )
    assert four == [(4,)]


async def test_confirmations_and_methods_are_those_of_the_file(demo_database: Database) -> None:
    rows = await ask(
        demo_database,
        "SELECT s.aspect, s.asserted_on::text, s.holds_until::text FROM assertions AS s "
        "JOIN record_sources AS r USING (subject, subject_id) "
        "WHERE r.source_id = 'HAD-A-0001' AND s.subject = 'asset' ORDER BY 1",
    )
    assert [tuple(row) for row in rows] == [
        (aspect, "2026-07-17", "2029-07-16") for aspect in ("contact", "existence", "hours")
    ]


async def test_the_report_tells_what_somebody_must_decide_and_no_hidden_name(
    demo_database: Database,
) -> None:
    ((report,),) = await ask(demo_database, "SELECT report::text FROM packs")
    assert "Thursday Prayer and Supper" in report
    assert "Alder" not in report
    assert "Refuge" not in report
