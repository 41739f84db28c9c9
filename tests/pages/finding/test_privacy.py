"""What is hidden is on no page, and of what is told by area no place is, not even a distance."""

import re

import httpx
import pytest

from app.core.database import Database
from tests.planting import add_asset, at, find_district

HTML = {"accept": "text/html"}
HIDDEN, BY_AREA = "Quiet Refuge House", "Night Feeds Circle"


@pytest.fixture
async def district(demo_database: Database) -> dict[str, object]:
    """A district with a hidden asset, one that may be found, and one told by area."""
    found = await find_district(demo_database)
    for name, more, at_point in (
        (HIDDEN, {"visibility": "hidden"}, 0),
        (f"{HIDDEN} Two", {"visibility": "hidden", "findable": True}, 1),
        (BY_AREA, {"visibility": "area only"}, 2),
    ):
        await add_asset(
            demo_database,
            {
                "kind": "service",
                "name": name,
                "categories": ["hall"],
                "sites": [
                    {
                        "location": at(found["points"][at_point]),
                        "address": "7 Secret Street",
                        "postcode": "HF9 9ZZ",
                        "served_areas": [{"type": "msoa", "code": found["code"]}],
                    }
                ],
                **more,
            },
        )
    return found


async def test_hidden_is_on_no_page(client: httpx.AsyncClient, district: dict[str, object]) -> None:
    lon, lat = district["points"][0]  # type: ignore[index]
    for asked in (
        {"near": f"{lon},{lat}", "within": "25km"},
        {"near": f"{lon},{lat}", "category": "hall"},
        {"place": f"msoa:{district['code']}", "category": "hall"},
        {"place": f"msoa:{district['code']}", "q": "Quiet Refuge"},
        {"q": HIDDEN},
        {"category": "hall", "sort": "name"},
        {"bbox": f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"},
    ):
        page = (await client.get("/near", params=asked, headers=HTML)).text
        said = page.replace("“Quiet Refuge", "").replace('value="Quiet Refuge', "")
        said = re.sub(r'(href|value|data-title)="[^"]*"', "", said)
        assert f">{HIDDEN}" not in said, asked
        assert "Secret Street" not in page
        assert "HF9 9ZZ" not in page
    assert HIDDEN not in (await client.get("/", headers=HTML)).text


async def test_told_by_area_has_no_distance_and_no_point(
    client: httpx.AsyncClient, district: dict[str, object]
) -> None:
    asked = {"place": f"msoa:{district['code']}", "q": BY_AREA}
    page = (await client.get("/near", params=asked, headers=HTML)).text
    card = page.split('data-card="1"')[1].split("</ol>")[0]
    assert BY_AREA in card
    assert f"in {district['name']}" in card
    assert "min walk" not in card
    assert "away" not in card
    assert "data-lon" not in card.split(">")[0]
    assert "Secret Street" not in page


async def test_told_by_area_stands_after_the_measured_ones(
    client: httpx.AsyncClient, district: dict[str, object]
) -> None:
    asked = {"place": f"msoa:{district['code']}", "category": "warm"}
    page = (await client.get("/near", params=asked, headers=HTML)).text
    facts = re.findall(r'<li class="ha-found"[^>]*?(data-lon)?[^>]*>', page)
    rows = re.findall(r'<li class="ha-found"[^>]*>', page)
    assert len(facts) == len(rows)
    measured = ["data-lon" in row for row in rows]
    assert measured == sorted(measured, reverse=True)
    assert not measured[-1]
