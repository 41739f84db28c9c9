"""Organisations as everybody may read them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.core.database import Database
from app.records.vocabulary import Status
from tests.planting import (
    add_asset,
    add_organisation,
    at,
    edit_organisation,
    find_district,
)

API = "/api/v1/organisations"


async def read(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:  # noqa: ANN401
    """Return what the API says."""
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def names(client: httpx.AsyncClient, **asked: Any) -> list[str]:  # noqa: ANN401
    """Return the names of a list, in order."""
    page = await read(client, API, **asked)
    assert page["number_matched"] == len(page["items"])
    return [each["name"] for each in page["items"]]


async def test_lists_are_by_name_and_filtered(
    client: httpx.AsyncClient, database: Database
) -> None:
    await add_organisation(database, {"name": "Éclair Bakers", "kind": "business"})
    await add_organisation(
        database,
        {
            "name": "Damson Growers CIC",
            "kind": "social enterprise",
            "legal_form": "community interest company",
            "social_enterprise_reason": "legal form",
            "identifiers": [{"scheme": "GB-COH", "identifier": "99999001"}],
        },
    )
    await add_organisation(
        database,
        {"name": "Friends of the Quay", "kind": "charity", "social_enterprise_reason": "says so"},
    )
    assert await names(client) == ["Damson Growers CIC", "Éclair Bakers", "Friends of the Quay"]
    assert await names(client, kind="charity") == ["Friends of the Quay"]
    assert await names(client, social_enterprise="yes") == [
        "Damson Growers CIC",
        "Friends of the Quay",
    ]
    assert await names(client, social_enterprise="no") == ["Éclair Bakers"]
    assert await names(client, identifier="gb-coh:99999001") == ["Damson Growers CIC"]
    assert await names(client, identifier="GB-COH:99999002") == []
    (found,) = (await read(client, API, kind="social enterprise"))["items"]
    assert found["social_enterprise"] == {"is": True, "reason": "legal form"}
    assert found["legal_form"] == "community interest company"
    assert (found["source"], found["licence"]) == ("residents", None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("eclair", ["Éclair Bakers"]),
        ("ÉCL", ["Éclair Bakers"]),
        ("bakers ecl", ["Éclair Bakers"]),
        ("boulangerie", ["Éclair Bakers"]),
        ("st johns", ["St. John's Hall Trust"]),
        ("eclaire baker", ["Éclair Bakers"]),
        ("hall", ["Hall & Sons", "St. John's Hall Trust"]),
        ("%", []),
        ("' ; --", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_names_are_found_by_words(
    client: httpx.AsyncClient, database: Database, words: str, expected: list[str]
) -> None:
    await add_organisation(
        database,
        {"name": "Éclair Bakers", "translations": {"fr": {"name": "Boulangerie de l'Éclair"}}},
    )
    await add_organisation(database, {"name": "St. John's Hall Trust"})
    await add_organisation(database, {"name": "Hall & Sons"})
    assert await names(client, q=words) == expected


async def test_works_in_and_registered_in_are_told_apart(
    client: httpx.AsyncClient, database: Database
) -> None:
    here, there = await find_district(database), await find_district(database, 5)
    register = {"address": "9 Volunteer's Home", "postcode": "HF9 9ZZ"}
    await add_organisation(
        database,
        {
            "name": "Registered Here",
            "kind": "charity",
            "addresses": [{**register, "location": at(here["points"][0])}],
        },
    )
    await add_organisation(
        database,
        {"name": "States It", "works_in": [{"type": "authority", "code": here["authority"]}]},
    )
    runs = await add_organisation(database, {"name": "Runs a Club", "kind": "informal group"})
    await add_asset(
        database,
        {
            "kind": "activity",
            "name": "Club",
            "organisation": str(runs.public_id),
            "categories": ["library"],
            "sites": [{"location": at(here["points"][1]), "address": "1 Quay"}],
        },
    )
    area = f"msoa:{here['code']}"
    assert await names(client, area=area, relation="works_in") == ["Runs a Club", "States It"]
    assert await names(client, area=area, relation="registered_in") == ["Registered Here"]
    assert len(await names(client, area=area)) == 3
    assert "Registered Here" not in await names(client, area=f"msoa:{there['code']}")

    items = {each["name"]: each for each in (await read(client, API))["items"]}
    registered = items["Registered Here"]
    assert registered["works_in"] == []
    assert [each["type"] for each in registered["registered_in"]] == ["msoa", "ward", "authority"]
    assert registered["registered_in"][0]["code"] == here["code"]
    assert {each["basis"] for each in items["States It"]["works_in"]} == {"stated"}
    club = items["Runs a Club"]
    assert [(each["type"], each["basis"]) for each in club["works_in"]] == [
        (kind, "from what it runs") for kind in ("msoa", "ward", "authority")
    ]
    counts = await read(client, f"/api/v1/areas/msoa/{here['code']}/organisations")
    assert counts["registered_in"] == {
        "total": 1, "by_kind": {"charity": 1}, "social_enterprises": 0,
    }  # fmt: skip
    assert counts["works_in"] == {
        "total": 2, "by_kind": {"informal group": 1, "not stated": 1}, "social_enterprises": 0,
    }  # fmt: skip


async def test_what_is_stated_for_a_smaller_area_counts_in_the_larger(
    client: httpx.AsyncClient, database: Database
) -> None:
    here, there = await find_district(database), await find_district(database, 5)
    await add_organisation(
        database, {"name": "Small", "works_in": [{"type": "msoa", "code": here["code"]}]}
    )
    assert await names(client, area=f"authority:{here['authority']}") == ["Small"]
    assert await names(client, area=f"msoa:{there['code']}") == []


async def test_one_organisation_shows_an_address_as_closely_as_it_may(
    client: httpx.AsyncClient, database: Database
) -> None:
    here = await find_district(database)
    kept = await add_organisation(
        database,
        {
            "name": "Quay Trust",
            "founded": 1999,
            "identifiers": [{"scheme": "GB-CHC", "identifier": "999001"}],
            "addresses": [
                {"address": "2 Home", "postcode": "HF9 9ZZ", "location": at(here["points"][0])},
                {
                    "role": "delivery",
                    "address": "3 Office",
                    "postcode": "HF9 9ZY",
                    "location": at(here["points"][1]),
                },
            ],
            "contacts": [
                {"kind": "phone", "value": "01632 960001"},
                {"kind": "phone", "value": "01632 960002", "visibility": "hidden"},
            ],
        },
    )
    read_out = await read(client, f"{API}/{kept.public_id}")
    home, office = read_out["addresses"]
    assert home["area"] == {"type": "msoa", "code": here["code"], "name": here["name"]}
    assert (home["address"], home["postcode"], home["location"]) == (None, None, None)
    assert (office["address"], office["area"]) == ("3 Office", None)
    assert office["location"] == at(here["points"][1])
    assert [each["value"] for each in read_out["contacts"]] == ["01632 960001"]
    assert read_out["identifiers"][0]["identifier"] == "999001"
    (exists,) = read_out["freshness"]
    assert (exists["aspect"], exists["standing"]) == ("existence", "confirmed")


@pytest.mark.parametrize("status", [Status.WAITING, Status.REJECTED, Status.TAKEN_DOWN], ids=str)
async def test_what_nobody_may_see_is_as_if_it_were_not(
    client: httpx.AsyncClient, database: Database, status: Status
) -> None:
    kept = await add_organisation(database, {"name": "Not Shown"}, status)
    hidden = await add_organisation(database, {"name": "Hidden", "visibility": "hidden"})
    unknown = await client.get(f"{API}/{uuid4()}")
    assert unknown.status_code == 404
    for each in (kept, hidden):
        for path in ("", "/history"):
            answer = await client.get(f"{API}/{each.public_id}{path}")
            assert {**answer.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert await names(client) == []


async def test_a_findable_one_is_found_by_name_where_it_works_and_tells_a_contact(
    client: httpx.AsyncClient, database: Database
) -> None:
    here, there = await find_district(database), await find_district(database, 5)
    authority = f"authority:{here['authority']}"
    kept = await add_organisation(
        database,
        {
            "name": "Harbour Refuge",
            "visibility": "hidden",
            "findable": True,
            "works_in": [{"type": "authority", "code": here["authority"]}],
            "addresses": [{"address": "4 Safe Street", "location": at(here["points"][0])}],
            "contacts": [
                {"kind": "phone", "value": "01632 960003"},
                {"kind": "phone", "value": "01632 960004", "visibility": "area only"},
            ],
        },
    )
    page = await read(client, API, q="harbour ref", area=authority)
    contact = {"kind": "phone", "value": "01632 960003", "label": ""}
    assert page["findable"] == [{"name": "Harbour Refuge", "contacts": [contact]}]
    assert page["items"] == []
    assert page["number_matched"] == 0
    for asked in (
        {"q": "harbour"},
        {"area": authority},
        {"q": "ha", "area": authority},
        {"q": "harbour", "area": authority, "relation": "registered_in"},
        {"q": "harbour", "area": authority, "kind": "charity"},
    ):
        page = await read(client, API, **asked)
        assert (page["findable"], page["items"]) == ([], [])
    assert (
        there["authority"] == here["authority"]
        or not (await read(client, API, q="harbour", area=f"authority:{there['authority']}"))[
            "findable"
        ]
    )
    assert (await client.get(f"{API}/{kept.public_id}")).status_code == 404


async def test_pages_follow_one_another_and_miss_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    for name in ("Elm", "ash", "Beech", "Ash", "Cedar", "Damson", "beech"):
        await add_organisation(database, {"name": f"{name} Group"})
    seen: list[str] = []
    path: str | None = f"{API}?limit=3&q=group"
    while path:
        page = await read(client, path)
        assert page["number_matched"] == 7
        seen += [each["id"] for each in page["items"]]
        links = {each["rel"]: each["href"] for each in page["links"]}
        assert links["self"]
        path = links.get("next")
    everything = [each["id"] for each in (await read(client, API))["items"]]
    assert seen == everything
    assert len(set(seen)) == 7


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("cursor=nonsense", 400),
        ("cursor=WzAsICJhIl0", 400),
        ("cursor=WzAsImEiLCJ4Il0", 400),
        ("area=msoa", 400),
        ("area=msoa:none", 404),
        ("identifier=GB-CHC", 400),
        ("kind=nonsense", 422),
        ("colour=red", 422),
        ("limit=0", 422),
        ("q=%00", 422),
    ],
    ids=lambda value: str(value).replace("%", "percent"),
)
async def test_what_cannot_be_read_is_refused(
    client: httpx.AsyncClient, asked: str, status: int
) -> None:
    assert (await client.get(f"{API}?{asked}")).status_code == status


async def test_an_answer_is_kept_until_something_public_changes(
    client: httpx.AsyncClient, database: Database
) -> None:
    kept = await add_organisation(
        database, {"name": "Quay Trust", "contacts": [{"kind": "phone", "value": "01632 960001"}]}
    )
    path = f"{API}/{kept.public_id}"
    etag = (await client.get(path)).headers["etag"]
    same = {"if-none-match": etag}
    assert (await client.get(path, headers=same)).status_code == 304
    await add_organisation(database, {"name": "Hidden", "visibility": "hidden"})
    assert (await client.get(path, headers=same)).status_code == 304
    await edit_organisation(database, kept.public_id, {"description": "Looks after the quay."})
    assert (await client.get(path, headers=same)).status_code == 200
