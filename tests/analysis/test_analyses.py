"""Analyses through the API, on the demonstration place: right, explained, the same every time."""

from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import text

from app.core.database import Database
from tests.planting import add_asset, at, find_district

PATH = "/api/v1/analyses"
NEED = {"indicator": "income_score_2025"}


async def ask(client: httpx.AsyncClient, **asked: object) -> dict[str, Any]:
    """Return the answer to a question."""
    response = await client.post(PATH, json={"category": "library", **asked})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def refuse(client: httpx.AsyncClient, status: int, **asked: object) -> str:
    """Return why a question is refused."""
    response = await client.post(PATH, json={"category": "library", **asked})
    assert response.status_code == status, response.text
    return str(response.json()["detail"])


async def find_empty_category(database: Database) -> str:
    """Return a category that nothing is listed in."""
    query = """
        SELECT c.code FROM categories AS c WHERE NOT EXISTS (
            SELECT FROM category_closure AS n JOIN public_asset_categories AS k
            ON k.category_id = n.narrower_id WHERE n.broader_id = c.id)
        ORDER BY c.code LIMIT 1
    """
    async with database.sessions() as session:
        return str(await session.scalar(text(query)))


async def test_nearest_distances_are_those_of_postgis(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    answer = await ask(client, method="nearest", everyone=True)
    query = """
        SELECT a.gid, min(ST_Distance(ST_Transform(a.centroid, CAST(:srid AS int)),
                                      ST_Transform(s.location, CAST(:srid AS int)))) AS distance
        FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id
        CROSS JOIN public_sites AS s
        WHERE b.area_type = 'lsoa' AND b.boundary_year = 2021 AND a.in_study_area
            AND s.role = 'delivery' AND s.mode IN ('address', 'place') AND EXISTS (
            SELECT FROM public_asset_categories AS k
            WHERE k.asset_id = s.asset_id AND k.code = 'library')
        GROUP BY a.gid ORDER BY a.gid
    """
    async with demo_database.sessions() as session:
        crs = await session.scalar(text("SELECT projected_crs FROM customs"))
        rows = await session.execute(text(query), {"srid": int(str(crs).split(":")[1])})
        expected = [row.distance for row in rows]
    assert answer["sites"] > 0
    assert answer["areas"]["distance_m"] == pytest.approx(expected, abs=0.06)
    assert answer["areas"]["access"] == pytest.approx(expected, abs=0.06)


async def test_the_sentence_the_totals_and_the_areas_agree(client: httpx.AsyncClient) -> None:
    answer = await ask(client, everyone=True, catchment_m=900, need=NEED)
    areas = answer["areas"]
    near = np.array(areas["distance_m"]) <= 900
    people = np.array(areas["people"])
    assert answer["people"] == people.sum()
    assert answer["covered"] == people[near].sum() == sum(areas["covered"])
    assert answer["shortfall"] == pytest.approx(sum(areas["shortfall"]))
    total, reached = int(people.sum()), int(people[near].sum())
    assert f"{reached:,} of {total:,} people" in answer["finding"]
    assert f"{total - reached:,} do not" in answer["finding"]
    assert "900 m in a straight line, about 15 minutes' walk" in answer["finding"]
    assert answer["asked"]["catchment_walked_m"] == 1170


async def test_what_is_given_out_is_what_there_is(client: httpx.AsyncClient) -> None:
    for method in ("2sfca", "e2sfca", "3sfca"):
        answer = await ask(client, method=method, everyone=True)
        areas = answer["areas"]
        given = sum(a * p / 1000 for a, p in zip(areas["access"], areas["people"], strict=True))
        reached = answer["sites"] - len(answer["unreached_sites"])
        # The demonstration place has no margin, so nobody else takes any of it.
        assert given == pytest.approx(reached, rel=1e-6)


async def test_the_same_question_has_the_same_answer_byte_by_byte(
    client: httpx.AsyncClient,
) -> None:
    asked = {"category": "library", "everyone": True, "need": NEED}
    one, other = [(await client.post(PATH, json=asked)).content for _ in range(2)]
    assert one == other
    else_asked = {**asked, "catchment_m": 901}
    assert (await client.post(PATH, json=else_asked)).json()["hash"] != (
        (await client.post(PATH, json=asked)).json()["hash"]
    )


async def test_who_is_counted_is_who_the_category_is_for_unless_said(
    client: httpx.AsyncClient,
) -> None:
    everybody = await ask(client, everyone=True)
    old = await ask(client, from_age=65)
    assert everybody["asked"]["people"] == "people"
    assert old["asked"]["people"] == "people aged 65 and over"
    assert 0 < old["people"] < everybody["people"]


async def test_an_area_that_nothing_reaches_is_counted(client: httpx.AsyncClient) -> None:
    answer = await ask(client, everyone=True, catchment_m=50, need=NEED)
    areas = answer["areas"]
    assert any(areas["is_uncovered"])
    assert len(areas["rank_gap"]) == len(areas["codes"])
    assert all(
        access == 0
        for access, uncovered in zip(areas["access"], areas["is_uncovered"], strict=True)
        if uncovered
    )


async def test_no_sites_is_no_coverage_and_no_error(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    empty = await find_empty_category(demo_database)
    answer = await ask(client, category=empty, everyone=True, need=NEED)
    assert answer["sites"] == 0
    assert answer["covered"] == 0
    assert answer["covered_share"]["value"] == 0
    assert answer["finding"].startswith("No ")
    assert all(answer["areas"]["is_uncovered"])


async def test_a_new_site_counts_from_the_next_question_on(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    before = await ask(client, everyone=True)
    district = await find_district(demo_database)
    site = {"address": "1 Quay", "location": at(district["points"][0])}
    await add_asset(
        demo_database,
        {"name": "Quay Library", "kind": "place", "categories": ["library"], "sites": [site]},
    )
    after = await ask(client, everyone=True)
    assert after["sites"] == before["sites"] + 1
    assert after["hash"] != before["hash"]


async def test_what_is_area_only_stands_at_its_areas_point_and_what_is_hidden_nowhere(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    before = await ask(client, everyone=True)
    district = await find_district(demo_database)
    for visibility in ("area only", "hidden"):
        site = {"address": "1 Quay", "location": at(district["points"][0])}
        await add_asset(
            demo_database,
            {
                "name": f"{visibility} library",
                "kind": "place",
                "categories": ["library"],
                "visibility": visibility,
                "sites": [site],
            },
        )
    after = await ask(client, everyone=True)
    assert after["sites"] == before["sites"] + 1
    assert after["sites_at_area_points"] == before["sites_at_area_points"] + 1
    assert any("only the area is told" in note for note in after["notes"])


@pytest.mark.reads
@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"category": "no-such"}, 404, "There is no category 'no-such'"),
        ({"area_type": "county"}, 404, "no areas of kind 'county'"),
        ({"boundary_year": 1801}, 404, "of 1801"),
        ({"need": {"indicator": "no_such"}}, 404, "no_such"),
        ({"from_age": 63}, 400, "bands of age"),
        ({"from_age": 65, "to_age": 15}, 400, "swap them"),
        ({"from_age": 65, "everyone": True}, 400, "not for both"),
        ({"supply": "stated", "everyone": True}, 400, "state a capacity"),
    ],
)
async def test_what_cannot_be_asked_is_told_with_what_could(
    client: httpx.AsyncClient, asked: dict[str, Any], status: int, said: str
) -> None:
    assert said in await refuse(client, status, **asked)


@pytest.mark.reads
@pytest.mark.parametrize(
    "asked",
    [
        {"catchment_m": 0},
        {"catchment_m": 500_000},
        {"detour": 0.5},
        {"speed_km_h": 0},
        {"method": "magic"},
        {"kernel": "square"},
        {"standard": -1},
        {"from_age": -1},
        {"colour": "red"},
    ],
)
async def test_numbers_that_make_no_sense_are_named(
    client: httpx.AsyncClient, asked: dict[str, Any]
) -> None:
    response = await client.post(PATH, json={"category": "library", **asked})
    assert response.status_code == 422
    assert next(iter(asked)) in response.text
