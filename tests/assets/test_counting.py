"""Assets counted in every area at once: as one by one."""

import httpx
import pytest

from app.assets.counting import ANY_CATEGORY, count_by_area
from app.core.database import Database


@pytest.mark.reads
async def test_all_at_once_is_the_same_as_one_by_one(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    for area_type, year in (("msoa", 2021), ("authority", 2025)):
        codes = [ANY_CATEGORY, "library", "warm"]
        counted = await count_by_area(demo_database.public, area_type, year, codes)
        listed = await client.get("/api/v1/areas", params={"type": area_type, "limit": 500})
        for area in listed.json()["items"]:
            answer = await client.get(f"/api/v1/areas/{area_type}/{area['code']}/assets")
            alone = answer.json()
            told = {each["code"]: each["assets"] for each in alone["categories"]}
            told[ANY_CATEGORY] = alone["assets"]
            assert {code: counted[code].by_area[area["gid"] - 1] for code in codes} == {
                code: told.get(code, 0) for code in codes
            }
        assert counted[ANY_CATEGORY].total >= max(counted[ANY_CATEGORY].by_area) > 0
