"""The page of neighbourhoods: how many people, their map and every one of them."""

import re

import httpx
import pytest
from sqlalchemy import select

from app.areas import service as areas
from app.areas.models import Area, BoundarySet
from app.core.database import Database
from app.core.versions import raise_version
from app.pages import service

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}


@pytest.fixture
async def home(client: httpx.AsyncClient) -> str:
    response = await client.get("/areas", headers=HTML)
    assert response.status_code == 200
    return response.text


async def test_says_where_one_is_and_how_many_live_there(home: str) -> None:
    assert re.search(r"<h1[^>]*>Neighbourhoods of Haddermouth</h1>", home)
    sentence = " ".join(re.findall(r'<p class="ha-finding">(.*?)</p>', home, re.DOTALL)[0].split())
    assert sentence == "190,300 people live here, in 120 neighbourhoods and 25 districts."


async def test_says_that_the_town_is_invented(home: str) -> None:
    assert "this town is invented" in home


async def test_lists_every_neighbourhood_once_under_a_district(home: str) -> None:
    codes = re.findall(r'data-area="([^"]+)"', home)
    assert len(codes) == len(set(codes)) == 120
    districts = home.split('<details class="ha-fold ha-district"')[1:]
    assert len(districts) == 25
    assert all('data-area="' in district for district in districts)


async def test_neighbourhoods_of_a_district_add_up_to_it(home: str) -> None:
    for district in home.split('<details class="ha-fold ha-district"')[1:]:
        said = re.search(r'ha-district__facts">([\d,]+) people', district)
        assert said is not None
        counts = re.findall(r'<td class="ha-number">([\d,]+)</td>', district)
        total = sum(int(count.replace(",", "")) for count in counts)
        assert total == int(said.group(1).replace(",", ""))


async def test_draws_every_district_before_any_script_runs(home: str) -> None:
    drawing = home.split("<svg class=", 1)[1].split("</svg>", maxsplit=1)[0]
    districts = drawing.split('class="ha-outline__shapes"')[1]
    assert districts.count("<path ") == 25
    assert 'class="ha-backdrop__water"' in drawing
    targets = re.findall(r'<a href="#area-([^"]+)"', drawing)
    assert all(f'id="area-{code}"' in home for code in targets)


async def test_every_target_of_the_list_is_on_the_page(home: str) -> None:
    targets = set(re.findall(r'href="#([^"]+)"', home))
    assert targets <= set(re.findall(r'id="([^"]+)"', home))


@pytest.mark.parametrize(
    "path",
    ["/", "/areas", "/near", "/near?category=lib", "/layers", "/sources", "/docs", "/nowhere"],
)
async def test_holds_nothing_that_the_content_policy_would_stop(
    client: httpx.AsyncClient, path: str
) -> None:
    page = (await client.get(path, headers=HTML)).text
    assert not re.findall(r"<[^>]+\sstyle=", page)
    assert "<style" not in page
    assert not re.findall(r"<[^>]+\son[a-z]+=", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all('src="/static/' in each or 'type="application/json"' in each for each in scripts)


@pytest.mark.parametrize("most", [100, 24])
async def test_a_place_of_too_many_areas_has_a_page_too(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(areas, "MOST_OUTLINES", most)
    response = await client.get("/areas", headers=HTML)
    assert response.status_code == 200
    page = response.text
    assert "190,300 people live here" in page
    assert "too many areas here to draw a map or to name every neighbourhood" in page
    assert len(re.findall(r'<tr id="area-', page)) == 25
    # Nothing for the script to start on: it would ask for outlines that are refused.
    assert "data-town" not in page
    assert "data-area" not in page


async def test_is_made_for_one_visitor(client: httpx.AsyncClient) -> None:
    response = await client.get("/areas", headers=HTML)
    assert "private" in response.headers["cache-control"]
    assert {"accept-language", "cookie"} <= {
        name.strip().lower() for name in response.headers["vary"].split(",")
    }


async def test_says_that_it_is_being_set_up_before_a_pack_is_loaded(
    empty_client: httpx.AsyncClient,
) -> None:
    response = await empty_client.get("/", headers=HTML)
    assert response.status_code == 503
    assert "This service is being set up" in response.text
    assert "no place is loaded yet" in response.text
    assert "Haddermouth" not in response.text


@pytest.fixture
async def home_by_region(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> str:
    """The first page as if 25 districts were too many for one list."""
    monkeypatch.setattr(service, "LONGEST_LIST", 24)
    return (await client.get("/areas", headers=HTML)).text


async def test_many_districts_are_listed_by_region_and_none_is_lost(home_by_region: str) -> None:
    regions = home_by_region.split('<details class="ha-fold ha-region"')[1:]
    counts = [region.count('<details class="ha-fold ha-district"') for region in regions]
    assert sorted(counts) == [5, 20]
    codes = re.findall(r'data-area="([^"]+)"', home_by_region)
    assert len(codes) == len(set(codes)) == 120
    targets = set(re.findall(r'href="#([^"]+)"', home_by_region))
    assert targets <= set(re.findall(r'id="([^"]+)"', home_by_region))


async def test_the_sentence_counts_regions_where_there_are_any(home_by_region: str) -> None:
    said = re.findall(r'<p class="ha-finding">(.*?)</p>', home_by_region, re.DOTALL)[0]
    sentence = " ".join(said.split())
    assert sentence == (
        "190,300 people live here, in 2 councils with 25 districts and 120 neighbourhoods."
    )


async def test_the_still_map_of_many_districts_names_regions_only(home_by_region: str) -> None:
    drawing = home_by_region.split('<svg class="ha-outline"')[1].split("</svg>", maxsplit=1)[0]
    edges = drawing.split('class="ha-outline__edges"')[1].split("</g>")[0]
    assert edges.count("<path ") == 2
    shown = re.findall(r'class="is-shown-(?:everywhere|wide)"( data-larger)?', drawing)
    assert shown
    assert all(shown)
    assert drawing.count("is-shown-nowhere") >= 25


@pytest.mark.writes
async def test_the_page_is_made_anew_when_areas_change(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    before = (await client.get("/areas", headers=HTML)).text
    async with demo_database.sessions.begin() as session:
        newest = select(BoundarySet.id).where(
            BoundarySet.area_type == "msoa", BoundarySet.boundary_year == 2021
        )
        query = select(Area).where(Area.boundary_set_id == newest.scalar_subquery())
        area = (await session.scalars(query.order_by(Area.code).limit(1))).one()
        area.name = "Quite Another Name"
        await raise_version(session, "areas")
    after = (await client.get("/areas", headers=HTML)).text
    assert before.count("Quite Another Name") == 0
    assert "Quite Another Name" in after
