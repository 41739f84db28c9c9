"""Something that is held at several places: each with its own where, when and contacts."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.accounts.permissions import Grant, Role
from app.core.database import Database
from app.pages.adding.sites import MOST_SITES
from tests.accounts.conftest import add_person
from tests.pages.adding.walking import CONTACT, HTML, PEOPLE, TIME, Walker, find_place
from tests.planting import add_asset, find_district

SENT = """
SELECT r.document FROM assets AS a JOIN revisions AS r
ON r.subject = 'asset' AND r.subject_id = a.id AND r.number = a.revision
WHERE a.name = 'Brassica soup'
"""


async def read_sent(database: Database) -> list[dict[str, Any]]:
    """Return the documents of what was sent."""
    async with database.sessions() as session:
        return list(await session.scalars(text(SENT)))


@pytest.fixture
async def place(demo_database: Database) -> dict[str, str]:
    """A point as it is typed."""
    return await find_place(demo_database)


@pytest.fixture
async def walker(client: httpx.AsyncClient, place: dict[str, str]) -> Walker:
    """Somebody who has said where and when the first place is."""
    walker = Walker(client)
    await walker.begin()
    await walker.answer("place", place)
    await walker.answer("time", TIME)
    return walker


async def add_online(walker: Walker, number: int, **own: str) -> None:
    """Add another place: online."""
    await walker.answer("places", {"more": "yes"})
    await walker.answer(f"places/{number}/place", {"where": "online"})
    await walker.answer(f"places/{number}/time", {"when": "same"})
    await walker.answer(f"places/{number}/contact", {"reach": "same", **own})


async def finish(walker: Walker) -> None:
    """Answer the rest, and send it."""
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", PEOPLE)
    await walker.answer("contact", CONTACT)


async def test_each_place_has_its_own_where_when_and_contacts(
    walker: Walker, demo_database: Database
) -> None:
    assert walker.title == "Is it held anywhere else?"
    district = await find_district(demo_database, 1)
    lon, lat = district["points"][0]
    await walker.answer("places", {"more": "yes"})
    assert walker.title == "Where else is it held?"
    second = {"where": "point", "lat": str(lat), "lon": str(lon), "point_words": "The hut"}
    await walker.answer("places/2/place", second)
    assert walker.title == "When does it happen there?"
    assert "Thursday, 12 noon–3.30 pm" in walker.page.text
    await walker.answer("places/2/time", {"when": "weekly", "from_mo": "9 am", "to_mo": "10 am"})
    own = {"reach": "own", "phone": "0151 496 0002", "email": "jo@example.org", "private": "email"}
    await walker.answer("places/2/contact", own)
    assert walker.title == "Is it held anywhere else?"
    for said in ("Place 2", "The hut", "Monday, 9 am–10 am", "0151 496 0002"):
        assert said in walker.page.text
    await add_online(walker, 3)
    await finish(walker)
    assert walker.title == "Check your answers before you send them"
    assert "Place 3" in walker.page.text
    assert "jo@example.org (not for the public)" in walker.page.text
    seen = walker.page.text.partition('id="preview-title"')[2].partition("</section>")[0]
    assert "The hut" in seen
    assert "jo@example.org" not in seen
    await walker.answer("check", {}, "send")
    (document,) = await read_sent(demo_database)
    first, hut, online = document["sites"]
    assert [each["mode"] for each in document["sites"]] == ["address", "address", "online"]
    assert hut["address"] == "The hut"
    assert hut["location"] == {"lon": lon, "lat": lat}
    assert hut["opening_hours"] == "Mo 09:00-10:00"
    assert [(each["value"], each["visibility"]) for each in hut["contacts"]] == [
        ("0151 496 0002", "public"), ("jo@example.org", "hidden"),
    ]  # fmt: skip
    assert online["opening_hours"] == first["opening_hours"]
    assert online["contacts"] == first["contacts"]


async def test_a_place_can_be_changed_and_removed(walker: Walker, demo_database: Database) -> None:
    await add_online(walker, 2)
    await walker.answer("places", {"more": "yes"})
    await walker.answer("places/3/place", {"where": "address", "address": "Behind the pub"})
    await walker.answer("places/3/time", {"when": "unknown"})
    await walker.answer("places/3/contact", {"reach": "none"})
    await walker.open(f"{walker.draft}/places/2/place")
    await walker.answer("places/2/place", {"where": "phone"})
    assert walker.title == "Is it held anywhere else?"  # its other questions are answered
    await walker.open(f"{walker.draft}/places/3/remove")
    assert "“Behind the pub” with all that you said about it." in walker.page.text
    await walker.answer("places/3/remove", {})
    assert "Behind the pub" not in walker.page.text
    await walker.answer("places/3/remove", {})  # sent twice
    assert walker.page.status_code in {200, 403}
    async with demo_database.sessions() as session:
        kept = await session.scalar(text("SELECT answers::text FROM drafts"))
    assert "Behind the pub" not in kept
    await walker.open(f"{walker.draft}/places")
    await finish(walker)
    await walker.answer("check", {}, "send")
    (document,) = await read_sent(demo_database)
    assert [each["mode"] for each in document["sites"]] == ["address", "phone"]


async def test_a_place_that_is_not_finished_is_said_to_be_and_never_sent(walker: Walker) -> None:
    await walker.answer("places", {"more": "yes"})
    await walker.answer("places/2/place", {"where": "online"})
    await walker.open(f"{walker.draft}/places")
    assert "Not finished" in walker.page.text
    await walker.answer("places", {"more": "no"})
    assert walker.problems == ["Finish or remove the places that are marked as not finished."]
    await walker.answer("people", PEOPLE)
    await walker.answer("contact", CONTACT)
    await walker.open(f"{walker.draft}/check")
    assert f'href="{walker.draft}/places/2/time"' in walker.page.text
    await walker.answer("check", {}, "send")
    assert walker.page.status_code == 400
    assert "Some answers are missing" in walker.problems[0]


@pytest.mark.parametrize(
    ("slug", "fields", "says"),
    [
        ("place", {}, "Choose how you want to say where it is."),
        ("place", {"where": "postcode", "postcode": "HF1"}, "is only the first half"),
        ("place", {"where": "point", "lat": "0", "lon": "-30"}, "lies outside"),
        ("time", {}, "Choose how you want to say when it is."),
        ("time", {"when": "dates", "dates": "31 February 2027, 2 pm"}, "there is no such day"),
        ("contact", {}, "Choose how people can get in touch about this place."),
        ("contact", {"reach": "own"}, "Enter a telephone number, an e-mail address or a web"),
        ("contact", {"reach": "own", "phone": "ask Jo"}, "“ask Jo” is not a telephone number"),
    ],
)  # fmt: skip
async def test_a_slip_about_a_place_is_told_and_kept(
    walker: Walker, slug: str, fields: dict[str, str], says: str
) -> None:
    await walker.answer("places", {"more": "yes"})
    await walker.answer(f"places/2/{slug}", fields)
    assert walker.page.status_code == 400
    assert walker.title.startswith("Problem:")
    assert any(says in each for each in walker.problems), walker.problems
    await walker.open(f"{walker.draft}/places/2/{slug}")
    for value in fields.values():
        assert value in walker.page.text


async def test_whether_there_is_more_has_to_be_said(walker: Walker) -> None:
    await walker.answer("places", {})
    assert walker.problems == ["Choose whether it is held anywhere else."]
    await walker.answer("places", {"more": "<script>"})
    assert walker.page.status_code == 400


async def test_there_is_an_end_to_places(walker: Walker) -> None:
    for number in range(2, MOST_SITES + 1):
        await walker.answer("places", {"more": "yes"})
        await walker.answer(f"places/{number}/place", {"where": "online"})
        await walker.open(f"{walker.draft}/places")
    await walker.answer("places", {"more": "yes"})
    assert walker.problems[0].startswith("20 places are the most that can be added here.")
    page = await walker.open(f"{walker.draft}/places/{MOST_SITES + 1}/place")
    assert page.status_code == 404


@pytest.mark.parametrize("number", ["1", "3", "0", "-2", "x", "2.where", "٢", "9" * 30])
async def test_only_places_of_the_draft_are_answered_for(walker: Walker, number: str) -> None:
    token = walker.read_token()
    for slug in ("place", "remove", "sent"):
        page = await walker.client.get(f"{walker.draft}/places/{number}/{slug}", headers=HTML)
        assert page.status_code == 404
    sent = await walker.client.post(
        f"{walker.draft}/places/{number}/place",
        data={"csrf_token": token, "where": "online"},
        headers=HTML,
    )
    assert sent.status_code == 404
    await walker.open(f"{walker.draft}/places")
    assert "Place 2" not in walker.page.text


async def test_sending_a_place_twice_makes_one(walker: Walker, demo_database: Database) -> None:
    await walker.answer("places", {"more": "yes"})
    await walker.answer("places", {"more": "yes"})
    data = {"csrf_token": walker.read_token(), "where": "online", "action": "continue"}
    path = f"{walker.draft}/places/2/place"
    both = await asyncio.gather(*(walker.client.post(path, data=data, headers=HTML) for _ in "ab"))
    assert {each.headers["location"] for each in both} == {f"{walker.draft}/places/2/time"}
    async with demo_database.sessions() as session:
        kept = await session.scalar(text("SELECT answers -> '_sites' FROM drafts"))
    assert kept == ["2"]


async def test_what_is_typed_about_a_place_outlives_the_session(
    client: httpx.AsyncClient, demo_database: Database, place: dict[str, str]
) -> None:
    token = await add_person(demo_database, "asha@example.org", Grant(Role.CONTRIBUTOR))
    walker = Walker(client)
    await walker.open(f"/sign-in/{token}")
    await walker.send(f"/sign-in/{token}", {})
    await walker.begin()
    await walker.answer("place", place)
    await walker.open(f"{walker.draft}/places/2/place")
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM sessions"))
    await walker.answer("places/2/place", {"where": "address", "address": "Typed for long"})
    assert walker.title == "Sign in"
    async with demo_database.sessions() as session:
        kept = await session.scalar(text("SELECT answers ->> '2.address' FROM drafts"))
    assert "Typed for long" in kept


async def test_a_place_itself_is_not_asked_where_else_it_is(
    client: httpx.AsyncClient, place: dict[str, str]
) -> None:
    walker = Walker(client)
    await walker.begin(kind="place")
    assert "question 2 of 6" in walker.page.text
    assert 'value="listed"' not in walker.page.text
    await walker.answer("place", place)
    await walker.answer("time", TIME)
    assert walker.title == "Who is it for, and what should they know?"


async def test_a_service_is_asked_in_its_own_words(
    client: httpx.AsyncClient, place: dict[str, str]
) -> None:
    walker = Walker(client)
    await walker.begin(kind="service")
    await walker.answer("place", place)
    await walker.answer("time", TIME)
    assert walker.title == "Can people get it anywhere else?"


async def test_nobody_else_gets_at_a_place_of_a_draft(walker: Walker) -> None:
    await add_online(walker, 2)
    jar = walker.client.cookies
    walker.client.cookies = httpx.Cookies()
    for slug in ("place", "time", "contact", "remove"):
        page = await walker.open(f"{walker.draft}/places/2/{slug}")
        assert page.status_code == 404
    other = Walker(walker.client)
    await other.begin()
    for slug in ("place", "remove"):
        sent = await walker.client.post(
            f"{walker.draft}/places/2/{slug}",
            data={"csrf_token": other.read_token(), "where": "phone"},
            headers=HTML,
        )
        assert sent.status_code == 404
    walker.client.cookies = jar
    await walker.open(f"{walker.draft}/places")
    assert re.search(r"Place 2.*Online", walker.page.text, re.DOTALL)


async def test_the_first_place_can_be_removed_and_the_next_takes_its_place(
    walker: Walker, demo_database: Database
) -> None:
    await walker.open(f"{walker.draft}/places")
    assert f"{walker.draft}/places/1/remove" not in walker.page.text  # it is the only one
    await walker.answer("places", {"more": "yes"})
    await walker.answer("places/2/place", {"where": "address", "address": "The hut"})
    await walker.answer("places/2/time", {"when": "weekly", "from_mo": "9 am", "to_mo": "10 am"})
    await walker.answer("places/2/contact", {"reach": "own", "phone": "0151 496 0002"})
    await add_online(walker, 3)
    await finish(walker)
    await walker.open(f"{walker.draft}/places")
    assert f'href="{walker.draft}/places/1/remove"' in walker.page.text
    await walker.open(f"{walker.draft}/places/1/remove")
    assert "“The hut” then comes first." in walker.page.text
    following = re.search(r'name="following" value="(\d+)"', walker.page.text)
    assert following
    for _ in range(2):  # sent twice
        await walker.answer("places/1/remove", {"following": following[1]})
    await walker.open(f"{walker.draft}/check")
    await walker.answer("check", {}, "send")
    (document,) = await read_sent(demo_database)
    hut, online = document["sites"]
    assert (hut["address"], hut["location"]) == ("The hut", None)
    assert hut["opening_hours"] == "Mo 09:00-10:00"
    assert [each["value"] for each in hut["contacts"]] == ["0151 496 0002"]
    # What was as at the first place stays as it was there.
    assert online["opening_hours"] == "Th 12:00-15:30"
    assert [each["value"] for each in online["contacts"]] == ["0151 496 0000"]


async def test_what_the_next_has_as_at_the_first_stays_and_what_is_not_answered_is_asked(
    walker: Walker, demo_database: Database
) -> None:
    await add_online(walker, 2)
    await walker.answer("places", {"more": "yes"})
    await walker.answer("places/3/place", {"where": "address", "address": "Behind the pub"})
    await walker.open(f"{walker.draft}/places/1/remove")
    await walker.answer("places/1/remove", {"following": "2"})
    async with demo_database.sessions() as session:
        kept = await session.scalar(text("SELECT answers FROM drafts"))
    assert kept["where"] == ["online"]
    assert kept["from_th"] == ["12"]
    await walker.open(f"{walker.draft}/places/1/remove")
    assert "“Behind the pub” then comes first." in walker.page.text
    await walker.answer("places/1/remove", {"following": "3"})
    assert (await walker.open(walker.draft)).headers["location"] == f"{walker.draft}/time"


async def test_what_looks_alike_at_a_further_place_is_shown_there(
    walker: Walker, demo_database: Database
) -> None:
    district = await find_district(demo_database, 6)
    lon, lat = district["points"][0]
    site = {"address": "9 Far Row", "location": {"lon": lon, "lat": lat}}
    said = {"kind": "activity", "name": "Brassica Soup Lunch", "categories": ["library"]}
    kept = await add_asset(demo_database, {**said, "sites": [site]})
    there = {"where": "point", "lat": str(lat), "lon": str(lon)}
    await walker.answer("places", {"more": "yes"})
    hint = await walker.client.post(
        f"{walker.draft}/places/2/place",
        data={"csrf_token": walker.read_token(), **there},
        headers={**HTML, "x-fragment": "alike"},
    )
    await walker.answer("places/2/place", there)
    for page in (hint.text, walker.page.text):
        assert "9 Far Row" in page
    assert walker.title == "Where else is it held?"
    seen = {**there, "dup_seen": str(kept.public_id)}
    await walker.answer("places/2/place", seen)
    assert walker.problems == ["Choose whether yours is one of these, or a different thing."]
    await walker.answer("places/2/place", {**seen, "dup": "none"})
    assert walker.title == "When does it happen there?"
    chosen = await walker.client.post(
        f"{walker.draft}/places/2/place",
        data={"csrf_token": walker.read_token(), **seen, "dup": str(kept.public_id)},
        headers=HTML,
    )
    assert chosen.headers["location"].startswith(f"/assets/{kept.public_id}/edit?draft=")
