"""Names of many areas at once."""

import httpx

from app.areas.naming import list_names, name_parents
from app.core.database import Database


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
