"""Finding assets: near a point, in a box or an area, by category, words and what people need.

Everything is read with the right of strangers, whoever asks.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import NamedTuple

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.assets import listing_queries, near_queries
from app.assets.conditions import Statement, Wanted
from app.assets.listing_queries import AfterListed, Order
from app.assets.looking_up import look_up, look_up_rest
from app.assets.near_queries import AfterMeasured, AfterNamed
from app.assets.paging import (
    Address,
    Place,
    describe_links,
    read_place,
    write_link_header,
    write_place,
)
from app.assets.search_schemas import AssetFilters
from app.core.public_reads import PublicReads, Reader, Record

SCANS = (60, 250, 1000, 4000, 16_000, 64_000, 256_000, 1_024_000)
"""How many points are read for a page; more only where many are about as far away."""

ALIKE = "Nothing has these words; these names are like them."


class Answer(NamedTuple):
    """A page of a search as it is sent.

    Attributes:
        body: A FeatureCollection.
        stamp: The state of everything that it says.
        link: Its `Link` header.
    """

    body: bytes
    stamp: str
    link: str


class Page(NamedTuple):
    """Rows of a page, where the next begins, and what is said of all of them."""

    rows: Sequence[Record]
    following: Place | None
    stamp: str
    matched: int
    not_stated: int | None = None


async def read_stamp(reads: PublicReads) -> str:
    """Return the text that changes whenever a search may be answered otherwise."""
    row = await reads.fetch_row(listing_queries.STAMP_STATEMENT)
    return str(row["stamp"])


async def search_assets(
    reads: PublicReads,
    sessions: async_sessionmaker[AsyncSession],
    filters: AssetFilters,
    address: Address,
) -> Answer:
    """Return a page of the assets that match, each once.

    Nearest first, those of which only the area is told after them by name; without a point by
    relevance or name, and hidden ones that may be found at the end.

    Raises:
        BadRequestError: A postcode, area, category or cursor is not known.
        UnavailableError: The database is away.
    """
    wanted = await look_up(reads, filters)
    said = (filters.q or "").strip()
    asks_hours = filters.open_at is not None or filters.open_on is not None
    by_distance = wanted.here is not None and filters.sort in {None, "distance"}
    async with AsyncExitStack() as stack:
        reader: Reader = reads
        if said or asks_hours or not (by_distance and wanted.is_plain):
            reader = await stack.enter_async_context(reads.look())
        wanted = await look_up_rest(reader, sessions, filters, wanted)
        if by_distance:
            page = await _list_nearest(reader, wanted, filters)
        else:
            order: Order = "name" if filters.sort == "name" or not said else "relevance"
            page = await _list_sorted(reader, wanted, filters, order)
    return _write_answer(page, filters, address, note=ALIKE if wanted.alike is not None else None)


async def _list_nearest(reader: Reader, wanted: Wanted, filters: AssetFilters) -> Page:
    place = read_place(filters, ("measured", "by area"))
    limit = filters.limit
    rows: list[Record] = []
    if place is None or place.section == "measured":
        after = AfterMeasured(float(place.key), place.asset) if place else None
        head, rows = await _read_nearest(reader, wanted, after, limit + 1)
        place = None
    else:
        head, _ = await _read_nearest(reader, wanted, None, 0)
    following = None
    if len(rows) > limit:
        following = Place("measured", rows[limit - 1]["distance_m"], rows[limit - 1]["asset"])
    else:
        named = AfterNamed(str(place.key), place.asset) if place else None
        more = await _run(reader, near_queries.select_by_area(wanted, named, limit - len(rows) + 1))
        measured = len(rows)
        rows += more
        if len(rows) > limit:
            last = rows[limit - 1]
            following = (
                Place("by area", last["sorted"], last["asset"])
                if limit > measured
                else Place("measured", last["distance_m"], last["asset"])
            )
    not_stated = None
    if wanted.open_schedules is not None:
        open_too = replace(wanted, open_schedules=None)
        not_stated = await _count(reader, near_queries.count_without_hours(open_too))
    return Page(rows[:limit], following, head["stamp"], head["matched"], not_stated)


async def _read_nearest(
    reader: Reader, wanted: Wanted, after: AfterMeasured | None, limit: int
) -> tuple[Record, list[Record]]:
    """Return the row with what is said of all, and those of assets that are surely the nearest."""
    wide_enough = [scanned for scanned in SCANS if scanned >= 2 * limit]
    for scanned in wide_enough:
        rows = await _run(reader, near_queries.select_nearest(wanted, after, limit, scanned))
        reach = rows[0]["reach"]
        sure = [row for row in rows if row["asset"] is not None and row["distance_m"] <= reach]
        if len(sure) >= limit or reach >= wanted.radius_m:
            break
    return rows[0], sure


async def _list_sorted(reader: Reader, wanted: Wanted, filters: AssetFilters, order: Order) -> Page:
    section = "ranked" if order == "relevance" else "named"
    place = read_place(filters, (section, "findable"))
    limit = filters.limit
    rows: list[Record] = []
    if place is None or place.section == section:
        after = AfterListed(place.key, place.asset) if place else None
        rows += await _run(reader, listing_queries.select_listed(wanted, order, after, limit + 1))
        place = None
    listed = len(rows)
    matched = await _count(reader, listing_queries.count_listed(wanted))
    if _may_find_hidden(wanted, filters):
        matched += await _count(reader, listing_queries.count_findable(wanted))
        if listed <= limit:
            after = AfterListed(place.key, place.asset) if place else None
            rows += await _run(
                reader, listing_queries.select_findable(wanted, after, limit - listed + 1)
            )
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = Place(section if limit <= listed else "findable", last["sorted"], last["asset"])
    not_stated = None
    if wanted.open_schedules is not None:
        open_too = replace(wanted, open_schedules=None)
        not_stated = await _count(
            reader, listing_queries.count_listed(open_too, without_hours=True)
        )
    stamp = (await reader.fetch(listing_queries.STAMP_STATEMENT))[0]["stamp"]
    return Page(rows[:limit], following, stamp, matched, not_stated)


def _may_find_hidden(wanted: Wanted, filters: AssetFilters) -> bool:
    """Whether hidden assets that may be found are looked for: by name or category in an area.

    With any further condition an answer would tell more of them than name and contacts.
    """
    if wanted.area is None or not (filters.category or (filters.q or "").strip()):
        return False
    return not (
        wanted.here or wanted.box or wanted.open_schedules is not None or wanted.asks_of_assets
    )


async def _run(reader: Reader, statement: Statement) -> list[Record]:
    return list(await reader.fetch(statement.text, *statement.values))


async def _count(reader: Reader, statement: Statement) -> int:
    return int((await _run(reader, statement))[0]["matched"])


def _write_answer(page: Page, filters: AssetFilters, address: Address, note: str | None) -> Answer:
    following = write_place(filters, page.following) if page.following else None
    links = describe_links(address, filters.cursor, following)
    document = {
        "type": "FeatureCollection",
        "number_matched": page.matched,
        "number_returned": len(page.rows),
        "not_stated": page.not_stated,
        "note": note,
        "links": links,
        "features": [_write_feature(row) for row in page.rows],
    }
    return Answer(orjson.dumps(document), page.stamp, write_link_header(links))


def _write_feature(row: Record) -> dict[str, object]:
    geometry = row.get("geometry")
    return {
        "type": "Feature",
        "id": str(row["asset"]),
        "geometry": None if geometry is None else orjson.Fragment(geometry),
        "properties": orjson.Fragment(row["properties"]),
    }
