"""Near me and search over invented assets, spread over the loaded place as its postcodes are."""

import random
import time
from typing import NamedTuple

import asyncpg

from app.assets.conditions import Wanted
from app.assets.listing_queries import WORDS, select_listed
from app.assets.near_queries import select_nearest
from app.assets.search_schemas import LonLat
from app.core.database import DatabaseAddress
from benchmarks.raw import OPTIONS

SIZES = (100_000, 500_000)
QUESTIONS = 2000
CATEGORY = "library"
WORD = "harbour mill"
PAGE = 21  # what a page of twenty asks the database for

SPOTS = """
CREATE TEMP TABLE spots AS SELECT row_number() OVER (ORDER BY md5(code)) - 1 AS k, location
FROM (
    SELECT postcode AS code, location FROM postcodes AS p WHERE EXISTS (
        SELECT FROM area_parts AS x JOIN areas AS a ON a.id = x.area_id
        WHERE a.in_study_area AND ST_Intersects(x.part, p.location))
    UNION ALL SELECT a.code || n, ST_Translate(a.name_point, n * 37 % 11 * 2e-4, n * 53 % 13 * 1e-4)
    FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id
    JOIN area_types AS t ON t.code = b.area_type AND t.position = 1
    CROSS JOIN generate_series(1, 10) AS n
    WHERE a.in_study_area AND NOT EXISTS (SELECT FROM postcodes)) AS each;
CREATE INDEX ON spots (k);
CREATE TEMP TABLE terms AS SELECT row_number() OVER (ORDER BY id) - 1 AS k, id, name
FROM categories;
CREATE TEMP TABLE counts AS SELECT (SELECT count(*) FROM spots) AS spots,
    (SELECT count(*) FROM terms) AS terms
"""

SEEDS = """
CREATE TEMP TABLE seeds AS SELECT n, md5('asset' || n)::uuid AS public_id,
    ('x' || substr(md5('term' || n), 1, 7))::bit(28)::bigint % terms AS term,
    ('x' || substr(md5('spot' || n), 1, 7))::bit(28)::bigint % spots AS spot
FROM generate_series({first}::bigint, {last}) AS n, counts
"""

ASSETS = """
INSERT INTO assets (public_id, kind, name, translations, description, eligibility, cost,
    cost_words, languages, how_to_join, term_time_only, step_free, accessible_toilet, hearing_loop,
    parking, alert, visibility, findable, status, revision)
SELECT s.public_id, 'service', firsts[1 + n * 7919 % 20] || ' ' || seconds[1 + n / 20 % 20] || ' '
    || t.name, '{}', 'Everybody is welcome, number ' || n || '.', '', 'free', '', '{en}', '',
    'not stated', 'yes', 'not stated', 'not stated', 'not stated', '',
    CASE WHEN n % 20 = 0 THEN 'area only' WHEN n % 97 = 0 THEN 'hidden' ELSE 'public' END, false,
    'published', 1
FROM seeds AS s JOIN terms AS t ON t.k = s.term, (SELECT
    string_to_array('Ash Bay Bell Brook Canal Castle Cedar Cliff Copper Corner Dale Eagle Fern '
        'Ford Garden Glen Grange Green Harbour Hazel', ' ') AS firsts,
    string_to_array('Avenue Bank Barn Bend Chapel Close Court Croft Farm Ferry Hall House Lane '
        'Lodge Market Mews Mill Park Quay Yard', ' ') AS seconds) AS words
"""

PARTS = (
    """
    INSERT INTO asset_categories (asset_id, category_id, position) SELECT a.id, t.id, 1
    FROM seeds AS s JOIN assets AS a USING (public_id) JOIN terms AS t ON t.k = s.term
    """,
    """
    INSERT INTO asset_sites (public_id, asset_id, position, role, mode, address, postcode, location,
        hours_words, time_zone, capacity_unit, visibility)
    SELECT md5('site' || n || '/' || i)::uuid, a.id, i, 'delivery', 'address', n || ' Test Street',
        '', ST_Translate(p.location, (n * 37 % 200 - 100) * 2e-6, (n * 53 % 200 - 100) * 1e-6), '',
        'Europe/London', '', 'public'
    FROM seeds AS s JOIN assets AS a USING (public_id) CROSS JOIN counts
    CROSS JOIN generate_series(1, CASE WHEN n % 25 = 0 THEN 2 ELSE 1 END) AS i
    JOIN spots AS p ON p.k = (s.spot + i * 1000) % counts.spots
    """,
    """
    INSERT INTO record_sources (subject, subject_id, source, source_id, licence, method)
    SELECT 'asset', a.id, 'Invented for measuring', n::text, 'CC0-1.0', 'imported'
    FROM seeds AS s JOIN assets AS a USING (public_id)
    """,
)
BATCH = 50_000


class Question(NamedTuple):
    """One kind of question.

    Attributes:
        paths: Its addresses.
        script: The same for pgbench.
        options: Settings of pgbench's connections: those of the service's own.
    """

    paths: list[str]
    script: str
    options: str = OPTIONS


async def seed(address: DatabaseAddress, before: int, count: int) -> float:
    """Add invented assets until there are `count` of them, and return the seconds it took.

    What strangers see of them is worked out as for any change, fifty thousand at a time.

    Args:
        address: A database with a place in it.
        before: How many of them there are already.
        count: How many there are to be.
    """
    connection = await asyncpg.connect(address.for_libpq)
    began = time.perf_counter()
    await connection.execute(SPOTS)
    for first in range(before + 1, count + 1, BATCH):
        last = min(first + BATCH - 1, count)
        async with connection.transaction():
            await connection.execute(SEEDS.format(first=first, last=last))
            await connection.execute("ANALYZE seeds")
            for statement in (ASSETS, *PARTS):
                await connection.execute(statement)
            await connection.execute("DROP TABLE seeds")
    took = time.perf_counter() - began
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return took


async def write_questions(address: DatabaseAddress) -> dict[str, Question]:
    """Return what is asked: near me with a category, near me without one, words."""
    connection = await asyncpg.connect(address.for_libpq)
    points = await connection.fetch(
        "SELECT ST_X(location) AS lon, ST_Y(location) AS lat FROM postcodes ORDER BY md5(postcode)"
        " LIMIT $1",
        QUESTIONS,
    )
    category = await connection.fetchval("SELECT id FROM categories WHERE code = $1", CATEGORY)
    words = (await connection.fetchrow(WORDS, WORD))["words"]
    await connection.close()
    chance = random.Random(4)  # noqa: S311 - an order of questions, no secret
    places = [LonLat(round(row["lon"], 6), round(row["lat"], 6)) for row in points]
    chance.shuffle(places)
    near = [f"near={place.lon},{place.lat}" for place in places]
    plain = [Wanted(here=place, radius_m=1600.0) for place in places[:50]]
    in_one = [Wanted(here=w.here, radius_m=1600.0, category_ids=(category,)) for w in plain]
    listed = select_listed(Wanted(words=words), "relevance", None, PAGE)
    return {
        "Near me, one category": Question(
            [f"/api/v1/assets?{each}&category={CATEGORY}" for each in near],
            _write_script([select_nearest(w, None, PAGE, 60) for w in in_one]),
        ),
        "Near me": Question(
            [f"/api/v1/assets?{each}" for each in near],
            _write_script([select_nearest(w, None, PAGE, 60) for w in plain]),
        ),
        "Words": Question(
            [f"/api/v1/assets?q={WORD.replace(' ', '+')}"] * 8,
            _write_script([listed]),
            OPTIONS.replace("force_generic_plan", "force_custom_plan"),
        ),
    }


def _write_script(statements: list[tuple[str, list[object]]]) -> str:
    """Return a script of pgbench that asks at points it chooses, with everything else as given.

    Each place has its own cosine and box, so each is a line of its own and chance picks one.
    """
    lines = [f"\\set each random(1, {len(statements)})"]
    for number, (text, values) in enumerate(statements, 1):
        filled = " ".join(text.split())
        for place in range(len(values), 0, -1):
            filled = filled.replace(f"${place}::", f"{_write_value(values[place - 1])}::")
        lines += [f"\\{'if' if number == 1 else 'elif'} :each = {number}", f"{filled};"]
    return "\n".join([*lines, "\\endif", ""])


def _write_value(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"({value!r})"
    return "'" + str(value).replace("'", "''") + "'"
