"""Where it is, said by areas that it comes to or by a place that is listed already."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.accounts.permissions import AreaRef, Grant, Role
from app.core.database import Database
from app.pages.adding import served
from tests.accounts.conftest import add_person
from tests.pages.adding.test_sites import read_sent
from tests.pages.adding.walking import CONTACT, HTML, PEOPLE, TIME, Walker
from tests.planting import add_asset, at, find_district

SOUP = {"name": "Brassica soup"}


@pytest.fixture
async def walker(client: httpx.AsyncClient) -> Walker:
    """Somebody who has answered the first question."""
    walker = Walker(client)
    await walker.begin()
    return walker


async def finish(walker: Walker) -> None:
    """Answer all that follows where it is."""
    await walker.answer("time", TIME)
    await walker.answer("places", {"more": "no"})
    await walker.answer("people", PEOPLE)
    await walker.answer("contact", CONTACT)


async def add_place(database: Database, name: str, **more: Any) -> UUID:  # noqa: ANN401
    """List a place at 5 Quay and return its public id."""
    district = await find_district(database)
    site = {"address": "5 Quay", "location": at(district["points"][0])}
    said = {"kind": "place", "name": name, "categories": ["library"], "sites": [site], **more}
    return (await add_asset(database, said)).public_id


async def sign_in(client: httpx.AsyncClient, database: Database, *grants: Grant) -> None:
    """Sign a browser in."""
    token = await add_person(database, "asha@example.org", *grants, name="Asha")
    walker = Walker(client)
    await walker.open(f"/sign-in/{token}")
    await walker.send(f"/sign-in/{token}", {})


async def test_areas_are_found_by_name_and_what_is_ticked_stays(
    walker: Walker, demo_database: Database
) -> None:
    one, two = [await find_district(demo_database, number) for number in (0, 1)]
    comes = {**SOUP, "where": "comes"}
    await walker.answer("place", {**comes, "area_words": one["name"][:-1]}, "find")
    assert f'value="msoa:{one["code"]}"' in walker.page.text
    chosen = [f"msoa:{one['code']}"]
    again = {**comes, "area_words": two["name"], "areas": chosen}
    await walker.answer("place", again, "find")
    assert re.search(f'value="{chosen[0]}"[^>]* checked', walker.page.text)
    await walker.answer("place", again)
    assert walker.problems == [
        f"Tick which of the areas called “{two['name']}” you mean, or empty the box."
    ]
    chosen.append(f"msoa:{two['code']}")
    await walker.answer("place", {**again, "areas": chosen})
    await finish(walker)
    assert "It comes to people in" in walker.page.text
    assert two["name"] in walker.page.text
    await walker.answer("check", {}, "send")
    ((site,),) = [each["sites"] for each in await read_sent(demo_database)]
    assert site["mode"] == "served areas"
    assert {each["code"] for each in site["served_areas"]} == {one["code"], two["code"]}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Enter the name of an area that it comes to."),
        ({"area_words": "Nowhere at all"}, "We know no area called “Nowhere at all” in"),
        ({"areas": ["msoa:NONE", "<script>", ":", "ward"]}, "Enter the name of an area"),
        ({"area_words": "\u202e<script>alert(1)</script>"}, "We know no area called"),
        ({"area_words": "x" * 20_000}, "has 20,000 characters; 100 are the most"),
    ],
)
async def test_a_slip_in_areas_is_told(walker: Walker, fields: dict[str, Any], says: str) -> None:
    await walker.answer("place", {**SOUP, "where": "comes", **fields})
    assert walker.page.status_code == 400
    assert any(says in each for each in walker.problems), walker.problems
    assert "<script>alert" not in walker.page.text


async def test_too_many_areas_are_refused_in_words(
    walker: Walker, demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "MOST_AREAS", 1)
    areas = [f"msoa:{(await find_district(demo_database, number))['code']}" for number in (0, 1)]
    await walker.answer("place", {**SOUP, "where": "comes", "areas": areas})
    assert walker.problems[0].startswith("You chose 2 areas; 1 are the most.")


async def test_it_is_at_a_place_that_is_listed(walker: Walker, demo_database: Database) -> None:
    place = await add_place(demo_database, "Lantern Hall")
    listed = {**SOUP, "where": "listed"}
    await walker.answer("place", listed)
    assert walker.problems == ["Enter the name of the listed place, or a postcode near it."]
    await walker.answer("place", {**listed, "place_words": "Nothing of the kind"})
    assert "No place called “Nothing of the kind” is listed." in walker.problems[0]
    await walker.answer("place", {**listed, "place_words": "lantern"}, "find")
    assert f'value="{place}"' in walker.page.text
    assert "5 Quay" in walker.page.text
    await walker.answer("place", {**listed, "place_words": "lantern"})
    assert walker.problems == ["Choose the place it is at, or another way to say where it is."]
    await walker.answer("place", {**listed, "place_words": "lantern", "listed": str(place)})
    await finish(walker)
    seen = walker.page.text.partition('id="preview-title"')[2].partition("</section>")[0]
    assert "Lantern Hall, 5 Quay" in seen
    await walker.answer("check", {}, "send")
    ((site,),) = [each["sites"] for each in await read_sent(demo_database)]
    assert site["mode"] == "place"
    assert site["place"] == str(place)
    assert not site["address"]
    assert site["location"] is None


async def test_without_a_name_the_nearest_to_a_postcode_are_offered(
    walker: Walker, demo_database: Database
) -> None:
    await add_place(demo_database, "Lantern Hall")
    async with demo_database.sessions() as session:
        near = await session.scalar(
            text(
                "SELECT p.display FROM postcodes AS p, asset_sites AS s WHERE s.address = '5 Quay' "
                "ORDER BY p.location <-> s.location LIMIT 1"
            )
        )
    listed = {**SOUP, "where": "listed"}
    await walker.answer("place", {**listed, "place_near": near}, "find")
    assert "Lantern Hall" in walker.page.text
    assert "m away" in walker.page.text
    for typed, says in (("ZZ9 9ZZ", "We do not know the postcode “ZZ9 9ZZ”"),
                        ("HF1", "is only the first half")):  # fmt: skip
        await walker.answer("place", {**listed, "place_near": typed})
        assert says in walker.problems[0]


async def test_only_the_strictest_visibility_shows_and_the_page_says_so(
    walker: Walker, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    place = await add_place(demo_database, "Lantern House", visibility="area only")
    listed = {**SOUP, "where": "listed", "place_words": "lantern", "place_near": ""}
    await walker.answer("place", listed, "find")
    assert "The public sees only its neighbourhood, and will see no more of yours." in (
        walker.page.text
    )
    assert "5 Quay" not in walker.page.text
    await walker.answer("place", {**listed, "listed": str(place)})
    await finish(walker)
    seen = walker.page.text.partition('id="preview-title"')[2].partition("</section>")[0]
    assert f"In {district['name']}" in seen
    assert "5 Quay" not in walker.page.text


@pytest.mark.parametrize(
    ("role", "here", "is_seen"),
    [(None, True, False), (Role.CONTRIBUTOR, True, False), (Role.ORGANISER, True, True),
     (Role.ORGANISER, False, False)],
)  # fmt: skip
async def test_hidden_places_are_for_those_who_may_see_them_only(
    client: httpx.AsyncClient,
    demo_database: Database,
    role: Role | None,
    here: bool,  # noqa: FBT001 - a case
    is_seen: bool,  # noqa: FBT001 - a case
) -> None:
    district = await find_district(demo_database)
    place = await add_place(demo_database, "Lantern Refuge", visibility="hidden")
    if role is not None:
        area = AreaRef("msoa", district["code"] if here else "E02999999")
        await sign_in(client, demo_database, Grant(role, area))
    walker = Walker(client)
    await walker.begin()
    listed = {**SOUP, "where": "listed", "place_words": "lantern refuge"}
    await walker.answer("place", listed, "find")
    assert ("5 Quay" in walker.page.text) == is_seen
    assert (f'value="{place}"' in walker.page.text) == is_seen
    assert ("The public does not see it" in walker.page.text) == is_seen
    # Whoever knows its id all the same learns no more.
    await walker.answer("place", {**listed, "listed": str(place)})
    assert (walker.page.status_code == 200) == is_seen
    assert ("5 Quay" in walker.page.text) is False or is_seen


async def test_a_place_is_at_no_other_place(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    place = await add_place(demo_database, "Lantern Hall")
    walker = Walker(client)
    await walker.begin(kind="place")
    await walker.answer("place", {**SOUP, "where": "listed", "listed": str(place)})
    assert walker.problems[0].startswith("A place cannot be at another place.")


async def test_an_activity_is_no_place_to_be_at(walker: Walker, demo_database: Database) -> None:
    club = await add_place(demo_database, "Lantern Club", kind="activity")
    await walker.answer(
        "place", {**SOUP, "where": "listed", "place_words": "lantern", "listed": str(club)}
    )
    assert walker.page.status_code == 400
    assert f'value="{club}"' not in walker.page.text


@pytest.mark.parametrize(
    ("name", "field", "value", "says"),
    [("listed", "place_words", "lantern", "Lantern Hall"),
     ("areas", "area_words", "", "")],
)  # fmt: skip
async def test_what_is_found_comes_alone_while_somebody_types(
    walker: Walker, demo_database: Database, name: str, field: str, value: str, says: str
) -> None:
    await add_place(demo_database, "Lantern Hall")
    district = await find_district(demo_database)
    for path in ("place", "places/2/place"):
        part = await walker.client.post(
            f"{walker.draft}/{path}",
            data={"csrf_token": walker.read_token(), "where": "listed",
                  field: value or district["name"]},
            headers={**HTML, "x-fragment": name},
        )  # fmt: skip
        assert part.status_code == 200
        assert "<html" not in part.text
        assert (says or f"msoa:{district['code']}") in part.text
        assert "Saved as a draft at" in part.text
