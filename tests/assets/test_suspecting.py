"""Likely duplicates: strangers get public values, those with a role for the area what they may."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.accounts import service
from app.accounts.permissions import STRANGER, Actor, AreaRef, Grant, Role
from app.assets.duplicates import Asked, Suspect
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.assets.suspecting import find_suspects
from app.core.database import Database
from app.records.documents import Point
from app.records.vocabulary import Method, Status
from tests.planting import add_asset, at, find_district

NAME = "Lantern soup lunch"


@pytest.fixture
async def district(demo_database: Database) -> dict[str, Any]:
    """A district with points in it, without the assets of the demonstration place."""
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM asset_sites"))
        await session.execute(text("DELETE FROM assets"))
    return await find_district(demo_database)


def act(role: Role, code: str | None) -> Actor:
    """Return somebody with a role for a district, or everywhere."""
    grant = Grant(role, AreaRef("msoa", code) if code else None)
    return Actor(999, "Asha", (grant,))


def write(point: tuple[float, float], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an asset like the one that is asked about."""
    site = {"address": "9 Secret Row", "postcode": "HF1 1AA", "location": at(point)}
    return {"kind": "activity", "name": NAME, "categories": ["library"],
            "sites": [{**site, **more.pop("site", {})}], **more}  # fmt: skip


async def look(
    database: Database, actor: Actor, point: tuple[float, float] | None = None, name: str = NAME
) -> list[Suspect]:
    """Return what looks alike to somebody."""
    asked = Asked(name, point=Point(lon=point[0], lat=point[1]) if point else None)
    async with database.sessions() as session:
        return await find_suspects(session, database.public, actor, asked)


HIDDEN = [{"visibility": "hidden"}, {"visibility": "hidden", "findable": True},
          {"site": {"visibility": "hidden"}}]  # fmt: skip


@pytest.mark.parametrize("more", HIDDEN)
async def test_what_is_hidden_is_for_those_with_a_role_there(
    demo_database: Database, district: dict[str, Any], more: dict[str, Any]
) -> None:
    point, code = district["points"][0], district["code"]
    asset = (await add_asset(demo_database, write(point, **more))).public_id
    for place in (point, None):
        (found,) = await look(demo_database, act(Role.ORGANISER, code), place)
        assert found.id == asset
        assert found.standing == "private"
        assert found.address == "9 Secret Row"
    assert [each.id for each in await look(demo_database, act(Role.ADMINISTRATOR, None))] == [asset]
    for nobody in (
        STRANGER,
        act(Role.CONTRIBUTOR, code),
        act(Role.ANALYST, code),
        act(Role.ORGANISER, "E02999999"),
    ):
        for found in await look(demo_database, nobody, point):
            assert "Secret" not in str(found)  # a site may be hidden of an asset that is not


async def test_where_only_the_area_is_public_those_with_a_role_see_the_address(
    demo_database: Database, district: dict[str, Any]
) -> None:
    point, code = district["points"][0], district["code"]
    await add_asset(demo_database, write(point, visibility="area only"))
    (theirs,) = await look(demo_database, act(Role.MODERATOR, code), point)
    assert (theirs.address, theirs.standing) == ("9 Secret Row", "private")
    assert ("within 100 m", "") in {(each.kind, each.value) for each in theirs.reasons}
    for actor in (STRANGER, act(Role.MODERATOR, "E02999999")):
        (seen,) = await look(demo_database, actor, point)
        assert (seen.address, seen.area, seen.standing) == ("", district["name"], "public")
        assert {each.kind for each in seen.reasons} == {"same name"}


async def test_it_is_found_by_its_place_alone_too(
    demo_database: Database, district: dict[str, Any]
) -> None:
    point, code = district["points"][0], district["code"]
    hall = {**write(point, visibility="hidden"), "kind": "place", "name": "Refuge"}
    place = (await add_asset(demo_database, hall)).public_id
    said = {**write(point), "sites": [{"mode": "place", "place": str(place)}]}
    asset = (await add_asset(demo_database, said)).public_id
    (found,) = await look(demo_database, act(Role.ORGANISER, code), point)
    assert (found.id, found.place, found.address) == (asset, "Refuge", "9 Secret Row")


async def test_what_waits_is_for_reviewers_and_for_whoever_sent_it(
    demo_database: Database, district: dict[str, Any]
) -> None:
    point, code = district["points"][0], district["code"]
    async with demo_database.sessions.begin() as session:
        person, _ = await service.ensure_person(session, "mina@example.org", "Mina")
        mina = Actor(person.id, "Mina")
        document = AssetDocument.model_validate(write(point))
        kept = await keep_assets(session, mina).submit(document, Method.TYPED_IN)
    for actor in (mina, act(Role.ORGANISER, code)):
        (found,) = await look(demo_database, actor)
        assert (found.id, found.standing) == (kept.public_id, "waiting")
    for nobody in (STRANGER, Actor(998, "Sam"), act(Role.ORGANISER, "E02999999")):
        assert await look(demo_database, nobody) == []


async def test_what_was_taken_down_or_turned_away_is_no_hint(
    demo_database: Database, district: dict[str, Any]
) -> None:
    for status in (Status.TAKEN_DOWN, Status.REJECTED):
        await add_asset(demo_database, write(district["points"][0]), status)
    assert await look(demo_database, act(Role.ADMINISTRATOR, None)) == []


async def test_strangers_are_never_asked_the_tables_about(
    demo_database: Database, district: dict[str, Any]
) -> None:
    public: UUID = (await add_asset(demo_database, write(district["points"][0]))).public_id
    assert [each.id for each in await look(demo_database, STRANGER)] == [public]
    assert await look(demo_database, act(Role.ADMINISTRATOR, None), name="'; DROP TABLE a;") == []
