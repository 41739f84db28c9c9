"""What the service can say about categories."""

from collections.abc import Iterable, Mapping

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFoundError
from app.core.versions import read_stamp
from app.taxonomy.queries import (
    AnyRow,
    fetch_categories,
    fetch_category_ids,
    fetch_narrower_ids,
)
from app.taxonomy.schemas import (
    CategoryDetail,
    CategoryFilters,
    CategoryRead,
    CategoryRef,
    Crosswalks,
    Demand,
)
from app.taxonomy.searching import fold_words, rank_match
from app.taxonomy.terms import say_nearest, suggest_category

__all__ = [
    "TOPIC",
    "fetch_categories",
    "fetch_category_ids",
    "fetch_narrower_ids",
    "list_categories",
    "read_categories_stamp",
    "read_category",
    "suggest_category",
    "write_categories",
    "write_category",
]

TOPIC = "categories"
"""The version topic that changes whenever any category does."""

_LIST = TypeAdapter(list[CategoryRead])


async def read_categories_stamp(session: AsyncSession) -> str:
    """Return the text that changes whenever categories change, for ETags."""
    return await read_stamp(session, TOPIC)


async def list_categories(session: AsyncSession, words: str | None = None) -> list[CategoryRead]:
    """Return all categories that are offered, in their order; with `words`, the best match first.

    Words are compared with names and synonyms without accents, capitals, spaces or plurals.
    """
    rows = await fetch_categories(session)
    by_code = {row.code: row for row in rows}
    wanted = fold_words(words or "")
    if not (words or "").strip():
        return [CategoryRead(**_describe(row, by_code)) for row in rows]
    ranked = [
        (rank, row)
        for row in rows
        if wanted and (rank := rank_match(wanted, row.code, *_words_of(row))) is not None
    ]
    ranked.sort(key=lambda pair: pair[0])
    return [CategoryRead(**_describe(row, by_code)) for _, row in ranked]


async def read_category(session: AsyncSession, code: str) -> CategoryDetail:
    """Return one category, also a retired one, with the next narrower terms that are offered.

    Raises:
        NotFoundError: There is none, with the nearest there is.
    """
    rows = await fetch_categories(session, with_retired=True)
    by_code = {row.code: row for row in rows}
    row = by_code.get(code)
    if row is None:
        offered = [each.code for each in rows if not each.is_retired]
        raise NotFoundError(
            f"There is no category {code!r}{say_nearest(offered, code)}. "
            "All of them are at /api/v1/categories."
        )
    narrower = [_refer(each) for each in rows if each.broader == code and not each.is_retired]
    return CategoryDetail(**_describe(row, by_code), narrower=narrower)


async def write_categories(session: AsyncSession, filters: CategoryFilters) -> bytes:
    """Return `list_categories` as JSON."""
    return _LIST.dump_json(await list_categories(session, filters.q))


async def write_category(session: AsyncSession, code: str) -> bytes:
    """Return `read_category` as JSON.

    Raises:
        NotFoundError: There is none.
    """
    return (await read_category(session, code)).model_dump_json().encode()


def _words_of(row: AnyRow) -> tuple[list[str], list[str]]:
    """Return a category's names and its synonyms, in every language."""
    translations = row.translations.values()
    names = [row.name, *(each["name"] for each in translations if "name" in each)]
    return names, [*row.synonyms, *(s for each in translations for s in each.get("synonyms", []))]


def _describe(row: AnyRow, by_code: Mapping[str, AnyRow]) -> dict[str, object]:
    path = [row]
    while path[0].broader is not None:
        path.insert(0, by_code[path[0].broader])
    plain = (
        "code", "name", "description", "synonyms", "broader", "shape", "colour", "catchment_m",
        "capacity_unit", "confirm_months", "translations", "is_retired",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in plain},
        "number": row.id,
        "path": _refer_all(path),
        "demand": Demand(
            from_age=row.demand_from_age, to_age=row.demand_to_age, words=row.demand_words
        ),
        "crosswalks": Crosswalks(
            open_eligibility=row.open_eligibility, esd=row.esd, osm_tags=row.osm_tags
        ),
    }


def _refer(row: AnyRow) -> CategoryRef:
    return CategoryRef(code=row.code, name=row.name)


def _refer_all(rows: Iterable[AnyRow]) -> list[CategoryRef]:
    return [_refer(row) for row in rows]
