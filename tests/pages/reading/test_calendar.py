"""The calendar of one asset: all its sites, only what everybody may know."""

from typing import Any

import httpx
import pytest
from icalendar import Calendar

from app.core.database import Database
from tests.planting import add_asset, at, edit_asset, find_district

HTML = {"accept": "text/html"}


@pytest.fixture
async def district(demo_database: Database) -> dict[str, Any]:
    """A publishing area with points inside."""
    return await find_district(demo_database)


def describe(district: dict[str, Any], *hours: str, **said: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return an asset with a site for each of some hours."""
    sites = [
        {"location": at(point), "address": f"{number} Test Street", "opening_hours": each}
        for number, (each, point) in enumerate(zip(hours, district["points"], strict=False), 1)
    ]
    return {"kind": "place", "name": "Reading Room", "categories": ["library"], "sites": sites,
            **said}  # fmt: skip


async def read(client: httpx.AsyncClient, asset: object) -> list[Any]:
    """Return the events of the calendar of an asset."""
    answer = await client.get(f"/assets/{asset}/calendar.ics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


async def test_every_site_is_in_it_and_the_page_offers_it(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    document = describe(district, "Mo-Fr 09:00-17:00", "Sa 10:00-12:00")
    asset = (await add_asset(demo_database, document)).public_id
    events = await read(client, asset)
    told = {(event["location"], event["rrule"]["BYDAY"][0]) for event in events}
    assert told == {("1 Test Street", "MO"), ("2 Test Street", "SA")}
    assert len({event["uid"] for event in events}) == 2
    page = (await client.get(f"/assets/{asset}", headers=HTML, follow_redirects=True)).text
    assert f'href="/assets/{asset}/calendar.ics"' in page


async def test_public_holidays_are_left_out(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    document = describe(district, "Mo-Su 09:00-17:00; PH off")
    (event,) = await read(client, (await add_asset(demo_database, document)).public_id)
    without = {f"{each.dt:%m-%d}" for each in event["exdate"].dts}
    assert {"12-25", "01-01"} <= without


async def test_an_event_is_the_same_one_after_a_change_of_words(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    asset = (await add_asset(demo_database, describe(district, "Mo 10:00-12:00"))).public_id
    (before,) = await read(client, asset)
    await edit_asset(demo_database, asset, {"name": "Reading Room and Tea"})
    (after,) = await read(client, asset)
    assert (before["uid"], after["summary"]) == (after["uid"], "Reading Room and Tea")


@pytest.mark.parametrize("hours", ["", "24/7"])
async def test_without_dates_there_is_none_and_none_is_offered(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any], hours: str
) -> None:
    asset = (await add_asset(demo_database, describe(district, hours))).public_id
    assert (await client.get(f"/assets/{asset}/calendar.ics")).status_code == 404
    page = (await client.get(f"/assets/{asset}", headers=HTML, follow_redirects=True)).text
    assert "calendar.ics" not in page


@pytest.mark.parametrize("more", [{"findable": True}, {}])
async def test_what_is_hidden_has_none(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any], more: Any  # noqa: ANN401 - any field
) -> None:  # fmt: skip
    document = describe(district, "Mo 10:00-12:00", visibility="hidden", **more)
    asset = (await add_asset(demo_database, document)).public_id
    hidden = await client.get(f"/assets/{asset}/calendar.ics")
    missing = await client.get("/assets/7f3b8f0e-0000-4000-8000-000000000000/calendar.ics")
    assert hidden.status_code == missing.status_code == 404
    assert "Test Street" not in hidden.text


async def test_of_one_told_by_area_only_the_area_is_said(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    document = describe(district, "Mo 10:00-12:00", visibility="area only")
    (event,) = await read(client, (await add_asset(demo_database, document)).public_id)
    assert event["location"] == f"In {district['name']}"
    assert "geo" not in event
