"""Rows of starting organisations, assets and sites, by our names for their cells."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import shapely
from pyproj import CRS

from app.files import Row
from app.imports.placing import Ground, Keep, Placed, place
from app.imports.rows import Draft
from app.imports.wording import fits, make_id, simplify, split_names, to_ordinary_case
from app.indicators.sources.cells import text_of
from app.packs.community_entries import CommunityEntry, Kind, Names
from app.packs.finding import FoundSource
from app.packs.opening import OpenFile, matches, open_file
from app.packs.parts import rows_where
from app.packs.report import FileReport

BATCH_ROWS = 5_000
"""Rows held at a time before those about other places are let go."""

NONE_STATED = "none stated"
"""The licence of a source whose publisher names none."""

_SEVERAL_LINES = frozenset({"description", "eligibility", "how_to_join", "hours_words"})
_LOST = "�"
_MASKED = re.compile(r"\*{3,}")


@dataclass
class ReadTable:
    """What one table of the manifest came to.

    Attributes:
        entry: What the manifest says.
        drafts: Its usable rows that are here.
        report: What became of all its rows.
        left_out: How many rows that are here the manifest leaves out, by the form they have.
        by_postcode: How many have only their postcode's point.
        far: Rows far from their own postcode, with the metres.
    """

    entry: CommunityEntry
    report: FileReport
    drafts: list[Draft] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    by_postcode: int = 0
    far: list[tuple[Draft, float]] = field(default_factory=list)


class _Form:
    """How the rows of one open file become drafts."""

    def __init__(
        self, kind: Kind, table: int, found: FoundSource, entry: CommunityEntry, opened: OpenFile
    ) -> None:
        self._entry = entry
        self._table = table
        self.kind = kind
        spelt = opened.columns
        self._columns = {
            name: [spelt[each] for each in (column if isinstance(column, list) else [column])]
            for name, column in entry.columns.items()
        }
        self._extracts = {
            name: (spelt[each.column], re.compile(each.pattern))
            for name, each in entry.extract.items()
        }
        self._forms = {
            key: {spelt[column]: patterns for column, patterns in getattr(entry, key).items()}
            for key in ("only", "exclude", "hidden")
        }
        self._values = {
            name: {cell.casefold(): ours for cell, ours in cells.items()}
            for name, cells in entry.values.items()
        }
        self._fixed = _list_fixed(kind, found, entry)

    def make(self, row: Row) -> Iterator[tuple[Draft, str | None]]:
        """Yield a draft for each thing in a row, and why the manifest leaves it out if it does."""
        fields, remarks = self._read_cells(row)
        left_out = self._find_reason(row)
        for column, patterns in self._forms["hidden"].items():
            if fits(text_of(row.values.get(column)), patterns):
                fields |= {"visibility": "hidden", "findable": "yes"}
        names = self._entry.names
        for name in _choose_names(fields.get("name", ""), names) if names else [fields.get("name")]:
            each = {**fields, "name": name} if name else dict(fields)
            for field_name, text in self._fixed.items():
                each.setdefault(field_name, text)
            draft = Draft(row.number, self._table, each, remarks=list(remarks))
            draft.point = _read_point(draft, row)
            reason = left_out or (None if name or not names else "by the form of its name")
            yield draft, reason

    def _read_cells(self, row: Row) -> tuple[dict[str, str], list[str]]:
        fields: dict[str, str] = {}
        remarks: list[str] = []
        for name, columns in self._columns.items():
            parts = [text_of(row.values.get(column)) for column in columns]
            text = ", ".join(dict.fromkeys(part.strip(" ,") for part in parts if part.strip(" ,")))
            if len(columns) == 1:
                text = parts[0]
            if text := _clean(name, text, remarks):
                fields[name] = text
        for name, (column, pattern) in self._extracts.items():
            if (match := pattern.search(text_of(row.values.get(column)))) and name not in fields:
                found = " ".join((match[1] if match.re.groups else match[0]).split())
                fields[name] = self._entry.extract[name].write.format(found)
        for name, cells in self._values.items():
            said = cells.get(fields.get(name, "").casefold())
            if said is not None:
                fields[name] = said
        return {name: text for name, text in fields.items() if text}, remarks

    def _find_reason(self, row: Row) -> str | None:
        for column, patterns in self._forms["only"].items():
            if not fits(text_of(row.values.get(column)), patterns):
                return f"{column} is none of {', '.join(patterns)}"
        for column, patterns in self._forms["exclude"].items():
            if fitting := fits(text_of(row.values.get(column)), patterns):
                return f"{column} is {fitting}"
        return None

    def finish(self, draft: Draft) -> None:
        """Do to a draft that is here what would be wasted on others: its words and identifier."""
        fields = draft.fields
        added = self._entry.names.add if self._entry.names else ""
        if added and fields.get("name") and simplify(added) not in simplify(fields["name"]):
            fields["name"] = f"{fields['name']} {added}"
        for name in self._entry.ordinary_case:
            if name in fields:
                fields[name] = to_ordinary_case(fields[name])
        if self.kind == "sites":
            return
        own = {"organisations": "organisation_id", "assets": "asset_id"}[self.kind]
        if "source_id" not in fields:
            fields["source_id"] = fields.get(own, "") or _make_id(draft)
            draft.has_made_id = own not in fields


def read_table(
    kind: Kind,
    position: int,
    found: FoundSource,
    entry: CommunityEntry,
    ground: Ground,
    report: FileReport,
) -> ReadTable:
    """Return the rows of one table that are here; those of other places are counted.

    Args:
        kind: Of what.
        position: Its place among the tables of its kind.
        found: The source.
        entry: What the manifest says of it.
        ground: Where the place is.
        report: Filled in.

    Raises:
        PackProblem: The file cannot be read, or a column is missing.
    """
    read = ReadTable(entry, report)
    for path, member in found.openings:
        with open_file(found, path, member, [*entry.file_columns, *entry.where]) as opened:
            form = _Form(kind, position, found, entry, opened)
            wanted = {opened.columns[name]: v for name, v in rows_where(entry.where).items()}
            batch: list[tuple[Draft, str | None]] = []
            for row in opened.table:
                if wanted and not matches(row, wanted):
                    continue
                if row.problem:
                    report.read += 1
                    report.reject(row.number, row.problem.removesuffix("."))
                    continue
                batch += form.make(row)
                if len(batch) >= BATCH_ROWS:
                    _take(form, batch, ground, opened.crs, read)
                    batch = []
            _take(form, batch, ground, opened.crs, read)
    return read


def _take(
    form: _Form,
    batch: list[tuple[Draft, str | None]],
    ground: Ground,
    crs: CRS,
    read: ReadTable,
) -> None:
    """Place a batch of rows and keep those that are here and wanted."""
    reasons = {id(draft): reason for draft, reason in batch if reason}
    drafts = [draft for draft, _ in batch]
    keep: Keep = read.entry.keep or ("everywhere" if form.kind == "organisations" else "margin")
    if not read.entry.authoritative:
        keep = "everywhere"  # what it is about says where it is
    is_sited = form.kind == "sites" or any(
        name in read.entry.fields for name in ("lon", "postcode", "address")
    )
    placed = (
        place(drafts, ground, crs, keep)
        if is_sited or any(draft.point for draft in drafts)
        else Placed(kept=drafts)
    )
    report = read.report
    for draft in placed.kept:
        if reason := reasons.get(id(draft)):
            read.left_out[reason] += 1
        else:
            form.finish(draft)
            read.drafts.append(draft)
            report.read += 1
    for draft, reason in placed.rejected:
        if id(draft) not in reasons:
            report.read += 1
            report.reject(draft.number, reason)
    report.read += placed.elsewhere
    report.outside += placed.elsewhere
    kept = {id(draft) for draft in read.drafts}
    read.by_postcode += placed.by_postcode
    read.far += [pair for pair in placed.far if id(pair[0]) in kept]


def _list_fixed(kind: Kind, found: FoundSource, entry: CommunityEntry) -> dict[str, str]:
    """Return what all rows say of themselves, where they do not say it."""
    fixed = dict(entry.fixed)
    if kind == "sites":
        return fixed
    fixed.setdefault("source", found.entry.title)
    if found.entry.licence.casefold() != NONE_STATED:
        fixed.setdefault("licence", found.entry.licence)
    if entry.category and kind == "assets":
        fixed.setdefault("category_ids", entry.category)
    if entry.address_role:
        fixed.setdefault("role", entry.address_role)
    elif kind == "organisations":
        fixed.setdefault("role", "registered")
    return fixed


def _choose_names(text: str, names: Names) -> list[str | None]:
    """Return the names in a cell that count; one None where it has none that does."""
    parts = [
        part
        for part in split_names(text, names.between)
        if (names.only is None or fits(part, names.only))
        and not (names.unless and fits(part, names.unless))
    ]
    if not parts:
        return [None]
    return list(parts) if names.take == "each" else [parts[0]]


def _clean(name: str, text: str, remarks: list[str]) -> str:
    """Return a cell's text on one line where the field is a line, without what is no text."""
    if _LOST in text:
        text = text.replace(_LOST, "")
        remarks.append(f"`{name}` holds a character that was lost in the file; correct it")
    if name in {"phone", "email"} and _MASKED.search(text):
        remarks.append(f"`{name}` is masked with asterisks, and was left out")
        return ""
    text = "".join(sign for sign in text if sign >= " " or sign in "\n\r\t").replace("\x7f", "")
    if name in _SEVERAL_LINES:
        return text.strip()
    lines = (" ".join(line.split()).strip(" ,") for line in text.splitlines())
    return ", ".join(line for line in lines if line)


def _read_point(draft: Draft, row: Row) -> tuple[float, float] | None:
    """Return a row's own coordinates: of two columns, else of its geometry."""
    east, north = draft.get("lon"), draft.get("lat")
    if east and north:
        try:
            return float(east), float(north)
        except ValueError:
            return None
    if row.geometry is None or row.geometry.is_empty:
        return None
    point = shapely.point_on_surface(row.geometry)
    return (point.x, point.y)


def _make_id(draft: Draft) -> str:
    """Return an identifier for a thing whose file has none: of name and postcode, else point.

    Of the name alone where the postcode is private: identifiers are told to everybody.
    """
    where = draft.get("postcode")
    if not where and draft.point:
        where = f"{draft.point[0]:.4f} {draft.point[1]:.4f}"
    return make_id(draft.get("name"), "" if draft.is_private else where)
