"""Whatever is typed into any question: a plain sentence, no harm, and nothing of it lost."""

import re
from itertools import product
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.pages.adding import sites, walk
from tests.pages.adding.walking import CONTACT, HTML, PEOPLE, TIME, Walker, find_place
from tests.pages.nasty_words import NASTY
from tests.planting import find_district
from tests.strangers import UNKNOWN

CHOICES: list[dict[str, str]] = [
    {"where": "postcode", "when": "weekly", "cost": "paid", "reach": "own"},
    {"where": "point", "when": "dates", "cost": "paid", "reach": "own"},
    {"where": "listed", "when": "words", "cost": "donation", "reach": "own"},
    {"where": "comes", "when": "words", "cost": "free", "reach": "own"},
    {"where": "address", "when": "dates", "cost": "paid", "reach": "own"},
]
MACHINE_WORDS = ("Traceback", "pydantic", "Value error", "psycopg", "asyncpg", "None", "[type=")
LONGEST_SENTENCE = 300


def list_pages() -> dict[str, tuple[str, ...]]:
    """Return every page of the walk with its fields."""
    pages = {step.slug: step.fields for step in walk.STEPS if step.slug != "places"}
    return pages | {f"places/2/{page.slug}": page.fields for page in sites.PAGES}


@pytest.fixture
async def walker(client: httpx.AsyncClient) -> Walker:
    """Somebody who has answered the first question."""
    walker = Walker(client)
    await walker.begin()
    return walker


@pytest.mark.parametrize("page", list_pages())
async def test_every_field_is_kept_as_typed_and_told_in_plain_words(
    walker: Walker, demo_database: Database, page: str
) -> None:
    fields = list_pages()[page]
    for value, choices in product(NASTY.values(), CHOICES):
        sent = {name: choices.get(name, value) for name in fields}
        await walker.answer(page, sent)
        assert walker.page.status_code in {200, 400}
        assert "<script>alert" not in walker.page.text
        assert "<img src=x" not in walker.page.text
        for sentence in walker.problems:
            assert len(sentence) <= LONGEST_SENTENCE, sentence
            assert not any(word in sentence for word in MACHINE_WORDS), sentence
        query = text("SELECT answers FROM drafts WHERE id = :id")
        async with demo_database.sessions() as session:
            kept = await session.scalar(query, {"id": walker.draft.rpartition("/")[2]})
        mark = "2." if page.startswith("places/") else ""
        expected = {f"{mark}{name}": [typed.replace("\x00", "")] for name, typed in sent.items()}
        assert {name: kept[name] for name in expected} == expected
        await walker.open(f"{walker.draft}/{page}")
        assert walker.page.status_code == 200


LONG = "x" * 20_000


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("place", {"name": LONG, "where": "online"}, "The name has 20,000 characters; 200 are"),
    ("place", {"where": "address", "address": LONG}, "The address has 20,000 characters"),
    ("place", {"where": "postcode", "street": LONG}, "The street has 20,000 characters"),
    ("place", {"where": "point", "point_words": LONG}, "The description of the place has"),
    ("place", {"where": "listed", "place_words": LONG}, "The name of the listed place has"),
    ("place", {"where": "comes", "area_words": LONG}, "The name of the area has 20,000"),
    ("place", {"where": "postcode", "postcode": LONG}, "We do not know the postcode “xxx"),
    ("place", {"where": "postcode", "postcode": "SW1A 1AA"}, "We do not know the postcode"),
    ("place", {"where": "postcode", "postcode": "🍲"}, "We do not know the postcode “🍲”"),
    ("place", {"where": "postcode", "postcode": "\u202eHF1\u202c"}, "Enter the whole postcode"),
    ("place", {"where": "point", "lat": "48.8566", "lon": "2.3522"}, "lies outside"),
    ("place", {"where": "point", "lat": "-33.9", "lon": "18.4"}, "lies outside"),
    ("place", {"where": "point", "lat": "91", "lon": "0"}, "Enter the latitude in degrees"),
    ("place", {"where": "point", "lat": "1e400", "lon": "0x1F"}, "Enter the longitude in"),
    ("time", {"when": "words", "hours_words": LONG}, "What you wrote has 20,000 characters"),
    ("time", {"when": "weekly", "from_mo": LONG}, "on Monday is not a time"),
    ("time", {"when": "dates", "dates": "32/13/2027, 2 pm"}, "there is no such day"),
    ("time", {"when": "dates", "dates": "29 February 2027, 2 pm"}, "there is no such day"),
    ("time", {"when": "dates", "dates": "0000-00-00 2 pm"}, "there is no such day"),
    ("time", {"when": "dates", "dates": "1 Smarch 2027, 2 pm"}, "there is no such day"),
    ("time", {"when": "dates", "dates": "12 May 9999, 2 pm"}, "more than five years away"),
    ("time", {"when": "dates", "dates": "12 May 2027, 4 pm to 4 pm"}, "ends before it begins"),
    ("time", {"when": "dates", "dates": "12 May 2027, 2 pm\n" * 31}, "These are 31 dates"),
    ("people", {"description": LONG}, "What happens there has 20,000 characters; 5,000 are"),
    ("people", {"how_to_join": LONG}, "How to join has 20,000 characters"),
    ("people", {"cost": "paid", "cost_amount": LONG}, "is not an amount"),
    ("people", {"cost": "paid", "cost_amount": "-1"}, "“-1” is not an amount"),
    ("people", {"min_age": LONG}, "is not an age"),
    ("people", {"other_languages": LONG}, "Other languages has 20,000 characters"),
    ("contact", {"phone": LONG}, "is not a telephone number"),
    ("contact", {"email": f"{LONG}@example.org"}, "is not an e-mail address"),
    ("contact", {"web": "ftp://example.org"}, "is not a web address"),
    ("contact", {"web": f"https://example.org/{LONG}"}, "is not a web address"),
    ("contact", {"organisation_words": LONG}, "We know nobody called"),
    ("contact", {"visibility": "everybody"}, "Choose who may see where it is."),
    ("kind", {"kind": "thing"}, "Choose what kind of thing it is."),
    ("kind", {"category": "none-of-ours"}, "Choose what it is from the list"),
]


async def test_bad_input_is_named_with_a_remedy(walker: Walker) -> None:
    for slug, fields, says in WRONG:
        await walker.answer(slug, fields)
        assert walker.page.status_code == 400, says
        assert any(says in each for each in walker.problems), (says, walker.problems)
        assert all(len(each) <= LONGEST_SENTENCE for each in walker.problems)
        # Each sentence in the summary leads to a field that is there.
        for field in re.findall(r'<li><a href="#([^"]+)">', walker.page.text):
            assert f'id="{field}"' in walker.page.text, field


async def test_a_point_in_the_sea_of_the_place_is_told(
    walker: Walker, demo_database: Database
) -> None:
    query = """
        SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (
            SELECT ST_PointOnSurface(ST_Difference(ST_Envelope(b), b)) AS p FROM (
                SELECT ST_Union(boundary) AS b FROM areas WHERE in_study_area) AS u) AS q
    """
    async with demo_database.sessions() as session:
        lon, lat = (await session.execute(text(query))).one()
    sea = {"name": "Sea", "where": "point", "lat": str(lat), "lon": str(lon)}
    await walker.answer("place", sea)
    assert "in the sea or in another place" in walker.problems[0]


async def test_marks_of_other_scripts_and_emoji_arrive_whole(
    walker: Walker, demo_database: Database
) -> None:
    name = "مطبخ 🍲 \u202bحساء\u202c Café n̈"
    place = {**await find_place(demo_database), "name": name}
    await walker.answer("place", place)
    await walker.answer("time", TIME)
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", {**PEOPLE, "description": "👩🏽‍🦽 " * 3})
    await walker.answer("contact", CONTACT)
    await walker.answer("check", {}, "send")
    async with demo_database.sessions() as session:
        sent = await session.scalar(text("SELECT name FROM assets WHERE name LIKE '%Café%'"))
    assert sent == name


@pytest.mark.parametrize(
    "link", [f"/add/{UNKNOWN}", "/add/nonsense", f"/add/{UNKNOWN}/places/2/place"]
)
async def test_a_link_to_no_draft_says_so_in_plain_words(
    walker: Walker, client: httpx.AsyncClient, link: str
) -> None:
    token = walker.read_token()
    for page in (
        await client.get(f"{link}", headers=HTML),
        await client.post(f"{link}/place", data={"csrf_token": token}, headers=HTML),
    ):
        assert page.status_code in {404, 405}
        assert "<title>" in page.text
    page = await client.get(link, headers=HTML)
    assert "There is no such draft here. Drafts are kept for the browser" in page.text


async def test_a_draft_that_was_kept_for_too_long_says_so(
    walker: Walker, demo_database: Database
) -> None:
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE drafts SET updated_at = now() - interval '31 days'"))
    token = walker.read_token()
    sent = await walker.client.post(
        f"{walker.draft}/place", data={"csrf_token": token, "name": "Late"}, headers=HTML
    )
    assert sent.status_code == 404
    assert "not for ever" in sent.text
    assert 'href="/add"' in sent.text


async def test_a_form_of_another_visit_keeps_what_is_in_the_draft(
    walker: Walker, demo_database: Database
) -> None:
    await walker.answer("place", await find_place(demo_database), "save")
    sent = await walker.client.post(
        f"{walker.draft}/place",
        data={"csrf_token": "of another visit", "name": "Forged"},
        headers=HTML,
    )
    assert sent.status_code == 403
    await walker.open(f"{walker.draft}/place")
    assert "Brassica soup" in walker.page.text
    assert "Forged" not in walker.page.text


async def test_a_listed_place_that_went_away_is_told_before_it_is_sent(
    walker: Walker, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    await walker.answer(
        "place", {"name": "Soup", "where": "listed", "listed": UNKNOWN,
                  "place_words": district["name"]},
    )  # fmt: skip
    assert walker.page.status_code == 400
    await walker.open(f"{walker.draft}/check")
    assert "Before it can be sent" in walker.page.text
    await walker.answer("check", {}, "send")
    assert walker.page.status_code == 400
