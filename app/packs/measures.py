"""Indicators of a manifest made into what is read from files, and what was read into series."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.files import FileProblem, open_table
from app.indicators.loading import (
    Denominator,
    NewComparator,
    NewIndicator,
    NewSeries,
    NewValue,
)
from app.indicators.sources import (
    KNOWN,
    Measure,
    MissingColumnError,
    Reading,
    ReadingProblem,
    find_format,
    read_measures,
)
from app.packs.cells import CellProblem
from app.packs.finding import FoundSource
from app.packs.manifest import Manifest, PackProblem
from app.packs.opening import MOST_REJECTED, CodeBook, Ledger, require_usable
from app.packs.parts import Cells, rows_where
from app.packs.report import FileReport
from app.packs.topic_entries import Country, DenominatorEntry, IndicatorEntry, Level


class Wish(NamedTuple):
    """One indicator to be read at one level, or for the country (no level)."""

    entry: IndicatorEntry
    level: Level | None
    measure: Measure


LOOKALIKES = frozenset({-99.0, -999.0, -9999.0, 9999.0})
"""Numbers that publishers write where there is none."""

MOST_VALUE = 1e18
"""A larger number measures nothing, and sums of such are no numbers any more."""


@dataclass
class SeriesRead:
    """The values of one series.

    Attributes:
        values: Of areas of the place.
        rows: In which row of the file each of these areas stands.
        everywhere: Value, numerator and denominator of every area in the file, by code; filled
            only where the whole country is to be worked out from it.
    """

    values: list[NewValue] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    everywhere: dict[str, tuple[float | None, float | None, float | None]] = field(
        default_factory=dict
    )


@dataclass
class GroupRead:
    """What one pass over a source gave.

    Attributes:
        codes: What the codes of the country's areas begin with.
        series: Values by series.
        comparators: The country's values, as published.
    """

    codes: str = ""
    series: dict[NewSeries, SeriesRead] = field(default_factory=dict)
    comparators: list[NewComparator] = field(default_factory=list)


def group_wishes(manifest: Manifest) -> list[tuple[str, list[Wish]]]:
    """Return what is to be read, by source, denominators before what is per them."""
    counts = {
        entry.denominator.indicator
        for entry in manifest.indicators
        if isinstance(entry.denominator, DenominatorEntry)
    }
    groups: dict[str, list[Wish]] = {}
    for entry in sorted(manifest.indicators, key=lambda each: each.code not in counts):
        wishes = groups.setdefault(entry.source, [])
        for level in entry.all_levels:
            wishes.append(Wish(entry, level, _make_measure(entry, {**entry.where, **level.where})))
        if entry.country_where:
            where = {**entry.where, **entry.country_where}
            wishes.append(Wish(entry, None, _make_measure(entry, where)))
    return list(groups.items())


def make_indicator(manifest: Manifest, entry: IndicatorEntry, position: int) -> NewIndicator:
    """Return the catalogue's row of an indicator."""
    source = manifest.sources[entry.source]
    return NewIndicator(
        code=entry.code,
        name=entry.name,
        topic=entry.topic,
        description=entry.description,
        unit=entry.unit,
        measure=entry.measure,
        polarity=entry.polarity,
        decimals=entry.decimals,
        aggregate=entry.aggregate,
        denominator=make_denominator(entry),
        ranks=entry.ranks,
        source=source.title,
        publisher=source.publisher or source.title,
        licence=source.licence,
        licence_url=source.licence_url,
        vintage=source.vintage,
        position=position,
        scale=entry.scale if entry.per is None else entry.per,
    )


def make_denominator(entry: IndicatorEntry) -> Denominator:
    """Return what an indicator is per."""
    stated = entry.denominator
    if not isinstance(stated, DenominatorEntry):
        words = {"people": "people", "own": "as published", "none": ""}[stated]
        return Denominator(kind=stated, words=words)
    if stated.indicator:
        return Denominator(
            kind="indicator", words=stated.words or stated.indicator, indicator=stated.indicator
        )
    youngest, oldest = stated.people_from or 0, stated.people_to
    span = f"aged {youngest} to {oldest}" if oldest is not None else f"aged {youngest} and over"
    words = stated.words or f"people {span}"
    return Denominator(kind="people", words=words, age_from=youngest, age_to=oldest)


def read_group(
    found: FoundSource,
    wishes: list[Wish],
    books: dict[tuple[str, int], CodeBook],
    country: Country | None,
    report: FileReport,
) -> GroupRead:
    """Return the series of one source, read in one pass over each of its files.

    Raises:
        PackProblem: A file cannot be read, lacks a column, or too few of its rows can be used.
    """
    read = GroupRead(codes=country.codes if country else "")
    ledgers: dict[tuple[str, str, int], Ledger] = {}
    for name, chosen in _by_format(wishes).items():
        for row in _read_files(
            found, name, [_rename(found, name, wish.measure) for wish in chosen]
        ):
            if isinstance(row, ReadingProblem):
                report.read += 1
                report.reject(row.row, row.reason)
                continue
            wish = chosen[row.measure]
            report.read += 1
            if wish.level is None:
                _take_country(read, wish, row, country, report)
                continue
            place = (wish.level.area_type, wish.level.boundary_year)
            ledger = ledgers.get((wish.entry.code, *place))
            if ledger is None:
                ledger = ledgers[wish.entry.code, *place] = Ledger(books[place])
            try:
                is_ours = ledger.knows(row.area_code, wish.measure.columns.get("code", "code"))
            except CellProblem as problem:
                report.reject(row.row, str(problem))
                continue
            _take_value(read, wish, wish.level, row, report, is_ours=is_ours)
    for ledger in ledgers.values():
        ledger.refuse_other_year(report.file)
    _require_each(read, wishes, report)
    _refuse_lookalikes(read, [wish.entry for wish in wishes], report.file)
    require_usable(report)
    return read


def _by_format(wishes: list[Wish]) -> dict[str, list[Wish]]:
    formats: dict[str, list[Wish]] = {}
    for wish in wishes:
        formats.setdefault(wish.entry.format, []).append(wish)
    return formats


def _make_measure(entry: IndicatorEntry, where: dict[str, Cells]) -> Measure:
    return Measure(
        code=entry.code,
        columns=entry.columns,
        where=rows_where(where),
        period=entry.period,
        period_sort=entry.period_sort or entry.period,
        sex=entry.sex,
        age=entry.age,
        scale=entry.scale,
        numerator_columns=tuple(entry.numerator_columns),
        derive=entry.derive,
        missing=tuple(entry.missing),
        suppressed=tuple(entry.suppressed),
        least=entry.least,
        most=entry.most,
    )


def _rename(found: FoundSource, format_name: str, measure: Measure) -> Measure:
    """Return the measure with the columns of the files that were found."""
    if found.official is None:
        return measure
    measure = find_format(format_name).complete(measure)
    return replace(
        measure,
        columns={role: found.theirs(name) for role, name in measure.columns.items()},
        where={found.theirs(name): cells for name, cells in measure.where.items()},
        numerator_columns=tuple(found.theirs(name) for name in measure.numerator_columns),
    )


def _read_files(
    found: FoundSource, format_name: str, measures: list[Measure]
) -> Iterator[Reading | ReadingProblem]:
    hints = found.reading
    for path, member in found.openings:
        try:
            with open_table(
                path, sheet=hints.sheet, layer=hints.layer, member=member,
                encoding=hints.encoding, delimiter=hints.delimiter, header_row=hints.header_row,
            ) as table:  # fmt: skip
                yield from read_measures(table, format_name, measures)
        except FileProblem as problem:
            raise PackProblem(f"{path.name}: {problem.sentence}") from None
        except MissingColumnError as problem:
            raise PackProblem(
                f"{path.name}: {problem}. Correct `columns` or `where` of the indicators in "
                "pack.toml."
            ) from None
        except ValueError as problem:
            raise PackProblem(f"{path.name}: {problem}") from None


def _take_value(
    read: GroupRead,
    wish: Wish,
    level: Level,
    row: Reading,
    report: FileReport,
    *,
    is_ours: bool,
) -> None:
    wants_all = wish.entry.country_from_rows
    if not is_ours and not wants_all:
        report.outside += 1
        return
    key = NewSeries(
        wish.entry.code, level.area_type, level.boundary_year,
        row.period, row.period_sort, row.sex, row.age,
    )  # fmt: skip
    series = read.series.get(key)
    if series is None:
        series = read.series[key] = SeriesRead()
    if _is_beyond(row):
        report.reject(row.row, f"{row.area_code} has a number beyond {MOST_VALUE:g}; correct it")
        return
    if is_ours and series.rows.setdefault(row.area_code, row.row) != row.row:
        first = series.rows[row.area_code]
        report.reject(
            row.row,
            f"{row.area_code} has a value of {wish.entry.code} for the same period, sex and age "
            f"in row {first} already; keep one, or say under `where` which rows are meant",
        )
        return
    if wants_all and row.area_code.startswith(read.codes):
        series.everywhere[row.area_code] = (row.value, row.numerator, row.denominator)
    if not is_ours:
        report.outside += 1
        return
    report.accepted += 1
    status = "" if row.status == KNOWN else row.status
    series.values.append(
        NewValue(
            row.area_code, row.value, row.lower, row.upper, row.numerator, row.denominator,
            status, row.note or None,
        )
    )  # fmt: skip


def _is_beyond(row: Reading) -> bool:
    for number in (row.value, row.lower, row.upper, row.numerator, row.denominator):
        if number is not None and abs(number) > MOST_VALUE:
            return True
    return False


def _take_country(
    read: GroupRead, wish: Wish, row: Reading, country: Country | None, report: FileReport
) -> None:
    if country is None or row.area_code != country.code:
        report.outside += 1
        return
    report.accepted += 1
    read.comparators.append(
        NewComparator(
            wish.entry.code, row.period, row.period_sort, row.sex, row.age,
            country.code, country.name, row.value, row.lower, row.upper, None,
        )
    )  # fmt: skip


def _refuse_lookalikes(read: GroupRead, entries: list[IndicatorEntry], file: str) -> None:
    """Refuse a column in which a number that stands for none does so again and again.

    A `least` or `most` that lets it through says that it is a number after all.

    Raises:
        PackProblem: There is one.
    """
    known = {entry.code: entry for entry in entries}
    for key, series in read.series.items():
        entry = known[key.indicator]
        numbers = [each.value / entry.scale for each in series.values if each.value is not None]
        for number, count in Counter(numbers).items():
            limit = "least" if number < 0 else "most"
            is_stated = getattr(entry, limit) is not None  # what lies beyond is not here any more
            if number in LOOKALIKES and count > MOST_REJECTED * len(numbers) and not is_stated:
                raise PackProblem(
                    f"{file}: {entry.columns.get('value', 'the value')!r} is {number:g} in "
                    f"{count:,} of {len(numbers):,} areas. If that stands for no value, say "
                    f'`missing = ["{number:g}"]` in `indicators` ({entry.code}); if it is one, '
                    f"say `{limit} = {number * entry.scale:g}`."
                )


def _require_each(read: GroupRead, wishes: list[Wish], report: FileReport) -> None:
    """Refuse an indicator of which the file holds nothing for this place.

    Raises:
        PackProblem: There is one.
    """
    held = {
        (key.indicator, key.area_type, key.boundary_year)
        for key, series in read.series.items()
        if series.values
    }
    for wish in wishes:
        level = wish.level
        if level is None:
            continue
        if (wish.entry.code, level.area_type, level.boundary_year) not in held:
            raise PackProblem(
                f"{report.file}: `indicators` ({wish.entry.code}) has no value for any "
                f"{level.area_type} of {level.boundary_year} of this place. Check `columns`, "
                "`where` and the boundary year."
                + "".join(f" Row {item.row}: {item.reason}." for item in report.rejections[:3])
            )
