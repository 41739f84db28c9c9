"""What is staged of a place's areas, read back as a whole before the swap."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.areas.staging import fetch

FRAME_AREAS = """
SELECT area_type, boundary_year, array_agg(code ORDER BY gid) AS codes,
       count(*) FILTER (WHERE in_study_area) AS study_count
FROM staged_areas GROUP BY area_type, boundary_year ORDER BY area_type, boundary_year
"""

FRAME_BELONGINGS = """
SELECT from_type, from_year, to_type, to_year,
       array_agg(f.gid - 1 ORDER BY f.gid, t.gid) AS from_index,
       array_agg(t.gid - 1 ORDER BY f.gid, t.gid) AS to_index,
       array_agg(l.weight ORDER BY f.gid, t.gid) AS weight
FROM staged_lookups AS l
JOIN staged_areas AS f ON (f.area_type, f.boundary_year, f.code)
                        = (l.from_type, l.from_year, l.from_code)
JOIN staged_areas AS t ON (t.area_type, t.boundary_year, t.code)
                        = (l.to_type, l.to_year, l.to_code)
WHERE kind IN ('within', 'best fit')
GROUP BY from_type, from_year, to_type, to_year ORDER BY from_type, from_year, to_type, to_year
"""

FRAME_BANDS = """
SELECT p.area_type, p.boundary_year, age_from, age_to,
       array_agg(s.gid - 1) AS index, array_agg(p.people) AS people
FROM staged_populations AS p JOIN staged_areas AS s
  ON (s.area_type, s.boundary_year, s.code) = (p.area_type, p.boundary_year, p.code)
GROUP BY p.area_type, p.boundary_year, age_from, age_to
ORDER BY p.area_type, p.boundary_year, age_from, age_to
"""

GROUND_AREAS = """
SELECT boundary, in_study_area FROM staged_areas WHERE (area_type, boundary_year) = (
    SELECT s.area_type, s.boundary_year FROM staged_areas AS s
    JOIN staged_area_types AS t ON t.code = s.area_type
    GROUP BY s.area_type, s.boundary_year, t.position
    ORDER BY bool_or(NOT s.in_study_area) DESC, t.position, s.boundary_year DESC LIMIT 1)
ORDER BY code
"""
"""The smallest areas of the newest year, of those that reach into the margin if there is one."""

GROUND_POSTCODES = """
SELECT postcode, location FROM staged_postcodes
UNION ALL SELECT postcode, location FROM staged_left_out
ORDER BY 1
"""


async def fetch_frame_areas(connection: AsyncConnection) -> list[asyncpg.Record]:
    """Return a row a boundary set: its codes in gid order, and how many the study area has."""
    return await fetch(connection, FRAME_AREAS)


async def fetch_frame_belongings(connection: AsyncConnection) -> list[asyncpg.Record]:
    """Return a row for each two sets with a lookup: positions from 0 and weights, as arrays."""
    return await fetch(connection, FRAME_BELONGINGS)


async def fetch_frame_bands(connection: AsyncConnection) -> list[asyncpg.Record]:
    """Return a row for each age band of a set, youngest first: positions from 0 and people."""
    return await fetch(connection, FRAME_BANDS)


async def fetch_ground_areas(connection: AsyncConnection) -> list[asyncpg.Record]:
    """Return the outlines that make up the place and its margin, and which are in the place."""
    return await fetch(connection, GROUND_AREAS)


async def fetch_ground_postcodes(connection: AsyncConnection) -> list[asyncpg.Record]:
    """Return every postcode that was staged with its point, those that were left out included."""
    return await fetch(connection, GROUND_POSTCODES)
