"""What looks alike, on the page: strangers see public values, those with a role what they may."""

import httpx
import pytest

from app.accounts.permissions import AreaRef, Grant, Role
from app.core.database import Database
from app.records.vocabulary import Status
from tests.pages.adding.test_where import sign_in
from tests.pages.adding.walking import HTML, Walker, find_place
from tests.planting import add_asset, at, find_district

SAID = {"kind": "activity", "name": "Brassica soup lunch", "categories": ["library"]}


@pytest.mark.parametrize(
    ("level", "status", "stamp"),
    [("hidden", Status.PUBLISHED, "Not all of it is public"),
     ("area only", Status.PUBLISHED, "Not all of it is public"),
     ("public", Status.WAITING, "Waits for review")],
)  # fmt: skip
@pytest.mark.parametrize("who", ["stranger", "contributor", "here", "elsewhere"])
async def test_private_ones_are_for_those_with_a_role_there(
    client: httpx.AsyncClient,
    demo_database: Database,
    level: str,
    status: Status,
    stamp: str,
    who: str,
) -> None:
    district, other = [await find_district(demo_database, number) for number in (0, 5)]
    site = {"address": "9 Secret Row", "location": at(district["points"][0])}
    kept = await add_asset(demo_database, {**SAID, "visibility": level, "sites": [site]}, status)
    grants = {
        "contributor": Grant(Role.CONTRIBUTOR),
        "here": Grant(Role.ORGANISER, AreaRef("msoa", district["code"])),
        "elsewhere": Grant(Role.ORGANISER, AreaRef("msoa", other["code"])),
    }
    if who in grants:
        await sign_in(client, demo_database, grants[who])
    walker = Walker(client)
    await walker.begin()
    place = {**await find_place(demo_database), "name": "Brassica soup lunch"}
    await walker.answer("place", place)
    hint = await client.post(
        f"{walker.draft}/place",
        data={"csrf_token": walker.read_token(), **place},
        headers={**HTML, "x-fragment": "alike"},
    )
    for page in (walker.page.text, hint.text):
        assert ("9 Secret Row" in page) == (who == "here")
        assert (stamp in page) == (who == "here")
        assert (str(kept.public_id) in page) == (who == "here" or level == "area only")
    if who == "here":  # and they may open it
        edit = await client.get(f"/assets/{kept.public_id}/edit", headers=HTML)
        assert edit.status_code == 200
