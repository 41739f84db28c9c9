"""The pages of an organisation and of an area, and what an area's page offers to download."""

import csv
import html
import io
import re
from typing import Any

import httpx
import pytest

from app.core.database import Database
from app.indicators.schemas import Standing
from app.pages.reading.need import Tenth, find_tenth
from tests.planting import add_asset, add_organisation, at, find_district

HTML = {"accept": "text/html"}


@pytest.fixture
async def district(demo_database: Database) -> dict[str, Any]:
    """A publishing area with points inside."""
    return await find_district(demo_database)


async def show(client: httpx.AsyncClient, address: str) -> str:
    """Return the page at the lasting address of something."""
    response = await client.get(address, headers=HTML, follow_redirects=True)
    assert response.status_code == 200, response.text
    return response.text


def read_words(page: str) -> str:
    """Return what is to be read in the main part of a page."""
    main = re.sub(r"(?s).*<main[^>]*>(.*)</main>.*", r"\1", page)
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())


async def test_an_organisation_says_who_it_is_and_what_it_runs(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    said = {
        "name": "Mill Mutual", "kind": "social enterprise", "founded": 1999,
        "social_enterprise_reason": "legal form", "legal_form": "community benefit society",
        "description": "We lend tools.",
        "identifiers": [{"scheme": "GB-COH", "identifier": "01234567"}],
        "contacts": [{"kind": "email", "value": "mill@example.org"}],
        "works_in": [{"type": "msoa", "code": district["code"]}],
        "addresses": [
            {"role": "registered", "address": "9 Home Lane", "location": at(district["points"][0])}
        ],
    }  # fmt: skip
    mutual = await add_organisation(demo_database, said)
    await add_asset(
        demo_database,
        {
            "kind": "resource", "name": "Tool shed", "categories": ["repair"],
            "organisation": str(mutual.public_id),
            "sites": [{"location": at(district["points"][1]), "address": "2 Mill Yard"}],
        },
    )  # fmt: skip
    page = await show(client, f"/organisations/{mutual.public_id}")
    words = read_words(page)
    assert "Social enterprise: its legal form says so" in words
    assert "Legal form: community benefit society" in words
    assert "Tool shed 2 Mill Yard" in words
    assert "company-information.service.gov.uk/company/01234567" in page
    works, registered = words.index("Works in"), words.index("Registered in")
    assert district["name"] in words[works:registered]
    assert district["name"] in words[registered:]
    assert "9 Home Lane" not in page
    assert 'rel="canonical" href="http://hereabouts.test/organisations/' in page


async def test_an_organisation_of_which_nothing_is_stated_reads_well(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    bare = await add_organisation(demo_database, {"name": "Bare"})
    words = read_words(await show(client, f"/organisations/{bare.public_id}"))
    assert "Nobody has told us yet what sort of organisation this is." in words
    assert "We know of nothing yet that they run here." in words
    assert "None" not in words


async def test_a_hidden_organisation_reads_as_if_it_were_not(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    kept = await add_organisation(demo_database, {"name": "Secret", "visibility": "hidden"})
    secret = await client.get(f"/organisations/{kept.public_id}", headers=HTML)
    assert secret.status_code == 404
    assert "Secret" not in secret.text
    assert str(kept.public_id) not in (await client.get("/sitemaps/organisations-1.xml")).text


async def test_an_area_says_who_lives_there_and_what_there_is(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    site = {"location": at(district["points"][0])}
    said = {"kind": "place", "name": "Here", "categories": ["library"], "sites": [site]}
    await add_asset(demo_database, said)
    address = f"/areas/msoa/{district['code']}"
    page = await show(client, address)
    words = read_words(page)
    assert f">{district['name']}</h1>" in page
    assert re.search(r"[\d,]+ people live here\.", words)
    assert f"/near?place=msoa%3A{district['code']}&amp;within=area&amp;category=lib" in page
    assert "Working in the area" in words
    assert "Registered in the area" in words
    assert re.search(r"In a straight line from the point", words)
    assert "higher is worse" in words
    counted = (await client.get(f"/api/v1{address}/assets")).json()
    assert f"We know of {counted['assets']} places and activities here." in words
    assert f'href="/areas/authority/{district["authority"]}"' in page


@pytest.mark.reads
async def test_an_older_outline_says_so_and_leads_to_the_newest(
    client: httpx.AsyncClient,
) -> None:
    kinds = {each["code"]: each for each in (await client.get("/api/v1/area-types")).json()}
    kind = next(each for each in kinds.values() if len(each["boundary_years"]) > 1)
    oldest = kind["boundary_years"][0]
    asked = {"type": kind["code"], "boundary_year": oldest, "limit": 1}
    (area,) = (await client.get("/api/v1/areas", params=asked)).json()["items"]
    page = await show(client, f"/areas/{kind['code']}/{area['code']}?boundary_year={oldest}")
    assert f"This is the outline of {oldest}." in page
    assert '<meta name="robots" content="noindex">' in page


async def test_a_hidden_asset_changes_nothing_on_the_page_of_its_area(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    address = f"/areas/msoa/{district['code']}"
    before = read_words(await show(client, address))
    site = {"location": at(district["points"][0])}
    said = {
        "kind": "place", "name": "Secret", "categories": ["library"], "visibility": "hidden",
        "sites": [site],
    }  # fmt: skip
    await add_asset(demo_database, said)
    assert read_words(await show(client, address)) == before
    assert "Secret" not in (await client.get(f"{address}/assets.csv")).text


@pytest.mark.reads
async def test_the_files_hold_figures_and_assets_and_no_formulas(
    client: httpx.AsyncClient, district: dict[str, Any]
) -> None:
    address = f"/areas/msoa/{district['code']}"
    figures = await client.get(f"{address}/figures.csv")
    rows = list(csv.DictReader(io.StringIO(figures.text)))
    assert rows
    assert all(row["licence"] and row["direction"] for row in rows)
    listed = await client.get(f"{address}/assets.csv")
    assert listed.headers["content-disposition"].startswith("attachment")
    found = list(csv.DictReader(io.StringIO(listed.text)))
    assert found
    assert all(row["licence"] for row in found)
    assert not any(cell.startswith(("=", "+", "@")) for row in found for cell in row.values())


@pytest.mark.reads
async def test_an_unknown_area_gets_a_sentence_that_helps(client: httpx.AsyncClient) -> None:
    response = await client.get("/areas/msoa/NOWHERE", headers=HTML)
    assert response.status_code == 404
    assert "NOWHERE" in response.text
    assert "Choose a neighbourhood" in response.text


@pytest.mark.parametrize(
    ("from_highest", "polarity", "expected"),
    [
        (1, "high is bad", Tenth(10, "most")),
        (50, "high is bad", Tenth(50, "most")),
        (51, "high is bad", Tenth(50, "least")),
        (100, "high is bad", Tenth(10, "least")),
        (1, "high is good", Tenth(10, "least")),
    ],
)
def test_a_tenth_is_counted_from_the_nearer_end(
    from_highest: int, polarity: str, expected: Tenth
) -> None:
    standing = Standing(
        from_highest=from_highest,
        from_lowest=101 - from_highest,
        same_value=1,
        of=100,
        percentile=50,
    )
    assert find_tenth(standing, polarity) == expected


def test_among_few_areas_no_tenth_is_told() -> None:
    standing = Standing(from_highest=1, from_lowest=9, same_value=1, of=9, percentile=50)
    assert find_tenth(standing, "high is bad") is None


async def test_every_organisation_of_an_area_is_listed_those_that_work_and_those_registered_apart(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    area = {"type": "authority", "code": district["authority"]}
    for number in range(60):
        said = {"name": f"Zither club {number:02}", "kind": "charity", "works_in": [area]}
        await add_organisation(demo_database, said)
    site = {"location": at(district["points"][0])}
    runner = await add_organisation(demo_database, {"name": "Zither house"})
    await add_asset(
        demo_database,
        {"kind": "place", "name": "House", "categories": ["library"], "sites": [site],
         "organisation": str(runner.public_id)},
    )  # fmt: skip
    await add_organisation(demo_database, {"name": "Zither secret", "visibility": "hidden",
                                           "works_in": [area]})  # fmt: skip
    address = f"/areas/authority/{district['authority']}"
    page = await show(client, address)
    counts = (await client.get(f"/api/v1{address}/organisations")).json()
    for relation in ("works_in", "registered_in"):
        total, names, path = (
            counts[relation]["total"],
            [],
            f"{address}/organisations?relation={relation}",
        )
        assert (f'href="{path}"' in page) == (total > 8)
        while path:
            listed = await show(client, path)
            names += re.findall(r'<li><a href="/organisations/[^"]+">(.*?)</a>', listed)
            following = re.search(r'<a href="([^"]+)" rel="next"', listed)
            path = html.unescape(following[1]) if following else ""
        assert len(names) == len(set(names)) == total
        assert ("Zither club 59" in names) == (relation == "works_in")
        assert "Zither secret" not in names
    words = read_words(await show(client, f"{address}/organisations"))
    assert "runs something here" in words


@pytest.mark.reads
async def test_an_old_page_of_organisations_begins_again(
    client: httpx.AsyncClient, district: dict[str, Any]
) -> None:
    address = f"/areas/msoa/{district['code']}/organisations"
    odd = await client.get(f"{address}?relation=registered_in&cursor=zzz", headers=HTML)
    assert (odd.status_code, odd.headers["location"]) == (303, f"{address}?relation=registered_in")
    assert (await client.get(f"{address}?relation=x", headers=HTML)).status_code == 200
    assert (await client.get("/areas/msoa/NOPE/organisations", headers=HTML)).status_code == 404
