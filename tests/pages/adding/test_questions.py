"""Each question: what is understood, what is refused and in which words, what does no harm."""

import re
from typing import Any

import httpx
import pytest

from app.core.database import Database
from app.core.settings import Settings
from app.pages.typed_times import AmbiguousTimeError, read_clock, read_date
from tests.accounts.conftest import HTML
from tests.pages.adding.walking import CONTACT, PEOPLE, Walker, find_place
from tests.pages.nasty_words import NASTY
from tests.planting import add_asset, add_organisation, at, find_district


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("9", 540), ("9.30", 570), ("09:30 am", 570), ("12", 720), ("noon", 720), ("2 pm", 840),
     ("14.00", 840), ("12 am", 0), ("midnight", 0), ("02:00", 120), ("24:00", 0), ("7 P.M.", 1140)],
)  # fmt: skip
def test_times_are_read_as_people_type_them(typed: str, minute: int) -> None:
    assert read_clock(typed) == minute


@pytest.mark.parametrize("typed", ["25", "9.75", "13 pm", "0 am", "soon", "", "1 1", "9:3"])
def test_what_is_no_time_is_not_taken_for_one(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        read_clock(typed)


def test_a_plain_two_is_asked_about() -> None:
    with pytest.raises(AmbiguousTimeError):
        read_clock("2")


def test_dates_are_read_and_impossible_ones_refused() -> None:
    for typed in ("12 December 2026, 2 pm", "2 pm 12/12/2026", "2026-12-12 2 pm"):
        found = read_date(typed)
        assert found
        assert (found[0].isoformat(), found[1]) == ("2026-12-12", "2 pm")
    with pytest.raises(ValueError, match="day"):
        read_date("31 February 2027")
    assert read_date("next week") is None


@pytest.fixture
async def walker(client: httpx.AsyncClient) -> Walker:
    """Somebody who has answered the first question."""
    walker = Walker(client)
    await walker.begin()
    return walker


@pytest.mark.parametrize(
    ("slug", "fields", "says"),
    [
        ("place", {}, "Enter a name."),
        ("place", {"name": "x"}, "Choose how you want to say where it is."),
        ("place", {"name": "x", "where": "postcode"}, "Enter the postcode"),
        ("place", {"name": "x", "where": "postcode", "postcode": "HF1"}, "is only the first half"),
        ("place", {"name": "x", "where": "postcode", "postcode": "XX9 9XX"}, "We do not know"),
        ("place", {"name": "x", "where": "point", "lat": "north"}, "Enter the latitude in degrees"),
        ("place", {"name": "x", "where": "point", "lat": "nan", "lon": "inf"}, "latitude"),
        ("place", {"name": "x", "where": "point", "lat": "0", "lon": "-30"}, "lies outside"),
        ("place", {"name": "x" * 201, "where": "online"}, "has 201 characters; 200 are the most"),
        ("time", {}, "Choose how you want to say when it is."),
        ("time", {"when": "weekly"}, "Enter the times of at least one day"),
        ("time", {"when": "weekly", "from_mo": "9 am", "to_mo": "8 am"}, "On Monday it ends at"),
        ("time", {"when": "weekly", "to_tu": "8 pm"}, "“8 pm” is only its end"),
        ("time", {"when": "weekly", "from_we": "2"}, "Say whether “2” on Wednesday"),
        ("time", {"when": "weekly", "from_su": "25:99"}, "“25:99” on Sunday is not a time"),
        ("time", {"when": "words"}, "Say when it happens"),
        ("time", {"when": "dates", "dates": "31 February 2027, 2 pm"}, "there is no such day"),
        ("time", {"when": "dates", "dates": "1 May 2020, 2 pm to 4 pm"}, "has passed"),
        ("time", {"when": "dates", "dates": "soon"}, "has no whole date"),
        ("time", {"when": "dates", "dates": "1 May 2027, at dawn"}, "the time cannot be read"),
        ("people", {"min_age": "-1"}, "“-1” is not an age"),
        ("people", {"min_age": "³"}, "is not an age"),
        ("people", {"min_age": "60", "max_age": "18"}, "The oldest age, 18, is below"),
        ("people", {"cost": "paid", "cost_amount": "a pound"}, "“a pound” is not an amount"),
        ("people", {"cost": "paid", "cost_amount": "NaN"}, "is not an amount"),
        ("people", {"other_languages": "Polish, Klingonish"}, "language “Klingonish”"),
        ("contact", {}, "Choose who may see where it is."),
        ("contact", {**CONTACT, "phone": "ask Jo"}, "“ask Jo” is not a telephone number"),
        ("contact", {**CONTACT, "email": "a@b@c"}, "is not an e-mail address"),
        ("contact", {**CONTACT, "web": "javascript:alert(1)"}, "is not a web address"),
        ("contact", {**CONTACT, "organisation_words": "Nobody at all"}, "We know nobody called"),
    ],
)  # fmt: skip
async def test_a_slip_is_told_with_field_value_and_remedy(
    walker: Walker, slug: str, fields: dict[str, str], says: str
) -> None:
    await walker.answer(slug, fields)
    assert walker.page.status_code == 400
    assert walker.title.startswith("Problem:")
    assert any(says in each for each in walker.problems), walker.problems
    for value in fields.values():
        if len(value) < 100 and "\n" not in value:
            assert value in walker.page.text


async def test_half_a_postcode_gets_a_whole_one_as_an_example(walker: Walker) -> None:
    await walker.answer("place", {"name": "x", "where": "postcode", "postcode": "hf1"})
    assert walker.problems[0].startswith("Enter the whole postcode, such as HF1 ")
    assert "“hf1” is only the first half." in walker.problems[0]


@pytest.mark.parametrize("kind", NASTY)
async def test_nothing_that_is_typed_does_harm(
    client: httpx.AsyncClient, demo_database: Database, kind: str
) -> None:
    value = NASTY[kind]
    walker = Walker(client)
    await walker.begin(category_words=value)
    for slug, fields in {
        "kind": ["kind", "category", "category_words", "category_found"],
        "place": ["name", "where", "postcode", "street", "lat", "lon", "address", "dup"],
        "time": ["when", "from_mo", "to_mo", "hours_words", "dates", "term_time"],
        "people": ["description", "min_age", "cost", "cost_amount", "languages", "other_languages",
                   "step_free", "how_to_join"],
        "contact": ["phone", "email", "web", "organisation_words", "organisation", "visibility"],
        "check": ["hear"],
    }.items():  # fmt: skip
        for chosen in ({}, {"where": "postcode", "when": "words", "cost": "paid"},
                       {"where": "point", "when": "dates"}):  # fmt: skip
            sent = {**dict.fromkeys(fields, value), **chosen}
            await walker.answer(slug, {name: sent[name] for name in sent if name in fields})
            assert walker.page.status_code in {200, 400}, (slug, walker.page.text[:300])
            assert "<script>alert" not in walker.page.text
            assert "<img src=x" not in walker.page.text
            if not walker.page.text.count(f"{walker.draft}/{slug}"):
                await walker.open(f"{walker.draft}/{slug}")
    place = await find_place(demo_database)
    shown = value if kind not in {"long", "nul and bell"} else "Soup"
    await walker.answer("kind", {"kind": "activity", "category": "library"})
    await walker.answer("place", {**place, "name": shown})
    await walker.answer("time", {"when": "unknown"})
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", {**PEOPLE, "description": shown})
    await walker.answer("contact", CONTACT)
    assert walker.title == "Check your answers before you send them"
    assert "<script>alert" not in walker.page.text
    await walker.answer("check", {}, "send")
    assert walker.title == "Thank you: somebody will look at it"


async def test_a_form_that_is_too_long_is_refused_in_words(walker: Walker) -> None:
    await walker.answer("people", {"description": "x" * 70_000})
    assert walker.page.status_code == 400
    assert "shorten what you wrote" in walker.page.text


async def test_enter_searches_for_what_is_not_chosen_yet_and_else_goes_on(
    client: httpx.AsyncClient,
) -> None:
    walker = Walker(client)
    await walker.begin(category="", category_words="library", action="enter")
    assert walker.page.status_code == 200
    assert "Found for “library”" in walker.page.text
    await walker.begin(category="library", action="enter")
    assert walker.page.url.path.endswith("/place")
    await walker.answer(
        "place", {"name": "Soup", "where": "listed", "place_words": "hall"}, "enter"
    )
    assert walker.page.status_code == 200, "a search is no slip"
    await walker.answer("place", {"name": "Soup", "where": "phone"}, "enter")
    assert walker.page.url.path.endswith("/time")


async def test_categories_are_found_by_words(client: httpx.AsyncClient) -> None:
    walker = Walker(client)
    await walker.begin(category="", category_words="library", action="find")
    assert 'name="category_found"' in walker.page.text
    assert 'value="library"' in walker.page.text.partition("category_found")[2]
    await walker.answer("kind", {"kind": "place", "category_words": "library",
                                 "category_found": "library"})  # fmt: skip
    assert walker.title == "What is it called, and where does it happen?"


async def test_words_are_read_as_times_or_kept(walker: Walker, demo_database: Database) -> None:
    await walker.answer("place", await find_place(demo_database))
    await walker.answer("time", {"when": "words", "hours_words": "Mondays 10am to 12noon"})
    assert "Monday, 10 am–12 noon" in walker.page.text
    await walker.open(f"{walker.draft}/time")
    await walker.answer("time", {"when": "words", "hours_words": "When the moon is full"})
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", {})
    await walker.answer("contact", CONTACT)
    assert "Kept in your words" in walker.page.text
    assert "When the moon is full" in walker.page.text


async def test_who_runs_it_is_found_by_name(
    walker: Walker, demo_database: Database, settings: Settings
) -> None:
    assert settings.draft_days == 30
    kept = await add_organisation(
        demo_database, {"name": "Lantern Makers Guild", "kind": "charity"}
    )
    await add_organisation(
        demo_database,
        {"name": "Lantern Refuge", "kind": "charity", "visibility": "hidden"},
    )
    await walker.answer("place", await find_place(demo_database))
    await walker.answer("time", {"when": "unknown"})
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", {})
    await walker.answer("contact", {**CONTACT, "organisation_words": "lantern"}, "find")
    assert "Lantern Makers Guild" in walker.page.text
    assert "Refuge" not in walker.page.text
    chosen = {**CONTACT, "organisation_words": "lantern", "organisation": str(kept.public_id)}
    await walker.answer("contact", chosen)
    assert walker.title == "Check your answers before you send them"
    assert "by Lantern Makers Guild" in walker.page.text


async def test_the_preview_shows_what_strangers_will_see_and_keeps_nothing(
    walker: Walker, demo_database: Database, client: httpx.AsyncClient
) -> None:
    district = await find_district(demo_database)
    place = {**await find_place(demo_database), "point_words": "1 Secret Row"}
    await walker.answer("place", place)
    await walker.answer("time", {"when": "unknown"})
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", {})
    contact: dict[str, Any] = {**CONTACT, "email": "me@example.org", "private": "email"}
    for level, seen, unseen in (
        ("public", "1 Secret Row", f"in {district['name']}"),
        ("area only", f"in {district['name']}", "1 Secret Row"),
        ("hidden", "Nothing. Only people who look after", "ha-found"),
    ):
        await walker.answer("contact", {**contact, "visibility": level}, "preview")
        part = walker.page.text.partition('id="preview-title"')[2].partition("</section>")[0]
        assert seen in part
        assert unseen not in part
        assert "me@example.org" not in part
    found = await client.get("/api/v1/assets?q=brassica")
    assert "Brassica" not in found.text
    fragment = await client.post(
        f"{walker.draft}/contact",
        data={"csrf_token": walker.read_token(), **contact, "visibility": "area only"},
        headers={**HTML, "x-fragment": "seen"},
    )
    assert "<html" not in fragment.text
    assert f"In {district['name']}" in fragment.text


async def test_likely_duplicates_are_shown_with_reasons_and_answered(
    walker: Walker, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    site = {"address": "1 Quay", "location": at(district["points"][0]),
            "opening_hours": "Th 12:00-15:30"}  # fmt: skip
    said = {"kind": "activity", "name": "Brassica Broth Lunch", "categories": ["library"]}
    kept = await add_asset(demo_database, {**said, "sites": [site]})
    place = {**await find_place(demo_database), "name": "Brassica broth on Thursday"}
    await walker.answer("place", place)
    assert walker.page.status_code == 200
    assert "We may have this already" in walker.page.text
    for reason in ("“Brassica broth” in the name", "less than 100 m away", "same day, Thursday"):
        assert reason in walker.page.text
    shown = re.findall(r'name="dup" id="[^"]+" value="([^"]+)"', walker.page.text)
    assert shown == [str(kept.public_id), "none"], re.findall("<b>.*?</b>", walker.page.text)
    await walker.answer("place", {**place, "dup_seen": str(kept.public_id)})
    assert walker.problems == ["Choose whether yours is one of these, or a different thing."]
    page = await walker.client.post(
        f"{walker.draft}/place",
        data={"csrf_token": walker.read_token(), **place, "dup": str(kept.public_id)},
        headers=HTML,
    )
    draft = walker.draft.rpartition("/")[2]
    assert page.headers["location"] == f"/assets/{kept.public_id}/edit?draft={draft}"
    await walker.open(f"{walker.draft}/place")
    assert "Brassica broth on Thursday" in walker.page.text
    await walker.answer("place", {**place, "dup": "none", "dup_seen": str(kept.public_id)})
    assert walker.title == "When does it happen?"


async def test_while_somebody_types_the_hint_comes_alone_and_the_draft_is_kept(
    walker: Walker, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    site = {"address": "1 Quay", "location": at(district["points"][0])}
    said = {"kind": "activity", "name": "Brassica soup", "categories": ["library"]}
    await add_asset(demo_database, {**said, "sites": [site]})
    part = await walker.client.post(
        f"{walker.draft}/place",
        data={"csrf_token": walker.read_token(), "name": "Brassica soup"},
        headers={**HTML, "x-fragment": "alike"},
    )
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "same name" in part.text
    assert "Saved as a draft at" in part.text
    await walker.open(f"{walker.draft}/place")
    assert 'value="Brassica soup"' in walker.page.text
