"""Near me walks its index, whatever plan PostgreSQL keeps; and counts are those of a slow query."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.assets.conditions import Wanted
from app.assets.near_queries import AfterMeasured, select_by_area, select_nearest
from app.assets.search_schemas import LonLat
from app.core.database import Database, DatabaseAddress
from tests.assets.small_place import name_asset, remove_assets
from tests.conftest import open_shuffled

MANY = """
WITH made AS (
    INSERT INTO assets (public_id, kind, name, translations, description, eligibility, cost,
        cost_words, languages, how_to_join, term_time_only, step_free, accessible_toilet,
        hearing_loop, parking, alert, visibility, findable, status, revision)
    SELECT md5(n::text)::uuid, 'service', 'Club ' || n, '{}', '', '', 'free', '', '{}', '', 'yes',
        'yes', 'yes', 'yes', 'yes', '', CASE WHEN n % 10 = 0 THEN 'area only' ELSE 'public' END,
        false, 'published', 1
    FROM generate_series(1, :count) AS n RETURNING id),
spots AS (SELECT row_number() OVER (ORDER BY postcode) - 1 AS k, location FROM postcodes),
sited AS (
    INSERT INTO asset_sites (public_id, asset_id, position, role, mode, address, postcode,
        location, hours_words, time_zone, capacity_unit, visibility)
    SELECT md5('site' || made.id)::uuid, made.id, 1, 'delivery', 'address', '', '', s.location,
        '', 'Europe/London', '', 'public'
    FROM made JOIN spots AS s ON s.k = made.id * 7 % (SELECT count(*) FROM spots))
INSERT INTO asset_categories (asset_id, category_id, position)
SELECT made.id, c.id, 1 FROM made
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM categories) AS c
    ON c.k = made.id % (SELECT count(*) FROM categories)
"""


@pytest.fixture
async def crowded(demo_address: DatabaseAddress) -> AsyncIterator[Database]:
    """The demonstration place with some thousands of assets, and no connection that is kept."""
    opened = open_shuffled(demo_address)
    await remove_assets(opened)
    async with opened.sessions.begin() as session:
        await session.execute(text(MANY), {"count": 4000})
    async with opened.engine.connect() as connection:
        free = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await free.execute(text("ANALYZE"))
    yield opened
    await opened.close()


def walk(plan: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Yield every step of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from walk(part)


@pytest.mark.parametrize("planned", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize("category", [None, "library"])
async def test_near_me_walks_the_index_and_never_reads_all_points(
    crowded: Database, planned: str, category: str | None
) -> None:
    wanted = await _want(crowded, category)
    after = AfterMeasured(120.0, name_asset("any"))
    statements = {
        "first page": select_nearest(wanted, None, 21, 60),
        "next page": select_nearest(wanted, after, 21, 60),
        "by area": select_by_area(wanted, None, 21),
    }
    for name, statement in statements.items():
        async with crowded.public._take() as connection:
            await connection.execute(f"SET plan_cache_mode = {planned}")
            await connection.execute(f"PREPARE asked AS {statement.text}")
            given_values = ", ".join(_write(value) for value in statement.values)
            explained = await connection.fetchval(
                f"EXPLAIN (FORMAT JSON) EXECUTE asked({given_values})"
            )
        steps = list(walk(json.loads(explained)[0]["Plan"]))
        read_whole = [s for s in steps if s["Node Type"] == "Seq Scan"]
        read_whole = [s for s in read_whole if s["Relation Name"] in {"site_points", "assets"}]
        assert read_whole == [], name
        used = {step.get("Index Name") for step in steps}
        index = "ix_site_points_area" if name == "by area" else "ix_site_points_measured"
        assert index in used, (name, used)
        if name != "by area":
            walked = next(step for step in steps if step.get("Index Name") == index)
            assert "Order By" not in walked or "<->" in walked["Order By"]
            assert not any(
                step["Node Type"] == "Sort" and "geography" in str(step["Sort Key"])
                for step in steps
            )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(east=st.floats(-0.05, 0.05), north=st.floats(-0.03, 0.03), radius=st.floats(1, 6000))
async def test_counts_and_order_are_those_of_measuring_every_point(
    crowded: Database, east: float, north: float, radius: float
) -> None:
    here = LonLat(1.19 + east, 53.87 + north)
    statement = select_nearest(Wanted(here=here, radius_m=radius), None, 10, 60)
    rows = await crowded.public.fetch(statement.text, *statement.values)
    slow = """
        SELECT a.public_id, p.is_area, ST_Distance(p.location::geography,
            ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography) AS metres
        FROM site_points AS p JOIN public_assets AS a ON a.id = p.asset_id
        WHERE p.category_id = 0 ORDER BY metres, a.id
    """
    measured = [
        row
        for row in await crowded.public.fetch(slow, here.lon, here.lat)
        if row["metres"] <= radius
    ]
    assert rows[0]["matched"] == len(measured)
    expected = [row["public_id"] for row in measured if not row["is_area"]]
    found = [row["asset"] for row in rows if row["asset"] is not None]
    sure = [row["asset"] for row in rows if row["asset"] and row["distance_m"] <= rows[0]["reach"]]
    assert found[: len(sure)] == expected[: len(sure)]
    if rows[0]["reach"] >= radius:
        assert found == expected[:10]


async def _want(database: Database, category: str | None) -> Wanted:
    query = text("SELECT id FROM categories WHERE code = :code")
    async with database.sessions() as session:
        found = (await session.scalars(query, {"code": category})).all()
    return Wanted(here=LonLat(1.191221, 53.875186), radius_m=1600.0, category_ids=tuple(found))


def _write(value: object) -> str:
    return repr(value) if isinstance(value, int | float) else f"'{value}'"
