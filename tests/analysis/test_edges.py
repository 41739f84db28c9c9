"""Areas near to where the data stop are flagged, and those at the sea are not."""

import httpx
from sqlalchemy import text

from app.core.database import Database
from tests.analysis.test_analyses import ask


async def test_flags_grow_with_the_catchment_and_are_counted(client: httpx.AsyncClient) -> None:
    before: set[str] = set()
    for catchment_m in (100, 400, 1600):
        answer = await ask(client, everyone=True, catchment_m=catchment_m)
        areas = answer["areas"]
        flagged = {
            code for code, flag in zip(areas["codes"], areas["edge_uncertain"], strict=True) if flag
        }
        assert before <= flagged
        assert len(flagged) == answer["areas_edge_uncertain"]
        note = f"{len(flagged)} neighbourhoods lie within"
        assert any(note in each for each in answer["notes"]) == bool(flagged)
        before = flagged
    assert before
    inside = await ask(client, everyone=True, catchment_m=1600, method="container")
    assert inside["areas_edge_uncertain"] == 0, "what lies beyond is not looked at"


async def test_a_coast_is_no_edge_where_the_pack_says_so(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    told = await ask(client, everyone=True, catchment_m=600)
    assert not any("coasts count" in note for note in told["notes"])
    async with demo_database.sessions.begin() as session:
        await session.execute(text("UPDATE customs SET sea = NULL"))
    untold = await ask(client, everyone=True, catchment_m=600)
    assert untold["areas_edge_uncertain"] > told["areas_edge_uncertain"]
    assert any("coasts count as such land" in note for note in untold["notes"])
    assert untold["hash"] != told["hash"]
