"""What is near: list, map and data are the same rows, and every filter does what it says."""

import html
import re
from typing import Any

import httpx
import pytest

from app.core.database import Database
from app.pages.cards import DETOUR, METRES_A_MINUTE, count_minutes, round_metres
from app.pages.finding.asked import WITHIN
from tests.planting import add_asset, at, find_district

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}


async def open_page(client: httpx.AsyncClient, status: int = 200, **asked: str) -> str:
    response = await client.get("/near", params=asked, headers=HTML)
    assert response.status_code == status, response.text[:2000]
    return response.text


def list_names(page: str) -> list[str]:
    found = re.findall(r'class="ha-found__name"><a href="[^"]+">(.*?)</a>', page)
    return [html.unescape(name) for name in found]


def read_count(page: str) -> int:
    found = re.search(r'id="list-title">([\d,]+) place', page)
    return int(found.group(1).replace(",", "")) if found else 0


def write_words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def read_data(client: httpx.AsyncClient, page: str) -> dict[str, Any]:
    path = re.search(r'<a href="(/api/v1/assets[^"]*)"', page)
    assert path is not None
    found: dict[str, Any] = (await client.get(html.unescape(path.group(1)))).json()
    return found


@pytest.fixture
async def postcode(client: httpx.AsyncClient) -> str:
    """A postcode near which there is much."""
    home = (await client.get("/", headers=HTML)).text
    found = re.search(r"For example (\w+ \w+) or", home)
    assert found is not None
    return found.group(1)


async def test_list_map_and_data_are_the_same_rows(
    client: httpx.AsyncClient, postcode: str
) -> None:
    page = await open_page(client, where=postcode)
    data = await read_data(client, page)
    assert read_count(page) == data["number_matched"] > 20
    assert list_names(page) == [each["properties"]["name"] for each in data["features"]]
    points = re.findall(r'data-lon="([-\d.]+)" data-lat="([-\d.]+)" data-name', page)
    sent = [each["geometry"]["coordinates"] for each in data["features"] if each["geometry"]]
    assert [[float(lon), float(lat)] for lon, lat in points] == sent


async def test_names_the_place_and_says_how_far(client: httpx.AsyncClient, postcode: str) -> None:
    page = await open_page(client, where=postcode.lower().replace(" ", ""))
    assert re.search(rf"<h1[^>]*>Near {postcode}, \w+", page)
    walks = re.findall(r"<b>about (\d+) min walk</b>", page)
    assert [int(each) for each in walks] == sorted(int(each) for each in walks)
    assert int(walks[-1]) <= 20
    assert "places, nearest first" in page


@pytest.mark.parametrize(
    ("metres", "minutes", "shown"),
    [(1, 1, 10), (420, 7, 420), (994, 17, 990), (996, 17, 1000), (3692, 60, 3700)],
)
def test_minutes_are_rounded_up_and_metres_to_what_is_known(
    metres: float, minutes: int, shown: int
) -> None:
    assert count_minutes(metres) == minutes
    assert round_metres(metres) == shown


def test_a_walk_of_twenty_minutes_is_said_to_be_one() -> None:
    assert count_minutes(WITHIN["20min"]) == 20
    assert WITHIN["20min"] == pytest.approx(20 * METRES_A_MINUTE / DETOUR)
    assert count_minutes(10_000) is None


async def test_every_filter_narrows_and_is_kept_in_the_form(
    client: httpx.AsyncClient, postcode: str
) -> None:
    everything = read_count(await open_page(client, where=postcode, within="5km"))
    for name, value, field in [
        ("category", "lib", "category"),
        ("when", "tu", "open_on"),
        ("free", "yes", "cost"),
        ("step_free", "yes", "step_free"),
        ("language", "pl", "language"),
        ("q", "library", "q"),
        ("within", "5min", "radius_m"),
    ]:
        asked = {"where": postcode, "within": "5km", name: value}
        page = (await client.get("/near", params=asked, headers=HTML)).text
        assert 0 < read_count(page) < everything, name
        assert f"{field}=" in page
        assert re.search(
            rf'(<option value="{value}" selected>|name="{name}" value="{value}"( checked)?)', page
        ), name


@pytest.mark.writes
async def test_an_age_leaves_out_what_is_for_others_and_says_what_is_not_known(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    for name, ages in {
        "Zither tots": {"max_age": 4}, "Zither youth": {"min_age": 11, "max_age": 18},
        "Zither seniors": {"min_age": 60}, "Zither hour": {}, "Zither eighteens": {"min_age": 18,
        "max_age": 18},
    }.items():  # fmt: skip
        site = {"location": at(district["points"][0])}
        said = {"kind": "activity", "name": name, "categories": ["hall"], "sites": [site]}
        await add_asset(demo_database, {**said, **ages})
    page = await open_page(client, q="zither", age="18")
    assert sorted(list_names(page)) == ["Zither eighteens", "Zither hour", "Zither youth"]
    words = write_words(page)
    for sentence in (
        "for people of 18 ", "for people of 11 to 18", "does not say for which ages",
        "for someone aged 18",
    ):  # fmt: skip
        assert sentence in words
    data = await read_data(client, page)
    assert data["number_matched"] == 3
    page = await open_page(client, q="zither")
    assert len(list_names(page)) == 5
    assert "does not say for which ages" not in page
    assert "for people up to 4" in page
    assert "for people of 60 and over" in page


@pytest.mark.parametrize("age", ["abc", "-1", "121", "1e2", "٣"])
async def test_what_is_no_age_is_kept_beside_what_is_wrong(
    client: httpx.AsyncClient, age: str
) -> None:
    page = await open_page(client, 400, where="HF1 1AA", age=age)
    assert f"“{age}” is no age. Write a whole number of years" in page
    assert 'aria-describedby="age-error"' in page
    assert f'name="age" value="{age}"' in page


async def test_works_without_a_place_by_name(client: httpx.AsyncClient) -> None:
    page = await open_page(client, category="library")
    names = list_names(page)
    assert names == sorted(names, key=str.casefold)
    assert "In Haddermouth" in page
    assert "by name" in page
    assert "min walk</b>" not in page


async def test_an_area_by_name_shows_what_is_in_it(client: httpx.AsyncClient) -> None:
    district = (await client.get("/api/v1/areas?type=msoa")).json()["items"][3]
    page = await open_page(client, where=district["name"].upper(), category="lib")
    data = await read_data(client, page)
    assert f"In {html.escape(district['name'])}" in page
    inside = await client.get(f"/api/v1/assets?area=msoa:{district['code']}&category=lib&limit=100")
    assert data["number_matched"] == inside.json()["number_matched"] > 0


async def test_names_that_may_be_several_are_offered_and_kept(client: httpx.AsyncClient) -> None:
    page = await open_page(client, where="er", category="lib")
    assert "Which “er”?" in page
    links = re.findall(r'<li><a href="(/near\?[^"]*place=[^"]*)">', page)
    assert 1 < len(links) <= 8
    assert 'value="er"' in page
    chosen = await client.get(html.unescape(links[0]), headers=HTML)
    assert chosen.status_code == 200
    assert '<option value="lib" selected>' in chosen.text


async def test_a_name_with_a_slip_is_found(client: httpx.AsyncClient) -> None:
    page = await open_page(client, where="Fishergaet")
    assert "Fishergate" in page


@pytest.mark.parametrize("text", ["HF9", "hf9 1"])
async def test_half_a_postcode_is_kept_and_its_ends_are_offered(
    client: httpx.AsyncClient, text: str
) -> None:
    page = await open_page(client, 400, where=text)
    assert "is the beginning of a postcode" in page
    assert f'value="{text}"' in page
    assert "<title>Problem:" in page
    assert re.search(r'<a href="/near\?where=HF9', page)


async def test_a_postcode_of_elsewhere_is_kept_and_said_not_to_be_known(
    client: httpx.AsyncClient,
) -> None:
    page = await open_page(client, 400, where="QQ99 9QQ")
    assert "We do not know “QQ99 9QQ” here" in page
    assert 'value="QQ99 9QQ"' in page


async def test_pages_go_on_to_the_end_and_show_everything_once(
    client: httpx.AsyncClient, postcode: str
) -> None:
    page = await open_page(client, where=postcode, within="30min", when="now")
    total, names = read_count(page), list_names(page)
    numbers = re.findall(r'data-card="(\d+)"', page)
    for _ in range(20):
        following = re.search(r'<a href="([^"]+)" rel="next"', page)
        if following is None:
            break
        response = await client.get(html.unescape(following.group(1)), headers=HTML)
        page = response.text
        assert response.status_code == 200, page
        names += list_names(page)
        numbers += re.findall(r'data-card="(\d+)"', page)
    assert len(names) == total
    assert [int(each) for each in numbers] == list(range(1, total + 1))


async def test_an_old_page_of_the_list_leads_back_to_the_first(
    client: httpx.AsyncClient, postcode: str
) -> None:
    page = await open_page(client, 400, where=postcode, cursor="bm9uc2Vuc2U", first="21")
    assert "Start again from its first page" in page


async def test_open_now_says_how_many_do_not_say(client: httpx.AsyncClient, postcode: str) -> None:
    page = write_words(await open_page(client, where=postcode, when="now", within="5km"))
    assert re.search(r"[\d,]+ more do(es)? not say when (they are|it is) open", page)


@pytest.mark.writes
async def test_hours_cost_and_freshness_are_on_the_card(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    await add_asset(
        demo_database,
        {
            "kind": "place",
            "name": "Always There Hall",
            "categories": ["hall"],
            "cost": "free",
            "sites": [{"location": at(district["points"][0]), "opening_hours": "24/7"}],
        },
    )
    page = await open_page(client, q="Always There Hall")
    card = write_words(page.split('data-card="1"')[1].split("</li>\n</ol>")[0])
    assert "open now" in card
    assert "free" in card
    assert "Confirmed " in card
    assert '/always-there-hall"' in page


async def test_words_that_nothing_has_are_widened_and_said_so(client: httpx.AsyncClient) -> None:
    page = await open_page(client, q="libary")
    assert "Nothing has the words “libary”" in page
    assert list_names(page)


async def test_nothing_found_offers_ways_on_that_find_what_they_say(
    client: httpx.AsyncClient, postcode: str
) -> None:
    page = await open_page(client, where=postcode, q="swimming", within="5min", language="bfi")
    assert "Nothing found" in page
    assert 'href="/add"' in page
    ways = re.findall(r'<li><a href="(/near[^"]+)">[^<]+</a> <span[^>]*>([\d,]+) place', page)
    assert ways
    for path, count in ways:
        found = (await client.get(html.unescape(path), headers=HTML)).text
        assert read_count(found) == int(count.replace(",", ""))


async def test_the_bare_page_asks_where_and_an_empty_question_says_what_to_do(
    client: httpx.AsyncClient,
) -> None:
    page = await open_page(client)
    assert "What’s near you?" in page
    assert 'name="where"' in page
    page = await open_page(client, 400, where="  ")
    assert "Write a postcode or the name of a place" in page


async def test_a_part_of_the_map_can_be_asked_for(client: httpx.AsyncClient, postcode: str) -> None:
    whole = await read_data(client, await open_page(client, where=postcode))
    lon, lat = whole["features"][0]["geometry"]["coordinates"]
    box = f"{lon - 0.0005},{lat - 0.0005},{lon + 0.0005},{lat + 0.0005}"
    page = await open_page(client, where=postcode, bbox=box)
    assert 0 < read_count(page) < whole["number_matched"]
    assert "In this part of the map" in page
    assert whole["features"][0]["properties"]["name"] in list_names(page)


async def test_a_point_outside_the_place_says_so(client: httpx.AsyncClient) -> None:
    page = await open_page(client, near="140.1,35.2")
    assert "outside Haddermouth" in page
    assert "Nothing found" in page


async def test_a_fragment_is_form_and_result_alone(
    client: httpx.AsyncClient, postcode: str
) -> None:
    response = await client.get(
        "/near", params={"where": postcode}, headers={**HTML, "x-fragment": "near"}
    )
    assert "<html" not in response.text
    assert "data-near-result" in response.text
    assert "x-fragment" in response.headers["vary"].lower()
