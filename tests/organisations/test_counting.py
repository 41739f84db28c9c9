"""Organisations counted in every area at once: as one by one, and as the points themselves say."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from app.records.vocabulary import Status
from tests.planting import add_asset, add_organisation, at, find_district

COUNTS = "/api/v1/organisations/counts"
RELATIONS = ("works_in", "registered_in")


async def count(client: httpx.AsyncClient, relation: str, **asked: Any) -> Any:  # noqa: ANN401
    """Return what the API says."""
    answer = await client.get(COUNTS, params={"relation": relation, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def plant(database: Database) -> dict[str, Any]:
    """Add organisations of several kinds that work or are registered in several ways."""
    here, there = await find_district(database), await find_district(database, 5)
    secret = {"address": "9 Volunteer's Home", "location": at(here["points"][0])}
    office = {
        "visibility": "public",
        "address": "1 High Street",
        "location": at(there["points"][0]),
    }
    await add_organisation(database, {"name": "At Home", "kind": "charity", "addresses": [secret]})
    await add_organisation(
        database,
        {"name": "In Town", "kind": "charity", "social_enterprise_reason": "says so",
         "addresses": [office]},
    )  # fmt: skip
    await add_organisation(
        database,
        {"name": "All Over", "kind": "social enterprise", "social_enterprise_reason": "legal form",
         "works_in": [{"type": "authority", "code": here["authority"]}]},
    )  # fmt: skip
    await add_organisation(
        database,
        {"name": "Just Here", "kind": "informal group",
         "works_in": [{"type": "msoa", "code": here["code"]}]},
    )  # fmt: skip
    runs = await add_organisation(database, {"name": "Runs a Club", "kind": "informal group"})
    serves = await add_organisation(database, {"name": "Drives a Bus", "kind": "public body"})
    club = {"location": at(here["points"][1]), "address": "1 Quay", "visibility": "area only"}
    bus = {"mode": "served areas", "served_areas": [{"type": "msoa", "code": there["code"]}]}
    await add_asset(
        database,
        {"kind": "activity", "name": "Club", "organisation": str(runs.public_id),
         "categories": ["library"], "sites": [club]},
    )  # fmt: skip
    await add_asset(
        database,
        {"kind": "service", "name": "Bus", "organisation": str(serves.public_id),
         "categories": ["library"], "sites": [bus]},
    )  # fmt: skip
    works_in = [{"type": "msoa", "code": here["code"]}]
    hidden = {
        "name": "Nobody Knows", "kind": "charity", "visibility": "hidden", "works_in": works_in,
        "addresses": [office],
    }  # fmt: skip
    await add_organisation(database, hidden)
    waiting = {**hidden, "name": "Not Yet", "visibility": "public"}
    await add_organisation(database, waiting, Status.WAITING)
    return {"here": here, "there": there}


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("area_type", ["lsoa", "msoa", "ward", "authority"])
async def test_all_at_once_is_the_same_as_one_by_one(
    client: httpx.AsyncClient, database: Database, relation: str, area_type: str
) -> None:
    await plant(database)
    counted = await count(client, relation, area_type=area_type)
    listed = await client.get("/api/v1/areas", params={"type": area_type, "limit": 1000})
    areas = sorted(listed.json()["items"], key=lambda area: area["gid"])
    assert {len(each) for each in counted["counts"].values()} == {len(areas)}
    for area in areas:
        alone = await client.get(f"/api/v1/areas/{area_type}/{area['code']}/organisations")
        told = alone.json()[relation]
        place = area["gid"] - counted["first_gid"]
        assert {
            kind: counts[place] for kind, counts in counted["counts"].items() if counts[place]
        } == told["by_kind"], area
        assert counted["social_enterprises"][place] == told["social_enterprises"]


async def test_registered_offices_are_counted_where_their_points_are(
    client: httpx.AsyncClient, database: Database
) -> None:
    await plant(database)
    query = text("""
        SELECT a.gid, o.kind, count(DISTINCT o.id) AS total
        FROM organisations AS o JOIN organisation_addresses AS d ON d.organisation_id = o.id
        JOIN areas AS a ON ST_Contains(a.boundary, d.public_location) AND a.in_study_area
        JOIN boundary_sets AS s ON s.id = a.boundary_set_id
        WHERE o.status = 'published' AND o.visibility = 'public' AND d.role = 'registered'
            AND s.area_type = :area_type AND s.boundary_year >= 2021 GROUP BY a.gid, o.kind
    """)
    for area_type in ("msoa", "ward", "authority"):
        counted = await count(client, "registered_in", area_type=area_type)
        async with database.sessions() as session:
            rows = (await session.execute(query, {"area_type": area_type})).all()
        assert sum(map(sum, counted["counts"].values())) == sum(row.total for row in rows) == 2
        assert all(counted["counts"][row.kind][row.gid - 1] == row.total for row in rows)


async def test_groups_charities_and_social_enterprises_are_told_apart(
    client: httpx.AsyncClient, database: Database
) -> None:
    here = (await plant(database))["here"]
    counted = await count(client, "works_in", area_type="msoa")
    assert counted["layer"] == "msoa-2021"
    assert counted["totals"] == {
        "informal group": 2, "charity": 0, "social enterprise": 1, "public body": 1,
        "business": 0, "not stated": 0,
    }  # fmt: skip
    assert counted["total_social_enterprises"] == 1
    listed = await client.get("/api/v1/areas", params={"type": "msoa", "limit": 1000})
    gid = next(area["gid"] for area in listed.json()["items"] if area["code"] == here["code"])
    assert counted["counts"]["informal group"][gid - 1] == 2
    # Who states the authority works in each of its districts, and counts once in all.
    assert sum(counted["counts"]["social enterprise"]) > 1
    registered = await count(client, "registered_in", area_type="msoa")
    assert registered["totals"]["charity"] == 2
    assert sum(registered["social_enterprises"]) == 1, "a charity that says it is one"


async def test_what_is_told_by_area_only_is_not_counted_in_smaller_areas(
    client: httpx.AsyncClient, database: Database
) -> None:
    await plant(database)
    registered = await count(client, "registered_in", area_type="lsoa")
    assert sum(registered["counts"]["charity"]) == 1, "In Town, and not At Home"
    works = await count(client, "works_in", area_type="lsoa")
    district = await count(client, "works_in", area_type="msoa")
    assert works["totals"]["informal group"] == 1, "Just Here says so; the club's place is secret"
    assert district["totals"]["informal group"] == 2


async def test_kinds_can_be_chosen(client: httpx.AsyncClient, database: Database) -> None:
    await plant(database)
    counted = await count(
        client, "registered_in", area_type="msoa", kind=["charity", "informal group"]
    )
    assert list(counted["counts"]) == list(counted["totals"]) == ["informal group", "charity"]


async def test_other_boundary_years_have_their_own_areas(
    client: httpx.AsyncClient, database: Database
) -> None:
    await plant(database)
    counted = await count(client, "registered_in", area_type="lsoa", boundary_year=2011)
    assert (counted["layer"], sum(counted["counts"]["charity"])) == ("lsoa-2011", 1)


async def test_unknown_areas_and_kinds_are_told_what_there_is(client: httpx.AsyncClient) -> None:
    for asked in ("area_type=parish", "area_type=msoa&boundary_year=1901"):
        answer = await client.get(f"{COUNTS}?relation=works_in&{asked}")
        assert answer.status_code == 404
        assert (
            "lsoa of 2011, lsoa of 2021, msoa of 2011, msoa of 2021, ward"
            in answer.json()["detail"]
        )
    for wrong in ({"kind": "club"}, {"relation": "near"}, {"boundary_year": "soon"}):
        answer = await client.get(
            COUNTS, params={"area_type": "msoa", "relation": "works_in", **wrong}
        )
        assert answer.status_code == 422
        assert next(iter(wrong)) in answer.json()["detail"]


async def test_an_edit_changes_the_version_and_the_etag(
    client: httpx.AsyncClient, database: Database
) -> None:
    asked = {"area_type": "msoa", "relation": "works_in"}
    before = await client.get(COUNTS, params=asked)
    unchanged = await client.get(
        COUNTS, params=asked, headers={"if-none-match": before.headers["etag"]}
    )
    assert unchanged.status_code == 304
    await plant(database)
    after = await client.get(COUNTS, params=asked)
    assert after.headers["etag"] != before.headers["etag"]
    assert after.json()["version"] != before.json()["version"]
