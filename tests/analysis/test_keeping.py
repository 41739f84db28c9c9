"""Answers are kept: the same bytes again, bounded, and gone when what they rest on is private."""

import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy import text

from app.core.database import Database
from app.core.settings import Settings
from tests.analysis.test_analyses import NEED, PATH, ask
from tests.conftest import open_client
from tests.planting import add_asset, at, edit_asset, find_district

ASKED = {"category": "library", "everyone": True, "need": NEED}


@pytest.fixture
async def other_process(
    demo_database: Database, settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of another process of the service on the same database."""
    async with open_client(demo_database, settings) as opened:
        yield opened


async def count_kept(database: Database) -> int:
    """Return how many answers are kept."""
    async with database.sessions() as session:
        return int(await session.scalar(text("SELECT count(*) FROM kept_analyses")) or 0)


async def plant_library(database: Database) -> Any:  # noqa: ANN401 - what was kept
    """Add a public library."""
    district = await find_district(database)
    site = {"address": "1 Quay", "location": at(district["points"][0])}
    said = {"name": "Quay Library", "kind": "place", "categories": ["library"], "sites": [site]}
    return await add_asset(database, said)


async def test_an_answer_is_there_again_byte_by_byte_in_every_process(
    client: httpx.AsyncClient, other_process: httpx.AsyncClient, demo_database: Database
) -> None:
    made = await client.post(PATH, json=ASKED)
    where = made.headers["location"]
    assert where == f"{PATH}/{made.json()['id']}"
    assert made.json()["hash"].startswith(made.json()["id"])
    assert (await other_process.get(where)).content == made.content
    assert (await other_process.post(PATH, json=ASKED)).content == made.content
    assert await count_kept(demo_database) == 1
    state = (await client.get(f"{where}/state")).json()
    assert state["state"] == "current"
    assert state["hash"] == made.json()["hash"]
    assert (await client.post(PATH, json=state["asked"])).content == made.content


async def test_an_answer_of_other_data_says_so_and_stays(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    made = await client.post(PATH, json=ASKED)
    where = made.headers["location"]
    await plant_library(demo_database)
    assert (await client.get(where)).content == made.content
    state = (await client.get(f"{where}/state")).json()
    assert state["state"] == "changed"
    assert "to ask anew" in state["advice"]
    anew = await client.post(PATH, json=state["asked"])
    assert anew.json()["sites"] == made.json()["sites"] + 1
    assert anew.headers["location"] != where


async def test_what_has_nothing_to_do_with_it_leaves_it_current(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    where = (await client.post(PATH, json=ASKED)).headers["location"]
    point = at((await find_district(demo_database))["points"][0])
    hall = {"name": "Hall", "kind": "place", "categories": ["community-centre"],
            "sites": [{"address": "1 Quay", "location": point}]}  # fmt: skip
    await add_asset(demo_database, hall)
    assert (await client.get(f"{where}/state")).json()["state"] == "current"


@pytest.mark.parametrize("visibility", ["hidden", "area only"])
async def test_an_answer_goes_when_a_place_in_it_is_told_less_of(
    client: httpx.AsyncClient, demo_database: Database, visibility: str
) -> None:
    library = await plant_library(demo_database)
    where = (await client.post(PATH, json=ASKED)).headers["location"]
    assert (await client.get(where)).status_code == 200
    await edit_asset(demo_database, library.public_id, {"visibility": visibility})
    never = (await client.get(f"{PATH}/{'0' * 24}")).json()["detail"]
    for path in (where, f"{where}.csv", f"{where}/state"):
        gone = await client.get(path)
        assert gone.status_code == 404
        assert gone.json()["detail"] == never.replace("0" * 24, where.rsplit("/", 1)[1])
    assert await count_kept(demo_database) == 0


async def test_what_is_told_by_area_only_from_the_start_leaves_an_answer_be(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    point = at((await find_district(demo_database))["points"][0])
    await add_asset(demo_database, {
        "name": "Quiet Library", "kind": "place", "categories": ["library"],
        "visibility": "area only", "sites": [{"address": "1 Quay", "location": point}],
    })  # fmt: skip
    where = (await client.post(PATH, json=ASKED)).headers["location"]
    assert (await client.get(where)).status_code == 200


async def test_the_oldest_that_nobody_has_pinned_go_first(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    made = [
        (await client.post(PATH, json={**ASKED, "catchment_m": metres})).json()["id"]
        for metres in (500, 600, 700)
    ]
    async with demo_database.sessions.begin() as session:
        for days, each in zip((30, 20, 10), made, strict=True):
            await session.execute(
                text("UPDATE kept_analyses SET kept_at = now() - make_interval(days => :days),"
                     " is_pinned = :is_pinned, size_bytes = 80000000 WHERE id = :id"),
                {"id": each, "days": days, "is_pinned": days == 30},
            )  # fmt: skip
    # 200 MB are allowed: the new one, the pinned one, and one of the others.
    await ask(client, **{**ASKED, "catchment_m": 800})
    assert [(await client.get(f"{PATH}/{each}")).status_code for each in made] == [200, 404, 200]
    async with demo_database.sessions.begin() as session:
        await session.execute(
            text("UPDATE kept_analyses SET kept_at = now() - interval '400 days'")
        )
    await ask(client, **{**ASKED, "catchment_m": 900})
    assert [(await client.get(f"{PATH}/{each}")).status_code for each in made] == [200, 404, 404]


async def test_a_table_has_units_and_says_where_it_is_from(client: httpx.AsyncClient) -> None:
    made = await client.post(PATH, json={**ASKED, "from_age": 65, "everyone": False})
    answer = made.json()
    got = await client.get(f"{made.headers['location']}.csv")
    assert got.headers["content-type"].startswith("text/csv")
    assert got.headers["content-disposition"].endswith('.csv"')
    lines = got.text.splitlines()
    about = [line for line in lines if line.startswith("# ")]
    rows = list(csv.DictReader(lines[len(about) :]))
    assert [row["code"] for row in rows] == answer["areas"]["codes"]
    column = "access_sites_for_each_1_000_people_aged_65_and_over"
    assert [float(row[column]) for row in rows] == answer["areas"]["access"]
    assert {"people_aged_65_and_over", "distance_straight_m", "edge_uncertain"} <= rows[0].keys()
    assert f"# hash of question and data: {answer['hash']}" in about
    for said in ("# finding: ", "# method: e2sfca", "# source of areas: ", "# source of places: "):
        assert any(line.startswith(said) for line in about)
    assert any(line.startswith("# source of need: ") and "licence: " in line for line in about)


async def test_features_have_the_outlines_of_the_areas(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    lon, lat = 1.2, 53.9
    made = await client.post(PATH, json=ASKED)
    areas = made.json()["areas"]
    drawn = json.loads((await client.get(f"{made.headers['location']}.geojson")).text)
    assert [each["id"] for each in drawn["features"]] == areas["codes"]
    assert [each["properties"]["shortfall_sites"] for each in drawn["features"]] == (
        areas["shortfall"]
    )
    first = shapely.geometry.shape(drawn["features"][0]["geometry"])
    assert first.is_valid
    assert first.distance(shapely.Point(lon, lat)) < 0.2
    assert {each["what"] for each in drawn["about"]} >= {"finding", "source of places"}
    path = tmp_path / "analysis.gpkg"
    path.write_bytes((await client.get(f"{made.headers['location']}.gpkg")).content)
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["areas", "about"]
    meta, _, shapes, columns = pyogrio.raw.read(path, layer="areas")
    assert meta["crs"] == "EPSG:4326"
    read = dict(zip(meta["fields"], columns, strict=True))
    assert read["code"].tolist() == areas["codes"]
    assert read["distance_straight_m"].tolist() == areas["distance_m"]
    assert np.allclose(shapely.area(shapely.from_wkb(shapes))[0], first.area, rtol=1e-3)


async def test_a_what_if_is_taken_along_beside_what_there_is(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    lon, lat = (await find_district(demo_database))["points"][0]
    asked = {**ASKED, "changes": [{"change": "add", "lon": lon, "lat": lat}]}
    made = await client.post(PATH, json=asked)
    text_ = (await client.get(f"{made.headers['location']}.csv")).text
    assert "# what if: With this change" in text_
    table = io.StringIO("\n".join(line for line in text_.splitlines() if line[0] != "#"))
    rows = list(csv.DictReader(table))
    after = made.json()["what_if"]["areas"]["shortfall"]
    assert [float(row["after_shortfall_sites"]) for row in rows] == after
