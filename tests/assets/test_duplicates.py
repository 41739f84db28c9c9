"""Likely duplicates: found by what they have in common, and never betraying what is private."""

from typing import Any

import pytest
from sqlalchemy import text

from app.assets.duplicates import Asked, Suspect, find_duplicates, list_days
from app.core.database import Database
from app.records.documents import Point
from tests.planting import add_asset, add_organisation, at, find_district


@pytest.fixture
async def district(demo_database: Database) -> dict[str, Any]:
    """A district with points in it, without the assets of the demonstration place."""
    async with demo_database.sessions.begin() as session:
        await session.execute(text("DELETE FROM asset_sites"))
        await session.execute(text("DELETE FROM assets"))
    return await find_district(demo_database)


async def put(database: Database, name: str, point: tuple[float, float], **more: Any) -> str:  # noqa: ANN401
    """Add an asset and return its id."""
    site = {"address": "123 Linacre Road", "postcode": "HF1 1AA", "location": at(point)}
    site |= more.pop("site", {})
    said = {"kind": "activity", "name": name, "categories": ["library"], "sites": [site], **more}
    return str((await add_asset(database, said)).public_id)


async def look(database: Database, name: str, **known: Any) -> list[Suspect]:  # noqa: ANN401
    """Return what looks alike."""
    return await find_duplicates(database.public, Asked(name, **known))


def reasons(suspect: Suspect) -> set[tuple[str, str]]:
    """Return why it does."""
    return {(reason.kind, reason.value) for reason in suspect.reasons}


async def test_it_is_found_by_name_day_and_the_beginning_of_the_postcode(
    demo_database: Database, district: dict[str, Any]
) -> None:
    point = district["points"][0]
    await put(
        demo_database, "Linacre's Welcome Space", point, site={"opening_hours": "Th 12:00-15:30"}
    )
    found = await look(demo_database, "Linacre Mission Thursday lunch", postcode="HF1")
    assert reasons(found[0]) == {
        ("word in common", "Linacre"), ("same day", "TH"), ("postcode begins alike", "HF1"),
    }  # fmt: skip
    assert found[0].address == "123 Linacre Road"


async def test_it_is_found_where_it_is_whatever_its_name(
    demo_database: Database, district: dict[str, Any]
) -> None:
    lon, lat = district["points"][0]
    asset = await put(demo_database, "Soup", (lon, lat), site={"opening_hours": "Th 12:00-14:00"})
    here = Point(lon=lon, lat=lat + 0.0005)
    known = {"point": here, "days": ["TH"], "categories": ["library"]}
    found = await look(demo_database, "Dinner together", **known)
    assert [str(each.id) for each in found] == [asset]
    assert ("within 100 m", "") in reasons(found[0])
    away = Point(lon=lon, lat=lat + 0.005)
    assert await look(demo_database, "Dinner together", **{**known, "point": away}) == []
    near = await look(demo_database, "The Soup", point=away)
    assert reasons(near[0]) == {("same name", ""), ("within 1 km", "")}


async def test_what_only_happens_to_be_near_is_not_held_up(
    demo_database: Database, district: dict[str, Any]
) -> None:
    point = district["points"][0]
    await put(demo_database, "Chess", point)
    assert await look(demo_database, "Knitting", point=Point(lon=point[0], lat=point[1])) == []
    assert await look(demo_database, "Community centre") == []
    assert await look(demo_database, "") == []
    assert await look(demo_database, "'; DROP TABLE assets; --%_\\") == []


async def test_of_an_area_only_one_nothing_depends_on_where_in_the_area_it_is(
    demo_database: Database, district: dict[str, Any]
) -> None:
    told = []
    for point in district["points"][:2]:
        async with demo_database.sessions.begin() as session:
            await session.execute(text("DELETE FROM asset_sites"))
            await session.execute(text("DELETE FROM assets"))
        await put(demo_database, "Lantern Makers", point, visibility="area only")
        for here in (*district["points"][:2], district["centroid"]):
            found = await look(
                demo_database, "Lantern Makers", postcode="HF1 1AA",
                point=Point(lon=here[0], lat=here[1]), days=["MO"],
            )  # fmt: skip
            assert reasons(found[0]) == {("same name", "")}
            assert (found[0].address, found[0].postcode) == ("", "")
            assert found[0].area == district["name"]
            told.append([each._replace(id=None) for each in found])  # type: ignore[arg-type]
            # By nothing but its place, it is not found at all.
            known = {"point": Point(lon=here[0], lat=here[1]), "categories": ["library"]}
            assert await look(demo_database, "Chess", **known) == []
    assert all(each == told[0] for each in told)


@pytest.mark.parametrize("how", ["hidden", "findable", "organisation", "waiting", "site"])
async def test_of_a_hidden_one_nothing_is_said(
    demo_database: Database, district: dict[str, Any], how: str
) -> None:
    point = district["points"][0]
    more: dict[str, Any] = {"visibility": "hidden"}
    if how == "findable":
        more["findable"] = True
    if how == "organisation":
        said = {"name": "Refuge", "kind": "charity", "visibility": "hidden"}
        kept = await add_organisation(demo_database, said)
        more = {"organisation": str(kept.public_id)}
    if how == "site":
        more = {"site": {"visibility": "hidden"}}
    asset = await put(demo_database, "Lantern Makers", point, **more)
    if how == "waiting":
        async with demo_database.sessions.begin() as session:
            query = "UPDATE assets SET status = 'waiting' WHERE public_id = CAST(:id AS uuid)"
            await session.execute(text(query), {"id": asset})
    here = Point(lon=point[0], lat=point[1])
    known = {"point": here, "postcode": "HF1 1AA", "categories": ["library"]}
    assert await look(demo_database, "Lantern Makers", **known) == []


async def test_the_index_finds_names_and_nothing_is_read_through(
    demo_database: Database, district: dict[str, Any]
) -> None:
    await put(demo_database, "Lantern Makers", district["points"][0])
    async with demo_database.sessions.begin() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await session.scalars(
            text(
                "EXPLAIN SELECT w.asset_id FROM unnest(ARRAY['lantern makers']) AS q (phrase)"
                " JOIN asset_words AS w ON q.phrase <% w.name"
            )
        )
        assert "ix_asset_words_name" in "\n".join(plan)


def test_days_are_read_from_hours() -> None:
    assert list_days("Th 12:00-15:30; Fr off") == {"TH"}
    assert list_days("Mo[1] 10:00-12:00") == {"MO"}
    assert list_days("24/7") == set()
    assert list_days("Mo-Su 10:00-12:00") == set()
    assert list_days("nonsense") == set()
