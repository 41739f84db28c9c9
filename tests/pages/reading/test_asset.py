"""The page of an asset: what it says, what it keeps to itself, and what it never breaks on."""

import json
import re
from typing import Any

import httpx
import pytest

from app.core.database import Database
from app.records.vocabulary import Status
from tests.planting import Said, add_asset, add_organisation, at, edit_asset, find_district

HTML = {"accept": "text/html"}
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


@pytest.fixture
async def district(demo_database: Database) -> dict[str, Any]:
    """A publishing area with points inside."""
    return await find_district(demo_database)


def describe(point: tuple[float, float], **said: Any) -> Said:  # noqa: ANN401 - any field
    """Return an asset at a point."""
    site = {"location": at(point), "address": "1 Test Street", "postcode": "HF9 9BL"}
    return {
        "kind": "place", "name": "Reading Room", "categories": ["library"],
        "sites": [{**site, **said.pop("site", {})}], **said,
    }  # fmt: skip


async def show(client: httpx.AsyncClient, address: str) -> str:
    """Return the page at the lasting address of something."""
    response = await client.get(address, headers=HTML, follow_redirects=True)
    assert response.status_code == 200, response.text
    return response.text


def read_words(page: str) -> str:
    """Return what is to be read in the main part of a page."""
    main = re.sub(r"(?s).*<main[^>]*>(.*)</main>.*", r"\1", page)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def read_linked_data(page: str) -> Any:  # noqa: ANN401 - JSON
    """Return the linked data of a page, None where there is none."""
    found = re.search(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(found[1]) if found else None


async def test_a_wrong_or_missing_slug_leads_to_the_lasting_address(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    kept = await add_asset(demo_database, describe(district["points"][0]))
    lasting = f"/assets/{kept.public_id}/reading-room"
    for address in (f"/assets/{kept.public_id}", f"/assets/{kept.public_id}/old-name"):
        response = await client.get(address, headers=HTML)
        assert (response.status_code, response.headers["location"]) == (301, lasting)
    page = await show(client, lasting)
    assert f'<link rel="canonical" href="http://hereabouts.test{lasting}">' in page
    assert f'href="/api/v1/assets/{kept.public_id}"' in page


async def test_letters_of_other_alphabets_make_an_address_that_is_reached(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    kept = await add_asset(demo_database, describe(district["points"][0], name="কমিউনিটি হল"))
    response = await client.get(f"/assets/{kept.public_id}", headers=HTML)
    assert response.status_code == 301
    assert (await client.get(response.headers["location"], headers=HTML)).status_code == 200


@pytest.mark.reads
@pytest.mark.parametrize("address", ["/assets/nothing", "/assets/x/y", "/organisations/1"])
async def test_what_is_not_there_gets_a_page_that_helps(
    client: httpx.AsyncClient, address: str
) -> None:
    response = await client.get(address, headers=HTML)
    assert response.status_code == 404
    assert 'action="/near"' in response.text


async def test_everything_that_is_known_is_said(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    helpers = await add_organisation(demo_database, {"name": "Helpers", "kind": "charity"})
    said = describe(
        district["points"][0],
        site={
            "opening_hours": "Mo-Su 20:00-02:00",
            "contacts": [
                {"kind": "phone", "value": "01234 000000", "label": "desk"},
                {"kind": "email", "value": "desk@example.org"},
                {"kind": "web", "value": "https://www.example.org/room/"},
            ],
        },
        description="Books.\nAnd chairs.", cost="paid", cost_amount="2.50", min_age=5, max_age=11,
        eligibility="Families", how_to_join="Ring first.", languages=["cy", "en"],
        access={"step_free": "yes", "parking": "no"}, alert="Shut for repairs",
        organisation=str(helpers.public_id),
    )  # fmt: skip
    kept = await add_asset(demo_database, said)
    page = await show(client, f"/assets/{kept.public_id}")
    words = read_words(page)
    for each in (
        "Books.", "And chairs.", "People of 5 to 11", "Families", "Ring first.", "2.50", "Welsh",
        "Step-free", "No parking", "Shut for repairs", "1 Test Street, HF9 9BL", "Helpers",
        "8\N{NO-BREAK SPACE}pm to 2\N{NO-BREAK SPACE}am the next day".replace("\xa0", " "),
        "Nobody has told us yet about toilets or a hearing loop.",
    ):  # fmt: skip
        assert each in words.replace("\xa0", " "), each
    assert 'href="tel:01234000000"' in page
    assert 'href="mailto:desk@example.org"' in page
    assert 'href="https://www.example.org/room/" rel="noopener nofollow">example.org/room<' in page
    assert f'href="/organisations/{helpers.public_id}/helpers"' in page
    assert f'action="/assets/{kept.public_id}/still-right"' in page
    assert 'name="csrf_token"' in page
    linked = read_linked_data(page)
    assert (linked["@type"], linked["name"]) == ("Place", "Reading Room")
    assert linked["address"]["postalCode"] == "HF9 9BL"
    assert linked["maintainer"]["name"] == "Helpers"


async def test_an_asset_of_which_nothing_is_stated_reads_well(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    said = {"kind": "service", "name": "Bare", "categories": ["library"], "sites": [{}]}
    kept = await add_asset(demo_database, said)
    words = read_words(await show(client, f"/assets/{kept.public_id}"))
    assert "Nobody has told us yet when it is open." in words
    assert "Nobody has told us yet where it is." in words
    assert (
        "Nobody has told us the cost, who it is for, how to join, how to get in touch or who "
        "runs it." in words
    )
    assert "None" not in words
    assert "not stated" not in words


async def test_an_area_only_site_tells_no_more_than_its_area(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    lon, lat = district["points"][0]
    kept = await add_asset(demo_database, describe((lon, lat), visibility="area only"))
    page = await show(client, f"/assets/{kept.public_id}")
    assert f"In {district['name']}" in read_words(page)
    assert "only the neighbourhood is" in read_words(page)
    for secret in ("1 Test Street", "HF9 9BL", str(lon)[:7], str(lat)[:7], "data-spot-map"):
        assert secret not in page, secret
    assert set(read_linked_data(page)) <= {"@context", "@type", "@id", "url", "name"}


def read_map(page: str) -> str:
    """Return the small map of a page with what is written beneath it, as it is sent."""
    (figure,) = re.findall(r'(?s)<figure class="ha-spot">.*?</figure>', page)
    return str(figure)


async def test_the_map_of_an_area_only_site_shows_the_area_and_no_more(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    maps = set()
    for point in district["points"]:
        kept = await add_asset(demo_database, describe(point, visibility="area only"))
        maps.add(read_map(await show(client, f"/assets/{kept.public_id}")))
    assert len(maps) == 1, "the map depends on where in the area it is"
    (drawn,) = maps
    assert f"In {district['name']}, marked on the map." in drawn
    assert "The place within it is kept private." in drawn
    assert drawn.count('class="ha-spot__chosen"') == 1
    assert drawn.count("<path") > 1, "no neighbours"
    for each in ("ha-spot__mark", "data-spot-map", "data-marks"):
        assert each not in drawn, each


async def test_the_frame_of_that_map_has_the_whole_outline_in_its_middle(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    kept = await add_asset(demo_database, describe(district["points"][0], visibility="area only"))
    drawn = read_map(await show(client, f"/assets/{kept.public_id}"))
    (path,) = re.findall(r'class="ha-spot__chosen" d="([^"]*)"', drawn)
    (frame,) = re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    corners = read_corners(path)
    for axis, extent in enumerate(map(int, frame)):
        near, far = min(each[axis] for each in corners), max(each[axis] for each in corners)
        assert near > 0.05 * extent
        assert abs((near + far) / 2 - extent / 2) < 0.01 * extent


def read_corners(path: str) -> list[tuple[int, int]]:
    """Return the corners of a drawn outline."""
    corners = [(0, 0)]
    for step, x, y in re.findall(r"([Ml])(-?\d+) (-?\d+)", path):
        before = (0, 0) if step == "M" else corners[-1]
        corners.append((before[0] + int(x), before[1] + int(y)))
    return corners[1:]


async def test_a_private_site_beside_a_public_one_is_not_on_the_map(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    public = {"location": at(district["points"][0]), "address": "1 North Road"}
    maps = set()
    for point in district["points"][1:]:
        private = {"location": at(point), "visibility": "area only"}
        said = {"kind": "service", "name": "Two", "categories": ["advice"],
                "sites": [public, private]}  # fmt: skip
        kept = await add_asset(demo_database, said)
        maps.add(read_map(await show(client, f"/assets/{kept.public_id}")))
    (drawn,) = maps
    assert drawn.count("ha-spot__mark") == 1
    assert "What is kept private is not marked." in drawn


@pytest.mark.parametrize("status", [Status.WAITING, Status.REJECTED, Status.CLOSED])
async def test_what_nobody_may_know_of_reads_as_if_it_were_not(
    client: httpx.AsyncClient,
    demo_database: Database,
    district: dict[str, Any],
    status: Status,
) -> None:
    kept = await add_asset(demo_database, describe(district["points"][0]), status)
    secret = await client.get(f"/assets/{kept.public_id}", headers=HTML)
    nothing = await client.get("/assets/00000000-0000-4000-8000-000000000000", headers=HTML)
    assert secret.status_code == nothing.status_code == 404
    assert read_words(secret.text) == read_words(nothing.text)
    sitemap = await client.get("/sitemaps/assets-1.xml")
    assert str(kept.public_id) not in sitemap.text


async def test_hidden_but_findable_says_name_category_and_contact_only(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    said = describe(
        district["points"][0],
        name="Safe House", categories=["domestic-abuse"], description="Behind the mill.",
        visibility="hidden", findable=True,
        site={
            "contacts": [{"kind": "phone", "value": "01234 000001"}],
            "served_areas": [{"type": "authority", "code": district["authority"]}],
        },
    )  # fmt: skip
    kept = await add_asset(demo_database, said)
    page = await show(client, f"/assets/{kept.public_id}")
    words = read_words(page)
    assert "Safe House" in words
    assert "Domestic abuse support" in words
    assert "01234 000001" in words
    for secret in ("mill", "1 Test Street", "HF9 9BL", "data-spot-map", "still-right"):
        assert secret not in page, secret
    assert read_linked_data(page) is None
    assert '<meta name="robots" content="noindex">' in page
    assert 'data-module="govuk-exit-this-page"' in page
    assert str(kept.public_id) not in (await client.get("/sitemaps/assets-1.xml")).text


@pytest.mark.parametrize(("category", "expected"), [("domestic-abuse", 1), ("library", 0)])
async def test_pages_of_some_kinds_can_be_left_quickly(
    client: httpx.AsyncClient,
    demo_database: Database,
    district: dict[str, Any],
    category: str,
    expected: int,
) -> None:
    kept = await add_asset(demo_database, describe(district["points"][0], categories=[category]))
    page = await show(client, f"/assets/{kept.public_id}")
    assert page.count('data-module="govuk-exit-this-page"') == expected


async def test_hostile_text_in_every_field_comes_out_harmless(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    owner = await add_organisation(
        demo_database, {"name": HOSTILE, "description": HOSTILE, "legal_form": HOSTILE}
    )
    said = describe(
        district["points"][0],
        name=HOSTILE, description=HOSTILE, eligibility=HOSTILE, cost_words=HOSTILE,
        how_to_join=HOSTILE, alert=HOSTILE, organisation=str(owner.public_id),
        translations={"cy": {"name": HOSTILE, "description": HOSTILE}},
        site={
            "address": HOSTILE, "postcode": HOSTILE[:20], "hours_words": HOSTILE,
            "contacts": [
                {"kind": "web", "value": "https://example.org/?\"'><script>", "label": HOSTILE}
            ],
        },
    )  # fmt: skip
    kept = await add_asset(demo_database, said)
    await edit_asset(demo_database, kept.public_id, {"description": f"{HOSTILE} again"})
    for address in (f"/assets/{kept.public_id}", f"/organisations/{owner.public_id}"):
        page = await show(client, address)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{ 7*7 }}" in page
        assert read_linked_data(page)["name"] == HOSTILE
    area = f"/areas/msoa/{district['code']}"
    assert "<script>alert" not in await show(client, area)


async def test_several_sites_have_a_section_each(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    first, second = district["points"][:2]
    said = {
        "kind": "activity", "name": "Choir", "categories": ["music-arts"],
        "sites": [
            {"location": at(first), "address": "1 North Road", "opening_hours": "Mo 19:00-21:00"},
            {"location": at(second), "address": "2 South Road", "opening_hours": "Th 10:00-12:00"},
            {"role": "registered", "location": at(second), "address": "3 Home Lane"},
        ],
    }  # fmt: skip
    kept = await add_asset(demo_database, said)
    page = await show(client, f"/assets/{kept.public_id}")
    headings = re.findall(r'(?s)<h2 class="ha-subheading"[^>]*>(.*?)</h2>', page)
    assert headings[:3] == ["1 North Road", "2 South Road", "Registered address"]
    assert "3 Home Lane" not in page
    assert page.count('class="ha-week"') == 2


async def test_the_history_tells_what_changed(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    kept = await add_asset(demo_database, describe(district["points"][0], description="Old."))
    await edit_asset(demo_database, kept.public_id, {"description": "New.", "cost": "free"})
    page = await show(client, f"/assets/{kept.public_id}")
    words = read_words(page)
    assert "Added here." in words
    assert re.search(r"Description before: Old\. now: New\.", words)


async def test_a_translation_is_shown_to_those_who_read_it(
    client: httpx.AsyncClient, demo_database: Database, district: dict[str, Any]
) -> None:
    said = describe(district["points"][0], translations={"en-GB": {"name": "Reading Room, GB"}})
    kept = await add_asset(demo_database, said)
    page = await show(client, f"/assets/{kept.public_id}")
    assert '<h1 class="ha-title" lang="en-GB">Reading Room, GB</h1>' in page
    assert "Also called: Reading Room" in page
