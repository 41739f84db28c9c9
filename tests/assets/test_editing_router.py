"""Adding and changing by the API: revisions as ETags, and sentences for what goes wrong."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.accounts import service
from app.accounts.permissions import Grant, Role
from app.accounts.signing_in import issue_invitation
from app.core.database import Database

SITE = {
    "address": "12 Oak Lane",
    "postcode": "HF9 4FY",
    "location": {"lon": 1.184912, "lat": 53.849518},
}
TEA: dict[str, Any] = {
    "kind": "activity",
    "name": "Tea at three",
    "categories": ["befriending"],
    "sites": [SITE],
}

Headers = dict[str, str]


async def sign_in(
    client: httpx.AsyncClient, database: Database, email: str, *grants: Grant
) -> Headers:
    """Return the headers of somebody with an account and these roles."""
    async with database.sessions.begin() as session:
        person, _ = await service.ensure_person(session, email, "")
        for grant in grants:
            await service.give_role(session, person, grant, None)
        link = await issue_invitation(session, person.id, email)
    answer = await client.post("/api/v1/sessions", json={"token": link.token})
    client.cookies.clear()
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.fixture
async def administrator(client: httpx.AsyncClient, demo_database: Database) -> Headers:
    """Headers of somebody who may do everything."""
    return await sign_in(client, demo_database, "a@example.org", Grant(Role.ADMINISTRATOR))


async def add(client: httpx.AsyncClient, headers: Headers, **changes: object) -> str:
    """Add an asset and return its address."""
    answer = await client.post("/api/v1/assets", json={**TEA, **changes}, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def test_what_is_added_says_where_it_is_and_how_it_stands(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    answer = await client.post("/api/v1/assets", json=TEA, headers=administrator)
    assert answer.status_code == 201
    said = answer.json()
    assert said == {"id": said["id"], "status": "published", "revision": 1}
    assert answer.headers["location"] == f"/api/v1/assets/{said['id']}"
    assert answer.headers["etag"] == '"1"'
    assert "no-store" in answer.headers["cache-control"]


async def test_a_stranger_may_offer_something_and_it_waits(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/assets", json=TEA)
    assert (answer.status_code, answer.json()["status"]) == (201, "waiting")
    document = await client.get(f"{answer.headers['location']}/document")
    assert document.status_code == 404


async def test_a_change_needs_the_revision_that_was_looked_at(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator)
    change = {"name": "Tea at four", "remark": {"method": "phoned", "note": "they rang"}}
    without = await client.patch(address, json=change, headers=administrator)
    assert without.status_code == 428
    assert "send If-Match" in without.json()["detail"]
    odd = await client.patch(address, json=change, headers={**administrator, "If-Match": "W/x"})
    assert (odd.status_code, "such as" in odd.json()["detail"]) == (400, True)
    headers = {**administrator, "If-Match": '"1"'}
    right = await client.patch(address, json=change, headers=headers)
    assert (right.status_code, right.headers["etag"]) == (200, '"2"')
    revisions = (await client.get(f"{address}/revisions", headers=administrator)).json()
    assert [(each["number"], each["method"], each["note"]) for each in revisions] == [
        (2, "phoned", "they rang"),
        (1, "typed in", ""),
    ]


async def test_the_second_editor_gets_everything_back_that_they_sent(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator)
    headers = {**administrator, "If-Match": '"1"'}
    await client.patch(address, json={"name": "First"}, headers=headers)
    answer = await client.patch(address, json={"name": "Second", "cost": "free"}, headers=headers)
    assert answer.status_code == 412
    said = answer.json()
    assert said["current_revision"] == 2
    assert said["in_conflict"] == ["name"]
    assert said["not_saved"] == {"name": "Second", "cost": "free"}
    assert said["changed_since"][0]["revision"] == 2


async def test_only_the_fields_that_are_sent_change(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator, min_age=50, alert="Mind the step")
    headers = {**administrator, "If-Match": '"1"'}
    await client.patch(address, json={"alert": "", "min_age": None}, headers=headers)
    document = (await client.get(f"{address}/document", headers=administrator)).json()
    assert (document["alert"], document["min_age"], document["name"]) == ("", None, "Tea at three")


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"nme": "x"}, 422, "nme"),
        ({"name": ""}, 422, "name"),
        ({"name": "x" * 201}, 422, "name"),
        ({"name": "a\x00b"}, 422, "name"),
        ({"name": None}, 422, "name"),
        ({"categories": ["librry"]}, 400, "Did you mean 'library'?"),
        ({"min_age": 60, "max_age": 50}, 400, "`max_age` 50 is below `min_age` 60"),
        ({"sites": [{**SITE, "time_zone": "Mars/Olympus"}]}, 422, "Mars/Olympus"),
        ({"sites": [{**SITE, "location": {"lon": 181, "lat": 0}}]}, 422, "lon"),
        ({"sites": [{**SITE, "opening_hours": "Mo 9-25"}]}, 400, "Opening hours of site 1"),
        ({"cost_amount": "3.50"}, 400, "`cost` is not 'paid'"),
    ],
)
async def test_bad_input_names_the_field_and_changes_nothing(
    client: httpx.AsyncClient,
    administrator: Headers,
    change: dict[str, Any],
    status: int,
    words: str,
) -> None:
    address = await add(client, administrator)
    headers = {**administrator, "If-Match": '"1"'}
    answer = await client.patch(address, json=change, headers=headers)
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]
    document = await client.get(f"{address}/document", headers=administrator)
    assert document.headers["etag"] == '"1"'


async def test_scripts_and_odd_marks_are_kept_as_what_they_are(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    name = "<script>alert(1)</script> \u202e Ⅷ 🫖 مرحبا"
    address = await add(client, administrator, name=name, description="a\nb\t" + "é" * 4000)
    document = (await client.get(f"{address}/document", headers=administrator)).json()
    assert document["name"] == name
    assert document["description"].endswith("é")


async def test_going_back_and_taking_down(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    address = await add(client, administrator)
    await client.patch(address, json={"name": "x"}, headers={**administrator, "If-Match": '"1"'})
    headers = {**administrator, "If-Match": '"2"'}
    back = await client.post(f"{address}/reversions", json={"revision": 1}, headers=headers)
    assert (back.status_code, back.json()["revision"]) == (200, 3)
    change = {"status": "taken down", "reason": "asked by the owner"}
    down = await client.put(f"{address}/status", json=change, headers=administrator)
    assert (down.status_code, down.json()["status"]) == (200, "taken down")
    again = await client.put(f"{address}/status", json=change, headers=administrator)
    assert again.status_code == 409
    assert again.json()["detail"] == "It is taken down and cannot be taken down."


async def test_confirming(client: httpx.AsyncClient, administrator: Headers) -> None:
    address = await add(client, administrator)
    said = [{"aspect": "hours", "asserted_on": "2026-11-01", "method": "phoned"}]
    answer = await client.post(f"{address}/confirmations", json=said, headers=administrator)
    assert answer.status_code == 204
    stranger = await client.post(f"{address}/confirmations", json=said)
    assert stranger.status_code == 401
    unknown = await client.post(f"/api/v1/assets/{uuid4()}/confirmations", json=said)
    assert unknown.status_code == 404


async def test_organisations_are_kept_by_the_same_rules(
    client: httpx.AsyncClient, administrator: Headers
) -> None:
    document = {
        "name": "Old Town Friends",
        "kind": "charity",
        "identifiers": [{"scheme": "GB-CHC", "identifier": "1000001"}],
        "addresses": [{**SITE, "role": "registered"}],
        "works_in": [{"type": "authority", "code": "X07000001"}],
    }
    made = await client.post("/api/v1/organisations", json=document, headers=administrator)
    assert (made.status_code, made.json()["status"]) == (201, "published")
    address = made.headers["location"]
    headers = {**administrator, "If-Match": '"1"'}
    changed = await client.patch(address, json={"founded": 1931}, headers=headers)
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    kept = (await client.get(f"{address}/document", headers=administrator)).json()
    assert (kept["founded"], kept["identifiers"][0]["identifier"]) == (1931, "1000001")
    wrong = await client.patch(
        address,
        json={"works_in": [{"type": "authority", "code": "nowhere"}]},
        headers={**administrator, "If-Match": '"2"'},
    )
    assert wrong.status_code == 400
    assert "no area 'nowhere' of kind 'authority'" in wrong.json()["detail"]
