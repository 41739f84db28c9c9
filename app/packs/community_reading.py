"""Tables of starting organisations, assets and sites: their rows that are here."""

from collections import Counter
from dataclasses import dataclass, field

import structlog
from pyproj import CRS

from app.files import Row
from app.imports.placing import Ground, Keep, Placed, place
from app.imports.rows import Draft
from app.packs.community_entries import CommunityEntry, Kind
from app.packs.community_rows import Form
from app.packs.finding import FoundSource
from app.packs.opening import matches, open_file
from app.packs.parts import rows_where
from app.packs.report import FileReport

log = structlog.get_logger(__name__)

BATCH_ROWS = 5_000
"""Rows held at a time before those about other places are let go."""


@dataclass
class ReadTable:
    """What one table of the manifest came to.

    Attributes:
        entry: What the manifest says.
        report: What became of all its rows.
        drafts: Its usable rows that are here.
        left_out: How many rows that are here the manifest leaves out, by the form they have.
        far: Rows far from their own postcode, with the metres.
    """

    entry: CommunityEntry
    report: FileReport
    drafts: list[Draft] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    far: list[tuple[Draft, float]] = field(default_factory=list)


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
            form = Form(kind, position, found, entry, opened, ground.postcodes.ending)
            wanted = {opened.columns[name]: v for name, v in rows_where(entry.where).items()}
            batch: list[tuple[Draft, Row]] = []
            for row in opened.table:
                if wanted and not matches(row, wanted):
                    continue
                if row.problem:
                    report.read += 1
                    report.reject(row.number, row.problem.removesuffix("."))
                    continue
                batch.append((form.sketch(row), row))
                if len(batch) >= BATCH_ROWS:
                    _take(form, batch, ground, opened.crs, read)
                    batch = []
            _take(form, batch, ground, opened.crs, read)
    return read


def _take(
    form: Form, batch: list[tuple[Draft, Row]], ground: Ground, crs: CRS, read: ReadTable
) -> None:
    """Place a batch of rows, and read the whole of those that are here."""
    rows = {id(sketch): row for sketch, row in batch}
    placed = _place(form, [sketch for sketch, _ in batch], ground, crs, read.entry)
    far = {id(sketch): metres for sketch, metres in placed.far}
    for sketch in placed.kept:
        for draft, left_out in form.complete(sketch, rows[id(sketch)]):
            if left_out:
                read.left_out[left_out] += 1
                continue
            read.report.read += 1
            read.drafts.append(draft)
            if id(sketch) in far:
                read.far.append((draft, far[id(sketch)]))
    for sketch, reason in placed.rejected:
        if form.find_reason(rows[id(sketch)]) is None:
            read.report.read += 1
            reject(read.report, sketch, reason)
    read.report.read += placed.elsewhere
    read.report.outside += placed.elsewhere


def reject(report: FileReport, draft: Draft, reason: str) -> None:
    """Write down that a row which was counted as read cannot be used, and why.

    Reports are for everybody. A row that nobody may learn of is told to whoever runs the service,
    in the log, and not counted.
    """
    if draft.is_unfindable:
        report.read -= 1
        log.warning("hidden row not used", file=report.file, row=draft.number, reason=reason)
    else:
        report.reject(draft.number, reason)


def _place(
    form: Form, sketches: list[Draft], ground: Ground, crs: CRS, entry: CommunityEntry
) -> Placed:
    """Return the rows that are here; all of a table that says nothing of where they are."""
    is_sited = form.kind == "sites" or any(
        name in entry.fields for name in ("lon", "postcode", "address")
    )
    if not is_sited and not any(sketch.point for sketch in sketches):
        return Placed(kept=sketches)
    keep: Keep = entry.keep or ("everywhere" if form.kind == "organisations" else "margin")
    if not entry.authoritative:
        keep = "everywhere"  # what it is about says where it is
    return place(sketches, ground, crs, keep)
