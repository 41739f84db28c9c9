"""What the API says about categories, with the demonstration pack loaded."""

import httpx
import pytest

from app.core.database import Database
from app.taxonomy.loading import Term, load_terms

pytestmark = pytest.mark.reads

ALL = "/api/v1/categories"


async def find(client: httpx.AsyncClient, words: str) -> list[str]:
    """Return the codes of a search, best first."""
    response = await client.get(ALL, params={"q": words})
    assert response.status_code == 200, response.text
    return [each["code"] for each in response.json()]


async def test_categories_come_in_order_each_after_its_broader_one(
    client: httpx.AsyncClient,
) -> None:
    items = (await client.get(ALL)).json()
    assert [each["code"] for each in items if each["broader"] is None] == [
        "warm", "lib", "health", "advice", "group", "family", "move", "food",
    ]  # fmt: skip
    seen: set[str | None] = {None}
    for each in items:
        assert each["broader"] in seen
        assert each["path"][-1] == {"code": each["code"], "name": each["name"]}
        seen.add(each["code"])
    by_code = {each["code"]: each for each in items}
    union = by_code["credit-union"]
    assert [each["code"] for each in union["path"]] == ["advice", "money-advice", "credit-union"]
    assert (union["shape"], union["colour"]) == ("diamond", "cat-advice")
    assert by_code["pharmacy"]["catchment_m"] == 1600
    assert by_code["pharmacy"]["crosswalks"]["osm_tags"][0] == "amenity=pharmacy"
    assert by_code["older-social"]["demand"] == {
        "from_age": 65, "to_age": None, "words": "people aged 65 and over",
    }  # fmt: skip


async def test_the_places_own_terms_stand_among_the_others(client: httpx.AsyncClient) -> None:
    landing = (await client.get(f"{ALL}/ferry-landing")).json()
    assert [each["name"] for each in landing["path"]] == [
        "Advice and practical help", "Community transport", "Ferry landings",
    ]  # fmt: skip
    assert (landing["shape"], landing["catchment_m"]) == ("diamond", 1200)
    assert landing["narrower"] == []
    transport = (await client.get(f"{ALL}/transport")).json()
    assert transport["narrower"] == [{"code": "ferry-landing", "name": "Ferry landings"}]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("chemist", "pharmacy"),
        ("GP", "surgery"),
        ("Doctors", "surgery"),
        ("CAFÉS", "community-cafe"),
        ("cafe", "community-cafe"),
        ("foodbank", "food-bank"),
        ("food banks", "food-bank"),
        ("creche", "childcare"),
        ("mens shed", "mens-shed"),
        ("women's aid", "domestic-abuse"),
        ("Libraries", "library"),
        ("A&E", "hospital"),
        ("swim", "swimming"),
        ("jetty", "ferry-landing"),
    ],
)
async def test_a_category_is_found_by_the_words_people_use(
    client: httpx.AsyncClient, words: str, first: str
) -> None:
    assert (await find(client, words))[0] == first


async def test_a_name_comes_before_a_synonym_and_nonsense_finds_nothing(
    client: httpx.AsyncClient,
) -> None:
    # It begins a name, is a synonym, is a word of a name, and begins the synonym "parkrun".
    assert await find(client, "parks") == ["park", "play-area", "move", "walking"]
    assert await find(client, "qwertyuiop") == []
    assert await find(client, "%") == []
    assert len(await find(client, " ")) == len((await client.get(ALL)).json())


@pytest.mark.writes
async def test_an_answer_is_kept_until_categories_change(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    for path in (ALL, f"{ALL}/pharmacy", f"{ALL}?q=chemist"):
        first = await client.get(path)
        held = {"If-None-Match": first.headers["etag"]}
        again = await client.get(path, headers=held)
        assert (again.status_code, again.content) == (304, b"")
    async with demo_database.sessions.begin() as session:
        await load_terms(session, [Term("pharmacy", "Chemists", file="own.csv", row=2)])
    changed = await client.get(f"{ALL}?q=chemist", headers=held)
    assert changed.status_code == 200
    assert changed.json()[0]["name"] == "Chemists"


@pytest.mark.writes
async def test_a_retired_term_is_not_offered_and_can_still_be_read(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    async with demo_database.sessions.begin() as session:
        await load_terms(session, [])
    assert "ferry-landing" not in {each["code"] for each in (await client.get(ALL)).json()}
    assert await find(client, "jetty") == []
    landing = (await client.get(f"{ALL}/ferry-landing")).json()
    assert (landing["name"], landing["is_retired"]) == ("Ferry landings", True)
    assert (await client.get(f"{ALL}/transport")).json()["narrower"] == []


async def test_a_code_that_is_none_is_told_the_nearest(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{ALL}/libary")
    assert response.status_code == 404
    assert response.json()["detail"] == (
        "There is no category 'libary' (do you mean 'library'?). "
        "All of them are at /api/v1/categories."
    )


async def test_an_empty_service_has_no_categories(empty_client: httpx.AsyncClient) -> None:
    assert (await empty_client.get(ALL)).json() == []
