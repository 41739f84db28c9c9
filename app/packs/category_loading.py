"""The categories of a pack: terms of its own, read and checked before anything is staged."""

import asyncio
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.indicators.sources.cells import text_of
from app.packs.finding import FoundSource
from app.packs.manifest import Manifest, PackProblem
from app.packs.opening import matches, open_file
from app.packs.parts import rows_where
from app.packs.progressing import Reporting
from app.packs.report import FileReport
from app.packs.topic_entries import CategoriesEntry
from app.taxonomy.loading import TaxonomyProblem, Term, check_terms, load_terms, read_term
from app.taxonomy.terms import say_nearest


async def read_categories(
    manifest: Manifest, found: dict[str, FoundSource], reporting: Reporting
) -> list[Term]:
    """Return a pack's own terms, which fit with the reference set and with the manifest.

    Raises:
        TaxonomyProblem: A row cannot be used: one category amiss would misplace every asset in it.
        PackProblem: A file cannot be read, or the manifest names a category that is none.
    """
    terms: list[Term] = []
    for entry in manifest.categories:
        report = await reporting.begin(entry.source, "categories")
        terms += await asyncio.to_thread(_read_terms, found[entry.source], entry, report)
    taxonomy = await asyncio.to_thread(check_terms, terms)
    _require_known(manifest, taxonomy.terms)
    return terms


async def refresh_categories(
    connection: AsyncConnection, manifest: Manifest, found: dict[str, FoundSource]
) -> None:
    """Load the categories of a pack that is loaded already, in a transaction of their own.

    Raises:
        TaxonomyProblem: Its terms do not fit with the reference set any more.
    """
    terms: list[Term] = []
    for entry in manifest.categories:
        report = FileReport(file=entry.source)
        terms += await asyncio.to_thread(_read_terms, found[entry.source], entry, report)
    async with connection.begin(), AsyncSession(connection) as session:
        await load_terms(session, terms)
        await session.flush()


def _read_terms(found: FoundSource, entry: CategoriesEntry, report: FileReport) -> list[Term]:
    terms: list[Term] = []
    problems: list[str] = []
    for path, member in found.openings:
        with open_file(found, path, member, [*entry.columns.values(), *entry.where]) as opened:
            columns = {name: opened.columns[column] for name, column in entry.columns.items()}
            wanted = {opened.columns[name]: v for name, v in rows_where(entry.where).items()}
            file = member or path.name
            for row in opened.table:
                if wanted and not matches(row, wanted):
                    continue
                report.read += 1
                cells = {name: text_of(row.values[column]) for name, column in columns.items()}
                try:
                    terms.append(read_term(cells, row.number, file, row.problem))
                except TaxonomyProblem as problem:
                    problems += problem.sentences
    if problems:
        raise TaxonomyProblem(problems)
    report.accepted += len(terms)
    return terms


def _require_known(manifest: Manifest, known: Iterable[str]) -> None:
    """Refuse a manifest that names a category there is not.

    Raises:
        PackProblem: It does.
    """
    codes = set(known)
    named = [("`demand`", each.category) for each in manifest.demand]
    named += [
        (f"`{table}` ({entry.source})", entry.category)
        for table in ("organisations", "assets", "sites")
        for entry in getattr(manifest, table)
        if entry.category
    ]
    problems = [
        f"{where} names the category {code!r}, which is none{say_nearest(codes, code)}. "
        "Correct `category` in pack.toml, or add it to a table of `categories`."
        for where, code in named
        if code not in codes
    ]
    if problems:
        raise PackProblem("\n".join(problems))
