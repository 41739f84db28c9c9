"""Every SELECT and INSERT of categories."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.taxonomy.models import Category, CategoryClosure

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
Rows = Sequence[AnyRow]

_BROADER = aliased(Category)


def select_categories(*, with_retired: bool) -> AnySelect:
    """Categories in the order of their tables, each with `broader`, the code of its broader one."""
    query = (
        select(*Category.__table__.columns, _BROADER.code.label("broader"))
        .outerjoin_from(Category, _BROADER, _BROADER.id == Category.broader_id)
        .order_by(Category.is_retired, Category.position, Category.code)
    )
    return query if with_retired else query.where(~Category.is_retired)


async def fetch_categories(session: AsyncSession, *, with_retired: bool = False) -> Rows:
    """Return all categories in the order of their tables, retired ones last and on request.

    Each row has every column of `categories`, and `broader`, the code of its broader term.
    """
    return (await session.execute(select_categories(with_retired=with_retired))).all()


async def fetch_category_ids(
    session: AsyncSession, codes: Collection[str], *, with_retired: bool = False
) -> dict[str, int]:
    """Return the ids of those of `codes` that are categories, by code."""
    query = select(Category.code, Category.id).where(Category.code.in_(codes))
    if not with_retired:
        query = query.where(~Category.is_retired)
    rows = await session.execute(query.order_by(Category.code))
    return {code: category_id for code, category_id in rows}  # noqa: C416 - rows are no pairs to mypy


async def fetch_narrower_ids(session: AsyncSession, category_id: int) -> list[int]:
    """Return the ids of a category and everything under it, retired ones included."""
    query = (
        select(CategoryClosure.narrower_id)
        .where(CategoryClosure.broader_id == category_id)
        .order_by(CategoryClosure.narrower_id)
    )
    return list(await session.scalars(query))


async def lock_categories(session: AsyncSession) -> None:
    """Let nobody else change categories until the transaction ends; readers go on."""
    await session.execute(text("LOCK TABLE categories IN SHARE ROW EXCLUSIVE MODE"))


async def insert_category(session: AsyncSession, values: dict[str, Any]) -> int:
    """Insert a category and return its id."""
    made = insert(Category).values(values).returning(Category.id)
    return (await session.execute(made)).scalar_one()


async def update_category(session: AsyncSession, category_id: int, values: dict[str, Any]) -> None:
    """Write what has changed of a category."""
    await session.execute(update(Category).where(Category.id == category_id).values(values))


async def fetch_closure(session: AsyncSession) -> set[tuple[int, int, int]]:
    """Return every (narrower id, broader id, depth)."""
    columns = CategoryClosure.narrower_id, CategoryClosure.broader_id, CategoryClosure.depth
    query = select(*columns).order_by(*columns)
    return {(row[0], row[1], row[2]) for row in await session.execute(query)}


async def replace_closure(session: AsyncSession, rows: Collection[tuple[int, int, int]]) -> None:
    """Put (narrower id, broader id, depth) in place of what there was."""
    await session.execute(delete(CategoryClosure))
    if rows:
        names = ("narrower_id", "broader_id", "depth")
        made = [dict(zip(names, row, strict=True)) for row in sorted(rows)]
        await session.execute(insert(CategoryClosure), made)
