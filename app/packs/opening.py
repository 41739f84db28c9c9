"""Opening the files of a source and going through their rows; bad rows are reported, not lost."""

import difflib
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pyproj import CRS

from app.files import FileProblem, Row, TableReader, open_table
from app.geo.crs import parse_crs, wgs84
from app.indicators.sources.cells import text_of
from app.packs.cells import CellProblem
from app.packs.finding import FoundSource
from app.packs.manifest import PackProblem
from app.packs.parts import Cells, rows_where
from app.packs.report import FileReport

T = TypeVar("T")

LEAST_LENGTH = 5
"""Shorter codes, or codes of several lengths, are often one another's beginnings."""

MOST_REJECTED = 0.1
"""A file of which more than this share of rows cannot be used is not what the manifest says."""


@dataclass(frozen=True)
class OpenFile:
    """One open file of a source.

    Attributes:
        table: Its rows.
        columns: The manifest's name of a column to the file's.
        crs: The system of its coordinates: stated in the manifest, else in the file, else
            longitude and latitude.
    """

    table: TableReader
    columns: dict[str, str]
    crs: CRS


class CodeBook:
    """The codes of a boundary set, and those of the same kind of area in other years.

    Args:
        label: What the set is called: "ward 2025".
        codes: Its codes.
        others: Codes by boundary year of the other sets of this kind.
        names: Codes by what the boundary file calls the areas; "" for a name of several.
    """

    def __init__(
        self,
        label: str,
        codes: Iterable[str],
        others: dict[int, frozenset[str]] | None = None,
        names: dict[str, str] | None = None,
    ) -> None:
        self.label = label
        self.names = names or {}
        self.known = frozenset(codes)
        self.others = others or {}
        lengths = {len(code) for code in self.known}
        telling = self.known if len(lengths) == 1 and min(lengths) >= LEAST_LENGTH else frozenset()
        self.cut = {short for code in telling for short in (code[:-1], code[1:])} - self.known
        self.unpadded = {code.lstrip("0"): code for code in self.known if code.startswith("0")}


class Ledger:
    """Which codes of a set one reading has met, to tell what was cut or is of another year."""

    def __init__(self, book: CodeBook) -> None:
        self._book = book
        self._met: set[str] = set()
        self._strays: dict[int, set[str]] = {year: set() for year in book.others}

    def knows(self, code: str, column: str) -> bool:
        """Return whether the place has an area of this code.

        Raises:
            CellProblem: It has not, and the code is one of its own with a character missing.
        """
        if code in self._book.known:
            self._met.add(code)
            return True
        if full := self._book.unpadded.get(code):
            raise CellProblem(
                f"{column!r} is {code!r}, and the area is {full!r}: a zero at the beginning was "
                "lost, as spreadsheets do; write codes in full"
            )
        if code.startswith("0") and code.lstrip("0") in self._book.known:
            raise CellProblem(
                f"{column!r} is {code!r}, and the boundary file has {code.lstrip('0')!r}: there a "
                "zero at the beginning was lost, as spreadsheets do; write codes in full"
            )
        if code in self._book.cut:
            raise CellProblem(
                f"{column!r} is {code!r}, an area's code with a character missing at its end or "
                "beginning; write it in full"
            )
        for year, codes in self._book.others.items():
            if code in codes:
                self._strays[year].add(code)
        return False

    def refuse_other_year(self, file: str) -> None:
        """Refuse a file that fits the areas of another boundary year better.

        Raises:
            PackProblem: It does; boundary years are never mixed in silence.
        """
        book = self._book
        here = len(self._met) / len(book.known)
        for year, strays in self._strays.items():
            there = (len(self._met & book.others[year]) + len(strays)) / len(book.others[year])
            if strays and there > here:
                raise PackProblem(
                    f"{file}: its codes fit the areas of {year} ({there:.1%} of them) better than "
                    f"{book.label} ({here:.1%}); {len(strays):,} of them, such as "
                    f"{min(strays)}, are no {book.label}. Correct `boundary_year` in pack.toml."
                )


@contextmanager
def open_file(
    found: FoundSource, path: Path, member: str | None, columns: Iterable[str | None]
) -> Iterator[OpenFile]:
    """Open one file of a source and make sure that it has `columns`.

    Raises:
        PackProblem: It cannot be read, or a column is missing; the sentence names both.
    """
    hints = found.reading
    try:
        with open_table(
            path, sheet=hints.sheet, layer=hints.layer, member=member,
            encoding=hints.encoding, delimiter=hints.delimiter, header_row=hints.header_row,
        ) as table:  # fmt: skip
            wanted = dict.fromkeys(name for name in columns if name)
            matched = _match_columns(found, path, table.columns, wanted)
            stated = hints.crs or table.crs
            yield OpenFile(table, matched, parse_crs(stated) if stated else wgs84())
    except FileProblem as problem:
        raise PackProblem(f"{path.name}: {problem.sentence}") from None


def _match_columns(
    found: FoundSource, path: Path, there: list[str], wanted: Iterable[str]
) -> dict[str, str]:
    """Return each wanted column as the file spells it; capitals make no difference."""
    plain = {name.casefold(): name for name in reversed(there)}
    matched: dict[str, str] = {}
    missing: list[str] = []
    for name in wanted:
        theirs = found.theirs(name)
        spelt = theirs if theirs in there else plain.get(theirs.strip().casefold())
        if spelt is None:
            near = difflib.get_close_matches(theirs, there, n=1)
            missing.append(repr(theirs) + (f" (do you mean {near[0]!r}?)" if near else ""))
        else:
            matched[name] = spelt
    if missing:
        listing = ", ".join(there[:30]) + (" ..." if len(there) > 30 else "")  # noqa: PLR2004
        raise PackProblem(
            f"{path.name} has no column {', '.join(missing)}. It has: {listing or 'none at all'}. "
            "Correct `columns` or `where` in pack.toml."
        )
    return matched


def matches(row: Row, where: dict[str, tuple[str, ...]]) -> bool:
    """Whether each column of `where` holds one of its values in `row`."""
    return all(text_of(row.values.get(column)) in values for column, values in where.items())


def read_rows(
    found: FoundSource,
    where: dict[str, Cells],
    columns: Iterable[str | None],
    report: FileReport,
    make: Callable[[Row, OpenFile], T | None],
    name: Callable[[T], Hashable] | None,
) -> list[T]:
    """Return what `make` makes of each row that `where` selects; bad ones are reported.

    Args:
        found: The source; its files are read one after the other.
        where: Which rows count.
        columns: What the files must have beside the columns of `where`.
        report: Filled in.
        make: Returns None for a row about another place; raises CellProblem for one that cannot
            be used.
        name: What may stand only once; None where rows may repeat.

    Raises:
        PackProblem: A file cannot be read, or not one row could be used.
    """
    made: list[T] = []
    seen: dict[Hashable, tuple[str, int]] = {}
    needed = [*columns, *where]
    systems: dict[CRS, str] = {}
    for path, member in found.openings:
        with open_file(found, path, member, needed) as opened:
            file = member or path.name
            systems.setdefault(opened.crs, file)
            _require_one(systems)
            wanted = {
                opened.columns[column]: values for column, values in rows_where(where).items()
            }
            for row in opened.table:
                if wanted and not matches(row, wanted):
                    continue
                report.read += 1
                try:
                    each = _make_usable(row, opened, make)
                    _require_new(each, name, (file, row.number), seen)
                except CellProblem as problem:
                    report.reject(row.number, str(problem))
                else:
                    if each is None:
                        report.outside += 1
                    else:
                        made.append(each)
    report.accepted += len(made)
    require_usable(report)
    return made


def _require_one(systems: dict[CRS, str]) -> None:
    """Refuse files of one source that are in several coordinate systems.

    Raises:
        PackProblem: They are.
    """
    if len(systems) > 1:
        said = " and ".join(f"{name} is in {crs.name}" for crs, name in systems.items())
        raise PackProblem(f"{said}. Files of one source must be alike: make them two `sources`.")


def require_usable(report: FileReport) -> None:
    """Refuse a file of which too little can be used.

    Raises:
        PackProblem: No row was of use, or more than a tenth could not be used.
    """
    if report.accepted and report.rejected <= MOST_REJECTED * report.read:
        return
    how_many = (
        f"{report.rejected:,} of {report.read:,} rows cannot be used"
        if report.accepted
        else "not one row could be used"
    )
    if not report.accepted and report.outside:
        how_many += f" ({report.outside:,} are about areas of another place)"
    raise PackProblem(
        f"{report.file}: {how_many}. Check `columns` and `where` in pack.toml."
        + "".join(f" Row {item.row}: {item.reason}." for item in report.rejections[:3])
    )


def _make_usable(row: Row, opened: OpenFile, make: Callable[[Row, OpenFile], T | None]) -> T | None:
    if row.problem:
        raise CellProblem(row.problem.removesuffix("."))
    return make(row, opened)


def _require_new(
    each: T | None,
    name: Callable[[T], Hashable] | None,
    place: tuple[str, int],
    seen: dict[Hashable, tuple[str, int]],
) -> None:
    """Refuse what stands in another row already."""
    if each is None or name is None:
        return
    file, row = seen.setdefault(name(each), place)
    if (file, row) != place:
        where = f"row {row}" if file == place[0] else f"row {row} of {file}"
        raise CellProblem(f"{name(each)!r} stands in {where} already; keep one")
