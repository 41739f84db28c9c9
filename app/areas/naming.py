"""What areas are called, for tables and sentences about many of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas import naming_queries as queries
from app.areas.queries import AnyRow
from app.areas.schemas import AreaMatch, AreaNamePage, AreaRef, NameFilters, Point
from app.areas.service import find_boundary_set

PLACE_DIGITS = 5
"""Decimals of a degree for the place of a name: about a metre."""


@dataclass(frozen=True)
class AreaNames:
    """Every area of a boundary set, in the order of gids from 1.

    Attributes:
        codes: Their codes.
        names: What they are called, in the same order.
        districts: The name of the area of the publishing level that each belongs to; '' for none.
    """

    codes: Sequence[str]
    names: Sequence[str]
    districts: Sequence[str]


async def list_names(session: AsyncSession, area_type: str, boundary_year: int) -> AreaNames:
    """Return what the areas of a kind and year are called.

    Raises:
        NotFoundError: There is no such kind or year.
    """
    boundary_set = await find_boundary_set(session, area_type, boundary_year)
    rows = await queries.fetch_names(session, boundary_set)
    districts = [""] * len(rows)
    for row in await queries.fetch_districts(session, boundary_set):
        districts[row.gid - 1] = row.name
    return AreaNames([row.code for row in rows], [row.name for row in rows], districts)


async def read_name_page(session: AsyncSession, filters: NameFilters) -> AreaNamePage:
    """Return names of a kind of area in gid order, for maps, whose tiles know gids only.

    Raises:
        NotFoundError: There is no such kind or year.
    """
    boundary_set = await find_boundary_set(session, filters.type, filters.boundary_year)
    row = await queries.fetch_name_page(session, boundary_set, filters.from_gid, filters.limit)
    return AreaNamePage(
        type=boundary_set.area_type,
        boundary_year=boundary_set.boundary_year,
        first_gid=filters.from_gid,
        codes=row.codes or [],
        names=row.names or [],
        lon=[round(degrees, PLACE_DIGITS) for degrees in row.lon or []],
        lat=[round(degrees, PLACE_DIGITS) for degrees in row.lat or []],
    )


async def name_parents(
    session: AsyncSession, area_type: str, boundary_year: int, gids: Collection[int]
) -> Mapping[int, Sequence[AreaRef]]:
    """Return what each of some areas belongs to: one of a kind, smallest kind first.

    Raises:
        NotFoundError: There is no such kind or year.
    """
    boundary_set = await find_boundary_set(session, area_type, boundary_year)
    found: dict[int, dict[str, AreaRef]] = {gid: {} for gid in gids}
    for row in await queries.fetch_parents(session, boundary_set, gids):
        ref = AreaRef(type=row.type, code=row.code, boundary_year=row.boundary_year, name=row.name)
        found[row.gid].setdefault(row.type, ref)
    return {gid: list(refs.values()) for gid, refs in found.items()}


async def name_areas(session: AsyncSession, areas: Collection[tuple[str, str]]) -> list[AreaMatch]:
    """Return areas by kind and code, each of its newest year; what there is none of is left out.

    Args:
        session: The transaction to read in.
        areas: Kinds and codes, in any order.
    """
    rows = await queries.fetch_by_code(session, areas) if areas else []
    return [_match(row) for row in rows]


async def find_named(
    session: AsyncSession, words: str, limit: int, *, each_kind: bool = False
) -> list[AreaMatch]:
    """Return the areas that somebody may mean by a name or a part of it, the likeliest first.

    Where no name has the words, those that are written like them. Areas of several kinds with
    one name in one larger area are one answer, unless asked for each: the kind at which the place
    publishes, if any.

    Args:
        session: The transaction to read in.
        words: As written; empty finds nothing.
        limit: How many at most.
        each_kind: Whether areas of one name are told apart by their kinds.
    """
    said = " ".join(words.split())
    if not said:
        return []
    # Several kinds may have each name.
    rows = await queries.fetch_named(session, said, 4 * limit)
    if not rows:
        rows = await queries.fetch_alike(session, said, 4 * limit)
    kept: dict[tuple[str, str | None, str], AnyRow] = {}
    for row in rows:
        key = (row.name, row.within, row.type if each_kind else "")
        if key not in kept or (row.is_publishing and not kept[key].is_publishing):
            kept[key] = row
    return [_match(row) for row in list(kept.values())[:limit]]


def _match(row: AnyRow) -> AreaMatch:
    return AreaMatch(
        type=row.type,
        kind=row.kind,
        code=row.code,
        boundary_year=row.boundary_year,
        name=row.name,
        within=row.within,
        location=Point(lon=round(row.lon, PLACE_DIGITS), lat=round(row.lat, PLACE_DIGITS)),
        is_exact=row.rank == 0,
    )
