"""The list for programs: RSS and iCalendar of the same rows, and nothing that the page has not."""

import html
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar

from app.core.database import Database
from tests.planting import add_asset, at, find_district

HTML = {"accept": "text/html"}
HOSTILE = "]]><script>alert(1)</script>&amp; \"' ATTENDEE:x; {{ 7*7 }}"
WEEKLY = {
    "rrule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20301231", "dtstart": "2026-09-01", "starts": "10:00",
    "ends": "12:00", "except_dates": ["2030-12-24"],
}  # fmt: skip


@pytest.fixture
async def district(demo_database: Database) -> dict[str, Any]:
    """A district in which these tests plant things."""
    return await find_district(demo_database)


async def plant(database: Database, name: str, point: object, **said: Any) -> None:  # noqa: ANN401 - any field
    """Add a hall at a point that takes place every Tuesday."""
    site = {
        "location": at(point),  # type: ignore[arg-type]
        "address": "7 Test Street", "postcode": "HF9 9ZZ", "recurrences": [WEEKLY],
        **said.pop("site", {}),
    }  # fmt: skip
    document = {"kind": "activity", "name": name, "categories": ["hall"], "sites": [site], **said}
    await add_asset(database, document)


async def read_rss(client: httpx.AsyncClient, query: str) -> ET.Element:
    """Return the feed of a list."""
    response = await client.get(f"/near.rss?{query}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/rss+xml")
    assert "set-cookie" not in response.headers
    return ET.fromstring(response.content)  # noqa: S314 - our own answer


async def read_events(client: httpx.AsyncClient, query: str) -> list[Any]:
    """Return the events of the calendar of a list."""
    response = await client.get(f"/near.ics?{query}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert max(map(len, response.content.split(b"\r\n"))) <= 75
    calendar = Calendar.from_ical(response.content)
    assert calendar.walk("VTIMEZONE")
    return list(calendar.walk("VEVENT"))


@pytest.mark.reads
async def test_the_page_offers_the_feeds_of_what_was_asked(client: httpx.AsyncClient) -> None:
    asked = {"where": "HF1 1AA", "within": "5km", "category": "library", "free": "yes"}
    page = (await client.get("/near", params={**asked, "first": "1"}, headers=HTML)).text
    query = str(httpx.QueryParams({**{k: asked[k] for k in ("where", "category", "free")},
                                   "within": "5km"}))  # fmt: skip
    for ending, kind in (("rss", "application/rss+xml"), ("ics", "text/calendar")):
        linked = re.search(
            rf'<link rel="alternate" type="{re.escape(kind)}"[^>]* href="(.*?)"', page
        )
        assert linked is not None
        assert html.unescape(linked[1]) == f"/near.{ending}?{query}"
        assert page.count(f'href="{linked[1]}"') == 2, "in the head, and to be pressed"


async def test_both_have_the_rows_of_the_page(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    lon, lat = district["points"][0]
    for number in range(3):
        await plant(demo_database, f"Hall {number}", district["points"][0])
    query = f"near={lon:.6f},{lat:.6f}&within=5km&category=hall"
    page = (await client.get(f"/near?{query}", headers=HTML)).text
    shown = re.findall(r'class="ha-found__name"><a href="([^"]+)">', page)
    items = (await read_rss(client, query)).findall("channel/item")
    linked = [item.findtext("link", "").removeprefix("http://hereabouts.test") for item in items]
    assert linked[: len(shown)] == shown
    assert all(item.findtext("pubDate") and item.findtext("guid") for item in items)
    assert {"Hall 0", "Hall 1", "Hall 2"} <= {item.findtext("title") for item in items}
    names = {str(event["summary"]) for event in await read_events(client, query)}
    assert {"Hall 0", "Hall 1", "Hall 2"} <= names


@pytest.mark.reads
async def test_a_feed_begins_at_the_first_row_and_is_longer_than_a_page(
    client: httpx.AsyncClient,
) -> None:
    first = await read_rss(client, "category=health&sort=name")
    assert len(first.findall("channel/item")) > 20
    page = (await client.get("/near?category=health&sort=name", headers=HTML)).text
    following = re.search(r'<a href="/near\?([^"]+)" rel="next"', page)
    assert following is not None
    again = await read_rss(client, html.unescape(following[1]))
    titles = [[item.findtext("title") for item in feed.iter("item")] for feed in (first, again)]
    assert titles[0] == titles[1]


async def test_an_event_says_when_and_where_for_good(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    await plant(demo_database, "Zither evening", district["points"][0], cost="free")
    (event,) = await read_events(client, "q=Zither+evening")
    (again,) = await read_events(client, "q=Zither+evening&category=hall")
    assert event["uid"] == again["uid"]
    london = ZoneInfo("Europe/London")
    assert event["dtstart"].dt == datetime(2026, 9, 1, 10, tzinfo=london)
    assert event["dtend"].dt == datetime(2026, 9, 1, 12, tzinfo=london)
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY;UNTIL=20301231T100000Z;BYDAY=TU"
    assert [each.dt for each in event["exdate"].dts] == [datetime(2030, 12, 24, 10, tzinfo=london)]
    assert event["dtstamp"].dt.tzinfo is not None
    assert event["location"] == "7 Test Street, HF9 9ZZ"
    assert event["geo"].to_ical() == "{1};{0}".format(*district["points"][0])
    assert event["url"].startswith("http://hereabouts.test/assets/")
    assert "Free" in event["description"]


async def test_what_is_private_is_in_no_feed(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    served = {"served_areas": [{"type": "msoa", "code": district["code"]}]}
    await plant(demo_database, "Secret zither hall", district["points"][0], visibility="hidden")
    await plant(demo_database, "Findable zither hall", district["points"][0], visibility="hidden",
                findable=True, site=served)  # fmt: skip
    await plant(demo_database, "Quiet zither hall", district["points"][0], visibility="area only")
    lon, lat = district["points"][0]
    for query in (
        f"near={lon},{lat}&within=5km&q=zither",
        "q=zither",
        f"place=msoa:{district['code']}&q=zither",
    ):
        for path in ("/near.rss", "/near.ics"):
            answer = (await client.get(f"{path}?{query}")).text.replace("\r\n ", "")
            assert "Secret zither hall" not in answer
            assert "Quiet zither hall" in answer
            assert "7 Test Street" not in answer
    (event,) = await read_events(client, "q=Quiet+zither")
    assert event["location"] == f"In {district['name']}"
    assert "geo" not in event
    for event in await read_events(client, f"place=msoa:{district['code']}&q=zither"):
        assert event["summary"] != "Findable zither hall"


async def test_odd_names_break_neither(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    await plant(demo_database, "Odd hall", district["points"][0], cost_words=HOSTILE,
                description=HOSTILE, cost="paid", site={"address": HOSTILE})  # fmt: skip
    item = (await read_rss(client, "q=Odd+hall")).find("channel/item")
    assert item is not None
    assert "<script>" in item.findtext("description", "")
    (event,) = await read_events(client, "q=Odd+hall")
    assert "attendee" not in event
    assert "<script>" in event["location"]


@pytest.mark.reads
@pytest.mark.parametrize("path", ["/near.rss", "/near.ics"])
async def test_without_a_list_they_lead_to_the_page_that_says_why(
    client: httpx.AsyncClient, path: str
) -> None:
    for query in ("", "?where=nowhere+at+all&within=20min", "?category=nonsense"):
        answer = await client.get(f"{path}{query}")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/near{query}"


@pytest.mark.reads
async def test_nothing_found_is_an_empty_feed_that_can_be_read(client: httpx.AsyncClient) -> None:
    assert (await read_rss(client, "q=zzzzqqqq")).findall("channel/item") == []
    assert await read_events(client, "q=zzzzqqqq") == []


async def test_what_has_not_changed_is_not_sent_again(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    for path in ("/near.rss?category=hall", "/near.ics?category=hall"):
        etag = (await client.get(path)).headers["etag"]
        held = await client.get(path, headers={"if-none-match": etag})
        assert held.status_code == 304
        await plant(demo_database, f"New hall {path}", district["points"][0])
        assert (await client.get(path, headers={"if-none-match": etag})).status_code == 200
