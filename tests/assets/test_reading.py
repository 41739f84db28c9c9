"""One asset, its history, and how many there are in an area, as everybody may read them."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.assets.small_place import (
    Site,
    add_asset,
    add_organisation,
    confirm,
    name_asset,
)
from tests.assets.test_search_lists import find_areas

HERE = (1.191221, 53.875186)


@pytest.fixture(scope="session")
def origin(bare_template: str) -> str:
    """All these tests begin without the assets of the demonstration place."""
    return bare_template


@pytest.fixture
def place(demo_database: Database) -> Database:
    """The demonstration place without its own assets."""
    return demo_database


async def read(client: httpx.AsyncClient, address: str) -> Any:  # noqa: ANN401 - JSON
    """Return the document at an address under /api/v1."""
    response = await client.get(f"/api/v1{address}")
    assert response.status_code == 200, response.text
    return response.json()


async def test_an_asset_says_everything_public_and_where_it_comes_from(
    client: httpx.AsyncClient, place: Database
) -> None:
    await add_organisation(place, "Helpers")
    contacts = [("phone", "01234 000000", "public"), ("email", "me@example.org", "area only")]
    shy = Site(at=HERE, visibility="area only", address="3 Shy Street", contacts=contacts)
    sites = [Site(at=HERE, contacts=contacts), shy, Site(mode="online")]
    today = date.today()  # noqa: DTZ011 - the place is within an hour of the machine's clock
    asset = await add_asset(
        place, "Club", sites, categories=("music-arts", "library"), organisation="Helpers",
        description="Songs.", step_free="yes", alert="Shut", alert_until=today,
        translations={"cy": {"name": "Clwb"}},
    )  # fmt: skip
    await confirm(place, "Club", "existence", today, today + timedelta(days=10))
    await confirm(place, "Club", "hours", today - timedelta(days=9), today - timedelta(days=1))
    said = await read(client, f"/assets/{asset}")
    assert (said["id"], said["name"], said["visibility"]) == (str(asset), "Club", "public")
    assert [each["code"] for each in said["categories"]] == ["music-arts", "library"]
    assert said["organisation"]["name"] == "Helpers"
    assert said["translations"] == {"cy": {"name": "Clwb"}}
    assert said["access"]["step_free"] == "yes"
    assert said["alert"] == "Shut"
    first, second, third = said["sites"]
    assert first["location"] == pytest.approx({"lon": HERE[0], "lat": HERE[1]})
    assert first["contacts"] == [{"kind": "phone", "value": "01234 000000", "label": ""}]
    assert (second["location"], second["address"], second["area"]["type"]) == (None, None, "msoa")
    assert (third["mode"], third["location"]) == ("online", None)
    assert said["origins"] == [
        {"source": "Test list", "source_id": None, "licence": "CC0-1.0",
         "method": "imported", "is_main": True}
    ]  # fmt: skip
    fresh = {each["aspect"]: each["is_unconfirmed"] for each in said["freshness"]}
    assert fresh == {"existence": False, "hours": True}
    assert "Shy" not in str(said)
    assert "me@example" not in str(said)


async def test_its_id_in_the_source_is_told_where_all_of_it_is_public(
    client: httpx.AsyncClient, place: Database
) -> None:
    asset = await add_asset(place, "Club", [Site(at=HERE)])
    assert (await read(client, f"/assets/{asset}"))["origins"][0]["source_id"] == "Club"


async def test_an_alert_ends_with_its_day(client: httpx.AsyncClient, place: Database) -> None:
    over = date.today() - timedelta(days=2)  # noqa: DTZ011 - as above
    asset = await add_asset(place, "Club", [Site(at=HERE)], alert="Shut", alert_until=over)
    assert (await read(client, f"/assets/{asset}"))["alert"] is None
    listed = await read(client, f"/assets?near={HERE[0]},{HERE[1]}")
    assert listed["features"][0]["properties"]["alert"] is None


async def test_hidden_and_unknown_are_the_same_to_everybody(
    client: httpx.AsyncClient, place: Database
) -> None:
    hidden = await add_asset(place, "Refuge", [Site(at=HERE)], visibility="hidden")
    waiting = await add_asset(place, "Draft", [Site(at=HERE)], status="waiting")
    header = {"X-Request-ID": "the-same-for-all"}
    for path in ("", "/history"):
        answers = [
            await client.get(f"/api/v1/assets/{each}{path}", headers=header)
            for each in (hidden, waiting, name_asset("never was"))
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


async def test_a_hidden_one_that_may_be_found_says_name_contacts_and_whom_it_serves(
    client: httpx.AsyncClient, place: Database
) -> None:
    codes = await find_areas(place, HERE)
    site = Site(
        at=HERE,
        serves=[("authority", codes["authority"])],
        contacts=[("phone", "0800 000 000", "public"), ("web", "https://x.org", "hidden")],
    )
    asset = await add_asset(
        place, "Safe house", [site], visibility="hidden", findable=True, description="Secret."
    )
    said = await read(client, f"/assets/{asset}")
    assert set(said) == {
        "id", "name", "visibility", "categories", "contacts", "served_areas"
    }  # fmt: skip
    assert said["contacts"] == [{"kind": "phone", "value": "0800 000 000", "label": ""}]
    assert said["served_areas"][0]["code"] == codes["authority"]
    assert (await client.get(f"/api/v1/assets/{asset}/history")).status_code == 404


async def test_an_asset_held_is_not_sent_again_until_it_changes(
    client: httpx.AsyncClient, place: Database
) -> None:
    asset = await add_asset(place, "Club", [Site(at=HERE)])
    first = await client.get(f"/api/v1/assets/{asset}")
    held = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(f"/api/v1/assets/{asset}", headers=held)).status_code == 304
    async with place.sessions.begin() as session:
        await session.execute(text("UPDATE assets SET description = 'New.'"))
    assert (await client.get(f"/api/v1/assets/{asset}", headers=held)).status_code == 200


async def test_history_tells_what_changed_in_public_only(
    client: httpx.AsyncClient, place: Database
) -> None:
    first = {"name": "Club", "cost": "free", "sites": [{"address": "1 Secret Row"}]}
    moved = {"name": "Club", "cost": "free", "sites": [{"address": "2 Secret Row"}]}
    dearer = {"name": "Club", "cost": "paid", "sites": [{"address": "2 Secret Row"}]}
    asset = await add_asset(place, "Club", [Site(at=HERE)], documents=(first, moved, dearer))
    history = await read(client, f"/assets/{asset}/history")
    assert [each["changes"] for each in history["revisions"]] == [
        [{"field": "cost", "before": "free", "after": "paid"}],
        [
            {"field": "cost", "before": None, "after": "free"},
            {"field": "name", "before": None, "after": "Club"},
        ],
    ]
    assert "Secret" not in str(history)


async def test_areas_count_each_asset_once_a_category_and_no_finer_than_they_are_told(
    client: httpx.AsyncClient, place: Database
) -> None:
    codes = await find_areas(place, HERE)
    await add_asset(place, "Both", [Site(at=HERE), Site(at=HERE)], categories=("swimming", "park"))
    await add_asset(place, "Park", [Site(at=HERE)], categories=("park",))
    await add_asset(place, "Shy", [Site(at=HERE, visibility="area only")], categories=("park",))
    await add_asset(place, "Hidden", [Site(at=HERE)], visibility="hidden")
    district = await read(client, f"/areas/msoa/{codes['msoa']}/assets")
    assert (district["assets"], district["area_only"]) == (3, 1)
    counts = {each["code"]: each["assets"] for each in district["categories"]}
    assert counts == {"move": 3, "park": 3, "swimming": 1, "gym-pool": 1}
    small = await read(client, f"/areas/lsoa/{codes['lsoa']}/assets")
    assert (small["assets"], small["area_only"]) == (2, 0)
    authority = await read(client, f"/areas/authority/{codes['authority']}/assets")
    assert authority["assets"] == 3
    missing = await client.get("/api/v1/areas/msoa/X0/assets")
    assert missing.status_code == 404
    assert "There is no msoa 'X0' here" in missing.json()["detail"]
