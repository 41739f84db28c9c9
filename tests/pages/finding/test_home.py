"""The first page: a question, kinds with their counts, listings to confirm, three doors."""

import html
import re
from datetime import date

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.versions import raise_version
from app.pages.finding.home import FEW
from tests.planting import add_asset, at, find_district

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}


@pytest.fixture
async def home(client: httpx.AsyncClient) -> str:
    response = await client.get("/", headers=HTML)
    assert response.status_code == 200
    return response.text


async def test_asks_where_by_a_plain_form(home: str) -> None:
    assert re.search(r'<form[^>]*action="/near" method="get"', home)
    assert 'name="where"' in home
    assert re.search(r"data-locate [^>]*hidden>Use my location", home)


async def test_says_that_the_town_is_invented(home: str) -> None:
    assert "this town is invented" in home


async def test_the_example_finds_something(client: httpx.AsyncClient, home: str) -> None:
    found = re.search(r"For example (\w+ \w+) or (\w+)\.", home)
    assert found is not None
    for example in found.groups():
        page = await client.get("/near", params={"where": example}, headers=HTML)
        assert page.status_code == 200
        assert 'data-card="1"' in page.text


async def test_kinds_are_counted_as_the_list_counts_them(
    client: httpx.AsyncClient, home: str
) -> None:
    kinds = re.findall(
        r'<a href="/near\?category=([\w-]+)">.*?</b> <span>(.*?)</span>', home, re.DOTALL
    )
    assert len(kinds) >= 8
    for code, said in kinds:
        found = (await client.get(f"/api/v1/assets?category={code}&limit=1")).json()
        count = found["number_matched"]
        assert said == (f"{count:,}" if count >= FEW else "few yet")


@pytest.mark.writes
async def test_few_are_not_counted_out(client: httpx.AsyncClient, demo_database: Database) -> None:
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM asset_categories"))
        await raise_version(session, "assets")
    page = (await client.get("/", headers=HTML)).text
    assert "few yet" in page
    assert not re.search(r"</b> <span>[\d,]+</span>", page)


async def test_three_listings_want_confirming_and_lead_to_their_pages(home: str) -> None:
    band = home.split('id="doubts-title"')[1].split("</section>", maxsplit=1)[0]
    assert len(re.findall(r'<a href="/assets/[0-9a-f-]{36}/[^"]+">', band)) == 3
    assert band.count('class="ha-stamp') == 3


@pytest.mark.writes
async def test_what_was_found_wrong_comes_first(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    kept = await add_asset(
        demo_database,
        {
            "kind": "place",
            "name": "Doubtful <Hall>",
            "categories": ["hall"],
            "sites": [{"location": at(district["points"][0]), "postcode": "HF9 1AA"}],
        },
    )
    await client.get("/", headers=HTML)
    async with demo_database.sessions.begin() as session:
        await session.execute(
            text(
                "INSERT INTO assertions (subject, subject_id, aspect, is_right, asserted_on,"
                " method, author) VALUES ('asset', :id, 'hours', false, :day, 'visited',"
                " 'somebody')"
            ),
            {"id": kept.id, "day": date(2026, 11, 1)},
        )
        await raise_version(session, "assets")
    page = (await client.get("/", headers=HTML)).text
    band = page.split('id="doubts-title"')[1].split("</section>")[0]
    assert "Doubtful &lt;Hall&gt;" in band.split("</li>")[0]
    assert "Hours not confirmed" in band


async def test_the_drawing_is_kept_by_browsers_until_something_changes(
    client: httpx.AsyncClient, home: str
) -> None:
    path = re.search(r'<img class="ha-hero__map" src="([^"]+)" alt="">', home)
    assert path is not None
    first = await client.get(html.unescape(path.group(1)))
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.text.count("M") > 25
    again = await client.get(
        html.unescape(path.group(1)), headers={"if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304


async def test_leads_to_find_add_and_understand(home: str) -> None:
    doors = home.split('class="ha-doors"')[1].split("</ul>", maxsplit=1)[0]
    assert re.findall(r'<a href="([^"]+)">', doors) == ["/near", "/add", "/layers", "/gaps"]
