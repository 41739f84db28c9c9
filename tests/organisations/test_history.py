"""The history of organisations and assets as everybody may read it."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.planting import (
    add_asset,
    add_organisation,
    at,
    edit_asset,
    edit_organisation,
    find_district,
)


async def list_history(client: httpx.AsyncClient, public_id: UUID) -> list[dict[str, Any]]:
    """Return the public history of an organisation."""
    answer = await client.get(f"/api/v1/organisations/{public_id}/history")
    told: list[dict[str, Any]] = answer.json()
    return told


async def test_history_tells_public_changes_only(
    client: httpx.AsyncClient, database: Database
) -> None:
    phone = {"kind": "phone", "value": "01632 960001", "visibility": "hidden"}
    kept = await add_organisation(database, {"name": "Quay Trsut", "contacts": [phone]})
    contacts = [{**phone, "value": "01632 960002"}]
    await edit_organisation(database, kept.public_id, {"contacts": contacts})
    await edit_organisation(database, kept.public_id, {"name": "Quay Trust", "contacts": []})
    newest, first = await list_history(client, kept.public_id)
    assert (newest["number"], newest["action"]) == (2, "changed")
    assert newest["changes"] == [{"field": "name", "before": "Quay Trsut", "after": "Quay Trust"}]
    assert (first["number"], first["action"]) == (1, "added")
    assert {"field": "name", "before": None, "after": "Quay Trsut"} in first["changes"]


@pytest.mark.parametrize(
    "tightening",
    [
        {"visibility": "area only"},
        {"contacts": [{"kind": "phone", "value": "01632 960001", "visibility": "hidden"}]},
        {"addresses": [{"role": "delivery", "address": "5 Old Lane", "visibility": "area only"}]},
    ],
    ids=["record", "contact", "address"],
)
async def test_tightening_takes_what_was_said_before_out_of_history(
    client: httpx.AsyncClient, database: Database, tightening: dict[str, Any]
) -> None:
    kept = await add_organisation(
        database,
        {
            "name": "Knitters",
            "description": "At 5 Old Lane, ring 01632 960001.",
            "addresses": [{"role": "delivery", "address": "5 Old Lane"}],
            "contacts": [{"kind": "phone", "value": "01632 960001"}],
        },
    )
    assert "Old Lane" in str(await list_history(client, kept.public_id))
    await edit_organisation(database, kept.public_id, {"description": "Ask us.", **tightening})
    told = await list_history(client, kept.public_id)
    assert len(told) == 1
    assert "Old Lane" not in str(told)
    assert "960001" not in str(told)


async def test_a_site_made_stricter_takes_earlier_words_out_of_history_too(
    database: Database,
) -> None:
    point = at((await find_district(database))["points"][0])
    kept = await add_asset(
        database,
        {
            "kind": "activity",
            "name": "Knitting",
            "description": "At 5 Old Lane.",
            "categories": ["library"],
            "sites": [{"address": "5 Old Lane", "location": point}, {"mode": "online"}],
        },
    )
    site = {"address": "5 Old Lane", "location": point, "visibility": "area only"}
    changed = {"description": "Ask us.", "sites": [site, {"mode": "online"}]}
    await edit_asset(database, kept.public_id, changed)
    async with database.sessions() as session:
        query = text("SELECT document FROM public_revisions WHERE subject = 'asset'")
        (document,) = (await session.scalars(query)).all()
    assert document["description"] == "Ask us."
