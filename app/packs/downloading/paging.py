"""Downloading page by page: each page saved before the next is asked for, the sum compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.core.fetching import FetchedDocument
from app.packs.downloading.asking import Asker
from app.packs.downloading.store import Progressed, Store
from app.packs.downloading.wanted import AddressProblem, MisfitProblem, Progress, Wanted


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        rows: How many rows it has.
        columns: Their columns, in order.
        content: The rows as they are saved.
        opening: What stands before the first row of the file.
        total: How many rows the table has, where each page says so.
    """

    rows: int
    columns: list[str]
    content: bytes
    opening: bytes
    total: int | None = None


class Pages(Protocol):
    """A publisher's way of handing out a table page by page."""

    address: str
    ending: bytes
    """What stands after the last row of the file."""
    says_more: bool
    """Whether the last page said that more rows follow."""

    async def count(self) -> int | None:
        """Return how many rows there are; None where only the pages tell.

        Raises:
            AddressProblem: There is no such table.
        """

    def spell(self, offset: int) -> str:
        """Return the address of the page that begins after `offset` rows."""

    def read(self, document: FetchedDocument, offset: int) -> Page:
        """Return the page that begins after `offset` rows.

        Raises:
            AddressProblem: It is no page of this table.
            PassingProblem: Asking again may help.
        """


async def download_pages(
    pages: Pages, wanted: Wanted, store: Store, asker: Asker, progress: Progress
) -> int:
    """Fetch every page into the part of `store` as one file; return the number of rows.

    Raises:
        AddressProblem: They cannot be had there, or do not fit together.
        DownloadProblem: They cannot be saved.
    """
    total = await pages.count()
    _compare_with_wanted(total, wanted)
    so_far = _take_up(pages.address, total, store)
    step = f"Fetching {wanted.file} (rows)"
    await progress(step, so_far.rows, so_far.total)
    try:
        while so_far.total is None or so_far.rows < so_far.total:
            page = await _fetch(pages, so_far.rows, wanted, asker)
            so_far = _join(so_far, page, wanted, store)
            if page.rows == 0:
                break
            await progress(step, so_far.rows, so_far.total)
        await _check_end(pages, so_far, wanted, asker)
    except MisfitProblem:
        store.discard()
        raise
    store.append(pages.ending)
    return so_far.rows


def compare_columns(first: Sequence[str], now: Sequence[str]) -> str:
    """Return a sentence naming the columns that changed between two pages; empty if none did."""
    if list(first) == list(now):
        return ""
    gone = [name for name in first if name not in now]
    new = [name for name in now if name not in first]
    parts = [f"gone: {', '.join(gone)}"] if gone else []
    parts += [f"new: {', '.join(new)}"] if new else []
    return f"Its columns changed between two pages ({'; '.join(parts) or 'another order'})."


def _compare_with_wanted(total: int | None, wanted: Wanted) -> None:
    if total is not None and wanted.rows is not None and total != wanted.rows:
        raise AddressProblem(f"It holds {total:,} rows where {wanted.rows:,} are expected.")


def _take_up(address: str, total: int | None, store: Store) -> Progressed:
    """Return how far an earlier attempt at the same table came, or begin anew."""
    so_far = store.resume(address)
    if so_far is not None and total in (None, so_far.total):
        store.cut(so_far.size_bytes)
        return so_far
    so_far = Progressed(address=address, total=total)
    store.begin(so_far)
    return so_far


async def _fetch(pages: Pages, offset: int, wanted: Wanted, asker: Asker) -> Page:
    address = pages.spell(offset)
    await asker.rest()

    async def attempt() -> Page:
        return pages.read(await asker.get_page(address, wanted.page_bytes), offset)

    return await asker.patiently(address, attempt)


def _join(so_far: Progressed, page: Page, wanted: Wanted, store: Store) -> Progressed:
    """Save a page that fits to those before it, and keep how far that brings us."""
    if page.total is not None and so_far.total not in (None, page.total):
        raise MisfitProblem(
            f"It changed while it was read: it had {so_far.total:,} rows, then {page.total:,}. "
            "Start again."
        )
    _compare_with_wanted(page.total, wanted)
    if page.rows == 0:
        return so_far.model_copy(update={"total": page.total or so_far.total})
    if so_far.rows and (sentence := compare_columns(so_far.columns, page.columns)):
        raise MisfitProblem(sentence)
    size_bytes = store.append(page.content if so_far.rows else page.opening + page.content)
    if size_bytes > wanted.size_bytes:
        raise MisfitProblem(f"It sends more than {wanted.size_bytes:,} bytes, the most we take.")
    joined = so_far.model_copy(
        update={
            "size_bytes": size_bytes,
            "rows": so_far.rows + page.rows,
            "columns": page.columns,
            "total": page.total or so_far.total,
        }
    )
    store.note(joined)
    return joined


async def _check_end(pages: Pages, so_far: Progressed, wanted: Wanted, asker: Asker) -> None:
    """Refuse a table that ended before its own count, goes on after it, or is empty."""
    expected = wanted.rows or so_far.total
    if so_far.rows == 0:
        raise MisfitProblem("It holds no rows. Check the conditions in the address.")
    if expected is not None and so_far.rows != expected:
        raise MisfitProblem(f"It sent {so_far.rows:,} rows where {expected:,} are expected.")
    if pages.says_more and (await _fetch(pages, so_far.rows, wanted, asker)).rows:
        raise MisfitProblem(f"It sent more rows than the {so_far.rows:,} that it counts.")
