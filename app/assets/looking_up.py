"""What a search names, looked up: a postcode's point, areas, categories, words, open hours."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.areas.service import normalise_postcode
from app.assets import listing_queries as queries
from app.assets.conditions import AskedArea, Wanted
from app.assets.schedules.keeping import find_open, find_open_on
from app.assets.schedules.place_days import open_place_days
from app.assets.search_schemas import (
    AreaCode,
    AssetConditions,
    AssetFilters,
    LonLat,
    read_area,
    read_box,
    read_point,
)
from app.core.errors import BadRequestError
from app.core.public_reads import PublicReads, Reader
from app.taxonomy.service import TOPIC as CATEGORIES
from app.taxonomy.terms import say_nearest

STATED = {
    "kind": "kind",
    "cost": "cost",
    "step_free": "step_free",
    "accessible_toilet": "accessible_toilet",
    "hearing_loop": "hearing_loop",
    "parking": "parking",
    "term_time": "term_time_only",
}
"""Parameters and the columns that must hold what they say."""

_SHORTEST = 2  # letters of a postcode that others are found by


async def look_up(reads: PublicReads, filters: AssetFilters) -> Wanted:
    """Return the search in numbers, all but words and hours.

    Raises:
        BadRequestError: It names a postcode, area or category that is not known.
    """
    here = read_point(filters.near) if filters.near is not None else None
    if filters.postcode is not None:
        here = await find_postcode(reads, filters.postcode)
    area = None
    if filters.area is not None:
        area = await find_area(reads, read_area(filters.area), filters.boundary_year)
    stated = {
        column: str(value)
        for name, column in STATED.items()
        if (value := getattr(filters, name)) is not None
    }
    return Wanted(
        here=here,
        radius_m=filters.radius_m if here else 0.0,
        box=read_box(filters.bbox) if filters.bbox is not None else None,
        area=area,
        category_ids=await find_categories(reads, filters.category),
        stated=stated,
        language=filters.language,
        age=filters.age,
        organisation=filters.organisation,
        map_numbers=tuple(filters.map_number),
    )


async def look_up_rest(
    reader: Reader,
    sessions: async_sessionmaker[AsyncSession],
    filters: AssetConditions,
    wanted: Wanted,
) -> Wanted:
    """Return the search with its words and hours too."""
    if said := (filters.q or "").strip():
        words, alike = await read_words(reader, said)
        wanted = replace(wanted, words=words, alike=alike)
    if filters.open_at is not None or filters.open_on is not None:
        opened = [row["id"] for row in await reader.fetch(queries.SCHEDULES)]
        async with sessions.begin() as session:
            for when in (filters.open_at, filters.open_on):
                if when is not None:
                    opened = await find_open_schedules(session, when, opened)
        wanted = replace(wanted, open_schedules=opened)
    return wanted


async def find_postcode(reads: Reader, text: str) -> LonLat:
    """Return the point of a postcode, however it is spaced.

    Raises:
        BadRequestError: It is not known, with one that is written like it, or is only half.
    """
    postcode = normalise_postcode(text)
    rows = await reads.fetch(queries.POSTCODE, postcode)
    if rows:
        return LonLat(rows[0]["lon"], rows[0]["lat"])
    for length in range(len(postcode), _SHORTEST - 1, -1):
        like = await reads.fetch(queries.POSTCODES_LIKE, postcode[:length], len(postcode))
        if like and length == len(postcode):
            raise BadRequestError(
                "This is the beginning of a postcode. Write all of it, such as "
                f"{like[0]['display']}."
            )
        if like:
            raise BadRequestError(
                "We do not know this postcode. Check it for a slip: the nearest to it that we know "
                f"is {like[0]['display']}. New ones can take months to reach us."
            )
    raise BadRequestError(
        "We do not know this postcode. Check it for a slip; it may be of another place than the "
        "one this service is about."
    )


async def find_categories(reads: PublicReads, codes: Iterable[str]) -> tuple[int, ...]:
    """Return the ids of categories.

    Raises:
        BadRequestError: One is not known, with the nearest that is.
    """
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return ()
    rows = await reads.fetch_kept(CATEGORIES, queries.CATEGORIES)
    known = {row["code"]: row["id"] for row in rows}
    for code in wanted:
        if code not in known:
            raise BadRequestError(
                f"There is no category {code!r}{say_nearest(known, code)}. "
                "All of them are at /api/v1/categories."
            )
    return tuple(known[code] for code in wanted)


async def find_area(reads: Reader, area: AreaCode, boundary_year: int | None) -> AskedArea:
    """Return an area with what it lies in and what lies in it.

    Raises:
        BadRequestError: There is none, with what there is.
    """
    rows = await reads.fetch(queries.AREA, area.area_type, area.code, boundary_year)
    if not rows:
        raise BadRequestError(await _say_no_area(reads, area, boundary_year))
    own = [row for row in rows if row["is_own"]]
    return AskedArea(
        area_id=rows[0]["area_id"],
        related=([row["area_type"] for row in rows], [row["code"] for row in rows]),
        own=([row["area_type"] for row in own], [row["code"] for row in own]),
    )


async def read_words(reads: Reader, said: str) -> tuple[str | None, str | None]:
    """Return words as a query of text search; or, where nothing has them, what names are like.

    Returns:
        The query and None, or None and the words without capitals and accents.
    """
    rows = await reads.fetch(queries.WORDS, said)
    words, plain = rows[0]["words"], rows[0]["plain"]
    found = await reads.fetch(queries.IS_FOUND, words)
    return (words, None) if found[0]["is_found"] else (None, plain)


async def find_open_schedules(
    session: AsyncSession, when: datetime | date, among: list[int]
) -> list[int]:
    """Return which of some schedules are open at a moment, on the clocks of the place, or on a day.

    Of a day: some session starts on it.
    """
    zone, holidays, terms = await open_place_days(session)
    if not isinstance(when, datetime):
        return await find_open_on(session, when, zone, holidays, terms, among)
    local = when.replace(tzinfo=zone) if when.tzinfo is None else when
    return await find_open(session, local, zone, holidays, terms, among)


async def _say_no_area(reads: Reader, area: AreaCode, boundary_year: int | None) -> str:
    kinds = {row["area_type"]: row["years"] for row in await reads.fetch(queries.AREA_KINDS)}
    if area.area_type not in kinds:
        return (
            f"There is no kind of area called {area.area_type!r}. "
            f"Known: {', '.join(kinds) or 'none yet'}."
        )
    years = ", ".join(map(str, kinds[area.area_type]))
    within = f" in boundary year {boundary_year}" if boundary_year is not None else ""
    return f"There is no {area.area_type} {area.code!r}{within}. Boundary years held: {years}."
