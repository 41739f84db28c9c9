"""A row of a community's table by our names for its cells: where it is first, then the rest."""

import html
import re
from collections.abc import Iterable, Iterator

import shapely

from app.areas.service import normalise_postcode
from app.files import Row
from app.imports.rows import Draft
from app.imports.wording import fits, make_id, split_names, to_ordinary_case
from app.indicators.sources.cells import text_of
from app.packs.community_entries import CommunityEntry, Kind, Names
from app.packs.finding import FoundSource
from app.packs.opening import OpenFile
from app.records.alikeness import simplify

NONE_STATED = "none stated"
"""The licence of a source whose publisher names none."""

TELLING = frozenset(
    {"postcode", "lon", "lat", "mode", "role", "visibility", "site_visibility", "findable"}
)
"""Fields that say where a row is and who may know; the others are read of rows that are here."""

_SEVERAL_LINES = frozenset({"description", "eligibility", "how_to_join", "hours_words"})
_LOST = "\N{REPLACEMENT CHARACTER}"
_MASKED = re.compile(r"\*{3,}")


class Form:
    """How the rows of one open file become drafts.

    Args:
        kind: Of what the table is.
        table: Its place among the tables of its kind.
        found: The source.
        entry: What the manifest says.
        opened: The file, with the manifest's columns as it spells them.
        ending: How many last characters of a postcode stand apart.
    """

    def __init__(
        self, kind: Kind, table: int, found: FoundSource, entry: CommunityEntry, opened: OpenFile,
        ending: int,
    ) -> None:  # fmt: skip
        self.kind = kind
        self._ending = ending
        self._entry = entry
        self._table = table
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
        self._telling = [name for name in entry.fields if name in TELLING]

    def sketch(self, row: Row) -> Draft:
        """Return what of a row tells where it is."""
        remarks: list[str] = []
        fields = {name: text for name, text in self._fixed.items() if name in TELLING}
        fields |= self._read_cells(row, self._telling, remarks)
        draft = Draft(row.number, self._table, fields)
        draft.point = _read_point(draft, row)
        return draft

    def complete(self, sketch: Draft, row: Row) -> Iterator[tuple[Draft, str | None]]:
        """Yield a draft for each thing in a row, and why the manifest leaves it out if it does."""
        remarks: list[str] = []
        fields = {**self._fixed, **self._read_cells(row, self._entry.fields, remarks)}
        left_out = self.find_reason(row)
        for column, patterns in self._forms["hidden"].items():
            if fits(text_of(row.values.get(column)), patterns):
                fields |= {"visibility": "hidden", "findable": "yes"}
        names = self._entry.names
        chosen = _choose_names(fields.get("name", ""), names) if names else [fields.get("name")]
        for name in chosen:
            each = {**fields, "name": name} if name else dict(fields)
            draft = Draft(
                row.number, self._table, each, sketch.point, sketch.place, sketch.is_inside,
                remarks=list(remarks),
            )  # fmt: skip
            self._finish(draft)
            yield draft, left_out or (None if name or not names else "by the form of its name")

    def find_reason(self, row: Row) -> str | None:
        """Return why the manifest leaves a row out, or None."""
        for column, patterns in self._forms["only"].items():
            if not fits(text_of(row.values.get(column)), patterns):
                return f"{column} is none of {', '.join(patterns)}"
        for column, patterns in self._forms["exclude"].items():
            if fitting := fits(text_of(row.values.get(column)), patterns):
                return f"{column} is {fitting}"
        return None

    def _read_cells(self, row: Row, names: Iterable[str], remarks: list[str]) -> dict[str, str]:
        fields: dict[str, str] = {}
        for name in names:
            if columns := self._columns.get(name):
                text = _join([text_of(row.values.get(column)) for column in columns])
            elif name in self._extracts:
                text = self._extract(name, row)
            else:
                continue
            text = _clean(name, text, remarks) if text else ""
            if name in self._values:
                text = self._values[name].get(text.casefold(), text)
            if text:
                fields[name] = text
        return fields

    def _extract(self, name: str, row: Row) -> str:
        column, pattern = self._extracts[name]
        match = pattern.search(text_of(row.values.get(column)))
        if match is None:
            return ""
        found = " ".join((match[1] if pattern.groups else match[0]).split())
        return self._entry.extract[name].write.format(found)

    def _finish(self, draft: Draft) -> None:
        """Put names, addresses and postcodes as people write them, and see to an identifier."""
        fields = draft.fields
        added = self._entry.names.add if self._entry.names else ""
        if added and fields.get("name") and simplify(added) not in simplify(fields["name"]):
            fields["name"] = f"{fields['name']} {added}"
        _tidy_postcode(fields, self._ending)
        for name in self._entry.ordinary_case:
            if name in fields:
                fields[name] = to_ordinary_case(fields[name])
        if self.kind == "sites":
            return
        own = "organisation_id" if self.kind == "organisations" else "asset_id"
        if "source_id" not in fields:
            fields["source_id"] = fields.get(own, "") or _make_id(draft)
            draft.has_made_id = own not in fields


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


def _join(parts: list[str]) -> str:
    """Return the cells of several columns with commas between, each once."""
    if len(parts) == 1:
        return parts[0]
    return ", ".join(dict.fromkeys(part for each in parts if (part := each.strip(" ,"))))


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
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if not text.isprintable():
        text = "".join(sign for sign in text if sign.isprintable() or sign in "\n\r\t\u200d")
    if name in _SEVERAL_LINES:
        return text.strip()
    if "\n" in text or "\r" in text:
        text = ", ".join(line for each in text.splitlines() if (line := each.strip(" ,\t")))
    return " ".join(text.split()).strip(" ,")


def _tidy_postcode(fields: dict[str, str], ending: int) -> None:
    """Write the postcode as the place writes them, and not again at the end of the address."""
    written = fields.get("postcode", "")
    if not written:
        return
    address = fields.get("address", "")
    if address.casefold().endswith(written.casefold()):
        fields["address"] = address[: -len(written)].rstrip(" ,")
    plain = normalise_postcode(written)
    if ending and len(plain) > ending:
        fields["postcode"] = f"{plain[:-ending]} {plain[-ending:]}"


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
    where = normalise_postcode(draft.get("postcode"))
    if not where and draft.place:
        where = f"{draft.place.lon:.4f} {draft.place.lat:.4f}"
    return make_id(draft.get("name"), "" if draft.is_private else where)
