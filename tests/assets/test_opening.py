"""Whether sites are open, for strangers only of what they may see; and lists by day."""

from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.assets.opening import tell_openings
from app.assets.schedules.days import State
from app.core.database import Database
from app.core.public_reads import PublicReads
from tests.planting import add_asset, at, find_district

MONDAY_NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
async def reads(demo_database: Database) -> PublicReads:
    """Reading with the right of strangers."""
    return PublicReads(demo_database.address.for_libpq, 0, 10, 10)


async def _plant(database: Database, hours: str, visibility: str = "public") -> str:
    district = await find_district(database)
    kept = await add_asset(
        database,
        {
            "kind": "place",
            "name": f"Hall {hours} {visibility}",
            "categories": ["hall"],
            "visibility": visibility,
            "sites": [{"location": at(district["points"][0]), "opening_hours": hours}],
        },
    )
    return str(kept.public_id)


async def test_open_until_and_opens_at(
    client: httpx.AsyncClient, demo_database: Database, reads: PublicReads
) -> None:
    told = {}
    for hours in ("Mo-Fr 09:00-20:00", "Tu 10:00-12:00", "Mo 12:00-12:30", "24/7", ""):
        asset = await _plant(demo_database, hours)
        site = UUID((await client.get(f"/api/v1/assets/{asset}")).json()["sites"][0]["id"])
        async with demo_database.sessions() as session:
            found = await tell_openings(reads, session, [site], MONDAY_NOON)
        told[hours] = found.get(site)
    assert told[""] is None
    daily, later, short = (
        told[hours] for hours in ("Mo-Fr 09:00-20:00", "Tu 10:00-12:00", "Mo 12:00-12:30")
    )
    assert daily is not None
    assert later is not None
    assert short is not None
    assert daily.until is not None
    assert later.until is not None
    assert short.until is not None
    assert (daily.state, daily.until.hour, daily.until.day) == (State.OPEN, 20, 30)
    assert (later.state, later.opens, later.until.hour, later.until.day) == (
        State.CLOSED, True, 10, 1,
    )  # fmt: skip
    assert short.until.minute == 30
    assert told["24/7"] == (State.OPEN, None, False)


async def test_hours_of_the_hidden_are_not_told(
    demo_database: Database, reads: PublicReads
) -> None:
    await _plant(demo_database, "24/7", "hidden")
    async with demo_database.sessions() as session:
        sites = (
            await session.scalars(
                text(
                    "SELECT s.public_id FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id"
                    " WHERE a.name LIKE 'Hall 24/7 hidden'"
                )
            )
        ).all()
        assert sites
        assert await tell_openings(reads, session, sites, MONDAY_NOON) == {}


async def test_lists_by_day_hold_what_opens_then_and_say_who_does_not_say(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    await _plant(demo_database, "Tu 10:00-12:00")
    await _plant(demo_database, "")
    for day, found in ((date(2026, 12, 1), 1), (date(2026, 12, 2), 0)):
        asked = {"q": '"hall tu"', "open_on": day.isoformat()}
        answer = (await client.get("/api/v1/assets", params=asked)).json()
        assert answer["number_matched"] == found
        assert answer["not_stated"] == 0
    asked = {"category": "hall", "open_on": "2026-12-01"}
    assert (await client.get("/api/v1/assets", params=asked)).json()["not_stated"] >= 1


async def test_rows_of_lists_say_how_fresh_they_are(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    asset = await _plant(demo_database, "24/7")
    row = (await client.get("/api/v1/assets", params={"q": "Hall 24/7"})).json()["features"][0]
    assert row["id"] == asset
    whole = (await client.get(f"/api/v1/assets/{asset}")).json()
    assert row["properties"]["freshness"] == whole["freshness"] != []
