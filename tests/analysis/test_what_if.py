"""What if through the API: as asking anew of the changed place would have it, and refusals."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sqlalchemy import text

from app.analysis.changing import Step, change_supply
from app.analysis.ground import FAR_AWAY_M, AreaGround, SupplyGround
from app.analysis.memory import Weighed
from app.analysis.methods.scenario import Change, Site
from app.analysis.methods.travel import Walking
from app.analysis.question import KernelName, Method, Question, choose_kernel
from app.analysis.trying import try_steps
from app.analysis.working import measure_reach, weigh, work_out
from app.core.database import Database
from tests.analysis.test_analyses import ask, find_empty_category, refuse
from tests.planting import add_asset, at, find_district

SEA = {"lon": -30.0, "lat": 50.0}
METHODS: tuple[Method, ...] = (
    "e2sfca", "2sfca", "3sfca", "m2sfca", "gravity", "nearest", "coverage", "container",
)  # fmt: skip


def make_place(seed: int, *, is_serving: bool) -> tuple[AreaGround, SupplyGround]:
    """Return an invented place of 80 areas and 25 sites, the last of which may serve at home."""
    chance = np.random.default_rng(seed)
    count, sites = 80, 25
    people = chance.integers(0, 900, count).astype(float) * (chance.random(count) > 0.1)
    areas = AreaGround(
        area_type="block", boundary_year=2026, plural="blocks",
        codes=[f"B{n}" for n in range(count)], names=[""] * count, study_count=60,
        places=chance.uniform(0, 6000, (count, 2)), people=people, unknown_people=0,
        size_m2=chance.uniform(1e4, 1e6, count), edge_m=np.full(count, 9e9),
        is_coast_known=True,
    )  # fmt: skip
    places, served = chance.uniform(0, 6000, (sites, 2)), None
    if is_serving:
        places[-1] = FAR_AWAY_M
        rows = np.arange(0, count, 7)
        served = csr_array((chance.random(len(rows)), (rows, [sites - 1] * len(rows))),
                           shape=(count, sites))  # fmt: skip
    return areas, SupplyGround(
        ids=[UUID(int=n + 1) for n in range(sites)], assets=[UUID(int=n + 1) for n in range(sites)],
        names=[f"S{n}" for n in range(sites)], places=places,
        capacity=chance.uniform(0, 40, sites), capacity_units=["seats"] * sites,
        owner=chance.integers(-1, count, sites), is_area=np.zeros(sites, dtype=bool),
        is_confirmed=np.ones(sites, dtype=bool), served=served, left_out={},
    )  # fmt: skip


def make_steps(seed: int, areas: AreaGround) -> list[Step]:
    """Return a handful of changes of every sort, of sites that do not serve."""
    chance = np.random.default_rng(seed + 1)
    sites = chance.permutation(24).tolist()
    steps = []
    for sort in chance.integers(0, 4, chance.integers(1, 9)).tolist():
        owner = int(chance.integers(0, len(areas.codes)))
        x, y = (areas.places[owner] + chance.uniform(-300, 300, 2)).tolist()
        here, supply = Site((x, y), float(chance.uniform(0, 60))), float(chance.uniform(0, 60))
        change = [
            Change(None, here), Change(sites.pop(), here), Change(sites.pop(), None),
            Change(sites.pop(), Site(None, supply)),
        ][sort]  # fmt: skip
        steps.append(Step(change, owner, is_inside=True, words=""))
    return steps


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 100_000),
    method=st.sampled_from(METHODS),
    kernel=st.sampled_from(["gaussian", "binary", "gaussian to zero", "power"]),
    within_area=st.booleans(),
    is_serving=st.booleans(),
)
def test_changes_are_what_asking_anew_gives(
    seed: int, method: Method, kernel: KernelName, *, within_area: bool, is_serving: bool
) -> None:
    areas, supply = make_place(seed, is_serving=is_serving)
    question = Question(method, choose_kernel(kernel, 1200), 1200, Walking(), stated_supply=True,
                        within_area=within_area)  # fmt: skip
    weights = weigh(areas, supply, question)
    worked = work_out(areas, supply, weights, question, None, seed=1)
    steps = make_steps(seed, areas)
    tried = try_steps(areas, Weighed(supply, weights), question, worked, steps)
    changed = change_supply(supply, steps)
    anew = measure_reach(areas, changed, weigh(areas, changed, question), question)
    assert tried.access == pytest.approx(anew.access, rel=1e-9, abs=1e-12, nan_ok=True)
    assert ((tried.access > 0) == (anew.access > 0)).all()
    assert tried.distance_m.tolist() == anew.distance_m.tolist()
    assert tried.covered == pytest.approx(anew.covered, rel=1e-12)


def test_a_site_closed_and_one_added_by_hand() -> None:
    # 100 people at 0, 300 at 1,000; a site at each with 10 seats; the second goes, one comes at
    # 100 with 6. Then 100 people share 16 seats within 600 m, and 300 have none.
    areas, supply = make_place(1, is_serving=False)
    areas = replace(areas, places=np.array([[0.0, 0], [1000, 0]]), people=np.array([100.0, 300]),
                    codes=["A", "B"], names=["A", "B"], study_count=2,
                    size_m2=np.ones(2))  # fmt: skip
    supply = change_supply(supply, [Step(Change(n, None), -1, is_inside=True, words="")
                                    for n in range(2, 25)])  # fmt: skip
    supply = replace(supply, places=np.array([[0.0, 0], [1000, 0]]), capacity=np.array([10.0, 10]))
    question = Question("2sfca", choose_kernel("binary", 600), 600, Walking(), stated_supply=True)
    weights = weigh(areas, supply, question)
    worked = work_out(areas, supply, weights, question, None, seed=1)
    assert worked.reach.access.tolist() == pytest.approx([0.1, 1 / 30])
    steps = [Step(Change(1, None), -1, is_inside=True, words=""),
             Step(Change(None, Site((100.0, 0.0), 6.0)), 0, is_inside=True, words="")]  # fmt: skip
    tried = try_steps(areas, Weighed(supply, weights), question, worked, steps)
    assert tried.access.tolist() == [pytest.approx(0.16), 0.0]
    assert tried.covered.tolist() == [100, 0]


async def find_sites(database: Database) -> list[str]:
    """Return the ids of the libraries that people go to."""
    query = """
        SELECT s.public_id FROM public_sites AS s WHERE s.role = 'delivery' AND EXISTS (
            SELECT FROM public_asset_categories AS k
            WHERE k.asset_id = s.asset_id AND k.code = 'library')
        ORDER BY s.public_id
    """
    async with database.sessions() as session:
        return [str(each) for each in await session.scalars(text(query))]


async def test_what_is_added_in_thought_is_what_is_added_in_fact(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    lon, lat = district["points"][0]
    asked = {"everyone": True, "need": {"indicator": "income_score_2025"}, "catchment_m": 700}
    thought = await ask(client, **asked, changes=[{"change": "add", "lon": lon, "lat": lat}])
    site = {"address": "1 Quay", "location": at((lon, lat))}
    library = {"name": "Quay Library", "kind": "place", "categories": ["library"], "sites": [site]}
    before = await ask(client, **asked)
    await add_asset(demo_database, library)
    fact = await ask(client, **asked)
    tried = thought["what_if"]
    assert before["what_if"] is None
    own = {"id", "hash", "asked", "what_if"}
    assert {name: said for name, said in thought.items() if name not in own} == {
        name: said for name, said in before.items() if name not in own
    }, "what there is stands beside what would be, its intervals too"
    for column in ("distance_m", "covered", "is_uncovered"):
        assert tried["areas"][column] == fact["areas"][column]
    for column in ("access", "rank_gap"):
        tried_out, in_fact = (
            np.array(each["areas"][column], dtype=float) for each in (tried, fact)
        )
        assert tried_out == pytest.approx(in_fact, rel=1e-9, abs=2e-9, nan_ok=True)
    assert tried["covered"] == fact["covered"]
    assert tried["sites"] == fact["sites"]
    assert tried["newly_reached"] == fact["covered"] - before["covered"] > 0
    assert tried["no_longer_reached"] == 0
    assert f"{round(tried['newly_reached']):,} people who do not now" in tried["finding"]
    assert tried["shortfall_closed"] == pytest.approx(before["shortfall"] - tried["shortfall"])
    assert tried["shortfall_closed"] > 0, "to the standard of before"
    assert thought["hash"] != before["hash"]


async def test_closing_every_site_leaves_nothing(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    sites = await find_sites(demo_database)
    closing = [{"change": "close", "site": site} for site in sites]
    for method in ("e2sfca", "3sfca", "m2sfca", "gravity", "nearest", "coverage", "container"):
        answer = await ask(client, everyone=True, method=method, changes=closing)
        tried = answer["what_if"]
        assert tried["sites"] == tried["covered"] == tried["newly_reached"] == 0
        assert tried["no_longer_reached"] == answer["covered"]
        assert all(tried["areas"]["is_uncovered"])
        assert all(each is None for each in tried["areas"]["distance_m"])


@pytest.mark.reads
async def test_a_point_in_the_sea_or_with_its_numbers_swapped_is_told(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    lon, lat = (await find_district(demo_database))["points"][0]
    said = await refuse(client, 400, changes=[{"change": "add", **SEA}])
    assert said.startswith("Change 1: the point lon -30, lat 50 lies in none of the")
    assert "or in water" in said
    swapped = [
        {"change": "add", "lon": lon, "lat": lat},
        {"change": "add", "lon": lat, "lat": lon},
    ]
    said = await refuse(client, 400, changes=swapped)
    assert said.startswith("Change 2: ")
    assert "swap them" in said


async def test_only_what_strangers_see_can_be_changed(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    district = await find_district(demo_database)
    before = set(await find_sites(demo_database))
    for visibility in ("hidden", "area only"):
        await add_asset(
            demo_database,
            {
                "name": f"Library {visibility}",
                "kind": "place",
                "categories": ["library"],
                "visibility": visibility,
                "sites": [{"address": "1 Quay", "location": at(district["points"][0])}],
            },
        )
    async with demo_database.sessions() as session:
        hidden = await session.scalar(
            text("""
                SELECT s.public_id FROM asset_sites AS s JOIN assets AS a ON a.id = s.asset_id
                WHERE a.name = 'Library hidden'
            """)
        )
    (area_only,) = set(await find_sites(demo_database)) - before
    nobody = uuid4()
    said = [
        (await refuse(client, 400, changes=[{"change": "close", "site": str(site)}])).replace(
            str(site), "ID"
        )
        for site in (hidden, nobody)
    ]
    assert said[0] == said[1], "what is hidden is as what there is not"
    lon, lat = district["points"][1]
    move = {"change": "move", "site": area_only, "lon": lon, "lat": lat}
    assert "only the area is told" in await refuse(client, 400, changes=[move])
    closed = await ask(client, everyone=True, changes=[{"change": "close", "site": area_only}])
    assert closed["what_if"]["changes"] == ["Library area only closes."]


@pytest.mark.reads
async def test_changes_that_make_no_sense_are_told(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    site, *_ = await find_sites(demo_database)
    lon, lat = (await find_district(demo_database))["points"][0]
    close = {"change": "close", "site": site}
    assert "the site of change 1 once more" in await refuse(client, 400, changes=[close, close])
    more = {"change": "capacity", "site": site, "capacity": 9}
    assert "each site counts as one" in await refuse(client, 400, changes=[more])
    add = {"change": "add", "lon": lon, "lat": lat, "capacity": 9}
    assert "Leave the capacity out" in await refuse(client, 400, changes=[add])


@pytest.mark.reads
@pytest.mark.parametrize(
    "change",
    [
        {"change": "burn", "site": str(UUID(int=1))},
        {"change": "close"},
        {"change": "close", "site": "the library"},
        {"change": "add", "lon": 200, "lat": 50},
        {"change": "add", "lon": 2},
        {"change": "capacity", "site": str(UUID(int=1)), "capacity": -1},
    ],
)
async def test_what_is_no_change_is_named(
    client: httpx.AsyncClient, change: dict[str, Any]
) -> None:
    response = await client.post(
        "/api/v1/analyses", json={"category": "library", "changes": [change]}
    )
    assert response.status_code == 422
    assert "changes" in response.text


async def test_fifty_changes_are_tried_and_not_one_more(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    points = (await find_district(demo_database))["points"]
    adding = [
        {"change": "add", "lon": points[n % 8][0], "lat": points[n % 8][1]} for n in range(51)
    ]
    assert (await ask(client, everyone=True, changes=adding[:50]))["what_if"]["sites"] > 50
    response = await client.post(
        "/api/v1/analyses", json={"category": "library", "changes": adding}
    )
    assert response.status_code == 422


async def test_stated_capacities_are_changed_in_their_unit(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    points = (await find_district(demo_database))["points"]
    empty = await find_empty_category(demo_database)
    for number, point in enumerate(points[:2]):
        site = {"address": "1 Quay", "location": at(point), "capacity": 10 + number,
                "capacity_unit": "beds"}  # fmt: skip
        await add_asset(demo_database, {
            "name": f"Hostel {number}", "kind": "place", "categories": [empty],
            "sites": [site],
        })  # fmt: skip
    lon, lat = points[3]
    asked = {"category": empty, "everyone": True}
    said = await refuse(client, 400, **asked, changes=[{"change": "add", "lon": lon, "lat": lat}])
    assert said == "Change 1 adds a site without a capacity. State it in beds."
    answer = await ask(
        client, **asked, changes=[{"change": "add", "lon": lon, "lat": lat, "capacity": 21}]
    )
    areas, tried = answer["areas"], answer["what_if"]["areas"]
    given = [
        sum(a * p / 1000 for a, p in zip(access, areas["people"], strict=True))
        for access in (areas["access"], tried["access"])
    ]
    assert given == pytest.approx([21, 42], rel=1e-6)
