"""Names of many areas at once."""

import httpx
import pytest

from app.areas.naming import list_names, name_parents
from app.core.database import Database

pytestmark = pytest.mark.reads


async def test_names_come_in_the_order_of_gids_with_their_districts(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    listed = (await client.get("/api/v1/areas", params={"type": "lsoa", "limit": 500})).json()
    areas = sorted(listed["items"], key=lambda area: area["gid"])
    districts = (await client.get("/api/v1/areas", params={"type": "msoa", "limit": 500})).json()
    by_code = {area["code"]: area["name"] for area in districts["items"]}
    async with demo_database.sessions() as session:
        names = await list_names(session, "lsoa", 2021)
        parents = await name_parents(session, "lsoa", 2021, [1, 7])
        alone = await list_names(session, "authority", 2025)
    assert list(names.codes) == [area["code"] for area in areas]
    assert list(names.names) == [area["name"] for area in areas]
    assert list(names.districts) == [by_code[area["parents"]["msoa"]["code"]] for area in areas]
    assert [ref.type for ref in parents[7]] == ["msoa", "ward", "authority"]
    assert set(alone.districts) == {""}


async def test_areas_are_found_by_name_whole_names_first(client: httpx.AsyncClient) -> None:
    district = (await client.get("/api/v1/areas?type=msoa&limit=500")).json()["items"][0]
    found = (await client.get("/api/v1/areas/named", params={"q": district["name"].lower()})).json()
    assert found[0]["name"] == district["name"]
    assert found[0]["is_exact"]
    assert found[0]["kind"] == "district"
    council = (await client.get("/api/v1/areas?type=authority")).json()["items"]
    assert found[0]["within"] in {each["name"] for each in council}


async def test_a_slip_in_a_name_is_forgiven_and_nonsense_finds_nothing(
    client: httpx.AsyncClient,
) -> None:
    found = (await client.get("/api/v1/areas/named", params={"q": "Fishergaet"})).json()
    assert "Fishergate" in {each["name"] for each in found}
    assert not any(each["is_exact"] for each in found)
    assert (await client.get("/api/v1/areas/named", params={"q": "qqqqzzzz"})).json() == []
    assert (await client.get("/api/v1/areas/named", params={"q": "   "})).json() == []
