"""Loading categories: the reference set and a place's own terms, in the caller's transaction."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.versions import raise_version
from app.files import FileProblem, open_table
from app.taxonomy import queries
from app.taxonomy.merging import Taxonomy, merge_terms
from app.taxonomy.queries import AnyRow
from app.taxonomy.service import TOPIC
from app.taxonomy.terms import FIELDS, TaxonomyProblem, Term, find_unknown_fields, read_term

__all__ = [
    "FIELDS",
    "TaxonomyProblem",
    "Term",
    "TermCounts",
    "check_terms",
    "find_unknown_fields",
    "load_terms",
    "read_reference_terms",
    "read_term",
    "replace_terms",
]

REFERENCE = Path(__file__).parents[2] / "data" / "reference" / "taxonomy" / "categories.csv"

_PLAIN = (
    "name", "description", "shape", "colour", "demand_from_age", "demand_to_age", "demand_words",
    "catchment_m", "capacity_unit", "confirm_months",
)  # fmt: skip
_LISTS = ("synonyms", "open_eligibility", "esd", "osm_tags")


class TermCounts(NamedTuple):
    """What a load did to the categories.

    Attributes:
        total: How many are offered now.
        added: Of these, new ones.
        changed: Of these, ones that were there and say something else now, or were retired.
        retired: How many are offered no more.
    """

    total: int
    added: int
    changed: int
    retired: int


def read_reference_terms(path: Path = REFERENCE) -> list[Term]:
    """Return the terms of the reference set, in the order of its table.

    Raises:
        TaxonomyProblem: The file, a row or a column cannot be used; a sentence for each.
    """
    stamp = path.stat() if path.is_file() else None
    return list(_read_table(path, stamp.st_mtime_ns if stamp else 0))


@lru_cache(maxsize=2)
def _read_table(path: Path, _changed_ns: int) -> tuple[Term, ...]:
    terms: list[Term] = []
    problems: list[str] = []
    try:
        with open_table(path, delimiter=",", header_row=1) as table:
            unknown = find_unknown_fields(table.columns)
            if unknown:
                problems.append(
                    f"{path.name}: a column is called {unknown[0]!r}, which means nothing here. "
                    f"Columns may be: {', '.join(FIELDS)}."
                )
            for row in table:
                cells = {name: str(value or "") for name, value in row.values.items()}
                try:
                    terms.append(read_term(cells, row.number, path.name, row.problem))
                except TaxonomyProblem as problem:
                    problems += problem.sentences
    except FileProblem as problem:
        raise TaxonomyProblem([problem.sentence]) from None
    if problems:
        raise TaxonomyProblem(problems)
    return tuple(terms)


def check_terms(own: Sequence[Term]) -> Taxonomy:
    """Return the reference set with a place's own terms, without loading it.

    Raises:
        TaxonomyProblem: They do not fit together; a sentence for each thing that is wrong.
    """
    return merge_terms(read_reference_terms(), own)


async def load_terms(session: AsyncSession, own: Sequence[Term]) -> TermCounts:
    """Make the reference set with a place's own terms the categories of the service.

    The version of the topic `categories` is raised if anything changed, in the caller's
    transaction: load in the order of the topics' names.

    Args:
        session: The caller's; nothing has changed if it rolls back.
        own: Terms of the place: added, or as other words for those of the reference set.

    Raises:
        TaxonomyProblem: They do not fit together; a sentence for each thing that is wrong.
    """
    return await _replace(session, check_terms(own))


async def replace_terms(session: AsyncSession, terms: Sequence[Term]) -> TermCounts:
    """Make `terms`, and no others, the categories of the service; see `load_terms`.

    A category that is there keeps its id; one that `terms` do not hold is retired, not deleted.

    Raises:
        TaxonomyProblem: They do not fit together; a sentence for each thing that is wrong.
    """
    return await _replace(session, merge_terms(terms, ()))


async def _replace(session: AsyncSession, taxonomy: Taxonomy) -> TermCounts:
    await queries.lock_categories(session)
    rows = await queries.fetch_categories(session, with_retired=True)
    before = {row.code: row for row in rows}
    ids = {row.code: row.id for row in rows}
    added = changed = 0
    is_new = False
    for position, code in enumerate(_from_the_top(taxonomy), 1):
        values = _describe(taxonomy.terms[code], position, ids)
        row = before.get(code)
        if row is None:
            ids[code] = await queries.insert_category(session, {"code": code, **values})
            added += 1
        elif new := _find_changes(row, values):
            await queries.update_category(session, row.id, new)
            is_new = True
            changed += bool(new.keys() - {"position"})  # that only others came before it
    gone = [row for row in rows if row.code not in taxonomy.terms and not row.is_retired]
    for row in gone:
        await queries.update_category(session, row.id, {"is_retired": True})
    closure = _close(taxonomy, rows, ids)
    is_moved = closure != await queries.fetch_closure(session)
    if is_moved:
        await queries.replace_closure(session, closure)
    if added or is_new or gone or is_moved:
        await raise_version(session, TOPIC)
    return TermCounts(len(taxonomy.terms), added, changed, len(gone))


def _from_the_top(taxonomy: Taxonomy) -> list[str]:
    """Return the codes, each after its broader term and its neighbours in the tables' order."""
    order = {code: number for number, code in enumerate(taxonomy.terms)}
    return sorted(
        taxonomy.terms,
        key=lambda code: [order[each] for each in reversed(taxonomy.ancestors[code])],
    )


def _describe(term: Term, position: int, ids: dict[str, int]) -> dict[str, Any]:
    return {
        **{name: getattr(term, name) for name in _PLAIN},
        **{name: list(getattr(term, name)) for name in _LISTS},
        "broader_id": ids[term.broader] if term.broader else None,
        "position": position,
        "translations": {key: dict(value) for key, value in term.translations.items()},
        "is_retired": False,
    }


def _find_changes(row: AnyRow, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _close(
    taxonomy: Taxonomy, rows: Sequence[AnyRow], ids: dict[str, int]
) -> set[tuple[int, int, int]]:
    """Return the closure; a retired term stays where it was, so that its assets are found there."""
    closure = {
        (ids[code], ids[broader], depth)
        for code, path in taxonomy.ancestors.items()
        for depth, broader in enumerate(path)
    }
    above = {row.id: row.broader_id for row in rows if row.code not in taxonomy.terms}
    above |= {
        ids[code]: ids[term.broader] if term.broader else None
        for code, term in taxonomy.terms.items()
    }
    for row in rows:
        if row.code in taxonomy.terms:
            continue
        broader: int | None = row.id
        depth = 0
        while broader is not None:
            closure.add((row.id, broader, depth))
            broader, depth = above[broader], depth + 1
    return closure
